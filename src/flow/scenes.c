/* Edits of one scene, each a function on the scene as it was just read; see scene_change.h. */
#include "flow/scene_change.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "flow/checks.h"
#include "flow/planning.h"
#include "flow/spend.h"

static enum err save(struct scene_work *w, struct task *t)
{
    struct item_write writes[] = { scene_write(t, w->project.project_id, &w->scene),
                                   w->use == PROJECT_CHANGED
                                       ? project_touched(t, &w->project)
                                       : project_unchanged(t, &w->project) };
    return store_write(w->flow->store, t, writes, w->use == PROJECT_LEFT ? 1 : 2);
}

static enum err change_once(struct scene_work *w, struct task *t, const char *project_id,
                            int64_t sequence, scene_change *change, const void *how)
{
    enum err e = project_load(w->flow->store, t, project_id, &w->project);
    if (!e)
        e = scene_load(w->flow->store, t, project_id, sequence, &w->scene);
    if (!e)
        e = change(w, t, how);
    return e || w->done ? e : save(w, t);
}

enum err scene_change_run(const struct flow *f, struct task *t, const char *project_id,
                          int64_t sequence, scene_change *change, const void *how,
                          struct scene *out)
{
    struct scene_work w = { .flow = f };
    enum err e = ERR_CONFLICT;
    for (int i = 0; i < EDIT_TRIES && e == ERR_CONFLICT; i++)
        e = change_once(&w, t, project_id, sequence, change, how);
    if (e)
        return e;
    w.scene.version += !w.done;
    if (out)
        *out = w.scene;
    if (w.use == PROJECT_CHANGED && !w.done)
        return flow_begin(f, t, project_id);
    return w.project.goal ? flow_advance(f, t, project_id) : OK; /* the build follows */
}

static const char *name_of(struct task *t, const struct scene *s)
{
    return arena_format(t->arena, "scene %" PRId64, s->sequence);
}

enum err scene_check_not_remade(struct task *t, const struct scene *s)
{
    if (!s->before.kept)
        return OK;
    return refuse(t, ERR_CONFLICT, "wait until it is done, or cancel it first",
                  "scene %" PRId64 " is being filmed again", s->sequence);
}

/* ---- trim ---- */

struct trim {
    int64_t in, out;
};

static enum err change_trim(struct scene_work *w, struct task *t, const void *how)
{
    const struct trim *trim = how;
    struct scene *s = &w->scene;
    int64_t length = s->take_frames ? s->take_frames : s->film_frames;
    bool back = trim->in == 0 && trim->out == 0;
    bool in_fits = trim->in >= 0 && trim->in < length;
    bool out_fits = trim->out > trim->in && trim->out <= length;
    if (!back && !(in_fits && out_fits))
        return fail_at(t,
                       refuse(t, ERR_INVALID,
                              arena_format(t->arena, "use 0 <= in < out <= %.3f seconds",
                                           (double)length / FILM_RATE_HZ),
                              "the trim %.3f to %.3f lies outside the take of scene %" PRId64,
                              (double)trim->in / FILM_RATE_HZ, (double)trim->out / FILM_RATE_HZ,
                              s->sequence),
                       in_fits ? "trimPoints.out" : "trimPoints.in");
    s->trim_in = trim->in;
    s->trim_out = trim->out;
    return OK;
}

enum err scene_trim(const struct flow *f, struct task *t, const char *project_id, int64_t sequence,
                    int64_t in, int64_t out)
{
    const struct trim trim = { in, out };
    return scene_change_run(f, t, project_id, sequence, change_trim, &trim, NULL);
}

/* ---- takes ---- */

static const struct take *take_numbered(const struct take *takes, size_t count, int64_t number)
{
    for (size_t i = 0; i < count; i++) {
        if (takes[i].take == number)
            return &takes[i];
    }
    return NULL;
}

static bool is_lipsync(const struct take *k)
{
    return text_equal(k->source, "lip-sync");
}

/* Whatever we did not draw is encoded whole when it is cut: see step_take.c. */
static bool is_foreign(const struct take *k)
{
    return !text_equal(k->provider, video_animatic.name);
}

