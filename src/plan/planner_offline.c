/*
 * The planner that needs nobody: from a concept to scenes, by rules and a lot of written lines.
 *
 * The order is a director's: read the idea (premise.c), cut the music (cuts.c), lay the story over
 * it (planner_steps.c), find the places and the hours (planner_world.c), decide shot by shot what
 * is seen and how (planner_scenes.c), and write it down (planner_prompt.c). Everything random comes
 * from the request's seed and the concept, so the same request gives the same film.
 */
#include "plan/story_film.h"

#include <string.h>

#include "base/text.h"

enum { SCENES_IN_THREE_MINUTES = 44, AD_SCENES_MIN = 6, AD_SCENES_MAX = 9 };

/* Advertisements are cut a quarter faster than the style's stories. */
#define AD_PACE 0.75

bool mode_sells(const struct mode *mode)
{
    return mode->beats[mode->beat_count - 1].end_card;
}

static int64_t longest_take(const struct film_lengths *l)
{
    return l->allowed_count ? l->allowed_frames[l->allowed_count - 1] : l->max_frames;
}

/* How many scenes an advertisement of this length has, when nobody says. */
static int64_t ad_scene_count(const struct plan_request *r)
{
    double seconds = (double)r->frame_count / FILM_RATE_HZ;
    int64_t count = (int64_t)(seconds / (AD_PACE * r->style->shot_seconds) + 0.5);
    int64_t most = seconds <= 30 ? AD_SCENES_MAX : (int64_t)(seconds / 3), least = AD_SCENES_MIN;
    if (seconds < 9)
        most = least = seconds < 2 ? 1 : (int64_t)(seconds / 1.5);
    count = count < least ? least : count > most ? most : count;
    int64_t needed = (r->frame_count + longest_take(&r->lengths) - 1) / longest_take(&r->lengths);
    return count > needed ? count : needed;
}

static double *beat_shares(struct task *t, const struct mode *mode)
{
    double *shares = arena_array(t->arena, double, mode->beat_count);
    for (size_t i = 0; i < mode->beat_count; i++)
        shares[i] = mode->beats[i].share;
    return shares;
}

static enum err cut_film(struct film *f)
{
    const struct plan_request *r = f->request;
    double floor = 180.0 / SCENES_IN_THREE_MINUTES;
    struct cut_request request = {
        .frame_count = r->frame_count,
        .song = r->song,
        .lengths = r->lengths,
        .scene_count = r->scene_count,
        .shot_seconds = r->style->shot_seconds > floor ? r->style->shot_seconds : floor,
        .shot_seconds_min = r->style->shot_seconds_min,
        .shot_seconds_max = r->style->shot_seconds_max,
        .rhythm = r->style->rhythm,
        .last_lengths = f->sells ? r->card_lengths : NULL,
    };
    if (!r->song) {
        request.shares      = beat_shares(f->task, r->mode);
        request.share_count = r->mode->beat_count;
    }
    if (f->sells && r->scene_count == 0 && !r->song)
        request.scene_count = ad_scene_count(r);
    else if (f->sells && r->scene_count == 0)
        request.shot_seconds = (double)r->frame_count / FILM_RATE_HZ / (double)ad_scene_count(r);
    struct cut *cuts;
    size_t count;
    enum err e = plan_cuts(f->task, &request, &cuts, &count);
    if (e)
        return e;
    f->scenes = arena_array(f->arena, struct scene_draft, count);
    f->scene_count = count;
    for (size_t i = 0; i < count; i++)
        f->scenes[i].cut = cuts[i];
    return OK;
}

/* How many of the concept's words are cues of this list. */
static int count_cues(const struct tokens *tokens, struct arena *a, const char *cues)
{
    int count = 0;
    for (size_t i = 0; i < tokens->count; i++) {
        const char *base = verb_base(a, tokens->at[i].word);
        count += word_in(cues, tokens->at[i].word) || (base && word_in(cues, base));
    }
    return count;
}

static const struct arc *choose_arc(const struct film *f)
{
    struct tokens tokens = tokens_of(f->arena, f->premise.concept);
    const struct arc *best = NULL;
    int most = 0;
    for (const struct arc *a = arcs; a->name; a++) {
        int count = count_cues(&tokens, f->arena, a->cues);
        bool needs_other = text_equal(a->name, "love");
        if (count > most && (!needs_other || f->premise.has_other)) {
            most = count;
            best = a;
        }
    }
    if (best)
        return best;
    struct rng r = rng_fork(f->seed, "arc");
    int count = 0;
    while (arcs[count].name)
        count++;
    const struct arc *any = &arcs[rng_below(&r, count)];
    return text_equal(any->name, "love") ? &arcs[0] : any;
}

static const struct ad_lore *choose_ad(const struct film *f)
{
    struct tokens product =
        tokens_of(f->arena, f->premise.product.full ? f->premise.product.full : "");
    struct tokens concept = tokens_of(f->arena, f->premise.concept);
    const struct ad_lore *best = NULL;
    int most = 0;
    for (const struct ad_lore *a = ad_lores; a->name; a++) {
        int count =
            3 * count_cues(&product, f->arena, a->cues) + count_cues(&concept, f->arena, a->cues);
        if (count > most || !a[1].name) {
            best = count > most || !best ? a : best;
            most = count > most ? count : most;
        }
    }
    return best;
}

