/*
 * A model's answer becomes a plan. It is trusted with words only: lengths, steps and lyrics are
 * ours already, the wording of character and product is put in for its marks, and what the animatic
 * draws is read from the words.
 */
#include "plan/talk.h"

#include <string.h>

#include "base/text.h"

struct told_scene {
    int64_t     number;
    const char *title, *prompt, *negative_prompt, *camera, *action, *card_line, *card_action;
    int         place, time, shot, move;
    bool        character_seen, product_seen, lips_move;
};

struct told {
    const char        *title, *logline;
    struct told_scene *scenes;
    size_t             scene_count;
};

static const struct field told_scene_fields[] = {
    FIELD_INT(struct told_scene, number, "number", .max = 1e6),
    FIELD_TEXT(struct told_scene, title, "title"),
    FIELD_TEXT(struct told_scene, prompt, "prompt"),
    FIELD_TEXT(struct told_scene, negative_prompt, "negativePrompt"),
    FIELD_TEXT(struct told_scene, camera, "camera"),
    FIELD_TEXT(struct told_scene, action, "action"),
    FIELD_ENUM(struct told_scene, place, "place", look_place_names),
    FIELD_ENUM(struct told_scene, time, "time", look_time_names),
    FIELD_ENUM(struct told_scene, shot, "shot", look_shot_names),
    FIELD_ENUM(struct told_scene, move, "move", look_move_names),
    FIELD_BOOL(struct told_scene, character_seen, "characterSeen"),
    FIELD_BOOL(struct told_scene, product_seen, "productSeen"),
    FIELD_BOOL(struct told_scene, lips_move, "lipsMove"),
    FIELD_TEXT(struct told_scene, card_line, "cardLine"),
    FIELD_TEXT(struct told_scene, card_action, "cardAction"),
    FIELDS_END
};

static const struct field told_fields[] = {
    FIELD_TEXT(struct told, title, "title"),
    FIELD_TEXT(struct told, logline, "logline"),
    FIELD_OBJECTS(struct told, scenes, scene_count, "scenes", told_scene_fields, .required = true,
                  .count_max = SCENES_MAX),
    FIELDS_END
};

/* ---- from text to JSON ---- */

/* Some servers put thoughts before the answer and fences around it. */
struct bytes talk_json(const char *answer)
{
    const char *thought = strstr(answer, "</think>");
    const char *from = strchr(thought ? thought : answer, '{');
    const char *to = from ? strrchr(from, '}') : NULL;
    return to ? (struct bytes){ from, (size_t)(to + 1 - from) } : (struct bytes){ "", 0 };
}

/* Members nobody asked for are left out, as models without a grammar like to add some. */
static void keep_known(json_t *object, const struct field *fields)
{
    const char *name;
    json_t *value, *item;
    void *next;
    size_t i;
    json_object_foreach_safe (object, next, name, value) {
        const struct field *f = fields;
        while (f->kind != FIELD_KIND_END && !text_equal(f->name, name))
            f++;
        if (f->kind == FIELD_KIND_END)
            json_object_del(object, name);
        else if (f->kind == FIELD_KIND_OBJECTS)
            json_array_foreach (value, i, item)
                keep_known(item, f->fields);
    }
}

static enum err decode(struct task *t, const char *answer, struct told *out)
{
    struct bytes text = talk_json(answer);
    json_error_t error;
    scoped(json) json_t *json = json_loadb(text.at, text.size, 0, &error);
    if (!json_is_object(json))
        return fail(t, ERR_INVALID, "it is no JSON object: %s",
                    text.size ? error.text : "there is none in it");
    keep_known(json, told_fields);
    enum err e = fields_decode(t, told_fields, json, out);
    return e ? fail(t, ERR_INVALID, "%s: %s", arena_copy(t->arena, t->fault.field),
                    arena_copy(t->arena, t->fault.message)) : OK;
}

/* ---- what is wrong with it ---- */

