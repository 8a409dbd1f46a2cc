/*
 * A project again, under another id. Every record and every blob is copied, with the id changed in
 * the keys; the project's own record goes last, so that nobody sees half a copy, and a note guards
 * what there is until then.
 */
#include "flow/projects.h"

#include <string.h>

#include "base/id.h"
#include "base/text.h"
#include "flow/checks.h"
#include "flow/leftovers.h"

struct copying {
    const struct flow *flow;
    const char *from, *to; /* ids */
    struct project project;
};

/* A key of the one project as a key of the other; keys of neither stay. */
static const char *key_moved(const struct copying *c, struct task *t, const char *key)
{
    const char *own = project_folder(t, c->from);
    if (!text_starts(or_nothing(key), own))
        return key;
    return arena_format(t->arena, "%s%s", project_folder(t, c->to), key + strlen(own));
}

static void made_moved(const struct copying *c, struct task *t, struct made *m)
{
    m->key = key_moved(c, t, m->key);
}

/* What only a newer program knows may name files, too. */
static void newer_moved(const struct copying *c, struct task *t, const char **newer)
{
    *newer = text_replace(t->arena, or_nothing(*newer), project_folder(t, c->from),
                          project_folder(t, c->to));
}

static enum err copy_blobs(const struct copying *c, struct task *t)
{
    struct blob_info *blobs;
    size_t count;
    enum err e = blob_list(c->flow->blobs, t, project_folder(t, c->from), &blobs, &count);
    for (size_t i = 0; i < count && !e; i++)
        e = blob_copy(c->flow->blobs, t, blobs[i].key, key_moved(c, t, blobs[i].key));
    return e;
}

static enum err put(const struct copying *c, struct task *t, struct item_write write)
{
    write.change = ITEM_PUT;
    return store_write(c->flow->store, t, &write, 1);
}

static enum err copy_takes(const struct copying *c, struct task *t, int64_t sequence)
{
    struct take *takes;
    size_t count;
    enum err e = takes_load(c->flow->store, t, c->from, sequence, &takes, &count);
    for (size_t i = 0; i < count && !e; i++) {
        takes[i].key = key_moved(c, t, takes[i].key);
        newer_moved(c, t, &takes[i].newer);
        e = put(c, t, take_write(t, c->to, &takes[i]));
    }
    return e;
}

static enum err copy_scenes(const struct copying *c, struct task *t)
{
    struct scene *scenes;
    size_t count;
    enum err e = scenes_load(c->flow->store, t, &c->project, &scenes, &count);
    for (size_t i = 0; i < count && !e; i++) {
        struct scene *s = &scenes[i];
        made_moved(c, t, &s->take);
        made_moved(c, t, &s->clip);
        made_moved(c, t, &s->poster);
        made_moved(c, t, &s->sync.made);
        newer_moved(c, t, &s->newer);
        e = put(c, t, scene_write(t, c->to, s));
        if (!e)
            e = copy_takes(c, t, s->sequence);
    }
    return e;
}

static struct project project_moved(const struct copying *c, struct task *t)
{
    struct project p = c->project;
    struct made *const made[] = { &p.song_map, &p.plan, &p.track,
                                  &p.film,     &p.music.made, &p.voice.made };
    const char **const keys[] = { &p.audio_key, &p.character_picture_key, &p.product_picture_key };
    p.project_id = c->to;
    p.version = 0;
    newer_moved(c, t, &p.newer);
    p.created_at = p.updated_at = time_iso8601(t->arena, clock_wall_us(t->clock));
    p.output_path = "";
    for (size_t i = 0; i < sizeof made / sizeof *made; i++)
        made_moved(c, t, made[i]);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        *keys[i] = key_moved(c, t, *keys[i]);
    return p;
}

/* The source must not have changed while it was copied: checked in the last transaction. */
static enum err copy_project(const struct copying *c, struct task *t, struct project *out)
{
    struct leftover note = leftover_new(t, c->to);
    leftover_add(t, &note, project_folder(t, c->to));
    enum err e = leftover_save(c->flow, t, &note);
    if (e)
        return e;
    e = copy_blobs(c, t);
    if (!e)
        e = copy_scenes(c, t);
    if (!e) {
        *out = project_moved(c, t);
        struct item_write writes[] = { project_write(t, out), project_unchanged(t, &c->project),
                                       leftover_gone(t, &note) };
        e = store_write(c->flow->store, t, writes, 3);
    }
    if (e)
        return leftover_undo(c->flow, t, &note, e);
    out->version = 1;
    return OK;
}

enum err project_duplicate(const struct flow *f, struct task *t, const char *project_id,
                           const char *once, struct project *out)
{
    struct copying c = { .flow = f, .from = project_id };
    enum err e = ERR_NOT_FOUND;
    if (!text_is_empty(once))
        e = project_load(f->store, t, once, out);
    if (e != ERR_NOT_FOUND)
        return e;
    t->fault = (struct fault){ 0 };
    e = project_load(f->store, t, project_id, &c.project);
    if (!e)
        e = check_at_rest(t, &c.project, "duplicated");
    if (e)
        return e;
    c.to = text_is_empty(once) ? ulid_new(t) : once;
    e = copy_project(&c, t, out);
    if (e == ERR_CONFLICT && !text_is_empty(once)) { /* made by the same request, beside us? */
        struct fault fault = t->fault;
        e = project_load(f->store, t, once, out);
        if (e == ERR_NOT_FOUND) {
            t->fault = fault;
            e = ERR_CONFLICT;
        }
    }
    return e;
}
