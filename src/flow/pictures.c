/*
 * The key of a picture is the clip's with another ending; going back from the picture to the clip
 * means looking which file of that name is there, because clips come in several containers.
 */
#include "flow/pictures.h"

#include <string.h>

#include "base/text.h"

static const char *const endings[] = { [CLIP_POSTER] = "poster.jpg", [CLIP_STRIP] = "strip.jpg" };

/* "a/b.mp4" -> "a/b". */
static const char *without_ending(struct arena *a, const char *key)
{
    const char *name = path_name(key), *dot = strrchr(name, '.');
    return dot ? arena_copy_n(a, key, (size_t)(dot - key)) : key;
}

/* An original lies in a folder of its own and shares it; other clips share theirs with others. */
const char *picture_key(struct arena *a, const char *clip_key, enum clip_picture kind)
{
    const char *stem = without_ending(a, clip_key);
    if (text_equal(path_name(stem), "original"))
        return arena_format(a, "%s/%s", path_folder(a, stem), endings[kind]);
    return arena_format(a, "%s.%s", stem, endings[kind]);
}

bool picture_key_read(struct arena *a, const char *key, const char **out_stem,
                      enum clip_picture *out_kind)
{
    for (enum clip_picture kind = CLIP_POSTER; kind <= CLIP_STRIP; kind++) {
        const char *name = path_name(key), *ending = endings[kind];
        size_t stem_bytes = strlen(key) - strlen(ending);
        if (!text_ends(name, ending) || name == key)
            continue;
        *out_kind = kind;
        if (text_equal(name, ending))
            *out_stem = arena_format(a, "%soriginal", arena_copy_n(a, key, stem_bytes));
        else if (strlen(name) > strlen(ending) + 1 && key[stem_bytes - 1] == '.')
            *out_stem = arena_copy_n(a, key, stem_bytes - 1);
        else
            return false;
        return true;
    }
    return false;
}

static enum err picture_draw(const struct flow *f, struct task *t, int clip, enum clip_picture kind,
                             int out)
{
    struct picture_info info;
    struct still_request still = { .middle = true,
                                   .width_px = POSTER_SIDE_PX,
                                   .height_px = POSTER_SIDE_PX };
    struct strip_request strip = { .count = STRIP_FRAMES, .height_px = STRIP_HEIGHT_PX };
    if (kind == CLIP_POSTER)
        return media_still(f->media, t, clip, &still, out, &info);
    return media_filmstrip(f->media, t, clip, &strip, out, &info);
}

enum err picture_of_clip(const struct flow *f, struct task *t, const char *clip_key,
                         enum clip_picture kind, const char **out_key)
{
    const char *key = picture_key(t->arena, clip_key, kind);
    struct blob_info there;
    scoped(fd) int clip = -1;
    scoped(draft) struct draft draft = draft_none();
    enum err e = blob_stat(f->blobs, t, key, &there);
    if (e != ERR_NOT_FOUND) {
        *out_key = key;
        return e;
    }
    e = blob_open(f->blobs, t, clip_key, &clip);
    if (!e)
        e = blob_draft(f->blobs, t, &draft);
    if (!e)
        e = picture_draw(f, t, clip, kind, draft.fd);
    if (!e)
        e = blob_put(f->blobs, t, key, &draft);
    if (!e)
        *out_key = key;
    return e;
}

static bool is_clip(const char *key, const char *stem)
{
    size_t bytes = strlen(stem);
    return text_starts(key, stem) && key[bytes] == '.' && !strchr(key + bytes + 1, '.') &&
           !text_ends(key, ".jpg");
}

/* The clip whose key begins with the stem. */
static enum err find_clip(const struct flow *f, struct task *t, const char *stem, const char **out)
{
    struct blob_info *blobs;
    size_t count;
    const char *folder = arena_format(t->arena, "%s/", path_folder(t->arena, stem));
    enum err e = blob_list(f->blobs, t, folder, &blobs, &count);
    for (size_t i = 0; i < count && !e; i++) {
        if (is_clip(blobs[i].key, stem)) {
            *out = blobs[i].key;
            return OK;
        }
    }
    return e ? e : fail(t, ERR_NOT_FOUND, "there is no clip %s", stem);
}

/* Of a key that is a picture's. */
static enum err make_picture(const struct flow *f, struct task *t, const char *stem,
                             enum clip_picture kind)
{
    const char *clip, *key;
    enum err e = find_clip(f, t, stem, &clip);
    return e ? e : picture_of_clip(f, t, clip, kind, &key);
}

enum err picture_open(const struct flow *f, struct task *t, const char *key, int *out_fd)
{
    const char *stem;
    enum clip_picture kind;
    enum err e = blob_open(f->blobs, t, key, out_fd);
    if (e != ERR_NOT_FOUND || !picture_key_read(t->arena, key, &stem, &kind))
        return e;
    e = make_picture(f, t, stem, kind);
    return e ? e : blob_open(f->blobs, t, key, out_fd);
}

enum err picture_ready(const struct flow *f, struct task *t, const char *key)
{
    const char *stem;
    enum clip_picture kind;
    struct blob_info there;
    if (!picture_key_read(t->arena, key, &stem, &kind))
        return OK;
    enum err e = blob_stat(f->blobs, t, key, &there);
    return e == ERR_NOT_FOUND ? make_picture(f, t, stem, kind) : e;
}
