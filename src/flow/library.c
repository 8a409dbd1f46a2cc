/*
 * Look, keep, record, in that order: a record never points at bytes that are not there, and what is
 * refused never gets as far as being kept. A record that is there under the id of `once` is the
 * answer, so a crash between any two steps is healed by doing it again.
 */
#include "flow/library.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/id.h"
#include "base/text.h"
#include "flow/checks.h"
#include "flow/counter.h"
#include "flow/kept_file.h"
#include "flow/painter.h"

#define SONGS "mv/audio"

static const char *const kinds[] = { "character", "product", NULL };

const struct field reference_fields[] = {
    FIELD_TEXT(struct reference, reference_id, "referenceId", .required = true, .bytes_max = 64),
    FIELD_TEXT(struct reference, kind, "kind", .required = true),
    FIELD_TEXT(struct reference, name, "name", .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct reference, description, "description"),
    FIELD_TEXT(struct reference, key, "key", .required = true, .bytes_max = KEY_BYTES_MAX),
    FIELD_TEXT(struct reference, hash, "hash", .required = true),
    FIELD_TEXT(struct reference, source, "source"),
    FIELD_TEXT(struct reference, model, "model"),
    FIELD_INT(struct reference, seed, "seed"),
    FIELD_INT(struct reference, width_px, "width"),
    FIELD_INT(struct reference, height_px, "height"),
    FIELD_INT(struct reference, bytes, "bytes"),
    FIELD_TEXT(struct reference, created_at, "createdAt"),
    FIELDS_END
};

const struct field audio_fields[] = {
    FIELD_TEXT(struct audio, audio_id, "audioId", .required = true, .bytes_max = 64),
    FIELD_TEXT(struct audio, name, "name", .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct audio, key, "key", .required = true, .bytes_max = KEY_BYTES_MAX),
    FIELD_TEXT(struct audio, hash, "hash", .required = true),
    FIELD_TEXT(struct audio, song_map_key, "songMapKey", .required = true,
               .bytes_max = KEY_BYTES_MAX),
    FIELD_INT(struct audio, duration_us, "durationUs"),
    FIELD_INT(struct audio, bytes, "bytes"),
    FIELD_TEXT(struct audio, created_at, "createdAt"),
    FIELDS_END
};

/* ---- records ---- */

/* One sort of thing in the library. */
struct shelf {
    const char *prefix; /* of the partition key, and the index it is listed in */
    const char *noun;
    const struct field *fields;
};

static const struct shelf reference_shelf = { "REFERENCE", "reference picture", reference_fields };
static const struct shelf audio_shelf = { "AUDIO", "song", audio_fields };

static const char *shelf_pk(struct task *t, const struct shelf *s, const char *id)
{
    return arena_format(t->arena, "%s#%s", s->prefix, id);
}

static struct item_write shelf_write(struct task *t, const struct shelf *s, const char *id,
                                     const char *created_at, const void *record)
{
    return (struct item_write){ .change = ITEM_CREATE,
                                .item = {
                                    .pk = shelf_pk(t, s, id),
                                    .sk = "METADATA",
                                    .index_pk = s->prefix,
                                    .index_sk = created_at,
                                    .document = fields_encode_text(t->arena, s->fields, record),
                                } };
}

static enum err shelf_load(struct store *store, struct task *t, const struct shelf *s,
                           const char *id, void *out)
{
    struct item item;
    enum err e =
        ulid_is(id) ? store_get(store, t, shelf_pk(t, s, id), "METADATA", &item) : ERR_NOT_FOUND;
    if (e == ERR_NOT_FOUND)
        return refuse(t, e, "check the id; ids are 26 letters and digits", "there is no %s %.40s",
                      s->noun, id);
    if (!e)
        e = fields_decode_record(t, s->fields, item.document, out, NULL);
    return e;
}

enum err reference_load(struct store *s, struct task *t, const char *reference_id,
                        struct reference *out)
{
    return shelf_load(s, t, &reference_shelf, reference_id, out);
}

enum err audio_load(struct store *s, struct task *t, const char *audio_id, struct audio *out)
{
    return shelf_load(s, t, &audio_shelf, audio_id, out);
}

static const char *now_text(struct task *t)
{
    return time_iso8601(t->arena, clock_wall_us(t->clock));
}

/* ---- files ---- */

