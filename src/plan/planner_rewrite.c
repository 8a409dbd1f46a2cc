/*
 * A scene in other words, by rules.
 *
 * A prompt is sentences. Some say what happens: they stay as they were written. Others say how it
 * is shot, lit and worded: they are known by the phrases they are made of, of whichever style, and
 * are written anew for the style of today. Everyone's own wording is taken out before anything is
 * touched and put back at the end, so that no rule can change a letter of it. An instruction is
 * read for size, move, hour and weather; what it says beyond that is the user's own and goes into
 * the prompt as it is.
 */
#include "plan/story_film.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Stand for wordings and for the size of the shot; no clean text has them. */
#define HERO_MARK    "\x01"
#define PRODUCT_MARK "\x02"
#define SHOT_MARK    "\x03"

enum { SEEDS_TRIED = 16, SHORT_WISH_WORDS = 5 };

struct rewrite {
    struct film                  *film;
    const struct rewrite_request *request;
    const struct planned_scene   *scene;               /* as it is */
    const char                   *hero, *product;      /* wordings; "" for none */
    const char                  **manner;              /* phrases in lower case */
    size_t                        manner_count, manner_capacity;
    struct framing                said;                /* by the instruction */
    int                           time, weather;       /* by the instruction; 0 */
    const char                   *direction;           /* what else it says; "" */
    const char                   *story;               /* the sentences that stay, with marks */
    struct framing                told;                /* by those sentences; 0 */
};

/* ---- the film around the scene ---- */

static size_t step_named(const struct mode *mode, const char *name)
{
    for (size_t i = 0; i < mode->beat_count; i++) {
        if (text_equal(mode->beats[i].name, name))
            return i;
    }
    return mode->beat_count / 2;
}

static struct location *location_of(struct film *f, int place)
{
    const struct place_lore *lore = place_lore_of(place);
    f->locations[0] = (struct location){
        .name = lore ? lore->name : "",
        .at = lore ? lore->at : "",
        .features = "",
        .place = place,
        .lore = lore,
        .shelter = lore ? lore->shelter : OUTDOORS,
    };
    f->location_count = 1;
    return &f->locations[0];
}

static int or_else(int value, int otherwise)
{
    return value ? value : otherwise;
}

static struct scene_draft draft_of(struct film *f, const struct planned_scene *s)
{
    const struct style *style = f->request->style;
    return (struct scene_draft){
        .cut = s->cut,
        .beat = step_named(f->request->mode, s->story_beat),
        .phase = PHASE_DEVELOP,
        .section = s->section,
        .lyric = s->line,
        .energy = s->energy,
        .location = location_of(f, s->look.place),
        .time = or_else(s->look.time, or_else(style->time, TIME_DAY)),
        .weather = s->look.weather,
        .mood = or_else(s->look.mood, or_else(f->premise.mood, MOOD_CALM)),
        .shot = or_else(s->look.shot, SHOT_MEDIUM),
        .move = or_else(s->look.move, MOVE_STATIC),
        .kind = LINE_ACTION,
        .title = s->title,
        .line = "{event}",
        .event = s->action,
        .lips_move = s->lips_move,
    };
}

enum err film_of_scene(struct task *t, const struct plan_request *request,
                       const struct planned_scene *scene, struct film **out)
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
    if (e)
        return e;
    film_set_story(f);
    f->scenes      = arena_one(t->arena, struct scene_draft);
    f->scene_count = 1;
    f->scenes[0]   = draft_of(f, scene);
    *out = f;
    return OK;
}

/* ---- wordings and their marks ---- */

static const char *marked(struct arena *a, const char *text, const char *wording, const char *mark)
{
    return *wording ? text_replace(a, text, wording, mark) : text;
}

/* The longer first, where one wording is a part of the other. */
static const char *with_marks(const struct rewrite *w, const char *text)
{
    struct arena *a = w->film->arena;
    bool hero_first = strlen(w->hero) >= strlen(w->product);
    if (hero_first)
        text = marked(a, text, w->hero, HERO_MARK);
    text = marked(a, text, w->product, PRODUCT_MARK);
    return hero_first ? text : marked(a, text, w->hero, HERO_MARK);
}

