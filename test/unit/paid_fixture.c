#include "paid_fixture.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "blob/blob_driver.h"
#include "flow/steps.h"
#include "queue/queue_driver.h"
#include "store/store_driver.h"

static const char descriptor[] =
    "title: Fake\ndriver: fake\nversion: \"1\"\nremote: fake/one\nlengths: [4, 6, 8]\nusdPerSecond: 0.1\n"
    "keepSeconds: 3600\n";

/* Too short for any of the scenes. */
static const char brief[] =
    "title: Brief\ndriver: fake\nversion: \"1\"\nremote: fake/two\nlengths: [1, 2]\nusdPerSecond: 0.1\n";

static const struct video_driver *const videos[] = { &video_fake, NULL };
static const struct planner_driver *const planners[] = { &planner_offline, NULL };

static void flow_set(struct paid_fixture *f, const char *worker)
{
    task_init(&f->task, "test");
    f->clock      = clock_fake(fake_provider->now_us);
    f->task.clock = &f->clock;
    f->flow = (struct flow){
        .worker = worker, .owns_store = true, .videos = videos, .planners = planners,
        .styles.shipped = getenv("STORYREEL_SOURCE"),
        .models.user = arena_copy(f->task.arena, scratch_path(&f->scratch, "models")),
        .models.shipped = arena_format(f->task.arena, "%s/models", getenv("STORYREEL_SOURCE")),
    };
}

static void begin(struct paid_fixture *f)
{
    *f = (struct paid_fixture){ .scratch = scratch_in_memory() };
    fake_provider_new();
    fake_provider->now_us = 1700000000 * SECOND_US;
    mkdir(scratch_path(&f->scratch, "models"), 0755);
    spill(scratch_path(&f->scratch, "models/fake.yaml"), descriptor, strlen(descriptor));
    spill(scratch_path(&f->scratch, "models/other.yaml"), descriptor, strlen(descriptor));
    spill(scratch_path(&f->scratch, "models/brief.yaml"), brief, strlen(brief));
}

void paid_begin(struct paid_fixture *f)
{
    begin(f);
    flow_set(f, "one");
    assert_ok(&f->task, store_memory_open(&f->task, &f->flow.store));
    assert_ok(&f->task, queue_memory_open(&f->task, &f->flow.queue));
    assert_ok(&f->task, blob_memory_open(&f->task, &f->flow.blobs));
}

void paid_begin_on_disk(struct paid_fixture *f)
{
    begin(f);
    paid_open(f, "first");
}

void paid_open(struct paid_fixture *f, const char *worker)
{
    flow_set(f, worker);
    const char *folder = arena_copy(f->task.arena, scratch_path(&f->scratch, "data"));
    assert_ok(&f->task, store_sqlite_open(&f->task, folder, &f->flow.store));
    assert_ok(&f->task, queue_sqlite_open(&f->task, folder, &f->flow.queue));
    assert_ok(&f->task, blob_local_open(&f->task, arena_format(f->task.arena, "%s/media", folder), &f->flow.blobs));
}

void paid_close(struct paid_fixture *f)
{
    fake_provider->now_us = f->clock.now_us;
    store_close(f->flow.store);
    queue_close(f->flow.queue);
    blob_close(f->flow.blobs);
    task_done(&f->task);
}

void paid_end(struct paid_fixture *f)
{
    paid_close(f);
    scratch_done(&f->scratch);
}

void paid_project(struct paid_fixture *f, double budget_usd)
{
    struct task *t = &f->task;
    int64_t sequences[PAID_SCENES];
    struct item_write writes[PAID_SCENES + 1];
    for (int i = 0; i < PAID_SCENES; i++) {
        sequences[i] = i + 1;
        struct scene s = { .sequence = i + 1, .title = "A scene", .used_frames = 90, .film_frames = 96,
                           .prompt = arena_format(t->arena, "what scene %d shows", i + 1), .seed = 100 + i,
                           .next_take = 1 };
        writes[i] = scene_write(t, "P", &s);
    }
    struct project p = {
        .project_id = "P", .title = "Paid", .status = PROJECT_PROCESSING, .mode = "ad-creative", .planner = "offline",
        .style = "documentary", .video = "fake", .concept = "a test", .aspect = "16:9", .size = "720p",
        .width_px = 1280, .height_px = 720, .target_frames = 180, .next_sequence = PAID_SCENES + 1, .seed = 1,
        .budget_usd = budget_usd, .plan = { .hash = "planned", .key = "plan", .parts = "" },
        .goal = GOAL_SCENES, .goal_scenes = sequences, .goal_scene_count = PAID_SCENES,
        .created_at = "2023-11-14T22:13:20.000Z", .updated_at = "2023-11-14T22:13:20.000Z",
    };
    writes[PAID_SCENES] = project_write(t, &p);
    assert_ok(t, store_write(f->flow.store, t, writes, PAID_SCENES + 1));
}

void paid_start(struct paid_fixture *f)
{
    struct task *t = &f->task;
    assert_ok(t, paid_recover(&f->flow, t));
    assert_ok(t, jobs_recover(&f->flow, t, "P"));
    assert_ok(t, flow_advance(&f->flow, t, "P"));
}