/* A file by its address, in a draft of the file store; called as its address calls it. */
static enum err file_fetch(const struct flow *f, struct task *t, const char *url, int64_t bytes_max,
                           struct draft *draft, struct source_file *out)
{
    struct net_reply reply;
    if (!f->net)
        return fail_at(
            t, refuse(t, ERR_UNAVAILABLE, "give the file itself", "files are not fetched here"),
            "url");
    enum err e = blob_draft(f->blobs, t, draft);
    if (!e)
        e = net_fetch(f->net, t, url, bytes_max, draft->fd, &reply);
    if (e)
        return e;
    const char *path = arena_copy_n(t->arena, reply.url, strcspn(reply.url, "?#"));
    *out = (struct source_file){ .fd = draft->fd, .name = path_name(path) };
    return OK;
}

/* ---- what is wished ---- */

static const char *or_else(const char *text, const char *otherwise)
{
    return text_is_empty(text) ? otherwise : text;
}

static enum err check_once(struct task *t, const char *once)
{
    if (!*once || ulid_is(once))
        return OK;
    return fail_at(t, fail(t, ERR_INVALID, "\"%.40s\" is not an id", once), "once");
}

static enum err check_kind(struct task *t, const char *kind)
{
    if (names_index(kinds, kind) >= 0)
        return OK;
    return fail_at(t,
                   refuse(t, ERR_INVALID, "use character or product",
                          "there are no references of kind \"%.40s\"", kind),
                   "kind");
}

/* The wish with its defaults, checked. */
static enum err wish_check(struct task *t, const struct reference_wish *given,
                           struct reference_wish *out)
{
    struct reference_wish w = {
        .kind = or_else(given->kind, kinds[0]),
        .name = or_else(given->name, ""),
        .description = or_else(given->description, ""),
        .style = or_else(given->style, "storyreel"),
        .model = or_else(given->model, ""),
        .like = or_else(given->like, ""),
        .seed = given->seed ? given->seed : 1,
        .once = or_else(given->once, ""),
    };
    enum err e = check_once(t, w.once);
    if (!e)
        e = check_kind(t, w.kind);
    if (!e)
        e = check_words(t, "name", "name", w.name, NAME_BYTES_MAX);
    if (!e)
        e = check_words(t, "description", "description", w.description, PROMPT_BYTES_MAX / 4);
    if (!e)
        *out = w;
    return e;
}

/* ---- generating references ---- */

static enum err need_description(struct task *t, const char *description)
{
    if (!text_is_empty(description))
        return OK;
    return fail_at(t,
                   refuse(t, ERR_INVALID,
                          "say who or what it is, for example \"a young courier with short dark "
                          "hair in a yellow raincoat\"",
                          "the description is empty"),
                   "description");
}

/* The style as models are told it: its own words. */
static const char *style_words(struct task *t, const struct style *style)
{
    struct text words = text_new(t->arena);
    for (size_t i = 0; i < style->word_count; i++)
        text_printf(&words, "%s%s", i ? ", " : "", style->words[i]);
    return text_end(&words);
}

static enum err request_of(const struct flow *f, struct task *t, const struct reference_wish *w,
                           struct image_request *out)
{
    struct style style;
    enum err e = style_load(t, &f->styles, w->style, &style);
    if (e == ERR_NOT_FOUND)
        t->fault.code = e = ERR_INVALID;
    if (e)
        return fail_at(t, e, "style");
    *out = (struct image_request){
        .kind = w->kind,
        .prompt = w->description,
        .look = style_words(t, &style),
        .services = f->services,
        .cast = plan_describe(t, w->description, text_equal(w->kind, "product")),
        .grade = style.grade,
        .width_px = REFERENCE_SIDE_PX,
        .height_px = REFERENCE_SIDE_PX,
    };
    return OK;
}

/* The option's id: the last digit of `once` moved on. */
static const char *option_id(struct task *t, const char *once, int option)
{
    static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    if (!*once)
        return ulid_new(t);
    char *id = arena_copy(t->arena, once);
    size_t last = strlen(id) - 1;
    size_t place = (size_t)(strchr(digits, id[last]) - digits);
    id[last] = digits[(place + (size_t)option) % strlen(digits)];
    return id;
}

/* The reference the new ones are to keep to, open for reading. */
static enum err like_open(const struct flow *f, struct task *t, const char *like, int *out,
                          const char **out_hash)
{
    struct reference r;
    *out_hash = "";
    if (!*like)
        return OK;
    enum err e = reference_load(f->store, t, like, &r);
    if (!e)
        e = blob_open(f->blobs, t, r.key, out);
    if (e)
        return fail_at(t, e == ERR_NOT_FOUND ? ERR_INVALID : e, "like");
    *out_hash = r.hash;
    return OK;
}

