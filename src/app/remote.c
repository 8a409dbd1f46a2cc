/*
 * A verb is a row: method, path, what makes its body, what prints the reply. With --json the reply
 * is printed as it came.
 */
#include "app/remote_call.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "app/report.h"
#include "base/id.h"
#include "base/text.h"

#define FILM_TIMEOUT_US (3600 * SECOND_US)
#define LOOK_AGAIN_US   (500 * 1000)

struct remote_verb {
    const char *name, *method;
    const char *path; /* {id}, {1}, {2}: the project, the words after it */
    enum err (*body)(struct remote_call *c, json_t **out); /* NULL: none */
    enum err (*finish)(struct remote_call *c, json_t *reply);
};

/* ---- reading members ---- */

static const char *text_of(const json_t *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));
    return text ? text : "";
}

static double number_of(const json_t *json, const char *name)
{
    return json_number_value(json_object_get(json, name));
}

static int64_t int_of(const json_t *json, const char *name)
{
    return json_integer_value(json_object_get(json, name));
}

/* ---- printing ---- */

static enum err print_projects(struct remote_call *c, json_t *reply)
{
    size_t i;
    json_t *p;
    json_array_foreach(json_object_get(reply, "projects"), i, p)
    {
        const char *title = text_of(p, "title");
        printf("%s  %.10s  %-10s %-12s %s\n", text_of(p, "projectId"), text_of(p, "createdAt"),
               text_of(p, "status"), text_of(p, "mode"),
               *title ? title : text_shorten(c->task->arena, text_of(p, "conceptPrompt"), 60));
    }
    return OK;
}

static enum err print_board(struct remote_call *c, json_t *reply)
{
    size_t i;
    json_t *s;
    printf("%s  %s\n%s, %s, %" PRId64 "x%" PRId64 ", %s, %s\n", text_of(reply, "projectId"),
           text_of(reply, "title"), text_of(reply, "mode"), text_of(reply, "directorConfig"),
           int_of(reply, "width"), int_of(reply, "height"),
           time_clock_text(c->task->arena, (int64_t)(number_of(reply, "duration") * 1e6)),
           text_of(reply, "status"));
    json_array_foreach(json_object_get(reply, "scenes"), i, s)
    {
        printf("%3" PRId64 "  scene %-3" PRId64 " %6s  %5.2f s  %-10s %-10s %s\n",
               int_of(s, "displaySequence"), int_of(s, "sequence"),
               time_clock_text(c->task->arena, (int64_t)(number_of(s, "startTime") * 1e6)),
               number_of(s, "duration"), text_of(s, "status"), text_of(s, "section"),
               text_of(s, "title"));
    }
    return OK;
}

static enum err print_plan(struct remote_call *c, json_t *reply)
{
    size_t i, current = 0, count = json_array_size(json_object_get(reply, "artifacts"));
    json_t *a;
    (void)c;
    json_array_foreach(json_object_get(reply, "artifacts"), i, a)
    {
        if (text_equal(text_of(a, "state"), "current"))
            current++;
        else if (int_of(a, "sequence"))
            printf("%-8s %s of scene %" PRId64 "  %s\n", text_of(a, "state"), text_of(a, "kind"),
                   int_of(a, "sequence"), text_of(a, "cause"));
        else
            printf("%-8s %s  %s\n", text_of(a, "state"), text_of(a, "kind"), text_of(a, "cause"));
    }
    printf("%zu of %zu current; making the rest: %.2f USD\n", current, count,
           number_of(reply, "usd"));
    return OK;
}

static enum err print_takes(struct remote_call *c, json_t *reply)
{
    size_t i;
    json_t *k;
    (void)c;
    json_array_foreach(json_object_get(reply, "takes"), i, k)
    {
        printf("%s take %-3" PRId64 " %5.2f s  %s, seed %" PRId64 ", %s\n",
               json_is_true(json_object_get(k, "selected")) ? "*" : " ", int_of(k, "take"),
               number_of(k, "duration"), text_of(k, "model"), int_of(k, "seed"),
               text_of(k, "createdAt"));
    }
    return OK;
}

static enum err print_scene(struct remote_call *c, json_t *reply)
{
    (void)c;
    printf("scene %" PRId64 ", %s: %s\n", int_of(reply, "sequence"), text_of(reply, "status"),
           text_of(reply, "title"));
    return OK;
}

