/* storyreel project VERB: the operations on a project that exists, one function and one table row
 * each. */
#include "app/cmd_project.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/remote.h"
#include "base/text.h"

struct verb {
    const char *name, *words, *summary;
    size_t words_min, words_max; /* after the project's id */
    bool no_project;
    enum err (*run)(struct verb_call *c);
};

static enum err load_board(struct verb_call *c, struct board *b)
{
    return board_load(&c->app->flow, c->task, c->project.project_id, b);
}

/* ---- reading ---- */

static enum err verb_list(struct verb_call *c)
{
    struct project *projects;
    size_t count;
    int status = PROJECT_NOT_SET;
    if (c->options->status) {
        status = names_index(project_status_names, c->options->status);
        if (status < 0)
            return refuse(c->task, ERR_INVALID, "use pending, processing, completed or failed",
                          "there is no status \"%s\"", c->options->status);
    }
    enum err e = projects_load(c->app->flow.store, c->task, status, &projects, &count);
    if (e)
        return e;
    if (c->options->common.json) {
        json_t *list = json_array();
        for (size_t i = 0; i < count; i++)
            json_array_append_new(list, fields_encode(project_fields, &projects[i]));
        print_json(json_pack("{so}", "projects", list));
        return OK;
    }
    for (size_t i = 0; i < count; i++)
        printf("%s  %.10s  %-10s %-12s %s\n", projects[i].project_id, projects[i].created_at,
               project_status_names[projects[i].status], projects[i].mode,
               *projects[i].title ? projects[i].title
                                  : text_shorten(c->task->arena, projects[i].concept, 60));
    if (count == 0)
        printf("There are no projects yet. storyreel make --prompt TEXT --audio SONG makes one.\n");
    return OK;
}

static enum err verb_show(struct verb_call *c)
{
    struct board b;
    enum err e = load_board(c, &b);
    if (e)
        return e;
    if (c->options->common.json)
        print_json(board_json(c->task, &b));
    else
        board_print(c->task, &b);
    return OK;
}

enum err verb_plan(struct verb_call *c)
{
    struct board b;
    enum err e = load_board(c, &b);
    if (e)
        return e;
    if (c->options->common.json)
        print_json(plan_json(c->task, &b));
    else
        plan_print(c->task, &b);
    return OK;
}

/* Looking at the plan, or asking for a new one. */
static enum err verb_plan_or_draft(struct verb_call *c)
{
    if (!c->options->again)
        return verb_plan(c);
    const char *since = now_text(c);
    enum err e = project_draft(&c->app->flow, c->task, c->project.project_id, true);
    return e ? e : work_and_say(c, since);
}

static const char *origin_text(struct task *t, const struct take *k)
{
    if (!text_is_empty(k->instead))
        return arena_format(t->arena, ", instead of %s", k->instead);
    return k->made_from ? arena_format(t->arena, ", made of take %" PRId64, k->made_from) : "";
}

static enum err verb_takes(struct verb_call *c)
{
    struct take *takes;
    struct scene s;
    size_t count;
    int64_t sequence;
    enum err e = int_read(c->task, "scene", c->words[0], &sequence);
    if (!e)
        e = scene_load(c->app->flow.store, c->task, c->project.project_id, sequence, &s);
    if (!e)
        e = takes_load(c->app->flow.store, c->task, c->project.project_id, sequence, &takes,
                       &count);
    if (e)
        return e;
    if (c->options->common.json) {
        json_t *list = json_array();
        for (size_t i = 0; i < count; i++)
            json_array_append_new(list, fields_encode(take_fields, &takes[i]));
        print_json(
            json_pack("{so sI}", "takes", list, "selectedTake", (json_int_t)s.selected_take));
        return OK;
    }
    for (size_t i = 0; i < count; i++)
        printf("%s take %-3" PRId64 " %5.2f s  %s, seed %" PRId64 ", %s%s\n",
               takes[i].take == s.selected_take ? "*" : " ", takes[i].take,
               (double)takes[i].frames / FILM_RATE_HZ, takes[i].model, takes[i].seed,
               takes[i].created_at, origin_text(c->task, &takes[i]));
    return OK;
}

/* ---- what verbs share ---- */

const char *now_text(struct verb_call *c)
{
    return time_iso8601(c->task->arena, clock_wall_us(c->task->clock));
}

enum err say_plan(struct verb_call *c)
{
    enum err e = verb_plan(c);
    if (!e && !c->options->common.json)
        printf("storyreel project generate %s makes it.\n", c->project.project_id);
    return e;
}