static enum err options_load(struct store *s, struct task *t, const char *once,
                             struct reference out[REFERENCE_OPTIONS])
{
    enum err e = *once ? OK : ERR_NOT_FOUND;
    for (int i = 0; i < REFERENCE_OPTIONS && !e; i++)
        e = reference_load(s, t, option_id(t, once, i), &out[i]);
    return e;
}

static enum err options_make(const struct flow *f, struct task *t, const struct reference_wish *w,
                             struct reference options[REFERENCE_OPTIONS])
{
    struct painter painter;
    struct image_request request;
    struct item_write writes[REFERENCE_OPTIONS];
    const char *like_hash;
    scoped(fd) int like = -1;
    enum err e = painter_find(f, t, w->model, &painter);
    if (!e)
        e = request_of(f, t, w, &request);
    if (!e)
        e = like_open(f, t, w->like, &like, &like_hash);
    if (!e && painter_usd(&painter) != 0)
        e = spend_check(f, t, &counter_library, REFERENCE_OPTIONS * painter_usd(&painter));
    request.model = &painter.model;
    request.pictures = &like;
    request.picture_count = like >= 0;
    for (int i = 0; i < REFERENCE_OPTIONS && !e; i++) {
        struct reference *r = &options[i];
        request.seed = w->seed + i;
        *r = (struct reference){
            .reference_id = option_id(t, w->once, i),
            .kind = w->kind,
            .name = *w->name ? w->name : request.cast.name,
            .description = w->description,
            .source = "generated",
            .model = or_else(painter.model.name, painter.driver->name),
            .seed = request.seed,
            .created_at = now_text(t),
        };
        e = painter_paint(f, t, &painter, &request, &like_hash, r);
        writes[i] = shelf_write(t, &reference_shelf, r->reference_id, r->created_at, r);
    }
    return e ? e : store_write(f->store, t, writes, REFERENCE_OPTIONS);
}

enum err reference_generate(const struct flow *f, struct task *t, const struct reference_wish *wish,
                            struct reference out[REFERENCE_OPTIONS])
{
    struct reference_wish w;
    enum err e = wish_check(t, wish, &w);
    if (!e)
        e = need_description(t, w.description);
    if (e)
        return e;
    e = options_load(f->store, t, w.once, out);
    if (e != ERR_NOT_FOUND)
        return e;
    struct reference options[REFERENCE_OPTIONS];
    e = options_make(f, t, &w, options);
    if (e == ERR_CONFLICT) /* another attempt under the same id was quicker */
        return options_load(f->store, t, w.once, out);
    if (!e)
        memcpy(out, options, sizeof options);
    return e;
}

/* ---- references brought along ---- */

/* "portraits/Mara final.png" is called "Mara final". */
static const char *name_of_file(struct task *t, const char *file)
{
    const char *name = path_name(file), *dot = strrchr(name, '.');
    size_t bytes = dot && dot > name ? (size_t)(dot - name) : strlen(name);
    name = text_tidy(t->arena, arena_copy_n(t->arena, name, bytes));
    if (!text_is_clean_utf8(name, strlen(name)))
        return "";
    return text_shorten(t->arena, name, NAME_BYTES_MAX);
}

/* What was made under this id; NOT_FOUND when nothing was, or for no id. */
static enum err reference_done(struct store *s, struct task *t, const char *once,
                               struct reference *out)
{
    return *once ? reference_load(s, t, once, out) : ERR_NOT_FOUND;
}

static enum err upload_keep(const struct flow *f, struct task *t, const struct source_file *file,
                            const struct reference_wish *w, const char *source,
                            struct reference *out)
{
    struct picture_info info;
    struct kept_file kept;
    enum err e = check_picture(f, t, file, "image", &info);
    if (!e)
        e = file_keep(f, t, file->fd, REFERENCE_FOLDER, info.format, &kept);
    if (e)
        return e;
    struct reference r = {
        .reference_id = *w->once ? w->once : ulid_new(t),
        .kind = w->kind,
        .name = *w->name ? w->name : name_of_file(t, file->name),
        .description = w->description,
        .key = kept.key,
        .hash = kept.hash,
        .source = source,
        .model = "",
        .width_px = info.width_px,
        .height_px = info.height_px,
        .bytes = kept.bytes,
        .created_at = now_text(t),
    };
    struct item_write write = shelf_write(t, &reference_shelf, r.reference_id, r.created_at, &r);
    e = store_write(f->store, t, &write, 1);
    if (e == ERR_CONFLICT)
        return reference_load(f->store, t, r.reference_id, out);
    if (!e)
        *out = r;
    return e;
}

