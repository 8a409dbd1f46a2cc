/*
 * What the request says. The concept's clauses become plot points in the user's own words; its
 * nouns become the hero, the second figure, the object of the story and the places. What it does
 * not say is left open for the planner.
 */
#include "plan/premise.h"

#include <string.h>

#include "base/rng.h"
#include "base/text.h"
#include "plan/clauses.h"

enum { QUOTE_BYTES_MAX = 120, POINT_BYTES_MAX = 400, LEAD_IN_WORDS = 12 };

struct reading {
    struct arena              *arena;
    struct tokens              tokens;
    struct lexicon_hits        hits;
    struct clauses             clauses;
    const struct lexicon_hit  *hero_hit;      /* the figure the concept is about, or NULL */
};

/* ---- places ------------------------------------------------------------------------------- */

const char *place_preposition(int place)
{
    switch (place) {
    case PLACE_CITY_STREET:
    case PLACE_ROOFTOP:
    case PLACE_BRIDGE:
    case PLACE_ROAD:
    case PLACE_TRAIN:
    case PLACE_STAGE: case PLACE_SEA_SHORE:
        return "on";
    case PLACE_LAKE:
        return "by";
    case PLACE_SKYLINE:
        return "below";
    default:
        return "in";
    }
}

/* One is on a street but in a city, on the shore but by the sea. */
static const char *preposition_for(int place, const char *head)
{
    if (word_in("|city|cities|town|metropolis|downtown|neighbourhood|neighborhood|village|suburb|"
                "square|plaza|crossing|stadium|court|playground|lane|passage|carriage|bazaar|",
                head))
        return "in";
    if (word_in("|sea|ocean|lighthouse|harbour|harbor|seaside|", head))
        return "by";
    if (word_in("|station|airport|school|party|wedding|home|concert|festival|motel|terminal|stove|"
                "sink|desk|window|",
                head))
        return "at";
    if (word_in("|hill|hilltop|mountain|peak|summit|cliff|ridge|mountainside|pier|island|boardwalk|"
                "jetty|runway|stairs|staircase|platform|bed|sofa|dance|floor|bus|ship|plane|ferry|"
                "moon|ice|glacier|crane|farm|streets|",
                head))
        return "on";
    return place_preposition(place);
}

static bool takes_no_article(const struct token *head)
{
    return head->capital ||
           word_in("|home|space|outer space|underwater|downtown|mars|backstage|limbo|", head->word);
}

/* A preposition the user put right before the noun phrase that says where one is; NULL for any
 * other. */
static const char *users_preposition(const struct reading *r, size_t phrase)
{
    if (phrase == 0 || r->tokens.at[phrase].before)
        return NULL;
    const char *word = r->tokens.at[phrase - 1].word;
    return word_in("|in|on|at|under|inside|beneath|behind|beside|aboard|above|by|near|", word)
               ? word
               : NULL;
}

static struct premise_place place_from_hit(const struct reading *r, const struct lexicon_hit *h)
{
    const struct tokens *tokens = &r->tokens;
    size_t start = noun_phrase_start(tokens, h->first), head = h->first + h->count - 1;
    const char *preposition = users_preposition(r, start);
    const char *article = "the ";
    start = text_equal(tokens->at[head].word, "home") ? head : start;
    if (word_in("|my|his|her|their|our|your|its|", tokens->at[start].word) ||
        takes_no_article(&tokens->at[head]))
        article = "";
    else if (word_in(lexicon_determiners, tokens->at[start].word) && start < h->first)
        start++;
    const char *words = tokens_text(r->arena, tokens, start, head + 1 - start);
    const char *name = arena_format(r->arena, "%s%s", article, words);
    const char *stood_on = word_in("|sea|ocean|", tokens->at[head].word) ? "the shore" : name;
    bool adverb =
        word_in("|underwater|downtown|backstage|", tokens->at[head].word) && *article == '\0';
    bool proper = tokens->at[head].capital && place_preposition((int)h->row->value)[0] == 'o';
    if (!preposition)
        preposition = proper ? "in" : preposition_for((int)h->row->value, tokens->at[head].word);
    return (struct premise_place){
        .place = (int)h->row->value, .name = stood_on, .loose = h->row->loose,
        .at = adverb ? words : arena_format(r->arena, "%s %s", preposition, name),
    };
}

