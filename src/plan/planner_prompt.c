/*
 * A scene in words: subject, action, setting, light, lens, camera, mood, style, in sentences as
 * video models read them best. The order of the first sentence varies; what must stay the same
 * (hero, product, the look of a place) does.
 */
#include "plan/story_film.h"

#include <string.h>

#include "base/rng.h"
#include "base/text.h"

static const char *const shot_words[SHOT_COUNT] = {
    [SHOT_EXTREME_WIDE] = "extreme wide shot",
    [SHOT_WIDE] = "wide shot",
    [SHOT_FULL] = "full shot",
    [SHOT_MEDIUM] = "medium shot",
    [SHOT_CLOSE_UP] = "close-up",
    [SHOT_EXTREME_CLOSE_UP] = "extreme close-up",
    [SHOT_DETAIL] = "detail shot",
};

enum { MOVE_WORDS = 3, LIGHT_WORDS = 3, MOOD_WORDS = 3 };

static const char *const move_words[MOVE_COUNT][MOVE_WORDS] = {
    [MOVE_STATIC] = { "the camera holds still", "locked-off camera", "the camera does not move" },
    [MOVE_PUSH_IN] = { "the camera pushes in slowly", "a slow push in",
                       "the camera creeps closer" },
    [MOVE_PULL_OUT] = { "the camera pulls back", "a slow pull out",
                        "the camera backs away and shows more" },
    [MOVE_PAN_LEFT] = { "the camera pans left", "a pan from right to left",
                        "the camera turns left with the action" },
    [MOVE_PAN_RIGHT] = { "the camera pans right", "a pan from left to right",
                         "the camera turns right with the action" },
    [MOVE_TILT_UP] = { "the camera tilts up", "a tilt from the ground to the sky",
                       "the camera looks slowly upward" },
    [MOVE_TILT_DOWN] = { "the camera tilts down", "a tilt from the sky to the ground",
                         "the camera looks slowly down" },
    [MOVE_CRANE_UP] = { "the camera cranes up", "a rising crane shot",
                        "the camera lifts off and rises" },
    [MOVE_CRANE_DOWN] = { "the camera cranes down", "a descending crane shot",
                          "the camera sinks from above" },
    [MOVE_DOLLY_LEFT] = { "the camera tracks left", "a dolly to the left",
                          "the camera travels left alongside" },
    [MOVE_DOLLY_RIGHT] = { "the camera tracks right", "a dolly to the right",
                           "the camera travels right alongside" },
    [MOVE_ORBIT] = { "the camera circles the subject", "a slow orbit", "the camera arcs around" },
    [MOVE_HANDHELD] = { "handheld camera", "a loose handheld camera",
                        "the camera on the shoulder" },
};

static const char *const move_names[MOVE_COUNT] = {
    [MOVE_STATIC] = "static", [MOVE_PUSH_IN] = "slow push in", [MOVE_PULL_OUT] = "pull out",
    [MOVE_PAN_LEFT] = "pan left", [MOVE_PAN_RIGHT] = "pan right", [MOVE_TILT_UP] = "tilt up",
    [MOVE_TILT_DOWN] = "tilt down", [MOVE_CRANE_UP] = "crane up", [MOVE_CRANE_DOWN] = "crane down",
    [MOVE_DOLLY_LEFT] = "track left", [MOVE_DOLLY_RIGHT] = "track right", [MOVE_ORBIT] = "orbit",
    [MOVE_HANDHELD] = "handheld",
};

static const char *const time_words[TIME_COUNT] = {
    [TIME_DAWN] = "at dawn", [TIME_DAY] = "by day", [TIME_GOLDEN_HOUR] = "in late golden sun",
    [TIME_DUSK] = "at dusk", [TIME_NIGHT] = "at night",
};

static const char *const weather_out[WEATHER_COUNT] = {
    [WEATHER_CLOUDY] = "under low cloud",
    [WEATHER_RAIN] = "in the rain",
    [WEATHER_STORM] = "with a storm breaking overhead",
    [WEATHER_SNOW] = "in falling snow",
    [WEATHER_FOG] = "in drifting fog",
    [WEATHER_WIND] = "in a gusting wind",
    [WEATHER_DUST] = "in blowing dust",
};

