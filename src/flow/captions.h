#pragma once

/*
 * What is read along while the film is seen: the lines of the scenes, sung or said, and the words
 * of the voice-over, at their time of the film. The voice begins with the film; where it speaks its
 * words stand, and lines of scenes wait until it is done.
 *
 * "track" puts them into the film's file for players to show, "burned" into the pictures: then the
 * clip of every scene in whose time something is read is encoded with it, and no other.
 */

#include "media/media.h"
#include "store/records.h"

extern const char *const caption_way_names[]; /* "none", "track", "burned" */

bool project_burns_captions(const struct project *p);

/* Ascending, without overlaps; `scenes` are all of the film, in display order. In the arena. */
struct film_caption *film_captions(struct task *t, const struct project *p,
                                   const struct scene *scenes, size_t count, size_t *out_count);

/* Of these, what is read in `frames` frames from `start` on, in frames from there. */
struct film_caption *captions_within(struct task *t, const struct film_caption *all, size_t count,
                                     int64_t start, int64_t frames, size_t *out_count);

/* As a text that differs when they do. */
const char *captions_text(struct task *t, const struct film_caption *lines, size_t count);