/* The index of a place of this name, added when it is new; -1 when there is no room. */
static int place_add(struct premise *p, const struct premise_place *place)
{
    for (size_t i = 0; i < p->place_count; i++) {
        if (text_equal_fold(p->places[i].name, place->name) ||
            (p->places[i].place == place->place && !p->places[i].loose && !place->loose))
            return (int)i;
    }
    if (p->place_count == PREMISE_PLACES_MAX)
        return -1;
    p->places[p->place_count] = *place;
    return (int)p->place_count++;
}

/* "at dawn" says when it is; "the night shift" does not. */
static bool says_when(const struct reading *r, const struct lexicon_hit *h)
{
    if (h->count > 1 || h->first == 0)
        return true;
    const char *before = r->tokens.at[h->first - 1].word;
    bool set = word_in("|at|before|by|until|till|in|after|all|every|into|under|towards|through|"
        "during|one|that|turns|",
                       before);
    size_t next = h->first + h->count;
    const struct token *after = next < r->tokens.count ? &r->tokens.at[next] : NULL;
    bool last = !after || after->before || word_in(lexicon_prepositions, after->word) ||
                word_in(lexicon_subordinators, after->word);
    return set || (last && word_in("|the|this|", before) && h->first > 1 &&
                   word_in(lexicon_prepositions, r->tokens.at[h->first - 2].word));
}

/* What the words [first, end) show, and the first and last place they name. */
static void read_surroundings(const struct reading *r, size_t first, size_t end, struct premise *p,
                              struct plot_point *point)
{
    for (size_t i = 0; i < r->hits.count; i++) {
        const struct lexicon_hit *h = &r->hits.at[i];
        if (h->first < first || h->first >= end)
            continue;
        if (h->row->kind == WORD_PLACE) {
            struct premise_place place = place_from_hit(r, h);
            point->end_index = place_add(p, &place);
            if (point->place_index < 0) {
                point->place_index = point->end_index;
                point->look.place  = place.place;
            }
        } else if (h->row->kind == WORD_TIME && !point->look.time &&
                   (says_when(r, h) || end == first + 1)) {
            point->look.time = (int)h->row->value;
        } else if (h->row->kind == WORD_WEATHER && !point->look.weather) {
            point->look.weather = (int)h->row->value;
        } else if (h->row->kind == WORD_MOOD && !point->look.mood) {
            point->look.mood = (int)h->row->value;
        }
    }
}

/* ---- figures ------------------------------------------------------------------------------ */

static bool is_object_kind(int64_t kind)
{
    return kind >= FIGURE_CAR;
}

static const struct lexicon_hit *figure_in(const struct reading *r, size_t first, size_t end)
{
    for (size_t i = 0; i < r->hits.count; i++) {
        const struct lexicon_hit *h = &r->hits.at[i];
        if (h->row->kind == WORD_FIGURE && h->first >= first && h->first < end)
            return h;
    }
    return NULL;
}

/* The figure that does the first thing, else the first living one. A pronoun that comes first is
 * somebody unnamed. */
static const struct lexicon_hit *find_hero(const struct reading *r)
{
    for (size_t i = 0; i < r->clauses.count; i++) {
        const struct clause *c = &r->clauses.at[i];
        const struct lexicon_hit *h =
            c->verb < c->end ? figure_in(r, c->subject, c->subject_end) : NULL;
        if (h)
            return h;
        if (c->verb < c->end && word_in("|she|he|we|i|", r->tokens.at[c->first].word))
            return NULL;
    }
    for (size_t i = 0; i < r->hits.count; i++) {
        int64_t kind = r->hits.at[i].row->value;
        if (r->hits.at[i].row->kind == WORD_FIGURE && !is_object_kind(kind) && kind != FIGURE_CROWD)
            return &r->hits.at[i];
    }
    return NULL;
}