static const char *const weather_in[WEATHER_COUNT] = {
    [WEATHER_CLOUDY] = "grey light at the windows", [WEATHER_RAIN] = "rain on the windows",
    [WEATHER_STORM] = "lightning at the windows", [WEATHER_SNOW] = "snow piling against the glass",
    [WEATHER_FOG] = "fog pressed against the glass", [WEATHER_WIND] = "wind rattling the panes",
    [WEATHER_DUST] = "dust hanging in the light",
};

static const char *const light_out[TIME_COUNT][LIGHT_WORDS] = {
    [TIME_DAWN] = { "the first pale pink coming up behind", "cold blue just turning to rose",
                    "a thin bright line on the horizon" },
    [TIME_DAY] = { "high clear daylight", "short shadows and open sky",
                   "sun on every near surface" },
    [TIME_GOLDEN_HOUR] = { "long shadows and honey-coloured edges",
                           "the sun almost level with the lens", "everything rimmed in gold" },
    [TIME_DUSK] = { "the last blue of the sky against the first lamps",
                    "violet air and small warm windows", "afterglow low in the west" },
    [TIME_NIGHT] = { "deep blue darkness beyond the lamps", "small lights scattered in the dark",
                     "moonlight on the upper edges" },
};

static const char *const light_in[TIME_COUNT][LIGHT_WORDS] = {
    [TIME_DAWN] = { "grey-pink light growing at the edge of a blind",
                    "the first sun in a thin stripe on the wall",
                    "lamps still on against a paling window" },
    [TIME_DAY] = { "daylight falling in from one side", "clear window light and soft corners",
                   "sun in squares on the floor" },
    [TIME_GOLDEN_HOUR] = { "low sun reaching all the way to the back wall",
                           "gold dust in a slanting beam", "warm light at knee height" },
    [TIME_DUSK] = { "blue windows and the first lamp lit", "daylight leaving the room by inches",
                    "half dark, with a lamp just on" },
    [TIME_NIGHT] = { "one lamp and a great deal of shadow",
                     "light from outside crossing the ceiling",
                     "black windows giving the room back" },
};

/* Under cloud there is no sun to speak of, whatever the hour. */
static const char *const light_grey[TIME_COUNT][LIGHT_WORDS] = {
    [TIME_DAWN] = { "a sunless grey dawn", "the dark thinning to lead",
                    "first light without a source" },
    [TIME_DAY] = { "flat light from a white sky", "no shadows anywhere",
                   "a low ceiling of cloud for a lamp" },
    [TIME_GOLDEN_HOUR] = { "a slit of brass under the cloud", "yellow-grey light going fast",
                           "one warm crack in the overcast" },
    [TIME_DUSK] = { "slate blue closing in", "lamps coming on early",
                    "the last light caught in wet surfaces" },
    [TIME_NIGHT] = { "lamps with haloes around them", "cloud lit from below by the lamps",
                     "darkness broken by small wet lights" },
};

static const char *const light_apart[LIGHT_WORDS] = {
    "light with no horizon to come from", "brightness above and darkness below",
    "slow shifting rays",
};

static const char *const light_dim[LIGHT_WORDS] = {
    "grey light from one window", "a lamp on in the middle of a dim room",
    "soft light without any sun in it",
};

static const char *const mood_words[MOOD_COUNT][MOOD_WORDS] = {
    [MOOD_CALM] = { "calm and settled", "quiet, in no hurry", "still and unhurried" },
    [MOOD_JOYFUL] = { "joyful and unguarded", "bright with relief", "giddy" },
    [MOOD_TENSE] = { "tense, about to snap", "watchful and hard", "urgent" },
    [MOOD_DREAMY] = { "dreamlike and weightless", "half awake", "soft at the edges" },
    [MOOD_MELANCHOLY] = { "melancholy, tender", "heavy with something unsaid",
                          "lonely but not bitter" },
    [MOOD_TRIUMPHANT] = { "triumphant", "wide open and fearless", "victorious, out of breath" },
    [MOOD_PLAYFUL] = { "playful and sly", "mischievous", "light on its feet" },
    [MOOD_MYSTERIOUS] = { "mysterious, something withheld", "secretive", "strange and hushed" },
};