enum err reference_upload(const struct flow *f, struct task *t, const struct source_file *file,
                          const struct reference_wish *wish, const char *source,
                          struct reference *out)
{
    struct reference_wish w;
    enum err e = wish_check(t, wish, &w);
    if (e)
        return e;
    e = reference_done(f->store, t, w.once, out);
    return e == ERR_NOT_FOUND ? upload_keep(f, t, file, &w, source, out) : e;
}

enum err reference_fetch(const struct flow *f, struct task *t, const char *url,
                         const struct reference_wish *wish, struct reference *out)
{
    struct reference_wish w;
    struct source_file file;
    scoped(draft) struct draft draft = draft_none();
    enum err e = wish_check(t, wish, &w);
    if (e)
        return e;
    e = reference_done(f->store, t, w.once, out);
    if (e != ERR_NOT_FOUND)
        return e;
    e = file_fetch(f, t, url, PICTURE_BYTES_MAX, &draft, &file);
    return e ? e : upload_keep(f, t, &file, &w, "fetched", out);
}

/* ---- songs ---- */

static enum err song_map_load(const struct flow *f, struct task *t, const char *key,
                              struct song_map *out)
{
    scoped(fd) int file = -1;
    struct bytes text;
    enum err e = blob_open(f->blobs, t, key, &file);
    if (!e)
        e = file_read_fd(t, file, "the song map", JSON_BYTES_MAX, &text);
    return e ? e
             : fields_decode_record(t, song_map_fields, arena_copy_n(t->arena, text.at, text.size),
                                    out, NULL);
}

enum err audio_song_map(const struct flow *f, struct task *t, const struct audio *a,
                        struct song_map *out)
{
    return song_map_load(f, t, a->song_map_key, out);
}

/* What a song's bytes were found to hold, and where that is kept. */
struct heard {
    const char *input_hash;
    const char *key; /* of the song map, once kept */
    struct song_map map;
};

/* Heard before, here or in a project, or heard now. */
static enum err song_hear(const struct flow *f, struct task *t, const struct source_file *file,
                          struct heard *out)
{
    char hex[HASH_TEXT_BYTES];
    int64_t bytes;
    struct cached cached;
    enum err e = hash_file(t, file->fd, hex, &bytes);
    if (e)
        return e;
    out->input_hash = graph_song_map_hash(t->arena, hex);
    e = cached_load(f->store, t, out->input_hash, &cached);
    if (!e)
        e = song_map_load(f, t, cached.key, &out->map);
    if (e == ERR_NOT_FOUND)
        e = media_song_map(f->media, t, file->fd, &out->map);
    return describe_file(t, e, "audio", file, "give a song with something to hear in it");
}

/* The map is copied where the library keeps its own: a project that heard it may be deleted. */
static enum err heard_keep(const struct flow *f, struct task *t, struct heard *h)
{
    const char *text = fields_encode_text(t->arena, song_map_fields, &h->map);
    struct blob_info there;
    h->key = arena_format(t->arena, SONGS "/map-%.24s.json", h->input_hash);
    enum err e = blob_stat(f->blobs, t, h->key, &there);
    if (e == ERR_NOT_FOUND)
        e = blob_put_bytes(f->blobs, t, h->key, (struct bytes){ text, strlen(text) });
    return e;
}

static enum err audio_record(const struct flow *f, struct task *t, const struct heard *h,
                             const struct audio *a, struct audio *out)
{
    struct cached cached = { .key = h->key, .info = "" };
    struct item_write writes[] = {
        shelf_write(t, &audio_shelf, a->audio_id, a->created_at, a),
        cached_write(t, h->input_hash, &cached),
    };
    enum err e = store_write(f->store, t, writes, 2);
    if (e == ERR_CONFLICT)
        return audio_load(f->store, t, a->audio_id, out);
    if (!e)
        *out = *a;
    return e;
}

static enum err audio_keep(const struct flow *f, struct task *t, const struct source_file *file,
                           const char *once, struct audio *out)
{
    struct clip_info info;
    struct heard heard = { .key = "" };
    struct kept_file kept;
    enum err e = check_song(f, t, file, &info);
    if (!e)
        e = song_hear(f, t, file, &heard);
    if (!e)
        e = file_keep(f, t, file->fd, SONGS, text_slug(t->arena, info.container, 12), &kept);
    if (!e)
        e = heard_keep(f, t, &heard);
    if (e)
        return e;
    struct audio a = {
        .audio_id = *once ? once : ulid_new(t),
        .name = name_of_file(t, file->name),
        .key = kept.key,
        .hash = kept.hash,
        .song_map_key = heard.key,
        .duration_us = heard.map.duration_us,
        .bytes = kept.bytes,
        .created_at = now_text(t),
    };
    return audio_record(f, t, &heard, &a, out);
}

