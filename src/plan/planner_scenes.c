/*
 * What is seen in each scene, and how it is shot.
 *
 * Shot sizes and moves follow the style's shares by largest debt: what has been used least against
 * its share comes next, nudged by the music (loud: wider and moving; quiet: closer and still),
 * never the same size twice running. The size says what kind of line is wanted; the line comes from
 * the story's arc, the mode's own templates or the place, each used once. Last, the move is chosen
 * so that no picture of the film is made twice.
 */
#include "plan/story_film.h"

#include <string.h>

#include "base/text.h"

#define BIT(shot) (1u << SHOT_##shot)

enum {
    ANY_SHOT = BIT(EXTREME_WIDE) | BIT(WIDE) | BIT(FULL) | BIT(MEDIUM) | BIT(CLOSE_UP) |
               BIT(EXTREME_CLOSE_UP) | BIT(DETAIL),
    WIDE_SHOTS = BIT(EXTREME_WIDE) | BIT(WIDE),
    ACTION_SHOTS = BIT(WIDE) | BIT(FULL) | BIT(MEDIUM),
    FACE_SHOTS = BIT(CLOSE_UP) | BIT(EXTREME_CLOSE_UP),
    LIPS_SHOTS = BIT(MEDIUM) | BIT(CLOSE_UP),
    SCENES_FOR_MOTIF = 8,
};

struct fill film_fill(const struct film *f, const struct scene_draft *s)
{
    const struct premise *p = &f->premise;
    const struct subject *thing = p->has_product && !f->sells ? &p->product
                                  : p->has_thing              ? &p->thing
                                                              : &f->motif;
    return (struct fill){
        .arena = f->arena, .hero = &p->hero, .thing = thing,
        .other = p->has_other ? &p->other : NULL, .product = p->has_product ? &p->product : NULL,
        .place = s->location->name, .at = s->location->at, .event = s->event,
    };
}

/* ---- shot sizes --------------------------------------------------------------------------- */

static const struct style_share default_shots[] = {
    { .shot = SHOT_WIDE, .share = 2 },     { .shot = SHOT_FULL, .share = 2 },
    { .shot = SHOT_MEDIUM, .share = 3 },   { .shot = SHOT_CLOSE_UP, .share = 2 },
    { .shot = SHOT_DETAIL, .share = 1.5 }, { .shot = SHOT_EXTREME_WIDE, .share = 1 },
};
static const struct style_share default_moves[] = {
    { .move = MOVE_PUSH_IN, .share = 2 },     { .move = MOVE_STATIC, .share = 2 },
    { .move = MOVE_DOLLY_RIGHT, .share = 1 }, { .move = MOVE_PULL_OUT, .share = 1 },
    { .move = MOVE_PAN_LEFT, .share = 1 },    { .move = MOVE_ORBIT, .share = 1 },
};

struct shares {
    const struct style_share *at;
    size_t                    count;
    double                    total;
};

static struct shares shares_make(const struct style_share *own, size_t own_count,
                                 const struct style_share *preset, size_t preset_count)
{
    struct shares s = { own_count ? own : preset, own_count ? own_count : preset_count, 0 };
    for (size_t i = 0; i < s.count; i++)
        s.total += s.at[i].share;
    return s;
}

static struct shares shot_shares(const struct film *f)
{
    return shares_make(f->request->style->shots, f->request->style->shot_count, default_shots,
                       sizeof default_shots / sizeof *default_shots);
}

static struct shares move_shares(const struct film *f)
{
    return shares_make(f->request->style->moves, f->request->style->move_count, default_moves,
                       sizeof default_moves / sizeof *default_moves);
}

static double shot_bias(int shot, const struct scene_draft *s)
{
    double loud = s->energy - 0.5;
    switch (shot) {
    case SHOT_EXTREME_WIDE: return loud * 1.2 + (s->arrives ? 0.5 : 0);
    case SHOT_WIDE:         return loud * 0.8 + (s->arrives ? 0.6 : 0);
    case SHOT_FULL:         return loud * 0.5;
    case SHOT_MEDIUM:       return 0;
    default:                return -loud * 0.9 - (s->arrives ? 0.3 : 0);
    }
}

