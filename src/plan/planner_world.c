/*
 * The places of the film, and where, when and in what weather each scene is.
 *
 * The concept's own places come first; from each the story may go on to places that lie near it.
 * Scenes stay at a place for a few shots, choruses return to theirs, and the last scene is where
 * the first one was. Time of day and weather move through the film and never jump back without the
 * concept saying so.
 */
#include "plan/story_film.h"

#include <string.h>

#include "base/text.h"

/* ---- locations ---------------------------------------------------------------------------- */

static bool has_place(const struct film *f, int place)
{
    for (size_t i = 0; i < f->location_count; i++) {
        if (f->locations[i].place == place)
            return true;
    }
    return false;
}

static void location_add(struct film *f, int place, const char *name, const char *at, bool loose)
{
    const struct place_lore *lore = place_lore_of(place);
    if (f->location_count == LOCATIONS_MAX || !lore)
        return;
    struct rng r = rng_fork(f->seed + (uint64_t)place, "features");
    f->locations[f->location_count++] = (struct location){
        .name = name ? name : lore->name, .at = at ? at : lore->at, .place = place,
        .features = loose ? "" : lore->features[rng_below(&r, PLACE_FEATURES)],
        .lore = loose ? NULL : lore, .shelter = lore->shelter,
    };
}

/* Where a story of this hero begins when the concept names no place. */
static int place_for_hero(const struct film *f)
{
    static const int anywhere[] = { PLACE_CITY_STREET, PLACE_ROAD,   PLACE_SEA_SHORE, PLACE_ROOM,
                                    PLACE_FIELD,       PLACE_FOREST, PLACE_ROOFTOP,   PLACE_STAGE };
    struct rng r = rng_fork(f->seed, "first place");
    if (f->sells)
        return f->ad->places[0];
    switch (f->premise.hero.cast.kind) {
    case FIGURE_ASTRONAUT: case FIGURE_ROCKET: return PLACE_SPACE;
    case FIGURE_FISH:                          return PLACE_UNDERWATER;
    case FIGURE_BOAT:                          return PLACE_SEA_SHORE;
    case FIGURE_CAR: case FIGURE_BICYCLE:      return PLACE_ROAD;
    case FIGURE_BIRD: case FIGURE_BALLOON:     return PLACE_ROOFTOP;
    case FIGURE_HORSE:                         return PLACE_FIELD;
    case FIGURE_DANCER:                        return PLACE_STAGE;
    default:
        return f->premise.weather == WEATHER_SNOW
                   ? PLACE_SNOW_FIELD
                   : anywhere[rng_below(&r, sizeof anywhere / sizeof *anywhere)];
    }
}

static void add_related(struct film *f, size_t wanted)
{
    for (size_t from = 0; from < f->location_count && f->location_count < wanted; from++) {
        const struct place_lore *lore = place_lore_of(f->locations[from].place);
        size_t added = 0;
        for (size_t i = 0; i < PLACE_RELATED && f->location_count < wanted && added < 3; i++) {
            if (!has_place(f, lore->related[i])) {
                location_add(f, lore->related[i], NULL, NULL, false);
                added++;
            }
        }
    }
}

/* Where the end card stands: nowhere in particular, at no hour. */
static void add_set(struct film *f)
{
    location_add(f, PLACE_STUDIO, "the set", "on a clean set", true);
    f->locations[f->location_count - 1].shelter = APART;
}

static void make_locations(struct film *f)
{
    const struct premise *p = &f->premise;
    for (size_t i = 0; i < p->place_count; i++)
        location_add(f, p->places[i].place, p->places[i].name, p->places[i].at, p->places[i].loose);
    if (f->location_count == 0)
        location_add(f, place_for_hero(f), NULL, NULL, false);
    for (size_t i = 0; f->sells && i < 3 && f->location_count < 3; i++) {
        if (!has_place(f, f->ad->places[i]))
            location_add(f, f->ad->places[i], NULL, NULL, false);
    }
    size_t wanted = f->sells ? 3 + f->scene_count / 8 : 3 + f->scene_count / 6;
    add_related(f, wanted < LOCATIONS_MAX - 1 ? wanted : LOCATIONS_MAX - 1);
    if (f->sells)
        add_set(f);
}

/* ---- the concept's own events ------------------------------------------------------------- */

/* "the lamp shows the way home": an event of the product itself. */
static bool is_of_product(const struct film *f, const struct plot_point *p)
{
    const char *noun = strrchr(f->premise.product.brief, ' ');
    struct tokens tokens = tokens_of(f->arena, p->text);
    noun = text_lower(f->arena, noun ? noun + 1 : f->premise.product.brief);
    for (size_t i = 0; i < tokens.count; i++) {
        if (text_equal(tokens.at[i].word, noun))
            return true;
    }
    return false;
}

