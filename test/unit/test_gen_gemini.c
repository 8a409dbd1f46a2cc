/*
 * Videos by Gemini's interactions, against a server of this test's own: what a scene asks, what becomes of a call that is
 * sent, what the shapes of an answer mean, and where its file is found.
 */
#include "remote_fixture.h"

#include <string.h>

#include "base/text.h"

static const struct video_remote *remote(void)
{
    return video_gemini.remote;
}

static void begin(struct remote_fixture *f)
{
    remote_begin(f, SERVICE_GEMINI, "gemini-omni");
}

static void a_scene_is_said_in_its_words(void **state)
{
    static const struct {
        const char *aspect, *size;
        int64_t     frames;
        const char *format;
    } cases[] = {
        { "16:9", "720p", 72, "\"aspect_ratio\":\"16:9\",\"delivery\":\"uri\",\"duration\":\"3s\",\"resolution\":\"720p\"" },
        { "16:9", "720p", 40, "\"duration\":\"3s\"" },
        { "9:16", "1080p", 97, "\"aspect_ratio\":\"9:16\",\"delivery\":\"uri\",\"duration\":\"5s\",\"resolution\":\"1080p\"" },
        { "1:1", "480p", 240, "\"duration\":\"10s\",\"resolution\":\"720p\"" },
        { "16:9", "720p", 300, "\"duration\":\"10s\"" },
    };
    struct remote_fixture f;
    (void)state;
    begin(&f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *input;
        struct video_request r = remote_request(&f, cases[i].frames);
        r.aspect = cases[i].aspect;
        r.size   = cases[i].size;
        assert_ok(&f.task, remote()->describe(&f.task, &r, &input));
        if (!strstr(input, cases[i].format))
            test_failed("%s lacks %s", input, cases[i].format);
        assert_non_null(strstr(input, "{\"background\":true,\"generation_config\":{\"seed\":41,\"video_config\":"
                                      "{\"task\":\"text_to_video\"}},\"input\":[{\"text\":\"A robot waters plants. "
                                      "Not to be seen: text.\",\"type\":\"text\"}]"));
        assert_non_null(strstr(input, "\"model\":\"gemini-omni-1.1-flash\""));
        assert_non_null(strstr(input, "\"store\":true,\"stream\":false"));
    }
    remote_end(&f);
}

static void a_second_costs_what_its_size_costs(void **state)
{
    static const struct {
        const char *size;
        double      seconds, usd;
    } cases[] = { { "720p", 4, 0.408 }, { "480p", 2, 0.306 }, { "1080p", 4.5, 0.75 }, { "360p", 3, 0.09 } };
    struct remote_fixture f;
    (void)state;
    begin(&f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double usd = model_usd(&f.model, &(struct model_wish){ .seconds = cases[i].seconds, .aspect = "16:9",
                                                               .size = cases[i].size });
        if (usd < cases[i].usd - 1e-9 || usd > cases[i].usd + 1e-9)
            test_failed("%g s in %s: %g", cases[i].seconds, cases[i].size, usd);
    }
    remote_end(&f);
}

static void pictures_are_named_in_the_prompt(void **state)
{
    static const char png[] = "\x89PNG\r\n\x1a\nrest", gif[] = "GIF89a----------";
    static const char *const words[] = { "character", "product" };
    struct remote_fixture f;
    const char *input, *body;
    (void)state;
    begin(&f);
    int pictures[] = { remote_file(png, 12), remote_file(png, 12) };
    struct video_request r = remote_request(&f, 96);
    r.pictures      = pictures;
    r.picture_count = 2;
    r.picture_words = words;
    assert_ok(&f.task, remote()->describe(&f.task, &r, &input));
    assert_non_null(strstr(input, "\"<IMAGE_REF_0> is the character, <IMAGE_REF_1> is the product. A robot"));
    assert_non_null(strstr(input, "\"task\":\"reference_to_video\""));
    assert_null(strstr(input, "base64"));
    assert_ok(&f.task, remote()->prepare(&f.all, &f.task, &r, input, &body));
    assert_non_null(strstr(body, "\"input\":[{\"data\":\"iVBORw0KGgpyZXN0\",\"mime_type\":\"image/png\",\"type\":\"image\"},"
                                 "{\"data\""));
    f.model.inputs.pictures = "";
    assert_ok(&f.task, remote()->describe(&f.task, &r, &input));
    assert_non_null(strstr(input, "\"<FIRST_FRAME> A robot"));
    assert_non_null(strstr(input, "\"task\":\"image_to_video\""));
    pictures[0] = remote_file(gif, 16);
    assert_err(remote()->prepare(&f.all, &f.task, &r, input, &body), ERR_IMPOSSIBLE);
    assert_non_null(strstr(f.task.fault.next, "PNG, JPEG or WebP"));
    remote_end(&f);
}