static bool is_grey(const struct scene_draft *s)
{
    return s->weather != WEATHER_NOT_SET && s->weather != WEATHER_CLEAR &&
           s->weather != WEATHER_WIND;
}

static const char *pick(const char *const *phrases, size_t count, struct rng *r)
{
    return count ? phrases[rng_below(r, (int)count)] : "";
}

enum distance { NEAR, MIDDLE, FAR };

static enum distance distance_of(int shot)
{
    bool far = shot == SHOT_EXTREME_WIDE || shot == SHOT_WIDE || shot == SHOT_FULL;
    return far ? FAR : shot == SHOT_MEDIUM ? MIDDLE : NEAR;
}

/* The phrase without its mark; NULL when it is for another distance. */
static const char *phrase_at(const char *phrase, enum distance distance)
{
    if (text_starts(phrase, "far: "))
        return distance == FAR ? phrase + 5 : NULL;
    if (text_starts(phrase, "near: "))
        return distance == NEAR ? phrase + 6 : NULL;
    return phrase;
}

/* Phrases taken in turn from a point the film's seed chooses: neighbours differ, and all of them
 * are heard. */
static const char *in_turn(const struct film *f, const char *const *phrases, size_t count,
                           size_t index, const char *use)
{
    enum distance distance = distance_of(f->scenes[index].shot);
    struct rng r = rng_fork(f->seed, use);
    size_t first = count ? index + (size_t)rng_below(&r, (int)count) : 0;
    for (size_t i = 0; i < count; i++) {
        const char *phrase = phrase_at(phrases[(first + i) % count], distance);
        if (phrase)
            return phrase;
    }
    return "";
}

/* ---- the first sentence ------------------------------------------------------------------- */

/* "at dusk in the rain"; "at night, rain on the windows"; nothing where there is no weather to
 * speak of. */
static char *when_words(const struct film *f, const struct scene_draft *s)
{
    if (s->location->shelter == APART)
        return arena_copy(f->arena, "");
    bool inside = s->location->shelter == INDOORS;
    const char *weather = inside ? weather_in[s->weather] : weather_out[s->weather];
    const char *hour =
        s->time == TIME_GOLDEN_HOUR && is_grey(s) ? "late in the day" : time_words[s->time];
    return arena_format(f->arena, "%s%s%s", hour, weather ? inside ? ", " : " " : "",
                        weather ? weather : "");
}

static char *place_words(const struct film *f, const struct location *l)
{
    return arena_format(f->arena, "%s%s%s", l->at, *l->features ? ", " : "", l->features);
}

static bool speaks_of_place(const struct scene_draft *s)
{
    return s->point || line_has(s->line, "{at}") || line_has(s->line, "{place}");
}

/* Three ways to begin; the event is never first, so that nobody's wording is capitalised. */
static void write_opening(const struct film *f, const struct scene_draft *s, size_t index,
                          const char *event, struct text *out)
{
    const char *shot = shot_words[s->shot], *when = when_words(f, s), *comma = *when ? ", " : "";
    const char *place = place_words(f, s->location);
    if (speaks_of_place(s)) {
        text_printf(out, "%s%s%s: %s.", capitalised(f->arena, shot), comma, when, event);
        if (*s->location->features)
            text_printf(out, " All around: %s.", s->location->features);
    } else if (index % 3 == 1 && *when) {
        text_printf(out, "%s, %s. %s: %s.", capitalised(f->arena, place), when,
                    capitalised(f->arena, shot), event);
    } else if (index % 3 == 2 && f->premise.hero.wording != WORDING_FIRST) {
        text_printf(out, "%s, %s%s%s: %s.", capitalised(f->arena, shot), s->location->at, comma,
                    when, event);
        if (*s->location->features)
            text_printf(out, " In view: %s.", s->location->features);
    } else {
        text_printf(out, "%s %s%s%s: %s.", capitalised(f->arena, shot), place, comma, when, event);
    }
}

/* ---- the rest ----------------------------------------------------------------------------- */

static const char *const *hour_words(const struct scene_draft *s)
{
    if (s->location->shelter == APART)
        return light_apart;
    if (s->location->shelter == OUTDOORS)
        return is_grey(s) ? light_grey[s->time] : light_out[s->time];
    return is_grey(s) && s->time != TIME_NIGHT ? light_dim : light_in[s->time];
}