/* The product's events are shown with the product, the others between; a hook only where there are
 * events to spare. */
static void place_points_of_ad(struct film *f)
{
    size_t next[2] = { 0, 0 }, plain = 0;
    for (size_t k = 0; k < f->premise.point_count; k++)
        plain += !is_of_product(f, &f->premise.points[k]);
    for (size_t i = 0; i < f->scene_count; i++) {
        const struct mode_beat *b = &f->request->mode->beats[f->scenes[i].beat];
        bool product = b->product_shot;
        size_t *k = &next[product];
        while (*k < f->premise.point_count && is_of_product(f, &f->premise.points[*k]) != product)
            ++*k;
        if (b->end_card || (f->scenes[i].beat == 0 && plain < 3) || *k == f->premise.point_count)
            continue;
        f->scenes[i].point = &f->premise.points[(*k)++];
    }
}

static bool may_take_point(const struct film *f, size_t i)
{
    return !f->request->mode->beats[f->scenes[i].beat].end_card && (i > 0 || f->scene_count < 6);
}

/* A concept of one sentence is its own climax too: it begins there, and there it is done at
 * last. */
static void repeat_at_climax(struct film *f)
{
    size_t first = 0;
    while (first < f->scene_count && f->scenes[first].phase != PHASE_CLIMAX)
        first++;
    if (first + 1 < f->scene_count && first > 3) {
        f->scenes[first].point  = &f->premise.points[0];
        f->scenes[first].repeat = true;
    }
}

/* The last event belongs at the end of the climax, so that something is left to be seen after
 * it. */
static size_t last_point_slot(const struct film *f, const size_t *slots, size_t slot_count)
{
    for (size_t k = slot_count; k-- > 1;) {
        if (f->scenes[slots[k]].phase == PHASE_CLIMAX)
            return k;
    }
    return slot_count > 6 ? slot_count - 2 : slot_count - 1;
}

/* Events in their order, spread over the film: the first early, the last where the story ends. */
static void place_points(struct film *f)
{
    size_t *slots = arena_array(f->arena, size_t, f->scene_count), slot_count = 0;
    for (size_t i = 0; i < f->scene_count; i++) {
        if (may_take_point(f, i))
            slots[slot_count++] = i;
    }
    size_t points = f->premise.point_count;
    if (slot_count == 0 || points == 0)
        return;
    size_t last = last_point_slot(f, slots, slot_count);
    if (points > last + 1) {
        for (size_t k = 0; k <= last; k++)
            f->scenes[slots[k]].point = &f->premise.points[k * points / (last + 1)];
        return;
    }
    if (points == 1)
        repeat_at_climax(f);
    for (size_t k = 0; k < points; k++)
        f->scenes[slots[points == 1 ? 0 : k * last / (points - 1)]].point = &f->premise.points[k];
}

/* ---- where each scene is ------------------------------------------------------------------ */

static bool is_spoken_for(const struct film *f, size_t location)
{
    for (size_t i = 0; i < f->premise.point_count; i++) {
        if (f->premise.points[i].place_index == (int)location ||
            f->premise.points[i].end_index == (int)location)
            return true;
    }
    return false;
}

static bool is_related(const struct location *from, int place)
{
    const struct place_lore *lore = place_lore_of(from->place);
    for (size_t i = 0; i < PLACE_RELATED; i++) {
        if (lore->related[i] == place)
            return true;
    }
    return false;
}

/* Somewhere else: near here, seldom visited, and not kept for an event still to come. */
static size_t next_location(const struct film *f, size_t here)
{
    size_t best = here;
    double best_cost = 1e9;
    for (size_t i = 0; i < f->location_count; i++) {
        const struct location *l = &f->locations[i];
        double cost = 2 * l->visits + (is_related(&f->locations[here], l->place) ? 0 : 1) +
                      (is_spoken_for(f, i) && l->visits == 0 ? 6 : 0) + (l->lore ? 0 : 2);
        bool kept = f->sells && i + 1 == f->location_count;
        if (i != here && !kept && cost < best_cost) {
            best      = i;
            best_cost = cost;
        }
    }
    return best;
}

/* Where the story ends: the place of its last event, else the concept's first. */
static size_t main_location(const struct film *f)
{
    for (size_t i = f->premise.point_count; i-- > 0;) {
        if (f->premise.points[i].place_index >= 0)
            return (size_t)f->premise.points[i].place_index;
    }
    return 0;
}

static size_t chorus_location(const struct film *f)
{
    return f->location_count > 1 && f->premise.place_count != 1 ? 1 : 0;
}

