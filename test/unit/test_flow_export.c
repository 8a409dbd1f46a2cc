/*
 * A cut for other programs: the frames of the board are the frames of the list, whatever was trimmed or moved; a scene
 * without a take is a gap; words cannot break out of the format they are written in.
 */
#include "flow/export.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "flow_fixture.h"
#include "scratch.h"

static const char *at_address(void *host, struct task *t, const struct export_file *file)
{
    return arena_format(t->arena, "%s%s?a=1&b=2", (const char *)host, file->name);
}

static const char *exported(struct flow_fixture *f, const char *id, int format)
{
    struct board b = fixture_board(f, id);
    const char *out;
    assert_ok(&f->task, export_write(&f->task, &b, format, at_address, "http://studio/", &out));
    return out;
}

static size_t count_of(const char *text, const char *piece)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, piece)); at += strlen(piece))
        count++;
    return count;
}

static int64_t frames_of(const json_t *range, const char *part)
{
    return (int64_t)json_number_value(json_object_get(json_object_get(range, part), "value"));
}

/* Trimmed and reordered, so that in, out and place are all their own. */
static const char *edited(struct flow_fixture *f)
{
    const char *id = fixture_filmed(f);
    const int64_t order[] = { 3, 1, 2, 4, 5 };
    assert_ok(&f->task, project_reorder(&f->flow, &f->task, id, order, 5));
    assert_ok(&f->task, scene_trim(&f->flow, &f->task, id, 1, 10, 40));
    return id;
}

static void a_timeline_has_the_frames_of_the_board(void **state)
{
    struct flow_fixture f;
    (void)state;
    flow_fixture_begin(&f);
    const char *id = edited(&f);
    struct board b = fixture_board(&f, id);
    scoped(json) json_t *otio = json_loads(exported(&f, id, EXPORT_OTIO), 0, NULL);
    const json_t *tracks = json_object_get(json_object_get(otio, "tracks"), "children");
    const json_t *clips = json_object_get(json_array_get(tracks, 0), "children");
    assert_int_equal(json_array_size(clips), b.scene_count);
    for (size_t i = 0; i < b.scene_count; i++) {
        const json_t *clip = json_array_get(clips, i), *range = json_object_get(clip, "source_range");
        struct scene_span used = scene_used_span(&b.scenes[i]);
        assert_int_equal(frames_of(range, "start_time"), used.in);
        assert_int_equal(frames_of(range, "duration"), used.out - used.in);
        assert_non_null(strstr(json_string_value(json_object_get(json_object_get(clip, "media_reference"), "target_url")),
                               arena_format(f.task.arena, "http://studio/scene-%03d-take-1.mp4", (int)b.scenes[i].sequence)));
    }
    assert_int_equal(json_integer_value(json_object_get(json_object_get(json_object_get(
        json_array_get(clips, 1), "metadata"), "storyreel"), "sequence")), 1);
    flow_fixture_end(&f);
}

static void an_edit_list_counts_in_frames(void **state)
{
    struct flow_fixture f;
    (void)state;
    flow_fixture_begin(&f);
    const char *id = edited(&f), *edl = exported(&f, id, EXPORT_EDL);
    struct board b = fixture_board(&f, id);
    int64_t third = scene_film_start(b.scenes, b.scene_count, 1);
    assert_non_null(strstr(edl, "FCM: NON-DROP FRAME\n"));
    assert_int_equal(count_of(edl, "* FROM CLIP NAME: "), b.scene_count);
    assert_non_null(strstr(edl, arena_format(f.task.arena,
        "002  AX       V     C        00:00:00:10 00:00:01:16 01:00:%02d:%02d 01:00:%02d:%02d\n",
        (int)third / 24, (int)third % 24, (int)(third + 30) / 24, (int)(third + 30) % 24)));
    flow_fixture_end(&f);
}