static void write_light(const struct film *f, const struct scene_draft *s, size_t index,
                        struct rng *r, struct text *out)
{
    const struct style *style = f->request->style;
    const char *light = in_turn(f, style->light, style->light_count, index, "light");
    const char *hour = pick(hour_words(s), LIGHT_WORDS, r);
    text_printf(out, " %s%s%s.", capitalised(f->arena, *light ? light : hour), *light ? "; " : "",
                *light ? hour : "");
}

static void write_camera(const struct film *f, const struct scene_draft *s, size_t index,
                         struct rng *r, struct text *out)
{
    const struct style *style = f->request->style;
    const char *lens = in_turn(f, style->lens, style->lens_count, index, "lens");
    const char *movement =
        s->move == MOVE_STATIC
            ? ""
            : in_turn(f, style->movement, style->movement_count, index, "movement");
    const char *framing = in_turn(f, style->framing, style->framing_count, index, "framing");
    const char *move = pick(move_words[s->move], MOVE_WORDS, r);
    text_printf(out, " %s%s%s%s%s", capitalised(f->arena, *lens ? lens : move), *lens ? ", " : "",
                *lens ? move : "", *movement ? ", " : "", movement);
    text_printf(out, "%s%s.", *framing ? "; " : "", framing);
}

static void write_style(const struct film *f, const struct scene_draft *s, size_t index,
                        struct rng *r, struct text *out)
{
    const struct style *style = f->request->style;
    const char *texture = in_turn(f, style->texture, style->texture_count, index, "texture");
    text_printf(out, " %s%s.", s->kind == LINE_FACE || index % 2 ? "The mood is " : "It feels ",
                pick(mood_words[s->mood], MOOD_WORDS, r));
    for (size_t i = 0; i < style->word_count; i++)
        text_printf(out, "%s%s", i ? ", " : " ",
                    i ? style->words[i] : capitalised(f->arena, style->words[0]));
    text_printf(out, "%s%s.", style->word_count ? "; " : " ", texture);
    if (!f->request->song && style->sound_count)
        text_printf(out, " Sound: %s.",
                    in_turn(f, style->sound, style->sound_count, index, "sound"));
}

static void write_manner(const struct film *f, const struct scene_draft *s, size_t index,
                         struct rng *r, struct text *out)
{
    write_light(f, s, index, r, out);
    write_camera(f, s, index, r, out);
    write_style(f, s, index, r, out);
}

bool film_shows_product(const struct film *f, const struct scene_draft *s)
{
    bool thing_is_product = f->premise.has_product && !f->sells && line_has(s->line, "{thing}");
    return f->premise.has_product && (thing_is_product || line_has(s->line, "{product}") ||
                                      f->request->mode->beats[s->beat].product_shot);
}

static const char *write_prompt(const struct film *f, const struct scene_draft *s, size_t index)
{
    struct rng r = rng_fork(f->seed + index * 7919, "wording");
    struct fill fill = film_fill(f, s);
    struct text out = text_new(f->arena);
    char *apart;
    const char *event = fill_full(&fill, s->line, &apart);
    write_opening(f, s, index, event, &out);
    if (s->lips_move && *s->lyric)
        text_printf(&out, " The words are \xE2\x80\x9C%s\xE2\x80\x9D, lips in time.", s->lyric);
    else if (s->lips_move)
        text_append(&out, " Lips move in time with the song.");
    text_append(&out, apart);
    if (film_shows_product(f, s) && !strstr(text_end(&out), f->premise.product.full))
        text_printf(&out, " %s: %s.", capitalised(f->arena, f->premise.product.brief),
                    f->premise.product.full);
    write_manner(f, s, index, &r, &out);
    return text_end(&out);
}

void film_write_manner(const struct film *f, size_t index, struct text *out)
{
    struct rng r = rng_fork(f->seed, "manner");
    write_manner(f, &f->scenes[index], index, &r, out);
}

struct phrases {
    const char **at;
    size_t count;
};

static void add_phrases(struct arena *a, struct phrases *all, const char *const *more, size_t count)
{
    all->at = arena_grow(a, all->at, all->count * sizeof *all->at,
                         (all->count + count) * sizeof *all->at);
    for (size_t i = 0; i < count; i++) {
        if (more[i])
            all->at[all->count++] = more[i];
    }
}