static const char *without_marks(const struct rewrite *w, const char *text)
{
    struct arena *a = w->film->arena;
    return text_replace(a, text_replace(a, text, HERO_MARK, w->hero), PRODUCT_MARK, w->product);
}

/* ---- sentences of manner ---- */

static void know_phrases(struct rewrite *w, const char *const *phrases, size_t count)
{
    struct arena *a = w->film->arena;
    for (size_t i = 0; i < count; i++) {
        const char *p = phrases[i];
        p += text_starts(p, "far: ") ? 5 : text_starts(p, "near: ") ? 6 : 0;
        array_push(a, w->manner, w->manner_count, w->manner_capacity, text_lower(a, p));
    }
}

static void know_style(struct rewrite *w, const struct style *s)
{
    know_phrases(w, s->light, s->light_count);
    know_phrases(w, s->lens, s->lens_count);
    know_phrases(w, s->framing, s->framing_count);
    know_phrases(w, s->movement, s->movement_count);
    know_phrases(w, s->texture, s->texture_count);
    know_phrases(w, s->sound, s->sound_count);
    know_phrases(w, s->words, s->word_count);
}

static void know_manner(struct rewrite *w)
{
    size_t count;
    const char **own = film_manner_phrases(w->film->arena, &count);
    know_phrases(w, own, count);
    know_style(w, w->film->request->style);
    for (size_t i = 0; i < w->request->style_count; i++)
        know_style(w, &w->request->styles[i]);
}

/* Blanks out every place where the phrase stands as words of its own. */
static void cover(char *sentence, const char *phrase)
{
    size_t bytes = strlen(phrase);
    for (char *at = sentence; bytes && (at = strstr(at, phrase)) != NULL; at += bytes) {
        bool whole = (at == sentence || !isalnum((unsigned char)at[-1])) &&
                     (!isalnum((unsigned char)at[bytes]) || phrase[bytes - 1] == ' ');
        if (whole)
            memset(at, ' ', bytes);
    }
}

static size_t letters_in(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += *text != ' ' && !ispunct((unsigned char)*text);
    return count;
}

/* Most of it is phrases, and nobody is in it. */
static bool is_manner(const struct rewrite *w, const char *sentence)
{
    char *left = text_lower(w->film->arena, sentence);
    size_t letters = letters_in(left);
    if (strpbrk(left, HERO_MARK PRODUCT_MARK))
        return false;
    if (text_starts(left, "the camera "))
        return true;
    for (size_t i = 0; i < w->manner_count; i++)
        cover(left, w->manner[i]);
    return letters_in(left) * 5 <= letters * 2;
}

/* ---- sentences that stay ---- */

/* Where a sentence ends: behind its full stop and what closes it. */
static const char *sentence_end(const char *at)
{
    for (; *at; at++) {
        const char *behind = at + 1;
        if (!strchr(".!?", *at))
            continue;
        while (*behind == '"' || *behind == ')' || *behind == '\'')
            behind++;
        behind += text_starts(behind, "\xE2\x80\x9D") ? 3 : 0;
        if (*behind == ' ' || !*behind)
            return behind;
    }
    return at;
}

/* How many bytes of a sentence's beginning say the size of the shot; 0 for none. The longest
 * counts. */
static size_t shot_said_at(const char *sentence)
{
    size_t most = 0;
    for (int shot = 1; shot < SHOT_COUNT; shot++) {
        const char *words = film_shot_words(shot);
        size_t bytes = strlen(words);
        bool starts = strncasecmp(sentence, words, bytes) == 0 && sentence[bytes] &&
                      strchr(" ,:.", sentence[bytes]);
        if (starts && bytes > most)
            most = bytes;
    }
    return most;
}

/* What happens, with a mark where it begins on the size of the shot. */
static const char *story_of(const struct rewrite *w, const char *prompt)
{
    struct arena *a = w->film->arena;
    struct text out = text_new(a);
    for (const char *at = prompt, *end; *at; at = end + strspn(end, " ")) {
        end = sentence_end(at);
        const char *sentence = arena_copy_n(a, at, (size_t)(end - at));
        size_t said = shot_said_at(sentence);
        if (said || !is_manner(w, sentence))
            text_printf(&out, "%s%s%s", out.length ? " " : "", said ? SHOT_MARK : "",
                        sentence + said);
    }
    return text_end(&out);
}

