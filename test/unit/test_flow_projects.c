/*
 * Projects made, edited, drafted again, filmed in part, cut, cancelled, copied, deleted and listed: what is refused
 * leaves nothing behind, what is asked for twice under one id is done once, and whatever call of the store fails, a
 * sweep leaves all or nothing.
 */
#include "flow_fixture.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/id.h"
#include "blob/blob_driver.h"
#include "film_fixture.h"
#include "flow/leftovers.h"
#include "flow/steps.h"
#include "flow/workers.h"
#include "../sound_file.h"

#define ONCE "01J0000000000000000000000X"

static struct source_file file_of_fd(int fd, const char *name)
{
    return (struct source_file){ .fd = fd, .name = name };
}

static int song_of(struct task *t, double seconds)
{
    struct signal s = signal_new(t, seconds);
    for (double at = 0; at < seconds; at += 0.5)
        signal_kick(&s, at, 0.8);
    const struct sound_file form = { .muxer = "wav", .encoder = "pcm_s16le", .rate_hz = 48000, .channels = 2 };
    return sound_file_make(t, &s, &form);
}

static int picture_of(struct flow_fixture *f)
{
    char *path = arena_format(f->task.arena, "%s/examples/courier.png", getenv("STORYREEL_SOURCE"));
    int fd = -1;
    assert_ok(&f->task, file_open(&f->task, path, &fd));
    return fd;
}

static const char *spelled(struct flow_fixture *f, const struct project *p)
{
    return fields_encode_text(f->task.arena, project_fields, p);
}

static void assert_nothing_there(struct flow_fixture *f)
{
    struct fixture_count count = fixture_count(f);
    assert_int_equal(count.projects, 0);
    assert_int_equal(count.leftovers, 0);
    assert_int_equal(count.blobs, 0);
}

/* ---- making ---- */

static void requests_out_of_form_leave_nothing(void **state)
{
    (void)state;
    struct flow_fixture f;
    flow_fixture_begin(&f);
    char *endless = arena_alloc(f.task.arena, (64 << 10) + 2);
    memset(endless, 'x', (64 << 10) + 1);
    scoped(fd) int letter = fixture_bytes("Dear Sir", 8);
    scoped(fd) int song = song_of(&f.task, 3);
    struct project_request good = fixture_request();
    struct {
        struct project_request r;
        enum err               code;
        const char            *field;
    } rows[32];
    size_t count = 0;
#define ROW(member, value, code_, field_)                                                                       \
    rows[count].r = good, rows[count].r.member = value, rows[count].code = code_, rows[count++].field = field_
    ROW(concept, " ", ERR_INVALID, "conceptPrompt");
    ROW(concept, NULL, ERR_INVALID, "conceptPrompt");
    ROW(concept, "\xff", ERR_INVALID, "conceptPrompt");
    ROW(concept, endless, ERR_LIMIT, "conceptPrompt");
    ROW(title, endless, ERR_LIMIT, "title");
    ROW(character, endless, ERR_LIMIT, "characterDescription");
    ROW(product, endless, ERR_LIMIT, "productDescription");
    ROW(product_name, endless, ERR_LIMIT, "productName");
    ROW(call_to_action, "\x02", ERR_INVALID, "callToAction");
    ROW(lyrics, endless, ERR_LIMIT, "lyrics");
    ROW(mode, "music-vido", ERR_INVALID, "mode");
    ROW(style, "wes-andersen", ERR_INVALID, "directorConfig");
    ROW(planner, "offlin", ERR_INVALID, "planner");
    ROW(video, "animatik", ERR_INVALID, "video");
    ROW(aspect, "16:10", ERR_INVALID, "aspect");
    ROW(size, "721p", ERR_INVALID, "size");
    ROW(scene_count, -1, ERR_INVALID, "wantedScenes");
    ROW(scene_count, 1001, ERR_INVALID, "wantedScenes");
    ROW(seconds, -3, ERR_INVALID, "targetDuration");
    ROW(seconds, 4000, ERR_INVALID, "targetDuration");
    ROW(seconds, 1.0 / 0.0, ERR_INVALID, "targetDuration");
    ROW(seconds, 500, ERR_IMPOSSIBLE, "targetDuration");
    ROW(mode, "music-video", ERR_INVALID, "audio");
    ROW(webhook_url, "ftp://example.com/", ERR_INVALID, "webhookUrl");
    ROW(webhook_url, "https://exa mple.com/", ERR_INVALID, "webhookUrl");
    ROW(webhook_url, "http://example.com/", ERR_INVALID, "webhookUrl");
    ROW(audio, file_of_fd(letter, "letter.txt"), ERR_MEDIA, "audio");
    ROW(audio, file_of_fd(song, "short.wav"), ERR_IMPOSSIBLE, "targetDuration");
    ROW(character_picture, file_of_fd(letter, "letter.txt"), ERR_MEDIA, "characterImage");
    ROW(product_picture, file_of_fd(song, "song.wav"), ERR_MEDIA, "productImage");
    ROW(audio_key, "mv/library/none.wav", ERR_INVALID, "audioId");
#undef ROW
    for (size_t i = 0; i < count; i++) {
        struct project p;
        assert_refused(&f, project_create(&f.flow, &f.task, &rows[i].r, &p), rows[i].code, rows[i].field);
        assert_nothing_there(&f);
    }
    flow_fixture_end(&f);
}

