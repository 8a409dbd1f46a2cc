#include "remote_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

static void answer(void *shared, const struct web_request *r, int c)
{
    struct remote_fixture *f = shared;
    int n = f->asked_count;
    snprintf(f->path, sizeof f->path, "%s %s", r->method, r->path);
    snprintf(f->sent, sizeof f->sent, "%s", r->body);
    if (n < REMOTE_ROUTES_MAX) {
        snprintf(f->asked[n], sizeof f->asked[n], "%.290s", f->path);
        f->asked_count = n + 1;
    }
    for (size_t i = 0; i < REMOTE_ROUTES_MAX && f->routes[i].begins; i++) {
        const struct remote_route *route = &f->routes[i];
        if (!text_starts(f->path, route->begins))
            continue;
        if (route->status)
            web_reply(c, route->status, route->headers ? route->headers : "", route->body);
        return;
    }
}

void remote_begin(struct remote_fixture *f, enum service_id service, const char *model)
{
    *f = (struct remote_fixture){ 0 };
    task_init(&f->task, "test");
    assert_ok(&f->task, net_open(&f->task, &(struct net_options){ 0 }, &f->net));
    assert_ok(&f->task, secret_new(&f->task, "the key", "test-key", &f->key));
    web_stub_start(&f->web, answer, f);
    f->all = services_make(f->net);
    f->all.at[service].key = f->key;
    f->all.at[service].gate = NULL; /* what one row suffers is nothing to the next */
    f->all.at[service].url = arena_format(f->task.arena, "http://127.0.0.1:%d", f->web.port);
    const struct model_folders folders = {
        .shipped = arena_format(f->task.arena, "%s/models", getenv("STORYREEL_SOURCE")),
    };
    assert_ok(&f->task, model_load(&f->task, &folders, model, &f->model));
}

void remote_end(struct remote_fixture *f)
{
    web_stub_stop(&f->web);
    secret_free(f->key);
    net_close(f->net);
    task_done(&f->task);
}

void remote_answers(struct remote_fixture *f, const char *status, const char *body)
{
    f->routes[0] = (struct remote_route){ .begins = "", .status = status, .body = body };
    f->asked_count = 0;
}

struct video_request remote_request(const struct remote_fixture *f, int64_t frames)
{
    return (struct video_request){
        .model = &f->model, .prompt = "A robot waters plants.", .negative_prompt = "text", .aspect = "16:9",
        .size = "720p",
        .picture = { .width_px = 1280, .height_px = 720, .frame_count = frames, .seed = 41 },
    };
}

int remote_file(const void *bytes, size_t size)
{
    FILE *file = tmpfile();
    if (!file || fwrite(bytes, 1, size, file) != size || fflush(file) != 0)
        test_failed("a file of %zu bytes cannot be made", size);
    return fileno(file);
}
