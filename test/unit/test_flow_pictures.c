/*
 * Pictures of clips: their keys follow from the clip's and lead back to it, they are made once, by whoever asks
 * first, and what cannot be decoded or is not there leaves nothing behind.
 */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "blob/blob_driver.h"
#include "film_fixture.h"
#include "flow/pictures.h"
#include "suite.h"

#define TAKE "mv/projects/P/scenes/003/0f1e2d3c4b5a/original.mp4"

static void keys_follow_from_the_clip_and_lead_back(void **state)
{
    (void)state;
    static const struct {
        const char *clip, *poster, *strip;
    } cases[] = {
        { TAKE, "mv/projects/P/scenes/003/0f1e2d3c4b5a/poster.jpg", "mv/projects/P/scenes/003/0f1e2d3c4b5a/strip.jpg" },
        { "a/b/original.mov", "a/b/poster.jpg", "a/b/strip.jpg" },
        { "a/working-77.mp4", "a/working-77.poster.jpg", "a/working-77.strip.jpg" },
        { "a/film/77.mp4", "a/film/77.poster.jpg", "a/film/77.strip.jpg" },
    };
    struct task t;
    task_init(&t, "test");
    for (size_t i = 0; i < SUITE_COUNT(cases); i++) {
        const char *poster = picture_key(t.arena, cases[i].clip, CLIP_POSTER), *stem;
        const char *strip = picture_key(t.arena, cases[i].clip, CLIP_STRIP);
        enum clip_picture kind;
        assert_string_equal(poster, cases[i].poster);
        assert_string_equal(strip, cases[i].strip);
        assert_true(picture_key_read(t.arena, poster, &stem, &kind));
        assert_int_equal(kind, CLIP_POSTER);
        assert_true(text_starts(cases[i].clip, stem) && cases[i].clip[strlen(stem)] == '.');
        assert_true(picture_key_read(t.arena, strip, &stem, &kind));
        assert_int_equal(kind, CLIP_STRIP);
    }
    task_done(&t);
}

static void other_keys_are_no_pictures(void **state)
{
    (void)state;
    static const char *const keys[] = { "", "poster.jpg", "a/b.jpg", "a/b.mp4", "a/.poster.jpg", "a/xposter.jpg",
                                        "a/poster.jpg/b", "a/poster.jpeg", "a/film/77.jpg" };
    struct task t;
    task_init(&t, "test");
    for (size_t i = 0; i < SUITE_COUNT(keys); i++) {
        const char *stem;
        enum clip_picture kind;
        if (picture_key_read(t.arena, keys[i], &stem, &kind))
            test_failed("\"%s\" was taken for a picture of %s", keys[i], stem);
    }
    task_done(&t);
}

struct fixture {
    struct task task;
    struct flow flow;
};

static void begin(struct fixture *f)
{
    *f = (struct fixture){ 0 };
    task_init(&f->task, "test");
    assert_ok(&f->task, blob_memory_open(&f->task, &f->flow.blobs));
    assert_ok(&f->task, media_open(&f->task, getenv("MEDIA_CHILD_HOST"), &f->flow.media));
}

static void end(struct fixture *f)
{
    blob_close(f->flow.blobs);
    media_close(f->flow.media);
    task_done(&f->task);
}

static void keep(struct fixture *f, const char *key, int fd)
{
    scoped(draft) struct draft d = draft_none();
    assert_ok(&f->task, blob_draft(f->flow.blobs, &f->task, &d));
    assert_ok(&f->task, file_copy(&f->task, fd, d.fd));
    assert_ok(&f->task, blob_put(f->flow.blobs, &f->task, key, &d));
    close(fd);
}

static size_t count_blobs(struct fixture *f)
{
    struct blob_info *all;
    size_t count;
    assert_ok(&f->task, blob_list(f->flow.blobs, &f->task, "", &all, &count));
    return count;
}