static int pick_shot(struct film *f, size_t i, unsigned allowed, struct rng *r)
{
    const struct scene_draft *s = &f->scenes[i];
    struct shares shares = shot_shares(f);
    int before = i > 0 ? f->scenes[i - 1].shot : 0, best = 0;
    double best_debt = -1e9;
    for (size_t k = 0; k < shares.count; k++) {
        int shot = shares.at[k].shot;
        double debt = shares.at[k].share / shares.total * (double)(i + 1) - f->shots_taken[shot] +
                      shot_bias(shot, s) + 0.1 * rng_unit(r);
        if ((allowed & (1u << shot)) && shot != before && shares.at[k].share > 0 &&
            debt > best_debt) {
            best      = shot;
            best_debt = debt;
        }
    }
    /* the style has none of these: any but the last */
    for (int shot = 1; shot < SHOT_COUNT && !best; shot++) {
        if ((allowed & (1u << shot)) && (shot != before || (allowed & (allowed - 1)) == 0))
            best = shot;
    }
    return best;
}

/* ---- lines -------------------------------------------------------------------------------- */

struct candidates {
    const struct story_line *at[256];
    size_t                   count;
};

static bool is_used(const struct film *f, const char *line)
{
    for (size_t i = 0; i < f->used_line_count; i++) {
        if (text_equal(f->used_lines[i], line))
            return true;
    }
    return false;
}

/* Nobody sits about in the loudest part. */
static bool suits_energy(const struct film *f, const struct story_line *l)
{
    bool still = l->action == ACTION_SIT || l->action == ACTION_SLEEP || l->action == ACTION_READ ||
                 l->action == ACTION_DRINK;
    return !still || f->loud < 0.75;
}

static bool suits_hero(const struct film *f, const struct story_line *l)
{
    bool is_lore_of_people = line_has(l->text, "{hero}") && !f->premise.hero.human;
    struct fill have = { .other = f->premise.has_other ? &f->premise.other : NULL,
                         .thing = &f->motif,
                         .product = f->premise.has_product ? &f->premise.product : NULL };
    bool misses_hero = f->hero_due && !line_has(l->text, "{hero}");
    return !misses_hero && !is_lore_of_people && line_fits(&have, l->text);
}

/* Two scenes running without the hero are one too many. */
static bool hero_is_due(const struct film *f, size_t i)
{
    return i > 0 && !line_has(f->scenes[i - 1].line, "{hero}");
}

static void gather(const struct film *f, const struct story_line *lines, enum line_kind kind,
                   bool for_anyone, struct candidates *out)
{
    for (; lines && lines->kind != LINE_END; lines++) {
        if (lines->kind == kind && out->count < 256 && !is_used(f, lines->text) &&
            suits_energy(f, lines) && (for_anyone || suits_hero(f, lines)))
            out->at[out->count++] = lines;
    }
}

/* What an action of the mode's own templates looks like: by its words. */
static int action_in(struct film *f, const char *text)
{
    struct tokens tokens = tokens_of(f->arena, text);
    struct lexicon_hits hits = lexicon_read(f->arena, &tokens);
    const struct lexicon_hit *h = hit_of(&hits, WORD_ACTION);
    return h ? (int)h->row->value : ACTION_STAND;
}

/* "Title | sentence" of the mode's file as a line. */
static struct story_line line_from_template(struct film *f, const char *template)
{
    const char *bar = strchr(template, '|');
    const char *text = bar ? bar + 1 + strspn(bar + 1, " ") : template;
    const char *title =
        bar ? text_tidy(f->arena, arena_copy_n(f->arena, template, (size_t)(bar - template))) : "";
    if (line_has(text, "{product}") && !line_has(text, "{hero}"))
        return (struct story_line){ LINE_DETAIL, ACTION_NOT_SET, title, text };
    return (struct story_line){ LINE_ACTION, action_in(f, text), title, text };
}

