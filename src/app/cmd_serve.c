/* storyreel serve: the API, the pages and the workers in one process, until it is told to stop. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/api.h"
#include "app/app.h"
#include "app/remote.h"
#include "base/log.h"
#include "base/text.h"
#include "flow/hints.h"
#include "flow/once.h"
#include "version.h"

#define DEFAULT_LISTEN "127.0.0.1:8080"
#define KEYS_KEPT_US   (7 * 24 * INT64_C(3600) * SECOND_US)
#define DRAIN_US       (20 * SECOND_US)
enum { HOSTS_MAX = 16 };

struct serve {
    struct common common;
    const char *listen, *token, *host, *web;
    int64_t workers, url_seconds;
    bool quiet, json_log, emulated;
};

/* "films.example,10.0.0.7" as a NULL-ended list. */
static enum err split_hosts(struct task *t, const char *list, const char **out)
{
    size_t count = 0;
    for (const char *at = list; at && *at; at += strspn(at, ",")) {
        size_t bytes = strcspn(at, ",");
        if (count == HOSTS_MAX)
            return fail(t, ERR_INVALID, "at most %d host names are taken", HOSTS_MAX);
        out[count++] = arena_copy_n(t->arena, at, bytes);
        at += bytes;
    }
    out[count] = NULL;
    return OK;
}

/* One more at the end of the list: the name we have told others. */
static enum err add_host(struct task *t, const char *name, const char **hosts)
{
    size_t count = 0;
    while (hosts[count])
        count++;
    if (count == HOSTS_MAX)
        return fail(t, ERR_INVALID, "at most %d host names are taken", HOSTS_MAX);
    hosts[count] = name;
    hosts[count + 1] = NULL;
    return OK;
}

/* The dashboard is taken from beside the program when nobody names a folder. */
static const char *web_folder(struct task *t, const char *share, const char *wanted)
{
    const char *shipped = arena_format(t->arena, "%s/web/out", share);
    if (wanted)
        return wanted;
    return access(arena_format(t->arena, "%s/index.html", shipped), R_OK) == 0 ? shipped : NULL;
}

/* Of a store that others may serve too, whoever runs this is told what its links lack. */
static const char *signing_key(const struct app *a)
{
    const char *set = getenv("STORYREEL_SIGNING_KEY");
    if (!a->flow.owns_store && (!set || !*set))
        log_line(LOG_WARN, NULL, "links and sessions of this server are good at no other",
                 "next=\"set STORYREEL_SIGNING_KEY alike on all servers\"");
    return set;
}

static enum err api_options_of(struct task *t, const struct serve *s, const struct app *a,
                               const char **hosts, struct api_options *out)
{
    const char *share, *token = s->token ? s->token : getenv("STORYREEL_TOKEN");
    enum err e = share_folder(t, &share);
    if (!e)
        e = split_hosts(t, s->host, hosts);
    if (!e && a->flow.hints)
        e = add_host(t, hints_host(a->flow.hints), hosts);
    if (e)
        return e;
    *out = (struct api_options){
        .listen = s->listen ? s->listen : DEFAULT_LISTEN,
        .token = token ? token : "",
        .hosts = hosts,
        .web_folder = web_folder(t, share, s->web),
        .contract = arena_format(t->arena, "%s/api/openapi.yaml", share),
        .version = STORYREEL_VERSION,
        .signing_key = signing_key(a),
        .key_folder = a->data_folder,
        .url_seconds = s->url_seconds,
        .media_origin = blob_url_origin(a->flow.blobs, t),
        .access_log = !s->quiet,
        .emulated = s->emulated,
    };
    return OK;
}

/* --emulated is a promise that no price is real: it is kept, or nothing starts. */
static enum err check_emulated(struct task *t, const struct services *all)
{
    for (int i = 1; i < SERVICE_COUNT; i++) {
        const struct service *s = &all->at[i];
        if (service_is_configured(s) && !service_is_here(s, t))
            return refuse(t, ERR_INVALID,
                          arena_format(t->arena, "set %s to the stand-in's address, or leave "
                                                 "--emulated out", s->url_variable),
                          "--emulated is for stand-ins on this machine, and %s is at %s", s->title,
                          s->url);
    }
    return OK;
}

static void say_ready(const struct serve *s, const struct api *api)
{
    if (s->common.json)
        print_json(json_pack("{ss sb}", "url", api_url(api), "emulated", s->emulated));
    else
        printf("Storyreel listens on %s\n%s", api_url(api),
               s->emulated ? "EMULATED: the services are stand-ins on this machine, and no price "
                             "is real money\n" : "");
    fflush(stdout);
}