static void a_project_owns_its_files(void **state)
{
    (void)state;
    struct flow_fixture f;
    struct project p;
    flow_fixture_begin(&f);
    scoped(fd) int song = song_of(&f.task, 21), picture = picture_of(&f);
    struct project_request r = fixture_request();
    r.audio             = file_of_fd(song, "Lied \xC3\xBC.wav");
    r.character_picture = file_of_fd(picture, "ada.png");
    r.title             = "Warm";
    r.budget_usd        = 5;
    r.webhook_url       = "https://example.com/told";
    assert_ok(&f.task, project_create(&f.flow, &f.task, &r, &p));
    struct project read = fixture_load(&f, p.project_id);
    assert_string_equal(spelled(&f, &read), spelled(&f, &p));
    assert_string_equal(read.audio_name, "Lied \xC3\xBC.wav");
    assert_string_equal(read.title, "Warm");
    assert_true(read.budget_usd == 5 && read.status == PROJECT_PENDING);
    assert_int_equal(fixture_blobs(&f, project_folder(&f.task, p.project_id)), 2);
    assert_int_equal(fixture_count(&f).leftovers, 0);

    /* from the library: by key, into the project's own folder */
    struct project_request other = fixture_request();
    other.audio_key             = read.audio_key;
    other.audio_hash            = read.audio_hash;
    other.audio_name            = "from the library";
    other.character_picture_key = read.character_picture_key;
    assert_ok(&f.task, project_create(&f.flow, &f.task, &other, &p));
    assert_true(text_starts(p.audio_key, project_folder(&f.task, p.project_id)));
    assert_string_equal(p.audio_hash, read.audio_hash);
    assert_int_equal(fixture_blobs(&f, project_folder(&f.task, p.project_id)), 2);
    flow_fixture_end(&f);
}

/* The n-th call of the store fails, before or after it is done: asking again under the id gives one whole project. */
static void creating_under_one_id_creates_one(void **state)
{
    (void)state;
    bool failed = true;
    for (int n = 1; failed; n++) {
        for (int after = 0; after < 2; after++) {
            struct flow_fixture f;
            struct project first, second;
            flow_fixture_begin(&f);
            scoped(fd) int picture = picture_of(&f);
            struct project_request r = fixture_request();
            r.once              = ONCE;
            r.character_picture = file_of_fd(picture, "ada.png");
            f.flaky.after       = after;
            f.flaky.fail_at     = n;
            failed = project_create(&f.flow, &f.task, &r, &first) != OK;
            f.flaky.fail_at = 0;
            assert_ok(&f.task, leftovers_sweep(&f.flow, &f.task, 0));
            struct fixture_count count = fixture_count(&f);
            assert_int_equal(count.blobs, count.projects);       /* all or nothing */
            assert_int_equal(count.leftovers, 0);
            assert_ok(&f.task, project_create(&f.flow, &f.task, &r, &first));
            assert_ok(&f.task, project_create(&f.flow, &f.task, &r, &second));
            assert_string_equal(first.project_id, ONCE);
            assert_string_equal(second.project_id, ONCE);
            count = fixture_count(&f);
            assert_true(count.projects == 1 && count.blobs == 1);
            flow_fixture_end(&f);
        }
    }
}

/* ---- editing ---- */

static void an_edit_changes_what_it_names(void **state)
{
    (void)state;
    struct flow_fixture f;
    struct project p;
    flow_fixture_begin(&f);
    const char *id = fixture_planned(&f);
    struct project before = fixture_load(&f, id);
    struct project_edit edit = project_edit_none();
    assert_ok(&f.task, project_edit(&f.flow, &f.task, id, &edit, &p));
    p.updated_at = before.updated_at;
    assert_string_equal(spelled(&f, &p), spelled(&f, &before));

    edit.concept     = "Another story";
    edit.style       = "noir";
    edit.aspect      = "9:16";
    edit.seconds     = 25;
    edit.scene_count = 0;
    edit.overlay     = 1;
    edit.sets_budget = true;
    edit.budget_usd  = 2.5;
    edit.webhook_url = "https://example.com/";
    edit.version     = p.version;
    assert_ok(&f.task, project_edit(&f.flow, &f.task, id, &edit, &p));
    p = fixture_load(&f, id);
    assert_string_equal(p.concept, "Another story");
    assert_string_equal(p.style, "noir");
    assert_true(p.width_px == 480 && p.height_px == 854);
    assert_int_equal(p.target_frames, 600);
    assert_int_equal(p.film_frames, 600);
    assert_true(p.overlay && p.wanted_scenes == 0 && p.budget_usd == 2.5);
    assert_string_equal(p.product, before.product);
    struct board b = fixture_board(&f, id);
    const struct artifact *plan = graph_find(&b.graph, ARTIFACT_PLAN, 0);
    assert_int_equal(plan->state, ARTIFACT_STALE);
    assert_non_null(strstr(plan->cause, "the concept changed"));
    assert_int_equal(b.scene_count, 5);
    flow_fixture_end(&f);
}

