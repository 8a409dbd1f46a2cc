/*
 * Whether a plan may be filmed. One pass a rule, cheapest first; the first broken rule is the
 * answer, with the scene and field it was found in. Nothing is repaired here.
 */
#include "plan/plan.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { PROMPT_BYTES_MIN = 20, BEAT_FRAMES_OFF = 1 };

__attribute__((format(printf, 4, 5)))
static enum err wrong(struct task *t, size_t scene, const char *member, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *why = arena_format_v(t->arena, format, args);
    va_end(args);
    enum err e = fail(t, ERR_INVALID, "scene %zu: %s", scene + 1, why);
    return fail_at(t, e,
                   arena_format(t->arena, "scenes[%zu]%s%s", scene, *member ? "." : "", member));
}

/* ---- lengths and cuts --------------------------------------------------------------------- */

static bool can_be_filmed(const struct film_lengths *l, int64_t frames)
{
    for (size_t i = 0; i < l->allowed_count; i++) {
        if (l->allowed_frames[i] == frames)
            return true;
    }
    return l->allowed_count == 0 && frames >= l->min_frames && frames <= l->max_frames;
}

static const struct film_lengths *lengths_of(const struct plan_request *r,
                                             const struct planned_scene *s)
{
    return s->end_card && r->card_lengths ? r->card_lengths : &r->lengths;
}

static enum err check_lengths(struct task *t, const struct plan_request *r, const struct plan *p)
{
    int64_t at = 0;
    for (size_t i = 0; i < p->scene_count; i++) {
        const struct cut *c = &p->scenes[i].cut;
        if (c->start_frame != at)
            return wrong(t, i, "cut.startFrame",
                         "it starts at frame %lld; the scene before ends at %lld",
                         (long long)c->start_frame, (long long)at);
        if (c->frame_count < 1 || (c->frame_count < SHOT_FRAMES_MIN && p->scene_count > 1))
            return wrong(t, i, "cut.frames",
                         "it is %lld frames long; half a second (%d) is the least",
                         (long long)c->frame_count, SHOT_FRAMES_MIN);
        if (c->film_frames < c->frame_count)
            return wrong(t, i, "cut.filmFrames", "it uses %lld frames of a take of %lld",
                         (long long)c->frame_count, (long long)c->film_frames);
        if (!can_be_filmed(lengths_of(r, &p->scenes[i]), c->film_frames))
            return wrong(t, i, "cut.filmFrames", "the video model cannot film a take of %.4g s",
                         (double)c->film_frames / FILM_RATE_HZ);
        at += c->frame_count;
    }
    if (at != r->frame_count)
        return fail_at(t,
                       fail(t, ERR_INVALID, "the scenes add up to %lld frames; the film has %lld",
                            (long long)at, (long long)r->frame_count),
                       "scenes");
    if (r->scene_count > 0 && (size_t)r->scene_count != p->scene_count)
        return fail_at(t,
                       fail(t, ERR_INVALID, "%zu scenes were planned; %lld were asked for",
                            p->scene_count, (long long)r->scene_count),
                       "scenes");
    return OK;
}

/* Beats ascend: the nearest is found by halving. */
static int64_t frames_off_beat(const struct song_map *song, int64_t frame)
{
    size_t low = 0, high = song->beat_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (frames_from_us(song->beats_us[middle]) < frame)
            low = middle + 1;
        else
            high = middle;
    }
    int64_t off = INT64_MAX;
    if (low < song->beat_count)
        off = llabs(frames_from_us(song->beats_us[low]) - frame);
    if (low > 0 && llabs(frames_from_us(song->beats_us[low - 1]) - frame) < off)
        off = llabs(frames_from_us(song->beats_us[low - 1]) - frame);
    return off;
}

static enum err check_beats(struct task *t, const struct plan_request *r, const struct plan *p)
{
    for (size_t i = 1; r->song && i < p->scene_count; i++) {
        int64_t at = p->scenes[i].cut.start_frame;
        if (frames_off_beat(r->song, at) > BEAT_FRAMES_OFF &&
            !cut_may_leave_beat(r->song, &r->lengths, r->frame_count, at))
            return wrong(t, i, "cut.startFrame", "it does not start on a beat");
    }
    return OK;
}

