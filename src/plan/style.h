#pragma once

/*
 * Director styles and film modes: data, read from styles/NAME.yaml and styles/modes/NAME.yaml.
 *
 * A style decides how a film is cut, framed, moved, lit and worded; a mode decides what kind of
 * story is told. Both are looked for in the user's folder first and in the shipped folder second,
 * so either can be changed or added without a rebuild.
 *
 * Names are those of the files without .yaml: letters, digits and '-'. Capitals, spaces and '_' are
 * forgiven ("Wes Anderson" is wes-anderson); anything that could be a path is INVALID.
 */

#include "draw/look.h"

/* How often a shot size or a move is chosen: a share, relative to the others of its list. */
struct style_share {
    int    shot;                      /* enum look_shot, in lists of shots */
    int    move;                      /* enum look_move, in lists of moves */
    double share;
};

struct style {
    const char         *name;         /* file name without .yaml: "wes-anderson" */
    const char         *title;        /* "Wes Anderson" */
    const char         *summary;      /* one sentence for a card */
    struct look_grade   grade;
    double              shot_seconds;             /* the length scenes tend to */
    double              shot_seconds_min, shot_seconds_max;
    /* 0 lets shots breathe evenly .. 1 follows energy: fast where loud */
    double              rhythm;
    struct style_share *shots;
    size_t              shot_count;
    struct style_share *moves;
    size_t              move_count;
    /* Phrases to choose from; one that begins with "far: " or "near: " is for wide shots or for
     * close ones only. */
    const char        **light, **lens, **framing, **movement, **texture, **sound;
    size_t light_count, lens_count, framing_count, movement_count, texture_count, sound_count;
    const char        **words;                    /* always in the prompt */
    size_t              word_count;
    const char        **avoid;                    /* always in the negative prompt */
    size_t              avoid_count;
    /* preferred when the concept says nothing; 0 none */
    int                 time, weather;
};

/* struct style without its name, as in the file */
extern const struct field style_fields[];

/*
 * Where data files are: each is the folder that holds styles/ and styles/modes/. The user's is
 * looked into first; each may be NULL or not exist.
 */
struct data_folders {
    const char *user, *shipped;
};

/* NOT_FOUND names the nearest style and how to list them; INVALID names the file, the field and
 * why. */
enum err style_load(struct task *t, const struct data_folders *folders, const char *name,
                    struct style *out);

/* All styles of both folders by name, ascending; a user's file replaces the shipped one of its
 * name. */
enum err style_list(struct task *t, const struct data_folders *folders, struct style **out,
                    size_t *out_count);

/*
 * One step of a mode's story: "hook", "opening", ...
 *
 * Actions are templates, "Title | sentence": {hero}, {their}, {them}, {thing}, {product}, {other},
 * {place} ("the rooftop") and {at} ("on the rooftop") are filled in, a verb in brackets agrees with
 * the hero ("{hero} [runs]"), one in angles with the product or thing ("{product} <stands>").
 * Without a title one is made from the sentence.
 */
struct mode_beat {
    const char *name;                 /* "hook" */
    /* what it does for the story, for planners that are language models */
    const char *purpose;
    double      share;                /* of the film's length, relative to the others */
    bool        product_shot;         /* the product must be seen */
    bool        end_card;
    bool        at_peak;              /* belongs where the song's energy is highest */
    /* the song's sections this step takes: "verse", "chorus"; none: by its share */
    const char **sections;
    size_t      section_count;
    const char **actions;
    size_t      action_count;
};

struct mode {
    const char       *name;           /* "music-video", "ad-creative" */
    const char       *title, *summary;
    bool              needs_song;
    double            seconds_min, seconds_max;   /* target duration of films without a song */
    struct mode_beat *beats;
    size_t            beat_count;
};

enum err mode_load(struct task *t, const struct data_folders *folders, const char *name,
                   struct mode *out);
enum err mode_list(struct task *t, const struct data_folders *folders, struct mode **out,
                   size_t *out_count);
