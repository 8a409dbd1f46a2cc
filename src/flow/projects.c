/*
 * What can be asked of a project that is there: to be drafted, filmed, cut, cancelled, put into
 * another order, deleted, and taken away as a film or as a storyboard.
 */
#include "flow/projects.h"

#include <inttypes.h>
#include <string.h>

#include "base/id.h"
#include "base/text.h"
#include "flow/checks.h"
#include "flow/jobs.h"
#include "flow/leftovers.h"
#include "flow/paid.h"
#include "flow/quote.h"
#include "flow/planning.h"

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

/* ---- making ---- */

enum err project_draft(const struct flow *f, struct task *t, const char *project_id, bool again)
{
    struct project p;
    struct scene *scenes;
    size_t count;
    enum err e = project_load(f->store, t, project_id, &p);
    if (!e)
        e = check_at_rest(t, &p, "planned");
    if (!e)
        e = paid_check_closed(f, t, project_id);
    if (!e)
        e = scenes_load(f->store, t, &p, &scenes, &count);
    if (!e && count > 0 && !again)
        e = fail_at(t,
                    refuse(t, ERR_CONFLICT, "ask with \"again\": the new scenes replace the old",
                           "the project has a plan of %zu scenes already", count),
                    "again");
    if (e)
        return e;
    p.drafts += count > 0;
    e = project_start(t, &p, GOAL_PLAN);
    struct item_write write = project_touched(t, &p);
    if (!e)
        e = store_write(f->store, t, &write, 1);
    return e ? e : flow_begin(f, t, project_id);
}

static enum err check_scenes_named(struct task *t, const struct board *b, const int64_t *sequences,
                                   size_t count)
{
    if (b->scene_count == 0)
        return refuse(t, ERR_CONFLICT, "plan it first, or film it whole",
                      "there are no scenes yet to choose from");
    for (size_t i = 0; i < count; i++) {
        if (!board_scene(b, sequences[i]))
            return fail_at(t,
                           refuse(t, ERR_INVALID, "name scenes of this project by their sequence",
                                  "there is no scene %" PRId64, sequences[i]),
                           arena_format(t->arena, "scenes[%zu]", i));
    }
    return OK;
}

static bool is_named(const struct artifact *art, const int64_t *sequences, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool bought = art->kind == ARTIFACT_TAKE || art->kind == ARTIFACT_LIPSYNC;
        if (bought && art->sequence == sequences[i])
            return true;
    }
    return count == 0;
}

/* What it costs to make these scenes, or all when none is named, of what is not there and not
 * reserved for yet; below 0 when unknown. */
static double price_of(const struct board *b, const int64_t *sequences, size_t count)
{
    double usd = 0;
    for (size_t i = 0; i < b->graph.artifact_count; i++) {
        const struct artifact *art = &b->graph.artifacts[i];
        if (art->state == ARTIFACT_CURRENT || art->state == ARTIFACT_RUNNING ||
            !is_named(art, sequences, count))
            continue;
        usd = art->usd < 0 || usd < 0 ? -1 : usd + art->usd;
    }
    return usd;
}

/* No prompt of what would be filmed is longer than its model reads. */
static enum err check_prompts(struct task *t, const struct board *b, const int64_t *sequences,
                              size_t count)
{
    enum err e = OK;
    for (size_t i = 0; i < b->graph.artifact_count && !e; i++) {
        const struct artifact *art = &b->graph.artifacts[i];
        if (art->kind == ARTIFACT_TAKE && art->state != ARTIFACT_CURRENT &&
            is_named(art, sequences, count))
            e = check_take_prompt(t, b, art);
    }
    return e;
}

enum err project_generate(const struct flow *f, struct task *t, const char *project_id,
                          const int64_t *sequences, size_t count)
{
    struct board b;
    enum err e = board_load(f, t, project_id, &b);
    if (!e && count > 0)
        e = check_scenes_named(t, &b, sequences, count);
    if (!e && (b.project.goal == GOAL_CUT || (b.project.goal == GOAL_PLAN && count > 0)))
        e = refuse(t, ERR_CONFLICT, "wait until it is done, or cancel it first",
                   "the project is being %s", b.project.goal == GOAL_CUT ? "cut" : "planned");
    if (!e)
        e = check_prompts(t, &b, sequences, count);
    if (!e)
        e = quote_check(f, t, &b, price_of(&b, sequences, count));
    if (e)
        return e;
    return count > 0 ? flow_want_scenes(f, t, project_id, sequences, count)
                     : flow_want(f, t, project_id, GOAL_FILM);
}

