/*
 * A clip of one's own becomes a take. The file is kept byte for byte; what the film uses of it is
 * encoded in the film's shape when its clip is made.
 */
#include "flow/scenes.h"

#include <inttypes.h>

#include "base/hash.h"
#include "base/text.h"
#include "flow/checks.h"
#include "flow/leftovers.h"

struct upload {
    const struct flow *flow;
    const char *project_id, *once;
    struct project project;
    struct scene scene;
    struct clip_info info;
    int64_t frames; /* of the film */
    const char *hash, *key;
    struct leftover note;
};

static enum err uploaded_before(struct upload *u, struct task *t, bool *out_found)
{
    struct take *takes;
    size_t count;
    *out_found = false;
    if (text_is_empty(u->once))
        return OK;
    enum err e =
        takes_load(u->flow->store, t, u->project_id, u->scene.sequence, &takes, &count);
    for (size_t i = 0; i < count && !e; i++)
        *out_found |= text_equal(takes[i].once, u->once);
    return e;
}

static enum err load(struct upload *u, struct task *t, int64_t sequence)
{
    enum err e = project_load(u->flow->store, t, u->project_id, &u->project);
    return e ? e : scene_load(u->flow->store, t, u->project_id, sequence, &u->scene);
}

static enum err check(struct upload *u, struct task *t, const struct source_file *video)
{
    if (u->scene.before.kept)
        return refuse(t, ERR_CONFLICT, "wait until it is done, or cancel it first",
                      "scene %" PRId64 " is being filmed again", u->scene.sequence);
    enum err e = check_clip(u->flow, t, video, &u->info);
    u->frames = e ? 0 : clip_film_frames(&u->info);
    if (!e && u->frames < SHOT_FRAMES_MIN)
        e = fail_at(t,
                    refuse(t, ERR_MEDIA, "give a clip of half a second or more",
                           "the clip is only %.2f seconds long",
                           (double)u->info.duration_us / 1e6),
                    "video");
    return e;
}

static enum err name_file(struct upload *u, struct task *t, int fd)
{
    char *hex = arena_alloc(t->arena, HASH_TEXT_BYTES);
    int64_t bytes;
    enum err e = hash_file(t, fd, hex, &bytes);
    struct hash h = hash_new("uploaded");
    hash_add(&h, "file", e ? "" : hex);
    u->hash = hash_end(&h, t->arena);
    u->key = arena_format(t->arena, "%sscenes/%03" PRId64 "/%.24s/original.%s",
                          project_folder(t, u->project_id), u->scene.sequence, u->hash,
                          text_slug(t->arena, u->info.container, 12));
    return e;
}

static enum err store_file(struct upload *u, struct task *t, int fd)
{
    scoped(draft) struct draft copy = draft_none();
    enum err e = blob_draft(u->flow->blobs, t, &copy);
    if (!e)
        e = file_copy(t, fd, copy.fd);
    return e ? e : blob_put(u->flow->blobs, t, u->key, &copy);
}

static struct take take_of(const struct upload *u, struct task *t)
{
    return (struct take){
        .sequence = u->scene.sequence,
        .take = u->scene.next_take,
        .provider = "",
        .model = "",
        .prompt = "",
        .negative_prompt = "",
        .hash = u->hash,
        .key = u->key,
        .source = "uploaded",
        .frames = u->frames,
        .width_px = u->info.width_px,
        .height_px = u->info.height_px,
        .once = or_nothing(u->once),
        .created_at = time_iso8601(t->arena, clock_wall_us(t->clock)),
    };
}

static void show(const struct upload *u, struct scene *s)
{
    s->take = (struct made){ .hash = u->hash, .key = u->key, .parts = "" };
    s->selected_take = s->next_take;
    s->next_take += 1;
    s->take_frames = u->frames;
    s->take_matches = false;
    s->take_foreign = true;
    s->pinned = true;
    s->trim_in = s->trim_out = 0;
    s->take_width_px = s->take_height_px = 0; /* it is cut, whatever its shape */
    s->problem = (struct problem){ 0 };
}

static enum err publish_once(struct upload *u, struct task *t)
{
    int64_t sequence = u->scene.sequence;
    enum err e = load(u, t, sequence);
    if (e)
        return e;
    struct take take = take_of(u, t);
    show(u, &u->scene);
    struct item_write writes[] = { take_write(t, u->project_id, &take),
                                   scene_write(t, u->project_id, &u->scene),
                                   leftover_gone(t, &u->note) };
    return store_write(u->flow->store, t, writes, 3);
}

static enum err keep(struct upload *u, struct task *t, int fd)
{
    enum err e = name_file(u, t, fd);
    u->note = leftover_new(t, u->project_id);
    leftover_add(t, &u->note, u->key);
    if (!e)
        e = leftover_save(u->flow, t, &u->note);
    if (e)
        return e;
    e = store_file(u, t, fd);
    if (e)
        return leftover_undo(u->flow, t, &u->note, e);
    e = ERR_CONFLICT;
    for (int i = 0; i < EDIT_TRIES && e == ERR_CONFLICT; i++)
        e = publish_once(u, t);
    return e ? leftover_undo(u->flow, t, &u->note, e) : OK;
}

enum err scene_upload(const struct flow *f, struct task *t, const char *project_id,
                      int64_t sequence, const struct source_file *video, const char *once,
                      struct scene *out)
{
    struct upload u = { .flow = f, .project_id = project_id, .once = once };
    bool found;
    enum err e = load(&u, t, sequence);
    if (!e)
        e = uploaded_before(&u, t, &found);
    if (!e && !found)
        e = check(&u, t, video);
    if (!e && !found)
        e = keep(&u, t, video->fd);
    if (e)
        return e;
    *out = u.scene;
    out->version += !found;
    return u.project.goal ? flow_advance(f, t, project_id) : OK;
}