/* ---- words -------------------------------------------------------------------------------- */

static enum err check_text(struct task *t, size_t scene, const char *member, const char *text,
                           size_t bytes_max)
{
    if (!text)
        return wrong(t, scene, member, "%s is missing", member);
    if (strlen(text) > bytes_max)
        return wrong(t, scene, member, "%s is %zu bytes long; at most %zu are accepted", member,
                     strlen(text), bytes_max);
    if (!text_is_clean_utf8(text, strlen(text)))
        return wrong(t, scene, member, "%s is not clean UTF-8", member);
    return OK;
}

static enum err check_words(struct task *t, size_t i, const struct planned_scene *s)
{
    const struct {
        const char *member, *text;
        size_t      bytes_max;
    } texts[] = {
        { "title", s->title, NAME_BYTES_MAX }, { "prompt", s->prompt, PROMPT_BYTES_MAX },
        { "negativePrompt", s->negative_prompt, PROMPT_BYTES_MAX }, { "camera", s->camera, 400 },
        { "action", s->action, 1000 }, { "storyBeat", s->story_beat, NAME_BYTES_MAX },
        { "line", s->line, PROMPT_BYTES_MAX }, { "cardTitle", s->card_title, NAME_BYTES_MAX },
    };
    enum err e = OK;
    for (size_t k = 0; k < sizeof texts / sizeof *texts && !e; k++)
        e = check_text(t, i, texts[k].member, texts[k].text, texts[k].bytes_max);
    if (e)
        return e;
    if (text_is_empty(s->title))
        return wrong(t, i, "title", "it has no title");
    if (strlen(text_tidy(t->arena, s->prompt)) < PROMPT_BYTES_MIN)
        return wrong(t, i, "prompt", "its prompt says next to nothing");
    return OK;
}

static enum err check_prompt(struct task *t, const struct plan_request *r, size_t i,
                             const struct planned_scene *s)
{
    size_t chars = text_chars(s->prompt);
    if (s->end_card || r->prompt_chars_max == 0 || chars <= (size_t)r->prompt_chars_max)
        return OK;
    return wrong(t, i, "prompt",
                 "its prompt has %zu characters with its descriptions; the video model reads "
                 "%" PRId64,
                 chars, r->prompt_chars_max);
}

static bool in_cast(const struct look *look, const char *name, int kind)
{
    for (size_t i = 0; i < look->cast_count; i++) {
        if ((name && text_equal(look->cast[i].name, name)) || (kind && look->cast[i].kind == kind))
            return true;
    }
    return false;
}

static enum err check_wording(struct task *t, const struct plan_request *r, const char *hero,
                              size_t i, const struct planned_scene *s)
{
    if (*hero && in_cast(&s->look, hero, 0) && !strstr(s->prompt, r->character))
        return wrong(t, i, "prompt",
                     "%s is in it, but not in the words of the character description", hero);
    bool product = s->product_shot || in_cast(&s->look, NULL, FIGURE_PRODUCT);
    if (product && !text_is_empty(r->product) && !strstr(s->prompt, r->product))
        return wrong(t, i, "prompt",
                     "the product is in it, but not in the words of the product description");
    if (s->lips_move && s->look.cast_count == 0)
        return wrong(t, i, "lipsMove", "lips move and nobody is in the picture");
    return OK;
}

/* ---- no two alike ------------------------------------------------------------------------- */

struct keyed {
    const char *key;
    size_t      scene;
};

static int compare_keyed(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    return order ? order : x->scene < y->scene ? -1 : x->scene > y->scene;
}

static enum err check_unique(struct task *t, struct keyed *keys, size_t count, const char *member,
                             const char *what)
{
    qsort(keys, count, sizeof *keys, compare_keyed);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(keys[i - 1].key, keys[i].key) == 0)
            return wrong(t, keys[i].scene, member, "%s is that of scene %zu", what,
                         keys[i - 1].scene + 1);
    }
    return OK;
}

static const char *picture_key(struct arena *a, const struct planned_scene *s)
{
    const struct look *l = &s->look;
    return arena_format(a, "%d %d %d %d", l->place, l->shot, l->move,
                        l->cast_count ? l->cast[0].action : 0);
}

