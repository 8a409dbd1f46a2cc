/*
 * News for others, on the memory store, with a clock that the test moves and a receiver of its own on loopback: news
 * is a row of the transaction that makes it true, it is signed so that a receiver can check it, told once when heard,
 * again with growing pauses when not, and not for ever.
 */
#include "test.h"

#include <string.h>
#include <sys/stat.h>

#include "base/hash.h"
#include "base/text.h"
#include "flow/jobs.h"
#include "flow/webhooks.h"
#include "queue/queue_driver.h"
#include "scratch.h"
#include "store/store_driver.h"
#include "suite.h"
#include "web_stub.h"

#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

struct fixture {
    struct task     task;
    struct clock    clock;
    struct flow     flow;
    struct net     *net;
    struct web_stub web;
    const char     *status;               /* what the receiver answers */
    struct web_request heard;             /* the last one */
    struct project  project;
};

static void receive(void *shared, const struct web_request *r, int connection)
{
    struct fixture *f = shared;
    f->heard = *r;
    web_reply(connection, f->status, "", "thanks");
}

static void begin(struct fixture *f)
{
    *f = (struct fixture){ .clock = clock_fake(INT64_C(1900000000) * SECOND_US), .status = "204 No Content" };
    task_init(&f->task, "test");
    assert_ok(&f->task, store_memory_open(&f->task, &f->flow.store));
    assert_ok(&f->task, queue_memory_open(&f->task, &f->flow.queue));
    assert_ok(&f->task, net_open(&f->task, &(struct net_options){ .loopback = true }, &f->net));
    web_stub_start(&f->web, receive, f);
    f->flow.net            = f->net;
    f->flow.webhook_secret = SECRET;
    f->flow.worker         = "one";
    f->project = (struct project){
        .project_id = "P", .status = PROJECT_PROCESSING, .created_at = "2030",
        .webhook_url = arena_format(f->task.arena, "http://127.0.0.1:%d/news", f->web.port),
    };
    struct item_write write = project_write(&f->task, &f->project);
    assert_ok(&f->task, store_write(f->flow.store, &f->task, &write, 1));
    f->project.version = 1;
}

static void end(struct fixture *f)
{
    web_stub_stop(&f->web);
    net_close(f->net);
    store_close(f->flow.store);
    queue_close(f->flow.queue);
    task_done(&f->task);
}

static size_t waiting(struct fixture *f)
{
    struct store_index_query query = { .index_pk = "WEBHOOK" };
    struct item *items;
    size_t count;
    assert_ok(&f->task, store_list_index(f->flow.store, &f->task, &query, &items, &count));
    return count;
}

/* The project comes to rest, and its news with it. */
static void settle(struct fixture *f, int status)
{
    struct item_write writes[2];
    struct project there;
    assert_ok(&f->task, project_load(f->flow.store, &f->task, "P", &there));
    f->project.newer = there.newer;
    f->project.status = status;
    writes[0] = project_write(&f->task, &f->project);
    size_t count = 1 + webhook_of_project(&f->task, &f->project, &writes[1]);
    assert_ok(&f->task, store_write(f->flow.store, &f->task, writes, count));
    f->project.version++;
}

static int64_t tell(struct fixture *f)
{
    int64_t next_us;
    f->task.clock = &f->clock;
    assert_ok(&f->task, webhooks_tell(&f->flow, &f->task, &next_us));
    return next_us;
}

static void signatures_are_those_of_the_standard(void **state)
{
    (void)state;
    struct task t;
    const char *signature;
    task_init(&t, "test");
    /* The example of the Standard Webhooks libraries. */
    assert_ok(&t, webhook_signature(&t, SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}",
                                    &signature));
    assert_string_equal(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    static const char *const bad[] = { "", "secret", "whsec_", "whsec_a", "whsec_****", "whsec_====",
                                       "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" };
    for (size_t i = 0; i < SUITE_COUNT(bad); i++)
        assert_err(webhook_signature(&t, bad[i], "id", 1, "{}", &signature), ERR_INVALID);
    task_done(&t);
}