static void read_templates(struct film *f)
{
    const struct mode *mode = f->request->mode;
    f->step_lines = arena_array(f->arena, struct story_line *, mode->beat_count);
    for (size_t b = 0; b < mode->beat_count; b++) {
        f->step_lines[b] =
            arena_array(f->arena, struct story_line, mode->beats[b].action_count + 1);
        for (size_t i = 0; i < mode->beats[b].action_count; i++)
            f->step_lines[b][i] = line_from_template(f, mode->beats[b].actions[i]);
    }
}

enum ad_step ad_step_of(const struct film *f, const struct scene_draft *s)
{
    const struct mode *mode = f->request->mode;
    bool seen = false;
    for (size_t i = 0; i < s->beat; i++)
        seen = seen || mode->beats[i].product_shot;
    if (mode->beats[s->beat].product_shot)
        return seen ? AD_PROOF : AD_PRODUCT;
    return seen ? AD_BENEFIT : s->beat == 0 ? AD_HOOK : AD_PROBLEM;
}

bool ad_is_at_home(const struct film *f, const struct location *l)
{
    return l->place == f->ad->places[0] || l->place == f->ad->places[1] ||
           l->place == f->ad->places[2];
}

/* Lines of its own kind where the product is at home; lines for anything elsewhere. */
static const struct story_line *ad_lines(const struct film *f, const struct scene_draft *s)
{
    const struct ad_lore *lore = f->ad;
    while (!ad_is_at_home(f, s->location) && lore[1].name)
        lore++;
    return lore->lines[ad_step_of(f, s)];
}

static const struct story_line *any_of(const struct candidates *c, struct rng *r)
{
    return c->count ? c->at[rng_below(r, (int)c->count)] : NULL;
}

static const struct story_line *line_of_place(struct film *f, const struct scene_draft *s,
                                              enum line_kind kind, struct rng *r)
{
    struct candidates c = { 0 };
    gather(f, s->location->lore ? s->location->lore->lines : NULL, kind, false, &c);
    if (!f->premise.hero.human && kind != LINE_DETAIL)
        gather(f, f->premise.hero.cast.kind >= FIGURE_CAR ? vehicle_lines : creature_lines, kind,
               true, &c);
    return any_of(&c, r);
}

static const struct story_line *line_of_story(struct film *f, const struct scene_draft *s,
                                              enum line_kind kind, struct rng *r)
{
    struct candidates c = { 0 };
    if (f->sells && f->premise.hero.human)
        gather(f, ad_lines(f, s), kind, false, &c);
    else if (!f->sells)
        gather(f, f->arc->lines[s->phase], kind, false, &c);
    if (f->sells && c.count > 0)
        return any_of(&c, r);
    gather(f, f->step_lines[s->beat], kind, false, &c);
    return any_of(&c, r);
}

/* A line of this kind not used yet: of the story and of the place by turns; NULL when there is none
 * left. */
static const struct story_line *fresh_line(struct film *f, size_t i, enum line_kind kind,
                                           struct rng *r)
{
    const struct scene_draft *s = &f->scenes[i];
    struct candidates c = { 0 };
    if (kind == LINE_FACE && f->premise.hero.human)
        gather(f, face_lines, LINE_FACE, false, &c);
    if (kind == LINE_SING)
        gather(f, s->energy < 0.6 ? quiet_sing_lines : sing_lines, LINE_SING, false, &c);
    if (kind == LINE_SING && c.count == 0)
        gather(f, s->energy < 0.6 ? sing_lines : quiet_sing_lines, LINE_SING, false, &c);
    const struct story_line *general = any_of(&c, r);
    bool story_first = f->sells || i % 2 == 0 || s->phase == PHASE_CLOSE ||
                       s->phase == PHASE_CLIMAX || s->phase == PHASE_TURN;
    const struct story_line *first =
        story_first ? line_of_story(f, s, kind, r) : line_of_place(f, s, kind, r);
    if (first)
        return first;
    if (general)
        return general;
    return story_first ? line_of_place(f, s, kind, r) : line_of_story(f, s, kind, r);
}