static enum err print_done(struct remote_call *c, json_t *reply)
{
    (void)reply;
    printf("done with %s\n", c->id);
    return OK;
}

/* What the provider had begun may be charged for all the same. */
static bool may_still_cost(json_t *entry)
{
    static const char *const out[] = { "intent", "bound", "ambiguous", "held", NULL };
    return names_index(out, text_of(entry, "state")) >= 0;
}

static enum err print_cancelled(struct remote_call *c, json_t *reply)
{
    size_t i;
    json_t *entry;
    scoped(json) json_t *ledger = NULL;
    (void)reply;
    enum err e = remote_ask_json(
        c, "GET", arena_format(c->task->arena, "/api/mv/projects/%s/ledger", c->id), NULL, &ledger);
    json_array_foreach(json_object_get(ledger, "entries"), i, entry)
    {
        if (may_still_cost(entry))
            printf("scene %" PRId64 " may still cost $%.2f: %s at %s\n", int_of(entry, "sequence"),
                   number_of(entry, "usd"), text_of(entry, "state"), text_of(entry, "provider"));
    }
    if (!e)
        printf("cancelled %s; what was finished is kept\n", c->id);
    return e;
}

static enum err print_id(struct remote_call *c, json_t *reply)
{
    (void)c;
    printf("%s\n", text_of(reply, "projectId"));
    return OK;
}

/* ---- films ---- */

static enum err download(struct remote_call *c, const char *address, const char *to)
{
    struct task *t = c->task;
    struct net_reply reply;
    scoped(draft) struct draft d = draft_none();
    enum err e = draft_open(t, path_folder(t->arena, to), &d);
    if (e)
        return e;
    const struct net_call call = {
        .method = "GET",
        .url = arena_format(t->arena, "%s%s", c->remote->url, address),
        .timeout_us = FILM_TIMEOUT_US,
        .bytes_max = INT64_MAX,
        .out = d.fd,
    };
    e = remote_ask(c, &call, &reply);
    if (!e)
        e = draft_publish(t, &d, to, true);
    if (!e && !c->options->common.json)
        printf("%s\n", to);
    return e;
}

static enum err download_film(struct remote_call *c, const char *to)
{
    scoped(json) json_t *film = NULL;
    const char *path = arena_format(c->task->arena, "/api/mv/projects/%s/final-video", c->id);
    enum err e = remote_ask_json(c, "GET", path, NULL, &film);
    return e ? e : download(c, text_of(film, "url"), to);
}

/* A cut names its media by the server's addresses. */
static enum err finish_export(struct remote_call *c, json_t *reply)
{
    int format;
    const char *to;
    (void)reply;
    enum err e = export_target(c->task, c->options, &format, &to);
    if (e || !format)
        return e ? e : download_film(c, to);
    return download(c, arena_format(c->task->arena, "/api/mv/projects/%s/export/%s", c->id,
                                    export_format_names[format]), to);
}

/* What the project stopped for, as itself; which command decides it is known here alone. */
static enum err fail_like_project(struct remote_call *c, const json_t *project)
{
    const json_t *why = json_object_get(project, "problem");
    const char *name = text_of(why, "code"), *next = text_of(why, "next");
    enum err code = *name ? err_from_name(name) : ERR_INTERNAL;
    if (code == ERR_INVALID)
        code = ERR_IMPOSSIBLE; /* the command was understood: no error of usage */
    if (code == ERR_RECONCILE)
        next = arena_format(c->task->arena,
                            "storyreel project ledger %s shows it; then storyreel project decide "
                            "%s ENTRY try-again|wait|forget",
                            c->id, c->id);
    return refuse(c->task, code, next, "%s",
                  *text_of(why, "message") ? text_of(why, "message") : "the film was not made");
}

