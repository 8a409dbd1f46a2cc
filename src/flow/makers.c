/* Who makes what: the drivers and models that a project names, found by those names or refused with
 * those there are. */
#include "flow/flow.h"

#include <string.h>

#include "base/text.h"

/* ---- planners and drivers ---- */

static const struct planner_driver *planner_named(const struct flow *f, const char *name)
{
    for (size_t i = 0; f->planners[i]; i++) {
        if (text_equal(f->planners[i]->name, name))
            return f->planners[i];
    }
    return NULL;
}

enum err flow_planner(const struct flow *f, struct task *t, const char *name,
                      const struct planner_driver **out, const char **out_model)
{
    struct model model = { .driver = name, .remote = "" };
    enum err e = OK;
    if (!text_equal(name, planner_offline.name))
        e = model_load_of(t, &f->models, MAKES_TEXT, name, &model);
    if (e == ERR_NOT_FOUND)
        return refuse(t, ERR_INVALID,
                      "use --planner offline, or a text model: storyreel models lists them",
                      "there is no planner \"%s\"", name);
    if (e)
        return e;
    *out = planner_named(f, model.driver);
    *out_model = model.remote;
    return *out ? OK
                : refuse(t, ERR_INVALID, "use --planner offline, or a model of another driver",
                         "this program has no driver \"%s\" for text models", model.driver);
}

enum err flow_video_driver(const struct flow *f, struct task *t, const char *name,
                           const struct video_driver **out)
{
    for (size_t i = 0; f->videos[i]; i++) {
        if (text_equal(f->videos[i]->name, name)) {
            *out = f->videos[i];
            return OK;
        }
    }
    return refuse(t, ERR_INVALID, "use --video animatic, or a model of another driver",
                  "this program has no driver \"%s\" for video models", name);
}

enum err flow_card_model(const struct flow *f, struct task *t, struct model *out)
{
    return model_load(t, &f->models, video_animatic.name, out);
}

enum err flow_planner_usd(const struct flow *f, struct task *t, const char *name, double *out)
{
    struct model model;
    enum err e = flow_planner_model(f, t, name, &model);
    *out = e ? 0 : model.usd_each;
    return e == ERR_NOT_FOUND ? OK : e; /* whoever is to plan with it says so */
}

enum err flow_planner_model(const struct flow *f, struct task *t, const char *name,
                            struct model *out)
{
    *out = (struct model){ .name = name, .usd_per_million_in = -1, .usd_per_million_out = -1 };
    return text_equal(name, planner_offline.name)
               ? OK
               : model_load_of(t, &f->models, MAKES_TEXT, name, out);
}

/* ---- lip-sync ---- */

/* The names of all lip-sync models, for people. */
static const char *lipsync_names(struct task *t, const struct model *all, size_t count)
{
    const char **names = arena_array(t->arena, const char *, count + 1);
    for (size_t i = 0, kept = 0; i < count; i++) {
        if (all[i].makes == MAKES_LIPSYNC)
            names[kept++] = all[i].name;
    }
    return names_list(t->arena, names);
}

enum err flow_lipsync_model(const struct flow *f, struct task *t, const char *name,
                            struct model *out)
{
    struct model *all;
    size_t count;
    const struct model *found = NULL;
    enum err e = model_list(t, &f->models, &all, &count);
    for (size_t i = 0; i < count && !e; i++) {
        bool by_name = text_equal(all[i].name, name);
        if (all[i].makes == MAKES_LIPSYNC &&
            (by_name || (!found && text_equal(all[i].driver, name))))
            found = &all[i];
    }
    if (e)
        return e;
    if (!found)
        return refuse(t, ERR_INVALID,
                      arena_format(t->arena, "choose one of %s", lipsync_names(t, all, count)),
                      "there is no lip-sync model \"%s\"", name);
    *out = *found;
    return OK;
}

enum err flow_lipsync_driver(const struct flow *f, struct task *t, const char *name,
                             const struct lipsync_driver **out)
{
    for (size_t i = 0; f->lipsyncs && f->lipsyncs[i]; i++) {
        if (text_equal(f->lipsyncs[i]->name, name)) {
            *out = f->lipsyncs[i];
            return OK;
        }
    }
    return refuse(t, ERR_INVALID, "use a lip-sync model of another driver",
                  "this program has no driver \"%s\" for lip-sync models", name);
}