/* The object that comes back changed: the concept's own, else one of ours. */
static void choose_motif(struct film *f)
{
    int count = 0;
    while (motifs[count].full)
        count++;
    struct rng r = rng_fork(f->seed, "motif");
    const struct motif *m = &motifs[rng_below(&r, count)];
    f->motif = subject_from_description(f->arena, m->full, m->brief);
    f->motif.brief = m->brief;
    f->motif.human = false;
    f->motif.cast.kind = m->kind;
    f->motif_lines = f->premise.has_thing || f->premise.has_product ? thing_lines : m->states;
}

/* A story about two needs the second one, if the concept only hints at them. */
static void find_partner(struct film *f)
{
    struct tokens tokens = tokens_of(f->arena, f->premise.concept);
    bool love =
        count_cues(&tokens, f->arena, "|love|lover|kiss|romance|romantic|wedding|heart|crush|") > 0;
    if (f->premise.has_other || f->premise.hero.plural || !f->premise.hero.human || !love ||
        f->sells)
        return;
    bool she = text_equal(f->premise.hero.their, "her");
    f->premise.other = subject_from_description(f->arena,
                                                she ? "a tall young man in a navy peacoat"
                                                    : "a young woman in a mustard raincoat",
                                                "the stranger");
    f->premise.has_other = true;
}

static const char *film_title(const struct film *f)
{
    const struct premise *p = &f->premise;
    struct tokens tokens = tokens_of(f->arena, p->concept);
    if (f->sells)
        return product_title(f);
    if (p->foreign || (tokens.count > 0 && tokens.count <= 7))
        return capitalised(f->arena, text_shorten(f->arena, p->concept, 80));
    const char *title = arena_format(f->arena, "%s %s", p->hero.brief, f->locations[0].at);
    if (p->has_thing)
        title = arena_format(f->arena, "%s and %s", p->hero.brief, p->thing.brief);
    return capitalised(f->arena, text_shorten(f->arena, title, 80));
}

static const char *told(const struct film *f, const struct plot_point *p)
{
    return f->premise.hero.plural ? predicate_of_many(f->arena, p->text) : p->text;
}

/* What happens first, and how it ends; where the concept tells no story, what the arc is about. */
static const char *film_logline(const struct film *f)
{
    const struct premise *p = &f->premise;
    const struct plot_point *first = NULL, *last = NULL;
    for (size_t i = 0; i < p->point_count; i++) {
        if (p->points[i].of_hero) {
            first = first ? first : &p->points[i];
            last  = &p->points[i];
        }
    }
    struct fill fill = film_fill(f, &f->scenes[0]);
    const char *line = "{hero} {event}";
    fill.event = "";
    if (first && last != first && !f->sells)
        fill.event = arena_format(f->arena, "%s and in the end %s", told(f, first), told(f, last));
    else if (first)
        fill.event = told(f, first);
    else
        line = arena_format(f->arena, "{hero} [crosses] from %s to %s, %s", f->locations[0].name,
                            f->locations[f->location_count > 1 ? 1 : 0].name, f->arc->want);
    if (f->sells)
        line = first ? "{hero} {event}, and then there is {product}"
                     : "{hero}, an ordinary trouble {at}, and {product}";
    return text_shorten(f->arena, arena_format(f->arena, "%s.", fill_brief(&fill, line)), 900);
}

void film_set_story(struct film *f)
{
    find_partner(f);
    f->arc = choose_arc(f);
    f->ad  = choose_ad(f);
    choose_motif(f);
}

enum err film_begin(struct task *t, const struct plan_request *request, struct film **out)
{
    struct film *f = arena_one(t->arena, struct film);
    *f = (struct film){
        .task = t,
        .arena = t->arena,
        .request = request,
        .sells = mode_sells(request->mode),
    };
    f->seed = (uint64_t)request->seed ^ rng_seed_from_text(request->concept);
    enum err e = premise_read(t, request, &f->premise);
    if (!e)
        e = cut_film(f);
    if (e)
        return e;
    film_set_story(f);
    film_set_steps(f);
    film_set_lyrics(f);
    *out = f;
    return OK;
}

static enum err offline_draft(struct task *t, const struct plan_request *request, struct plan *out)
{
    struct film *f;
    enum err e = film_begin(t, request, &f);
    if (e)
        return e;
    film_set_world(f);
    film_set_scenes(f);
    out->scenes      = arena_array(t->arena, struct planned_scene, f->scene_count);
    out->scene_count = f->scene_count;
    for (size_t i = 0; i < f->scene_count; i++)
        film_write_scene(f, i, &out->scenes[i]);
    out->title   = film_title(f);
    out->logline = film_logline(f);
    return OK;
}

const struct planner_driver planner_offline = {
    .name = "offline", .draft = offline_draft, .idea = offline_idea, .rewrite = offline_rewrite,
};