static void show_footage(const struct project *p, struct scene *s, const struct take *k)
{
    s->take = (struct made){ .hash = k->hash, .key = k->key, .parts = "" };
    s->take_frames = k->frames;
    s->take_width_px = k->width_px;
    s->take_height_px = k->height_px;
    s->take_foreign = is_foreign(k);
    s->take_matches =
        !s->take_foreign && k->width_px == p->width_px && k->height_px == p->height_px;
    s->pinned = true;
    if (s->trim_out > s->take_frames)
        s->trim_in = s->trim_out = 0;
}

/* With the trim and the wishes that it was made with; whether it still stands where it was synced
 * for is for the graph to say. */
static void show_lipsync(struct scene *s, const struct take *k)
{
    bool untrimmed = k->sync_span.in == 0 && k->sync_span.out == scene_whole_frames(s);
    s->trim_in = untrimmed ? 0 : k->sync_span.in;
    s->trim_out = untrimmed ? 0 : k->sync_span.out;
    s->sync = (struct scene_sync){
        .wish = SYNC_ASKED,
        .options = k->sync_options,
        .made = { .hash = k->hash, .key = k->key, .parts = k->parts },
        .take = k->take,
        .made_from = k->made_from,
        .span = k->sync_span,
        .foreign = is_foreign(k),
        .width_px = k->width_px,
        .height_px = k->height_px,
    };
}

static enum err change_take(struct scene_work *w, struct task *t, const void *how)
{
    int64_t wanted = *(const int64_t *)how;
    struct scene *s = &w->scene;
    struct take *takes;
    size_t count;
    enum err e = scene_check_not_remade(t, s);
    if (!e)
        e = takes_load(w->flow->store, t, w->project.project_id, s->sequence, &takes, &count);
    if (e)
        return e;
    const struct take *k = take_numbered(takes, count, wanted);
    const struct take *footage = k && is_lipsync(k) ? take_numbered(takes, count, k->made_from) : k;
    if (!footage)
        return refuse(t, ERR_NOT_FOUND, "storyreel project takes lists them",
                      "scene %" PRId64 " has no take %" PRId64, s->sequence, wanted);
    show_footage(&w->project, s, footage);
    s->selected_take = k->take;
    if (is_lipsync(k))
        show_lipsync(s, k);
    else
        s->sync = (struct scene_sync){ .wish = SYNC_DECLINED };
    return OK;
}

enum err scene_select_take(const struct flow *f, struct task *t, const char *project_id,
                           int64_t sequence, int64_t take)
{
    return scene_change_run(f, t, project_id, sequence, change_take, &take, NULL);
}

/* ---- words, and the picture that follows them ---- */

static void cast_follow(struct task *t, const struct look *said, struct look *look)
{
    for (size_t i = 0; i < said->cast_count && i < CAST_MAX; i++) {
        bool known = false;
        for (size_t k = 0; k < look->cast_count; k++) {
            if (look->cast[k].kind != said->cast[i].kind)
                continue;
            known = true;
            if (said->cast[i].action)
                look->cast[k].action = said->cast[i].action;
        }
        if (known || look->cast_count >= CAST_MAX)
            continue;
        look->cast = arena_grow(t->arena, look->cast, look->cast_count * sizeof *look->cast,
                                (look->cast_count + 1) * sizeof *look->cast);
        look->cast[look->cast_count++] = said->cast[i];
    }
}

static void take_if_said(int said, int *where)
{
    if (said)
        *where = said;
}

static void look_follow_camera(struct task *t, const char *camera, struct look *look)
{
    struct framing said = framing_from_text(t, camera);
    take_if_said(said.shot, &look->shot);
    take_if_said(said.move, &look->move);
}

/* New words change what is seen where they say so, and nothing else. */
static enum err look_follow_words(struct task *t, const char *prompt, struct look *look)
{
    struct look said;
    enum err e = look_from_text(t, prompt, &said);
    if (e)
        return e;
    take_if_said(said.place, &look->place);
    take_if_said(said.time, &look->time);
    take_if_said(said.weather, &look->weather);
    take_if_said(said.mood, &look->mood);
    cast_follow(t, &said, look);
    look_follow_camera(t, prompt, look);
    return OK;
}