static void pictures_that_are_too_large_are_not_sent(void **state)
{
    struct remote_fixture f;
    const char *body;
    (void)state;
    begin(&f);
    size_t size = (12 << 20) + 1;
    char *large = arena_alloc(f.task.arena, size);
    memcpy(large, "\x89PNG\r\n\x1a\n", 8);
    int picture = remote_file(large, size);
    struct video_request r = remote_request(&f, 96);
    r.pictures      = &picture;
    r.picture_count = 1;
    assert_err(remote()->prepare(&f.all, &f.task, &r, "{\"input\":[]}", &body), ERR_IMPOSSIBLE);
    assert_non_null(strstr(f.task.fault.next, "smaller pictures"));
    remote_end(&f);
}

static struct video_order order_of(const struct remote_fixture *f)
{
    return (struct video_order){ .model = &f->model, .input = "{\"background\":true}", .token = "feedface" };
}

/* Whoever waits for a sender has to know how long it may take. */
static void a_call_that_answers_when_it_is_done_takes_as_long(void **state)
{
    (void)state;
    assert_int_equal(remote()->send_us("{\"background\":true}"), SERVICE_CREATE_US);
    assert_int_equal(remote()->send_us("{}"), SERVICE_CREATE_US);
    assert_int_equal(remote()->send_us("{\"background\":false}"), SERVICE_THINK_US);
}

static void what_became_of_a_call_is_told(void **state)
{
    static const struct {
        const char        *status, *body;
        enum video_outcome outcome;
        bool               again;
        enum err           error;
    } cases[] = {
        { "200 OK", "{\"id\":\"v1_abc\",\"status\":\"in_progress\"}", VIDEO_CREATED, false, OK },
        { "200 OK", "{\"id\":\"v1_abc\",\"status\":\"completed\",\"steps\":[]}", VIDEO_CREATED, false, OK },
        { "200 OK", "{\"id\":[\"v1_abc\"]}", VIDEO_AMBIGUOUS, false, ERR_UPSTREAM },
        { "200 OK", "{\"id\":\"../files\"}", VIDEO_AMBIGUOUS, false, ERR_UPSTREAM },
        { "200 OK", "<html>", VIDEO_AMBIGUOUS, false, ERR_UPSTREAM },
        { "302 Found", "", VIDEO_AMBIGUOUS, false, ERR_UPSTREAM },
        { "400 No", "{\"error\":{\"code\":\"parameter_unknown\",\"message\":\"background\"}}", VIDEO_NOT_CREATED, false,
          ERR_IMPOSSIBLE },
        { "400 No", "{\"error\":{\"code\":\"prohibited_content\",\"message\":\"no\"}}", VIDEO_NOT_CREATED, false,
          ERR_REFUSED },
        { "401 No", "{\"error\":{\"code\":\"authentication\",\"message\":\"no\"}}", VIDEO_NOT_CREATED, false, ERR_AUTH },
        { "402 No", "{\"error\":{\"code\":\"payment_required\",\"message\":\"no\"}}", VIDEO_NOT_CREATED, false,
          ERR_CREDIT },
        { "404 No", "{\"error\":{\"code\":\"model_not_found\",\"message\":\"no\"}}", VIDEO_NOT_CREATED, false,
          ERR_NOT_FOUND },
        { "429 No", "{\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"no\"}}", VIDEO_NOT_CREATED, true,
          ERR_RATE },
        { "429 No", "{\"error\":{\"code\":\"quota_exceeded\",\"message\":\"no\"}}", VIDEO_NOT_CREATED, false,
          ERR_CREDIT },
        { "500 Oh", "{\"error\":{\"code\":\"api_error\",\"message\":\"no\"}}", VIDEO_AMBIGUOUS, false,
          ERR_UNAVAILABLE },
        { "503 Oh", "<html>", VIDEO_AMBIGUOUS, false, ERR_UNAVAILABLE },
        { NULL, "", VIDEO_AMBIGUOUS, false, ERR_UPSTREAM },
    };
    struct remote_fixture f;
    (void)state;
    begin(&f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct video_order order = order_of(&f);
        f.task.fault = (struct fault){ 0 };
        remote_answers(&f, cases[i].status, cases[i].body);
        struct video_receipt r = remote()->submit(&f.all, &f.task, &order, "{\"model\":\"m\"}");
        bool again = r.outcome == VIDEO_NOT_CREATED && r.again_us >= 0;
        if (r.outcome != cases[i].outcome || again != cases[i].again || f.task.fault.code != cases[i].error)
            test_failed("%s %s: outcome %d, again %d, %s: %s", cases[i].status ? cases[i].status : "nothing",
                        cases[i].body, r.outcome, again, err_name(f.task.fault.code), f.task.fault.message);
        assert_string_equal(f.path, "POST /v1beta/interactions");
        assert_string_equal(f.sent, "{\"model\":\"m\"}");
    }
    assert_null(remote()->find); /* there is no list to look in */
    remote_end(&f);
}