static enum err wait_for_signal(struct task *t, struct app *a)
{
    while (!atomic_load(&app_interrupted)) {
        if (a->workers && workers_fault(a->workers, &t->fault))
            return t->fault.code;
        usleep(100 * 1000);
    }
    return OK;
}

/* Requests first, then steps that run, then everything: nothing that was acknowledged is lost. */
static void shut_down(struct app *a, struct api *api)
{
    log_line(LOG_INFO, NULL, "shutting down", "wait_s=%d", (int)(DRAIN_US / SECOND_US));
    api_drain(api, DRAIN_US);
    api_stop(api);
    workers_stop(a->workers, true);
    a->workers = NULL;
}

/* Keys that stay a day longer are no reason to answer nobody. */
static void forget_keys(struct task *t, struct app *a)
{
    if (once_sweep(a->flow.store, t, KEYS_KEPT_US) != OK)
        log_line(LOG_WARN, t, "old idempotency keys stay for now", "error=\"%s\"",
                 t->fault.message);
}

static enum err serve_app(struct task *t, const struct serve *s, struct app *a,
                          struct changes *changes)
{
    const char *hosts[HOSTS_MAX + 1];
    struct api_options options;
    struct api *api = NULL;
    enum err e = s->emulated ? check_emulated(t, &a->services) : OK;
    if (!e)
        e = api_options_of(t, s, a, hosts, &options);
    if (!e)
        e = app_watch(t, a, changes_of_store, changes);
    if (!e)
        forget_keys(t, a);
    if (!e && s->workers != 0)
        e = app_work(t, a, NULL);
    if (!e)
        e = api_start(t, &a->flow, a->workers, changes, &options, &api);
    if (e)
        return e;
    e = remote_announce(t, a->data_folder, &(struct remote){ api_url(api), options.token });
    if (!e) {
        say_ready(s, api);
        e = wait_for_signal(t, a);
    }
    remote_withdraw(t, a->data_folder);
    shut_down(a, api);
    return e;
}

static enum err serve(struct task *t, int argc, char **argv)
{
    struct serve s = { .workers = -1 };
    const struct option options[] = {
        { "listen", "ADDR:PORT", OPTION_TEXT, &s.listen,
          "where to listen (" DEFAULT_LISTEN "); port 0 takes a free one", 'l' },
        { "token", "TOKEN", OPTION_TEXT, &s.token,
          "what clients must know; STORYREEL_TOKEN says it unseen", 0 },
        { "host", "NAME,...", OPTION_TEXT, &s.host, "names browsers may call the server by", 0 },
        { "web", "FOLDER", OPTION_TEXT, &s.web, "the dashboard's exported files", 0 },
        { "workers", "N", OPTION_INT, &s.workers, "threads that make films (one a core); 0: none",
          'w' },
        { "url-seconds", "S", OPTION_INT, &s.url_seconds, "how long links to media live (900)", 0 },
        { "emulated", NULL, OPTION_FLAG, &s.emulated,
          "every service is a stand-in on this machine: say so everywhere", 0 },
        { "quiet", NULL, OPTION_FLAG, &s.quiet, "do not log requests", 'q' },
        { "json-log", NULL, OPTION_FLAG, &s.json_log, "log one JSON object a line", 0 },
        COMMON_OPTIONS(s.common)
    };
    struct words words;
    enum err e = options_read(t, options, argc, argv, &words);
    if (e)
        return e;
    if (s.common.help)
        return command_help(&command_serve, options);
    if (words.count > 0 || s.workers < -1 || s.url_seconds < 0)
        return refuse(t, ERR_INVALID, "storyreel serve --help lists the options",
                      "serve takes options only, and no negative numbers");
    struct app a;
    struct changes *changes = changes_new();
    log_setup(s.common.verbose ? LOG_DEBUG : LOG_INFO, s.json_log);
    e = app_open(t, &s.common, &a);
    if (!e) {
        a.worker_count = s.workers > 0 ? (int)s.workers : 0;
        e = serve_app(t, &s, &a, changes);
        app_close(&a);
    }
    changes_free(changes);
    return e;
}

const struct command command_serve = {
    "serve",
    "[--listen ADDR:PORT]",
    "the API, the dashboard and the workers",
    serve,
};
