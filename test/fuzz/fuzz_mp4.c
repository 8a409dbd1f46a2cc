/*
 * Any bytes as the index of a clip: parsed, and where that works written again and parsed once more, which must give
 * the same tables. test_media_mp4.c also runs it over thousands of damaged clips.
 */
#include "fuzz.h"

#include <stdlib.h>

#include "media/avc.h"
#include "media/mp4.h"

static void round_trip(struct task *t, const struct mp4 *m, int64_t file_bytes)
{
    for (size_t i = 0; i < m->track_count; i++) {
        const struct mp4_track *track = &m->tracks[i];
        if (track->media_time > INT32_MAX || mp4_track_ticks(track) > INT32_MAX)
            continue;
        struct bytes moov = mp4_moov(t->arena, track, 1);
        struct mp4 again;
        struct bytes body = { .at = (const uint8_t *)moov.at + 8, .size = moov.size - 8 };
        if (mp4_parse_moov(t, body, file_bytes, &again) != OK || again.track_count != 1
            || again.tracks[0].sample_count != track->sample_count)
            abort();
        for (size_t s = 0; s < track->sample_count; s++) {
            if (again.tracks[0].samples[s].offset != track->samples[s].offset
                || again.tracks[0].samples[s].bytes != track->samples[s].bytes
                || again.tracks[0].samples[s].duration != track->samples[s].duration)
                abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct task t;
    task_init(&t, "fuzz");
    struct mp4 m;
    int64_t file_bytes = 1 << 20;
    if (mp4_parse_moov(&t, (struct bytes){ .at = data, .size = size }, file_bytes, &m) == OK) {
        round_trip(&t, &m, file_bytes);
        struct avc_config config;
        for (size_t i = 0; i < m.track_count; i++)
            (void)(avc_config_read(&t, m.tracks[i].config, &config) == OK);
    }
    task_done(&t);
    return 0;
}
