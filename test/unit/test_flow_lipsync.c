/*
 * Lips of scenes: what is handed to whoever moves them, what the scene shows before, after and when it fails, and
 * what an edit of another scene does to it.
 */
#include "flow_fixture.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "../sound_file.h"
#include "base/text.h"

#define ONCE "01J0000000000000000000000Y"

/* ---- someone who moves lips, and says what with ---- */

static struct lipsync_request asked;
static double asked_sound_seconds;
static int times, shorter_frames;
static bool fails;

static enum err stub_make(struct media *m, struct task *t, const struct lipsync_request *r, int out,
                          media_progress *progress, struct clip_info *info)
{
    struct clip_info sound;
    (void)progress;
    times++;
    asked = *r;
    enum err e = media_probe(m, t, r->sound, &sound);
    if (e)
        return e;
    asked_sound_seconds = (double)sound.sample_count / SOUND_RATE_HZ;
    if (fails)
        return refuse(t, ERR_REFUSED, "show another face", "there is no face in it");
    *info = (struct clip_info){
        .container = "mp4", .video_codec = "h264", .audio_codec = "", .has_video = true,
        .width_px = r->picture.width_px, .height_px = r->picture.height_px, .rate_num = 24, .rate_den = 1,
        .frame_count = r->frame_count - shorter_frames,
    };
    return file_write_all(t, out, "synced", 6);
}

static const struct lipsync_driver stub_lips = { .name = "animatic", .make = stub_make };
static const struct lipsync_driver *const lips[] = { &stub_lips, &lipsync_replicate, NULL };

/* ---- five scenes of 96 frames with a song ---- */

static void give_song(struct flow_fixture *f, const char *id)
{
    struct task *t = &f->task;
    struct signal noise = signal_new(t, 22);
    scoped(fd) int song = sound_file_make(t, &noise, &(struct sound_file){ "wav", "pcm_s16le", 48000, 2 });
    struct bytes bytes;
    struct project p = fixture_load(f, id);
    assert_ok(t, file_read_fd(t, song, "the song", 64 << 20, &bytes));
    assert_ok(t, blob_put_bytes(f->flow.blobs, t, "song.wav", bytes));
    p.audio_key = "song.wav";
    p.audio_hash = "s1";
    struct item_write write = project_write(t, &p);
    assert_ok(t, store_write(f->store, t, &write, 1));
}

static const char *begin(struct flow_fixture *f)
{
    flow_fixture_begin(f);
    f->flow.lipsyncs = lips;
    times = shorter_frames = 0;
    fails = false;
    const char *id = fixture_filmed(f);
    give_song(f, id);
    return id;
}

static struct scene load(struct flow_fixture *f, const char *id, int64_t sequence)
{
    struct scene s;
    assert_ok(&f->task, scene_load(f->store, &f->task, id, sequence, &s));
    return s;
}

static const struct scene_lipsync plainly = { .temperature = -1 };

static void sync_scene(struct flow_fixture *f, const char *id, int64_t sequence)
{
    assert_ok(&f->task, scene_lipsync_ask(&f->flow, &f->task, id, sequence, &plainly));
    fixture_work(f);
}

static const struct artifact *lips_of(struct flow_fixture *f, const char *id, int64_t sequence)
{
    struct board b = fixture_board(f, id);
    return graph_find(&b.graph, ARTIFACT_LIPSYNC, sequence);
}

static int64_t frames_before(struct flow_fixture *f, const char *id, int64_t sequence)
{
    struct board b = fixture_board(f, id);
    return scene_film_start(b.scenes, b.scene_count, sequence);
}

/* ---- what is said ---- */

static void lips_move_in_a_take_of_their_own(void **state)
{
    (void)state;
    struct flow_fixture f;
    const char *id = begin(&f);
    struct scene before = load(&f, id, 3);
    const struct scene_lipsync ask = { .temperature = 0.25, .once = ONCE };
    assert_ok(&f.task, scene_lipsync_ask(&f.flow, &f.task, id, 3, &ask));
    assert_ok(&f.task, scene_lipsync_ask(&f.flow, &f.task, id, 3, &ask)); /* the same under one id */
    assert_int_equal(load(&f, id, 3).selected_take, 1);                    /* until the new one is there */
    assert_err(scene_lipsync_ask(&f.flow, &f.task, id, 3, &plainly), ERR_CONFLICT);
    assert_err(scene_lipsync_remove(&f.flow, &f.task, id, 3), ERR_CONFLICT);
    fixture_work(&f);

    struct scene s = load(&f, id, 3);
    struct take *takes;
    size_t count;
    assert_ok(&f.task, takes_load(f.store, &f.task, id, 3, &takes, &count));
    assert_int_equal(times, 1);
    assert_true(asked.temperature == 0.25 && asked.clip == -1);
    assert_int_equal(asked.frame_count, before.used_frames);
    assert_true(asked_sound_seconds == (double)before.used_frames / FILM_RATE_HZ);
    assert_int_equal(count, 2);
    assert_string_equal(takes[1].source, "lip-sync");
    assert_int_equal(takes[1].made_from, 1);
    assert_int_equal(takes[1].sync_span.at, frames_before(&f, id, 3));
    assert_int_equal(s.selected_take, 2);
    assert_string_equal(s.take.key, before.take.key); /* what a trim counts in stays */
    assert_string_equal(s.clip.key, takes[1].key);
    assert_false(s.before.kept);
    assert_int_equal(fixture_load(&f, id).status, PROJECT_PENDING);
    flow_fixture_end(&f);
}

