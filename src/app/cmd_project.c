/* storyreel project VERB: the operations on a project that exists, one function and one table row
 * each. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/report.h"
#include "base/text.h"

/* What the verbs' options can say; each verb reads what concerns it. */
struct project_options {
    struct common common;
    const char *prompt, *output, *status;
    int64_t seed;
    double in, out;
    bool again;
};

struct verb_call {
    struct task *task;
    struct app *app;
    const struct project_options *options;
    struct project project; /* named by the first word, where the verb wants one */
    const char **words;     /* after the project */
    size_t word_count;
};

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

static enum err verb_plan(struct verb_call *c)
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
        printf("%s take %-3" PRId64 " %5.2f s  %s, seed %" PRId64 ", %s\n",
               takes[i].take == s.selected_take ? "*" : " ", takes[i].take,
               (double)takes[i].frames / FILM_RATE_HZ, takes[i].model, takes[i].seed,
               takes[i].created_at);
    return OK;
}

/* ---- editing ---- */

/* After an edit: what it made stale, which is what `generate` will do. */
static enum err say_plan(struct verb_call *c)
{
    enum err e = verb_plan(c);
    if (!e && !c->options->common.json)
        printf("storyreel project generate %s makes it.\n", c->project.project_id);
    return e;
}

static enum err verb_reorder(struct verb_call *c)
{
    size_t count = 0;
    const char *list = c->words[0];
    int64_t *order = arena_array(c->task->arena, int64_t, strlen(list) / 2 + 1);
    while (*list) {
        size_t bytes = strcspn(list, ",");
        enum err e =
            int_read(c->task, "scene", arena_copy_n(c->task->arena, list, bytes), &order[count++]);
        if (e)
            return e;
        list += bytes + (list[bytes] == ',');
    }
    enum err e = project_reorder(&c->app->flow, c->task, c->project.project_id, order, count);
    return e ? e : say_plan(c);
}

static enum err trim_to(struct verb_call *c, double in, double out)
{
    int64_t sequence;
    enum err e = int_read(c->task, "scene", c->words[0], &sequence);
    if (!e)
        e = scene_trim(&c->app->flow, c->task, c->project.project_id, sequence,
                       (int64_t)(in * FILM_RATE_HZ + 0.5), (int64_t)(out * FILM_RATE_HZ + 0.5));
    return e ? e : say_plan(c);
}

static enum err verb_trim(struct verb_call *c)
{
    if (c->options->in < 0 || c->options->out <= c->options->in)
        return refuse(c->task, ERR_INVALID, "give both in seconds of the take: --in 0.5 --out 3.25",
                      "a trim needs an in point and a later out point");
    return trim_to(c, c->options->in, c->options->out);
}

static enum err verb_untrim(struct verb_call *c)
{
    return trim_to(c, 0, 0);
}

static enum err verb_regenerate(struct verb_call *c)
{
    int64_t sequence;
    struct scene_remake remake = { .prompt = c->options->prompt, .seed = c->options->seed };
    enum err e = int_read(c->task, "scene", c->words[0], &sequence);
    if (!e)
        e = scene_regenerate(&c->app->flow, c->task, c->project.project_id, sequence, &remake);
    return e ? e : say_plan(c);
}

static enum err verb_select(struct verb_call *c)
{
    int64_t sequence, take;
    enum err e = int_read(c->task, "scene", c->words[0], &sequence);
    if (!e)
        e = int_read(c->task, "take", c->words[1], &take);
    if (!e)
        e = scene_select_take(&c->app->flow, c->task, c->project.project_id, sequence, take);
    return e ? e : say_plan(c);
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

static enum err verb_generate(struct verb_call *c)
{
    const char *id = c->project.project_id;
    const char *since = time_iso8601(c->task->arena, clock_wall_us(c->task->clock));
    enum err e = flow_want(&c->app->flow, c->task, id, GOAL_FILM);
    if (!e)
        e = app_work(c->task, c->app, id);
    if (!e)
        e = wait_for_project(c->task, c->app, id, c->options->common.json);
    if (!e && c->options->output)
        e = project_export(&c->app->flow, c->task, id, c->options->output);
    return e ? e : say_made(c, since);
}

static enum err verb_export(struct verb_call *c)
{
    const char *path = c->options->output ? c->options->output : "film.mp4";
    enum err e = project_export(&c->app->flow, c->task, c->project.project_id, path);
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
    { "plan", "ID", "what is current, stale (and why), missing; what making it costs", 0, 0, false,
      verb_plan },
    { "generate", "ID", "make what is not current, then the film [-o FILE]", 0, 0, false,
      verb_generate },
    { "compose", "ID", "the same: cut the film, making what it needs [-o FILE]", 0, 0, false,
      verb_generate },
    { "reorder", "ID 3,1,2", "the new order, every scene once", 1, 1, false, verb_reorder },
    { "trim", "ID SCENE", "use a part of the take: --in S --out S", 1, 1, false, verb_trim },
    { "untrim", "ID SCENE", "back to the planned length", 1, 1, false, verb_untrim },
    { "regenerate", "ID SCENE", "film a scene again: [--prompt TEXT] [--seed N]", 1, 1, false,
      verb_regenerate },
    { "takes", "ID SCENE", "all takes of a scene", 1, 1, false, verb_takes },
    { "select", "ID SCENE TAKE", "put an earlier take on the board", 2, 2, false, verb_select },
    { "sheet", "ID", "a storyboard sheet as PNG [-o FILE]", 0, 0, false, verb_sheet },
    { "export", "ID", "the finished film [-o FILE]", 0, 0, false, verb_export },
    { "delete", "ID", "the project and its media", 0, 0, false, verb_delete },
};

static enum err project_help(const struct option *options)
{
    printf("storyreel project VERB ...\n\nVerbs (an ID may be shortened to its beginning):\n");
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        printf("  %-10s %-14s %s\n", verbs[i].name, verbs[i].words, verbs[i].summary);
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

static enum err run_verb(struct task *t, const struct verb *v, const struct project_options *o,
                         const struct words *words)
{
    struct app a;
    enum err e = check_words(t, v, words);
    if (!e)
        e = app_open(t, &o->common, &a);
    if (e)
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

static enum err project(struct task *t, int argc, char **argv)
{
    struct project_options o = { .prompt = "", .in = -1 };
    const struct option options[] = {
        { "prompt", "TEXT", OPTION_TEXT, &o.prompt, "new words for the scene", 'p' },
        { "seed", "N", OPTION_INT, &o.seed, "a seed of your own", 0 },
        { "in", "SECONDS", OPTION_NUMBER, &o.in, "first moment of the take to use", 0 },
        { "out", "SECONDS", OPTION_NUMBER, &o.out, "where to stop using it", 0 },
        { "status", "STATUS", OPTION_TEXT, &o.status, "pending, processing, completed or failed",
          0 },
        { "output", "FILE", OPTION_TEXT, &o.output, "where the result goes", 'o' },
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