static enum err check_alike(struct task *t, const struct plan *p)
{
    struct keyed *keys = arena_array(t->arena, struct keyed, p->scene_count);
    for (size_t i = 0; i < p->scene_count; i++)
        keys[i] =
            (struct keyed){ text_lower(t->arena, text_tidy(t->arena, p->scenes[i].title)), i };
    enum err e = check_unique(t, keys, p->scene_count, "title", "its title");
    for (size_t i = 0; !e && i < p->scene_count; i++)
        keys[i] =
            (struct keyed){ text_lower(t->arena, text_tidy(t->arena, p->scenes[i].prompt)), i };
    if (!e)
        e = check_unique(t, keys, p->scene_count, "prompt", "its prompt");
    for (size_t i = 0; !e && i < p->scene_count; i++)
        keys[i] = (struct keyed){ picture_key(t->arena, &p->scenes[i]), i };
    return e ? e
             : check_unique(t, keys, p->scene_count, "look",
                            "its picture (place, shot, move and action)");
}

/* ---- what the mode demands ---------------------------------------------------------------- */

static enum err check_look(struct task *t, size_t i, const struct look *l)
{
    bool known = l->place > 0 && l->place < PLACE_COUNT && l->shot > 0 && l->shot < SHOT_COUNT &&
                 l->move > 0 && l->move < MOVE_COUNT && l->time >= 0 && l->time < TIME_COUNT &&
                 l->weather >= 0 && l->weather < WEATHER_COUNT;
    if (!known)
        return wrong(t, i, "look", "place, shot and move must be set");
    if (l->cast_count > CAST_MAX)
        return wrong(t, i, "look.cast", "%zu are in the picture; %d are the most", l->cast_count,
                     CAST_MAX);
    return OK;
}

static enum err check_mode(struct task *t, const struct plan_request *r, const struct plan *p)
{
    bool wants_product = false, has_product = false;
    for (size_t i = 0; i < r->mode->beat_count; i++)
        wants_product = wants_product || r->mode->beats[i].product_shot;
    for (size_t i = 0; i < p->scene_count; i++) {
        has_product = has_product || p->scenes[i].product_shot;
        if (p->scenes[i].end_card && i + 1 < p->scene_count)
            return wrong(t, i, "endCard", "the end card comes last");
    }
    if (wants_product && !has_product)
        return fail_at(t, fail(t, ERR_INVALID, "the product is never seen"), "scenes");
    const struct planned_scene *last = &p->scenes[p->scene_count - 1];
    if (r->mode->beats[r->mode->beat_count - 1].end_card && !last->end_card)
        return wrong(t, p->scene_count - 1, "endCard", "the film must end on its end card");
    if (last->end_card && (text_is_empty(last->card_title) || text_is_empty(last->card_action)))
        return wrong(t, p->scene_count - 1, "cardTitle",
                     "the end card needs a name and a call to action");
    return OK;
}

static enum err check_scene(struct task *t, const struct plan_request *r, const char *hero,
                            size_t i, const struct planned_scene *s)
{
    enum err e = check_words(t, i, s);
    if (!e)
        e = check_prompt(t, r, i, s);
    if (!e)
        e = check_look(t, i, &s->look);
    return e ? e : check_wording(t, r, hero, i, s);
}

enum err plan_check_scene(struct task *t, const struct plan_request *r,
                          const struct planned_scene *scene)
{
    return check_scene(t, r, plan_hero_name(t, r), 0, scene);
}

enum err plan_check(struct task *t, const struct plan_request *r, const struct plan *p)
{
    if (p->scene_count == 0 || p->scene_count > SCENES_MAX)
        return fail_at(
            t,
            fail(t, ERR_INVALID, "a plan has 1 to %d scenes, not %zu", SCENES_MAX, p->scene_count),
            "scenes");
    enum err e = check_lengths(t, r, p);
    if (!e)
        e = check_beats(t, r, p);
    const char *hero = plan_hero_name(t, r);
    for (size_t i = 0; !e && i < p->scene_count; i++)
        e = check_scene(t, r, hero, i, &p->scenes[i]);
    if (!e)
        e = check_alike(t, p);
    return e ? e : check_mode(t, r, p);
}
