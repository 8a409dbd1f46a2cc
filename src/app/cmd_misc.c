/* The small commands: what there is to choose from, whether everything is in order, which version
 * this is. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "app/app.h"
#include "app/version.h"
#include "base/file.h"
#include "base/text.h"
#include "net/probe.h"
#include "blob/blob.h"

/* Options that every small command takes; *out_done when only help was wanted. */
static enum err read_common(struct task *t, const struct command *c, int argc, char **argv,
                            struct common *common, bool *out_done)
{
    const struct option options[] = { COMMON_OPTIONS(*common) };
    struct words words;
    enum err e = options_read(t, options, argc, argv, &words);
    *out_done = !e && common->help;
    if (*out_done)
        return command_help(c, options);
    if (!e && words.count > 0)
        e = refuse(t, ERR_INVALID, "leave it out", "\"%s\" means nothing to storyreel %s",
                   words.at[0], c->name);
    return e;
}

/* ---- styles and models ---- */

static enum err style_folders(struct task *t, const struct common *common, struct data_folders *out)
{
    const char *share, *data;
    enum err e = share_folder(t, &share);
    if (!e)
        e = data_folder(t, common->data, &data);
    if (!e)
        *out = (struct data_folders){ .user = data, .shipped = share };
    return e;
}

static enum err styles(struct task *t, int argc, char **argv)
{
    struct common common = { 0 };
    struct data_folders folders;
    struct style *all;
    size_t count;
    bool done;
    enum err e = read_common(t, &command_styles, argc, argv, &common, &done);
    if (e || done)
        return e;
    e = style_folders(t, &common, &folders);
    if (!e)
        e = style_list(t, &folders, &all, &count);
    if (e)
        return e;
    if (common.json) {
        json_t *list = json_array();
        for (size_t i = 0; i < count; i++)
            json_array_append_new(list, json_pack("{ss ss ss so}", "name", all[i].name, "title",
                                                  all[i].title, "summary", all[i].summary, "grade",
                                                  fields_encode(look_grade_fields, &all[i].grade)));
        print_json(json_pack("{so}", "styles", list));
        return OK;
    }
    for (size_t i = 0; i < count; i++)
        printf("%-20s %s\n", all[i].name, all[i].summary);
    return OK;
}

const struct command command_styles = { "styles", "", "the director styles", styles };

/* The service a driver speaks to; SERVICE_NONE for those that need none. */
static enum service_id service_of(const struct model *m)
{
    int id = names_index(service_names, m->driver);
    return id > 0 ? (enum service_id)id : SERVICE_NONE;
}

/* Every whole second from the first to the last. */
static bool is_every_second(const struct model *m)
{
    bool every = m->length_count > 3;
    for (size_t i = 1; i < m->length_count; i++)
        every = every && m->lengths[i] == m->lengths[i - 1] + 1;
    return every;
}

/* "4, 6 or 8 s", "3 to 10 s", "0.5 to 30 s" */
static const char *lengths_text(struct task *t, const struct model *m)
{
    struct text out = text_new(t->arena);
    if (is_every_second(m))
        return arena_format(t->arena, "%g to %g s", m->lengths[0], m->lengths[m->length_count - 1]);
    for (size_t i = 0; i < m->length_count; i++)
        text_printf(&out, "%s%g",
                    i == 0                    ? ""
                    : i + 1 < m->length_count ? ", "
                                              : " or ",
                    m->lengths[i]);
    if (m->length_count == 0)
        text_printf(&out, "%g to %g", m->seconds_min, m->seconds_max);
    return arena_format(t->arena, "%s s", text_end(&out));
}

static const char *price_text(struct task *t, const struct model *m)
{
    bool each_one = m->makes == MAKES_IMAGE || m->makes == MAKES_TEXT;
    double usd = each_one ? m->usd_each : m->usd_per_second;
    static const char *const each[] = { "",          " a second", " each",    " a plan",
                                        " a second", " a second", " a second" };
    if (usd < 0)
        return "price unknown";
    return usd == 0 ? "free" : arena_format(t->arena, "$%.4g%s", usd, each[m->makes]);
}