/* The server goes on by itself; this only watches. */
static enum err follow(struct remote_call *c, json_t *reply)
{
    struct task *t = c->task;
    const char *path = arena_format(t->arena, "/api/mv/projects/%s", c->id);
    bool tell = isatty(STDERR_FILENO) && !c->options->common.json;
    (void)reply;
    for (;;) {
        scoped(json) json_t *now = NULL;
        enum err e = remote_ask_json(c, "GET", path, NULL, &now);
        if (e)
            return e;
        if (tell)
            fprintf(stderr, "\r%3.0f %% %-12s", 100 * number_of(now, "progress"),
                    text_of(now, "stage"));
        if (!text_equal(text_of(now, "status"), "processing")) {
            if (tell)
                fprintf(stderr, "\n");
            if (text_equal(text_of(now, "status"), "failed"))
                return fail_like_project(c, now);
            return c->options->output ? download_film(c, c->options->output)
                                      : print_board(c, now);
        }
        if (atomic_load(&app_interrupted))
            return refuse(t, ERR_CANCELLED, "storyreel project show ID says how far it is",
                          "no longer watching; the server goes on making it");
        usleep(LOOK_AGAIN_US);
    }
}

/* ---- bodies ---- */

static void put_text(json_t *body, const char *name, const char *text)
{
    if (text)
        json_object_set_new(body, name, json_string(text));
}

static enum err body_nothing(struct remote_call *c, json_t **out)
{
    (void)c;
    *out = json_object();
    return OK;
}

static enum err body_compose(struct remote_call *c, json_t **out)
{
    *out = json_pack("{sb}", "partial", c->options->partial);
    return OK;
}

static enum err body_draft(struct remote_call *c, json_t **out)
{
    *out = json_pack("{sb}", "again", c->options->again);
    return OK;
}

static enum err body_decision(struct remote_call *c, json_t **out)
{
    *out = json_pack("{ss}", "decision", c->words[1]);
    return OK;
}

static enum err print_ledger(struct remote_call *c, json_t *reply)
{
    size_t i;
    json_t *entry;
    (void)c;
    json_array_foreach(json_object_get(reply, "entries"), i, entry)
        printf("%s  %s  scene %-3.0f %-14s %-9s $%.2f  %s\n", text_of(entry, "id"),
               text_of(entry, "at"), number_of(entry, "sequence"), text_of(entry, "model"),
               text_of(entry, "state"), number_of(entry, "usd"), text_of(entry, "why"));
    printf("$%.2f spent, $%.2f reserved\n", number_of(reply, "usd"), number_of(reply, "held"));
    return OK;
}

static enum err print_answers(struct remote_call *c, json_t *reply)
{
    size_t i, k;
    json_t *turn, *said;
    (void)c;
    json_array_foreach(json_object_get(reply, "turns"), i, turn) {
        json_array_foreach(json_object_get(turn, "answers"), k, said)
            printf("%s  %s  %s  %.0f\n%s\n\n", text_of(turn, "at"), text_of(turn, "turn"),
                   text_of(said, "call"), number_of(said, "status"), text_of(said, "body"));
    }
    return OK;
}

static enum err body_numbers(struct remote_call *c, const char *member, const char *list,
                             json_t **out)
{
    int64_t *numbers = NULL;
    size_t count = 0;
    enum err e = list ? numbers_read(c->task, "scene", list, &numbers, &count) : OK;
    if (e)
        return e;
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, json_integer(numbers[i]));
    *out = json_object();
    if (count > 0)
        json_object_set(*out, member, array);
    json_decref(array);
    return OK;
}

static enum err body_generate(struct remote_call *c, json_t **out)
{
    return body_numbers(c, "scenes", c->options->scenes, out);
}

static enum err body_order(struct remote_call *c, json_t **out)
{
    return body_numbers(c, "sceneOrder", c->words[0], out);
}

static enum err body_trim(struct remote_call *c, json_t **out)
{
    *out = json_pack("{s{sf sf}}", "trimPoints", "in", c->options->in, "out", c->options->out);
    return OK;
}

static enum err body_remake(struct remote_call *c, json_t **out)
{
    *out = json_object();
    put_text(*out, "prompt", c->options->prompt);
    if (c->options->seed > 0)
        json_object_set_new(*out, "seed", json_integer(c->options->seed));
    return OK;
}

static enum err body_rewrite(struct remote_call *c, json_t **out)
{
    *out = json_object();
    put_text(*out, "instruction", c->options->instruction);
    if (c->options->seed > 0)
        json_object_set_new(*out, "seed", json_integer(c->options->seed));
    return OK;
}

