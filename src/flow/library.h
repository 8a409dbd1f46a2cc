#pragma once

/*
 * What people bring or have made before there is a project: reference pictures and songs.
 *
 * Each operation checks everything before it keeps anything: what is refused leaves no record and
 * no blob. Files are kept byte for byte under their content's hash, so the same file is kept once.
 *
 *     reference   REFERENCE#id   METADATA      index: REFERENCE, createdAt
 *     audio       AUDIO#id       METADATA      index: AUDIO, createdAt
 *
 * `once` is an id (a ULID) under which a thing is made at most once, and which it then has; "" or
 * NULL for none. Done again under the same id, the operation finds it done and answers the same.
 */

#include "flow/projects.h"
#include "gen/image.h"

/* ---- reference pictures ---- */

enum { REFERENCE_OPTIONS = 4, REFERENCE_SIDE_PX = 1024 };

struct reference {
    const char *reference_id;
    const char *kind;   /* "character", "product" */
    const char *name;   /* what it is called: given, or the file's */
    const char *description;
    const char *key, *hash; /* of the picture file */
    const char *source;     /* "generated", "uploaded", "fetched" */
    const char *model;      /* generated: by which driver; else "" */
    int64_t seed;           /* generated */
    int64_t width_px, height_px, bytes;
    const char *created_at;
};
extern const struct field reference_fields[];

/* Texts that are "" or NULL are not given. */
struct reference_wish {
    const char *kind;        /* "": character */
    const char *name;        /* "": from the description or the file */
    const char *description; /* needed to generate; kept with uploads */
    const char *style;       /* a director style; "": the house style */
    const char *model;       /* an image model or driver; "": the first driver there is */
    /* a reference to keep to, by its id; for models that look at pictures */
    const char *like;
    int64_t seed;            /* 0: 1 */
    const char *once;
};

/*
 * Four pictures of what is described, to pick one from. The first has the id `once`, the others
 * count on from it.
 * Errors   INVALID kind, description, style, model (named in fault.field)
 */
enum err reference_generate(const struct flow *f, struct task *t,
                            const struct reference_wish *wish,
                            struct reference out[REFERENCE_OPTIONS]);

/* A picture brought along. `source` is "uploaded" or "fetched". MEDIA, LIMIT name "image". */
enum err reference_upload(const struct flow *f, struct task *t, const struct source_file *file,
                          const struct reference_wish *wish, const char *source,
                          struct reference *out);

/*
 * The same from an address of the web (https, public). INVALID, FORBIDDEN, IMPOSSIBLE and what
 * comes of net_fetch() name "url"; what it holds is judged as above.
 */
enum err reference_fetch(const struct flow *f, struct task *t, const char *url,
                         const struct reference_wish *wish, struct reference *out);

enum err reference_load(struct store *s, struct task *t, const char *reference_id,
                        struct reference *out);

/* ---- songs ---- */

struct audio {
    const char *audio_id;
    const char *name;      /* the file's */
    const char *key, *hash; /* of the sound file */
    const char *song_map_key; /* JSON of song_map_fields */
    int64_t duration_us, bytes;
    const char *created_at;
};
extern const struct field audio_fields[];

/*
 * Keep a song and listen to it, in the media child. What was heard before, here or in a project, is
 * not heard again. Errors   MEDIA, LIMIT, naming "audio"
 */
enum err audio_add(const struct flow *f, struct task *t, const struct source_file *file,
                   const char *once, struct audio *out);

/* The same from an address of the web, as reference_fetch(). */
enum err audio_fetch(const struct flow *f, struct task *t, const char *url, const char *once,
                     struct audio *out);

enum err audio_load(struct store *s, struct task *t, const char *audio_id, struct audio *out);
enum err audio_song_map(const struct flow *f, struct task *t, const struct audio *a,
                        struct song_map *out);

/*
 * At start-up, in the process that owns the store: remove files of the library that no record of it
 * names, which a crash between keeping and recording leaves.
 */
enum err library_sweep(const struct flow *f, struct task *t);