/* "configured", or what to set. */
static const char *configured_text(struct task *t, const struct services *all,
                                   const struct model *m)
{
    const struct service *s = &all->at[service_of(m)];
    const char *lacks = s->title ? service_lacks(s) : NULL;
    return lacks ? arena_format(t->arena, "set %s", lacks) : "ready";
}

static void print_model(struct task *t, const struct services *all, const struct model *m)
{
    printf("%-22s %-8s %-26s %-14s %-18s %s\n", m->name, model_makes_names[m->makes], m->title,
           m->makes == MAKES_VIDEO || m->makes == MAKES_MUSIC ? lengths_text(t, m) : "",
           price_text(t, m), configured_text(t, all, m));
}

static json_t *model_json(const struct services *all, const struct model *m)
{
    const struct service *s = &all->at[service_of(m)];
    json_t *json = json_pack("{ss ss ss ss sb}", "name", m->name, "title", m->title, "driver",
                             m->driver, "makes", model_makes_names[m->makes], "configured",
                             !s->title || service_is_configured(s));
    if (m->makes == MAKES_VIDEO) {
        json_t *lengths = json_array();
        for (size_t i = 0; i < m->length_count; i++)
            json_array_append_new(lengths, json_real(m->lengths[i]));
        json_object_set_new(json, "lengths", lengths);
        json_object_set_new(json, "secondsMin", json_real(m->seconds_min));
        json_object_set_new(json, "secondsMax", json_real(m->seconds_max));
        json_object_set_new(json, "usdPerSecond", json_real(m->usd_per_second));
    } else if (m->makes != MAKES_IMAGE && m->makes != MAKES_TEXT)
        json_object_set_new(json, "usdPerSecond", json_real(m->usd_per_second));
    else
        json_object_set_new(json, "usdEach", json_real(m->usd_each));
    return json;
}

/* Keys and addresses as they are configured, without opening anything. */
static enum err read_services(struct task *t, const struct common *common, struct services *out,
                              struct service_keys *keys)
{
    const char *data;
    enum err e = data_folder(t, common->data, &data);
    return e ? e : services_configure(t, data, NULL, out, keys);
}

static enum err list_models(struct task *t, const struct common *common, struct model **out,
                            size_t *out_count)
{
    const char *share, *data;
    enum err e = share_folder(t, &share);
    if (!e)
        e = data_folder(t, common->data, &data);
    if (e)
        return e;
    struct model_folders folders = { arena_format(t->arena, "%s/models", data),
                                     arena_format(t->arena, "%s/models", share) };
    return model_list(t, &folders, out, out_count);
}

static enum err models(struct task *t, int argc, char **argv)
{
    struct common common = { 0 };
    struct services all;
    struct service_keys keys = { 0 };
    struct model *list;
    size_t count;
    bool done;
    enum err e = read_common(t, &command_models, argc, argv, &common, &done);
    if (e || done)
        return e;
    e = list_models(t, &common, &list, &count);
    if (!e)
        e = read_services(t, &common, &all, &keys);
    json_t *json = json_array();
    for (size_t i = 0; i < count && !e; i++) {
        if (common.json)
            json_array_append_new(json, model_json(&all, &list[i]));
        else
            print_model(t, &all, &list[i]);
    }
    if (common.json && !e)
        print_json(json_pack("{sO}", "models", json));
    json_decref(json);
    service_keys_free(&keys);
    return e;
}

const struct command command_models = { "models", "",
                                        "the models there are: video, image, text, lip-sync, "
                                        "music, voice",
                                        models };

/* ---- doctor ---- */

struct checkup {
    struct task *task;
    bool json;
    json_t *list;
    int wrong;
};

static void finding(struct checkup *c, const char *what, bool fine, const char *says,
                    const char *next)
{
    c->wrong += !fine;
    if (!c->json)
        printf("%-4s %-14s %s%s%s\n", fine ? "ok" : "BAD", what, says, *next ? "; " : "", next);
    json_array_append_new(
        c->list, json_pack("{ss sb ss ss}", "check", what, "ok", fine, "says", says, "next", next));
}

static void finding_of_task(struct checkup *c, const char *what, enum err e, const char *fine)
{
    finding(c, what, e == OK, e ? c->task->fault.message : fine, e ? c->task->fault.next : "");
}