/* As proposed, into the scene as it was read. */
static enum err accept_proposal(struct remote_call *c, json_t *proposal)
{
    scoped(json) json_t *scene = NULL;
    scoped(json) json_t *edit = json_copy(json_object_get(proposal, "proposed"));
    json_object_set(edit, "version", json_object_get(proposal, "version"));
    const char *path = arena_format(c->task->arena, "/api/mv/projects/%s/scenes/%" PRId64, c->id,
                                    int_of(proposal, "sequence"));
    enum err e = remote_ask_json(c, "PATCH", path, edit, &scene);
    return e || c->options->common.json ? e : print_scene(c, scene);
}

static enum err finish_rewrite(struct remote_call *c, json_t *reply)
{
    if (c->options->common.json)
        print_json(json_incref(reply));
    else
        proposal_print(reply);
    if (c->options->accept)
        return accept_proposal(c, reply);
    if (!c->options->common.json)
        printf("--accept, with the same options, puts it into the scene.\n");
    return OK;
}

static enum err body_lipsync(struct remote_call *c, json_t **out)
{
    struct scene_lipsync ask;
    enum err e = lipsync_read(c->task, c->options, &ask);
    if (e)
        return e;
    *out = json_object();
    put_text(*out, "model", ask.model);
    put_text(*out, "syncMode", c->options->sync_mode);
    if (ask.temperature >= 0)
        json_object_set_new(*out, "temperature", json_real(ask.temperature));
    if (ask.active_speaker)
        json_object_set_new(*out, "activeSpeaker", json_true());
    if (ask.occlusion)
        json_object_set_new(*out, "occlusionDetection", json_true());
    return OK;
}

static enum err body_idea(struct remote_call *c, json_t **out)
{
    *out = json_object();
    put_text(*out, "idea", c->words[0]);
    if (c->options->after >= 0)
        json_object_set_new(*out, "after", json_integer(c->options->after));
    if (c->options->seconds > 0)
        json_object_set_new(*out, "duration", json_real(c->options->seconds));
    return OK;
}

static enum err body_edit_scene(struct remote_call *c, json_t **out)
{
    const struct project_options *o = c->options;
    *out = json_object();
    put_text(*out, "prompt", o->prompt);
    put_text(*out, "negativePrompt", o->negative_prompt);
    put_text(*out, "title", o->title);
    put_text(*out, "camera", o->camera);
    put_text(*out, "action", o->action);
    put_text(*out, "line", o->line);
    if (o->seed > 0)
        json_object_set_new(*out, "seed", json_integer(o->seed));
    if (o->seconds > 0)
        json_object_set_new(*out, "duration", json_real(o->seconds));
    return OK;
}

static enum err body_edit_project(struct remote_call *c, json_t **out)
{
    const struct project_options *o = c->options;
    if (o->audio || o->character_image || o->product_image)
        return refuse(c->task, ERR_IMPOSSIBLE,
                      "upload it to the server first (POST /api/audio/analyze, "
                      "/api/mv/upload_character_reference) and name its id",
                      "files of a project cannot be changed through a server this way");
    *out = json_object();
    put_text(*out, "conceptPrompt", o->prompt);
    put_text(*out, "title", o->title);
    put_text(*out, "directorConfig", o->style);
    put_text(*out, "characterDescription", o->character);
    put_text(*out, "productDescription", o->product);
    put_text(*out, "productName", o->product_name);
    put_text(*out, "callToAction", o->call_to_action);
    put_text(*out, "aspect", o->aspect);
    put_text(*out, "size", o->size);
    put_text(*out, "captions", o->captions);
    put_text(*out, "planner", o->planner);
    put_text(*out, "video", o->video);
    put_text(*out, "fallbacks", o->fallbacks);
    put_text(*out, "lipsync", o->lipsync);
    put_text(*out, "musicPrompt", o->music);
    put_text(*out, "musicModel", o->music_model);
    put_text(*out, "voiceOver", o->voice_over);
    put_text(*out, "voiceModel", o->voice_model);
    if (o->seed > 0)
        json_object_set_new(*out, "seed", json_integer(o->seed));
    if (o->seconds > 0)
        json_object_set_new(*out, "targetDuration", json_real(o->seconds));
    if (o->scene_count > 0)
        json_object_set_new(*out, "wantedScenes", json_integer(o->scene_count));
    if (!isnan(o->budget))
        json_object_set_new(*out, "budget", json_real(o->budget));
    return OK;
}

