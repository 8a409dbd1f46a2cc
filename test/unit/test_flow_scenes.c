/*
 * Scenes added, edited, deleted, trimmed, filmed again and replaced: each does what it says and nothing else, what is
 * refused changes nothing, and of two at the same time no word is lost.
 */
#include "flow_fixture.h"

#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "film_fixture.h"
#include "flow/leftovers.h"
#include "flow/steps.h"

#define ONCE "01J0000000000000000000000X"

static struct scene load(struct flow_fixture *f, const char *id, int64_t sequence)
{
    struct scene s;
    assert_ok(&f->task, scene_load(f->store, &f->task, id, sequence, &s));
    return s;
}

static const char *order_of(struct flow_fixture *f, const char *id)
{
    struct board b = fixture_board(f, id);
    struct text out = text_new(f->task.arena);
    for (size_t i = 0; i < b.scene_count; i++)
        text_printf(&out, "%s%d", i ? "," : "", (int)b.scenes[i].sequence);
    return text_end(&out);
}

/* The record as it is written, for "nothing changed". */
static const char *spelled(struct flow_fixture *f, const struct scene *s)
{
    return fields_encode_text(f->task.arena, scene_fields, s);
}

/* ---- adding ---- */

static struct scene add(struct flow_fixture *f, const char *id, const char *words, int64_t after)
{
    struct scene s;
    struct scene_idea idea = { .idea = words, .after = after };
    assert_ok(&f->task, scene_add(&f->flow, &f->task, id, &idea, &s));
    return s;
}

static void an_idea_becomes_a_scene_where_it_belongs(void **state)
{
    (void)state;
    struct flow_fixture f;
    flow_fixture_begin(&f);
    const char *id = fixture_planned(&f), *words = "She lifts the kettle in the snow, close-up, and laughs";
    struct scene s = add(&f, id, words, 2);
    assert_int_equal(s.sequence, 6);
    assert_int_equal(s.display_sequence, 3);
    assert_string_equal(order_of(&f, id), "1,2,6,3,4,5");
    assert_non_null(strstr(s.prompt, words));
    assert_non_null(strstr(s.prompt, "Ada, a tall woman in a green coat"));
    assert_non_null(strstr(s.prompt, "the Ember kettle, copper, with a wooden handle"));
    assert_int_equal(s.look.shot, SHOT_CLOSE_UP);
    assert_int_equal(s.look.weather, WEATHER_SNOW);
    assert_true(s.product_shot && !s.end_card);
    assert_int_equal(add(&f, id, "A dog runs past", 0).sequence, 7);
    assert_int_equal(add(&f, id, "Rain on the window", -1).sequence, 8);
    assert_string_equal(order_of(&f, id), "7,1,2,6,3,4,5,8");
    assert_string_equal(load(&f, id, 6).prompt, s.prompt);
    flow_fixture_end(&f);
}

static void ideas_that_cannot_be_filmed_are_refused(void **state)
{
    (void)state;
    struct flow_fixture f;
    flow_fixture_begin(&f);
    const char *id = fixture_planned(&f);
    char *endless = arena_alloc(f.task.arena, PROMPT_BYTES_MAX + 2);
    memset(endless, 'x', PROMPT_BYTES_MAX + 1);
    char *nearly = arena_copy_n(f.task.arena, endless, PROMPT_BYTES_MAX - 10);
    const struct {
        struct scene_idea idea;
        enum err          code;
        const char       *field;
    } rows[] = {
        { { .idea = "", .after = -1 }, ERR_INVALID, "idea" },
        { { .idea = " \n", .after = -1 }, ERR_INVALID, "idea" },
        { { .idea = NULL, .after = -1 }, ERR_INVALID, "idea" },
        { { .idea = endless, .after = -1 }, ERR_LIMIT, "idea" },
        { { .idea = nearly, .after = -1 }, ERR_LIMIT, "idea" },
        { { .idea = "\xff", .after = -1 }, ERR_INVALID, "idea" },
        { { .idea = "A dog", .after = 9 }, ERR_INVALID, "after" },
        { { .idea = "A dog", .after = -1, .seconds = 31 }, ERR_IMPOSSIBLE, "duration" },
        { { .idea = "A dog", .after = -1, .seconds = 0.1 }, ERR_IMPOSSIBLE, "duration" },
        { { .idea = "A dog", .after = -1, .seconds = -3 }, ERR_IMPOSSIBLE, "duration" },
        { { .idea = "A dog", .after = -1, .seconds = 1e300 }, ERR_IMPOSSIBLE, "duration" },
    };
    struct project before = fixture_load(&f, id);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scene s;
        assert_refused(&f, scene_add(&f.flow, &f.task, id, &rows[i].idea, &s), rows[i].code, rows[i].field);
    }
    assert_int_equal(fixture_load(&f, id).version, before.version);
    assert_string_equal(order_of(&f, id), "1,2,3,4,5");
    flow_fixture_end(&f);
}

