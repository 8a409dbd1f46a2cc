#pragma once

/* The parts of the door's tables that only the two ends of the door need. */

#include "media/media.h"

struct waveform_request {
    int64_t bins;
};
struct waveform_reply {
    double *peaks;
    size_t  peak_count;
};
struct voice_request {
    int64_t frames;
};
struct voice_reply {
    double *open;
    size_t  open_count;
};
struct compose_request {
    bool with_track;
    const struct film_caption *captions;
    size_t caption_count;
};
struct frame_hashes {
    const char **hashes;
    size_t       hash_count;
};

extern const struct field waveform_request_fields[], waveform_reply_fields[], sound_cut_fields[],
    voice_request_fields[], voice_reply_fields[],
    clip_span_fields[], compose_request_fields[], still_request_fields[], strip_request_fields[],
    frame_hashes_fields[], media_nothing_fields[];