/* ---- uploads ---- */

/* The form with one file in it, in a nameless file: a clip may be larger than memory. */
static enum err write_form(struct task *t, const char *clip, const char *boundary, int fd)
{
    struct source_file file;
    enum err e = argument_open(t, "clip", clip, &file);
    scoped(fd) int in = file.fd;
    const char *head = arena_format(t->arena,
                                    "--%s\r\nContent-Disposition: form-data; name=\"video\"; "
                                    "filename=\"clip\"\r\nContent-Type: application/octet-stream"
                                    "\r\n\r\n",
                                    boundary);
    const char *tail = arena_format(t->arena, "\r\n--%s--\r\n", boundary);
    if (!e)
        e = file_write_all(t, fd, head, strlen(head));
    if (!e)
        e = file_copy(t, in, fd);
    return e ? e : file_write_all(t, fd, tail, strlen(tail));
}

static enum err send_form(struct remote_call *c, const char *boundary, int fd, json_t **out)
{
    struct task *t = c->task;
    size_t size = (size_t)file_bytes(fd);
    void *form = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (form == MAP_FAILED)
        return fail_errno(t, errno, "read", "the clip");
    const char *const type[] = {
        arena_format(t->arena, "Content-Type: multipart/form-data; boundary=%s", boundary), NULL
    };
    struct net_reply reply;
    const struct net_call call = {
        .method = "POST",
        .url = arena_format(t->arena, "%s/api/mv/projects/%s/scenes/%s/upload_video",
                            c->remote->url, c->id, c->words[0]),
        .headers = type,
        .body = { form, size },
        .timeout_us = FILM_TIMEOUT_US,
        .out = -1,
    };
    enum err e = remote_ask(c, &call, &reply);
    munmap(form, size);
    if (!e)
        *out = json_loadb(reply.body.at, reply.body.size, 0, NULL);
    return e;
}

static enum err finish_upload(struct remote_call *c, json_t *reply)
{
    struct task *t = c->task;
    scoped(draft) struct draft d = draft_none();
    scoped(json) json_t *scene = NULL;
    const char *boundary = arena_format(t->arena, "storyreel-%s", ulid_new(t)),
               *temporary = getenv("TMPDIR");
    (void)reply;
    enum err e = draft_open(t, temporary ? temporary : P_tmpdir, &d);
    if (!e)
        e = write_form(t, c->words[1], boundary, d.fd);
    if (!e)
        e = send_form(c, boundary, d.fd, &scene);
    return e ? e : print_scene(c, scene);
}

/* ---- the table ---- */

#define ID "/api/mv/projects/{id}"
static const struct remote_verb verbs[] = {
    { "list", "GET", "/api/mv/projects?limit=100", NULL, print_projects },
    { "show", "GET", ID, NULL, print_board },
    { "plan", "GET", ID "/plan", NULL, print_plan },
    { "draft", "POST", ID "/plan", body_draft, follow },
    { "generate", "POST", ID "/generate", body_generate, follow },
    { "compose", "POST", ID "/compose", body_compose, follow },
    { "cancel", "POST", ID "/cancel", body_nothing, print_cancelled },
    { "ledger", "GET", ID "/ledger", NULL, print_ledger },
    { "ledger-entry", "GET", ID "/ledger/{1}", NULL, print_answers },
    { "decide", "POST", ID "/ledger/{1}/decide", body_decision, follow },
    { "edit", "PATCH", ID, body_edit_project, print_board },
    { "edit-scene", "PATCH", ID "/scenes/{1}", body_edit_scene, print_scene },
    { "add", "POST", ID "/scenes", body_idea, print_scene },
    { "delete-scene", "DELETE", ID "/scenes/{1}", NULL, print_done },
    { "reorder", "PATCH", ID "/scenes/reorder", body_order, print_board },
    { "trim", "POST", ID "/scenes/{1}/trim", body_trim, print_scene },
    { "untrim", "DELETE", ID "/scenes/{1}/trim", NULL, print_scene },
    { "regenerate", "POST", ID "/scenes/{1}/regenerate", body_remake, print_scene },
    { "rewrite", "POST", ID "/scenes/{1}/rewrite", body_rewrite, finish_rewrite },
    { "lipsync", "POST", ID "/lipsync/{1}", body_lipsync, follow },
    { "unlipsync", "DELETE", ID "/lipsync/{1}", NULL, print_scene },
    { "upload", NULL, NULL, NULL, finish_upload },
    { "takes", "GET", ID "/scenes/{1}/takes", NULL, print_takes },
    { "select", "POST", ID "/scenes/{1}/takes/{2}/select", body_nothing, print_scene },
    { "export", NULL, NULL, NULL, finish_export },
    { "duplicate", "POST", ID "/duplicate", body_nothing, print_id },
    { "delete", "DELETE", ID, NULL, print_done },
};