enum err flow_sound_driver(const struct flow *f, struct task *t, int makes, const char *name,
                           const struct sound_driver **out)
{
    for (size_t i = 0; f->sounds && f->sounds[i]; i++) {
        if (f->sounds[i]->makes == makes && text_equal(f->sounds[i]->name, name)) {
            *out = f->sounds[i];
            return OK;
        }
    }
    return refuse(t, ERR_INVALID, "storyreel models lists those there are",
                  "no driver \"%s\" makes %s here", name, model_makes_names[makes]);
}

static enum err load_sound(const struct flow *f, struct task *t, const struct sound_wish *wish,
                           enum model_makes makes, const struct model **out)
{
    const struct sound_driver *driver;
    struct model *m = arena_one(t->arena, struct model);
    *out = NULL;
    if (text_is_empty(wish->words))
        return OK;
    enum err e = model_load_of(t, &f->models, makes, wish->model, m);
    if (!e)
        e = flow_sound_driver(f, t, makes, m->driver, &driver);
    if (!e)
        *out = m;
    if (e == ERR_NOT_FOUND)
        t->fault.code = e = ERR_INVALID;
    return e ? fail_at(t, e, makes == MAKES_MUSIC ? "musicModel" : "voiceModel") : OK;
}

enum err flow_sounds_load(const struct flow *f, struct task *t, const struct project *p,
                          const struct model **out_music, const struct model **out_voice)
{
    enum err e = load_sound(f, t, &p->music, MAKES_MUSIC, out_music);
    return e ? e : load_sound(f, t, &p->voice, MAKES_VOICE, out_voice);
}

static enum err sound_remote(const struct flow *f, struct task *t, int kind, const char *driver,
                             const struct video_remote **out)
{
    const struct sound_driver *sound;
    int makes = kind == ARTIFACT_MUSIC ? MAKES_MUSIC : MAKES_VOICE;
    enum err e = flow_sound_driver(f, t, makes, driver, &sound);
    if (!e)
        *out = sound->remote;
    return e;
}

enum err flow_remote(const struct flow *f, struct task *t, int kind, const char *driver,
                     const struct video_remote **out)
{
    const struct lipsync_driver *lips;
    const struct video_driver *video;
    if (kind == ARTIFACT_MUSIC || kind == ARTIFACT_VOICE)
        return sound_remote(f, t, kind, driver, out);
    enum err e = kind == ARTIFACT_LIPSYNC ? flow_lipsync_driver(f, t, driver, &lips)
                                          : flow_video_driver(f, t, driver, &video);
    if (!e)
        *out = kind == ARTIFACT_LIPSYNC ? lips->remote : video->remote;
    return e;
}

enum err flow_fallbacks_load(const struct flow *f, struct task *t, const struct project *p,
                             struct model **out, size_t *out_count)
{
    const struct video_driver *driver;
    const char *list = p->fallbacks ? p->fallbacks : "";
    *out = arena_array(t->arena, struct model, strlen(list) / 2 + 1);
    *out_count = 0;
    while (*list) {
        size_t bytes = strcspn(list, ",");
        struct model *m = &(*out)[(*out_count)++];
        enum err e = model_load(t, &f->models, arena_copy_n(t->arena, list, bytes), m);
        if (!e)
            e = flow_video_driver(f, t, m->driver, &driver);
        if (e)
            return e;
        list += bytes + (list[bytes] == ',');
    }
    return OK;
}

static bool is_among(const struct model *models, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (text_equal(models[i].name, name))
            return true;
    }
    return false;
}

enum err flow_lipsyncs_load(const struct flow *f, struct task *t, const struct project *p,
                            const struct scene *scenes, size_t count, struct model **out,
                            size_t *out_count)
{
    struct model *models = arena_array(t->arena, struct model, count + 1);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const char *name = scene_lipsync_model(p, &scenes[i]);
        if (text_is_empty(name) || is_among(models, kept, name))
            continue;
        enum err e = model_load_of(t, &f->models, MAKES_LIPSYNC, name, &models[kept++]);
        if (e)
            return e;
    }
    *out = models;
    *out_count = kept;
    return OK;
}