static void note_scene(const struct told *told, size_t i, struct text *reasons)
{
    const struct told_scene *s = &told->scenes[i];
    if (text_is_empty(s->title) || text_is_empty(s->prompt))
        text_printf(reasons, "- scene %zu: title or prompt is empty\n", i + 1);
    for (size_t k = 0; k < i && *s->title; k++) {
        if (text_equal_fold(told->scenes[k].title, s->title))
            text_printf(reasons, "- scene %zu: its title is that of scene %zu\n", i + 1, k + 1);
    }
}

static enum err note_reasons(const struct film *f, const struct told *told, struct text *reasons)
{
    enum { REASONS_BYTES_MAX = 2000 };
    if (told->scene_count != f->scene_count)
        text_printf(reasons, "- it has %zu scenes; the brief has %zu\n", told->scene_count,
                    f->scene_count);
    for (size_t i = 0; i < told->scene_count && reasons->length < REASONS_BYTES_MAX; i++)
        note_scene(told, i, reasons);
    return reasons->length ? fail(f->task, ERR_INVALID, "%s", text_end(reasons)) : OK;
}

/* ---- wordings for their marks ---- */

/* `first` for the first mark, `later` for all others. */
static const char *replace_marks(struct arena *a, const char *text, const char *mark,
                                 const char *first, const char *later)
{
    struct text out = text_new(a);
    const char *at;
    for (const char *with = first; (at = strstr(text, mark)) != NULL; with = later) {
        text_append_n(&out, text, (size_t)(at - text));
        text_append(&out, with);
        text = at + strlen(mark);
    }
    text_append(&out, text);
    return text_end(&out);
}

static const char *product_wording(const struct film *f)
{
    return f->premise.has_product ? f->premise.product.full : "the product";
}

static const char *hero_wording(const struct film *f)
{
    return text_is_empty(f->request->character) ? f->premise.hero.full : f->request->character;
}

/* In full where a video model reads it. */
static const char *in_full(const struct film *f, const char *text)
{
    const char *brief = f->premise.has_product ? f->premise.product.brief : "it";
    text = replace_marks(f->arena, text, "{character}", hero_wording(f), f->premise.hero.brief);
    return replace_marks(f->arena, text, "{product}", product_wording(f), brief);
}

/* By their short names where people read it. */
static const char *in_brief(const struct film *f, const char *text)
{
    const char *hero = f->premise.hero.brief,
               *product = f->premise.has_product ? f->premise.product.brief : "it";
    text = replace_marks(f->arena, text, "{character}", hero, hero);
    return replace_marks(f->arena, text, "{product}", product, product);
}

/* As a noun that the vocabulary knows, so that what is said of it is read as said of a figure. */
static const char *as_figures(const struct film *f, const char *text)
{
    text = replace_marks(f->arena, text, "{character}", "a person", "the person");
    return replace_marks(f->arena, text, "{product}", "it", "it");
}

/* ---- the picture ---- */

struct seen {
    bool hero, product;
};

static struct seen who_is_seen(const struct film *f, const struct told_scene *told,
                               const struct mode_beat *beat)
{
    bool described = !text_is_empty(f->request->character);
    return (struct seen){
        .hero    = strstr(told->prompt, "{character}") || (described && told->character_seen),
        .product = f->premise.has_product &&
                   (beat->product_shot || told->product_seen || strstr(told->prompt, "{product}")),
    };
}

static void cast_picture(const struct film *f, const struct look *said, struct seen seen,
                         struct look *look)
{
    struct look_cast *cast = arena_array(f->arena, struct look_cast, CAST_MAX + 2);
    size_t count = 0, others = 0;
    int action = said->cast_count ? said->cast[0].action : 0;
    if (seen.hero) {
        cast[count] = f->premise.hero.cast;
        cast[count++].action = action ? action : ACTION_STAND;
        /* the hero, as a person */
        others = said->cast_count && said->cast[0].kind == FIGURE_PERSON;
    }
    if (seen.product) {
        cast[count] = f->premise.product.cast;
        cast[count++].action = ACTION_STAND;
    }
    for (size_t i = others; i < said->cast_count && count < CAST_MAX; i++)
        cast[count++] = said->cast[i];
    look->cast       = cast;
    look->cast_count = count;
}

