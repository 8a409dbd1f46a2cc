#include "flow_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "blob/blob_driver.h"
#include "flow/steps.h"
#include "queue/queue_driver.h"

bool fixture_filming_fails;
int  fixture_takes_filmed;

static enum err stub_submit(struct media *m, struct task *t, const struct video_request *request, const char **out)
{
    (void)m;
    (void)request;
    if (fixture_filming_fails)
        return fail(t, ERR_REFUSED, "the camera is broken");
    *out = "ticket";
    return OK;
}

static enum err stub_poll(struct media *m, struct task *t, const char *ticket, struct video_status *out)
{
    (void)m;
    (void)t;
    (void)ticket;
    *out = (struct video_status){ .state = VIDEO_READY };
    return OK;
}

static enum err stub_fetch(struct media *m, struct task *t, const struct video_request *request, const char *ticket,
                           int out, media_progress *progress, struct clip_info *info)
{
    (void)m;
    (void)ticket;
    (void)progress;
    fixture_takes_filmed++;
    *info = (struct clip_info){
        .container = "mp4", .video_codec = "h264", .audio_codec = "", .has_video = true,
        .width_px = request->picture.width_px, .height_px = request->picture.height_px,
        .rate_num = 24, .rate_den = 1, .frame_count = request->picture.frame_count,
    };
    return file_write_all(t, out, request->prompt, strlen(request->prompt));
}

static const struct video_driver stub_video = {
    .name = "animatic", .submit = stub_submit, .poll = stub_poll, .fetch = stub_fetch,
};
static const struct video_driver *const videos[] = { &stub_video, NULL };
static const struct planner_driver *const planners[] = { &planner_offline, NULL };

void flow_fixture_begin(struct flow_fixture *f)
{
    *f = (struct flow_fixture){ .clock = clock_fake(1700000000 * SECOND_US) };
    task_init(&f->task, "test");
    f->task.clock = &f->clock;
    f->flow = (struct flow){
        .worker = "one", .owns_store = true, .videos = videos, .planners = planners,
        .styles.shipped = getenv("STORYREEL_SOURCE"),
        .models.shipped = arena_format(f->task.arena, "%s/models", getenv("STORYREEL_SOURCE")),
    };
    assert_ok(&f->task, store_memory_open(&f->task, &f->store));
    f->flow.store = store_flaky_init(&f->flaky, f->store, 0, ERR_UNAVAILABLE);
    assert_ok(&f->task, queue_memory_open(&f->task, &f->flow.queue));
    assert_ok(&f->task, blob_memory_open(&f->task, &f->flow.blobs));
    assert_ok(&f->task, media_open(&f->task, getenv("MEDIA_CHILD_HOST"), &f->flow.media));
    fixture_filming_fails = false;
    fixture_takes_filmed  = 0;
}

void flow_fixture_end(struct flow_fixture *f)
{
    store_close(f->store);
    queue_close(f->flow.queue);
    blob_close(f->flow.blobs);
    media_close(f->flow.media);
    task_done(&f->task);
}

struct project_request fixture_request(void)
{
    const struct source_file none = { .fd = -1, .name = "" };
    return (struct project_request){
        .mode = "ad-creative", .concept = "A woman comes home from a cold walk and the kettle is already warm",
        .character = "Ada, a tall woman in a green coat", .product = "the Ember kettle, copper, with a wooden handle",
        .size = "480p", .seconds = 20, .scene_count = 5, .budget_usd = -1,
        .audio = none, .character_picture = none, .product_picture = none,
    };
}

const char *fixture_project(struct flow_fixture *f)
{
    struct project p;
    struct project_request r = fixture_request();
    assert_ok(&f->task, project_create(&f->flow, &f->task, &r, &p));
    return p.project_id;
}

const char *fixture_planned(struct flow_fixture *f)
{
    const char *id = fixture_project(f);
    assert_ok(&f->task, project_draft(&f->flow, &f->task, id, false));
    fixture_work(f);
    assert_int_equal(fixture_board(f, id).scene_count, 5);
    return id;
}

const char *fixture_filmed(struct flow_fixture *f)
{
    const char *id = fixture_planned(f);
    const int64_t all[] = { 1, 2, 3, 4, 5 };
    assert_ok(&f->task, project_generate(&f->flow, &f->task, id, all, 5));
    fixture_work(f);
    assert_int_equal(fixture_takes_filmed, 5);
    fixture_takes_filmed = 0;
    return id;
}

static bool needs_media(const struct job *j)
{
    return text_equal(j->kind, "track") || text_equal(j->kind, "film");
}

static bool work_once(struct flow_fixture *f, enum queue_lane lane)
{
    struct claimed_job c;
    struct task *t = &f->task;
    enum err e = job_claim(&f->flow, t, lane, &c);
    if (e == ERR_NOT_FOUND)
        return false;
    assert_ok(t, e);
    if (!needs_media(&c.job)) {
        e = step_run(&f->flow, t, &c, NULL);
        if (e && e != ERR_CONFLICT)
            assert_ok(t, job_give_up(&f->flow, t, &c));
        assert_ok(t, flow_advance(&f->flow, t, c.job.project_id));
    }
    pthread_mutex_destroy(&c.lock);
    return true;
}

void fixture_work(struct flow_fixture *f)
{
    while (work_once(f, LANE_LIGHT) || work_once(f, LANE_CPU))
        f->clock.now_us += SECOND_US;
}

struct project fixture_load(struct flow_fixture *f, const char *id)
{
    struct project p;
    assert_ok(&f->task, project_load(f->store, &f->task, id, &p));
    return p;
}

struct board fixture_board(struct flow_fixture *f, const char *id)
{
    struct board b;
    assert_ok(&f->task, board_load(&f->flow, &f->task, id, &b));
    return b;
}

static size_t count_index(struct flow_fixture *f, const char *index)
{
    struct store_index_query query = { .index_pk = index };
    struct item *items;
    size_t count;
    assert_ok(&f->task, store_list_index(f->store, &f->task, &query, &items, &count));
    return count;
}

size_t fixture_blobs(struct flow_fixture *f, const char *prefix)
{
    struct blob_info *all;
    size_t count;
    assert_ok(&f->task, blob_list(f->flow.blobs, &f->task, prefix, &all, &count));
    return count;
}

struct fixture_count fixture_count(struct flow_fixture *f)
{
    struct fixture_count count = {
        .leftovers = count_index(f, "LEFTOVER"), .blobs = fixture_blobs(f, ""),
    };
    for (int status = PROJECT_PENDING; status <= PROJECT_FAILED; status++)
        count.projects += count_index(f, project_status_names[status]);
    return count;
}
