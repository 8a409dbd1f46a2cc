/*
 * Films by ComfyUI, against a server of this test's own: what fills a workflow's placeholders, what a refusal says, how a
 * call is found again by its id, what a run's ends mean and which of its files is the clip.
 */
#include "remote_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "base/fields.h"
#include "gen/workflow.h"

#define TOKEN "0f9b7a526c1f4b7e9d213a0f4a6e1c55"
#define ID    "0f9b7a52-6c1f-4b7e-9d21-3a0f4a6e1c55"

static const struct video_remote *remote(void)
{
    return video_comfyui.remote;
}

static void begin(struct remote_fixture *f)
{
    remote_begin(f, SERVICE_COMFYUI, "wan-2.2");
}

static void placeholders_become_values(void **state)
{
    static const struct {
        const char *input, *filled; /* NULL: refused */
    } cases[] = {
        { "\"{{prompt}}\"", "\"a \\\"b\\\" {{seed}}\"" },
        { "\"{{ seed }}\"", "7" },
        { "\"{{ratio}}\"", "0.5" },
        { "\"{{seed}}, {{prompt}}!\"", "\"7, a \\\"b\\\" {{seed}}!\"" },
        { "\"{{seed\"", "\"{{seed\"" },
        { "\"{seed}\"", "\"{seed}\"" },
        { "[\"{{seed}}\",\"x\"]", "[7,\"x\"]" },
        { "[\"{{seed}}\",0]", "[\"{{seed}}\",0]" },        /* a link */
        { "{\"deep\":\"{{seed}}\"}", "{\"deep\":\"{{seed}}\"}" },
        { "\"{{sed}}\"", NULL },
        { "\"x{{}}\"", NULL },
    };
    struct task t;
    (void)state;
    task_init(&t, "test");
    scoped(json) json_t *values = json_pack("{ss si sf}", "prompt", "a \"b\" {{seed}}", "seed", 7, "ratio", 0.5);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        scoped(json) json_t *graph = NULL;
        const char *text = "{\"1\":{\"class_type\":\"A\",\"inputs\":{\"x\":%s}}}";
        assert_ok(&t, workflow_read(&t, "mine", arena_format(t.arena, text, cases[i].input), &graph));
        enum err e = workflow_fill(&t, graph, values);
        if (!cases[i].filled) {
            assert_err(e, ERR_INVALID);
            assert_non_null(strstr(t.fault.next, "prompt"));
            continue;
        }
        assert_ok(&t, e);
        char *dumped = json_dumps(json_object_get(json_object_get(json_object_get(graph, "1"), "inputs"), "x"),
                                  JSON_COMPACT | JSON_ENCODE_ANY);
        if (strcmp(dumped, cases[i].filled) != 0)
            test_failed("%s became %s, not %s", cases[i].input, dumped, cases[i].filled);
        free(dumped);
    }
    task_done(&t);
}

static void what_is_no_graph_is_refused(void **state)
{
    static const char *const cases[] = {
        "", "[]", "{}", "{\"nodes\":[],\"links\":[]}", "{\"1\":{\"inputs\":{}}}", "{\"1\":7}",
        "{\"1\":{\"class_type\":\"A\"},\"1\":{\"class_type\":\"B\"}}",
    };
    struct task t;
    (void)state;
    task_init(&t, "test");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *graph = NULL;
        assert_err(workflow_read(&t, "mine", cases[i], &graph), ERR_INVALID);
        assert_non_null(strstr(t.fault.next, "Export (API)"));
    }
    task_done(&t);
}