enum err numbers_read(struct task *t, const char *what, const char *list, int64_t **out,
                      size_t *out_count)
{
    *out = arena_array(t->arena, int64_t, strlen(list) / 2 + 1);
    *out_count = 0;
    while (*list) {
        size_t bytes = strcspn(list, ",");
        enum err e = int_read(t, what, arena_copy_n(t->arena, list, bytes), &(*out)[*out_count]);
        if (e)
            return e;
        (*out_count)++;
        list += bytes + (list[bytes] == ',');
    }
    return OK;
}

/* ---- making ---- */

static enum err say_made(struct verb_call *c, const char *since)
{
    struct tally tally;
    enum err e = tally_jobs(c->task, c->app, c->project.project_id, since, &tally);
    if (e)
        return e;
    if (c->options->common.json) {
        json_t *json = tally_json(&tally);
        json_object_set_new(json, "projectId", json_string(c->project.project_id));
        print_json(json);
    } else {
        printf("made %s; reused %s\n", tally_text(c->task, tally.made),
               tally_text(c->task, tally.reused));
    }
    return OK;
}

enum err work_and_say(struct verb_call *c, const char *since)
{
    const char *id = c->project.project_id;
    enum err e = app_work(c->task, c->app, id);
    if (!e)
        e = wait_for_project(c->task, c->app, id, c->options->common.json);
    if (!e && c->options->output)
        e = project_export(&c->app->flow, c->task, id, c->options->output);
    return e ? e : say_made(c, since);
}

static enum err verb_generate(struct verb_call *c)
{
    int64_t *scenes = NULL;
    size_t count = 0;
    const char *since = now_text(c), *list = c->options->scenes;
    enum err e = list ? numbers_read(c->task, "scene", list, &scenes, &count) : OK;
    if (!e)
        e = project_generate(&c->app->flow, c->task, c->project.project_id, scenes, count);
    return e ? e : work_and_say(c, since);
}

/* On the way to a person or a program that shows it to one, a film with gaps says so. */
static enum err say_if_partial(struct verb_call *c)
{
    struct project p;
    enum err e = project_load(c->app->flow.store, c->task, c->project.project_id, &p);
    if (e || p.missing_count == 0 || c->options->common.json)
        return e;
    printf("partial cut; cards hold the place of scene%s", p.missing_count > 1 ? "s" : "");
    for (size_t i = 0; i < p.missing_count; i++)
        printf("%s %" PRId64, i ? "," : "", p.missing[i]);
    printf("\n");
    return OK;
}

static enum err verb_compose(struct verb_call *c)
{
    const char *since = now_text(c);
    enum err e =
        project_compose(&c->app->flow, c->task, c->project.project_id, c->options->partial);
    if (!e)
        e = work_and_say(c, since);
    return e ? e : say_if_partial(c);
}

static enum err verb_duplicate(struct verb_call *c)
{
    struct project copy;
    enum err e = project_duplicate(&c->app->flow, c->task, c->project.project_id, "", &copy);
    if (e)
        return e;
    if (c->options->common.json)
        print_json(json_pack("{ss}", "projectId", copy.project_id));
    else
        printf("%s is a copy of %s\n", copy.project_id, c->project.project_id);
    return OK;
}

enum err export_target(struct task *t, const struct project_options *o, int *out_format,
                       const char **out_path)
{
    *out_format = o->as ? names_index(export_format_names, o->as) : EXPORT_NOT_SET;
    if (*out_format < 0 || (o->as && !*o->as))
        return refuse(t, ERR_INVALID, "write --as otio, fcpxml, edl, srt or vtt",
                      "a cut cannot be exported as \"%s\"", o->as);
    *out_path = o->output ? o->output
                          : *out_format ? arena_format(t->arena, "film.%s", o->as) : "film.mp4";
    return OK;
}

static enum err verb_export(struct verb_call *c)
{
    int format;
    const char *path, *id = c->project.project_id;
    enum err e = export_target(c->task, c->options, &format, &path);
    if (!e)
        e = format ? project_export_cut(&c->app->flow, c->task, id, format, path)
                   : project_export(&c->app->flow, c->task, id, path);
    if (!e)
        printf("%s\n", path);
    return e;
}

static enum err verb_sheet(struct verb_call *c)
{
    struct picture_info info;
    const char *path = c->options->output ? c->options->output : "storyboard.png";
    enum err e = project_sheet(&c->app->flow, c->task, c->project.project_id, path, &info);
    if (!e)
        printf("%s  %" PRId64 "x%" PRId64 "\n", path, info.width_px, info.height_px);
    return e;
}

static enum err verb_delete(struct verb_call *c)
{
    enum err e = project_delete(&c->app->flow, c->task, c->project.project_id);
    if (!e)
        printf("deleted %s\n", c->project.project_id);
    return e;
}