static void a_scene_without_a_take_is_a_gap(void **state)
{
    struct flow_fixture f;
    (void)state;
    flow_fixture_begin(&f);
    const char *id = fixture_planned(&f);
    assert_int_equal(count_of(exported(&f, id, EXPORT_OTIO), "\"Gap.1\""), 5);
    assert_int_equal(count_of(exported(&f, id, EXPORT_FCPXML), "<gap "), 5);
    assert_int_equal(count_of(exported(&f, id, EXPORT_EDL), "  BL       V "), 5);
    assert_null(strstr(exported(&f, id, EXPORT_EDL), "FROM CLIP"));
    flow_fixture_end(&f);
}

static void words_stay_words(void **state)
{
    struct flow_fixture f;
    struct scene s;
    (void)state;
    flow_fixture_begin(&f);
    const char *id = fixture_filmed(&f), *vtt, *srt;
    struct scene_edit edit = { .title = "\"Salt\" <&> light", .line = "Warm --> & <b>slow</b>", .lips_move = -1 };
    assert_ok(&f.task, scene_edit(&f.flow, &f.task, id, 2, &edit, &s));
    assert_non_null(strstr(exported(&f, id, EXPORT_FCPXML), "name=\"&quot;Salt&quot; &lt;&amp;&gt; light\""));
    assert_non_null(strstr(exported(&f, id, EXPORT_FCPXML), "take-1.mp4?a=1&amp;b=2\""));
    vtt = exported(&f, id, EXPORT_VTT);
    assert_int_equal(strncmp(vtt, "WEBVTT\n\n", 8), 0);
    assert_non_null(strstr(vtt, "\nWarm --&gt; &amp; &lt;b&gt;slow&lt;/b&gt;\n"));
    srt = exported(&f, id, EXPORT_SRT);
    struct board b = fixture_board(&f, id);
    int64_t at = scene_film_start(b.scenes, b.scene_count, 2);
    assert_non_null(strstr(srt, arena_format(f.task.arena, "00:00:%02d,%03d --> ", (int)(at / 24), (int)(at % 24 * 1000 / 24))));
    flow_fixture_end(&f);
}

static const char *film_hash(struct flow_fixture *f, const char *id)
{
    struct board b = fixture_board(f, id);
    return graph_find(&b.graph, ARTIFACT_FILM, 0)->hash;
}

/* A film that carries its lines is another film when one of them changes, and only then. */
static void lines_in_the_film_are_part_of_it(void **state)
{
    struct flow_fixture f;
    struct scene s;
    struct project p;
    (void)state;
    flow_fixture_begin(&f);
    const char *id = fixture_filmed(&f), *without = film_hash(&f, id);
    const struct scene_edit warm = { .line = "Warm", .lips_move = -1 }, cold = { .line = "Cold", .lips_move = -1 };
    struct project_edit edit = project_edit_none();
    assert_ok(&f.task, scene_edit(&f.flow, &f.task, id, 2, &warm, &s));
    assert_string_equal(film_hash(&f, id), without);
    edit.captions = "track";
    assert_ok(&f.task, project_edit(&f.flow, &f.task, id, &edit, &p));
    const char *with = film_hash(&f, id);
    assert_string_not_equal(with, without);
    assert_ok(&f.task, scene_edit(&f.flow, &f.task, id, 2, &cold, &s));
    assert_string_not_equal(film_hash(&f, id), with);
    edit.captions = "none";
    assert_ok(&f.task, project_edit(&f.flow, &f.task, id, &edit, &p));
    assert_string_equal(film_hash(&f, id), without);
    edit.captions = "trakc";
    assert_refused(&f, project_edit(&f.flow, &f.task, id, &edit, &p), ERR_INVALID, "captions");
    assert_string_equal(f.task.fault.message, "there is no way to show captions called \"trakc\"; did you mean track?");
    flow_fixture_end(&f);
}