/* An advertisement stays where its product is at home; it begins, and things get better, where the
 * concept says. */
static size_t ad_location(const struct film *f, const struct scene_draft *s)
{
    const struct mode_beat *b = &f->request->mode->beats[s->beat];
    if (b->end_card)
        return f->location_count - 1;
    if (s->beat == 0 || (!b->product_shot && ad_step_of(f, s) == AD_BENEFIT))
        return 0;
    for (size_t i = 0; i < f->location_count; i++) {
        if (ad_is_at_home(f, &f->locations[i]))
            return i;
    }
    return 0;
}

static size_t choose_location(const struct film *f, size_t i, size_t here, size_t stayed,
                              size_t stay)
{
    const struct scene_draft *s = &f->scenes[i];
    bool new_phase = i > 0 && s->phase != f->scenes[i - 1].phase;
    if (s->point && s->point->place_index >= 0)
        return (size_t)s->point->place_index;
    if (f->sells && !s->point)
        return ad_location(f, s);
    if (s->point || i == 0)
        return here;
    if (s->phase == PHASE_CLIMAX)
        return new_phase || stayed < stay + 2 ? new_phase ? main_location(f) : here
               : here == main_location(f) ? chorus_location(f) : main_location(f);
    if (i + 1 == f->scene_count && !f->sells)
        return f->premise.point_count > 1 ? here : (size_t)(f->scenes[0].location - f->locations);
    if (new_phase && s->phase == PHASE_LIFT)
        return chorus_location(f);
    if (s->phase == PHASE_CLOSE && f->premise.point_count > 1)
        return here;      /* the story has ended somewhere: it stays there */
    return stayed >= stay || new_phase ? next_location(f, here) : here;
}

static void place_scenes(struct film *f)
{
    struct rng r = rng_fork(f->seed, "places");
    size_t here = 0, stayed = 0, stay = 2;
    for (size_t i = 0; i < f->scene_count; i++) {
        size_t next = choose_location(f, i, here, stayed, stay);
        if (next != here || i == 0) {
            f->scenes[i].arrives = true;
            f->locations[next].visits++;
            stayed = 0;
            stay   = f->sells ? 2 : 2 + (size_t)rng_below(&r, 3);
        }
        here = next;
        stayed++;
        f->scenes[i].location = &f->locations[here];
        const struct plot_point *p = f->scenes[i].point;
        /* an event that moves on takes us along */
        if (p && p->end_index >= 0 && p->end_index != (int)here) {
            here   = (size_t)p->end_index;
            stayed = 0;
            f->locations[here].visits++;
        }
    }
}

/* ---- time and weather --------------------------------------------------------------------- */

struct stage {
    double until;            /* share of the film */
    int    value;
};

enum { STAGES = 4 };

static const struct stage *time_stages(int time)
{
    static const struct stage night[STAGES] = { { 0.08, TIME_DUSK },
                                                { 0.92, TIME_NIGHT },
                                                { 2, TIME_DAWN } };
    static const struct stage dawn[STAGES] = { { 0.15, TIME_NIGHT },
                                               { 0.85, TIME_DAWN },
                                               { 2, TIME_DAY } };
    static const struct stage day[STAGES] = { { 0.1, TIME_DAWN },
                                              { 0.7, TIME_DAY },
                                              { 2, TIME_GOLDEN_HOUR } };
    static const struct stage gold[STAGES] = { { 0.2, TIME_DAY },
                                               { 0.85, TIME_GOLDEN_HOUR },
                                               { 2, TIME_DUSK } };
    static const struct stage dusk[STAGES] = { { 0.15, TIME_GOLDEN_HOUR },
                                               { 0.75, TIME_DUSK },
                                               { 2, TIME_NIGHT } };
    static const struct stage open[STAGES] = { { 0.2, TIME_DUSK },
                                               { 0.82, TIME_NIGHT },
                                               { 2, TIME_DAWN } };
    switch (time) {
    case TIME_NIGHT:       return night;
    case TIME_DAWN:        return dawn;
    case TIME_DAY:         return day;
    case TIME_GOLDEN_HOUR: return gold;
    case TIME_DUSK:        return dusk;
    default:               return open;
    }
}

static int stage_at(const struct stage *stages, double position)
{
    while (position >= stages->until)
        stages++;
    return stages->value;
}

/* A concept's event may name its hour; from then on it stays so until another does, or the night
 * ends. */