static void what_comes_before_it_makes_it_stale(void **state)
{
    (void)state;
    struct flow_fixture f;
    const char *id = begin(&f);
    sync_scene(&f, id, 3);
    const struct artifact *before = lips_of(&f, id, 3);
    assert_int_equal(before->state, ARTIFACT_CURRENT);
    assert_ok(&f.task, scene_trim(&f.flow, &f.task, id, 4, 0, 24)); /* behind it: nothing */
    assert_int_equal(lips_of(&f, id, 3)->state, ARTIFACT_CURRENT);
    assert_ok(&f.task, scene_trim(&f.flow, &f.task, id, 2, 0, 24));
    assert_int_equal(lips_of(&f, id, 3)->state, ARTIFACT_STALE);
    assert_string_equal(lips_of(&f, id, 3)->cause, "offset moved");
    assert_ok(&f.task, scene_trim(&f.flow, &f.task, id, 2, 0, 0));
    assert_int_equal(lips_of(&f, id, 3)->state, ARTIFACT_CURRENT); /* back where it was: nothing to do */

    assert_ok(&f.task, project_reorder(&f.flow, &f.task, id, (const int64_t[]){ 3, 1, 2, 4, 5 }, 5));
    assert_string_equal(lips_of(&f, id, 3)->cause, "offset moved");
    assert_ok(&f.task, project_reorder(&f.flow, &f.task, id, (const int64_t[]){ 1, 2, 3, 4, 5 }, 5));
    assert_ok(&f.task, scene_trim(&f.flow, &f.task, id, 3, 6, 30));
    assert_string_equal(lips_of(&f, id, 3)->cause, "the trim changed");
    assert_ok(&f.task, project_generate(&f.flow, &f.task, id, (const int64_t[]){ 3 }, 1));
    fixture_work(&f);
    assert_int_equal(lips_of(&f, id, 3)->state, ARTIFACT_CURRENT);
    assert_int_equal(asked.in_frame, 6);
    assert_int_equal(asked.frame_count, 24);
    assert_true(asked_sound_seconds == 1);
    assert_int_equal(times, 2);
    flow_fixture_end(&f);
}

static void going_back_shows_the_take_before(void **state)
{
    (void)state;
    struct flow_fixture f;
    const char *id = begin(&f);
    struct scene before = load(&f, id, 3);
    sync_scene(&f, id, 3);
    assert_ok(&f.task, scene_lipsync_remove(&f.flow, &f.task, id, 3));
    struct scene s = load(&f, id, 3);
    assert_int_equal(s.selected_take, 1);
    assert_null(lips_of(&f, id, 3));
    assert_ok(&f.task, project_generate(&f.flow, &f.task, id, (const int64_t[]){ 3 }, 1));
    fixture_work(&f);
    assert_string_equal(load(&f, id, 3).clip.key, before.clip.key);
    assert_int_equal(times, 1);

    /* The synced take is still there: chosen again, it is current without any work. */
    assert_ok(&f.task, scene_select_take(&f.flow, &f.task, id, 3, 2));
    assert_int_equal(load(&f, id, 3).selected_take, 2);
    assert_int_equal(lips_of(&f, id, 3)->state, ARTIFACT_CURRENT);
    assert_ok(&f.task, scene_select_take(&f.flow, &f.task, id, 3, 1));
    assert_null(lips_of(&f, id, 3));
    flow_fixture_end(&f);
}

static void one_that_fails_leaves_the_scene_as_it_was(void **state)
{
    (void)state;
    struct flow_fixture f;
    const char *id = begin(&f);
    struct scene before = load(&f, id, 3);
    fails = true;
    sync_scene(&f, id, 3);
    struct scene s = load(&f, id, 3);
    assert_string_equal(s.problem.code, "REFUSED");
    assert_int_equal(s.selected_take, 1);
    assert_int_equal(s.sync.wish, SYNC_AS_PLANNED);
    assert_int_equal(s.pinned, before.pinned);
    assert_null(lips_of(&f, id, 3));
    assert_int_equal(fixture_load(&f, id).status, PROJECT_FAILED);

    fails = false;
    shorter_frames = 2; /* what is not as long as the scene is not shown */
    sync_scene(&f, id, 3);
    assert_string_equal(load(&f, id, 3).problem.code, "MEDIA");
    assert_int_equal(load(&f, id, 3).selected_take, 1);
    flow_fixture_end(&f);
}