/* The noun phrase of a figure with what follows it and still describes it: "a girl in a red
 * coat". */
static size_t phrase_end(const struct reading *r, const struct lexicon_hit *h)
{
    const struct tokens *tokens = &r->tokens;
    size_t end = h->first + h->count;
    bool dressed = end < tokens->count && !tokens->at[end].before &&
                   word_in("|in|with|wearing|", tokens->at[end].word);
    if (!dressed)
        return end;
    size_t worn = end;
    for (size_t i = 0; i < r->hits.count; i++) {
        const struct lexicon_hit *g = &r->hits.at[i];
        bool wear = g->row->kind == WORD_GARMENT || g->row->kind == WORD_HAIR ||
                    g->row->kind == WORD_HAIR_NOUN;
        if (wear && g->first > end && g->first <= end + 5 && g->first + g->count > worn)
            worn = g->first + g->count;
    }
    return worn;
}

/* Lower case the first letter of a phrase that only has a capital for standing first. */
static char *uncapitalised(struct arena *a, const struct tokens *tokens, size_t at,
                           const char *phrase)
{
    char *copy = arena_copy(a, phrase);
    bool first = at == 0 || (tokens->at[at].before && strchr(".!?:;\n", tokens->at[at].before));
    if (first && copy[0] >= 'A' && copy[0] <= 'Z' && tokens->at[at].raw_bytes > 1)
        copy[0] = tokens->at[at].word[0];
    else if (first && word_in(lexicon_determiners, tokens->at[at].word))
        copy[0] = tokens->at[at].word[0];
    return copy;
}

static struct subject subject_from_hit(const struct reading *r, const struct lexicon_hit *h)
{
    size_t start = noun_phrase_start(&r->tokens, h->first), end = phrase_end(r, h);
    const char *words = tokens_text(r->arena, &r->tokens, start, end - start);
    words = uncapitalised(r->arena, &r->tokens, start, words);
    bool bare = !word_in(lexicon_determiners, r->tokens.at[start].word) &&
                !word_in(lexicon_numbers, r->tokens.at[start].word);
    bool plural = text_ends(r->tokens.at[h->first + h->count - 1].word, "s") ||
                  word_in(lexicon_plural_nouns, r->tokens.at[h->first + h->count - 1].word);
    if (bare && !plural && !r->tokens.at[start].capital)
        words = arena_format(r->arena, "%s %s", strchr("aeiou", words[0]) ? "an" : "a", words);
    struct subject s = subject_from_description(r->arena, words, "the hero");
    s.wording = s.wording == WORDING_APART ? WORDING_ANYWHERE : s.wording;
    if (bare && plural)
        s.brief = arena_format(r->arena, "the %s", r->tokens.at[h->first + h->count - 1].word);
    return s;
}

/* Who the film follows when nobody is named: chosen by seed, described enough to be filmed twice
 * alike. */
static struct subject default_hero(struct arena *a, uint64_t seed, int female, int male)
{
    static const char *const women[] = {
        "a young woman with cropped black hair and a long red coat",
        "a young woman with curly auburn hair and a green bomber jacket",
        "a woman with silver hair in a bun and a dark blue dress",
        "a woman with a black bob and a cream trench coat",
    };
    static const char *const men[] = {
        "a tall man in a rumpled grey suit with a loosened tie",
        "an old man with a white beard and a navy overcoat",
        "a young man with a shaved head and a mustard hoodie",
        "a young man with shoulder-length dark hair and a denim jacket",
    };
    struct rng r = rng_fork(seed, "hero");
    bool woman = female > 0 || male > 0 ? female >= male : rng_below(&r, 2) == 0;
    return subject_from_description(a, (woman ? women : men)[rng_below(&r, 4)], "the hero");
}

