#include "app/app.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "flow/leftovers.h"
#include "flow/library.h"
#include "blob/blob_driver.h"
#include "flow/hints.h"
#include "flow/jobs.h"
#include "flow/paid.h"
#include "flow/webhooks.h"
#include "queue/queue_driver.h"
#include "store/store_driver.h"

/* ---- every driver, named once ---- */

const struct video_driver *const app_videos[] = { &video_animatic, &video_replicate, &video_gemini,
                                                 &video_comfyui, NULL };
const struct planner_driver *const app_planners[] = { &planner_offline, &planner_gemini,
                                                      &planner_openai, NULL };
const struct image_driver *const app_images[] = { &image_card, &image_gemini, &image_replicate,
                                                 NULL };

const struct sound_driver *const app_sounds[] = { &music_replicate, &voice_gemini, NULL };
const struct lipsync_driver *const app_lipsyncs[] = { &lipsync_animatic, &lipsync_replicate, NULL };

#define SHARED_LEFTOVER_US (3600 * SECOND_US)  /* longer than any upload or job goes on */

/* ---- folders ---- */

/* Upwards from the program: an installation has ../share/storyreel, a build folder lies inside the
 * source tree. */
enum err share_folder(struct task *t, const char **out)
{
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0)
        return fail_errno(t, errno, "find", "the program itself");
    program[length] = '\0';
    const char *installed =
        arena_format(t->arena, "%s/../share/storyreel", path_folder(t->arena, program));
    if (access(arena_format(t->arena, "%s/styles", installed), R_OK) == 0) {
        *out = installed;
        return OK;
    }
    for (const char *folder = program; strchr(folder + 1, '/');) {
        folder = path_folder(t->arena, folder);
        if (access(arena_format(t->arena, "%s/styles/modes", folder), R_OK) == 0) {
            *out = folder;
            return OK;
        }
    }
    return refuse(t, ERR_NOT_FOUND,
                  "install Storyreel whole: styles/ and models/ belong in ../share/storyreel",
                  "the director styles that come with the program are not where they should be");
}

enum err data_folder(struct task *t, const char *wanted, const char **out)
{
    const char *set = getenv("STORYREEL_DATA"), *xdg = getenv("XDG_DATA_HOME"),
               *home = getenv("HOME");
    if (wanted && *wanted)
        *out = wanted;
    else if (set && *set)
        *out = arena_copy(t->arena, set);
    else if (xdg && *xdg)
        *out = arena_format(t->arena, "%s/storyreel", xdg);
    else if (home && *home)
        *out = arena_format(t->arena, "%s/.local/share/storyreel", home);
    else
        return refuse(t, ERR_INVALID, "name a folder with --data DIR",
                      "there is no home folder to keep projects in");
    return OK;
}

/* ---- opening ---- */

static const char *worker_name(struct task *t)
{
    char host[64] = "";
    gethostname(host, sizeof host - 1);
    return arena_format(t->arena, "%s:%d:%lld", host, (int)getpid(),
                        (long long)clock_wall_us(t->clock));
}