static void wishes_that_cannot_be_fulfilled_are_refused(void **state)
{
    (void)state;
    struct flow_fixture f;
    const char *id = begin(&f);
    const struct {
        struct scene_lipsync ask;
        enum err code;
        const char *field;
    } rows[] = {
        { { .temperature = 2 }, ERR_INVALID, "temperature" },
        { { .temperature = -1, .model = "nobody" }, ERR_INVALID, "model" },
        { { .temperature = -1, .model = "veo-3.1" }, ERR_INVALID, "model" },
        { { .temperature = -1, .occlusion = true }, ERR_IMPOSSIBLE, "occlusionDetection" },
        { { .temperature = -1, .active_speaker = true }, ERR_IMPOSSIBLE, "activeSpeaker" },
        { { .temperature = -1, .mode = SYNC_REMAP }, ERR_IMPOSSIBLE, "syncMode" },
        { { .temperature = -1, .model = "lipsync-2-pro", .occlusion = true }, ERR_IMPOSSIBLE,
          "occlusionDetection" },
    };
    struct scene before = load(&f, id, 3);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_refused(&f, scene_lipsync_ask(&f.flow, &f.task, id, 3, &rows[i].ask), rows[i].code, rows[i].field);
    assert_err(scene_lipsync_ask(&f.flow, &f.task, id, 9, &plainly), ERR_NOT_FOUND);
    assert_err(scene_lipsync_ask(&f.flow, &f.task, id, 5, &plainly), ERR_IMPOSSIBLE); /* the end card */
    assert_int_equal(load(&f, id, 3).version, before.version);
    assert_int_equal(times, 0);
    flow_fixture_end(&f);
}

static void a_film_without_a_song_has_nothing_to_move_to(void **state)
{
    (void)state;
    struct flow_fixture f;
    flow_fixture_begin(&f);
    f.flow.lipsyncs = lips;
    const char *id = fixture_filmed(&f);
    assert_err(scene_lipsync_ask(&f.flow, &f.task, id, 3, &plainly), ERR_IMPOSSIBLE);
    flow_fixture_end(&f);
}

/* Where the project names a model, scenes that sing are synced with the rest, and priced with it. */
static void what_sings_is_synced_with_the_film(void **state)
{
    (void)state;
    struct flow_fixture f;
    const char *id = begin(&f);
    struct project_edit to_lips = project_edit_none();
    struct scene_edit sings = { .lips_move = 1 };
    struct project p;
    struct scene s;
    to_lips.lipsync = "animatic";
    assert_ok(&f.task, scene_edit(&f.flow, &f.task, id, 2, &sings, &s));
    assert_ok(&f.task, project_generate(&f.flow, &f.task, id, (const int64_t[]){ 2 }, 1));
    fixture_work(&f);
    assert_null(lips_of(&f, id, 2)); /* nobody was named */
    assert_ok(&f.task, project_edit(&f.flow, &f.task, id, &to_lips, &p));
    assert_string_equal(p.lipsync, "animatic-lips");
    assert_int_equal(lips_of(&f, id, 2)->state, ARTIFACT_MISSING);
    assert_null(lips_of(&f, id, 3));

    to_lips.lipsync = "lipsync-2-pro";
    assert_ok(&f.task, project_edit(&f.flow, &f.task, id, &to_lips, &p));
    double seconds = (double)s.used_frames / FILM_RATE_HZ;
    assert_true(fabs(lips_of(&f, id, 2)->usd - 0.08325 * seconds) < 1e-9);
    to_lips.lipsync = "nobody";
    assert_refused(&f, project_edit(&f.flow, &f.task, id, &to_lips, &p), ERR_INVALID, "lipsync");
    to_lips.lipsync = "animatic";
    assert_ok(&f.task, project_edit(&f.flow, &f.task, id, &to_lips, &p));

    assert_ok(&f.task, project_generate(&f.flow, &f.task, id, (const int64_t[]){ 2, 3 }, 2));
    fixture_work(&f);
    assert_int_equal(times, 1);
    assert_int_equal(lips_of(&f, id, 2)->state, ARTIFACT_CURRENT);
    assert_ok(&f.task, scene_lipsync_remove(&f.flow, &f.task, id, 2));
    assert_null(lips_of(&f, id, 2)); /* declined: not again with the next film */
    flow_fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lips_move_in_a_take_of_their_own),
        cmocka_unit_test(what_comes_before_it_makes_it_stale),
        cmocka_unit_test(going_back_shows_the_take_before),
        cmocka_unit_test(one_that_fails_leaves_the_scene_as_it_was),
        cmocka_unit_test(wishes_that_cannot_be_fulfilled_are_refused),
        cmocka_unit_test(a_film_without_a_song_has_nothing_to_move_to),
        cmocka_unit_test(what_sings_is_synced_with_the_film),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
