/* storyreel project VERB: the verbs that change the board. */
#include "app/cmd_project.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/text.h"

static enum err scene_named(struct verb_call *c, int64_t *out)
{
    return int_read(c->task, "scene", c->words[0], out);
}

enum err verb_reorder(struct verb_call *c)
{
    int64_t *order;
    size_t count;
    enum err e = numbers_read(c->task, "scene", c->words[0], &order, &count);
    if (!e)
        e = project_reorder(&c->app->flow, c->task, c->project.project_id, order, count);
    return e ? e : say_plan(c);
}

static enum err trim_to(struct verb_call *c, double in, double out)
{
    int64_t sequence;
    enum err e = scene_named(c, &sequence);
    if (!e)
        e = scene_trim(&c->app->flow, c->task, c->project.project_id, sequence,
                       (int64_t)(in * FILM_RATE_HZ + 0.5), (int64_t)(out * FILM_RATE_HZ + 0.5));
    return e ? e : say_plan(c);
}

enum err verb_trim(struct verb_call *c)
{
    if (c->options->in < 0 || c->options->out <= c->options->in)
        return refuse(c->task, ERR_INVALID, "give both in seconds of the take: --in 0.5 --out 3.25",
                      "a trim needs an in point and a later out point");
    return trim_to(c, c->options->in, c->options->out);
}

enum err verb_untrim(struct verb_call *c)
{
    return trim_to(c, 0, 0);
}

enum err verb_regenerate(struct verb_call *c)
{
    int64_t sequence;
    const char *since = now_text(c);
    struct scene_remake remake = { .prompt = c->options->prompt, .seed = c->options->seed };
    enum err e = scene_named(c, &sequence);
    if (!e)
        e = scene_regenerate(&c->app->flow, c->task, c->project.project_id, sequence, &remake);
    return e ? e : work_and_say(c, since);
}

enum err verb_select(struct verb_call *c)
{
    int64_t sequence, take;
    enum err e = scene_named(c, &sequence);
    if (!e)
        e = int_read(c->task, "take", c->words[1], &take);
    if (!e)
        e = scene_select_take(&c->app->flow, c->task, c->project.project_id, sequence, take);
    return e ? e : say_plan(c);
}

enum err lipsync_read(struct task *t, const struct project_options *o, struct scene_lipsync *out)
{
    int mode = o->sync_mode ? names_index(sync_mode_names, o->sync_mode) : 0;
    if (mode < 0)
        return fail_at(t,
                       refuse(t, ERR_INVALID, "use loop, bounce, cut_off, silence or remap",
                              "there is no sync mode \"%s\"", o->sync_mode),
                       "sync-mode");
    *out = (struct scene_lipsync){
        .model = o->lipsync,
        .temperature = isnan(o->temperature) ? -1 : o->temperature,
        .mode = mode,
        .active_speaker = o->active_speaker,
        .occlusion = o->occlusion,
    };
    if (!isnan(o->temperature) && !(o->temperature >= 0 && o->temperature <= 1))
        return fail_at(t,
                       refuse(t, ERR_INVALID, "use 0 (calm) to 1 (lively)",
                              "%g is no temperature", o->temperature),
                       "temperature");
    return OK;
}

enum err verb_lipsync(struct verb_call *c)
{
    const struct flow *f = &c->app->flow;
    const char *since = now_text(c), *id = c->project.project_id;
    struct scene_lipsync ask;
    int64_t sequence;
    enum err e = scene_named(c, &sequence);
    if (!e && c->options->off) {
        e = scene_lipsync_remove(f, c->task, id, sequence);
        return e ? e : say_plan(c);
    }
    if (!e)
        e = lipsync_read(c->task, c->options, &ask);
    if (!e)
        e = scene_lipsync_ask(f, c->task, id, sequence, &ask);
    return e ? e : work_and_say(c, since);
}

/* ---- scenes come and go ---- */