static void a_scene_fills_the_workflow(void **state)
{
    static const struct {
        const char *size;
        int64_t     width_px, height_px, frames;
        const char *latent;
    } cases[] = {
        { "720p", 1280, 720, 48, "\"height\":704,\"length\":49,\"vae\":[\"3\",0],\"width\":1280" },
        { "720p", 720, 1280, 50, "\"height\":1280,\"length\":53,\"vae\":[\"3\",0],\"width\":704" },
        { "480p", 854, 480, 10, "\"height\":480,\"length\":25,\"vae\":[\"3\",0],\"width\":832" },
        { "1080p", 1920, 1080, 200, "\"height\":704,\"length\":121,\"vae\":[\"3\",0],\"width\":1280" },
    };
    struct remote_fixture f;
    (void)state;
    begin(&f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *input;
        struct video_request r = remote_request(&f, cases[i].frames);
        r.size = cases[i].size;
        r.picture.width_px  = cases[i].width_px;
        r.picture.height_px = cases[i].height_px;
        assert_ok(&f.task, remote()->describe(&f.task, &r, &input));
        if (!strstr(input, cases[i].latent))
            test_failed("%s lacks %s", input, cases[i].latent);
        assert_non_null(strstr(input, "\"seed\":41,\"steps\":20"));
        assert_non_null(strstr(input, "\"text\":\"A robot waters plants.\""));
        assert_non_null(strstr(input, "\"text\":\"text\""));
        assert_null(strstr(input, "LoadImage"));
        assert_null(strstr(input, "{{"));
    }
    remote_end(&f);
}

static void pictures_are_uploaded_under_names_of_their_own(void **state)
{
    static const char png[] = "\x89PNG\r\n\x1a\nrest", gif[] = "GIF89a----------";
    struct remote_fixture f;
    const char *input, *body;
    (void)state;
    begin(&f);
    int picture = remote_file(png, 12);
    struct video_request r = remote_request(&f, 96);
    r.pictures      = &picture;
    r.picture_count = 1;
    assert_ok(&f.task, remote()->describe(&f.task, &r, &input));
    assert_non_null(strstr(input, "\"class_type\":\"LoadImage\",\"inputs\":{\"image\":\"image\"}"));
    remote_answers(&f, "200 OK", "{\"name\":\"hero (1).png\",\"subfolder\":\"in\",\"type\":\"input\"}");
    assert_ok(&f.task, remote()->prepare(&f.all, &f.task, &r, input, &body));
    assert_string_equal(f.path, "POST /upload/image");
    assert_non_null(strstr(f.sent, "name=\"image\"; filename=\"storyreel-"));
    assert_non_null(strstr(body, "\"inputs\":{\"image\":\"in/hero (1).png\"}"));
    picture = remote_file(gif, 16);
    assert_err(remote()->prepare(&f.all, &f.task, &r, input, &body), ERR_IMPOSSIBLE);
    f.model.picture_graph = ""; /* a workflow without pictures: they are not sent */
    assert_ok(&f.task, remote()->prepare(&f.all, &f.task, &r, input, &body));
    assert_null(strstr(body, "LoadImage"));
    remote_end(&f);
}

static struct video_order order_of(const struct remote_fixture *f)
{
    return (struct video_order){ .model = &f->model, .input = "{}", .token = TOKEN, .intent_us = 17 };
}

