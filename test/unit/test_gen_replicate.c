/*
 * Videos at Replicate, against a server of this test's own: what a scene asks of a model, what becomes of a call that
 * is sent, what is found in the list, what a run's states mean. The descriptors are those that are shipped.
 */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "gen/replicate.h"
#include "gen/video.h"
#include "suite.h"
#include "web_stub.h"

struct fixture {
    struct task     task;
    struct clock    clock;
    struct net     *net;
    struct secret  *key;
    struct services all;
    struct model    model;
    struct web_stub web;
    const char     *status, *headers, *body;   /* what is answered */
    char            path[300], sent[4000], cancel_after[40];
};

static const struct video_remote *remote(void)
{
    return video_replicate.remote;
}

static void answer(void *shared, const struct web_request *r, int c)
{
    struct fixture *f = shared;
    snprintf(f->path, sizeof f->path, "%s %s", r->method, r->path);
    snprintf(f->sent, sizeof f->sent, "%s", r->body);
    snprintf(f->cancel_after, sizeof f->cancel_after, "%s", web_header(r, "Cancel-After"));
    if (f->status)
        web_reply(c, f->status, f->headers ? f->headers : "", f->body);
}                                         /* without a status the connection just ends */

static void begin(struct fixture *f, const char *model)
{
    *f = (struct fixture){ 0 };
    task_init(&f->task, "test");
    assert_ok(&f->task, net_open(&f->task, &(struct net_options){ 0 }, &f->net));
    assert_ok(&f->task, secret_new(&f->task, "the key", "r8_test", &f->key));
    web_stub_start(&f->web, answer, f);
    f->all = services_make(f->net);
    f->all.at[SERVICE_REPLICATE].key = f->key;
    f->all.at[SERVICE_REPLICATE].url = arena_format(f->task.arena, "http://127.0.0.1:%d", f->web.port);
    const struct model_folders folders = {
        .shipped = arena_format(f->task.arena, "%s/models", getenv("STORYREEL_SOURCE")),
    };
    assert_ok(&f->task, model_load(&f->task, &folders, model, &f->model));
}

static void end(struct fixture *f)
{
    web_stub_stop(&f->web);
    secret_free(f->key);
    net_close(f->net);
    task_done(&f->task);
}

static struct video_request request_of(const struct fixture *f, int64_t frames)
{
    return (struct video_request){ .model = &f->model, .prompt = "A robot waters plants", .negative_prompt = "text",
                                   .aspect = "16:9", .size = "720p",
                                   .picture = { .frame_count = frames, .seed = 41 } };
}