static enum line_kind kind_for(int shot, const struct scene_draft *s, struct rng *r)
{
    switch (shot) {
    case SHOT_EXTREME_WIDE: return LINE_WIDE;
    case SHOT_WIDE:         return s->arrives || rng_below(r, 2) == 0 ? LINE_WIDE : LINE_ACTION;
    case SHOT_FULL:         return LINE_ACTION;
    case SHOT_MEDIUM:       return LINE_ACTION;
    case SHOT_DETAIL:       return LINE_DETAIL;
    default:                return LINE_FACE;
    }
}

static unsigned shots_for(enum line_kind kind)
{
    switch (kind) {
    case LINE_WIDE:   return WIDE_SHOTS;
    case LINE_ACTION: return ACTION_SHOTS;
    case LINE_FACE:   return FACE_SHOTS;
    case LINE_SING:   return LIPS_SHOTS;
    default:          return BIT(DETAIL);
    }
}

/* Is there something in the picture, where nobody is? */
static bool shows_object(const struct film *f, const struct scene_draft *s)
{
    return film_shows_product(f, s) || line_has(s->line, "{thing}");
}

static void use_line(struct film *f, struct scene_draft *s, const struct story_line *l)
{
    array_push(f->arena, f->used_lines, f->used_line_count, f->used_line_capacity, l->text);
    s->kind   = l->kind;
    s->title  = l->title;
    s->line   = l->text;
    s->action = line_has(l->text, "{hero}") ? l->action
                : shows_object(f, s)        ? ACTION_STAND
                                            : ACTION_NOT_SET;
}

/* When a very long film has used every line of this kind: start them again; time, light and lens
 * have changed. */
static void forget_lines(struct film *f)
{
    f->used_line_count = 0;
}

static void choose_line(struct film *f, size_t i, enum line_kind wanted, struct rng *r)
{
    static const enum line_kind order[] = { LINE_ACTION, LINE_DETAIL, LINE_FACE, LINE_WIDE };
    struct scene_draft *s = &f->scenes[i];
    for (int round = 0; round < 2; round++) {
        const struct story_line *l = fresh_line(f, i, wanted, r);
        for (size_t k = 0; !l && k < sizeof order / sizeof *order; k++)
            l = fresh_line(f, i, order[k], r);
        if (l) {
            use_line(f, s, l);
            if (!(shots_for(l->kind) & (1u << s->shot)))
                s->shot = pick_shot(f, i, shots_for(l->kind), r);
            return;
        }
        forget_lines(f);
    }
}

/* ---- scenes with a line of their own ------------------------------------------------------ */

static bool may_sing(const struct film *f, size_t i, size_t since)
{
    const struct scene_draft *s = &f->scenes[i];
    const struct premise *p = &f->premise;
    if (!f->request->mode->needs_song || !f->request->song || !p->hero.human ||
        p->hero.cast.kind == FIGURE_CROWD)
        return false;
    if (s->point || i == 0 || i + 1 == f->scene_count || s->phase == PHASE_OPEN ||
        s->phase == PHASE_CLOSE)
        return false;
    if (strstr(f->request->lyrics, "[0") && !*s->lyric)
        return false;
    return since >= (s->phase == PHASE_LIFT || s->phase == PHASE_CLIMAX ? 2 : 3);
}

static unsigned point_shots(const struct plot_point *p)
{
    if (p->of_hero)
        return ACTION_SHOTS;
    return BIT(MEDIUM) | BIT(DETAIL) | (p->of_product ? BIT(CLOSE_UP) : BIT(WIDE));
}

static const char *point_line(const struct plot_point *p, bool repeat)
{
    if (p->of_hero)
        return repeat ? "at last {hero} {event}" : "{hero} {event}";
    if (p->of_product)
        return repeat ? "at last {product} {event}" : "{product} {event}";
    return repeat ? "at last {event}" : "{event}";
}

static bool point_is_of_many(const struct film *f, const struct plot_point *p)
{
    return (p->of_hero && f->premise.hero.plural) || (p->of_product && f->premise.product.plural);
}