/* In a language the tables do not know, the concept itself says who it is. */
static struct subject quoted_hero(struct arena *a, const char *concept)
{
    const char *full = arena_format(a, "the hero of \xE2\x80\x9C%s\xE2\x80\x9D",
                                    text_shorten(a, concept, QUOTE_BYTES_MAX));
    struct subject s = subject_from_description(a, "the hero", "the hero");
    s.full = full;
    return s;
}

/* ---- things ------------------------------------------------------------------------------- */

static const char abstract_nouns[] =
    "|way|time|life|world|story|night|end|moment|song|video|name|love|day|thing|things|sound|home|"
    "heart|dream|memory|memories|past|future|shift|stop|turn|rest|edge|middle|top|bottom|side|"
    "music|hour|hours|year|years|minute|bit|lot|kind|sort|part|place|people|idea|feeling|feelings|"
    "job|work|truth|power|ad|commercial|film|movie|clip|mood|vibe|style|journey|adventure|chance|"
    "morning|evening|week|summer|winter|spring|autumn|fall|age|youth|peace|freedom|war|energy|"
    "speed|darkness|silence|noise|air|front|back|dance|dawn|dusk|glimpse|sea|earth|ground|whole|"
    "same|other|sun|moon|sky|star|stars|light|lights|street|streets|step|steps|walk|run|ride|look|"
    "smile|eyes|eye|hand|hands|face|body|arms|feet|line|others|one|nowhere|everything|nothing|"
    "something|everyone|someone|last|first|next|best|routine|address|left|right|deep|open|unknown|"
    "while|";

static bool is_of_kind_at(const struct reading *r, size_t token, bool places_only)
{
    for (size_t i = 0; i < r->hits.count; i++) {
        const struct lexicon_hit *h = &r->hits.at[i];
        int kind = h->row->kind;
        bool taken = kind == WORD_PLACE ||
                     (!places_only && (kind == WORD_TIME || kind == WORD_WEATHER)) ||
                     (kind == WORD_FIGURE && !is_object_kind(h->row->value)) ||
                     kind == WORD_GARMENT || kind == WORD_HAIR || kind == WORD_HAIR_NOUN;
        if (taken && token >= h->first && token < h->first + h->count)
            return true;
    }
    return false;
}

static bool is_clause_verb(const struct reading *r, size_t token)
{
    for (size_t i = 0; i < r->clauses.count; i++) {
        if (r->clauses.at[i].verb == token && token < r->clauses.at[i].end)
            return true;
    }
    return false;
}

/* The head of the noun phrase whose determiner is token `first`; `first` when there is none to
 * speak of. */
static size_t thing_head(const struct reading *r, size_t first)
{
    const struct tokens *tokens = &r->tokens;
    size_t i = first + 1;
    for (; i < tokens->count && i <= first + 4; i++) {
        const char *w = tokens->at[i].word;
        if (tokens->at[i].before || word_in(lexicon_prepositions, w) ||
            word_in(lexicon_subordinators, w) || word_in(lexicon_not_adjectives, w) ||
            word_in(lexicon_adverbs, w) || word_in(lexicon_determiners, w) ||
            word_in("|is|are|has|was|been|being|", w))
            break;
        if (is_clause_verb(r, i))
            break;
        if (i > first + 1 && verb_base(r->arena, w) && strcmp(verb_base(r->arena, w), w) != 0)
            break;
    }
    return i - 1;
}

static const struct lexicon_hit *object_at(const struct reading *r, size_t token)
{
    for (size_t i = 0; i < r->hits.count; i++) {
        const struct lexicon_hit *h = &r->hits.at[i];
        if (h->row->kind == WORD_FIGURE && token >= h->first && token < h->first + h->count)
            return h;
    }
    return NULL;
}