/* ---- the table ---- */

static const struct verb verbs[] = {
    { "list", "", "all projects, newest first [--status S]", 0, 0, true, verb_list },
    { "show", "ID", "the board: every scene in display order", 0, 0, false, verb_show },
    { "plan", "ID", "what is current, stale (and why), missing, and its price; --again drafts anew",
      0, 0, false, verb_plan_or_draft },
    { "generate", "ID", "make what is not current, then the film [--scenes 3,5] [-o FILE]", 0, 0,
      false, verb_generate },
    { "compose", "ID", "cut the film of the takes that are there [--partial] [-o FILE]", 0, 0,
      false, verb_compose },
    { "cancel", "ID", "stop making what another run left under way", 0, 0, false, verb_cancel },
    { "ledger", "ID [ENTRY]",
      "what was paid, reserved, wasted, and what is held; of an ENTRY what the "
      "service really said",
      0, 1, false, verb_ledger },
    { "decide", "ID ENTRY wait|try-again|forget", "what becomes of a paid call that is held", 2, 2,
      false, verb_decide },
    { "edit", "ID [SCENE]", "other words for the project, or for a scene", 0, 1, false, verb_edit },
    { "add", "ID IDEA", "a scene from an idea [--after SCENE] [--duration S]", 1, 1, false,
      verb_add },
    { "delete-scene", "ID SCENE", "the scene and its takes", 1, 1, false, verb_delete_scene },
    { "reorder", "ID 3,1,2", "the new order, every scene once", 1, 1, false, verb_reorder },
    { "trim", "ID SCENE", "use a part of the take: --in S --out S", 1, 1, false, verb_trim },
    { "untrim", "ID SCENE", "back to the planned length", 1, 1, false, verb_untrim },
    { "rewrite", "ID SCENE",
      "propose other words: [--instruction TEXT] [--seed N]; --accept takes them", 1, 1, false,
      verb_rewrite },
    { "regenerate", "ID SCENE", "film a scene again, now: [--prompt TEXT] [--seed N]", 1, 1, false,
      verb_regenerate },
    { "lipsync", "ID SCENE",
      "move its lips to the song, now [--lipsync NAME] ...; --off: as before", 1, 1, false,
      verb_lipsync },
    { "upload", "ID SCENE CLIP", "a clip of your own as the scene's take", 2, 2, false,
      verb_upload },
    { "takes", "ID SCENE", "all takes of a scene", 1, 1, false, verb_takes },
    { "select", "ID SCENE TAKE", "put an earlier take on the board", 2, 2, false, verb_select },
    { "sheet", "ID", "a storyboard sheet as PNG [-o FILE]", 0, 0, false, verb_sheet },
    { "export", "ID", "the finished film, or its cut for other programs [--as otio] [-o FILE]", 0,
      0, false, verb_export },
    { "duplicate", "ID", "the project again, under an id of its own", 0, 0, false, verb_duplicate },
    { "delete", "ID", "the project and its media", 0, 0, false, verb_delete },
};

static enum err project_help(const struct option *options)
{
    printf("storyreel project VERB ...\n\nVerbs (an ID may be shortened to its beginning):\n");
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        printf("  %-12s %-14s %s\n", verbs[i].name, verbs[i].words, verbs[i].summary);
    printf("\nOptions:\n");
    options_help(options);
    return OK;
}

static enum err verb_find(struct task *t, const char *name, const struct verb **out)
{
    const char *names[sizeof verbs / sizeof *verbs + 1] = { 0 };
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        names[i] = verbs[i].name;
        if (text_equal(verbs[i].name, name)) {
            *out = &verbs[i];
            return OK;
        }
    }
    const char *near = names_nearest(names, name);
    return refuse(t, ERR_INVALID, "storyreel project --help lists them",
                  "there is no verb \"%s\"%s%s%s", name, near ? "; did you mean " : "",
                  near ? near : "", near ? "?" : "");
}

static enum err check_words(struct task *t, const struct verb *v, const struct words *words)
{
    size_t given = words->count - 1, project = v->no_project ? 0 : 1;
    if (given < v->words_min + project || given > v->words_max + project)
        return refuse(t, ERR_INVALID,
                      arena_format(t->arena, "write: storyreel project %s %s", v->name, v->words),
                      "project %s wants %zu word%s after it, not %zu", v->name,
                      v->words_min + project, v->words_min + project == 1 ? "" : "s", given);
    return OK;
}