static void a_take_gets_its_pictures_once(void **state)
{
    (void)state;
    struct fixture f;
    const char *poster, *strip, *again;
    struct picture_info info;
    begin(&f);
    keep(&f, TAKE, fixture_clip(&f.task, 1, 40));
    assert_ok(&f.task, picture_of_clip(&f.flow, &f.task, TAKE, CLIP_POSTER, &poster));
    assert_ok(&f.task, picture_of_clip(&f.flow, &f.task, TAKE, CLIP_STRIP, &strip));
    scoped(fd) int p = -1, s = -1;
    assert_ok(&f.task, blob_open(f.flow.blobs, &f.task, poster, &p));
    assert_ok(&f.task, media_picture(f.flow.media, &f.task, p, &info));
    assert_string_equal(info.format, "jpeg");
    assert_int_equal(info.width_px, POSTER_SIDE_PX);
    assert_ok(&f.task, blob_open(f.flow.blobs, &f.task, strip, &s));
    assert_ok(&f.task, media_picture(f.flow.media, &f.task, s, &info));
    assert_int_equal(info.height_px, STRIP_HEIGHT_PX);
    assert_int_equal(info.width_px, STRIP_FRAMES * STRIP_HEIGHT_PX * FIXTURE_WIDTH / FIXTURE_HEIGHT);

    assert_ok(&f.task, blob_remove(f.flow.blobs, &f.task, TAKE));      /* without the clip, only what is there helps */
    assert_ok(&f.task, picture_of_clip(&f.flow, &f.task, TAKE, CLIP_POSTER, &again));
    assert_string_equal(again, poster);
    end(&f);
}

static void a_link_makes_what_it_names(void **state)
{
    (void)state;
    static const char *const clips[] = { TAKE, "a/working-77.mp4", "a/working-777.mp4", "a/film/5.mp4" };
    struct fixture f;
    begin(&f);
    for (size_t i = 0; i < SUITE_COUNT(clips); i++)
        keep(&f, clips[i], fixture_clip(&f.task, 1 + (int)i, 12));
    for (size_t i = 0; i < SUITE_COUNT(clips); i++) {
        scoped(fd) int fd = -1, clip = -1;
        const char *key = picture_key(f.task.arena, clips[i], CLIP_POSTER);
        assert_ok(&f.task, picture_open(&f.flow, &f.task, key, &fd));
        assert_true(file_bytes(fd) > 100);
        assert_ok(&f.task, picture_open(&f.flow, &f.task, clips[i], &clip));      /* other blobs are just opened */
    }
    assert_int_equal(count_blobs(&f), 2 * SUITE_COUNT(clips));
    end(&f);
}

static void without_a_clip_there_is_no_picture(void **state)
{
    (void)state;
    static const char *const keys[] = { "a/b/poster.jpg", "a/b.strip.jpg", "a/b.mp4", "a/b.txt" };
    struct fixture f;
    begin(&f);
    for (size_t i = 0; i < SUITE_COUNT(keys); i++) {
        int fd = -1;
        assert_err(picture_open(&f.flow, &f.task, keys[i], &fd), ERR_NOT_FOUND);
        assert_int_equal(fd, -1);
    }
    keep(&f, TAKE, fixture_bytes("no film at all", 14));
    const char *key;
    assert_err(picture_of_clip(&f.flow, &f.task, TAKE, CLIP_POSTER, &key), ERR_MEDIA);
    assert_int_equal(count_blobs(&f), 1);
    end(&f);
}

static void make_one(int number, void *shared)
{
    struct fixture *f = shared;
    struct task t;
    const char *key;
    (void)number;
    task_init(&t, "thread");
    assert_ok(&t, picture_of_clip(&f->flow, &t, TAKE, CLIP_STRIP, &key));
    task_done(&t);
}

static void many_who_ask_at_once_get_one_picture(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    keep(&f, TAKE, fixture_clip(&f.task, 1, 24));
    threads_run(4, make_one, &f);
    assert_int_equal(count_blobs(&f), 2);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_follow_from_the_clip_and_lead_back),
        cmocka_unit_test(other_keys_are_no_pictures),
        cmocka_unit_test(a_take_gets_its_pictures_once),
        cmocka_unit_test(a_link_makes_what_it_names),
        cmocka_unit_test(without_a_clip_there_is_no_picture),
        cmocka_unit_test(many_who_ask_at_once_get_one_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