static void what_came_to_rest_is_told_once(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    f.task.clock = &f.clock;
    settle(&f, PROJECT_COMPLETED);
    assert_int_equal(tell(&f), INT64_MAX);
    assert_int_equal(tell(&f), INT64_MAX);
    assert_int_equal(waiting(&f), 0);
    end(&f);
    assert_int_equal(f.web.requests, 1);
    assert_string_equal(f.heard.method, "POST");
    assert_string_equal(f.heard.path, "/news");
    assert_string_equal(web_header(&f.heard, "content-type"), "application/json");
    assert_string_equal(f.heard.body, "{\"type\":\"project.completed\",\"timestamp\":\"2030-03-17T17:46:40.000Z\","
                                      "\"data\":{\"projectId\":\"P\",\"status\":\"completed\"}}");
}

/* As a receiver would check it. */
static void a_receiver_can_check_who_speaks(void **state)
{
    (void)state;
    struct fixture f;
    const char *expected;
    begin(&f);
    f.task.clock = &f.clock;
    f.project.problem = (struct problem){ "MEDIA", "the take of scene 3 failed", "give another picture" };
    settle(&f, PROJECT_FAILED);
    tell(&f);
    assert_string_equal(web_header(&f.heard, "webhook-timestamp"), "1900000000");
    assert_ok(&f.task, webhook_signature(&f.task, SECRET, web_header(&f.heard, "webhook-id"), 1900000000, f.heard.body,
                                         &expected));
    assert_string_equal(web_header(&f.heard, "webhook-signature"), expected);
    assert_non_null(strstr(f.heard.body, "\"type\":\"project.failed\""));
    assert_non_null(strstr(f.heard.body, "\"message\":\"the take of scene 3 failed\""));
    end(&f);
}

static void a_scene_that_fails_is_told(void **state)
{
    (void)state;
    struct fixture f;
    struct claimed_job c;
    begin(&f);
    f.task.clock = &f.clock;
    struct artifact art = { .kind = ARTIFACT_TAKE, .sequence = 3, .hash = "aaaaaaaaaaaaaaaa" };
    assert_ok(&f.task, job_enqueue(&f.flow, &f.task, "P", &art, false));
    assert_ok(&f.task, job_claim(&f.flow, &f.task, LANE_CPU, &c));
    assert_err(refuse(&f.task, ERR_REFUSED, "use other words", "the words were refused"), ERR_REFUSED);
    assert_ok(&f.task, job_give_up(&f.flow, &f.task, &c));
    assert_int_equal(waiting(&f), 1);
    tell(&f);
    assert_non_null(strstr(f.heard.body, "\"type\":\"scene.failed\""));
    assert_non_null(strstr(f.heard.body, "\"sequence\":3"));
    assert_non_null(strstr(f.heard.body, "\"next\":\"use other words\""));
    end(&f);
}

static void nobody_is_told_who_did_not_ask(void **state)
{
    (void)state;
    struct fixture f;
    struct item_write write;
    begin(&f);
    f.project.status = PROJECT_PROCESSING;
    assert_int_equal(webhook_of_project(&f.task, &f.project, &write), 0);
    f.project.status = PROJECT_PENDING;
    assert_int_equal(webhook_of_project(&f.task, &f.project, &write), 0);
    f.project.status = PROJECT_COMPLETED;
    f.project.webhook_url = "";
    assert_int_equal(webhook_of_project(&f.task, &f.project, &write), 0);
    end(&f);
}

static void who_does_not_hear_is_told_again_but_not_for_ever(void **state)
{
    (void)state;
    struct fixture f;
    char id[64] = "";
    int64_t last_us = 0, begun_us;
    begin(&f);
    f.task.clock = &f.clock;
    f.status = "500 Internal Server Error";
    settle(&f, PROJECT_COMPLETED);
    begun_us = f.clock.now_us;
    for (int attempt = 1; attempt < WEBHOOK_ATTEMPTS; attempt++) {
        int64_t next_us = tell(&f);
        assert_int_equal(f.web.requests, attempt);
        assert_true(next_us > 1.2 * (double)last_us);      /* the pauses grow */
        if (attempt > 1)
            assert_string_equal(web_header(&f.heard, "webhook-id"), id);
        snprintf(id, sizeof id, "%s", web_header(&f.heard, "webhook-id"));
        f.clock.now_us += next_us / 2;
        tell(&f);
        assert_int_equal(f.web.requests, attempt);         /* not before it is due */
        f.clock.now_us += next_us;
        last_us = next_us;
    }
    assert_int_equal(waiting(&f), 1);
    tell(&f);
    assert_int_equal(waiting(&f), 0);
    assert_true(f.clock.now_us - begun_us > 24 * 3600 * SECOND_US);
    end(&f);
    assert_int_equal(f.web.requests, WEBHOOK_ATTEMPTS);
}

