#pragma once

/* What has to be known of a track's speech before anything is mixed. */

#include "media/track_mix.h"

/*
 * Where parts of the request speak and others yield to them, both are heard once by themselves: the
 * notes then say how the others step back (notes->duck), and what gain brings the speech to their
 * loudness (notes->speech_gain), so that it stands DUCK_DB above what is left of them. Where nobody
 * speaks, or nobody yields, the notes stay as they are. Errors   those of mix_read()
 */
enum err speech_hear(struct task *t, const struct track_request *request,
                     const struct media_files *files, struct mix_notes *notes);