static void adding_under_one_id_adds_one(void **state)
{
    (void)state;
    struct flow_fixture f;
    struct scene first, second;
    flow_fixture_begin(&f);
    const char *id = fixture_planned(&f);
    const struct scene_idea idea = { .idea = "A dog runs past", .after = 1, .once = ONCE };
    f.flaky.calls   = 0;
    f.flaky.after   = true;             /* done, and the answer lost */
    f.flaky.fail_at = 3;                /* project, scenes, then the write */
    assert_err(scene_add(&f.flow, &f.task, id, &idea, &first), ERR_UNAVAILABLE);
    f.flaky.fail_at = 0;
    assert_string_equal(order_of(&f, id), "1,6,2,3,4,5");
    assert_ok(&f.task, scene_add(&f.flow, &f.task, id, &idea, &first));
    assert_ok(&f.task, scene_add(&f.flow, &f.task, id, &idea, &second));
    assert_int_equal(first.sequence, 6);
    assert_int_equal(second.sequence, 6);
    assert_string_equal(order_of(&f, id), "1,6,2,3,4,5");
    flow_fixture_end(&f);
}

/* ---- editing ---- */

static const struct scene_edit as_it_is = { .lips_move = -1 };

static void an_edit_changes_what_it_names(void **state)
{
    (void)state;
    struct flow_fixture f;
    flow_fixture_begin(&f);
    const char *id = fixture_filmed(&f);
    struct scene before = load(&f, id, 2), s;
    struct scene_edit edit = as_it_is;
    assert_ok(&f.task, scene_edit(&f.flow, &f.task, id, 2, &edit, &s));
    assert_string_equal(spelled(&f, &s), spelled(&f, &before));

    edit.title           = "Another title";
    edit.negative_prompt = "";
    edit.line            = "la la";
    edit.version         = s.version;
    assert_ok(&f.task, scene_edit(&f.flow, &f.task, id, 2, &edit, &s));
    assert_string_equal(s.title, "Another title");
    assert_string_equal(s.negative_prompt, "");
    assert_string_equal(s.prompt, before.prompt);

    edit         = as_it_is;
    edit.prompt  = "A dog runs across a desert at noon, extreme wide";
    edit.camera  = "close-up, slow push in";
    assert_ok(&f.task, scene_edit(&f.flow, &f.task, id, 2, &edit, &s));
    assert_int_equal(s.look.place, PLACE_DESERT);
    assert_int_equal(s.look.shot, SHOT_CLOSE_UP);
    assert_int_equal(s.look.move, MOVE_PUSH_IN);
    assert_string_equal(load(&f, id, 2).prompt, edit.prompt);
    struct board b = fixture_board(&f, id);
    const struct artifact *take = graph_find(&b.graph, ARTIFACT_TAKE, 2);
    assert_int_equal(take->state, ARTIFACT_STALE);
    assert_non_null(strstr(take->cause, "the prompt changed"));
    assert_int_equal(graph_find(&b.graph, ARTIFACT_TAKE, 1)->state, ARTIFACT_CURRENT);
    assert_int_equal(fixture_load(&f, id).status, PROJECT_PENDING);
    flow_fixture_end(&f);
}

static void a_shorter_scene_keeps_its_take_and_a_longer_one_is_filmed_again(void **state)
{
    (void)state;
    struct flow_fixture f;
    struct scene s;
    flow_fixture_begin(&f);
    const char *id = fixture_filmed(&f);
    struct scene_edit edit = as_it_is;
    edit.seconds = 1;
    assert_ok(&f.task, scene_edit(&f.flow, &f.task, id, 1, &edit, &s));
    assert_int_equal(s.used_frames, 24);
    struct board b = fixture_board(&f, id);
    assert_int_equal(graph_find(&b.graph, ARTIFACT_TAKE, 1)->state, ARTIFACT_CURRENT);
    assert_int_equal(graph_find(&b.graph, ARTIFACT_CLIP, 1)->state, ARTIFACT_STALE);
    edit.seconds = 20;
    assert_ok(&f.task, scene_edit(&f.flow, &f.task, id, 1, &edit, &s));
    b = fixture_board(&f, id);
    assert_int_equal(graph_find(&b.graph, ARTIFACT_TAKE, 1)->state, ARTIFACT_STALE);
    assert_int_equal(s.film_frames, 480);
    flow_fixture_end(&f);
}