static void what_became_of_a_call_is_told(void **state)
{
#define REFUSED(type, nodes) "{\"error\":{\"type\":\"" type "\",\"message\":\"No\",\"details\":\"d\"},\"node_errors\":" nodes "}"
#define NODE "{\"1\":{\"class_type\":\"UNETLoader\",\"errors\":[{\"type\":\"value_not_in_list\",\"message\":\"Not in list\"," \
             "\"details\":\"unet_name: 'x'\"}]}}"
    static const struct {
        const char        *status, *body;
        enum video_outcome outcome;
        enum err           error;
        const char        *says;
    } cases[] = {
        { "200 OK", "{\"prompt_id\":\"" ID "\",\"number\":1,\"node_errors\":{}}", VIDEO_CREATED, OK, "" },
        { "200 OK", "{\"prompt_id\":\"another\"}", VIDEO_AMBIGUOUS, ERR_UPSTREAM, "" },
        { "200 OK", "<html>", VIDEO_AMBIGUOUS, ERR_UPSTREAM, "" },
        { "400 No", REFUSED("invalid_prompt", "{}"), VIDEO_NOT_CREATED, ERR_IMPOSSIBLE, "No: d" },
        { "400 No", REFUSED("prompt_outputs_failed_validation", NODE), VIDEO_NOT_CREATED, ERR_IMPOSSIBLE,
          "node 1 (UNETLoader), Not in list: unet_name: 'x'" },
        { "200 OK", "{\"prompt_id\":\"" ID "\",\"node_errors\":" NODE "}", VIDEO_NOT_CREATED, ERR_IMPOSSIBLE,
          "node 1 (UNETLoader)" },
        { "500 Oh", "<html>", VIDEO_AMBIGUOUS, ERR_UNAVAILABLE, "" },
        { NULL, "", VIDEO_AMBIGUOUS, ERR_UPSTREAM, "" },
    };
#undef NODE
#undef REFUSED
    struct remote_fixture f;
    (void)state;
    begin(&f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct video_order order = order_of(&f);
        f.task.fault = (struct fault){ 0 };
        remote_answers(&f, cases[i].status, cases[i].body);
        struct video_receipt r = remote()->submit(&f.all, &f.task, &order, "{\"1\":{}}");
        if (r.outcome != cases[i].outcome || f.task.fault.code != cases[i].error ||
            !strstr(f.task.fault.message, cases[i].says))
            test_failed("%s: outcome %d, %s: %s", cases[i].body, r.outcome, err_name(f.task.fault.code),
                        f.task.fault.message);
        assert_string_equal(f.asked[0], "POST /prompt");
    }
    assert_int_equal(f.asked_count, 1);
    remote_end(&f);
}

static void what_would_run_in_part_is_taken_back(void **state)
{
    struct remote_fixture f;
    (void)state;
    begin(&f);
    const struct video_order order = order_of(&f);
    f.routes[0] = (struct remote_route){ "POST /prompt", "200 OK", NULL,
                                         "{\"prompt_id\":\"" ID "\",\"node_errors\":{\"1\":{}}}" };
    f.routes[1] = (struct remote_route){ "POST /", "200 OK", NULL, "" };
    struct video_receipt r = remote()->submit(&f.all, &f.task, &order, "{\"1\":{}}");
    assert_int_equal(r.outcome, VIDEO_NOT_CREATED);
    assert_true(r.again_us < 0);
    assert_int_equal(f.asked_count, 3);
    assert_string_equal(f.asked[1], "POST /queue");
    assert_string_equal(f.asked[2], "POST /interrupt");
    assert_string_equal(f.sent, "{\"prompt_id\":\"" ID "\"}");
    f.routes[1].status = "500 Oh"; /* it may be running */
    r = remote()->submit(&f.all, &f.task, &order, "{\"1\":{}}");
    assert_int_equal(r.outcome, VIDEO_AMBIGUOUS);
    remote_end(&f);
}

#define EMPTY_QUEUE "{\"queue_running\":[],\"queue_pending\":[]}"