static enum err look_follow_action(struct task *t, const char *action, struct look *look)
{
    struct look said;
    enum err e = look_from_text(t, action, &said);
    if (!e)
        cast_follow(t, &said, look);
    return e;
}

/* ---- editing ---- */

static enum err check_edit(struct task *t, const struct scene_edit *edit)
{
    enum err e = OK;
    if (edit->prompt)
        e = check_some_words(t, "prompt", "prompt", edit->prompt, PROMPT_BYTES_MAX);
    if (!e)
        e = check_words(t, "title", "title", edit->title, NAME_BYTES_MAX);
    if (!e)
        e = check_words(t, "negativePrompt", "negative prompt", edit->negative_prompt,
                        PROMPT_BYTES_MAX);
    if (!e)
        e = check_words(t, "camera", "camera note", edit->camera, PROMPT_BYTES_MAX);
    if (!e)
        e = check_words(t, "action", "action", edit->action, PROMPT_BYTES_MAX);
    if (!e)
        e = check_words(t, "line", "line", edit->line, PROMPT_BYTES_MAX);
    if (!e && edit->seed < 0)
        e = fail_at(t,
                    refuse(t, ERR_INVALID, "use a whole number above 0",
                           "%" PRId64 " is no seed", edit->seed),
                    "seed");
    return e;
}

/* Within what was filmed only the cut changes; past it the scene has to be filmed again, longer. */
static enum err edit_length(struct scene_work *w, struct task *t, double seconds)
{
    struct scene *s = &w->scene;
    struct model model;
    enum err e = s->end_card ? flow_card_model(w->flow, t, &model)
                             : model_load(t, &w->flow->models, w->project.video, &model);
    if (e || seconds == 0)
        return e;
    struct film_lengths lengths = model_lengths(t, &model);
    int64_t frames = seconds > 0 && seconds < 3600 ? frames_from_us((int64_t)(seconds * 1e6)) : 0;
    int64_t film_frames = film_length_for(&lengths, frames);
    if (frames < SHOT_FRAMES_MIN || film_frames < 0)
        return fail_at(t,
                       refuse(t, ERR_IMPOSSIBLE,
                              arena_format(t->arena, "use %g to %g seconds",
                                           (double)SHOT_FRAMES_MIN / FILM_RATE_HZ,
                                           model.seconds_max),
                              "%s cannot film a scene of %g seconds", model.title, seconds),
                       "duration");
    s->used_frames = frames;
    s->trim_in = s->trim_out = 0;
    if (frames > s->film_frames)
        s->film_frames = film_frames;
    if (frames > s->take_frames)
        s->pinned = false; /* the take that was chosen is too short for it */
    return OK;
}

static void edit_texts(const struct scene_edit *edit, struct scene *s)
{
    const struct {
        const char *given, **where;
    } all[] = {
        { edit->prompt, &s->prompt }, { edit->negative_prompt, &s->negative_prompt },
        { edit->title, &s->title },   { edit->camera, &s->camera },
        { edit->action, &s->action }, { edit->line, &s->line },
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (all[i].given)
            *all[i].where = all[i].given;
    }
}

/* The first of the cast is who the scene is about. */
static void edit_lips(const struct scene_edit *edit, struct scene *s)
{
    if (edit->lips_move < 0)
        return;
    s->lips_move = edit->lips_move > 0;
    if (s->look.cast_count > 0)
        s->look.cast[0].sings = s->lips_move;
}

static enum err change_words(struct scene_work *w, struct task *t, const void *how)
{
    const struct scene_edit *edit = how;
    struct scene *s = &w->scene;
    w->use = PROJECT_CHECKED;
    enum err e = check_at_rest(t, &w->project, "edited");
    if (!e)
        e = check_version(t, name_of(t, s), edit->version, s->version);
    if (!e)
        e = check_edit(t, edit);
    if (!e)
        e = edit_length(w, t, edit->seconds);
    if (!e && edit->prompt)
        e = look_follow_words(t, edit->prompt, &s->look);
    if (!e && edit->action)
        e = look_follow_action(t, edit->action, &s->look);
    if (e)
        return e;
    if (edit->camera)
        look_follow_camera(t, edit->camera, &s->look);
    edit_texts(edit, s);
    edit_lips(edit, s);
    if (edit->seed > 0)
        s->seed = edit->seed;
    return OK;
}