const char **film_manner_phrases(struct arena *a, size_t *out_count)
{
    static const char *const lead_ins[] = { "the mood is ", "it feels ", "sound: " };
    struct phrases all = { 0 };
    add_phrases(a, &all, lead_ins, sizeof lead_ins / sizeof *lead_ins);
    add_phrases(a, &all, &light_out[0][0], TIME_COUNT * LIGHT_WORDS);
    add_phrases(a, &all, &light_in[0][0], TIME_COUNT * LIGHT_WORDS);
    add_phrases(a, &all, &light_grey[0][0], TIME_COUNT * LIGHT_WORDS);
    add_phrases(a, &all, light_apart, LIGHT_WORDS);
    add_phrases(a, &all, light_dim, LIGHT_WORDS);
    add_phrases(a, &all, &move_words[0][0], MOVE_COUNT * MOVE_WORDS);
    add_phrases(a, &all, &mood_words[0][0], MOOD_COUNT * MOOD_WORDS);
    *out_count = all.count;
    return all.at;
}

const char *film_shot_words(int shot)
{
    return shot_words[shot];
}

const char *film_hour_words(int time)
{
    return time_words[time];
}

const char *film_weather_words(int weather, enum shelter shelter)
{
    return shelter == OUTDOORS  ? weather_out[weather]
           : shelter == INDOORS ? weather_in[weather]
                                : NULL;
}

static const char *write_negative(const struct film *f, bool product)
{
    struct text out = text_new(f->arena);
    text_append(&out, "on-screen text, subtitles, watermark, flicker, extra limbs, deformed hands, "
                      "duplicated figures");
    if (product)
        text_append(&out, ", warped product, wrong label");
    for (size_t i = 0; i < f->request->style->avoid_count; i++)
        text_printf(&out, ", %s", f->request->style->avoid[i]);
    return text_end(&out);
}

/* ---- titles ------------------------------------------------------------------------------- */

/* A word that no title ends with: something has to follow. */
static bool leads_on(const char *word)
{
    return word_in(lexicon_determiners, word) || word_in(lexicon_prepositions, word) ||
           word_in(lexicon_not_adjectives, word);
}

/* For what the concept says: its first words, cut before a comma or a preposition where it gets
 * long. */
static const char *title_from_line(const struct film *f, const char *sentence)
{
    struct tokens tokens = tokens_of(f->arena, sentence);
    size_t end = tokens.count < 7 ? tokens.count : 7;
    for (size_t i = 2; tokens.count > 7 && i < tokens.count && i <= 8; i++) {
        bool good = tokens.at[i].before ||
                    (i >= 4 && word_in(lexicon_prepositions, tokens.at[i].word)) ||
                    (i >= 3 && word_in(lexicon_subordinators, tokens.at[i].word));
        if (good) {
            end = i;
            break;
        }
    }
    while (end > 2 && end < tokens.count && leads_on(tokens.at[end - 1].word))
        end--;
    return capitalised(f->arena, tokens_text(f->arena, &tokens, 0, end));
}

static bool title_used(const struct film *f, const char *title)
{
    for (size_t i = 0; i < f->used_title_count; i++) {
        if (text_equal_fold(f->used_titles[i], title))
            return true;
    }
    return false;
}

static const char *unique_title(struct film *f, const struct scene_draft *s, const char *title)
{
    title = text_shorten(f->arena, title, NAME_BYTES_MAX - 80);
    const char *tried = title;
    if (title_used(f, tried))
        tried =
            arena_format(f->arena, "%s, %s", title, text_shorten(f->arena, s->location->at, 60));
    if (title_used(f, tried))
        tried = arena_format(f->arena, "%s, %s", title, time_words[s->time]);
    for (int n = 2; title_used(f, tried); n++)
        tried = arena_format(f->arena, "%s, %d", title, n);
    array_push(f->arena, f->used_titles, f->used_title_count, f->used_title_capacity, tried);
    return tried;
}

/* ---- who is in the picture ---------------------------------------------------------------- */

static void cast_add(struct look *look, struct look_cast member, int action, bool sings)
{
    if (look->cast_count == CAST_MAX)
        return;
    member.action = action;
    member.sings  = sings;
    look->cast[look->cast_count++] = member;
}