static void edits_out_of_form_change_nothing(void **state)
{
    (void)state;
    struct flow_fixture f;
    flow_fixture_begin(&f);
    const char *id = fixture_planned(&f);
    char *endless = arena_alloc(f.task.arena, PROMPT_BYTES_MAX + 2);
    memset(endless, 'x', PROMPT_BYTES_MAX + 1);
    struct scene before = load(&f, id, 3);
    const struct {
        struct scene_edit edit;
        enum err          code;
        const char       *field;
    } rows[] = {
        { { .prompt = "", .lips_move = -1 }, ERR_INVALID, "prompt" },
        { { .prompt = endless, .lips_move = -1 }, ERR_LIMIT, "prompt" },
        { { .prompt = "\xc3", .lips_move = -1 }, ERR_INVALID, "prompt" },
        { { .title = endless, .lips_move = -1 }, ERR_LIMIT, "title" },
        { { .negative_prompt = endless, .lips_move = -1 }, ERR_LIMIT, "negativePrompt" },
        { { .camera = "\x01", .lips_move = -1 }, ERR_INVALID, "camera" },
        { { .action = endless, .lips_move = -1 }, ERR_LIMIT, "action" },
        { { .line = endless, .lips_move = -1 }, ERR_LIMIT, "line" },
        { { .seed = -1, .lips_move = -1 }, ERR_INVALID, "seed" },
        { { .seconds = -1, .lips_move = -1 }, ERR_IMPOSSIBLE, "duration" },
        { { .seconds = 31, .lips_move = -1 }, ERR_IMPOSSIBLE, "duration" },
        { { .title = "new", .prompt = endless, .lips_move = -1 }, ERR_LIMIT, "prompt" },
        { { .title = "new", .version = before.version + 1, .lips_move = -1 }, ERR_CONFLICT, "version" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scene s;
        assert_refused(&f, scene_edit(&f.flow, &f.task, id, 3, &rows[i].edit, &s), rows[i].code, rows[i].field);
    }
    struct scene s;
    assert_err(scene_edit(&f.flow, &f.task, id, 99, &as_it_is, &s), ERR_NOT_FOUND);
    assert_err(scene_edit(&f.flow, &f.task, "nobody", 1, &as_it_is, &s), ERR_NOT_FOUND);
    s = load(&f, id, 3);
    assert_int_equal(s.version, before.version);
    assert_string_equal(spelled(&f, &s), spelled(&f, &before));
    flow_fixture_end(&f);
}

static void two_clients_editing_lose_no_word(void **state)
{
    (void)state;
    struct flow_fixture f;
    struct scene read, s;
    flow_fixture_begin(&f);
    const char *id = fixture_planned(&f);
    read = load(&f, id, 1);
    struct scene_edit one = as_it_is, other = as_it_is;
    one.title   = "By one";
    other.title = "By the other";
    one.version = other.version = read.version;
    assert_ok(&f.task, scene_edit(&f.flow, &f.task, id, 1, &one, &s));
    assert_err(scene_edit(&f.flow, &f.task, id, 1, &other, &s), ERR_CONFLICT);
    assert_int_equal(err_http_status(f.task.fault.code), 409);
    other.version = 0;
    other.title   = NULL;
    other.line    = "By the other";
    assert_ok(&f.task, scene_edit(&f.flow, &f.task, id, 1, &other, &s));
    s = load(&f, id, 1);
    assert_string_equal(s.title, "By one");
    assert_string_equal(s.line, "By the other");
    flow_fixture_end(&f);
}

static void nothing_is_edited_while_it_is_made(void **state)
{
    (void)state;
    struct flow_fixture f;
    struct scene s;
    flow_fixture_begin(&f);
    const char *id = fixture_planned(&f);
    const int64_t one[] = { 1 };
    assert_ok(&f.task, project_generate(&f.flow, &f.task, id, one, 1));
    const struct scene_idea idea = { .idea = "A dog", .after = -1 };
    struct scene_edit edit = as_it_is;
    edit.title = "new";
    assert_err(scene_edit(&f.flow, &f.task, id, 2, &edit, &s), ERR_CONFLICT);
    assert_non_null(strstr(f.task.fault.message, "is being made"));
    assert_err(scene_add(&f.flow, &f.task, id, &idea, &s), ERR_CONFLICT);
    assert_err(scene_delete(&f.flow, &f.task, id, 2), ERR_CONFLICT);
    assert_err(project_delete(&f.flow, &f.task, id), ERR_CONFLICT);
    fixture_work(&f);
    assert_ok(&f.task, scene_edit(&f.flow, &f.task, id, 2, &edit, &s));
    flow_fixture_end(&f);
}

/* ---- deleting ---- */

static void a_scene_goes_with_all_that_is_its_own(void **state)
{
    (void)state;
    struct flow_fixture f;
    struct scene s;
    struct take *takes;
    size_t count;
    flow_fixture_begin(&f);
    const char *id = fixture_filmed(&f);
    const char *folder = arena_format(f.task.arena, "mv/projects/%s/scenes/002/", id);
    assert_int_equal(fixture_blobs(&f, folder), 1);
    size_t blobs = fixture_blobs(&f, "");
    assert_ok(&f.task, scene_delete(&f.flow, &f.task, id, 2));
    assert_err(scene_load(f.store, &f.task, id, 2, &s), ERR_NOT_FOUND);
    assert_ok(&f.task, takes_load(f.store, &f.task, id, 2, &takes, &count));
    assert_int_equal(count, 0);
    assert_int_equal(fixture_blobs(&f, folder), 0);
    assert_int_equal(fixture_blobs(&f, ""), blobs - 1);
    assert_int_equal(fixture_count(&f).leftovers, 0);
    assert_string_equal(order_of(&f, id), "1,3,4,5");
    assert_int_equal(add(&f, id, "A dog", -1).sequence, 6);      /* 2 does not come back */
    assert_err(scene_delete(&f.flow, &f.task, id, 2), ERR_NOT_FOUND);
    flow_fixture_end(&f);
}

static void bytes_that_another_scene_shows_stay(void **state)
{
    (void)state;
    struct flow_fixture f;
    flow_fixture_begin(&f);
    const char *id = fixture_filmed(&f);
    struct scene from = load(&f, id, 2), to = load(&f, id, 3);
    to.take = from.take;
    struct item_write write = scene_write(&f.task, id, &to);
    assert_ok(&f.task, store_write(f.store, &f.task, &write, 1));
    assert_ok(&f.task, scene_delete(&f.flow, &f.task, id, 2));
    struct blob_info info;
    assert_ok(&f.task, blob_stat(f.flow.blobs, &f.task, from.take.key, &info));
    flow_fixture_end(&f);
}

static void the_only_scene_stays(void **state)
{
    (void)state;
    struct flow_fixture f;
    flow_fixture_begin(&f);
    const char *id = fixture_planned(&f);
    for (int64_t i = 1; i < 5; i++)
        assert_ok(&f.task, scene_delete(&f.flow, &f.task, id, i));
    assert_err(scene_delete(&f.flow, &f.task, id, 5), ERR_CONFLICT);
    assert_non_null(strstr(f.task.fault.message, "only one"));
    assert_string_equal(order_of(&f, id), "5");
    flow_fixture_end(&f);
}

/* Whatever call fails: the scene is whole or gone, and what is left of it goes with the next sweep. */
static void a_broken_deletion_is_swept(void **state)
{
    (void)state;
    bool failed = true;
    for (int n = 1; failed; n++) {
        struct flow_fixture f;
        struct scene s;
        struct take *takes;
        size_t count;
        flow_fixture_begin(&f);
        const char *id = fixture_filmed(&f);
        f.flaky.calls   = 0;
        f.flaky.after   = n % 2;
        f.flaky.fail_at = n;
        failed = scene_delete(&f.flow, &f.task, id, 2) != OK;
        f.flaky.fail_at = 0;
        assert_ok(&f.task, leftovers_sweep(&f.flow, &f.task, 0));
        bool gone = scene_load(f.store, &f.task, id, 2, &s) == ERR_NOT_FOUND;
        assert_ok(&f.task, takes_load(f.store, &f.task, id, 2, &takes, &count));
        assert_int_equal(count, gone ? 0 : 1);
        assert_int_equal(fixture_blobs(&f, arena_format(f.task.arena, "mv/projects/%s/scenes/002/", id)), gone ? 0 : 1);
        assert_string_equal(order_of(&f, id), gone ? "1,3,4,5" : "1,2,3,4,5");
        assert_int_equal(fixture_count(&f).leftovers, 0);
        flow_fixture_end(&f);
    }
}

/* ---- trimming and choosing ---- */

static void trims_stay_inside_the_take(void **state)
{
    (void)state;
    struct flow_fixture f;
    flow_fixture_begin(&f);
    const char *id = fixture_filmed(&f);
    int64_t length = load(&f, id, 1).take_frames;
    const struct {
        int64_t     in, out;
        const char *field;             /* NULL: accepted */
    } rows[] = {
        { 0, length, NULL },           { 3, 10, NULL },
        { length - 1, length, NULL },  { 0, 0, NULL },
        { -1, 5, "trimPoints.in" },    { length, length + 1, "trimPoints.in" },
        { 5, 5, "trimPoints.out" },    { 5, 4, "trimPoints.out" },
        { 0, length + 1, "trimPoints.out" }, { 3, 0, "trimPoints.out" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scene before = load(&f, id, 1);
        if (rows[i].field) {
            assert_refused(&f, scene_trim(&f.flow, &f.task, id, 1, rows[i].in, rows[i].out), ERR_INVALID, rows[i].field);
            assert_int_equal(load(&f, id, 1).version, before.version);
            continue;
        }
        assert_ok(&f.task, scene_trim(&f.flow, &f.task, id, 1, rows[i].in, rows[i].out));
        struct scene s = load(&f, id, 1);
        assert_true(s.trim_in == rows[i].in && s.trim_out == rows[i].out);
    }
    flow_fixture_end(&f);
}

static void an_earlier_take_is_put_back(void **state)
{
    (void)state;
    struct flow_fixture f;
    flow_fixture_begin(&f);
    const char *id = fixture_filmed(&f);
    struct scene first = load(&f, id, 2);
    assert_ok(&f.task, scene_regenerate(&f.flow, &f.task, id, 2, &(struct scene_remake){ .prompt = "A dog" }));
    fixture_work(&f);
    assert_int_equal(load(&f, id, 2).selected_take, 2);
    assert_ok(&f.task, scene_select_take(&f.flow, &f.task, id, 2, 1));
    struct scene s = load(&f, id, 2);
    assert_string_equal(s.take.key, first.take.key);
    assert_true(s.pinned);
    struct board b = fixture_board(&f, id);
    assert_int_equal(graph_find(&b.graph, ARTIFACT_TAKE, 2)->state, ARTIFACT_CURRENT);
    assert_err(scene_select_take(&f.flow, &f.task, id, 2, 3), ERR_NOT_FOUND);
    flow_fixture_end(&f);
}

/* Whoever read the records just before a take was written down, and its job just after, takes the scene for one that
 * has a finished job and no take, and queues it once more. */
static void what_was_made_meanwhile_is_not_made_again(void **state)
{
    (void)state;
    struct flow_fixture f;
    struct take *takes;
    size_t count;
    flow_fixture_begin(&f);
    const char *id = fixture_filmed(&f);
    const struct board b = fixture_board(&f, id);
    const int before = fixture_takes_filmed;
    const int kinds[] = { ARTIFACT_TAKE, ARTIFACT_CLIP };
    for (size_t i = 0; i < 2; i++) {
        const struct artifact *art = graph_find(&b.graph, kinds[i], 2);
        struct job j;
        assert_ok(&f.task, job_enqueue(&f.flow, &f.task, id, art, false));
        fixture_work(&f);
        assert_ok(&f.task, job_load(f.flow.store, &f.task, id,
                                    job_sk(&f.task, artifact_kind_names[kinds[i]], 2, art->hash), &j));
        assert_int_equal(j.state, JOB_DONE);
    }
    assert_ok(&f.task, takes_load(f.flow.store, &f.task, id, 2, &takes, &count));
    assert_int_equal(count, 1);
    assert_int_equal(fixture_takes_filmed, before);
    flow_fixture_end(&f);
}

static void a_job_of_a_kind_to_come_is_left_alone(void **state)
{
    (void)state;
    struct flow_fixture f;
    struct claimed_job c;
    struct job j;
    flow_fixture_begin(&f);
    const char *id = fixture_filmed(&f);
    struct job newer = { .project_id = id, .kind = "hologram", .hash = "aaaaaaaaaaaaaaaa", .state = JOB_QUEUED,
                         .parts = "", .step = "", .spend = "", .created_at = "2031-05-01T00:00:00.000Z" };
    assert_ok(&f.task, job_queue(&f.flow, &f.task, &newer, NULL, 0));
    assert_ok(&f.task, job_claim(&f.flow, &f.task, LANE_CPU, &c));
    assert_ok(&f.task, step_run(&f.flow, &f.task, &c, NULL));
    assert_ok(&f.task, job_load(f.flow.store, &f.task, id, job_sk(&f.task, "hologram", 0, newer.hash), &j));
    assert_int_equal(j.state, JOB_QUEUED);
    assert_int_equal(j.attempt, 0);
    assert_true(j.due_us > f.clock.now_us);
    assert_err(job_claim(&f.flow, &f.task, LANE_CPU, &c), ERR_NOT_FOUND);
    flow_fixture_end(&f);
}

/* ---- filming again ---- */

static void regenerating_films_one_scene_now(void **state)
{
    (void)state;
    struct flow_fixture f;
    flow_fixture_begin(&f);
    const char *id = fixture_filmed(&f);
    struct scene before = load(&f, id, 4);
    struct scene_remake remake = { .prompt = "A dog runs across a desert", .once = ONCE };
    assert_ok(&f.task, scene_regenerate(&f.flow, &f.task, id, 4, &remake));
    assert_int_equal(fixture_load(&f, id).status, PROJECT_PROCESSING);
    struct board b = fixture_board(&f, id);
    assert_int_equal(board_scene(&b, 4)->status, PROJECT_PROCESSING);
    assert_int_equal(board_scene(&b, 4)->selected_take, 1);       /* until the new one is there */
    assert_ok(&f.task, scene_regenerate(&f.flow, &f.task, id, 4, &remake));
    remake.once = "";
    assert_err(scene_regenerate(&f.flow, &f.task, id, 4, &remake), ERR_CONFLICT);
    assert_err(scene_select_take(&f.flow, &f.task, id, 4, 1), ERR_CONFLICT);
    fixture_work(&f);
    assert_int_equal(fixture_takes_filmed, 1);
    struct scene s = load(&f, id, 4);
    assert_int_equal(s.selected_take, 2);
    assert_string_equal(s.prompt, "A dog runs across a desert");
    assert_int_equal(s.seed, before.seed + 1);
    assert_false(s.before.kept);
    assert_int_equal(fixture_load(&f, id).status, PROJECT_PENDING);
    assert_int_equal(fixture_load(&f, id).goal, GOAL_NOTHING);
    remake.once = ONCE;                       /* the same request once more: done already */
    assert_ok(&f.task, scene_regenerate(&f.flow, &f.task, id, 4, &remake));
    fixture_work(&f);
    assert_int_equal(fixture_takes_filmed, 1);
    flow_fixture_end(&f);
}

static void a_regenerate_that_fails_leaves_the_scene_as_it_was(void **state)
{
    (void)state;
    struct flow_fixture f;
    flow_fixture_begin(&f);
    const char *id = fixture_filmed(&f);
    struct scene before = load(&f, id, 4), s;
    fixture_filming_fails = true;
    assert_ok(&f.task, scene_regenerate(&f.flow, &f.task, id, 4, &(struct scene_remake){ .prompt = "A dog in a desert" }));
    fixture_work(&f);
    struct project p = fixture_load(&f, id);
    assert_int_equal(p.status, PROJECT_FAILED);
    assert_non_null(strstr(p.problem.message, "the take of scene 4 failed: the camera is broken"));
    s = load(&f, id, 4);
    assert_non_null(strstr(s.problem.message, "the camera is broken"));
    s.problem = before.problem;
    assert_string_equal(spelled(&f, &s), spelled(&f, &before));
    struct board b = fixture_board(&f, id);
    assert_int_equal(graph_find(&b.graph, ARTIFACT_CLIP, 4)->state, ARTIFACT_CURRENT);
    fixture_filming_fails = false;
    assert_ok(&f.task, scene_regenerate(&f.flow, &f.task, id, 4, &(struct scene_remake){ .prompt = "A dog in a desert" }));
    fixture_work(&f);
    assert_int_equal(load(&f, id, 4).selected_take, 2);
    assert_string_equal(load(&f, id, 4).problem.message, "");
    flow_fixture_end(&f);
}

/* What the next start of the program does. */
static void restart(struct flow_fixture *f, const char *id)
{
    f->flaky.fail_at = 0;
    f->flow.worker   = "two";
    assert_ok(&f->task, leftovers_sweep(&f->flow, &f->task, 0));
    if (fixture_load(f, id).goal) {
        assert_ok(&f->task, jobs_recover(&f->flow, &f->task, id));
        assert_ok(&f->task, flow_advance(&f->flow, &f->task, id));
    }
}

/* Whatever call of the store fails, before or after it is done: the scene is filmed again whole, or as it was. */
static void a_broken_regenerate_is_whole_or_not_at_all(void **state)
{
    (void)state;
    bool failed = true;
    for (int n = 1; failed; n++) {
        struct flow_fixture f;
        flow_fixture_begin(&f);
        const char *id = fixture_filmed(&f);
        struct scene before = load(&f, id, 2), s;
        f.flaky.calls   = 0;
        f.flaky.after   = n % 2;
        f.flaky.fail_at = n;
        failed = scene_regenerate(&f.flow, &f.task, id, 2, &(struct scene_remake){ .once = ONCE }) != OK;
        restart(&f, id);
        fixture_work(&f);
        s = load(&f, id, 2);
        assert_int_equal(fixture_load(&f, id).goal, GOAL_NOTHING);
        assert_false(s.before.kept);
        assert_int_equal(s.seed, before.seed + (s.selected_take == 2));
        assert_ok(&f.task, scene_regenerate(&f.flow, &f.task, id, 2, &(struct scene_remake){ .once = ONCE }));
        fixture_work(&f);
        assert_int_equal(fixture_takes_filmed, 1);
        assert_int_equal(load(&f, id, 2).selected_take, 2);
        flow_fixture_end(&f);
    }
}

static void a_broken_cancel_can_be_asked_for_again(void **state)
{
    (void)state;
    bool failed = true;
    for (int n = 1; failed; n++) {
        struct flow_fixture f;
        flow_fixture_begin(&f);
        const char *id = fixture_filmed(&f);
        struct scene before = load(&f, id, 2), s;
        assert_ok(&f.task, scene_regenerate(&f.flow, &f.task, id, 2, &(struct scene_remake){ .prompt = "A dog" }));
        f.flaky.calls   = 0;
        f.flaky.after   = n % 2;
        f.flaky.fail_at = n;
        failed = project_cancel(&f.flow, &f.task, id) != OK;
        f.flaky.fail_at = 0;
        if (fixture_load(&f, id).goal)
            assert_ok(&f.task, project_cancel(&f.flow, &f.task, id));
        fixture_work(&f);
        s = load(&f, id, 2);
        assert_string_equal(s.prompt, before.prompt);
        assert_int_equal(s.seed, before.seed);
        assert_false(s.before.kept);
        assert_int_equal(fixture_takes_filmed, 0);
        flow_fixture_end(&f);
    }
}

static void two_scenes_are_filmed_again_side_by_side(void **state)
{
    (void)state;
    struct flow_fixture f;
    flow_fixture_begin(&f);
    const char *id = fixture_filmed(&f);
    const struct scene_remake again = { .seed = 0 };
    assert_ok(&f.task, scene_regenerate(&f.flow, &f.task, id, 1, &again));
    assert_ok(&f.task, scene_regenerate(&f.flow, &f.task, id, 3, &again));
    assert_int_equal(fixture_load(&f, id).goal_scene_count, 2);
    fixture_work(&f);
    assert_int_equal(fixture_takes_filmed, 2);
    assert_int_equal(load(&f, id, 1).selected_take, 2);
    assert_int_equal(load(&f, id, 3).selected_take, 2);
    flow_fixture_end(&f);
}

/* ---- uploading ---- */

static struct source_file given(int fd)
{
    return (struct source_file){ .fd = fd, .name = "mine.mp4" };
}

static void a_clip_of_ones_own_becomes_the_take(void **state)
{
    (void)state;
    struct flow_fixture f;
    struct scene s, again;
    flow_fixture_begin(&f);
    const char *id = fixture_filmed(&f);
    int64_t used = load(&f, id, 2).used_frames;
    scoped(fd) int clip = fixture_foreign(&f.task, &(struct foreign){ .id = 1, .frames = 50, .rate_num = 25, .rate_den = 1 });
    struct source_file file = given(clip);
    assert_ok(&f.task, scene_upload(&f.flow, &f.task, id, 2, &file, ONCE, &s));
    assert_int_equal(s.take_frames, 48);       /* two seconds on the film's clock */
    assert_true(used > 48);
    assert_int_equal(scene_used_span(&s).out, 48);
    assert_int_equal(s.selected_take, 2);
    assert_true(s.pinned && s.take_foreign && !s.take_matches);
    assert_ok(&f.task, scene_upload(&f.flow, &f.task, id, 2, &file, ONCE, &again));
    assert_int_equal(again.selected_take, 2);
    struct take *takes;
    size_t count;
    assert_ok(&f.task, takes_load(f.store, &f.task, id, 2, &takes, &count));
    assert_int_equal(count, 2);
    assert_string_equal(takes[1].source, "uploaded");
    scoped(fd) int kept = -1;
    assert_ok(&f.task, blob_open(f.flow.blobs, &f.task, takes[1].key, &kept));
    assert_int_equal(file_bytes(kept), file_bytes(clip));
    assert_int_equal(fixture_count(&f).leftovers, 0);
    assert_ok(&f.task, scene_select_take(&f.flow, &f.task, id, 2, 1));
    assert_false(load(&f, id, 2).take_foreign);
    const struct scene back = load(&f, id, 2);
    assert_int_equal(scene_used_span(&back).out, used);       /* as long as it was */
    flow_fixture_end(&f);
}

/* A take that was chosen stays when the film gets another size, and is cut to it. */
static void a_take_of_another_size_is_not_the_clip(void **state)
{
    (void)state;
    struct flow_fixture f;
    struct project p;
    flow_fixture_begin(&f);
    const char *id = fixture_filmed(&f);
    assert_ok(&f.task, scene_select_take(&f.flow, &f.task, id, 2, 1));
    assert_string_equal(load(&f, id, 2).clip.key, load(&f, id, 2).take.key);
    struct project_edit edit = project_edit_none();
    edit.size = "1080p";
    assert_ok(&f.task, project_edit(&f.flow, &f.task, id, &edit, &p));
    const int64_t second = 2;
    assert_ok(&f.task, project_generate(&f.flow, &f.task, id, &second, 1));
    fixture_work(&f);
    struct board b = fixture_board(&f, id);
    assert_int_equal(graph_find(&b.graph, ARTIFACT_TAKE, 2)->state, ARTIFACT_CURRENT);
    assert_int_equal(graph_find(&b.graph, ARTIFACT_CLIP, 2)->state, ARTIFACT_FAILED);   /* that take is none */
    flow_fixture_end(&f);
}

/* Two seconds are two seconds, however unevenly the pictures come. */
static void an_uneven_clip_keeps_its_length(void **state)
{
    (void)state;
    static const int times[] = { 0,  2,  5,  11, 14, 20, 24, 26, 33, 38, 45, 49, 55,
                                 60, 61, 66, 74, 77, 85, 90, 96, 101, 108, 115, 120 };
    struct flow_fixture f;
    struct scene s;
    flow_fixture_begin(&f);
    const char *id = fixture_filmed(&f);
    scoped(fd) int clip = fixture_foreign(&f.task, &(struct foreign){ .frames = 24, .rate_num = 60, .rate_den = 1,
                                                                      .times = times, .x264_params = "bframes=0" });
    struct source_file file = given(clip);
    assert_ok(&f.task, scene_upload(&f.flow, &f.task, id, 2, &file, ONCE, &s));
    assert_int_equal(s.take_frames, 48);
    const int64_t second = 2;
    assert_ok(&f.task, project_generate(&f.flow, &f.task, id, &second, 1));
    fixture_work(&f);
    struct board b = fixture_board(&f, id);
    assert_int_equal(graph_find(&b.graph, ARTIFACT_CLIP, 2)->state, ARTIFACT_CURRENT);
    flow_fixture_end(&f);
}

static void a_broken_upload_leaves_nothing_or_a_take(void **state)
{
    (void)state;
    bool failed = true;
    for (int n = 1; failed; n++) {
        struct flow_fixture f;
        struct scene s;
        struct take *takes;
        size_t count;
        flow_fixture_begin(&f);
        const char *id = fixture_planned(&f);
        size_t blobs = fixture_blobs(&f, "");
        scoped(fd) int clip = fixture_foreign(&f.task, &(struct foreign){ .id = 1, .frames = 24 });
        struct source_file file = given(clip);
        f.flaky.calls   = 0;
        f.flaky.after   = n % 2;
        f.flaky.fail_at = n;
        failed = scene_upload(&f.flow, &f.task, id, 2, &file, ONCE, &s) != OK;
        restart(&f, id);
        assert_ok(&f.task, takes_load(f.store, &f.task, id, 2, &takes, &count));
        assert_int_equal(fixture_blobs(&f, ""), blobs + count);
        assert_ok(&f.task, scene_upload(&f.flow, &f.task, id, 2, &file, ONCE, &s));
        assert_int_equal(s.selected_take, 1);
        assert_int_equal(fixture_blobs(&f, ""), blobs + 1);
        assert_int_equal(fixture_count(&f).leftovers, 0);
        flow_fixture_end(&f);
    }
}

static void what_is_no_clip_leaves_nothing_behind(void **state)
{
    (void)state;
    struct flow_fixture f;
    struct scene s;
    flow_fixture_begin(&f);
    const char *id = fixture_planned(&f);
    scoped(fd) int whole = fixture_foreign(&f.task, &(struct foreign){ .id = 1, .frames = 48 });
    scoped(fd) int short_one = fixture_foreign(&f.task, &(struct foreign){ .id = 1, .frames = 6 });
    scoped(fd) int sound = fixture_track(&f.task, 48000);
    scoped(fd) int letter = fixture_bytes("Dear Sir", 8);
    scoped(fd) int empty = fixture_out();
    scoped(fd) int torn = fixture_cut(whole, file_bytes(whole) / 3);
    const int files[] = { short_one, sound, letter, empty, torn };
    struct scene before = load(&f, id, 1);
    struct fixture_count there = fixture_count(&f);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct source_file file = given(files[i]);
        assert_refused(&f, scene_upload(&f.flow, &f.task, id, 1, &file, "", &s), ERR_MEDIA, "video");
    }
    struct source_file file = given(whole);
    assert_err(scene_upload(&f.flow, &f.task, id, 99, &file, "", &s), ERR_NOT_FOUND);
    assert_int_equal(load(&f, id, 1).version, before.version);
    struct fixture_count now = fixture_count(&f);
    assert_memory_equal(&now, &there, sizeof now);
    flow_fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_idea_becomes_a_scene_where_it_belongs),
        cmocka_unit_test(ideas_that_cannot_be_filmed_are_refused),
        cmocka_unit_test(adding_under_one_id_adds_one),
        cmocka_unit_test(an_edit_changes_what_it_names),
        cmocka_unit_test(a_shorter_scene_keeps_its_take_and_a_longer_one_is_filmed_again),
        cmocka_unit_test(edits_out_of_form_change_nothing),
        cmocka_unit_test(two_clients_editing_lose_no_word),
        cmocka_unit_test(nothing_is_edited_while_it_is_made),
        cmocka_unit_test(a_scene_goes_with_all_that_is_its_own),
        cmocka_unit_test(bytes_that_another_scene_shows_stay),
        cmocka_unit_test(the_only_scene_stays),
        cmocka_unit_test(a_broken_deletion_is_swept),
        cmocka_unit_test(trims_stay_inside_the_take),
        cmocka_unit_test(an_earlier_take_is_put_back),
        cmocka_unit_test(what_was_made_meanwhile_is_not_made_again),
        cmocka_unit_test(a_job_of_a_kind_to_come_is_left_alone),
        cmocka_unit_test(regenerating_films_one_scene_now),
        cmocka_unit_test(a_regenerate_that_fails_leaves_the_scene_as_it_was),
        cmocka_unit_test(a_broken_regenerate_is_whole_or_not_at_all),
        cmocka_unit_test(a_broken_cancel_can_be_asked_for_again),
        cmocka_unit_test(two_scenes_are_filmed_again_side_by_side),
        cmocka_unit_test(a_clip_of_ones_own_becomes_the_take),
        cmocka_unit_test(a_take_of_another_size_is_not_the_clip),
        cmocka_unit_test(an_uneven_clip_keeps_its_length),
        cmocka_unit_test(a_broken_upload_leaves_nothing_or_a_take),
        cmocka_unit_test(what_is_no_clip_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