enum err scene_edit(const struct flow *f, struct task *t, const char *project_id, int64_t sequence,
                    const struct scene_edit *edit, struct scene *out)
{
    return scene_change_run(f, t, project_id, sequence, change_words, edit, out);
}

/* ---- filming again ---- */

/* The take, and the lip-sync that is made of it again. */
static double price_of_remake(const struct board *b, const struct scene *s)
{
    const struct model *maker = scene_maker(s, &b->model, &b->card);
    double take = graph_take_usd(maker, &b->project, s), lips = 0;
    const struct artifact *sync = graph_find(&b->graph, ARTIFACT_LIPSYNC, s->sequence);
    struct scene_span used = scene_used_span(s);
    if (sync)
        lips = graph_lipsync_usd(sync->model, used.out - used.in);
    return take < 0 || lips < 0 ? -1 : take + lips;
}

/* Nothing films the scene now, whoever is to film it reads so many words, and it can be paid
 * for. */
static enum err check_remake(struct scene_work *w, struct task *t, const char *prompt)
{
    struct board b;
    enum err e = scene_check_not_remade(t, &w->scene);
    if (!e)
        e = board_load(w->flow, t, w->project.project_id, &b);
    if (e)
        return e;
    const struct scene *s = board_scene(&b, w->scene.sequence);
    const struct model *maker = scene_maker(&w->scene, &b.model, &b.card);
    if (!s || s->status != PROJECT_PROCESSING) {
        const char *words = text_is_empty(prompt) ? w->scene.prompt : prompt;
        e = model_check_prompt(t, maker, "the prompt", words);
        return e ? fail_at(t, e, "prompt")
                 : spend_check(w->flow, t, &b.project, price_of_remake(&b, &w->scene));
    }
    return refuse(t, ERR_CONFLICT, "wait until it is done, or cancel it first",
                  "scene %" PRId64 " is being filmed", s->sequence);
}

void scene_keep_before(struct scene *s)
{
    s->before = (struct scene_before){
        .kept = true,
        .prompt = s->prompt,
        .seed = s->seed,
        .look = s->look,
        .pinned = s->pinned,
        .sync_wish = s->sync.wish,
        .sync_options = s->sync.options,
    };
}

/* The record of before must not change with the scene's. */
static struct look look_copy(struct task *t, const struct look *look)
{
    struct look copy = *look;
    size_t bytes = look->cast_count * sizeof *look->cast;
    copy.cast = arena_grow(t->arena, look->cast, bytes, bytes);
    return copy;
}

static enum err change_remake(struct scene_work *w, struct task *t, const void *how)
{
    const struct scene_remake *remake = how;
    struct scene *s = &w->scene;
    w->use = PROJECT_CHANGED;
    w->done = !text_is_empty(remake->once) && text_equal(remake->once, s->remake_once);
    if (w->done)
        return OK;
    enum err e = check_words(t, "prompt", "prompt", remake->prompt, PROMPT_BYTES_MAX);
    if (!e)
        e = check_remake(w, t, remake->prompt);
    if (!e)
        e = goal_add_scenes(t, &w->project, &s->sequence, 1);
    if (e)
        return e;
    scene_keep_before(s);
    s->look = look_copy(t, &s->look);
    if (!text_is_empty(remake->prompt)) {
        e = look_follow_words(t, remake->prompt, &s->look);
        s->prompt = remake->prompt;
    }
    s->seed = remake->seed ? remake->seed : s->seed + 1;
    s->pinned = false;
    s->fallback = (struct fallback){ "", "" }; /* whoever failed then is asked again */
    s->problem = (struct problem){ 0 };
    s->remake_once = or_nothing(remake->once);
    return e;
}

enum err scene_regenerate(const struct flow *f, struct task *t, const char *project_id,
                          int64_t sequence, const struct scene_remake *remake)
{
    return scene_change_run(f, t, project_id, sequence, change_remake, remake, NULL);
}