/* A size or a move that the story itself speaks of is a part of it. */
static void read_story(struct rewrite *w)
{
    struct film *f = w->film;
    w->story = story_of(w, with_marks(w, text_tidy(f->arena, w->scene->prompt)));
    w->told = framing_from_text(f->task, w->story);
    if (strstr(w->story, SHOT_MARK))
        w->told.shot = 0;
}

/* ---- the instruction ---- */

static int size_beside(int shot, const char *wish)
{
    bool closer = strstr(wish, "closer") || strstr(wish, "tighter");
    bool wider =
        strstr(wish, "wider") || strstr(wish, "further away") || strstr(wish, "farther away");
    int beside = shot + closer - wider;
    return !closer && !wider ? 0 : beside < 1 ? 1 : beside >= SHOT_COUNT ? SHOT_COUNT - 1 : beside;
}

/* One part of it: taken as size, move, hour or weather, or left to be said as it is. */
static enum err read_wish(struct rewrite *w, const char *wish, struct text *direction)
{
    struct task *t = w->film->task;
    struct look said;
    struct framing framing = framing_from_text(t, wish);
    enum err e = look_from_text(t, wish, &said);
    if (e)
        return e;
    if (!framing.shot)
        framing.shot = size_beside(w->film->scenes[0].shot, text_lower(t->arena, wish));
    w->said.shot = or_else(framing.shot, w->said.shot);
    w->said.move = or_else(framing.move, w->said.move);
    w->time = or_else(said.time, w->time);
    w->weather = or_else(said.weather, w->weather);
    bool taken = framing.shot || framing.move || said.time || said.weather;
    bool is_short = tokens_of(t->arena, wish).count <= SHORT_WISH_WORDS;
    if (*wish && !(taken && is_short && said.cast_count == 0 && !said.place))
        text_printf(direction, "%s%s", direction->length ? ", " : "", wish);
    return OK;
}

static enum err read_instruction(struct rewrite *w)
{
    struct arena *a = w->film->arena;
    struct text direction = text_new(a);
    const char *at = text_tidy(a, w->request->instruction);
    enum err e = OK;
    while (*at && !e) {
        size_t bytes = strcspn(at, ",;.");
        e = read_wish(w, text_tidy(a, arena_copy_n(a, at, bytes)), &direction);
        at += bytes + strspn(at + bytes, ",;. ");
    }
    w->direction = text_end(&direction);
    return e;
}

/* ---- hour and weather ---- */

/* The words for the one as those for the other, where they stand; else as a sentence of their
 * own. */
static const char *say_instead(struct arena *a, const char *text, const char *was, const char *now)
{
    if (was && strstr(text, was))
        return text_replace(a, text, was, now);
    if (was && strstr(text, capitalised(a, was)))
        return text_replace(a, text, capitalised(a, was), capitalised(a, now));
    return *now ? arena_format(a, "%s %s.", text, capitalised(a, now)) : text;
}

static const char *say_hour(struct rewrite *w, const char *text)
{
    struct scene_draft *s = &w->film->scenes[0];
    if (!w->time || w->time == s->time)
        return text;
    text = say_instead(w->film->arena, text, film_hour_words(s->time), film_hour_words(w->time));
    s->time = w->time;
    return text;
}

static const char *say_weather(struct rewrite *w, const char *text)
{
    struct arena *a = w->film->arena;
    struct scene_draft *s = &w->film->scenes[0];
    enum shelter shelter = s->location->shelter;
    if (!w->weather || w->weather == s->weather)
        return text;
    const char *was = film_weather_words(s->weather, shelter),
               *now = film_weather_words(w->weather, shelter);
    if (was && !now) {
        text = text_replace(a, text, arena_format(a, shelter == INDOORS ? ", %s" : " %s", was), "");
        text = text_replace(a, text, arena_format(a, " %s.", capitalised(a, was)), "");
    } else if (now) {
        text = say_instead(a, text, was, now);
    }
    s->weather = w->weather;
    return text;
}