/* A server that was named, or the one that has the data folder open: *out_found says if any. */
static enum err find_server(struct task *t, const struct project_options *o, struct remote *out,
                            bool *out_found)
{
    const char *folder, *token = getenv("STORYREEL_TOKEN");
    *out_found = o->server != NULL;
    if (o->server) {
        size_t bytes = strlen(o->server);
        bytes -= bytes > 0 && o->server[bytes - 1] == '/';
        *out = (struct remote){ arena_copy_n(t->arena, o->server, bytes), token ? token : "" };
        return OK;
    }
    struct fault why = t->fault;
    enum err e = data_folder(t, o->common.data, &folder);
    *out_found = !e && remote_of_folder(t, folder, out) == OK;
    t->fault = why;
    return OK;
}

static enum err open_or_ask(struct task *t, const struct project_options *o,
                            const struct words *words, struct app *a, bool *out_asked)
{
    struct remote server;
    bool found = false;
    *out_asked = false;
    enum err e = o->server ? ERR_UNAVAILABLE : app_open(t, &o->common, a);
    if (e != ERR_UNAVAILABLE)
        return e;
    struct fault owned = t->fault;
    enum err looked = find_server(t, o, &server, &found);
    if (looked || !found)
        return looked ? looked : e;
    *out_asked = true;
    e = remote_run(t, &server, o, words);
    if (e == ERR_UNAVAILABLE && !o->server)
        t->fault = owned; /* whoever has the folder open is not that server any more */
    return e;
}

static enum err run_verb(struct task *t, const struct verb *v, const struct project_options *o,
                         const struct words *words)
{
    struct app a;
    bool asked = false;
    enum err e = check_words(t, v, words);
    if (!e)
        e = open_or_ask(t, o, words, &a, &asked);
    if (e || asked)
        return e;
    size_t used = v->no_project ? 1 : 2;
    struct verb_call call = {
        .task = t,
        .app = &a,
        .options = o,
        .words = words->at + used,
        .word_count = words->count - used,
    };
    if (!v->no_project)
        e = project_find(&a.flow, t, words->at[1], &call.project);
    if (!e)
        e = v->run(&call);
    app_close(&a);
    return e;
}

/* What the verbs about scenes and the cut take. */
#define SCENE_OPTIONS(o)                                                                           \
    { "prompt", "TEXT", OPTION_TEXT, &(o).prompt,                                                  \
      "new words for the scene, or the project", 'p' },                                            \
    { "seed", "N", OPTION_INT, &(o).seed, "a seed of your own", 0 },                               \
    { "in", "SECONDS", OPTION_NUMBER, &(o).in, "first moment of the take to use", 0 },             \
    { "out", "SECONDS", OPTION_NUMBER, &(o).out, "where to stop using it", 0 },                    \
    { "scenes", "3,5", OPTION_TEXT, &(o).scenes, "generate: only these", 0 },                      \
    { "again", NULL, OPTION_FLAG, &(o).again, "plan: new scenes instead of those there are", 0 },  \
    { "after", "SCENE", OPTION_INT, &(o).after,                                                    \
      "add: behind this scene (0: first; else last)", 0 },                                         \
    { "duration", "SECONDS", OPTION_NUMBER, &(o).seconds, "length of the scene, or the film", 0 }, \
    { "partial", NULL, OPTION_FLAG, &(o).partial,                                                  \
      "compose: cards for scenes that have no take, and say which", 0 },                           \
    { "off", NULL, OPTION_FLAG, &(o).off, "lipsync: back to the take before", 0 },                 \
    { "instruction", "TEXT", OPTION_TEXT, &(o).instruction,                                        \
      "rewrite: what shall be otherwise: \"closer, at night\"", 0 },                               \
    { "accept", NULL, OPTION_FLAG, &(o).accept, "rewrite: put the proposal into the scene", 0 }

