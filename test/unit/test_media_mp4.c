/*
 * The MP4 index, read and written: what is written comes back, offsets past 4 GiB included, and an index damaged in
 * any way is a fault or a smaller truth, never a read outside the file.
 */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "../fuzz/fuzz.h"
#include "base/rng.h"
#include "film_fixture.h"
#include "media/avc.h"
#include "media/mp4.h"

static struct mp4_track some_track(struct task *t, size_t count, int64_t first_offset)
{
    struct mp4_track track = {
        .codec = MP4_CODE('a', 'v', 'c', '1'), .timescale = 24000, .width_px = 640, .height_px = 360,
        .media_time = 2000, .shown_ticks = (int64_t)count * 1000, .config = { "config", 6 }, .colour = { "colour", 6 },
        .samples = arena_array(t->arena, struct mp4_sample, count), .sample_count = count,
    };
    for (size_t i = 0; i < count; i++) {
        track.samples[i] = (struct mp4_sample){
            .offset = first_offset, .bytes = 10 + (uint32_t)i % 7, .duration = 1000, .shift = (int32_t)(i % 3) * 1000,
            .key = i % 12 == 0,
        };
        first_offset += track.samples[i].bytes + (i % 5 == 0 ? 100 : 0);
    }
    return track;
}

static void assert_tracks_equal(const struct mp4_track *a, const struct mp4_track *b)
{
    assert_int_equal(a->sample_count, b->sample_count);
    assert_int_equal(a->timescale, b->timescale);
    assert_int_equal(a->width_px, b->width_px);
    assert_int_equal(a->media_time, b->media_time);
    assert_int_equal(a->shown_ticks, b->shown_ticks);
    assert_int_equal(a->config.size, b->config.size);
    assert_memory_equal(a->colour.at, b->colour.at, b->colour.size);
    for (size_t i = 0; i < a->sample_count; i++) {
        assert_int_equal(a->samples[i].offset, b->samples[i].offset);
        assert_int_equal(a->samples[i].bytes, b->samples[i].bytes);
        assert_int_equal(a->samples[i].duration, b->samples[i].duration);
        assert_int_equal(a->samples[i].shift, b->samples[i].shift);
        assert_int_equal(a->samples[i].key, b->samples[i].key);
    }
}

static void an_index_comes_back_as_it_was(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    static const int64_t starts[] = { 0, 5000, INT64_C(0xfffffff0), INT64_C(1) << 40 };
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        struct mp4_track track = some_track(&t, 100, starts[i]);
        struct bytes moov = mp4_moov(t.arena, &track, 1), body = { (const char *)moov.at + 8, moov.size - 8 };
        assert_true((int64_t)moov.size < mp4_moov_bytes_max(100, 12) + 100 * (8 + 12));
        struct mp4 read;
        assert_ok(&t, mp4_parse_moov(&t, body, INT64_C(1) << 41, &read));
        assert_int_equal(read.track_count, 1);
        assert_tracks_equal(&read.tracks[0], &track);
        assert_err(mp4_parse_moov(&t, body, starts[i] + 100, &read), ERR_MEDIA);
    }
    task_done(&t);
}

/* The moov box of a clip, which is where fuzzing bites; everything else is bytes to be copied. */
static struct bytes moov_of(struct task *t, int fd)
{
    struct bytes all;
    assert_ok(t, file_read_fd(t, fd, "clip", 1 << 24, &all));
    const uint8_t *at = all.at;
    for (size_t i = 4; i + 4 < all.size; i++) {
        if (memcmp(at + i, "moov", 4) == 0)
            return (struct bytes){ at + i + 4, (size_t)(at[i - 4] << 24 | at[i - 3] << 16 | at[i - 2] << 8 | at[i - 1]) - 8 };
    }
    test_failed("no moov");
    return all;
}

