/*
 * Planners that are language models, against exchanges in text files (planner/NAME.txt): what is sent holds what a
 * file says it must, and what is answered becomes the plan or the error the file expects. No file may be left over:
 * every exchange in it has to take place.
 *
 *     driver: gemini                 which planner
 *     expect: OK                     or the error's name
 *     says: cut off                  a piece of the fault's message, or of the first scene's prompt; any number
 *     >>> POST /v1beta/...           a request; the lines after it are pieces of its body
 *     <<< 200 OK                     the answer; headers, an empty line, the body up to the next ">>>"
 */
#include "test.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "net/service.h"
#include "plan/plan.h"
#include "suite.h"
#include "web_stub.h"

#define CANARY "canary-key-0123456789"

enum { EXCHANGES_MAX = 4, LINES_MAX = 12 };

struct exchange {
    const char *request;
    const char *pieces[LINES_MAX];
    size_t      piece_count;
    const char *status, *headers, *body;
};

struct replay {
    struct task     task;
    const char     *name, *driver, *expect;
    const char     *says[LINES_MAX];
    size_t          says_count;
    struct exchange exchanges[EXCHANGES_MAX];
    size_t          exchange_count, done;
    char            wrong[400];           /* what the server did not like; "" when all was well */
};

/* ---- the file ---- */

static char *next_line(char **at)
{
    char *line = *at, *end = strchr(line, '\n');
    *at = end ? end + 1 : line + strlen(line);
    if (end)
        *end = '\0';
    return line;
}

static void read_head(struct replay *r, const char *line)
{
    if (text_starts(line, "driver: "))
        r->driver = line + 8;
    else if (text_starts(line, "expect: "))
        r->expect = line + 8;
    else if (text_starts(line, "says: "))
        r->says[r->says_count++] = line + 6;
    else if (*line && *line != '#')
        test_failed("%s: \"%s\" means nothing", r->name, line);
}

static void read_answer(struct replay *r, struct exchange *x, char **at)
{
    struct text headers = text_new(r->task.arena);
    for (char *line = next_line(at); *line; line = next_line(at))
        text_printf(&headers, "%s\r\n", line);
    char *end = strstr(*at, "\n>>> ");
    x->headers = text_end(&headers);
    x->body = *at;
    *at = end ? end + 1 : *at + strlen(*at);
    if (end)
        *end = '\0';
}

static void read_file(struct replay *r, char *text)
{
    struct exchange *x = NULL;
    for (char *at = text; *at;) {
        char *line = next_line(&at);
        if (text_starts(line, ">>> ")) {
            x = &r->exchanges[r->exchange_count++];
            x->request = line + 4;
        } else if (text_starts(line, "<<< ")) {
            x->status = line + 4;
            read_answer(r, x, &at);
        } else if (x)
            x->pieces[x->piece_count++] = line;
        else
            read_head(r, line);
    }
    assert_true(r->driver && r->expect && r->exchange_count > 0);
}

/* ---- the server ---- */

static void answer(void *shared, const struct web_request *request, int c)
{
    struct replay *r = shared;
    const struct exchange *x = &r->exchanges[r->done];
    char line[1100];
    snprintf(line, sizeof line, "%s %s", request->method, request->path);
    if (r->done >= r->exchange_count || !text_equal(line, x->request)) {
        snprintf(r->wrong, sizeof r->wrong, "unexpected %.300s", line);
        web_reply(c, "500 Unexpected", "", "");
        return;
    }
    r->done++;
    for (size_t i = 0; i < x->piece_count; i++) {
        if (!strstr(request->body, x->pieces[i]))
            snprintf(r->wrong, sizeof r->wrong, "not sent: %.300s", x->pieces[i]);
    }
    if (!strstr(request->head, CANARY))
        snprintf(r->wrong, sizeof r->wrong, "the key was not sent");
    web_reply(c, x->status, x->headers, x->body);
}

/* ---- a film of two scenes ---- */

static struct plan_request film(struct replay *r, const struct services *services)
{
    struct task *t = &r->task;
    struct data_folders folders = { .shipped = getenv("STORYREEL_SOURCE") };
    struct mode *mode = arena_one(t->arena, struct mode);
    struct style *style = arena_one(t->arena, struct style);
    assert_ok(t, mode_load(t, &folders, "music-video", mode));
    assert_ok(t, style_load(t, &folders, "noir", style));
    return (struct plan_request){
        .mode = mode, .style = style, .concept = "A courier loses a letter to the wind",
        .character = "Mara, a young night courier in a yellow raincoat", .product = "", .product_name = "",
        .call_to_action = "", .lyrics = "", .frame_count = 192, .scene_count = 2,
        .lengths = { .min_frames = 12, .max_frames = 240 }, .seed = 1, .services = services, .model = "",
    };
}

static const struct planner_driver *driver_of(const struct replay *r)
{
    return text_equal(r->driver, "gemini") ? &planner_gemini : &planner_openai;
}

static void compare(struct replay *r, enum err e, const struct plan *plan)
{
    const struct fault *fault = &r->task.fault;
    if (!text_equal(err_name(e), r->expect))
        test_failed("%s: %s instead of %s: %s", r->name, err_name(e), r->expect, e ? fault->message : "");
    if (*r->wrong || r->done != r->exchange_count)
        test_failed("%s: %zu of %zu exchanges; %s", r->name, r->done, r->exchange_count, r->wrong);
    const char *text = e ? arena_format(r->task.arena, "%s; %s; wait %lld", fault->message, fault->next,
                                        (long long)fault->wait_us) : plan->scenes[0].prompt;
    for (size_t i = 0; i < r->says_count; i++) {
        if (!strstr(text, r->says[i]))
            test_failed("%s: \"%s\" is not in: %s", r->name, r->says[i], text);
    }
    assert_null(strstr(text, CANARY));
}

static void play(const char *folder, const char *name)
{
    struct replay *r = calloc(1, sizeof *r);
    struct bytes text;
    struct net *n;
    struct secret *key;
    struct web_stub web;
    struct plan plan = { 0 };
    r->name = name;
    task_init(&r->task, "test");
    struct task *t = &r->task;
    assert_ok(t, file_read(t, arena_format(t->arena, "%s/%s", folder, name), 1 << 20, &text));
    read_file(r, arena_copy_n(t->arena, text.at, text.size));
    assert_ok(t, net_open(t, &(struct net_options){ 0 }, &n));
    assert_ok(t, secret_new(t, "key", CANARY, &key));
    web_stub_start(&web, answer, r);

    struct services services = services_make(n);
    services.at[SERVICE_GEMINI].url = arena_format(t->arena, "http://127.0.0.1:%d", web.port);
    services.at[SERVICE_OPENAI].url = arena_format(t->arena, "http://127.0.0.1:%d/v1", web.port);
    services.at[SERVICE_GEMINI].key = services.at[SERVICE_OPENAI].key = key;
    struct plan_request request = film(r, &services);
    enum err e = plan_draft(t, driver_of(r), &request, &plan);
    web_stub_stop(&web);
    compare(r, e, &plan);

    secret_free(key);
    net_close(n);
    task_done(t);
    free(r);
}

static void every_exchange_ends_as_its_file_says(void **state)
{
    (void)state;
    char path[1000];
    int count = 0;
    snprintf(path, sizeof path, "%s/test/replay/planner", getenv("STORYREEL_SOURCE"));
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (struct dirent *d; (d = readdir(folder)) != NULL;) {
        if (text_ends(d->d_name, ".txt")) {
            play(path, d->d_name);
            count++;
        }
    }
    closedir(folder);
    assert_true(count >= 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_exchange_ends_as_its_file_says) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