static enum err audio_done(struct store *s, struct task *t, const char *once, struct audio *out)
{
    enum err e = check_once(t, once);
    if (e)
        return e;
    return *once ? audio_load(s, t, once, out) : ERR_NOT_FOUND;
}

enum err audio_add(const struct flow *f, struct task *t, const struct source_file *file,
                   const char *once, struct audio *out)
{
    once = or_else(once, "");
    enum err e = audio_done(f->store, t, once, out);
    return e == ERR_NOT_FOUND ? audio_keep(f, t, file, once, out) : e;
}

enum err audio_fetch(const struct flow *f, struct task *t, const char *url, const char *once,
                     struct audio *out)
{
    struct source_file file;
    scoped(draft) struct draft draft = draft_none();
    once = or_else(once, "");
    enum err e = audio_done(f->store, t, once, out);
    if (e != ERR_NOT_FOUND)
        return e;
    e = file_fetch(f, t, url, MEDIA_BYTES_MAX, &draft, &file);
    return e ? e : audio_keep(f, t, &file, once, out);
}

/* ---- sweeping ---- */

static int by_key(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The keys that the shelf's records hold, ascending. */
struct names {
    const char **at;
    size_t count;
};

static enum err shelf_names(const struct flow *f, struct task *t, const struct shelf *s,
                            struct names *out)
{
    struct item *items;
    size_t count;
    struct store_index_query query = { .index_pk = s->prefix };
    enum err e = store_list_index(f->store, t, &query, &items, &count);
    if (e)
        return e;
    *out = (struct names){ .at = arena_array(t->arena, const char *, 2 * count) };
    for (size_t i = 0; i < count; i++) {
        scoped(json) json_t *record = json_loads(items[i].document, 0, NULL);
        const char *keys[] = { json_string_value(json_object_get(record, "key")),
                               json_string_value(json_object_get(record, "songMapKey")) };
        for (size_t k = 0; k < 2; k++) {
            if (keys[k])
                out->at[out->count++] = arena_copy(t->arena, keys[k]);
        }
    }
    qsort(out->at, out->count, sizeof *out->at, by_key);
    return OK;
}

/* What was bought and is remembered, whether or not there is a record of it: a program that ended
 * in the middle of four pictures is asked for the same four again. */
static enum err names_bought(const struct flow *f, struct task *t, struct names *out)
{
    struct spend *spends;
    size_t count;
    enum err e = spends_load(f->store, t, counter_library.project_id, &spends, &count);
    if (e)
        return e;
    *out = (struct names){ .at = arena_array(t->arena, const char *, count) };
    for (size_t i = 0; i < count && !e; i++) {
        struct cached cached;
        if (text_is_empty(spends[i].job_hash))
            continue;
        e = cached_load(f->store, t, spends[i].job_hash, &cached);
        if (!e)
            out->at[out->count++] = cached.key;
        e = e == ERR_NOT_FOUND ? OK : e;
    }
    qsort(out->at, out->count, sizeof *out->at, by_key);
    return e;
}

static bool is_named(const struct names *names, const char *key)
{
    return bsearch(&key, names->at, names->count, sizeof *names->at, by_key) != NULL;
}

static enum err shelf_sweep(const struct flow *f, struct task *t, const struct shelf *s,
                            const char *folder)
{
    struct names names, bought;
    struct blob_info *blobs;
    size_t count;
    enum err e = shelf_names(f, t, s, &names);
    if (!e)
        e = names_bought(f, t, &bought);
    if (!e)
        e = blob_list(f->blobs, t, folder, &blobs, &count);
    if (e)
        return e;
    const char **gone = arena_array(t->arena, const char *, count);
    size_t gone_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is_named(&names, blobs[i].key) && !is_named(&bought, blobs[i].key))
            gone[gone_count++] = blobs[i].key;
    }
    return blob_remove_all(f->blobs, t, gone, gone_count);
}

enum err library_sweep(const struct flow *f, struct task *t)
{
    enum err e = shelf_sweep(f, t, &reference_shelf, REFERENCE_FOLDER "/");
    return e ? e : shelf_sweep(f, t, &audio_shelf, SONGS "/");
}