static void film_point(struct film *f, size_t i, struct rng *r)
{
    struct scene_draft *s = &f->scenes[i];
    const struct plot_point *p = s->point;
    s->shot   = pick_shot(f, i, i == 0 && !p->of_product ? WIDE_SHOTS : point_shots(p), r);
    s->kind   = p->of_hero ? LINE_ACTION : LINE_DETAIL;
    s->action = p->of_hero ? action_in(f, p->text) : ACTION_NOT_SET;
    s->title  = "";
    s->event  = point_is_of_many(f, p) ? predicate_of_many(f->arena, p->text) : p->text;
    s->line   = point_line(p, s->repeat);
    if (!p->of_hero && shows_object(f, s))
        s->action = ACTION_STAND;
}

/* The scene where the object of the story is seen for the n-th time; the scene count where it is
 * not. */
static size_t motif_scene(const struct film *f, int nth)
{
    static const double where[] = { 0.1, 0.55, 0.93 };
    size_t i = (size_t)(where[nth] * (double)f->scene_count), tries = 0;
    while (tries++ < 4 && i + 1 < f->scene_count && (f->scenes[i].point || i == 0))
        i++;
    return f->scene_count < SCENES_FOR_MOTIF || f->sells || f->scenes[i].point ? f->scene_count : i;
}

static const struct story_line *motif_line(const struct film *f, size_t i)
{
    for (int n = 0; n < 3; n++) {
        if (motif_scene(f, n) == i)
            return &f->motif_lines[n];
    }
    return NULL;
}

/* Lines that show the product in this step: of its kind, then of the mode, inserts before actions
 * by the draw. */
static const struct story_line *product_line(struct film *f, const struct scene_draft *s,
                                             struct rng *r)
{
    static const struct story_line plain = { LINE_DETAIL, ACTION_NOT_SET, "The product",
                                             "{product} <stands> {at}, lit from one side" };
    enum line_kind order[] = { LINE_DETAIL, LINE_ACTION };
    bool end_card = f->request->mode->beats[s->beat].end_card;
    if (!end_card && rng_below(r, 3) == 0)
        order[0] = LINE_ACTION, order[1] = LINE_DETAIL;
    struct candidates c = { 0 };
    for (size_t k = 0; k < 2 && c.count == 0; k++) {
        if (!end_card)
            gather(f, ad_lines(f, s), order[k], order[k] == LINE_DETAIL, &c);
        if (c.count == 0)
            gather(f, f->step_lines[s->beat], order[k], false, &c);
    }
    return c.count ? any_of(&c, r) : &plain;
}

static void film_product(struct film *f, size_t i, struct rng *r)
{
    struct scene_draft *s = &f->scenes[i];
    const struct story_line *l = product_line(f, s, r);
    unsigned allowed = BIT(MEDIUM) | BIT(CLOSE_UP);
    if (l->kind == LINE_DETAIL && !f->request->mode->beats[s->beat].end_card)
        allowed = BIT(DETAIL) | BIT(CLOSE_UP) | BIT(EXTREME_CLOSE_UP);
    s->shot = pick_shot(f, i, allowed, r);
    use_line(f, s, l);
}

/* A scene of an advertisement: one of the lines of its step, whatever size that asks for; false
 * when all are used. */
static bool film_ad_step(struct film *f, size_t i, struct rng *r)
{
    struct candidates c = { 0 };
    struct scene_draft *s = &f->scenes[i];
    for (int kind = LINE_ACTION; kind <= LINE_DETAIL; kind++)
        gather(f, f->premise.hero.human ? ad_lines(f, s) : NULL, (enum line_kind)kind, false, &c);
    const struct story_line *l = any_of(&c, r);
    if (!l)
        return false;
    s->shot = pick_shot(f, i, shots_for(l->kind), r);
    use_line(f, s, l);
    return true;
}

