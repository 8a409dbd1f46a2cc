#include "flow/projects.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/id.h"
#include "base/text.h"

/* ---- finding ---- */

enum err project_unfinished(const struct flow *f, struct task *t, struct project *out)
{
    struct project *all;
    size_t count;
    enum err e = projects_load(f->store, t, PROJECT_NOT_SET, &all, &count);
    for (size_t i = 0; i < count && !e; i++) {
        if (all[i].status != PROJECT_COMPLETED) {
            *out = all[i];
            return OK;
        }
    }
    return e ? e
             : refuse(t, ERR_NOT_FOUND, "start one with storyreel make --prompt TEXT --audio SONG",
                      "there is no unfinished project here");
}

enum err project_find(const struct flow *f, struct task *t, const char *id, struct project *out)
{
    if (ulid_is(id))
        return project_load(f->store, t, id, out);
    struct project *all;
    size_t count, found = 0;
    enum err e = projects_load(f->store, t, PROJECT_NOT_SET, &all, &count);
    for (size_t i = 0; i < count && !e; i++) {
        if (strncasecmp(all[i].project_id, id, strlen(id)) == 0) {
            *out = all[i];
            found++;
        }
    }
    if (e || found == 1)
        return e;
    return refuse(t, found ? ERR_INVALID : ERR_NOT_FOUND,
                  "storyreel project list shows what there is",
                  found ? "more than one project begins with %s" : "there is no project %s", id);
}

/* ---- editing ---- */

static enum err check_order(struct task *t, const struct scene *scenes, size_t scene_count,
                            const int64_t *order, size_t count)
{
    const char *next = "name every scene once, by its number: storyreel project show lists them";
    for (size_t i = 0; i < scene_count; i++) {
        size_t named = 0;
        for (size_t k = 0; k < count; k++)
            named += order[k] == scenes[i].sequence;
        if (named != 1)
            return fail_at(t,
                           refuse(t, ERR_INVALID, next, "scene %" PRId64 " is %s in the new order",
                                  scenes[i].sequence, named ? "named twice" : "missing"),
                           "sceneOrder");
    }
    if (count != scene_count)
        return fail_at(t,
                       refuse(t, ERR_INVALID, next,
                              "the new order names %zu scenes where there are %zu", count,
                              scene_count),
                       "sceneOrder");
    return OK;
}

static enum err project_save(const struct flow *f, struct task *t, struct project *p)
{
    p->updated_at = time_iso8601(t->arena, clock_wall_us(t->clock));
    struct item_write write = project_write(t, p);
    return store_write(f->store, t, &write, 1);
}

enum err project_reorder(const struct flow *f, struct task *t, const char *project_id,
                         const int64_t *order, size_t count)
{
    struct project p;
    struct scene *scenes;
    size_t scene_count;
    enum err e = project_load(f->store, t, project_id, &p);
    if (!e)
        e = scenes_load(f->store, t, &p, &scenes, &scene_count);
    if (!e)
        e = check_order(t, scenes, scene_count, order, count);
    if (e)
        return e;
    p.order = arena_grow(t->arena, order, count * sizeof *order, count * sizeof *order);
    p.order_count = count;
    return project_save(f, t, &p);
}

/* ---- leaving ---- */

enum err project_delete(const struct flow *f, struct task *t, const char *project_id)
{
    struct project p;
    enum err e = project_load(f->store, t, project_id, &p);
    if (e)
        return e;
    if (p.goal)
        return refuse(t, ERR_CONFLICT, "wait until it is done, or pause it first",
                      "project %s is being made", project_id);
    struct blob_info *blobs;
    size_t blob_count, item_count;
    struct item *items;
    struct store_query query = { .pk = project_pk(t, project_id), .sk_prefix = "", .after_sk = "" };
    e = store_list(f->store, t, &query, &items, &item_count);
    for (size_t i = 0; i < item_count && !e; i++) {
        struct item_write gone = { .change = ITEM_DELETE, .item = items[i] };
        e = store_write(f->store, t, &gone, 1);
    }
    if (!e)
        e = blob_list(f->blobs, t, arena_format(t->arena, "mv/projects/%s/", project_id), &blobs,
                      &blob_count);
    for (size_t i = 0; i < blob_count && !e; i++)
        e = blob_remove(f->blobs, t, blobs[i].key);
    return e;
}

enum err project_export(const struct flow *f, struct task *t, const char *project_id,
                        const char *path)
{
    struct board b;
    enum err e = board_load(f, t, project_id, &b);
    if (e)
        return e;
    const struct artifact *film = graph_find(&b.graph, ARTIFACT_FILM, 0);
    if (!film || film->state != ARTIFACT_CURRENT)
        return refuse(t, ERR_CONFLICT, "make it with storyreel project generate",
                      "the film is %s%s%s", film ? artifact_state_names[film->state] : "missing",
                      film && *film->cause ? ": " : "", film ? film->cause : "");
    scoped(fd) int from = -1;
    scoped(draft) struct draft draft = draft_none();
    e = blob_open(f->blobs, t, b.project.film.key, &from);
    if (!e)
        e = draft_open(t, path_folder(t->arena, path), &draft);
    if (!e)
        e = file_copy(t, from, draft.fd);
    return e ? e : draft_publish(t, &draft, path, true);
}

static struct sheet_cell sheet_cell_of(struct task *t, const struct scene *s)
{
    struct scene_span used = scene_used_span(s);
    return (struct sheet_cell){
        .number = arena_format(t->arena, "%02" PRId64, s->display_sequence),
        .title = s->title,
        .length = arena_format(t->arena, "%.1f s", (double)(used.out - used.in) / FILM_RATE_HZ),
        .note = s->camera,
    };
}

static enum err sheet_draw(const struct flow *f, struct task *t, const struct board *b, int out,
                           struct picture_info *info)
{
    struct sheet_request request = {
        .title = b->project.title,
        .subtitle = b->project.logline,
        .cell_count = b->scene_count,
        .cells = arena_array(t->arena, struct sheet_cell, b->scene_count),
    };
    int *posters = arena_array(t->arena, int, b->scene_count);
    size_t opened = 0;
    enum err e = OK;
    for (; opened < b->scene_count && !e; opened += !e) {
        request.cells[opened] = sheet_cell_of(t, &b->scenes[opened]);
        e = blob_open(f->blobs, t, b->scenes[opened].poster.key, &posters[opened]);
    }
    if (!e)
        e = media_sheet(f->media, t, posters, opened, &request, out, info);
    for (size_t i = 0; i < opened; i++)
        close(posters[i]);
    return e;
}

enum err project_sheet(const struct flow *f, struct task *t, const char *project_id,
                       const char *path, struct picture_info *info)
{
    struct board b;
    scoped(draft) struct draft draft = draft_none();
    enum err e = flow_make_posters(f, t, project_id);
    if (!e)
        e = board_load(f, t, project_id, &b);
    if (!e && b.scene_count == 0)
        e = refuse(t, ERR_CONFLICT, "plan it first with storyreel project generate",
                   "there are no scenes yet");
    if (!e)
        e = draft_open(t, path_folder(t->arena, path), &draft);
    if (!e)
        e = sheet_draw(f, t, &b, draft.fd, info);
    return e ? e : draft_publish(t, &draft, path, true);
}