static int either(int first, int second, int third)
{
    return first ? first : second ? second : third;
}

static enum err picture(const struct film *f, const struct told_scene *told, struct seen seen,
                        const struct look *before, struct look *out)
{
    struct look said;
    struct framing framing = framing_from_text(f->task, told->camera);
    const char *words = arena_format(f->arena, "%s %s", told->action, told->prompt);
    enum err e = look_from_text(f->task, as_figures(f, words), &said);
    if (e)
        return e;
    *out = (struct look){
        .place   = either(told->place, said.place, before ? before->place : PLACE_ABSTRACT),
        .time    = either(told->time, said.time, before ? before->time : f->request->style->time),
        .weather = either(said.weather, before ? before->weather : 0, f->request->style->weather),
        .shot    = either(told->shot, framing.shot, SHOT_MEDIUM),
        .move    = either(told->move, framing.move, MOVE_STATIC),
        .mood    = said.mood,
    };
    cast_picture(f, &said, seen, out);
    return OK;
}

static bool is_same_picture(const struct look *a, const struct look *b)
{
    int action_a = a->cast_count ? a->cast[0].action : 0,
        action_b = b->cast_count ? b->cast[0].action : 0;
    return a->place == b->place && a->shot == b->shot && a->move == b->move && action_a == action_b;
}

static bool is_taken(const struct plan *p, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (is_same_picture(&p->scenes[k].look, &p->scenes[i].look))
            return true;
    }
    return false;
}

/* Another move, then another size: the animatic shows every scene as its own. */
static void set_apart(struct plan *p, size_t i)
{
    struct look *l = &p->scenes[i].look;
    for (int turns = 1; is_taken(p, i) && turns < MOVE_COUNT * SHOT_COUNT; turns++) {
        l->move = l->move % (MOVE_COUNT - 1) + 1;
        if (turns % (MOVE_COUNT - 1) == 0)
            l->shot = l->shot % (SHOT_COUNT - 1) + 1;
    }
}

/* ---- the words ---- */

static void introduce(const struct subject *who, const char *full, struct text *prompt)
{
    if (strstr(text_end(prompt), full))
        return;
    text_printf(prompt, "%s %s: %s%s", text_ends(text_end(prompt), ".") ? "" : ".", who->brief,
                full, text_ends(full, ".") ? "" : ".");
}

/* The style's own words in every prompt, so that the film holds together. */
static void add_style(const struct style *style, struct text *prompt)
{
    bool first = true;
    for (size_t i = 0; i < style->word_count; i++) {
        if (strstr(text_end(prompt), style->words[i]))
            continue;
        text_printf(prompt, "%s%s",
                    !first                             ? ", "
                    : text_ends(text_end(prompt), ".") ? " "
                                                       : ". ",
                    style->words[i]);
        first = false;
    }
    if (!first)
        text_append(prompt, ".");
}

static bool is_too_long(const struct plan_request *r, const char *prompt)
{
    return r->prompt_chars_max > 0 && text_chars(prompt) > (size_t)r->prompt_chars_max;
}

/* Where not all of it can be said, the style's words are what a scene can be without: its
 * neighbours have them, and the rest is what was asked for. */
static const char *prompt_of(const struct film *f, const struct told_scene *told, struct seen seen)
{
    struct text prompt = text_new(f->arena);
    text_append(&prompt, in_full(f, text_tidy(f->arena, told->prompt)));
    if (seen.hero && !text_is_empty(f->request->character))
        introduce(&f->premise.hero, f->request->character, &prompt);
    if (seen.product)
        introduce(&f->premise.product, product_wording(f), &prompt);
    const char *without = arena_copy(f->arena, text_end(&prompt));
    add_style(f->request->style, &prompt);
    return is_too_long(f->request, text_end(&prompt)) ? without : text_end(&prompt);
}