static void set_times(struct film *f)
{
    int asked = f->premise.time ? f->premise.time : f->request->style->time, held = 0;
    if (f->sells && !asked)
        asked = TIME_DAY;
    const struct stage *stages = time_stages(asked);
    for (size_t i = 0; i < f->scene_count; i++) {
        struct scene_draft *s = &f->scenes[i];
        double position = ((double)i + 0.5) / (double)f->scene_count;
        int time = f->sells ? stages[position < 0.8 ? 1 : 2].value : stage_at(stages, position);
        if (s->point && s->point->look.time && (f->premise.point_count > 1 || f->sells))
            held = s->point->look.time;
        bool over = held == TIME_NIGHT && time == TIME_DAWN;
        s->time = held && !over ? held : time;
    }
}

static int weather_in(int weather, enum phase phase)
{
    switch (weather) {
    case WEATHER_RAIN:
        return phase == PHASE_OPEN ? WEATHER_CLOUDY : phase == PHASE_TURN ? WEATHER_STORM
               : phase == PHASE_CLOSE ? WEATHER_CLEAR : WEATHER_RAIN;
    case WEATHER_STORM:
        return phase == PHASE_OPEN    ? WEATHER_WIND
               : phase == PHASE_CLOSE ? WEATHER_CLEAR
                                      : WEATHER_STORM;
    case WEATHER_FOG: case WEATHER_CLOUDY:
        return phase == PHASE_CLOSE ? WEATHER_CLEAR : weather;
    case WEATHER_NOT_SET:
        return phase == PHASE_TURN ? WEATHER_WIND : WEATHER_CLEAR;
    default:
        return weather;
    }
}

static void set_weathers(struct film *f)
{
    int asked = f->premise.weather ? f->premise.weather : f->request->style->weather;
    for (size_t i = 0; i < f->scene_count; i++) {
        struct scene_draft *s = &f->scenes[i];
        s->weather =
            f->sells && asked == WEATHER_NOT_SET ? WEATHER_CLEAR : weather_in(asked, s->phase);
        if (s->point && s->point->look.weather)
            s->weather = s->point->look.weather;
        if (s->location->shelter == APART)
            s->weather = WEATHER_CLEAR;
    }
}

/* ---- mood --------------------------------------------------------------------------------- */

static int mood_of_arc(const struct film *f)
{
    static const struct {
        const char *arc;
        int         mood;
    } moods[] = { { "search", MOOD_MYSTERIOUS }, { "flight", MOOD_TENSE },
                  { "love", MOOD_JOYFUL },       { "becoming", MOOD_DREAMY },
                  { "memory", MOOD_MELANCHOLY }, { "night out", MOOD_PLAYFUL },
                  { "making", MOOD_CALM } };
    if (!f->premise.hero.human)
        return f->premise.hero.cast.kind == FIGURE_DOG || f->premise.hero.cast.kind == FIGURE_CAT
                   ? MOOD_PLAYFUL
                   : MOOD_DREAMY;
    for (size_t i = 0; i < sizeof moods / sizeof *moods; i++) {
        if (text_equal(moods[i].arc, f->arc->name))
            return moods[i].mood;
    }
    return MOOD_DREAMY;
}

static int mood_in(int base, const struct film *f, const struct scene_draft *s)
{
    bool dark = base == MOOD_TENSE || base == MOOD_MYSTERIOUS;
    const char *step = f->request->mode->beats[s->beat].name;
    if (f->sells)
        return text_equal(step, "problem")   ? MOOD_MELANCHOLY
               : text_equal(step, "hook")    ? MOOD_MYSTERIOUS
               : text_equal(step, "benefit") ? MOOD_JOYFUL
                                             : MOOD_CALM;
    switch (s->phase) {
    case PHASE_LIFT:   return dark ? MOOD_DREAMY : s->energy > 0.7 ? MOOD_TRIUMPHANT : MOOD_JOYFUL;
    case PHASE_TURN:   return base == MOOD_MELANCHOLY ? MOOD_TENSE : MOOD_MELANCHOLY;
    case PHASE_CLIMAX: return base == MOOD_TENSE ? MOOD_TENSE : MOOD_TRIUMPHANT;
    case PHASE_CLOSE:  return MOOD_CALM;
    default:           return base;
    }
}

static void set_moods(struct film *f)
{
    int base = f->premise.mood ? f->premise.mood : mood_of_arc(f);
    for (size_t i = 0; i < f->scene_count; i++) {
        struct scene_draft *s = &f->scenes[i];
        s->mood = s->point && s->point->look.mood ? s->point->look.mood : mood_in(base, f, s);
    }
}

void film_set_world(struct film *f)
{
    make_locations(f);
    if (f->sells)
        place_points_of_ad(f);
    else
        place_points(f);
    place_scenes(f);
    set_times(f);
    set_weathers(f);
    set_moods(f);
}