static void refused_edits_change_nothing(void **state)
{
    (void)state;
    struct flow_fixture f;
    flow_fixture_begin(&f);
    const char *id = fixture_project(&f);
    scoped(fd) int letter = fixture_bytes("Dear Sir", 8);
    const struct project_edit none = project_edit_none();
    struct {
        struct project_edit edit;
        enum err            code;
        const char         *field;
    } rows[16];
    size_t count = 0;
#define ROW(member, value, code_, field_)                                                                          \
    rows[count].edit = none, rows[count].edit.title = "new", rows[count].edit.member = value, rows[count].code = code_, \
    rows[count++].field = field_
    ROW(concept, "", ERR_INVALID, "conceptPrompt");
    ROW(title, "\xff", ERR_INVALID, "title");
    ROW(style, "noirr", ERR_INVALID, "directorConfig");
    ROW(planner, "none", ERR_INVALID, "planner");
    ROW(video, "none", ERR_INVALID, "video");
    ROW(aspect, "2:1", ERR_INVALID, "aspect");
    ROW(size, "8k", ERR_INVALID, "size");
    ROW(seconds, 0.5, ERR_INVALID, "targetDuration");
    ROW(seconds, 300, ERR_IMPOSSIBLE, "targetDuration");
    ROW(scene_count, 5000, ERR_INVALID, "wantedScenes");
    ROW(webhook_url, "nowhere", ERR_INVALID, "webhookUrl");
    ROW(audio, file_of_fd(letter, "letter"), ERR_MEDIA, "audio");
    ROW(character_picture, file_of_fd(letter, "letter"), ERR_MEDIA, "characterImage");
    ROW(version, 7, ERR_CONFLICT, "version");
#undef ROW
    struct fixture_count there = fixture_count(&f);
    for (size_t i = 0; i < count; i++) {
        struct project p;
        assert_refused(&f, project_edit(&f.flow, &f.task, id, &rows[i].edit, &p), rows[i].code, rows[i].field);
        struct fixture_count now = fixture_count(&f);
        assert_memory_equal(&now, &there, sizeof now);
    }
    assert_int_equal(fixture_load(&f, id).version, 1);
    flow_fixture_end(&f);
}

static void a_replaced_song_goes_and_a_kept_one_stays(void **state)
{
    (void)state;
    bool failed = true;
    for (int n = 1; failed; n++) {
        struct flow_fixture f;
        struct project p;
        flow_fixture_begin(&f);
        scoped(fd) int one = song_of(&f.task, 21), other = song_of(&f.task, 23);
        struct project_request r = fixture_request();
        r.audio = file_of_fd(one, "one.wav");
        assert_ok(&f.task, project_create(&f.flow, &f.task, &r, &p));
        const char *id = p.project_id, *first = p.audio_key;
        struct project_edit edit = project_edit_none();
        edit.audio      = file_of_fd(other, "other.wav");
        f.flaky.calls   = 0;
        f.flaky.after   = n % 2;
        f.flaky.fail_at = n;
        failed = project_edit(&f.flow, &f.task, id, &edit, &p) != OK;
        f.flaky.fail_at = 0;
        assert_ok(&f.task, leftovers_sweep(&f.flow, &f.task, 0));
        p = fixture_load(&f, id);
        struct blob_info info;
        assert_ok(&f.task, blob_stat(f.flow.blobs, &f.task, p.audio_key, &info));
        assert_int_equal(fixture_blobs(&f, project_folder(&f.task, id)), 1);
        assert_int_equal(fixture_count(&f).leftovers, 0);
        if (!failed)
            assert_string_not_equal(p.audio_key, first);
        flow_fixture_end(&f);
    }
}

/* ---- drafting ---- */

static void a_new_plan_replaces_the_old_under_new_numbers(void **state)
{
    (void)state;
    struct flow_fixture f;
    flow_fixture_begin(&f);
    const char *id = fixture_filmed(&f);
    struct board before = fixture_board(&f, id);
    assert_err(project_draft(&f.flow, &f.task, id, false), ERR_CONFLICT);
    assert_string_equal(f.task.fault.field, "again");
    assert_ok(&f.task, project_draft(&f.flow, &f.task, id, true));
    assert_err(project_draft(&f.flow, &f.task, id, true), ERR_CONFLICT);       /* it is being made */
    fixture_work(&f);
    struct board b = fixture_board(&f, id);
    assert_int_equal(b.project.status, PROJECT_PENDING);
    assert_int_equal(b.scene_count, 5);
    assert_int_equal(b.scenes[0].sequence, 6);
    assert_string_not_equal(b.scenes[1].prompt, before.scenes[1].prompt);
    assert_int_equal(graph_find(&b.graph, ARTIFACT_PLAN, 0)->state, ARTIFACT_CURRENT);
    struct take *takes;
    size_t count;
    assert_ok(&f.task, takes_load(f.store, &f.task, id, 1, &takes, &count));
    assert_int_equal(count, 1);                     /* nothing that was filmed is lost */
    struct blob_info info;
    assert_ok(&f.task, blob_stat(f.flow.blobs, &f.task, takes[0].key, &info));
    flow_fixture_end(&f);
}

static size_t count_scene_records(struct flow_fixture *f, const char *id)
{
    struct store_query query = { .pk = project_pk(&f->task, id), .sk_prefix = "SCENE#" };
    struct item *items;
    size_t count;
    assert_ok(&f->task, store_list(f->store, &f->task, &query, &items, &count));
    return count;
}

static void assert_filmed_board(struct flow_fixture *f, const char *id)
{
    struct board b = fixture_board(f, id);
    assert_int_equal(b.scene_count, 5);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(b.scenes[i].sequence, i + 1);
        assert_string_not_equal(b.scenes[i].take.key, "");
    }
    assert_int_equal(graph_find(&b.graph, ARTIFACT_TAKE, 5)->state, ARTIFACT_CURRENT);
}

/* A worker's turn at the plan: how it ended, and given up where it failed. */
static enum err plan_turn(struct flow_fixture *f, int fail_at)
{
    struct claimed_job c;
    assert_ok(&f->task, job_claim(&f->flow, &f->task, LANE_LIGHT, &c));
    f->flaky.calls   = 0;
    f->flaky.fail_at = fail_at;
    enum err e = step_run(&f->flow, &f->task, &c, NULL);
    f->flaky.fail_at = 0;
    if (e && e != ERR_CONFLICT)
        assert_ok(&f->task, job_give_up(&f->flow, &f->task, &c));
    pthread_mutex_destroy(&c.lock);
    return e;
}