static void film_scene(struct film *f, size_t i, size_t *since_sung, struct rng *r)
{
    struct scene_draft *s = &f->scenes[i];
    const struct story_line *motif = motif_line(f, i);
    f->loud = f->sells ? 0 : s->energy;
    if (s->point) {
        film_point(f, i, r);
    } else if (f->sells && f->request->mode->beats[s->beat].product_shot) {
        film_product(f, i, r);
    } else if (f->sells && film_ad_step(f, i, r)) {
        s->lips_move = false;
    } else if (motif) {
        s->shot = pick_shot(f, i, BIT(DETAIL) | BIT(CLOSE_UP), r);
        use_line(f, s, motif);
    } else if (may_sing(f, i, *since_sung)) {
        s->shot = pick_shot(f, i, LIPS_SHOTS, r);
        choose_line(f, i, LINE_SING, r);
        s->lips_move = s->kind == LINE_SING;
    } else {
        f->hero_due = hero_is_due(f, i) && f->premise.hero.human;
        bool first = i == 0 && !f->sells, last = i > 0 && i + 1 == f->scene_count && !f->sells;
        unsigned allowed = f->hero_due ? ANY_SHOT & ~BIT(DETAIL) : ANY_SHOT;
        s->shot = pick_shot(f, i, first ? WIDE_SHOTS : last ? ACTION_SHOTS : allowed, r);
        choose_line(f, i, last ? LINE_ACTION : kind_for(s->shot, s, r), r);
    }
    f->hero_due = false;
    *since_sung = s->lips_move ? 0 : *since_sung + 1;
    f->shots_taken[s->shot]++;
}

/* ---- moves -------------------------------------------------------------------------------- */

/* What of a picture must not come twice; the same words plan_check() uses. */
static bool picture_taken(const struct film *f, size_t i, int shot, int move)
{
    const struct scene_draft *s = &f->scenes[i];
    for (size_t k = 0; k < i; k++) {
        const struct scene_draft *o = &f->scenes[k];
        if (o->location->place == s->location->place && o->shot == shot && o->move == move &&
            o->action == s->action)
            return true;
    }
    return false;
}

static bool move_suits(int move, int shot)
{
    bool near = shot == SHOT_DETAIL || shot == SHOT_EXTREME_CLOSE_UP;
    return !near || (move != MOVE_CRANE_UP && move != MOVE_CRANE_DOWN);
}

static double move_bias(int move, const struct scene_draft *s)
{
    double loud = s->energy - 0.5;
    switch (move) {
    case MOVE_STATIC:   return -loud * 1.4;
    case MOVE_ORBIT:
    case MOVE_HANDHELD:
    case MOVE_CRANE_UP:
        return loud * 1.2 + (s->phase == PHASE_CLIMAX ? 0.4 : 0);
    case MOVE_PUSH_IN:  return loud * 0.4 + (s->kind == LINE_FACE ? 0.4 : 0);
    case MOVE_PULL_OUT: return s->phase == PHASE_CLOSE ? 0.8 : 0;
    case MOVE_TILT_DOWN: case MOVE_TILT_UP: return s->arrives ? 0.3 : 0;
    default:            return loud * 0.3;
    }
}

static int pick_move(struct film *f, size_t i, struct rng *r)
{
    const struct scene_draft *s = &f->scenes[i];
    struct shares shares = move_shares(f);
    int before = i > 0 ? f->scenes[i - 1].move : 0, best = 0;
    double best_debt = -1e9;
    for (size_t k = 0; k < shares.count; k++) {
        int move = shares.at[k].move;
        double share = shares.at[k].share / shares.total;
        double debt =
            share * (double)(i + 1) - f->moves_taken[move] + move_bias(move, s) + 0.1 * rng_unit(r);
        bool again = move == before && share < 0.3;
        if (share > 0 && !again && debt > best_debt && move_suits(move, s->shot) &&
            !picture_taken(f, i, s->shot, move)) {
            best      = move;
            best_debt = debt;
        }
    }
    for (int move = 1; move < MOVE_COUNT && !best; move++) {
        if (move_suits(move, s->shot) && !picture_taken(f, i, s->shot, move))
            best = move;
    }
    return best;
}