/* A film of a thousand scenes opens a thousand clips at once. */
static void raise_open_files(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

enum err app_open_media(struct task *t, struct media **out)
{
    raise_open_files();
    return media_open(t, "/proc/self/exe", out);
}

/* 0 when nothing sensible is set. */
static double number_set(const char *variable)
{
    const char *set = getenv(variable);
    double number = set ? strtod(set, NULL) : 0;
    return number > 0 && number < 1e6 ? number : 0;
}

/* `user`: the data folder, whose styles, models and keys count; only its owner writes to it. */
static enum err open_common(struct task *t, const char *user, bool owned, struct app *a)
{
    const char *share;
    enum err e = share_folder(t, &share);
    if (e)
        return e;
    a->flow.styles = (struct data_folders){
        .user = user,
        .shipped = share,
    };
    a->flow.models = (struct model_folders){
        .user = arena_format(t->arena, "%s/models", user),
        .shipped = arena_format(t->arena, "%s/models", share),
    };
    a->flow.videos = app_videos;
    a->flow.lipsyncs = app_lipsyncs;
    a->flow.sounds = app_sounds;
    a->flow.planners = app_planners;
    a->flow.images = app_images;
    a->flow.day_cap_usd = number_set("STORYREEL_DAY_BUDGET");
    a->flow.settle_us = (int64_t)(number_set("STORYREEL_SETTLE_SECONDS") * SECOND_US);
    a->flow.lease_us = (int64_t)(number_set("STORYREEL_LEASE_SECONDS") * SECOND_US);
    a->flow.look_us = (int64_t)(number_set("STORYREEL_LOOK_SECONDS") * SECOND_US);
    const char *public_url = getenv("STORYREEL_PUBLIC_URL");
    if (public_url && *public_url)
        e = hints_open(t, arena_copy(t->arena, public_url), &a->flow.hints);
    if (e)
        return fail_at(t, e, "STORYREEL_PUBLIC_URL");
    a->flow.net = a->net;
    e = webhook_secret_open(t, arena_copy(t->arena, getenv("STORYREEL_WEBHOOK_SECRET")),
                            owned ? user : "", &a->flow.webhook_secret);
    if (!e)
        e = services_configure(t, user, a->net, &a->services, &a->keys);
    return e ? e : app_open_media(t, &a->flow.media);
}

static enum err open_net(struct task *t, struct app *a)
{
    bool loopback = getenv("STORYREEL_LOOPBACK_FETCH") != NULL;
    return net_open(t, &(struct net_options){ .loopback = loopback }, &a->net);
}

/* Nobody else, until a store is opened that others may have too. */
static void name_worker(struct task *t, struct app *a)
{
    a->flow.worker = worker_name(t);
    a->flow.owns_store = true;
}

enum err app_open(struct task *t, const struct common *common, struct app *out)
{
    struct app a = { 0 };
    if (common->verbose)
        log_verbose();
    name_worker(t, &a);
    enum err e = data_folder(t, common->data, &a.data_folder);
    if (!e)
        e = folder_make(t, a.data_folder);
    if (!e)
        e = open_net(t, &a);
    if (!e)
        e = backends_open(t, a.data_folder, a.net, &a.backends, &a.flow);
    if (!e)
        e = open_common(t, a.data_folder, true, &a);
    *out = a;
    out->flow.services = &out->services;
    if (e)
        app_close(out);
    return e;
}

enum err app_open_memory(struct task *t, const struct common *common, struct app *out)
{
    struct app a = { .data_folder = "" };
    const char *user;
    if (common->verbose)
        log_verbose();
    name_worker(t, &a);
    enum err e = data_folder(t, common->data, &user);
    if (!e)
        e = open_net(t, &a);
    if (!e)
        e = store_memory_open(t, &a.flow.store);
    if (!e)
        e = queue_memory_open(t, &a.flow.queue);
    if (!e)
        e = blob_memory_open(t, &a.flow.blobs);
    if (!e)
        e = open_common(t, user, false, &a);
    *out = a;
    out->flow.services = &out->services;
    if (e)
        app_close(out);
    return e;
}

enum err app_watch(struct task *t, struct app *a, store_listener *listener, void *context)
{
    struct store *under = a->flow.store;
    a->flow.store = NULL; /* its owner is the watch, also when that fails */
    enum err e = store_watch_open(t, under, listener, context, &a->flow.store);
    if (!e && a->backends.feed)
        store_feed_listen(a->backends.feed, listener, context);
    return e;
}

void app_close(struct app *a)
{
    workers_stop(a->workers, true);
    hints_close(a->flow.hints);
    service_keys_free(&a->keys);
    media_close(a->flow.media);
    blob_close(a->flow.blobs);
    queue_close(a->flow.queue);
    store_close(a->flow.store);
    backends_close(&a->backends);
    net_close(a->net);
    *a = (struct app){ 0 };
}

/* Where others are at work, a file without a record may be about to get one. */
static enum err sweep_files(struct task *t, struct app *a)
{
    if (!a->flow.owns_store)
        return leftovers_sweep(&a->flow, t, SHARED_LEFTOVER_US);
    enum err e = leftovers_sweep(&a->flow, t, 0);
    return e ? e : library_sweep(&a->flow, t);
}

enum err app_work(struct task *t, struct app *a, const char *only_project)
{
    a->flow.only_project = only_project;
    enum err e = sweep_files(t, a);
    if (!e)
        e = paid_recover(&a->flow, t);
    if (!e)
        e = jobs_recover_all(&a->flow, t);
    const struct workers_options options = { a->worker_count, a->lanes };
    return e ? e : workers_start(t, &a->flow, &options, &a->workers);
}

/* ---- small things commands share ---- */

void print_json(json_t *json)
{
    json_dumpf(json, stdout, JSON_COMPACT | JSON_REAL_PRECISION(12));
    fputc('\n', stdout);
    json_decref(json);
}

enum err argument_open(struct task *t, const char *option, const char *path,
                       struct source_file *out)
{
    *out = (struct source_file){ .fd = -1, .name = path ? path : "" };
    if (!path)
        return OK;
    enum err e = file_open(t, path, &out->fd);
    return e ? fail_at(t, e == ERR_NOT_FOUND ? ERR_INVALID : e, option) : OK;
}

enum err command_help(const struct command *c, const struct option *options)
{
    printf("storyreel %s %s\n\n%s\n\n", c->name, c->usage, c->summary);
    options_help(options);
    return OK;
}
