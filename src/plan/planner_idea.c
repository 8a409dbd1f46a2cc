/*
 * A scene from an idea. Two readings are laid over each other: the film's own concept says who it
 * is about and what is sold, the idea says what happens and where. The idea stands in the prompt as
 * it was written; around it the scene is written like every other of the film.
 */
#include "plan/story_film.h"

#include <string.h>

#include "base/text.h"

enum { IDEA_ITEMS = 1 };

/* Does the idea speak of them: by a word of their short name, or by a pronoun that is theirs? */
static bool speaks_of(struct arena *a, const struct tokens *idea, const struct subject *who,
                      bool by_pronoun)
{
    struct tokens names = tokens_of(a, who->brief);
    const char *pronouns = text_equal(who->their, "her")   ? "|she|her|hers|"
                           : text_equal(who->their, "his") ? "|he|him|his|"
                                                           : "|she|her|he|him|his|they|them|their|";
    for (size_t i = 0; i < idea->count; i++) {
        for (size_t k = 0; k < names.count; k++) {
            if (!word_in(lexicon_determiners, names.at[k].word) &&
                text_equal(names.at[k].word, idea->at[i].word))
                return true;
        }
        if (by_pronoun && word_in(pronouns, idea->at[i].word))
            return true;
    }
    return false;
}

struct idea_cast {
    bool hero, product;
};

static struct idea_cast cast_of_idea(const struct film *f)
{
    const struct premise *p = &f->premise;
    struct tokens idea = tokens_of(f->arena, p->concept);
    struct idea_cast cast = {
        .hero    = speaks_of(f->arena, &idea, &p->hero, true),
        .product = p->has_product && speaks_of(f->arena, &idea, &p->product, false),
    };
    for (size_t i = 0; i < p->point_count && !cast.hero; i++)
        cast.hero = p->points[i].of_hero && !f->sells;
    return cast;
}

/* The film's people and product, the idea's events and places. */
static enum err read_idea(struct film *f, const struct idea_request *request,
                          struct plan_request *one)
{
    struct premise film, idea;
    *one = *request->film;
    one->concept     = request->idea;
    one->frame_count = request->cut.frame_count;
    one->scene_count = IDEA_ITEMS;
    enum err e = premise_read(f->task, request->film, &film);
    if (!e)
        e = premise_read(f->task, one, &idea);
    if (e)
        return e;
    idea.hero        = film.hero;
    idea.has_product = film.has_product;
    idea.product     = film.product;
    f->premise = idea;
    f->request = one;
    return OK;
}

/* Where the idea names no place it happens where the scene before it did; so with the hour and the
 * weather. */
static void stay_near(struct film *f, const struct look *near)
{
    struct premise *p = &f->premise;
    const struct place_lore *lore = near ? place_lore_of(near->place) : NULL;
    if (p->place_count == 0 && lore)
        p->places[p->place_count++] =
            (struct premise_place){ lore->place, lore->name, lore->at, false };
    if (!p->time && near)
        p->time = near->time;
    if (!p->weather && near)
        p->weather = near->weather;
    if (!p->mood && near)
        p->mood = near->mood;
    p->point_count = 0;       /* the idea is told whole, not clause by clause */
}

/* The step of the story it belongs to: that of the scene before, or one in the middle; never the
 * end card's. */
size_t film_idea_step(const struct film *f, const char *story_beat, bool product)
{
    const struct mode *mode = f->request->mode;
    size_t middle = mode->beat_count / 2;
    for (size_t i = 0; i < mode->beat_count; i++) {
        const struct mode_beat *b = &mode->beats[i];
        if (product ? b->product_shot && !b->end_card
                    : text_equal(b->name, story_beat) && !b->end_card && !b->product_shot)
            return i;
    }
    while (middle > 0 && (mode->beats[middle].end_card || mode->beats[middle].product_shot))
        middle--;
    return middle;
}