/* ---- the whole ---- */

static bool in_picture(const struct look *look, const struct look_cast *member)
{
    for (size_t i = 0; i < look->cast_count; i++) {
        if (text_equal(look->cast[i].name, member->name))
            return true;
    }
    return false;
}

/* Whoever is in the picture is in the words: a description may be younger than the prompt. */
static void introduce_all(const struct rewrite *w, const char *story, struct text *prompt)
{
    const struct film *f = w->film;
    const struct planned_scene *s = w->scene;
    text_append(prompt, without_marks(w, story));
    if (!text_is_empty(f->request->character) && in_picture(&s->look, &f->premise.hero.cast))
        film_introduce(f, &f->premise.hero, prompt);
    if (f->premise.has_product &&
        (s->product_shot || in_picture(&s->look, &f->premise.product.cast)))
        film_introduce(f, &f->premise.product, prompt);
}

/* Where the story neither begins on a size nor speaks of one, the size stands before it. */
static const char *with_shot(const struct rewrite *w, const char *story)
{
    struct arena *a = w->film->arena;
    const char *shot = capitalised(a, film_shot_words(w->film->scenes[0].shot));
    if (strstr(story, SHOT_MARK))
        return text_replace(a, story, SHOT_MARK, shot);
    return w->told.shot && !w->said.shot ? story : arena_format(a, "%s. %s", shot, story);
}

static const char *prompt_anew(struct rewrite *w)
{
    struct text prompt = text_new(w->film->arena);
    introduce_all(w, with_shot(w, say_weather(w, say_hour(w, w->story))), &prompt);
    if (*w->direction)
        text_printf(&prompt, " Direction: %s.", w->direction);
    film_write_manner(w->film, 0, &prompt);
    return text_end(&prompt);
}

static void write_anew(struct rewrite *w, uint64_t seed, struct planned_scene *out)
{
    struct film *f = w->film;
    struct scene_draft *s = &f->scenes[0];
    *s = draft_of(f, w->scene);
    f->seed = seed;
    film_set_anew(f, 0, &(struct framing){
        .shot = or_else(w->said.shot, w->told.shot ? s->shot : 0),
        .move = or_else(w->said.move, w->told.move ? s->move : 0),
    });
    *out = *w->scene;
    out->prompt = prompt_anew(w);
    out->camera = film_camera_note(f, 0);
    out->look.shot    = s->shot;
    out->look.move    = s->move;
    out->look.time    = s->time;
    out->look.weather = s->weather;
}

/* Another scene shows this already, as plan_check() sees it. */
static bool is_shown(const struct rewrite_request *r, const struct look *look)
{
    int action = look->cast_count ? look->cast[0].action : 0;
    for (size_t i = 0; i < r->scene_count; i++) {
        const struct look *o = &r->scenes[i].look;
        if (i != r->index && o->place == look->place && o->shot == look->shot &&
            o->move == look->move && (o->cast_count ? o->cast[0].action : 0) == action)
            return true;
    }
    return false;
}

enum err offline_rewrite(struct task *t, const struct rewrite_request *request,
                         struct planned_scene *out)
{
    struct rewrite w = { .request = request,
                         .scene = &request->scenes[request->index],
                         .direction = "" };
    enum err e = film_of_scene(t, request->film, w.scene, &w.film);
    if (e)
        return e;
    const struct premise *p = &w.film->premise;
    w.hero    = text_is_empty(request->film->character) ? p->hero.full : request->film->character;
    w.product = p->has_product ? p->product.full : "";
    know_manner(&w);
    read_story(&w);
    e = read_instruction(&w);
    uint64_t seed = (uint64_t)request->seed ^ rng_seed_from_text(w.scene->title);
    for (uint64_t i = 0; i < SEEDS_TRIED && !e; i++) {
        write_anew(&w, seed + i * 7919, out);
        if (!text_equal(out->prompt, w.scene->prompt) && !is_shown(request, &out->look))
            break;
    }
    return e;
}