static void the_ends_of_a_run_are_told_apart(void **state)
{
#define RUN(status, messages, outputs) "{\"" ID "\":{\"outputs\":{\"11\":{" outputs "}},\"status\":{\"status_str\":\"" status \
                                       "\",\"messages\":[" messages "]}}}"
#define FILE_(name, type) "{\"filename\":\"" name "\",\"subfolder\":\"a b\",\"type\":\"" type "\"}"
    static const struct {
        const char      *history, *queue;
        enum video_state state;
        enum err         error;
        const char      *says;
    } cases[] = {
        { "{}", "{\"queue_running\":[[0,\"" ID "\",{},{},[]]],\"queue_pending\":[]}", VIDEO_WAITING, OK, "" },
        { "{}", "{\"queue_running\":[],\"queue_pending\":[[0,\"" ID "\",{},{},[],7]]}", VIDEO_WAITING, OK, "" },
        { "{}", "{\"queue_running\":[[0,\"x\"],7],\"queue_pending\":[[]]}", VIDEO_LOST, ERR_UPSTREAM, "forgotten" },
        { RUN("success", "", "\"images\":[" FILE_("x_00001_.mp4", "output") "],\"animated\":[true]"), "", VIDEO_READY, OK,
          "/view?filename=x_00001_.mp4&subfolder=a%20b&type=output" },
        { RUN("success", "", "\"gifs\":[" FILE_("x.MP4", "temp") "," FILE_("y.webm", "output") "]"), "", VIDEO_READY, OK,
          "/view?filename=y.webm&subfolder=a%20b&type=output" },
        { RUN("success", "", "\"images\":[" FILE_("x.png", "output") ",7],\"text\":[\"t\"]"), "", VIDEO_LOST,
          ERR_IMPOSSIBLE, "no video" },
        { RUN("error", "[\"execution_error\",{\"node_id\":\"8\",\"node_type\":\"KSampler\",\"exception_message\":"
              "\"out of memory\"}]", ""), "", VIDEO_LOST, ERR_UPSTREAM, "out of memory in node 8 (KSampler)" },
        { RUN("error", "[\"execution_interrupted\",{}]", ""), "", VIDEO_LOST, ERR_TIMEOUT, "interrupted" },
        { RUN("error", "7", ""), "", VIDEO_LOST, ERR_UPSTREAM, "without a word" },
    };
#undef FILE_
#undef RUN
    struct remote_fixture f;
    (void)state;
    begin(&f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct video_status s;
        f.routes[0] = (struct remote_route){ "GET /history/" ID, "200 OK", NULL, cases[i].history };
        f.routes[1] = (struct remote_route){ "GET /queue", "200 OK", NULL, cases[i].queue };
        assert_ok(&f.task, remote()->poll(&f.all, &f.task, ID, &s));
        const char *said = s.state == VIDEO_READY ? s.output : s.why ? s.why : "";
        if (s.state != cases[i].state || s.error != cases[i].error || s.billed || !strstr(said, cases[i].says))
            test_failed("%s: %d %s %s", cases[i].history, s.state, err_name(s.error), said);
    }
    f.routes[0].body = "{}";
    f.routes[1].body = "{\"queue_running\":{}}";
    struct video_status s;
    assert_err(remote()->poll(&f.all, &f.task, ID, &s), ERR_UPSTREAM);
    remote_end(&f);
}

static void a_call_is_found_by_the_id_of_its_token(void **state)
{
    static const char date[] = "Date: Tue, 14 Nov 2023 22:20:00 GMT\r\n";
    struct remote_fixture f;
    struct video_matches m;
    (void)state;
    begin(&f);
    struct video_order order = order_of(&f);
    f.routes[0] = (struct remote_route){ "GET /history/" ID, "200 OK", date, "{}" };
    f.routes[1] = (struct remote_route){ "GET /queue", "200 OK", date, EMPTY_QUEUE };
    assert_ok(&f.task, remote()->find(&f.all, &f.task, &order, &m));
    assert_int_equal(m.count, 0);
    assert_true(m.clock_us == INT64_C(1700000400) * SECOND_US);
    f.routes[1].body = "{\"queue_running\":[],\"queue_pending\":[[3,\"" ID "\"]]}";
    assert_ok(&f.task, remote()->find(&f.all, &f.task, &order, &m));
    assert_int_equal(m.count, 1);
    assert_string_equal(m.at[0].ticket, ID);
    order.token = "feedface";
    assert_err(remote()->find(&f.all, &f.task, &order, &m), ERR_INTERNAL);
    remote_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(placeholders_become_values),
        cmocka_unit_test(what_is_no_graph_is_refused),
        cmocka_unit_test(a_scene_fills_the_workflow),
        cmocka_unit_test(pictures_are_uploaded_under_names_of_their_own),
        cmocka_unit_test(what_became_of_a_call_is_told),
        cmocka_unit_test(what_would_run_in_part_is_taken_back),
        cmocka_unit_test(the_ends_of_a_run_are_told_apart),
        cmocka_unit_test(a_call_is_found_by_the_id_of_its_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