/* Some words mean two operations of the API. */
static const char *operation_name(const struct project_options *o, const struct words *words)
{
    if (text_equal(words->at[0], "plan") && o->again)
        return "draft";
    if (text_equal(words->at[0], "edit") && words->count > 2)
        return "edit-scene";
    if (text_equal(words->at[0], "ledger") && words->count > 2)
        return "ledger-entry";
    if (text_equal(words->at[0], "lipsync") && o->off)
        return "unlipsync";
    return words->at[0];
}

static const struct remote_verb *find(const char *name)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (text_equal(verbs[i].name, name))
            return &verbs[i];
    }
    return NULL;
}

/* The words in a path are what people typed: only numbers and ids belong there. */
static enum err fill_path(struct remote_call *c, const char *path, const char **out)
{
    struct text filled = text_new(c->task->arena);
    for (const char *at = path; *at; at++) {
        if (*at != '{') {
            text_append_n(&filled, at, 1);
            continue;
        }
        const char *word = at[1] == 'i' ? c->id : c->words[at[1] - '1'];
        if (strspn(word, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") != strlen(word))
            return fail(c->task, ERR_INVALID, "\"%s\" is not a number", word);
        text_append(&filled, word);
        at = strchr(at, '}');
    }
    *out = text_end(&filled);
    return OK;
}

static enum err run(struct remote_call *c, const struct remote_verb *v)
{
    scoped(json) json_t *body = NULL, *reply = NULL;
    const char *path;
    if (!v->path)
        return v->finish(c, NULL);
    enum err e = fill_path(c, v->path, &path);
    if (!e && v->body)
        e = v->body(c, &body);
    if (!e)
        e = remote_ask_json(c, v->method, path, body, &reply);
    if (!e && c->options->common.json && v->finish != follow && v->finish != finish_rewrite) {
        print_json(json_incref(reply));
        return OK;
    }
    return e ? e : v->finish(c, reply);
}

/* "01J..." or the beginning of one, among the hundred newest. */
static enum err find_project(struct remote_call *c, const char *word)
{
    scoped(json) json_t *list = NULL;
    size_t i, found = 0;
    json_t *p;
    c->id = word;
    if (ulid_is(word))
        return OK;
    enum err e = remote_ask_json(c, "GET", "/api/mv/projects?limit=100", NULL, &list);
    if (e)
        return e;
    json_array_foreach(json_object_get(list, "projects"), i, p)
    {
        if (*word && text_starts(text_of(p, "projectId"), word)) {
            c->id = arena_copy(c->task->arena, text_of(p, "projectId"));
            found++;
        }
    }
    if (found == 1)
        return OK;
    return refuse(
        c->task, found ? ERR_INVALID : ERR_NOT_FOUND, "storyreel project list shows them",
        found ? "\"%s\" begins the ids of several projects" : "there is no project \"%s\"", word);
}

enum err remote_run(struct task *t, const struct remote *r, const struct project_options *o,
                    const struct words *words)
{
    const struct remote_verb *v = find(operation_name(o, words));
    struct net *net = NULL;
    if (!v)
        return refuse(t, ERR_IMPOSSIBLE, "stop the server first, or use its dashboard",
                      "project %s cannot be done through a server", words->at[0]);
    enum err e = net_open(t, &(struct net_options){ .loopback = true }, &net);
    if (e)
        return e;
    struct remote_call c = { .task = t, .remote = r, .net = net, .options = o };
    if (words->count > 1) {
        c.words = words->at + 2;
        e = find_project(&c, words->at[1]);
    }
    if (!e)
        e = run(&c, v);
    net_close(net);
    return e;
}