/* An object that is looked at for itself: drawn as what its name says, where it is no figure of its
 * own. */
static struct look_cast object_cast(const struct subject *thing)
{
    struct look_cast cast = thing->cast;
    if (cast.kind)
        return cast;
    cast.kind            = FIGURE_PRODUCT;
    cast.name            = thing->brief;
    cast.appearance_seed = (int64_t)(rng_seed_from_text(thing->brief) >> 1);
    return cast;
}

static struct look look_of(const struct film *f, const struct scene_draft *s)
{
    const struct premise *p = &f->premise;
    struct look look = {
        .place = s->location->place,
        .time = s->time,
        .weather = s->weather,
        .shot = s->shot,
        .move = s->move,
        .mood = s->mood,
        .cast = arena_array(f->arena, struct look_cast, CAST_MAX),
    };
    if (line_has(s->line, "{hero}"))
        cast_add(&look, p->hero.cast, s->action, s->lips_move);
    if (line_has(s->line, "{other}"))
        cast_add(&look, p->other.cast, s->action, false);
    if (film_shows_product(f, s))
        cast_add(&look, p->product.cast, look.cast_count ? ACTION_STAND : s->action, false);
    else if (line_has(s->line, "{thing}") &&
             (look.cast_count == 0 || film_fill(f, s).thing->cast.kind))
        cast_add(&look, object_cast(film_fill(f, s).thing),
                 look.cast_count ? ACTION_STAND : s->action, false);
    return look;
}

/* The name given, or the one the description begins with, or its noun phrase without the
 * article. */
const char *product_title(const struct film *f)
{
    enum { TITLE_BYTES_MAX = 40 };
    const struct subject *product = &f->premise.product;
    const char *name = product->brief, *first = strchr(product->full, ' ');
    if (!text_is_empty(f->request->product_name))
        name = f->request->product_name;
    else if (text_starts(name, "the ") && strlen(product->full) <= TITLE_BYTES_MAX &&
             product->wording != WORDING_APART)
        name = first ? first + 1 : product->full;
    else if (text_starts(name, "the "))
        name = strlen(product->full) <= TITLE_BYTES_MAX ? product->full : name + 4;
    return text_shorten(f->arena, capitalised(f->arena, name), NAME_BYTES_MAX);
}

void film_write_card(const struct film *f, struct planned_scene *out)
{
    out->card_title  = product_title(f);
    out->card_line   = f->ad->tagline;
    out->card_action = text_is_empty(f->request->call_to_action)
                           ? f->ad->call
                           : text_shorten(f->arena, f->request->call_to_action, NAME_BYTES_MAX);
}

const char *film_camera_note(const struct film *f, size_t index)
{
    const struct scene_draft *s = &f->scenes[index];
    const struct style *style = f->request->style;
    const char *lens = in_turn(f, style->lens, style->lens_count, index, "lens");
    return arena_format(f->arena, "%s, %s%s%s", look_shot_names[s->shot], move_names[s->move],
                        *lens ? ", " : "", lens);
}

void film_write_scene(struct film *f, size_t index, struct planned_scene *out)
{
    const struct scene_draft *s = &f->scenes[index];
    const struct mode_beat *beat = &f->request->mode->beats[s->beat];
    struct fill fill = film_fill(f, s);
    const char *told = fill_brief(&fill, s->line);
    *out = (struct planned_scene){
        .prompt          = write_prompt(f, s, index),
        .negative_prompt = write_negative(f, film_shows_product(f, s)),
        .camera          = film_camera_note(f, index),
        .action          = text_shorten(f->arena, arena_format(f->arena, "%s.", told), 900),
        .story_beat      = beat->name, .section = s->section, .line = s->lyric, .cut = s->cut,
        .look            = look_of(f, s), .energy = s->energy, .lips_move = s->lips_move,
        .product_shot    = film_shows_product(f, s), .end_card = beat->end_card,
        .card_title      = "", .card_line = "", .card_action = "",
    };
    out->title =
        unique_title(f, s, *s->title ? fill_brief(&fill, s->title) : title_from_line(f, told));
    if (beat->end_card)
        film_write_card(f, out);
}