/* Everyone in the picture, the hero as the hero always looks. */
static void cast_look(const struct film *f, const struct look *said, struct idea_cast in,
                      struct look *look)
{
    const struct premise *p = &f->premise;
    int action = f->scenes[0].action;
    look->cast = arena_array(f->arena, struct look_cast, CAST_MAX + 2);
    look->cast_count = 0;
    if (in.hero) {
        look->cast[look->cast_count] = p->hero.cast;
        look->cast[look->cast_count++].action = action ? action : ACTION_STAND;
    }
    if (in.product) {
        look->cast[look->cast_count] = p->product.cast;
        look->cast[look->cast_count++].action = ACTION_STAND;
    }
    for (size_t i = 0; i < said->cast_count && look->cast_count < CAST_MAX; i++) {
        if (!in.hero || said->cast[i].kind != p->hero.cast.kind)
            look->cast[look->cast_count++] = said->cast[i];
    }
}

void film_introduce(const struct film *f, const struct subject *who, struct text *prompt)
{
    const char *stop = text_ends(who->full, ".") ? "" : ".";
    if (strstr(text_end(prompt), who->full))
        return;
    if (text_starts(who->full, who->brief))
        text_printf(prompt, " %s%s", who->full, stop);
    else
        text_printf(prompt, " %s: %s%s", capitalised(f->arena, who->brief), who->full, stop);
}

static void finish_scene(const struct film *f, const struct look *said, struct idea_cast in,
                         struct planned_scene *out)
{
    struct text prompt = text_new(f->arena);
    text_append(&prompt, out->prompt);
    if (in.hero && !text_is_empty(f->request->character))
        film_introduce(f, &f->premise.hero, &prompt);
    if (in.product)
        film_introduce(f, &f->premise.product, &prompt);
    out->prompt       = text_end(&prompt);
    out->product_shot = in.product;
    out->end_card     = false;
    cast_look(f, said, in, &out->look);
}

static const char *without_full_stop(struct arena *a, const char *idea)
{
    const char *tidy = text_tidy(a, idea);
    size_t bytes = strlen(tidy);
    return bytes > 1 && tidy[bytes - 1] == '.' ? arena_copy_n(a, tidy, bytes - 1) : tidy;
}

enum err offline_idea(struct task *t, const struct idea_request *request, struct planned_scene *out)
{
    struct plan_request one;
    struct look said;
    struct film *f = arena_one(t->arena, struct film);
    *f = (struct film){ .task = t, .arena = t->arena, .sells = mode_sells(request->film->mode) };
    f->seed = (uint64_t)request->film->seed ^ rng_seed_from_text(request->idea);
    f->used_titles      = (const char **)request->titles;
    f->used_title_count = f->used_title_capacity = request->title_count;
    enum err e = read_idea(f, request, &one);
    if (!e)
        e = look_from_text(t, request->idea, &said);
    if (e)
        return e;
    film_set_story(f);
    struct idea_cast in = cast_of_idea(f);
    bool says_place = f->premise.place_count > 0;
    stay_near(f, request->near);
    f->scenes      = arena_array(t->arena, struct scene_draft, IDEA_ITEMS);
    f->scene_count = IDEA_ITEMS;
    f->scenes[0] = (struct scene_draft){
        .cut = request->cut,
        .beat = film_idea_step(f, request->story_beat, in.product),
        .phase = PHASE_DEVELOP,
        .section = request->section,
        .lyric = "",
        .energy = request->energy,
        .event = without_full_stop(t->arena, request->idea),
    };
    struct plot_point told = { .place_index = 0, .end_index = -1, .look = said };
    struct framing framing = framing_from_text(t, request->idea);
    film_set_world(f);
    film_set_idea(f, 0, &framing);
    if (says_place)
        f->scenes[0].point = &told;       /* then the place is not said a second time */
    film_write_scene(f, 0, out);
    finish_scene(f, &said, in, out);
    return OK;
}
