/*
 * A run that is neither in the queue nor in the history may just have gone from one to the other,
 * so the history is asked before and after the queue.
 */
#include "gen/comfyui.h"

#include <string.h>

#include "base/fields.h"
#include "base/hash.h"
#include "base/text.h"
#include "net/form.h"

enum { NAME_DIGITS = 24 };
#define FETCH_US (300 * SECOND_US)

static const struct service *service_of(const struct services *all)
{
    return &all->at[SERVICE_COMFYUI];
}

static const char *text_in(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static bool is_success(const struct net_reply *reply)
{
    return reply->status >= 200 && reply->status < 300;
}

static enum err call_checked(const struct services *all, struct task *t,
                             const struct service_call *call, struct net_reply *reply)
{
    enum err e = service_call(all, t, SERVICE_COMFYUI, call, reply);
    return e || is_success(reply) ? e : service_refusal(t, service_of(all), reply, "", -1);
}

static enum err get_json(const struct services *all, struct task *t, const char *path,
                         json_t **out, struct net_reply *reply)
{
    const struct service_call call = { .method = "GET", .path = path };
    enum err e = call_checked(all, t, &call, reply);
    return e ? e : service_json(t, service_of(all), reply, out);
}

/* ---- files ---- */

/* Named after their bytes: the same picture is there already. */
static const char *name_of(struct task *t, struct bytes file, const char *type)
{
    struct hash h = hash_new("comfyui input");
    hash_add_bytes(&h, "file", file.at, file.size);
    return arena_format(t->arena, "storyreel-%.*s.%s", NAME_DIGITS, hash_end(&h, t->arena),
                        strchr(type, '/') + 1);
}

static enum err read_uploaded(const struct services *all, struct task *t,
                              const struct net_reply *reply, const char **out_name)
{
    scoped(json) json_t *made = NULL;
    enum err e = service_json(t, service_of(all), reply, &made);
    if (e)
        return e;
    const char *name = text_in(made, "name"), *folder = text_in(made, "subfolder");
    *out_name = arena_format(t->arena, "%s%s%s", folder, *folder ? "/" : "", name);
    return *name ? OK : fail(t, ERR_UPSTREAM, "ComfyUI did not say where the picture is");
}

enum err comfyui_upload(const struct services *all, struct task *t, struct bytes file,
                        const char **out_name)
{
    const char *type = net_picture_type(file);
    if (!type)
        return refuse(t, ERR_IMPOSSIBLE, "give it as PNG, JPEG or WebP",
                      "the reference picture is of a type that ComfyUI does not take");
    const struct net_form form = net_form_make(t, "image", name_of(t, file, type), type, file);
    const char *const headers[] = { form.header, NULL };
    const struct service_call call = {
        .method = "POST",
        .path = "/upload/image",
        .headers = headers,
        .body = form.body,
        .timeout_us = FETCH_US,
    };
    struct net_reply reply;
    enum err e = call_checked(all, t, &call, &reply);
    return e ? e : read_uploaded(all, t, &reply, out_name);
}

enum err comfyui_fetch(const struct services *all, struct task *t, const char *path,
                       int64_t bytes_max, int out)
{
    struct net_reply reply;
    const struct service_call call = {
        .method = "GET",
        .path = path,
        .timeout_us = FETCH_US,
        .bytes_max = bytes_max,
        .to_file = true,
        .out = out,
    };
    return call_checked(all, t, &call, &reply);
}

/* ---- running ---- */

/* The first input that is wrong: "node 1 (UNETLoader), unet_name: 'x' not in [...]". */
static const char *node_words(struct task *t, const json_t *errors, const char **out_type)
{
    const char *id;
    json_t *node;
    json_object_foreach((json_t *)errors, id, node) {
        const json_t *first = json_array_get(json_object_get(node, "errors"), 0);
        *out_type = text_in(first, "type");
        return arena_format(t->arena, "node %.40s (%s), %s: %s", id, text_in(node, "class_type"),
                            text_in(first, "message"), text_in(first, "details"));
    }
    return "";
}

static const char *next_step(const char *type)
{
    if (text_equal(type, "invalid_prompt"))
        return "install the missing node in ComfyUI, or use a workflow without it";
    if (text_equal(type, "value_not_in_list"))
        return "put the file it names where ComfyUI looks for it, or name another in the workflow";
    return "mend the workflow in ComfyUI and export it again with File, Export (API)";
}

static enum err refuse_graph(struct task *t, const json_t *json)
{
    const json_t *error = json_object_get(json, "error");
    const char *type = text_in(error, "type");
    const char *node = node_words(t, json_object_get(json, "node_errors"), &type);
    const char *details = *node ? node : text_in(error, "details");
    const char *said = arena_format(t->arena, "%s%s%s", text_in(error, "message"),
                                    *details ? ": " : "", details);
    return refuse(t, ERR_IMPOSSIBLE, next_step(type), "ComfyUI does not run the workflow: %s",
                  text_shorten(t->arena, text_tidy(t->arena, said), 300));
}

static enum err refused(const struct services *all, struct task *t, const struct net_reply *reply)
{
    scoped(json) json_t *json = json_loadb(reply->body.at, reply->body.size, 0, NULL);
    return reply->status == 400 && json_object_get(json, "error")
               ? refuse_graph(t, json)
               : service_refusal(t, service_of(all), reply, "", -1);
}

/* A part of the graph is wrong and the rest would run: better not at all. */
static enum err take_back(const struct services *all, struct task *t, const char *id,
                          const json_t *json, enum net_outcome *outcome)
{
    enum err e = comfyui_cancel(all, t, id);
    *outcome = e ? NET_AMBIGUOUS : NET_NOT_CREATED;
    return e ? e : refuse_graph(t, json);
}

enum err comfyui_run(const struct services *all, struct task *t, const json_t *graph,
                     const char *id, enum net_outcome *outcome)
{
    scoped(json) json_t *body = json_pack("{sO ss ss}", "prompt", graph, "prompt_id", id,
                                          "client_id", "storyreel");
    scoped(json) json_t *json = NULL;
    struct net_reply reply;
    const struct service_call call = { .method = "POST", .path = "/prompt", .json = body };
    enum err e = service_create(all, t, SERVICE_COMFYUI, &call, outcome, &reply);
    if (e)
        return e;
    if (*outcome != NET_CREATED)
        return refused(all, t, &reply);
    e = service_json(t, service_of(all), &reply, &json);
    if (!e && !text_equal(text_in(json, "prompt_id"), id))
        e = fail(t, ERR_UPSTREAM, "ComfyUI did not say what it runs");
    if (!e && json_object_size(json_object_get(json, "node_errors")) > 0)
        return take_back(all, t, id, json, outcome);
    if (e)
        *outcome = NET_AMBIGUOUS;
    return e;
}

/* ---- looking ---- */

static bool is_video(const char *name)
{
    static const char *const endings[] = { ".mp4", ".webm", ".mov", ".mkv", ".m4v" };
    const char *ending = strrchr(name, '.');
    for (size_t i = 0; ending && i < sizeof endings / sizeof *endings; i++) {
        if (text_equal_fold(ending, endings[i]))
            return true;
    }
    return false;
}

static const char *view_path(struct task *t, const json_t *file)
{
    const char *type = text_in(file, "type");
    return arena_format(t->arena, "/view?filename=%s&subfolder=%s&type=%s",
                        net_query_text(t, text_in(file, "filename")),
                        net_query_text(t, text_in(file, "subfolder")),
                        net_query_text(t, *type ? type : "output"));
}

/* Of one node: files stand in lists under names that differ from node to node. */
static const json_t *video_of_node(const json_t *node)
{
    const json_t *found = NULL;
    const char *name;
    json_t *files, *file;
    size_t i;
    json_object_foreach((json_t *)node, name, files) {
        json_array_foreach(files, i, file) {
            bool lasting = !text_equal(text_in(file, "type"), "temp");
            if (is_video(text_in(file, "filename")) && (!found || lasting))
                found = file;
        }
    }
    return found;
}

static const char *video_in(struct task *t, const json_t *outputs)
{
    const char *id;
    json_t *node;
    json_object_foreach((json_t *)outputs, id, node) {
        const json_t *file = video_of_node(node);
        if (file)
            return view_path(t, file);
    }
    return "";
}

/* The message of that name, {} when it was not said. */
static const json_t *message_of(const json_t *status, const char *name)
{
    size_t i;
    json_t *message;
    json_array_foreach(json_object_get(status, "messages"), i, message) {
        const char *said = json_string_value(json_array_get(message, 0));
        if (said && text_equal(said, name))
            return json_array_get(message, 1);
    }
    return NULL;
}

static void read_run(struct task *t, const json_t *run, struct comfyui_result *out)
{
    const json_t *status = json_object_get(run, "status");
    const json_t *error = message_of(status, "execution_error");
    bool failed = text_equal(text_in(status, "status_str"), "error");
    out->state = message_of(status, "execution_interrupted") ? COMFYUI_INTERRUPTED
                 : failed || error                           ? COMFYUI_FAILED
                                                             : COMFYUI_SUCCEEDED;
    out->video = video_in(t, json_object_get(run, "outputs"));
    out->words = error ? arena_format(t->arena, "%s in node %s (%s)",
                                      text_tidy(t->arena, text_in(error, "exception_message")),
                                      text_in(error, "node_id"), text_in(error, "node_type"))
                       : "";
}

/* *out_there: whether the history has it. */
static enum err look_in_history(const struct services *all, struct task *t, const char *id,
                                struct comfyui_result *out, bool *out_there)
{
    scoped(json) json_t *history = NULL;
    struct net_reply reply;
    enum err e = get_json(all, t, arena_format(t->arena, "/history/%s", id), &history, &reply);
    if (e)
        return e;
    const json_t *run = json_object_get(history, id);
    int64_t date_us = net_reply_date_us(&reply);
    out->clock_us = date_us >= 0 ? date_us : clock_wall_us(t->clock);
    *out_there = json_is_object(run);
    if (*out_there)
        read_run(t, run, out);
    return OK;
}

static bool is_queued(const json_t *list, const char *id)
{
    size_t i;
    json_t *entry;
    json_array_foreach(list, i, entry) {
        const char *own = json_string_value(json_array_get(entry, 1));
        if (own && text_equal(own, id))
            return true;
    }
    return false;
}

static enum err look_in_queue(const struct services *all, struct task *t, const char *id,
                              bool *out_there)
{
    scoped(json) json_t *queue = NULL;
    struct net_reply reply;
    enum err e = get_json(all, t, "/queue", &queue, &reply);
    if (e)
        return e;
    const json_t *running = json_object_get(queue, "queue_running");
    const json_t *pending = json_object_get(queue, "queue_pending");
    if (!json_is_array(running) || !json_is_array(pending))
        return fail(t, ERR_UPSTREAM, "ComfyUI's queue is none");
    *out_there = is_queued(running, id) || is_queued(pending, id);
    return OK;
}

enum err comfyui_look(const struct services *all, struct task *t, const char *id,
                      struct comfyui_result *out)
{
    bool ended = false, queued = false;
    struct comfyui_result r = { .video = "", .words = "" };
    enum err e = look_in_history(all, t, id, &r, &ended);
    if (!e && !ended)
        e = look_in_queue(all, t, id, &queued);
    if (!e && !ended && !queued)
        e = look_in_history(all, t, id, &r, &ended);
    if (e)
        return e;
    if (!ended)
        r.state = queued ? COMFYUI_RUNNING : COMFYUI_UNKNOWN;
    *out = r;
    return OK;
}

/* ---- taking back ---- */

static enum err post(const struct services *all, struct task *t, const char *path, json_t *body)
{
    scoped(json) json_t *json = body;
    struct net_reply reply;
    const struct service_call call = { .method = "POST", .path = path, .json = json };
    return call_checked(all, t, &call, &reply);
}

/* What waits is taken out of the queue, what runs is interrupted; which of them is not known. */
enum err comfyui_cancel(const struct services *all, struct task *t, const char *id)
{
    enum err e = post(all, t, "/queue", json_pack("{s[s]}", "delete", id));
    return e ? e : post(all, t, "/interrupt", json_pack("{ss}", "prompt_id", id));
}