/* The n-th call to the records fails, for every n: the board is the old one, filmed, or whole the new one; and what a
 * plan that was called off has left is in nobody's way. */
static void half_a_new_plan_takes_nothing_away(void **state)
{
    (void)state;
    enum err failed = ERR_FULL;
    for (int n = 1; failed; n++) {
        struct flow_fixture f;
        struct scene added;
        flow_fixture_begin(&f);
        f.flaky.error = ERR_FULL;
        const char *id = fixture_filmed(&f);
        assert_ok(&f.task, project_draft(&f.flow, &f.task, id, true));
        failed = plan_turn(&f, n);
        if (fixture_board(&f, id).scenes[0].sequence == 1) {
            assert_filmed_board(&f, id);
            if (fixture_load(&f, id).status == PROJECT_PROCESSING)
                assert_ok(&f.task, project_cancel(&f.flow, &f.task, id));
            assert_filmed_board(&f, id);
            assert_ok(&f.task, scene_add(&f.flow, &f.task, id, &(struct scene_idea){ .idea = "A dog", .after = -1 },
                                         &added));
            assert_int_equal(added.sequence, 6);
            assert_ok(&f.task, project_draft(&f.flow, &f.task, id, true));
            assert_ok(&f.task, plan_turn(&f, 0));
        }
        assert_ok(&f.task, leftovers_sweep(&f.flow, &f.task, 0));
        assert_int_equal(fixture_board(&f, id).scene_count, 5);
        assert_int_equal(count_scene_records(&f, id), 5);
        assert_int_equal(fixture_count(&f).leftovers, 0);
        flow_fixture_end(&f);
    }
}

/* While this one plans, its lease lapses, another plans and the scenes are filmed. */
static struct flow_fixture *overtaken;

static enum err slow_draft(struct task *t, const struct plan_request *request, struct plan *out)
{
    struct flow_fixture *f = overtaken;
    overtaken = NULL;
    if (f) {
        const int64_t all[] = { 6, 7, 8, 9, 10 };
        struct project p;
        assert_ok(t, project_unfinished(&f->flow, t, &p));
        f->clock.now_us += 2 * JOB_LEASE_US;
        assert_ok(t, jobs_recover(&f->flow, t, p.project_id));
        fixture_work(f);
        assert_ok(t, project_generate(&f->flow, t, p.project_id, all, 5));
        fixture_work(f);
        assert_int_equal(fixture_takes_filmed, 5);
    }
    return planner_offline.draft(t, request, out);
}

static void who_was_overtaken_takes_nothing_away(void **state)
{
    (void)state;
    struct flow_fixture f;
    flow_fixture_begin(&f);
    const char *id = fixture_filmed(&f);
    static const struct planner_driver slow = { .name = "offline", .draft = slow_draft };
    const struct planner_driver *const planners[] = { &slow, NULL };
    f.flow.planners = planners;
    overtaken = &f;
    assert_ok(&f.task, project_draft(&f.flow, &f.task, id, true));
    assert_err(plan_turn(&f, 0), ERR_CONFLICT);
    struct board b = fixture_board(&f, id);
    assert_int_equal(b.scene_count, 5);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(b.scenes[i].sequence, 6 + i);
        assert_string_not_equal(b.scenes[i].take.key, "");
    }
    flow_fixture_end(&f);
}

static enum err broken_draft(struct task *t, const struct plan_request *request, struct plan *out)
{
    (void)request;
    (void)out;
    return fail(t, ERR_REFUSED, "the planner has no ideas");
}

static void a_draft_that_fails_leaves_the_scenes(void **state)
{
    (void)state;
    struct flow_fixture f;
    flow_fixture_begin(&f);
    const char *id = fixture_planned(&f);
    static const struct planner_driver broken = { .name = "offline", .draft = broken_draft };
    const struct planner_driver *const planners[] = { &broken, NULL };
    f.flow.planners = planners;
    assert_ok(&f.task, project_draft(&f.flow, &f.task, id, true));
    fixture_work(&f);
    struct board b = fixture_board(&f, id);
    assert_int_equal(b.project.status, PROJECT_FAILED);
    assert_non_null(strstr(b.project.problem.message, "the planner has no ideas"));
    assert_int_equal(b.scenes[0].sequence, 1);
    assert_int_equal(graph_find(&b.graph, ARTIFACT_PLAN, 0)->state, ARTIFACT_CURRENT);
    flow_fixture_end(&f);
}

/* ---- filming and cutting ---- */

static void only_the_scenes_named_are_filmed(void **state)
{
    (void)state;
    struct flow_fixture f;
    flow_fixture_begin(&f);
    const char *unplanned = fixture_project(&f), *id = fixture_planned(&f);
    const int64_t wanted[] = { 3, 5 }, unknown[] = { 3, 9 };
    assert_err(project_generate(&f.flow, &f.task, unplanned, wanted, 2), ERR_CONFLICT);
    assert_refused(&f, project_generate(&f.flow, &f.task, id, unknown, 2), ERR_INVALID, "scenes[1]");
    assert_ok(&f.task, project_generate(&f.flow, &f.task, id, wanted, 2));
    assert_int_equal(fixture_load(&f, id).status, PROJECT_PROCESSING);
    assert_string_equal(fixture_load(&f, id).stage, "filming");
    fixture_work(&f);
    assert_int_equal(fixture_takes_filmed, 2);
    struct board b = fixture_board(&f, id);
    assert_int_equal(b.project.status, PROJECT_PENDING);       /* there is no film yet */
    for (int64_t s = 1; s <= 5; s++)
        assert_int_equal(board_scene(&b, s)->status, s == 3 || s == 5 ? PROJECT_COMPLETED : PROJECT_PENDING);
    flow_fixture_end(&f);
}