static const char *clip_hash(struct flow_fixture *f, const char *id, int64_t sequence)
{
    struct board b = fixture_board(f, id);
    return graph_find(&b.graph, ARTIFACT_CLIP, sequence)->hash;
}

/* Burned in, a line is part of the clips in whose time it is read, and of no other. */
static void lines_in_the_pictures_are_part_of_their_clips(void **state)
{
    struct flow_fixture f;
    struct scene s;
    struct project p;
    const char *before[4], *burned[4];
    (void)state;
    flow_fixture_begin(&f);
    const char *id = fixture_filmed(&f);
    const struct scene_edit warm = { .line = "Warm", .lips_move = -1 };
    struct project_edit edit = project_edit_none();
    assert_ok(&f.task, scene_edit(&f.flow, &f.task, id, 2, &warm, &s));
    for (int i = 1; i <= 3; i++)
        before[i] = clip_hash(&f, id, i);
    edit.captions = "burned";
    assert_ok(&f.task, project_edit(&f.flow, &f.task, id, &edit, &p));
    for (int i = 1; i <= 3; i++) {
        burned[i] = clip_hash(&f, id, i);
        assert_int_equal(text_equal(before[i], burned[i]), i != 2);
    }
    assert_ok(&f.task, scene_trim(&f.flow, &f.task, id, 1, 0, 48));      /* all behind it moves, and stays as it is */
    assert_string_equal(clip_hash(&f, id, 2), burned[2]);
    assert_string_equal(clip_hash(&f, id, 3), burned[3]);
    flow_fixture_end(&f);
}

static void the_media_lie_beside_the_file(void **state)
{
    struct flow_fixture f;
    (void)state;
    flow_fixture_begin(&f);
    const char *id = fixture_filmed(&f);
    struct scratch scratch = scratch_new();
    const char *folder = scratch.path;
    const char *path = arena_format(f.task.arena, "%s/cut.otio", folder);
    assert_ok(&f.task, project_export_cut(&f.flow, &f.task, id, EXPORT_OTIO, path));
    assert_int_equal(access(arena_format(f.task.arena, "%s/cut-media/scene-001-take-1.mp4", folder), R_OK), 0);
    assert_int_equal(access(path, R_OK), 0);
    size_t bytes;
    const char *spaced = arena_format(f.task.arena, "%s/final cut.fcpxml", folder);
    assert_ok(&f.task, project_export_cut(&f.flow, &f.task, id, EXPORT_FCPXML, spaced));
    char *text = slurp(spaced, &bytes);
    assert_non_null(strstr(text, "src=\"file:///"));
    assert_non_null(strstr(text, "/final%20cut-media/scene-001-take-1.mp4\""));
    free(text);
    assert_ok(&f.task, project_export_cut(&f.flow, &f.task, id, EXPORT_SRT, arena_format(f.task.arena, "%s/words", folder)));
    assert_int_not_equal(access(arena_format(f.task.arena, "%s/words-media", folder), F_OK), 0);
    scratch_done(&scratch);
    flow_fixture_end(&f);
}

static void there_is_no_cut_before_a_plan(void **state)
{
    struct flow_fixture f;
    const char *out;
    (void)state;
    flow_fixture_begin(&f);
    struct board b = fixture_board(&f, fixture_project(&f));
    assert_err(export_write(&f.task, &b, EXPORT_EDL, at_address, "", &out), ERR_CONFLICT);
    flow_fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_timeline_has_the_frames_of_the_board),
        cmocka_unit_test(an_edit_list_counts_in_frames),
        cmocka_unit_test(a_scene_without_a_take_is_a_gap),
        cmocka_unit_test(words_stay_words),
        cmocka_unit_test(lines_in_the_film_are_part_of_it),
        cmocka_unit_test(lines_in_the_pictures_are_part_of_their_clips),
        cmocka_unit_test(the_media_lie_beside_the_file),
        cmocka_unit_test(there_is_no_cut_before_a_plan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