static void choose_move(struct film *f, size_t i, struct rng *r)
{
    struct scene_draft *s = &f->scenes[i];
    s->move = pick_move(f, i, r);
    /* all moves of this picture made: another size */
    for (int shot = 1; shot < SHOT_COUNT && !s->move; shot++) {
        int before = s->shot;
        s->shot = shot;
        s->move = pick_move(f, i, r);
        if (!s->move)
            s->shot = before;
    }
    /* and every size: somewhere else */
    for (size_t l = 0; l < f->location_count && !s->move; l++) {
        s->location = &f->locations[l];
        s->move     = pick_move(f, i, r);
    }
    f->moves_taken[s->move]++;
}

void film_set_scenes(struct film *f)
{
    struct rng lines = rng_fork(f->seed, "lines"), moves = rng_fork(f->seed, "moves");
    read_templates(f);
    size_t since_sung = 3;
    for (size_t i = 0; i < f->scene_count; i++) {
        film_scene(f, i, &since_sung, &lines);
        choose_move(f, i, &moves);
    }
}

/* One scene has no debts to pay: any of the style's sizes or moves, by their shares. */
static const struct style_share *share_drawn(const struct shares *shares, struct rng *r)
{
    double left = rng_unit(r) * shares->total;
    size_t i = 0;
    while (i + 1 < shares->count && left >= shares->at[i].share)
        left -= shares->at[i++].share;
    return &shares->at[i];
}

void film_set_idea(struct film *f, size_t index, const struct framing *said)
{
    enum { IDEA_SHOTS = ACTION_SHOTS | BIT(CLOSE_UP) };
    struct scene_draft *s = &f->scenes[index];
    struct rng r = rng_fork(f->seed, "idea");
    struct shares shots = shot_shares(f), moves = move_shares(f);
    int shot = share_drawn(&shots, &r)->shot, move = share_drawn(&moves, &r)->move;
    s->kind   = LINE_ACTION;
    s->title  = "";
    s->line   = "{event}";
    s->action = action_in(f, s->event);
    s->shot   = said->shot ? said->shot : IDEA_SHOTS & (1u << shot) ? shot : SHOT_MEDIUM;
    s->move   = said->move ? said->move : move_suits(move, s->shot) ? move : MOVE_STATIC;
}

/* Those of the list that are allowed; all of it when none is. */
static struct shares shares_allowed(const struct film *f, const struct shares *all, bool shots,
                                    unsigned allowed)
{
    struct style_share *kept = arena_array(f->arena, struct style_share, all->count);
    size_t count = 0;
    for (size_t i = 0; i < all->count; i++) {
        if (allowed & (1u << (shots ? all->at[i].shot : all->at[i].move)))
            kept[count++] = all->at[i];
    }
    return count ? shares_make(kept, count, NULL, 0) : *all;
}

/* A size up or down at most, as what happens was written to be seen from there. */
static int shot_near(const struct film *f, const struct scene_draft *s, struct rng *r)
{
    unsigned near = (7u << s->shot) >> 1 & ANY_SHOT;
    if (s->lips_move && near & LIPS_SHOTS)
        near &= LIPS_SHOTS;
    struct shares all = shot_shares(f), allowed = shares_allowed(f, &all, true, near);
    int shot = share_drawn(&allowed, r)->shot;
    return near & (1u << shot) ? shot : s->shot;
}

static int move_anew(const struct film *f, const struct scene_draft *s, struct rng *r)
{
    unsigned allowed = 0;
    for (int move = 1; move < MOVE_COUNT; move++)
        allowed |= move != s->move && move_suits(move, s->shot) ? 1u << move : 0;
    struct shares all = move_shares(f), others = shares_allowed(f, &all, false, allowed);
    int move = share_drawn(&others, r)->move;
    return allowed & (1u << move) ? move : MOVE_STATIC;
}

void film_set_anew(struct film *f, size_t index, const struct framing *said)
{
    struct scene_draft *s = &f->scenes[index];
    struct rng r = rng_fork(f->seed, "anew");
    s->shot = said->shot ? said->shot : shot_near(f, s, &r);
    s->move = said->move ? said->move : move_anew(f, s, &r);
}