/* One turn, as a worker of the waiting lane has it. False when nothing is due. */
static bool turn(struct paid_fixture *f)
{
    struct claimed_job c;
    struct task *t = &f->task;
    enum err e = job_claim(&f->flow, t, LANE_WAIT, &c);
    if (e == ERR_NOT_FOUND)
        return false;
    assert_ok(t, e);
    e = step_run(&f->flow, t, &c, NULL);
    if (e && e != ERR_CONFLICT)
        e = job_give_up(&f->flow, t, &c);
    if (e == ERR_CONFLICT)
        e = job_let_go(&f->flow, t, &c);
    assert_ok(t, e);
    e = f->blocked ? OK : flow_advance(&f->flow, t, "P");
    if (e != ERR_CONFLICT) /* another was faster, as in workers.c */
        assert_ok(t, e);
    pthread_mutex_destroy(&c.lock);
    return true;
}

/* To what is due next, if anything is. */
static bool wait_on(struct paid_fixture *f)
{
    int64_t due_us;
    assert_ok(&f->task, queue_next_due(f->flow.queue, &f->task, LANE_WAIT, &due_us));
    if (due_us == INT64_MAX)
        return false;
    if (due_us > f->clock.now_us)
        f->clock.now_us = due_us;
    fake_provider->now_us = f->clock.now_us;
    return true;
}

int paid_work(struct paid_fixture *f, int turns)
{
    int had = 0;
    while (had < turns && wait_on(f))
        had += turn(f);
    return had;
}

struct job paid_job(struct paid_fixture *f, int64_t sequence)
{
    struct job *jobs, found = { .state = JOB_NOT_SET, .step = "" };
    size_t count;
    assert_ok(&f->task, jobs_load(f->flow.store, &f->task, "P", &jobs, &count));
    for (size_t i = 0; i < count; i++) {
        if (jobs[i].sequence == sequence && text_equal(jobs[i].kind, "take"))
            found = jobs[i];
    }
    return found;
}

struct spend paid_spend(struct paid_fixture *f, int64_t sequence)
{
    struct spend *all, found = { .state = SPEND_NOT_SET };
    size_t count;
    assert_ok(&f->task, spends_load(f->flow.store, &f->task, "P", &all, &count));
    for (size_t i = 0; i < count; i++) {
        if (all[i].sequence == sequence)
            found = all[i];
    }
    return found;
}

struct project paid_load(struct paid_fixture *f)
{
    struct project p;
    assert_ok(&f->task, project_load(f->flow.store, &f->task, "P", &p));
    return p;
}

/* ---- the books ---- */

static bool is_paid(const struct spend *s)
{
    return s->state == SPEND_SETTLED || s->state == SPEND_WASTED;
}

static const struct spend *row_of(const struct spend *rows, size_t count, const char *ticket)
{
    for (size_t i = 0; i < count; i++) {
        if (text_equal(rows[i].remote_id, ticket))
            return &rows[i];
    }
    return NULL;
}

static void audit_rows(struct paid_fixture *f, const struct spend *rows, size_t count)
{
    int64_t spent = 0;
    for (size_t i = 0; i < count; i++) {
        if (spend_is_open(&rows[i]))
            test_failed("a call of scene %d is still %s", (int)rows[i].sequence, spend_state_names[rows[i].state]);
        spent += is_paid(&rows[i]) ? rows[i].micros : 0;
    }
    struct budget project;
    assert_ok(&f->task, budget_of_project(f->flow.store, &f->task, "P", &project));
    assert_int_equal(project.held, 0);
    assert_int_equal(project.spent, spent);
}

static void audit_jobs(struct paid_fixture *f)
{
    for (int64_t sequence = 1; sequence <= PAID_SCENES; sequence++) {
        struct job j = paid_job(f, sequence);
        if (j.state == JOB_QUEUED || j.state == JOB_RUNNING)
            test_failed("the job of scene %d is still %s at \"%s\"", (int)sequence, job_state_names[j.state], j.step);
    }
}

int paid_count_twice(void)
{
    int twice = 0;
    fake_billed();
    for (int i = 0; i < fake_provider->call_count; i++) {
        const struct fake_call *c = &fake_provider->calls[i];
        for (int k = 0; k < i; k++)
            twice += c->billed && fake_provider->calls[k].billed && text_equal(fake_provider->calls[k].input, c->input);
    }
    return twice;
}

int paid_audit(struct paid_fixture *f)
{
    struct spend *rows;
    size_t count;
    int twice = paid_count_twice();
    assert_ok(&f->task, spends_load(f->flow.store, &f->task, "P", &rows, &count));
    for (int i = 0; i < fake_provider->call_count; i++) {
        const struct fake_call *c = &fake_provider->calls[i];
        const struct spend *row = row_of(rows, count, c->id);
        if (c->billed && !row)
            test_failed("call %s was charged for and no row knows it", c->id);
        if (row && is_paid(row) != c->billed)
            test_failed("call %s was %scharged for and its row is %s", c->id, c->billed ? "" : "not ",
                        spend_state_names[row->state]);
    }
    audit_rows(f, rows, count);
    audit_jobs(f);
    return twice;
}