static void answers_decide_whether_it_was_heard(void **state)
{
    (void)state;
    static const struct {
        const char *status;
        bool        over;
    } cases[] = {
        { "200 OK", true },         { "202 Accepted", true },     { "302 Found", false },
        { "400 Bad Request", false }, { "410 Gone", true },       { "503 Service Unavailable", false },
    };
    for (size_t i = 0; i < SUITE_COUNT(cases); i++) {
        struct fixture f;
        begin(&f);
        f.task.clock = &f.clock;
        f.status = cases[i].status;
        settle(&f, PROJECT_COMPLETED);
        tell(&f);
        assert_int_equal(waiting(&f), !cases[i].over);
        end(&f);
    }
}

/* Where to is read when it is told: an address that changed, went away, or is not of the public internet. */
static void the_address_is_that_of_the_project_now(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    f.task.clock = &f.clock;
    settle(&f, PROJECT_COMPLETED);
    const char *right = f.project.webhook_url;
    f.project.webhook_url = "https://169.254.169.254/latest";
    settle(&f, PROJECT_PROCESSING);
    int64_t next_us = tell(&f);
    assert_int_equal(waiting(&f), 1);
    assert_int_equal(f.web.requests, 0);
    f.project.webhook_url = right;
    settle(&f, PROJECT_PROCESSING);
    f.clock.now_us += next_us;
    tell(&f);
    assert_int_equal(f.web.requests, 1);
    assert_int_equal(waiting(&f), 0);

    settle(&f, PROJECT_COMPLETED);
    f.project.webhook_url = "";
    settle(&f, PROJECT_PROCESSING);
    tell(&f);
    assert_int_equal(waiting(&f), 0);
    end(&f);
    assert_int_equal(f.web.requests, 1);
}

static void tell_in_thread(int number, void *shared)
{
    struct fixture *f = shared;
    struct task t;
    int64_t next_us;
    (void)number;
    task_init(&t, "teller");
    t.clock = &f->clock;
    assert_ok(&t, webhooks_tell(&f->flow, &t, &next_us));
    task_done(&t);
}

static void many_tellers_tell_it_once(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    f.task.clock = &f.clock;
    settle(&f, PROJECT_COMPLETED);
    threads_run(4, tell_in_thread, &f);
    assert_int_equal(waiting(&f), 0);
    end(&f);
    assert_int_equal(f.web.requests, 1);
}

static void a_secret_is_made_once_and_kept_private(void **state)
{
    (void)state;
    struct scratch folder = scratch_new();
    struct task t;
    struct stat file;
    const char *one, *two, *other, *signature;
    task_init(&t, "test");
    assert_ok(&t, webhook_secret_open(&t, NULL, folder.path, &one));
    assert_ok(&t, webhook_secret_open(&t, "", folder.path, &two));
    assert_ok(&t, webhook_secret_open(&t, "", "", &other));
    assert_string_equal(one, two);
    assert_string_not_equal(one, other);
    assert_ok(&t, webhook_signature(&t, one, "id", 1, "{}", &signature));
    assert_ok(&t, webhook_secret_open(&t, SECRET, folder.path, &other));
    assert_string_equal(other, SECRET);
    assert_err(webhook_secret_open(&t, "hunter2", folder.path, &other), ERR_INVALID);
    assert_int_equal(stat(scratch_path(&folder, "webhook-secret"), &file), 0);
    assert_int_equal(file.st_mode & 0777, 0600);
    scratch_done(&folder);
    task_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures_are_those_of_the_standard),
        cmocka_unit_test(what_came_to_rest_is_told_once),
        cmocka_unit_test(a_receiver_can_check_who_speaks),
        cmocka_unit_test(a_scene_that_fails_is_told),
        cmocka_unit_test(nobody_is_told_who_did_not_ask),
        cmocka_unit_test(who_does_not_hear_is_told_again_but_not_for_ever),
        cmocka_unit_test(answers_decide_whether_it_was_heard),
        cmocka_unit_test(the_address_is_that_of_the_project_now),
        cmocka_unit_test(many_tellers_tell_it_once),
        cmocka_unit_test(a_secret_is_made_once_and_kept_private),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