static void a_scene_is_said_in_the_models_words(void **state)
{
    static const struct {
        const char *model, *aspect, *size;
        int64_t     frames;
        const char *input;
    } cases[] = {
        { "veo-3.1-fast", "16:9", "720p", 72, "\"aspect_ratio\":\"16:9\",\"duration\":4,\"generate_audio\":false" },
        { "veo-3.1-fast", "16:9", "720p", 96, "\"duration\":4," },
        { "veo-3.1-fast", "16:9", "720p", 97, "\"duration\":6," },
        { "veo-3.1", "9:16", "1080p", 192, "\"aspect_ratio\":\"9:16\",\"duration\":8," },
        { "veo-3.1", "1:1", "480p", 150, "\"duration\":8," },
        { "veo-3.1", "1:1", "480p", 150, "\"resolution\":\"720p\",\"seed\":41}" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture f;
        const char *input;
        begin(&f, cases[i].model);
        struct video_request r = request_of(&f, cases[i].frames);
        r.aspect = cases[i].aspect;
        r.size   = cases[i].size;
        assert_ok(&f.task, remote()->describe(&f.task, &r, &input));
        if (!strstr(input, cases[i].input))
            test_failed("%s lacks %s", input, cases[i].input);
        assert_non_null(strstr(input, "\"negative_prompt\":\"text\",\"prompt\":\"A robot waters plants\""));
        end(&f);
    }
}

static void what_it_costs_is_known(void **state)
{
    static const struct {
        const char *model, *aspect;
        double      seconds;
        size_t      pictures;
        double      usd;
    } cases[] = {
        { "veo-3.1-fast", "16:9", 3.2, 0, 0.4 }, { "veo-3.1-fast", "16:9", 6, 1, 0.6 },
        { "veo-3.1", "16:9", 3.2, 0, 0.8 },      { "veo-3.1", "16:9", 3.2, 1, 1.6 },    /* references: 8 s */
        { "veo-3.1", "9:16", 3.2, 1, 0.8 },      { "animatic", "16:9", 3.2, 1, 0 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture f;
        begin(&f, cases[i].model);
        double usd = model_usd(&f.model, &(struct model_wish){ cases[i].seconds, cases[i].aspect, cases[i].pictures });
        if (usd < cases[i].usd - 1e-9 || usd > cases[i].usd + 1e-9)
            test_failed("%s, %g s: %g", cases[i].model, cases[i].seconds, usd);
        end(&f);
    }
}

static void a_small_picture_goes_along(void **state)
{
    struct fixture f;
    const char *body;
    (void)state;
    begin(&f, "veo-3.1-fast");
    FILE *file = tmpfile();
    fwrite("\x89PNG\r\n\x1a\nrest", 1, 12, file);
    fflush(file);
    int fd = fileno(file);
    struct video_request r = request_of(&f, 96);
    r.pictures      = &fd;
    r.picture_count = 1;
    assert_ok(&f.task, remote()->prepare(&f.all, &f.task, &r, "{\"prompt\":\"x\"}", &body));
    assert_string_equal(body, "{\"prompt\":\"x\",\"image\":\"data:image/png;base64,iVBORw0KGgpyZXN0\"}");
    fclose(file);
    end(&f);
}

static struct video_order order_of(const struct fixture *f)
{
    return (struct video_order){ .model = &f->model, .input = "{\"prompt\":\"x\",\"seed\":41}", .token = "feedface",
                                 .seed = 41, .intent_us = 1700000000 * SECOND_US };
}

static void what_became_of_a_call_is_told(void **state)
{
    static const struct {
        const char        *status, *headers, *body;
        enum video_outcome outcome;
        int64_t            again_us;
        enum err           error;
    } cases[] = {
        { "201 Created", "", "{\"id\":\"q7m2kx5vd1rj60cabc9te4hw8s\",\"status\":\"starting\"}", VIDEO_CREATED, 0, OK },
        { "202 Accepted", "", "{\"id\":\"q7m2\",\"status\":\"processing\"}", VIDEO_CREATED, 0, OK },
        { "201 Created", "", "{\"id\":7}", VIDEO_AMBIGUOUS, 0, ERR_UPSTREAM },
        { "201 Created", "", "{\"id\":\"../secret\"}", VIDEO_AMBIGUOUS, 0, ERR_UPSTREAM },
        { "201 Created", "", "<html>", VIDEO_AMBIGUOUS, 0, ERR_UPSTREAM },
        { "401 No", "", "{\"detail\":\"no\"}", VIDEO_NOT_CREATED, -1, ERR_AUTH },
        { "402 No", "", "{\"detail\":\"no credit\"}", VIDEO_NOT_CREATED, -1, ERR_CREDIT },
        { "404 No", "", "{\"detail\":\"no model\"}", VIDEO_NOT_CREATED, -1, ERR_NOT_FOUND },
        { "422 No", "", "{\"detail\":\"- input: prompt is required\\n\"}", VIDEO_NOT_CREATED, -1, ERR_IMPOSSIBLE },
        { "429 No", "", "{\"detail\":\"... resets in ~7s.\"}", VIDEO_NOT_CREATED, 7 * SECOND_US, ERR_RATE },
        { "429 No", "Retry-After: 9\r\n", "{\"retry_after\":3}", VIDEO_NOT_CREATED, 9 * SECOND_US, ERR_RATE },
        { "500 Oh", "", "<html>", VIDEO_AMBIGUOUS, 0, ERR_UNAVAILABLE },
        { "503 Oh", "", "{}", VIDEO_AMBIGUOUS, 0, ERR_UNAVAILABLE },
        { NULL, "", "", VIDEO_AMBIGUOUS, 0, ERR_UPSTREAM },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture f;
        begin(&f, "veo-3.1-fast");
        const struct video_order order = order_of(&f);
        f.status  = cases[i].status;
        f.headers = cases[i].headers;
        f.body    = cases[i].body;
        struct video_receipt r = remote()->submit(&f.all, &f.task, &order, "{\"prompt\":\"x\"}");
        if (r.outcome != cases[i].outcome || r.again_us != cases[i].again_us || f.task.fault.code != cases[i].error)
            test_failed("%s: outcome %d, again %lld, %s: %s", cases[i].status ? cases[i].status : "nothing", r.outcome,
                        (long long)r.again_us, err_name(f.task.fault.code), f.task.fault.message);
        assert_string_equal(f.path, "POST /v1/models/google/veo-3.1-fast/predictions");
        assert_string_equal(f.sent, "{\"input\":{\"prompt\":\"x\"}}");
        assert_string_equal(f.cancel_after, "480s");
        end(&f);
    }
}

static void nothing_is_sent_where_nobody_listens(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, "veo-3.1-fast");
    const struct video_order order = order_of(&f);
    f.all.at[SERVICE_REPLICATE].url = "http://127.0.0.1:1";
    struct video_receipt r = remote()->submit(&f.all, &f.task, &order, "{}");
    assert_int_equal(r.outcome, VIDEO_NOT_CREATED);
    assert_true(r.again_us > 0);
    end(&f);
}

static void calls_are_found_by_what_they_asked_for(void **state)
{
    struct fixture f;
    struct video_matches m;
    (void)state;
    begin(&f, "veo-3.1-fast");
    const struct video_order order = order_of(&f);
    f.status  = "200 OK";
    f.headers = "Date: Tue, 14 Nov 2023 22:20:00 GMT\r\n";
    f.body = "{\"next\":null,\"results\":["
             "{\"id\":\"late\",\"model\":\"google/veo-3.1-fast\",\"created_at\":\"2023-11-14T22:15:00.5Z\","
             "\"input\":{\"prompt\":\"x\",\"seed\":41,\"image\":\"https://x/y\"}},"
             "{\"id\":\"other\",\"model\":\"google/veo-3.1-fast\",\"input\":{\"prompt\":\"x\",\"seed\":42}},"
             "{\"id\":\"model\",\"model\":\"google/veo-3.1\",\"input\":{\"prompt\":\"x\",\"seed\":41}},"
             "{\"id\":\"token\",\"model\":\"m\",\"webhook\":\"https://h/feedface\",\"created_at\":\"2023-11-14T22:14:00Z\"},"
             "{\"id\":\"gone\",\"model\":\"google/veo-3.1-fast\",\"input\":{}},"
             "{\"id\":9}, 7]}";
    assert_ok(&f.task, remote()->find(&f.all, &f.task, &order, &m));
    assert_string_equal(f.path, "GET /v1/predictions?created_after=2023-11-14T22:08:20.000Z");
    assert_int_equal(m.count, 2);
    assert_string_equal(m.at[0].ticket, "token");
    assert_string_equal(m.at[1].ticket, "late");
    assert_true(m.clock_us == INT64_C(1700000400) * SECOND_US);
    f.body = "{\"next\":\"https://elsewhere.example/v1/predictions?cursor=1\",\"results\":[]}";
    assert_err(remote()->find(&f.all, &f.task, &order, &m), ERR_UPSTREAM);
    f.body = "{\"results\":{}}";
    assert_err(remote()->find(&f.all, &f.task, &order, &m), ERR_UPSTREAM);
    end(&f);
}

static void a_runs_states_are_told_apart(void **state)
{
    static const struct {
        const char      *body;
        enum video_state state;
        enum err         error;
        bool             billed;
    } cases[] = {
        { "{\"status\":\"starting\"}", VIDEO_WAITING, OK, false },
        { "{\"status\":\"processing\",\"output\":\"https://x/partial\"}", VIDEO_WAITING, OK, false },
        { "{\"status\":\"dreaming\"}", VIDEO_WAITING, OK, false },
        { "{\"status\":\"succeeded\",\"output\":\"https://x/y.mp4\"}", VIDEO_READY, OK, false },
        { "{\"status\":\"succeeded\",\"output\":[\"https://x/y.mp4\"]}", VIDEO_READY, OK, false },
        { "{\"status\":\"succeeded\",\"output\":null,\"data_removed\":true}", VIDEO_LOST, ERR_EXPIRED, true },
        { "{\"status\":\"failed\",\"error\":\"flagged as sensitive (E005)\"}", VIDEO_LOST, ERR_REFUSED, false },
        { "{\"status\":\"failed\",\"error\":\"high demand (E003)\"}", VIDEO_LOST, ERR_UPSTREAM, false },
        { "{\"status\":\"failed\",\"error\":\"Input validation error: x\"}", VIDEO_LOST, ERR_IMPOSSIBLE, false },
        { "{\"status\":\"failed\",\"error\":null}", VIDEO_LOST, ERR_UPSTREAM, false },
        { "{\"status\":\"canceled\"}", VIDEO_LOST, ERR_TIMEOUT, true },
        { "{\"status\":\"aborted\"}", VIDEO_LOST, ERR_UPSTREAM, false },
    };
    struct fixture f;
    (void)state;
    begin(&f, "veo-3.1-fast");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct video_status s;
        f.status = "200 OK";
        f.body   = cases[i].body;
        assert_ok(&f.task, remote()->poll(&f.all, &f.task, "abc", &s));
        if (s.state != cases[i].state || s.error != cases[i].error || s.billed != cases[i].billed)
            test_failed("%s: %d %s %d", cases[i].body, s.state, err_name(s.error), s.billed);
    }
    f.status = "404 Gone";
    f.body   = "{\"detail\":\"x\"}";
    struct video_status s;
    assert_err(remote()->poll(&f.all, &f.task, "abc", &s), ERR_NOT_FOUND);
    end(&f);
}

static void cancelling_what_has_ended_is_fine(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f, "veo-3.1-fast");
    f.status = "404 Gone";
    f.body   = "{}";
    assert_ok(&f.task, remote()->cancel(&f.all, &f.task, "abc"));
    assert_string_equal(f.path, "POST /v1/predictions/abc/cancel");
    f.status = "500 Oh";
    assert_err(remote()->cancel(&f.all, &f.task, "abc"), ERR_UNAVAILABLE);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scene_is_said_in_the_models_words),
        cmocka_unit_test(what_it_costs_is_known),
        cmocka_unit_test(a_small_picture_goes_along),
        cmocka_unit_test(what_became_of_a_call_is_told),
        cmocka_unit_test(nothing_is_sent_where_nobody_listens),
        cmocka_unit_test(calls_are_found_by_what_they_asked_for),
        cmocka_unit_test(a_runs_states_are_told_apart),
        cmocka_unit_test(cancelling_what_has_ended_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