static void a_failure_of_before_does_not_spoil_another_scene(void **state)
{
    (void)state;
    struct flow_fixture f;
    flow_fixture_begin(&f);
    const char *id = fixture_planned(&f);
    const int64_t one[] = { 1 }, two[] = { 2 };
    fixture_filming_fails = true;
    assert_ok(&f.task, project_generate(&f.flow, &f.task, id, one, 1));
    fixture_work(&f);
    assert_int_equal(fixture_load(&f, id).status, PROJECT_FAILED);
    fixture_filming_fails = false;
    assert_ok(&f.task, project_generate(&f.flow, &f.task, id, two, 1));
    fixture_work(&f);
    assert_int_equal(fixture_load(&f, id).status, PROJECT_PENDING);
    assert_string_equal(fixture_load(&f, id).problem.message, "");
    assert_ok(&f.task, project_generate(&f.flow, &f.task, id, one, 1));       /* and it may be tried again */
    fixture_work(&f);
    assert_int_equal(fixture_takes_filmed, 2);
    flow_fixture_end(&f);
}

static void cutting_films_nothing(void **state)
{
    (void)state;
    struct flow_fixture f;
    struct scene s;
    flow_fixture_begin(&f);
    const char *id = fixture_planned(&f);
    const int64_t some[] = { 1, 2, 4 };
    assert_ok(&f.task, project_generate(&f.flow, &f.task, id, some, 3));
    fixture_work(&f);
    assert_err(project_compose(&f.flow, &f.task, id, false), ERR_CONFLICT);
    assert_non_null(strstr(f.task.fault.message, "3, 5"));
    const int64_t rest[] = { 3, 5 };
    assert_ok(&f.task, project_generate(&f.flow, &f.task, id, rest, 2));
    fixture_work(&f);
    const struct scene_edit edit = { .prompt = "Another picture", .lips_move = -1 };
    assert_ok(&f.task, scene_edit(&f.flow, &f.task, id, 2, &edit, &s));
    fixture_takes_filmed = 0;
    assert_ok(&f.task, project_compose(&f.flow, &f.task, id, false));
    struct board b = fixture_board(&f, id);
    assert_int_equal(b.project.goal, GOAL_CUT);
    assert_int_equal(graph_find(&b.graph, ARTIFACT_TAKE, 2)->state, ARTIFACT_CURRENT);       /* as the film takes it */
    assert_err(project_generate(&f.flow, &f.task, id, some, 1), ERR_CONFLICT);
    assert_err(scene_regenerate(&f.flow, &f.task, id, 1, &(struct scene_remake){ .seed = 5 }), ERR_CONFLICT);
    fixture_work(&f);
    assert_int_equal(fixture_takes_filmed, 0);
    flow_fixture_end(&f);
}

static void a_budget_is_kept(void **state)
{
    (void)state;
    struct flow_fixture f;
    struct project p;
    flow_fixture_begin(&f);
    const char *id = fixture_planned(&f);
    struct project_edit edit = project_edit_none();
    edit.sets_budget = true;
    edit.budget_usd  = 0;
    assert_ok(&f.task, project_edit(&f.flow, &f.task, id, &edit, &p));
    const int64_t one[] = { 1 };
    assert_ok(&f.task, project_generate(&f.flow, &f.task, id, one, 1));       /* free */
    flow_fixture_end(&f);
}

/* ---- cancelling ---- */

static void cancelling_stops_and_can_be_taken_up_again(void **state)
{
    (void)state;
    struct flow_fixture f;
    struct claimed_job running;
    flow_fixture_begin(&f);
    const char *id = fixture_planned(&f);
    assert_err(project_cancel(&f.flow, &f.task, id), ERR_CONFLICT);
    const int64_t all[] = { 1, 2, 3, 4, 5 };
    assert_ok(&f.task, project_generate(&f.flow, &f.task, id, all, 5));
    assert_ok(&f.task, job_claim(&f.flow, &f.task, LANE_CPU, &running));
    assert_ok(&f.task, job_look(&f.flow, &f.task, &running));
    assert_ok(&f.task, project_cancel(&f.flow, &f.task, id));
    assert_err(job_look(&f.flow, &f.task, &running), ERR_CONFLICT);
    assert_err(job_finish(&f.flow, &f.task, &running, NULL, 0), ERR_CONFLICT);
    assert_ok(&f.task, job_let_go(&f.flow, &f.task, &running));
    struct project p = fixture_load(&f, id);
    assert_int_equal(p.status, PROJECT_PENDING);
    assert_string_equal(p.problem.message, "it was cancelled");
    fixture_work(&f);
    assert_int_equal(fixture_takes_filmed, 0);
    assert_ok(&f.task, project_generate(&f.flow, &f.task, id, all, 5));
    assert_string_equal(fixture_load(&f, id).problem.message, "");
    fixture_work(&f);
    assert_int_equal(fixture_takes_filmed, 5);
    pthread_mutex_destroy(&running.lock);
    flow_fixture_end(&f);
}

