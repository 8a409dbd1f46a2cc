#pragma once

/*
 * The draft of a project, new or edited: the record to be and the files it will name, checked
 * before anything is kept. Inside the room only. Errors are those of flow/projects.h.
 */

#include "flow/projects.h"

enum { FILE_SONG, FILE_CHARACTER, FILE_PRODUCT, FILE_COUNT };

/* A file that is to belong to the project, looked into and stored. */
struct given_file {
    struct source_file source; /* fd -1: none */
    const char *ending;
    const char *key, *hash; /* once stored */
};

/* The draft of a project: the record to be, and the files it will name. */
struct making {
    struct project project;
    struct mode mode;
    struct model model;
    struct given_file files[FILE_COUNT];
    int64_t song_us; /* of the song it has or will have; 0 without one */
};

/* Texts within their limits, and an address that can be called. */
enum err making_check_words(const struct flow *f, struct task *t, const struct making *m);

/* Width and height from the words for them; and how captions are shown. */
enum err making_set_shape(struct task *t, struct making *m);

/* Numbers that make sense by themselves; 0 is "not said". */
enum err making_check_counts(struct task *t, double seconds, int64_t scene_count);

/* Looks into the files given: what they are, and how long the song is. */
enum err making_check_files(const struct flow *f, struct task *t, struct making *m);

/* The film's length, which must fit the mode and the song; 0 is the song's, or the mode's
 * shortest. */
enum err making_set_length(struct task *t, struct making *m, double seconds);

/* Music and voice: models that are there, and that fit the film's length. */
enum err making_check_sounds(const struct flow *f, struct task *t, const struct making *m);

/* The keys and hashes the files will have; then the files under them; then the record that names
 * them. */
enum err making_name_files(struct task *t, struct making *m);
enum err making_store_files(const struct flow *f, struct task *t, const struct making *m);
void making_point_at_files(struct making *m);