static void check_disk(struct checkup *c, const char *folder)
{
    struct statvfs fs;
    if (statvfs(folder, &fs) != 0)
        return;
    uint64_t free_mb = (uint64_t)fs.f_bavail * fs.f_frsize >> 20;
    finding(c, "disk", free_mb >= 2048,
            arena_format(c->task->arena, "%" PRIu64 " MB free in %s", free_mb, folder),
            free_mb >= 2048 ? "" : "free some space: 2 GB are needed to work calmly");
}

/* Loading the HTTP library is all that can be tried without calling anyone. */
static void check_calls(struct checkup *c, const struct app *a)
{
    const char *given = getenv("STORYREEL_WEBHOOK_SECRET");
    const char *secret = given && *given ? "STORYREEL_WEBHOOK_SECRET" :
                         arena_format(c->task->arena, "the secret in %s/webhook-secret",
                                      a->data_folder);
    finding_of_task(c, "calls", net_check_url(a->net, c->task, "https://example.com/"),
                    arena_format(c->task->arena,
                                 "other machines can be called; webhooks are signed with %s",
                                 secret));
}

/* Where media is, whether it can be kept there, and what could not be sent there yet. */
static void check_blobs(struct checkup *c, struct blob_store *blobs)
{
    struct task *t = c->task;
    struct blob_info *files;
    size_t count = 0;
    int64_t bytes = 0;
    finding_of_task(c, "media", blob_check(blobs, t), blob_describe(blobs, t));
    enum err e = blob_waiting(blobs, t, &files, &count);
    for (size_t i = 0; i < count; i++)
        bytes += files[i].bytes;
    if (e || !count)
        return;
    finding(c, "uploads", false,
            arena_format(t->arena, "%zu %s of %.1f MB to be sent yet, the first is %s", count,
                         count == 1 ? "file" : "files", (double)bytes / 1e6, files[0].key),
            "they are tried again as long as storyreel runs");
}

/* What waits there; a queue that does not answer is named by its own words. */
static void check_queue(struct checkup *c, struct queue *queue)
{
    struct queue_stats all = { 0 };
    enum err e = queue_check(queue, c->task);
    for (enum queue_lane lane = LANE_LIGHT; lane < LANE_COUNT && !e; lane++) {
        struct queue_stats s = { 0 };
        e = queue_stats(queue, c->task, lane, &s);
        all.waiting += s.waiting;
        all.leased += s.leased;
        all.dead += s.dead;
    }
    finding_of_task(c, "queue", e,
                    arena_format(c->task->arena, "%" PRId64 " wait, %" PRId64 " run, %" PRId64
                                                 " set aside",
                                 all.waiting, all.leased, all.dead));
}

static void check_data(struct checkup *c, const struct common *common)
{
    struct app a;
    struct project *projects;
    size_t count = 0;
    enum err e = app_open(c->task, common, &a);
    if (e == OK) {
        e = projects_load(a.flow.store, c->task, PROJECT_NOT_SET, &projects, &count);
        finding_of_task(c, "data", e,
                        arena_format(c->task->arena, "%zu projects in %s", count, a.data_folder));
        check_queue(c, a.flow.queue);
        check_blobs(c, a.flow.blobs);
        check_disk(c, a.data_folder);
        check_calls(c, &a);
        app_close(&a);
    } else {
        finding_of_task(c, "data", e, "");
    }
}

/* The media child is asked about an empty file: a MEDIA refusal means that it started and looked.
 */
static void check_media(struct checkup *c)
{
    struct media *m = NULL;
    struct clip_info info;
    int empty  = memfd_create("empty", MFD_CLOEXEC);
    enum err e = app_open_media(c->task, &m);
    if (!e)
        e = media_probe(m, c->task, empty, &info);
    close(empty);
    finding(c, "media child", e == ERR_MEDIA,
            e == ERR_MEDIA ? arena_format(c->task->arena, "starts and answers; confined: %s",
                                          media_confinement())
                           : c->task->fault.message,
            e == ERR_MEDIA ? "" : c->task->fault.next);
    media_close(m);
}

static void check_styles(struct checkup *c, const struct common *common)
{
    struct data_folders folders;
    struct style *all;
    size_t count = 0;
    enum err e = style_folders(c->task, common, &folders);
    if (!e)
        e = style_list(c->task, &folders, &all, &count);
    finding_of_task(c, "styles", e, arena_format(c->task->arena, "%zu director styles", count));
}