static int jobs_under_way(struct flow_fixture *f, const char *id)
{
    struct job *jobs;
    size_t count;
    int under_way = 0;
    assert_ok(&f->task, jobs_load(f->store, &f->task, id, &jobs, &count));
    for (size_t i = 0; i < count; i++)
        under_way += jobs[i].state == JOB_QUEUED || jobs[i].state == JOB_RUNNING;
    return under_way;
}

/* The n-th call to the records fails, for every n: a job that could not be cancelled is the only one that was not, and
 * asking again cancels it though the project rests already. */
static void a_cancel_that_fails_half_way_is_ended_by_the_next(void **state)
{
    (void)state;
    const int64_t all[] = { 1, 2, 3, 4, 5 };
    int lone = 0;
    enum err failed = ERR_UNAVAILABLE;
    for (int n = 1; failed; n++) {
        struct flow_fixture f;
        flow_fixture_begin(&f);
        const char *id = fixture_planned(&f);
        assert_ok(&f.task, project_generate(&f.flow, &f.task, id, all, 5));
        assert_int_equal(jobs_under_way(&f, id), 5);
        f.flaky.calls   = 0;
        f.flaky.fail_at = n;
        failed = project_cancel(&f.flow, &f.task, id);
        f.flaky.fail_at = 0;
        int left = jobs_under_way(&f, id);
        lone += left == 1;
        assert_err(project_cancel(&f.flow, &f.task, id), left > 0 ? OK : ERR_CONFLICT);
        assert_int_equal(jobs_under_way(&f, id), 0);
        assert_int_equal(fixture_load(&f, id).status, PROJECT_PENDING);
        flow_fixture_end(&f);
    }
    assert_int_equal(lone, 5);
}

static void a_cancelled_regenerate_leaves_the_scene_as_it_was(void **state)
{
    (void)state;
    struct flow_fixture f;
    struct scene before, s;
    flow_fixture_begin(&f);
    const char *id = fixture_filmed(&f);
    assert_ok(&f.task, scene_load(f.store, &f.task, id, 2, &before));
    assert_ok(&f.task, scene_regenerate(&f.flow, &f.task, id, 2, &(struct scene_remake){ .prompt = "A dog" }));
    assert_ok(&f.task, project_cancel(&f.flow, &f.task, id));
    assert_ok(&f.task, scene_load(f.store, &f.task, id, 2, &s));
    assert_string_equal(s.prompt, before.prompt);
    assert_int_equal(s.seed, before.seed);
    struct board b = fixture_board(&f, id);
    assert_int_equal(graph_find(&b.graph, ARTIFACT_TAKE, 2)->state, ARTIFACT_CURRENT);
    fixture_work(&f);
    assert_int_equal(fixture_takes_filmed, 0);
    flow_fixture_end(&f);
}

/* A camera that goes on until it is told to stop. */
static atomic_int cameras_running;

static enum err endless_fetch(struct media *m, struct task *t, const struct video_request *request, const char *ticket,
                              int out, media_progress *progress, struct clip_info *info)
{
    (void)m, (void)request, (void)ticket, (void)out, (void)progress, (void)info;
    enum err e = OK;
    atomic_fetch_add(&cameras_running, 1);
    while (!(e = task_over(t)))
        usleep(1000);
    atomic_fetch_sub(&cameras_running, 1);
    return e;
}

static void what_runs_is_stopped(void **state)
{
    (void)state;
    struct flow_fixture f;
    struct workers *workers;
    struct fault fault;
    flow_fixture_begin(&f);
    const char *id = fixture_planned(&f);
    struct video_driver endless = *f.flow.videos[0];
    endless.fetch = endless_fetch;
    const struct video_driver *const videos[] = { &endless, NULL };
    f.flow.videos = videos;
    f.task.clock  = &clock_real;
    const int64_t all[] = { 1, 2, 3, 4, 5 };
    assert_ok(&f.task, project_generate(&f.flow, &f.task, id, all, 5));
    assert_ok(&f.task, workers_start(&f.task, &f.flow, &(struct workers_options){ .cpu_count = 2 }, &workers));
    int64_t seen = 0, give_up_us = clock_monotonic_us(&clock_real) + 20 * SECOND_US;
    while (atomic_load(&cameras_running) < 2 && clock_monotonic_us(&clock_real) < give_up_us)
        seen = workers_wait(workers, seen, SECOND_US / 100);
    assert_int_equal(atomic_load(&cameras_running), 2);
    assert_ok(&f.task, project_cancel(&f.flow, &f.task, id));
    while (atomic_load(&cameras_running) > 0 && clock_monotonic_us(&clock_real) < give_up_us)
        seen = workers_wait(workers, seen, SECOND_US / 100);
    assert_int_equal(atomic_load(&cameras_running), 0);
    assert_false(workers_fault(workers, &fault));
    workers_stop(workers, true);
    struct board b = fixture_board(&f, id);
    assert_int_equal(b.project.status, PROJECT_PENDING);
    for (size_t i = 0; i < b.graph.artifact_count; i++)
        assert_int_not_equal(b.graph.artifacts[i].state, ARTIFACT_RUNNING);
    flow_fixture_end(&f);
}

/* What was asked for while the last thing was being settled is not forgotten. */
static void work_asked_for_late_is_done(void **state)
{
    (void)state;
    struct flow_fixture f;
    flow_fixture_begin(&f);
    const char *id = fixture_planned(&f);
    const int64_t one[] = { 1 }, two[] = { 2 };
    assert_ok(&f.task, project_generate(&f.flow, &f.task, id, one, 1));
    assert_ok(&f.task, project_generate(&f.flow, &f.task, id, two, 1));
    assert_int_equal(fixture_load(&f, id).goal_scene_count, 2);
    fixture_work(&f);
    assert_int_equal(fixture_takes_filmed, 2);
    flow_fixture_end(&f);
}