static void the_shapes_of_an_answer_are_told_apart(void **state)
{
#define VIDEO(member) "\"steps\":[{\"type\":\"user_input\",\"content\":[{\"type\":\"video\",\"uri\":\"files/mine\"}]}," \
                      "{\"type\":\"model_output\",\"content\":[{\"type\":\"text\",\"text\":\"Here.\"},"                \
                      "{\"type\":\"video\"," member "}]}]"
    static const struct {
        const char      *body, *file_state;
        enum video_state state;
        enum err         error;
        bool             billed;
        const char      *output;
    } cases[] = {
        { "{\"status\":\"in_progress\"}", "", VIDEO_WAITING, OK, false, NULL },
        { "{\"status\":\"queued\"}", "", VIDEO_WAITING, OK, false, NULL },
        { "{\"status\":\"dreaming\"}", "", VIDEO_WAITING, OK, false, NULL },
        { "{\"status\":7}", "", VIDEO_WAITING, OK, false, NULL },
        { "{\"status\":\"completed\"," VIDEO("\"uri\":\"https://x/v1beta/files/f0a1:download?alt=media\"") "}", "ACTIVE",
          VIDEO_READY, OK, false, "files/f0a1" },
        { "{\"status\":\"completed\"," VIDEO("\"uri\":\"https://x/v1beta/files/f0a1\"") "}", "ACTIVE", VIDEO_READY, OK,
          false, "files/f0a1" },
        { "{\"status\":\"completed\"," VIDEO("\"uri\":\"files/f0a1\"") "}", "PROCESSING", VIDEO_WAITING, OK, false, NULL },
        { "{\"status\":\"completed\"," VIDEO("\"data\":\"AAAA\"") "}", "", VIDEO_READY, OK, false,
          "interactions/v1_abc" },
        { "{\"status\":\"completed\",\"usage\":{\"total_output_tokens\":9},\"steps\":[{\"type\":\"model_output\","
          "\"content\":[{\"type\":\"text\",\"text\":\"I cannot.\"}]}]}", "", VIDEO_LOST, ERR_REFUSED, true, NULL },
        { "{\"status\":\"completed\"," VIDEO("\"uri\":\"https://elsewhere/clip.mp4\"") "}", "", VIDEO_LOST, ERR_REFUSED,
          false, NULL },
        { "{\"status\":\"failed\",\"errors\":[{\"code\":\"safety\",\"message\":\"blocked\"}]}", "", VIDEO_LOST,
          ERR_REFUSED, false, NULL },
        { "{\"status\":\"failed\",\"errors\":[{\"code\":\"api_error\",\"message\":\"oh\"}]}", "", VIDEO_LOST,
          ERR_UPSTREAM, false, NULL },
        { "{\"status\":\"failed\",\"steps\":[{\"type\":\"model_output\",\"error\":{\"code\":13,\"message\":\"oh\"}}]}",
          "", VIDEO_LOST, ERR_UPSTREAM, false, NULL },
        { "{\"status\":\"incomplete\",\"usage\":{\"total_output_tokens\":9}}", "", VIDEO_LOST, ERR_UPSTREAM, true, NULL },
        { "{\"status\":\"cancelled\"}", "", VIDEO_LOST, ERR_TIMEOUT, true, NULL },
    };
#undef VIDEO
    struct remote_fixture f;
    (void)state;
    begin(&f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct video_status s;
        remote_answers(&f, "200 OK", arena_format(f.task.arena, "{\"state\":\"%s\"}", cases[i].file_state));
        f.routes[1] = f.routes[0];
        f.routes[0] = (struct remote_route){ "GET /v1beta/interactions/v1_abc", "200 OK", NULL, cases[i].body };
        assert_ok(&f.task, remote()->poll(&f.all, &f.task, "v1_abc", &s));
        if (s.state != cases[i].state || s.error != cases[i].error || s.billed != cases[i].billed)
            test_failed("%s: %d %s %d", cases[i].body, s.state, err_name(s.error), s.billed);
        if (cases[i].output)
            assert_string_equal(s.output, cases[i].output);
    }
    remote_end(&f);
}