static enum err check_all_filmed(struct task *t, const struct board *b, bool partial)
{
    size_t lacking_count = 0;
    struct text lacking = text_new(t->arena);
    for (size_t i = 0; i < b->scene_count; i++) {
        if (!text_is_empty(b->scenes[i].take.key))
            continue;
        text_printf(&lacking, "%s%" PRId64, lacking_count ? ", " : "", b->scenes[i].sequence);
        lacking_count++;
    }
    if (b->scene_count == 0)
        return refuse(t, ERR_CONFLICT, "plan and film it first", "there are no scenes yet");
    if (lacking.length == 0)
        return OK;
    if (partial && lacking_count < b->scene_count)
        return OK;
    return refuse(t, ERR_CONFLICT,
                  partial ? "film one first" : "film them first, or ask for a partial cut",
                  "these scenes have no take yet: %s", text_end(&lacking));
}

enum err project_compose(const struct flow *f, struct task *t, const char *project_id,
                         bool partial)
{
    struct board b;
    enum err e = board_load(f, t, project_id, &b);
    if (!e)
        e = check_at_rest(t, &b.project, "cut");
    if (!e)
        e = check_all_filmed(t, &b, partial);
    return e ? e : flow_want(f, t, project_id, GOAL_CUT);
}

/* A project at rest may have jobs under way: it was paused while calls were out, or what cancelled
 * it got no further than its record. */
enum err project_cancel(const struct flow *f, struct task *t, const char *project_id)
{
    const struct problem problem = {
        .code = err_name(ERR_CANCELLED),
        .message = "it was cancelled",
        .next = "generate it to carry on; what was finished is kept",
    };
    struct project p;
    size_t count = 0;
    enum err e = project_load(f->store, t, project_id, &p);
    bool made = !e && p.status == PROJECT_PROCESSING;
    if (made)
        e = flow_stop(f, t, project_id, EVENT_REST, &problem);
    if (!e)
        e = jobs_cancel(f, t, project_id, &count);
    if (!e && !made && count == 0)
        e = refuse(t, ERR_CONFLICT, "generate it first", "the project is not being made");
    return e;
}

/* ---- the order ---- */

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

static enum err reorder_once(const struct flow *f, struct task *t, const char *project_id,
                             const int64_t *order, size_t count)
{
    struct project p;
    struct scene *scenes;
    size_t scene_count;
    enum err e = project_load(f->store, t, project_id, &p);
    if (!e && p.goal == GOAL_PLAN)
        e = check_at_rest(t, &p, "reordered");
    if (!e)
        e = scenes_load(f->store, t, &p, &scenes, &scene_count);
    if (!e)
        e = check_order(t, scenes, scene_count, order, count);
    if (e)
        return e;
    p.order = arena_grow(t->arena, order, count * sizeof *order, count * sizeof *order);
    p.order_count = count;
    struct item_write write = project_touched(t, &p);
    e = store_write(f->store, t, &write, 1);
    return e || !p.goal ? e : flow_advance(f, t, project_id); /* the build follows */
}

enum err project_reorder(const struct flow *f, struct task *t, const char *project_id,
                         const int64_t *order, size_t count)
{
    enum err e = ERR_CONFLICT;
    for (int i = 0; i < EDIT_TRIES && e == ERR_CONFLICT; i++)
        e = reorder_once(f, t, project_id, order, count);
    return e;
}

/* ---- leaving ---- */

/* The record goes first: from then on there is no such project, and whatever else is left of it is
 * noted and swept. */
static enum err delete_once(const struct flow *f, struct task *t, const char *project_id,
                            struct leftover *note)
{
    struct project p;
    enum err e = project_load(f->store, t, project_id, &p);
    if (!e)
        e = check_at_rest(t, &p, "deleted");
    if (!e)
        e = paid_check_closed(f, t, project_id);
    if (e)
        return e;
    *note = leftover_new(t, project_id);
    leftover_add(t, note, project_folder(t, project_id));
    struct item_write writes[] = { project_write(t, &p), leftover_write(t, note) };
    writes[0].change = ITEM_DELETE;
    return store_write(f->store, t, writes, 2);
}

enum err project_delete(const struct flow *f, struct task *t, const char *project_id)
{
    struct leftover note;
    enum err e = ERR_CONFLICT;
    for (int i = 0; i < EDIT_TRIES && e == ERR_CONFLICT; i++)
        e = delete_once(f, t, project_id, &note);
    return e ? e : leftover_clear(f, t, &note);
}

/* ---- reading and taking away ---- */

enum err project_song_map(const struct flow *f, struct task *t, const struct project *p,
                          struct song_map *out)
{
    if (text_is_empty(p->audio_key))
        return refuse(t, ERR_NOT_FOUND, "give it one first", "the project has no song");
    if (text_is_empty(p->song_map.key))
        return refuse(t, ERR_CONFLICT, "plan or generate it; listening comes first",
                      "the song was not listened to yet");
    return song_map_read(f, t, p->song_map.key, out);
}

enum err project_export(const struct flow *f, struct task *t, const char *project_id,
                        const char *path)
{
    struct board b;
    enum err e = board_load_as_filmed(f, t, project_id, &b);
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