static const char *negative_of(const struct film *f, const struct told_scene *told)
{
    struct text out = text_new(f->arena);
    text_append(&out, text_tidy(f->arena, told->negative_prompt));
    for (size_t i = 0; i < f->request->style->avoid_count; i++) {
        const char *word = f->request->style->avoid[i];
        if (!strstr(text_end(&out), word))
            text_printf(&out, "%s%s", out.length ? ", " : "", word);
    }
    return text_end(&out);
}

static const char *tidy_at_most(const struct film *f, const char *text, size_t bytes_max)
{
    return text_shorten(f->arena, text_tidy(f->arena, text), bytes_max);
}

static void write_end_card(const struct film *f, const struct told_scene *told,
                           struct planned_scene *out)
{
    film_write_card(f, out);
    if (!text_is_empty(told->card_line))
        out->card_line = tidy_at_most(f, told->card_line, NAME_BYTES_MAX);
    if (!text_is_empty(told->card_action) && text_is_empty(f->request->call_to_action))
        out->card_action = tidy_at_most(f, told->card_action, NAME_BYTES_MAX);
}

static enum err write_scene(const struct film *f, const struct told *told, size_t i, struct plan *p)
{
    const struct told_scene *ts = &told->scenes[i];
    const struct scene_draft *s = &f->scenes[i];
    const struct mode_beat *beat = &f->request->mode->beats[s->beat];
    struct planned_scene *out = &p->scenes[i];
    struct seen seen = who_is_seen(f, ts, beat);
    *out = (struct planned_scene){
        .title = tidy_at_most(f, in_brief(f, ts->title), NAME_BYTES_MAX),
        .prompt = prompt_of(f, ts, seen),
        .negative_prompt = negative_of(f, ts),
        .action = tidy_at_most(f, in_brief(f, ts->action), 900),
        .story_beat = beat->name,
        .section = s->section,
        .line = s->lyric,
        .cut = s->cut,
        .energy = s->energy,
        .product_shot = seen.product,
        .end_card = beat->end_card,
        .card_title = "",
        .card_line = "",
        .card_action = "",
    };
    enum err e = picture(f, ts, seen, i ? &p->scenes[i - 1].look : NULL, &out->look);
    if (e)
        return e;
    set_apart(p, i);
    out->camera = text_is_empty(ts->camera)
                      ? arena_format(f->arena, "%s, %s", look_shot_names[out->look.shot],
                                     look_move_names[out->look.move])
                      : tidy_at_most(f, ts->camera, 400);
    out->lips_move = ts->lips_move && out->look.cast_count > 0;
    if (out->lips_move)
        out->look.cast[0].sings = true;
    if (beat->end_card)
        write_end_card(f, ts, out);
    return OK;
}

enum err talk_read(const struct film *f, const char *answer, struct plan *out,
                   const char **out_reasons)
{
    struct told told;
    struct text reasons = text_new(f->arena);
    enum err e = decode(f->task, answer, &told);
    if (e)
        text_append(&reasons, f->task->fault.message);
    else
        e = note_reasons(f, &told, &reasons);
    *out_reasons = text_end(&reasons);
    if (e)
        return e;
    struct plan p = {
        .title = tidy_at_most(f, in_brief(f, told.title), NAME_BYTES_MAX),
        .logline = tidy_at_most(f, in_brief(f, told.logline), 900),
        .scenes = arena_array(f->arena, struct planned_scene, told.scene_count),
        .scene_count = told.scene_count,
    };
    for (size_t i = 0; i < told.scene_count && !e; i++)
        e = write_scene(f, &told, i, &p);
    if (!e)
        *out = p;
    return e;
}