static void errors_in_place_of_an_answer_are_told_apart(void **state)
{
    struct remote_fixture f;
    struct video_status s;
    (void)state;
    begin(&f);
    remote_answers(&f, "404 No", "{\"error\":{\"code\":\"not_found\",\"message\":\"no\"}}");
    assert_err(remote()->poll(&f.all, &f.task, "v1_abc", &s), ERR_NOT_FOUND);
    remote_answers(&f, "400 No", "{\"error\":{\"code\":\"content_blocked\",\"message\":\"no\"}}");
    assert_ok(&f.task, remote()->poll(&f.all, &f.task, "v1_abc", &s));
    assert_int_equal(s.state, VIDEO_LOST);
    assert_int_equal(s.error, ERR_REFUSED);
    remote_answers(&f, "502 Oh", "<html>");
    assert_err(remote()->poll(&f.all, &f.task, "v1_abc", &s), ERR_UNAVAILABLE);
    remote_answers(&f, "200 OK", "[]");
    assert_err(remote()->poll(&f.all, &f.task, "v1_abc", &s), ERR_UPSTREAM);
    remote_end(&f);
}

static void cancelling_what_has_ended_is_fine(void **state)
{
    struct remote_fixture f;
    (void)state;
    begin(&f);
    remote_answers(&f, "409 Too late", "{}");
    assert_ok(&f.task, remote()->cancel(&f.all, &f.task, "v1_abc"));
    assert_string_equal(f.path, "POST /v1beta/interactions/v1_abc/cancel");
    remote_answers(&f, "503 Oh", "");
    assert_err(remote()->cancel(&f.all, &f.task, "v1_abc"), ERR_UNAVAILABLE);
    remote_end(&f);
}

static void what_cannot_be_fetched_any_more_says_so(void **state)
{
    struct remote_fixture f;
    (void)state;
    begin(&f);
    int out = remote_file("", 0);
    remote_answers(&f, "404 No", "{\"error\":{\"code\":404,\"status\":\"NOT_FOUND\",\"message\":\"files/f0a1\"}}");
    assert_err(remote()->fetch(&f.all, &f.task, "files/f0a1", out), ERR_NOT_FOUND);
    assert_string_equal(f.path, "GET /v1beta/files/f0a1:download?alt=media");
    remote_answers(&f, "200 OK", "{\"status\":\"completed\",\"steps\":[]}");
    assert_err(remote()->fetch(&f.all, &f.task, "interactions/v1_abc", out), ERR_NOT_FOUND);
    remote_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scene_is_said_in_its_words),
        cmocka_unit_test(a_second_costs_what_its_size_costs),
        cmocka_unit_test(pictures_are_named_in_the_prompt),
        cmocka_unit_test(pictures_that_are_too_large_are_not_sent),
        cmocka_unit_test(a_call_that_answers_when_it_is_done_takes_as_long),
        cmocka_unit_test(what_became_of_a_call_is_told),
        cmocka_unit_test(the_shapes_of_an_answer_are_told_apart),
        cmocka_unit_test(errors_in_place_of_an_answer_are_told_apart),
        cmocka_unit_test(cancelling_what_has_ended_is_fine),
        cmocka_unit_test(what_cannot_be_fetched_any_more_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