static void style_forget(struct flow_fixture *f, const char *id)
{
    struct project p = fixture_load(f, id);
    p.style = "no-such-style";
    struct item_write write = project_write(&f->task, &p);
    assert_ok(&f->task, store_write(f->store, &f->task, &write, 1));
}

/* A file of styles or models that breaks while a film is made ends that film, with the reason. */
static void a_film_that_cannot_go_on_holds_up_no_other(void **state)
{
    (void)state;
    struct flow_fixture f;
    flow_fixture_begin(&f);
    const char *broken = fixture_planned(&f), *sound = fixture_planned(&f);
    const int64_t one[] = { 1 };
    assert_ok(&f.task, project_generate(&f.flow, &f.task, broken, one, 1));
    assert_ok(&f.task, project_generate(&f.flow, &f.task, sound, one, 1));
    style_forget(&f, broken);
    assert_ok(&f.task, jobs_recover_all(&f.flow, &f.task));
    struct project p = fixture_load(&f, broken);
    assert_int_equal(p.status, PROJECT_FAILED);
    assert_non_null(strstr(p.problem.message, "no-such-style"));
    assert_int_equal(fixture_load(&f, sound).status, PROJECT_PROCESSING);
    assert_ok(&f.task, jobs_recover_all(&f.flow, &f.task));
    assert_ok(&f.task, flow_go_on(&f.flow, &f.task, "01JD8K3M9Q2V7X4T6B5N0C1ARF"));    /* deleted meanwhile */
    flow_fixture_end(&f);
}

/* ---- the order ---- */

static void an_order_names_every_scene_once(void **state)
{
    (void)state;
    struct flow_fixture f;
    flow_fixture_begin(&f);
    const char *id = fixture_planned(&f);
    static const struct {
        int64_t  order[6];
        size_t   count;
        enum err e;
    } rows[] = {
        { { 3, 1, 2, 5, 4 }, 5, OK },           { { 1, 2, 3, 4 }, 4, ERR_INVALID },
        { { 1, 2, 3, 4, 4 }, 5, ERR_INVALID },  { { 1, 2, 3, 4, 5, 6 }, 6, ERR_INVALID },
        { { 0, 0, 0, 0, 0 }, 0, ERR_INVALID },  { { 1, 2, 3, 4, 6 }, 5, ERR_INVALID },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!rows[i].e)
            assert_ok(&f.task, project_reorder(&f.flow, &f.task, id, rows[i].order, rows[i].count));
        else
            assert_refused(&f, project_reorder(&f.flow, &f.task, id, rows[i].order, rows[i].count), rows[i].e, "sceneOrder");
        struct board b = fixture_board(&f, id);
        for (size_t k = 0; k < 5; k++)
            assert_int_equal(b.scenes[k].sequence, rows[0].order[k]);
    }
    flow_fixture_end(&f);
}

/* ---- copying and deleting ---- */

static void a_copy_stands_on_its_own(void **state)
{
    (void)state;
    struct flow_fixture f;
    struct project copy, again;
    flow_fixture_begin(&f);
    const char *id = fixture_filmed(&f);
    size_t blobs = fixture_blobs(&f, project_folder(&f.task, id));
    f.clock.now_us += SECOND_US;
    assert_ok(&f.task, project_duplicate(&f.flow, &f.task, id, ONCE, &copy));
    assert_ok(&f.task, project_duplicate(&f.flow, &f.task, id, ONCE, &again));
    assert_string_equal(copy.project_id, ONCE);
    assert_string_equal(again.project_id, ONCE);
    assert_int_equal(fixture_count(&f).projects, 2);
    assert_int_equal(fixture_blobs(&f, project_folder(&f.task, ONCE)), blobs);
    assert_ok(&f.task, project_delete(&f.flow, &f.task, id));
    struct board b = fixture_board(&f, ONCE);
    assert_int_equal(b.scene_count, 5);
    for (size_t i = 0; i < b.scene_count; i++) {
        struct blob_info info;
        assert_ok(&f.task, blob_stat(f.flow.blobs, &f.task, b.scenes[i].take.key, &info));
        assert_true(text_starts(b.scenes[i].clip.key, project_folder(&f.task, ONCE)));
        assert_int_equal(graph_find(&b.graph, ARTIFACT_CLIP, b.scenes[i].sequence)->state, ARTIFACT_CURRENT);
    }
    flow_fixture_end(&f);
}

static void half_a_copy_is_swept(void **state)
{
    (void)state;
    bool failed = true;
    for (int n = 1; failed; n += 3) {       /* every third call: there are many, all alike */
        struct flow_fixture f;
        struct project copy;
        flow_fixture_begin(&f);
        const char *id = fixture_filmed(&f);
        struct fixture_count there = fixture_count(&f);
        f.flaky.calls   = 0;
        f.flaky.after   = n % 2;
        f.flaky.fail_at = n;
        failed = project_duplicate(&f.flow, &f.task, id, "", &copy) != OK;
        f.flaky.fail_at = 0;
        assert_ok(&f.task, leftovers_sweep(&f.flow, &f.task, 0));
        struct fixture_count now = fixture_count(&f);
        assert_int_equal(now.leftovers, 0);
        assert_int_equal(now.blobs, there.blobs * now.projects);
        flow_fixture_end(&f);
    }
}