/* A model of theirs that is in a descriptor and not there any more. */
static void check_model(struct checkup *c, const struct services *all, const struct model *m)
{
    enum err e = service_probe_model(all, c->task, service_of(m), m->remote);
    if (e == OK)
        return;
    const char *next = arena_format(c->task->arena,
                                    "put another `remote` into a file %s.yaml in the models folder "
                                    "of your data folder",
                                    m->name);
    finding(c, m->name, false,
            e == ERR_NOT_FOUND ? arena_format(c->task->arena, "%s is not there any more", m->remote)
                               : c->task->fault.message,
            e == ERR_NOT_FOUND ? next : c->task->fault.next);
}

static void check_online(struct checkup *c, const struct services *all, enum service_id id,
                         const struct common *common)
{
    struct model *models;
    size_t count = 0;
    enum err e = service_probe(all, c->task, id);
    finding_of_task(c, service_names[id], e,
                    arena_format(c->task->arena, "answers at %s", all->at[id].url));
    if (e || list_models(c->task, common, &models, &count) != OK)
        return;
    for (size_t i = 0; i < count; i++) {
        if (service_of(&models[i]) == id)
            check_model(c, all, &models[i]);
    }
}

static void check_service(struct checkup *c, const struct services *all, enum service_id id)
{
    const struct service *s = &all->at[id];
    const char *variable = *s->url ? s->key_variable : s->url_variable;
    bool configured = service_is_configured(s);
    finding(c, service_names[id], true,
            configured ? arena_format(c->task->arena, "configured, at %s", s->url)
                       : "not configured, and not needed",
            configured ? "" : arena_format(c->task->arena, "set %s to use it", variable));
}

/* None is needed; a wrong setting is wrong all the same. */
static void check_services(struct checkup *c, const struct common *common, bool online)
{
    struct task *t = c->task;
    struct services all;
    struct service_keys keys = { 0 };
    struct net *n = NULL;
    const char *data;
    enum err e = data_folder(t, common->data, &data);
    if (!e)
        e = net_open(t, &(struct net_options){ 0 }, &n);
    if (!e)
        e = services_configure(t, data, n, &all, &keys);
    if (e)
        finding_of_task(c, "services", e, "");
    for (int i = 1; i < SERVICE_COUNT && !e; i++) {
        if (online && service_is_configured(&all.at[i]))
            check_online(c, &all, (enum service_id)i, common);
        else
            check_service(c, &all, (enum service_id)i);
    }
    service_keys_free(&keys);
    net_close(n);
}

static enum err doctor(struct task *t, int argc, char **argv)
{
    struct common common = { 0 };
    bool online = false;
    const struct option options[] = {
        { "online", NULL, OPTION_FLAG, &online, "ask each configured service too; costs nothing",
          0 },
        COMMON_OPTIONS(common),
    };
    struct words words;
    enum err e = options_read(t, options, argc, argv, &words);
    if (!e && common.help)
        return command_help(&command_doctor, options);
    if (!e && words.count > 0)
        e = refuse(t, ERR_INVALID, "leave it out", "\"%s\" means nothing to storyreel doctor",
                   words.at[0]);
    if (e)
        return e;
    struct checkup c = { .task = t, .json = common.json, .list = json_array() };
    check_styles(&c, &common);
    check_media(&c);
    check_data(&c, &common);
    check_services(&c, &common, online);
    if (common.json)
        print_json(json_pack("{so}", "checks", c.list));
    else
        json_decref(c.list);
    if (c.wrong)
        return refuse(t, ERR_INTERNAL, "mend the lines marked BAD",
                      "%d of the checks found something wrong", c.wrong);
    return OK;
}

const struct command command_doctor = { "doctor", "[--online]", "check that everything is in order",
                                        doctor };

/* ---- version ---- */

static enum err version(struct task *t, int argc, char **argv)
{
    struct common common = { 0 };
    bool done;
    enum err e = read_common(t, &command_version, argc, argv, &common, &done);
    if (e || done)
        return e;
    if (common.json)
        print_json(json_pack("{ss}", "version", STORYREEL_VERSION));
    else
        printf("storyreel %s\n", STORYREEL_VERSION);
    return OK;
}

const struct command command_version = { "version", "", "which version this is", version };