static void mutate(struct rng *r, uint8_t *bytes, size_t *size)
{
    static const uint8_t nasty[] = { 0, 1, 0x7f, 0x80, 0xff };
    for (int n = 1 + rng_below(r, 4); n > 0; n--) {
        size_t at = (size_t)rng_below(r, (int)*size);
        switch (rng_below(r, 5)) {
        case 0:  bytes[at] ^= (uint8_t)(1 << rng_below(r, 8)); break;
        case 1:  bytes[at] = nasty[rng_below(r, 5)]; break;
        case 2:  memset(bytes + at, nasty[rng_below(r, 5)], *size - at < 4 ? *size - at : 4); break;
        case 3:  *size = at + 1; break;
        default: memmove(bytes + at, bytes + (size_t)rng_below(r, (int)at + 1), *size - at < 16 ? *size - at : 16); break;
        }
    }
}

static void a_damaged_index_is_survived(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    int clips[] = {
        fixture_clip(&t, 1, 30), fixture_foreign(&t, &(struct foreign){ .frames = 30, .with_sound = true }),
    };
    struct rng r = rng_new(20260);
    for (int c = 0; c < 2; c++) {
        struct bytes moov = moov_of(&t, clips[c]);
        scoped(heap) uint8_t *copy = malloc(moov.size);
        for (int i = 0; i < 4000; i++) {
            size_t size = moov.size;
            memcpy(copy, moov.at, size);
            mutate(&r, copy, &size);
            LLVMFuzzerTestOneInput(copy, size);
        }
    }
    task_done(&t);
}

static void boxes_inside_boxes_do_not_end_the_stack(void **state)
{
    (void)state;
    static uint8_t nest[1 << 20];
    for (size_t at = 0; at + 8 <= sizeof nest; at += 8) {
        uint32_t left = (uint32_t)(sizeof nest - at);
        memcpy(nest + at, (uint8_t[]){ (uint8_t)(left >> 24), (uint8_t)(left >> 16), (uint8_t)(left >> 8), (uint8_t)left }, 4);
        memcpy(nest + at + 4, at == 0 ? "trak" : "mdia", 4);
    }
    LLVMFuzzerTestOneInput(nest, sizeof nest);
}

static struct avc_config config_of(struct task *t, int fd)
{
    struct mp4 mp4;
    struct avc_config config;
    assert_ok(t, mp4_read(t, fd, &mp4));
    assert_ok(t, avc_config_read(t, mp4_track_of(&mp4, false)->config, &config));
    return config;
}

static void parameter_sets_join_by_their_ids(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct avc_config ours = config_of(&t, fixture_clip(&t, 1, 5)), same = config_of(&t, fixture_clip(&t, 2, 9));
    struct avc_config theirs = config_of(&t, fixture_foreign(&t, &(struct foreign){ .frames = 5 }));
    struct avc_config clash = config_of(&t, fixture_foreign(&t, &(struct foreign){
        .frames = 5, .x264_params = "cabac=0:bframes=0:ref=1" }));
    assert_int_equal(ours.set_count, 2);
    assert_int_equal(ours.sets[0].id, 1);
    assert_int_equal(theirs.sets[0].id, 0);
    struct avc_config film = ours;
    assert_true(avc_config_join(&film, &same));
    assert_int_equal(film.set_count, 2);
    assert_true(avc_config_join(&film, &theirs));
    assert_int_equal(film.set_count, 4);
    assert_false(avc_config_join(&film, &clash));
    assert_int_equal(film.set_count, 4);

    struct avc_config again;
    assert_ok(&t, avc_config_read(&t, avc_config_write(t.arena, &film), &again));
    assert_int_equal(again.set_count, 4);
    assert_true(avc_config_join(&again, &film));
    assert_int_equal(again.set_count, 4);
    task_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_index_comes_back_as_it_was),
        cmocka_unit_test(a_damaged_index_is_survived),
        cmocka_unit_test(boxes_inside_boxes_do_not_end_the_stack),
        cmocka_unit_test(parameter_sets_join_by_their_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