enum err verb_add(struct verb_call *c)
{
    struct scene s;
    const struct project_options *o = c->options;
    struct scene_idea idea = {
        .idea = c->words[0], .after = o->after, .seconds = o->seconds > 0 ? o->seconds : 0
    };
    enum err e = scene_add(&c->app->flow, c->task, c->project.project_id, &idea, &s);
    if (e)
        return e;
    if (!o->common.json)
        printf("scene %" PRId64 ", %.2f s: %s\n%s\n", s.sequence,
               (double)s.used_frames / FILM_RATE_HZ, s.title, s.prompt);
    return say_plan(c);
}

enum err verb_delete_scene(struct verb_call *c)
{
    int64_t sequence;
    enum err e = scene_named(c, &sequence);
    if (!e)
        e = scene_delete(&c->app->flow, c->task, c->project.project_id, sequence);
    return e ? e : say_plan(c);
}

enum err verb_upload(struct verb_call *c)
{
    int64_t sequence;
    struct scene s;
    struct source_file clip;
    enum err e = scene_named(c, &sequence);
    if (!e)
        e = argument_open(c->task, "upload", c->words[1], &clip);
    if (e)
        return e;
    scoped(fd) int closing = clip.fd;
    (void)closing;
    e = scene_upload(&c->app->flow, c->task, c->project.project_id, sequence, &clip, "", &s);
    return e ? e : say_plan(c);
}

/* ---- other words ---- */

static enum err edit_scene(struct verb_call *c)
{
    int64_t sequence;
    struct scene s;
    const struct project_options *o = c->options;
    struct scene_edit edit = {
        .prompt = o->prompt,
        .negative_prompt = o->negative_prompt,
        .title = o->title,
        .camera = o->camera,
        .action = o->action,
        .line = o->line,
        .seed = o->seed,
        .seconds = o->seconds > 0 ? o->seconds : 0,
        .lips_move = -1,
    };
    enum err e = scene_named(c, &sequence);
    if (!e)
        e = scene_edit(&c->app->flow, c->task, c->project.project_id, sequence, &edit, &s);
    return e ? e : say_plan(c);
}

static struct project_edit edit_from(const struct project_options *o)
{
    struct project_edit edit = project_edit_none();
    edit.concept = o->prompt;
    edit.title = o->title;
    edit.style = o->style;
    edit.character = o->character;
    edit.product = o->product;
    edit.product_name = o->product_name;
    edit.call_to_action = o->call_to_action;
    edit.aspect = o->aspect;
    edit.size = o->size;
    edit.captions = o->captions;
    edit.planner = o->planner;
    edit.video = o->video;
    edit.fallbacks = o->fallbacks;
    edit.lipsync = o->lipsync;
    edit.music = o->music;
    edit.music_model = o->music_model;
    edit.voice_over = o->voice_over;
    edit.voice_model = o->voice_model;
    edit.seconds = o->seconds;
    edit.scene_count = o->scene_count;
    if (o->seed > 0)
        edit.seed = o->seed;
    edit.sets_budget = !isnan(o->budget);
    edit.budget_usd = o->budget;
    return edit;
}

static enum err edit_project(struct verb_call *c)
{
    struct project p;
    const struct project_options *o = c->options;
    struct project_edit edit = edit_from(o);
    scoped(fd) int audio = -1, character = -1, product = -1;
    enum err e = argument_open(c->task, "audio", o->audio, &edit.audio);
    audio = edit.audio.fd;
    if (!e)
        e = argument_open(c->task, "character-image", o->character_image, &edit.character_picture);
    character = edit.character_picture.fd;
    if (!e)
        e = argument_open(c->task, "product-image", o->product_image, &edit.product_picture);
    product = edit.product_picture.fd;
    if (!e)
        e = project_edit(&c->app->flow, c->task, c->project.project_id, &edit, &p);
    return e ? e : say_plan(c);
}

enum err verb_edit(struct verb_call *c)
{
    return c->word_count > 0 ? edit_scene(c) : edit_project(c);
}