/* The object of the story: the first thing someone could hold or stand beside. */
static void find_thing(const struct reading *r, struct premise *p)
{
    for (size_t i = 0; i + 1 < r->tokens.count && !p->has_thing; i++) {
        if (!word_in("|a|an|the|one|his|her|their|", r->tokens.at[i].word) ||
            r->tokens.at[i + 1].before)
            continue;
        size_t head = thing_head(r, i);
        const struct token *noun = &r->tokens.at[head];
        if (head == i || word_in(abstract_nouns, noun->word) || strlen(noun->word) < 3 ||
            is_of_kind_at(r, head, false))
            continue;
        const char *words = uncapitalised(r->arena, &r->tokens, i,
                                          tokens_text(r->arena, &r->tokens, i, head + 1 - i));
        p->thing = subject_from_description(r->arena, words, "it");
        p->thing.brief = arena_format(r->arena, "the %s", noun->word);
        p->thing.human = false;
        const struct lexicon_hit *object = object_at(r, head);
        p->thing.cast.kind = object ? (int)object->row->value : FIGURE_NOT_SET;
        subject_set_pronouns(&p->thing, 0, 0);
        p->has_thing = object != r->hero_hit || !object;
    }
}

/* ---- the whole ---------------------------------------------------------------------------- */

/* How many tokens "a music video about", "create an ad for" take; 0 when the concept begins at
 * once. */
static size_t lead_in(const struct tokens *tokens)
{
    for (size_t i = 0; i < tokens->count && i < LEAD_IN_WORDS; i++) {
        if (!word_in("|video|clip|film|movie|ad|advert|advertisement|commercial|spot|story|"
            "trailer|montage|visual|",
                     tokens->at[i].word))
            continue;
        size_t next = i + 1;
        if (next < tokens->count &&
            word_in("|about|of|where|for|featuring|showing|following|with|that|",
                    tokens->at[next].word))
            return next + 1;
        if (next + 1 < tokens->count && word_in("|in|which|", tokens->at[next].word) &&
            word_in("|which|shows|follows|", tokens->at[next + 1].word))
            return next + 2;
    }
    if (tokens->count > 1 && word_in("|show|film|imagine|picture|", tokens->at[0].word) &&
        word_in(lexicon_determiners, tokens->at[1].word))
        return 1;
    return 0;
}

static bool token_is_known(const struct reading *r, size_t i)
{
    const char *w = r->tokens.at[i].word;
    if (word_in(lexicon_determiners, w) || word_in(lexicon_prepositions, w) ||
        word_in(lexicon_pronouns, w) || word_in(lexicon_subordinators, w) ||
        word_in(lexicon_not_adjectives, w) || verb_base(r->arena, w))
        return true;
    for (size_t h = 0; h < r->hits.count; h++) {
        if (i >= r->hits.at[h].first && i < r->hits.at[h].first + r->hits.at[h].count)
            return true;
    }
    return false;
}

static bool is_foreign(const struct reading *r)
{
    enum { LOOKED_AT = 200 };
    size_t known = 0, count = r->tokens.count < LOOKED_AT ? r->tokens.count : LOOKED_AT;
    for (size_t i = 0; i < count; i++)
        known += token_is_known(r, i);
    return known * 4 < count;
}

/* "she keeps the dog" in a story about him. */
static bool speaks_of_another(const struct token *pronoun, const struct subject *hero)
{
    return (text_equal(pronoun->word, "she") && text_equal(hero->their, "his")) ||
           (text_equal(pronoun->word, "he") && text_equal(hero->their, "her")) ||
           text_equal(pronoun->word, "it");
}

