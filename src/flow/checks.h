#pragma once

/*
 * What every operation refuses in the same words. Inside the room only.
 *
 * `field` is the field as the API spells it, for programs; `what` is what a person calls it.
 */

#include "flow/projects.h"

/* LIMIT past bytes_max, INVALID where it is not clean UTF-8. NULL is fine. */
enum err check_words(struct task *t, const char *field, const char *what, const char *words,
                     size_t bytes_max);

/* The same, and INVALID when there are no words. */
enum err check_some_words(struct task *t, const char *field, const char *what, const char *words,
                          size_t bytes_max);

/* CONFLICT while the project is being made; `doing` is what was asked for: "edited". */
enum err check_at_rest(struct task *t, const struct project *p, const char *doing);

/* CONFLICT when `wanted` (0: whatever) is not the version that is there. */
enum err check_version(struct task *t, const char *what, int64_t wanted, int64_t there);

/* The model that is to make this take reads all of its scene's prompt; LIMIT otherwise. */
enum err check_take_prompt(struct task *t, const struct board *b, const struct artifact *take);

/* Mode, style, planner, models and their drivers exist: INVALID names the field and the nearest. */
enum err check_names(const struct flow *f, struct task *t, struct project *p, struct mode *mode,
                     struct model *model);

/* Files as what they should be, looked into in the media child. MEDIA, LIMIT. */
enum err check_song(const struct flow *f, struct task *t, const struct source_file *song,
                    struct clip_info *out);
enum err check_picture(const struct flow *f, struct task *t, const struct source_file *picture,
                       const char *field, struct picture_info *out);
enum err check_clip(const struct flow *f, struct task *t, const struct source_file *clip,
                    struct clip_info *out);

/* A fault about a file gets the file's name in front, `field`, and what would do instead behind.
 * Hands the code back. */
enum err describe_file(struct task *t, enum err e, const char *field,
                       const struct source_file *file, const char *next);

/* A project that fails to be saved because it changed meanwhile is read and decided on again so
 * often. */
enum { EDIT_TRIES = 8 };

/* The project with its time of change set, as one row of a transaction. */
struct item_write project_touched(struct task *t, struct project *p);

/* A row that only checks that the project is as it was read. */
struct item_write project_unchanged(struct task *t, const struct project *p);

static inline const char *or_nothing(const char *text)
{
    return text ? text : "";
}

/* On the film's clock, by when its pictures are shown, to the nearest frame. */
int64_t clip_film_frames(const struct clip_info *info);