static void a_project_goes_whole(void **state)
{
    (void)state;
    bool failed = true;
    for (int n = 1; failed; n++) {
        struct flow_fixture f;
        flow_fixture_begin(&f);
        const char *id = fixture_filmed(&f);
        f.flaky.calls   = 0;
        f.flaky.after   = n % 2;
        f.flaky.fail_at = n;
        failed = project_delete(&f.flow, &f.task, id) != OK;
        f.flaky.fail_at = 0;
        assert_ok(&f.task, leftovers_sweep(&f.flow, &f.task, 0));
        struct fixture_count now = fixture_count(&f);
        assert_int_equal(now.leftovers, 0);
        if (now.projects == 0)
            assert_nothing_there(&f);
        else
            assert_int_equal(fixture_board(&f, id).scene_count, 5);
        assert_true(failed || now.projects == 0);
        flow_fixture_end(&f);
    }
}

/* ---- listing ---- */

enum { LISTED = 57 };

static void save_listed(struct flow_fixture *f)
{
    for (int i = 0; i < LISTED; i++) {
        f->clock.now_us += (i % 3) * SECOND_US;       /* some at the same instant */
        const char *now = time_iso8601(f->task.arena, f->clock.now_us);
        struct project p = {
            .project_id = ulid_new(&f->task), .status = PROJECT_PENDING + i % 4, .created_at = now, .updated_at = now,
        };
        struct item_write write = project_write(&f->task, &p);
        assert_ok(&f->task, store_write(f->store, &f->task, &write, 1));
    }
}

static void pages_show_every_project_once(void **state)
{
    (void)state;
    static const int64_t limits[] = { 1, 7, 56, 57, 58, 100 };
    struct flow_fixture f;
    flow_fixture_begin(&f);
    save_listed(&f);
    for (int status = PROJECT_NOT_SET; status <= PROJECT_FAILED; status++) {
        struct project *all;
        size_t all_count;
        assert_ok(&f.task, projects_load(f.store, &f.task, status, &all, &all_count));
        for (size_t l = 0; l < sizeof limits / sizeof *limits; l++) {
            const char *cursor = "";
            size_t seen = 0;
            do {
                struct project *page;
                size_t count;
                assert_ok(&f.task, projects_page(f.store, &f.task, status, limits[l], cursor, &page, &count, &cursor));
                assert_true(count <= (size_t)limits[l] && (count == (size_t)limits[l] || !*cursor));
                for (size_t i = 0; i < count; i++)
                    assert_string_equal(page[i].project_id, all[seen++].project_id);
            } while (*cursor);
            assert_int_equal(seen, all_count);
        }
    }
    flow_fixture_end(&f);
}

static void cursors_of_others_are_refused(void **state)
{
    (void)state;
    struct flow_fixture f;
    struct project *page;
    size_t count;
    const char *cursor;
    flow_fixture_begin(&f);
    save_listed(&f);
    assert_ok(&f.task, projects_page(f.store, &f.task, PROJECT_NOT_SET, 5, "", &page, &count, &cursor));
    char *bent = arena_copy(f.task.arena, cursor), *other = arena_copy(f.task.arena, cursor);
    bent[5]  = 'x';
    other[0] = '1';
    const char *bad[] = { "x", bent, other, cursor + 1, arena_format(f.task.arena, "%s0", cursor), "\xff\xff" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *next;
        assert_refused(&f, projects_page(f.store, &f.task, PROJECT_NOT_SET, 5, bad[i], &page, &count, &next), ERR_INVALID,
                       "cursor");
    }
    static const int64_t limits[] = { 0, -1, 101 };
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        assert_refused(&f, projects_page(f.store, &f.task, PROJECT_NOT_SET, limits[i], "", &page, &count, &cursor),
                       ERR_INVALID, "limit");
    flow_fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_out_of_form_leave_nothing),
        cmocka_unit_test(a_project_owns_its_files),
        cmocka_unit_test(creating_under_one_id_creates_one),
        cmocka_unit_test(an_edit_changes_what_it_names),
        cmocka_unit_test(refused_edits_change_nothing),
        cmocka_unit_test(a_replaced_song_goes_and_a_kept_one_stays),
        cmocka_unit_test(a_new_plan_replaces_the_old_under_new_numbers),
        cmocka_unit_test(half_a_new_plan_takes_nothing_away),
        cmocka_unit_test(who_was_overtaken_takes_nothing_away),
        cmocka_unit_test(a_draft_that_fails_leaves_the_scenes),
        cmocka_unit_test(only_the_scenes_named_are_filmed),
        cmocka_unit_test(a_failure_of_before_does_not_spoil_another_scene),
        cmocka_unit_test(cutting_films_nothing),
        cmocka_unit_test(a_budget_is_kept),
        cmocka_unit_test(cancelling_stops_and_can_be_taken_up_again),
        cmocka_unit_test(a_cancel_that_fails_half_way_is_ended_by_the_next),
        cmocka_unit_test(a_cancelled_regenerate_leaves_the_scene_as_it_was),
        cmocka_unit_test(what_runs_is_stopped),
        cmocka_unit_test(a_film_that_cannot_go_on_holds_up_no_other),
        cmocka_unit_test(work_asked_for_late_is_done),
        cmocka_unit_test(an_order_names_every_scene_once),
        cmocka_unit_test(a_copy_stands_on_its_own),
        cmocka_unit_test(half_a_copy_is_swept),
        cmocka_unit_test(a_project_goes_whole),
        cmocka_unit_test(pages_show_every_project_once),
        cmocka_unit_test(cursors_of_others_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