/* What `edit` can change of a project or a scene. */
#define EDIT_OPTIONS(o)                                                                            \
    { "title", "TEXT", OPTION_TEXT, &(o).title, "edit: the title", 0 },                            \
    { "negative", "TEXT", OPTION_TEXT, &(o).negative_prompt, "edit: what must not be seen", 0 },   \
    { "camera", "TEXT", OPTION_TEXT, &(o).camera, "edit: how the scene is shot", 0 },              \
    { "action", "TEXT", OPTION_TEXT, &(o).action, "edit: who does what in the scene", 0 },         \
    { "line", "TEXT", OPTION_TEXT, &(o).line, "edit: what is sung or said in it", 0 },             \
    { "style", "NAME", OPTION_TEXT, &(o).style, "edit: another director's hand", 0 },              \
    { "character", "TEXT", OPTION_TEXT, &(o).character, "edit: who it is about", 0 },              \
    { "character-image", "FILE", OPTION_TEXT, &(o).character_image, "edit: their picture", 0 },    \
    { "product", "TEXT", OPTION_TEXT, &(o).product, "edit: what is advertised", 0 },               \
    { "product-image", "FILE", OPTION_TEXT, &(o).product_image, "edit: its picture", 0 },          \
    { "product-name", "TEXT", OPTION_TEXT, &(o).product_name, "edit: its name", 0 },               \
    { "call-to-action", "TEXT", OPTION_TEXT, &(o).call_to_action, "edit: the button's words", 0 }, \
    { "audio", "SONG", OPTION_TEXT, &(o).audio, "edit: another song", 'a' },                       \
    { "aspect", "RATIO", OPTION_TEXT, &(o).aspect, "edit: 16:9, 9:16 or 1:1", 0 },                 \
    { "size", "SIZE", OPTION_TEXT, &(o).size, "edit: 480p, 720p or 1080p", 0 },                    \
    { "planner", "NAME", OPTION_TEXT, &(o).planner, "edit: who writes the scenes", 0 },            \
    { "video", "NAME", OPTION_TEXT, &(o).video, "edit: who films them", 0 },                       \
    { "music", "TEXT", OPTION_TEXT, &(o).music,                                                    \
      "edit: have the song made anew of these words", 0 },                                         \
    { "music-model", "NAME", OPTION_TEXT, &(o).music_model, "edit: by whom", 0 },                  \
    { "voice-over", "TEXT", OPTION_TEXT, &(o).voice_over,                                          \
      "edit: words to be spoken over the film", 0 },                                               \
    { "voice-model", "NAME", OPTION_TEXT, &(o).voice_model, "edit: by whom", 0 },                  \
    { "fallback", "A,B", OPTION_TEXT, &(o).fallbacks,                                              \
      "edit: who may film a scene where --video fails for good", 0 },                              \
    { "captions", "HOW", OPTION_TEXT, &(o).captions,                                               \
      "edit: how what is sung and said goes with the film: none, track, burned", 0 },              \
    { "count", "N", OPTION_INT, &(o).scene_count, "edit: how many scenes a new plan has", 0 },     \
    { "budget", "USD", OPTION_NUMBER, &(o).budget,                                                 \
      "edit: what making it may cost; -1: no limit", 0 }

/* How lips are moved. */
#define LIPSYNC_OPTIONS(o)                                                       \
    { "lipsync", "NAME", OPTION_TEXT, &(o).lipsync,                              \
      "lipsync, edit: who moves lips: animatic, lipsync-2-pro; edit: none", 0 }, \
    { "temperature", "0-1", OPTION_NUMBER, &(o).temperature,                     \
      "lipsync: how far the mouth opens (0.5)", 0 },                             \
    { "active-speaker", NULL, OPTION_FLAG, &(o).active_speaker,                  \
      "lipsync: find the face that speaks", 0 },                                 \
    { "sync-mode", "MODE", OPTION_TEXT, &(o).sync_mode,                          \
      "lipsync: loop, bounce, cut_off, silence or remap", 0 },                   \
    { "occlusion", NULL, OPTION_FLAG, &(o).occlusion,                            \
      "lipsync: mind what is before the mouth, where the model can", 0 }

static enum err project(struct task *t, int argc, char **argv)
{
    struct project_options o = {
        .in = -1, .after = -1, .seconds = -1, .scene_count = -1, .budget = NAN,
        .temperature = NAN
    };
    const struct option options[] = {
        SCENE_OPTIONS(o),
        EDIT_OPTIONS(o),
        LIPSYNC_OPTIONS(o),
        { "status", "STATUS", OPTION_TEXT, &o.status,
          "pending, processing, completed or failed", 0 },
        { "as", "FORMAT", OPTION_TEXT, &o.as,
          "export: the cut as otio, fcpxml, edl (media beside it), or its lines as srt, vtt", 0 },
        { "output", "FILE", OPTION_TEXT, &o.output, "where the result goes", 'o' },
        { "server", "URL", OPTION_TEXT, &o.server,
          "ask this server (one that has the data folder open is found by itself)", 0 },
        COMMON_OPTIONS(o.common)
    };
    struct words words;
    const struct verb *verb;
    enum err e = options_read(t, options, argc, argv, &words);
    if (e)
        return e;
    if (o.common.help || words.count == 0)
        return project_help(options);
    e = verb_find(t, words.at[0], &verb);
    return e ? e : run_verb(t, verb, &o, &words);
}

const struct command command_project = {
    "project",
    "VERB ...",
    "see, edit, make again and export projects",
    project,
};
