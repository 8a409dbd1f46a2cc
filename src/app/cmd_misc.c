/* The small commands: what there is to choose from, whether everything is in order, which version
 * this is. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "app/app.h"
#include "app/version.h"
#include "base/file.h"
#include "base/text.h"

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

static enum err models(struct task *t, int argc, char **argv)
{
    struct common common = { 0 };
    const char *share, *data;
    struct model *all;
    size_t count;
    bool done;
    enum err e = read_common(t, &command_models, argc, argv, &common, &done);
    if (e || done)
        return e;
    e = share_folder(t, &share);
    if (!e)
        e = data_folder(t, common.data, &data);
    if (e)
        return e;
    struct model_folders folders = { arena_format(t->arena, "%s/models", data),
                                     arena_format(t->arena, "%s/models", share) };
    e = model_list(t, &folders, &all, &count);
    if (e)
        return e;
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(list, json_pack("{ss ss ss sf sf sf}", "name", all[i].name, "title",
                                              all[i].title, "driver", all[i].driver, "secondsMin",
                                              all[i].seconds_min, "secondsMax", all[i].seconds_max,
                                              "usdPerSecond", all[i].usd_per_second));
        if (!common.json)
            printf("%-12s %s, %g to %g s a scene, %s\n", all[i].name, all[i].title,
                   all[i].seconds_min, all[i].seconds_max,
                   all[i].usd_per_second == 0 ? "free" : "paid");
    }
    if (common.json)
        print_json(json_pack("{so}", "models", list));
    else
        json_decref(list);
    return OK;
}

const struct command command_models = { "models", "", "the video models that can film", models };

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
    finding_of_task(c, "calls", net_check_url(a->net, c->task, "https://example.com/"),
                    arena_format(c->task->arena,
                                 "other machines can be called; webhooks are signed with the secret in "
                                 "%s/webhook-secret",
                                 a->data_folder));
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
    scoped(draft) struct draft empty = draft_none();
    enum err e = app_open_media(c->task, &m);
    if (!e)
        e = draft_open(c->task, "/tmp", &empty);
    if (!e)
        e = media_probe(m, c->task, empty.fd, &info);
    finding(c, "media child", e == ERR_MEDIA,
            e == ERR_MEDIA ? "starts and answers" : c->task->fault.message,
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

static enum err doctor(struct task *t, int argc, char **argv)
{
    struct common common = { 0 };
    bool done;
    enum err e = read_common(t, &command_doctor, argc, argv, &common, &done);
    if (e || done)
        return e;
    struct checkup c = { .task = t, .json = common.json, .list = json_array() };
    check_styles(&c, &common);
    check_media(&c);
    check_data(&c, &common);
    if (common.json)
        print_json(json_pack("{so}", "checks", c.list));
    else
        json_decref(c.list);
    if (c.wrong)
        return refuse(t, ERR_INTERNAL, "mend the lines marked BAD",
                      "%d of the checks found something wrong", c.wrong);
    return OK;
}

const struct command command_doctor = { "doctor", "", "check that everything is in order", doctor };

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