static void point_add(const struct reading *r, const struct clause *c, struct premise *p)
{
    const struct lexicon_hit *figure = figure_in(r, c->subject, c->subject_end);
    bool of_hero = c->subject == c->subject_end || (figure && figure == r->hero_hit);
    if (figure && r->hero_hit && !of_hero)
        of_hero =
            text_equal(r->tokens.at[figure->first].word, r->tokens.at[r->hero_hit->first].word);
    if (of_hero && c->subject == c->subject_end &&
        speaks_of_another(&r->tokens.at[c->first], &p->hero))
        of_hero = false;
    if (c->end - c->first < 2 || word_in("|say|says|said|", r->tokens.at[c->verb].word))
        return;
    struct plot_point point = {
        .of_hero = of_hero, .place_index = -1, .end_index = -1, .clause = c
    };
    read_surroundings(r, c->first, c->end, p, &point);
    const char *text = of_hero ? clause_predicate(r->arena, &r->tokens, c)
                               : clause_sentence(r->arena, &r->tokens, c);
    if (!of_hero)
        text = uncapitalised(r->arena, &r->tokens, c->subject, text);
    if (!of_hero && !r->tokens.at[c->subject].before && c->subject == 0)
        text = arena_format(r->arena, "%c%s", r->tokens.at[0].word[0], text + 1);
    point.text = text_shorten(r->arena, text, POINT_BYTES_MAX);
    p->points[p->point_count++] = point;
}

static void read_points(const struct reading *r, struct premise *p)
{
    p->points = arena_array(r->arena, struct plot_point, POINTS_MAX);
    p->places = arena_array(r->arena, struct premise_place, PREMISE_PLACES_MAX);
    struct plot_point whole = { 0 };
    for (size_t i = 0; i < r->tokens.count; i++) {
        whole.place_index = -1;
        read_surroundings(r, i, i + 1, p, &whole);
    }
    for (size_t i = 0; i < r->clauses.count && p->point_count < POINTS_MAX; i++) {
        if (r->clauses.at[i].verb < r->clauses.at[i].end)
            point_add(r, &r->clauses.at[i], p);
    }
    p->time    = whole.look.time;
    p->weather = whole.look.weather;
    p->mood    = whole.look.mood;
}

static int count_of(const struct tokens *tokens, const char *list)
{
    int count = 0;
    for (size_t i = 0; i < tokens->count; i++)
        count += word_in(list, tokens->at[i].word);
    return count;
}

/* Somebody else: neither a pronoun in disguise nor a word of the hero's own phrase ("my grandmother
 * cooks"). */
static bool is_other(const struct reading *r, const struct lexicon_hit *h)
{
    if (word_in("|someone|somebody|figure|person|people|friend|friends|character|hero|",
                r->tokens.at[h->first].word))
        return false;
    return !r->hero_hit || h->first < r->hero_hit->first ||
           noun_phrase_start(&r->tokens, h->first) > r->hero_hit->first;
}

static void find_people(const struct reading *r, const struct plan_request *request,
                        struct premise *p)
{
    int female = count_of(&r->tokens, "|she|her|hers|herself|"), male = count_of(&r->tokens,
        "|he|him|his|himself|");
    if (!text_is_empty(request->character)) {
        p->hero = subject_from_description(r->arena, request->character, "the hero");
        if (text_equal(p->hero.their, "their") && !p->hero.plural)
            subject_set_pronouns(&p->hero, female, male);
    } else if (p->foreign) {
        p->hero = quoted_hero(r->arena, p->concept);
    } else if (r->hero_hit) {
        p->hero = subject_from_hit(r, r->hero_hit);
        if (text_equal(p->hero.their, "their") && !p->hero.plural)
            subject_set_pronouns(&p->hero, female, male);
    } else {
        p->hero = default_hero(r->arena, rng_seed_from_text(p->concept) ^ (uint64_t)request->seed,
                               female, male);
    }
    for (size_t i = 0; i < r->hits.count && !p->has_other && !p->hero.plural; i++) {
        const struct lexicon_hit *h = &r->hits.at[i];
        if (h->row->kind != WORD_FIGURE || h == r->hero_hit || is_object_kind(h->row->value) ||
            !is_other(r, h))
            continue;
        p->other = subject_from_hit(r, h);
        p->has_other = !text_equal(p->other.brief, p->hero.brief) &&
                       (!r->hero_hit || !text_equal(p->other.cast.name,
                                                    subject_from_hit(r, r->hero_hit).cast.name));
    }
}

/* In a mode that sells, what the concept is about: its object, else its first words; NULL where
 * nothing is sold. */
static const char *product_in_concept(const struct reading *r, const struct plan_request *request,
                                      const struct premise *p)
{
    bool sells = false;
    for (size_t i = 0; i < request->mode->beat_count; i++)
        sells = sells || request->mode->beats[i].product_shot;
    if (!sells)
        return NULL;
    if (p->has_thing)
        return p->thing.full;
    size_t end = 0;
    while (end < r->tokens.count && end < 5 && (end == 0 || !r->tokens.at[end].before) &&
           !word_in(lexicon_prepositions, r->tokens.at[end].word))
        end++;
    return end > 0 && !p->foreign
               ? uncapitalised(r->arena, &r->tokens, 0, tokens_text(r->arena, &r->tokens, 0, end))
               : "the product";
}

static void find_product(const struct reading *r, const struct plan_request *request,
                         struct premise *p)
{
    const char *words =
        text_is_empty(request->product) ? product_in_concept(r, request, p) : request->product;
    if (!words)
        return;
    p->product = subject_from_description(r->arena, words, "the product");
    p->product.cast.kind = FIGURE_PRODUCT;
    p->product.human = false;
    p->product.plural = p->product.plural && !text_equal(p->product.brief, "the product");
    /* says what it looks like */
    p->product.cast.name = text_shorten(r->arena, words, NAME_BYTES_MAX - 1);
    p->product.cast.picture_index = request->has_product_picture ? PICTURE_PRODUCT : -1;
    subject_set_pronouns(&p->product, 0, 0);
    p->has_product = true;
}

/* "The kettle sings" when a kettle is sold: the last word of who does it is one of the product's
 * own. */
static bool is_of_product(const struct reading *r, const struct plot_point *point,
                          const struct tokens *product)
{
    const struct clause *c = point->clause;
    if (point->of_hero || c->subject == c->subject_end)
        return false;
    for (size_t i = 0; i < product->count; i++) {
        if (text_equal(product->at[i].word, r->tokens.at[c->subject_end - 1].word))
            return true;
    }
    return false;
}

/* What the product does is told of it by its own wording, and shows it. */
static void points_of_product(const struct reading *r, struct premise *p)
{
    if (!p->has_product)
        return;
    struct tokens words = tokens_of(r->arena, p->product.full);
    for (size_t i = 0; i < p->point_count; i++) {
        struct plot_point *point = &p->points[i];
        point->of_product = is_of_product(r, point, &words);
        if (point->of_product)
            point->text = text_shorten(
                r->arena, clause_predicate(r->arena, &r->tokens, point->clause), POINT_BYTES_MAX);
    }
}

enum err premise_read(struct task *t, const struct plan_request *request, struct premise *out)
{
    struct premise p = { .concept = text_tidy(t->arena, request->concept) };
    struct reading r = { .arena = t->arena, .tokens = tokens_of(t->arena, p.concept) };
    size_t skip = lead_in(&r.tokens);
    r.tokens.at += skip;
    r.tokens.count -= skip;
    r.hits    = lexicon_read(t->arena, &r.tokens);
    r.clauses = clauses_of(t->arena, &r.tokens);
    p.foreign = r.tokens.count > 0 && is_foreign(&r);
    if (p.foreign)
        r.clauses.count = 0;
    r.hero_hit = find_hero(&r);
    find_people(&r, request, &p);
    read_points(&r, &p);
    if (p.hero.human && request->has_character_picture)
        p.hero.cast.picture_index = PICTURE_CHARACTER;
    find_thing(&r, &p);
    find_product(&r, request, &p);
    points_of_product(&r, &p);
    *out = p;
    return OK;
}
