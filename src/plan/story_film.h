#pragma once

/* A film being planned by the offline planner. Inside the room only. */

#include "base/rng.h"
#include "plan/story_fill.h"

enum { LOCATIONS_MAX = 40 };

/* Somewhere the film goes, and comes back to. */
struct location {
    const char              *name, *at;
    const char              *features;        /* "" where the lore of its kind does not apply */
    int                      place;
    /* NULL for places that are drawn as something they are not */
    const struct place_lore *lore;
    enum shelter             shelter;
    int                      visits;
};

struct scene_draft {
    struct cut               cut;
    size_t                   beat;            /* of the mode */
    enum phase               phase;
    const char              *section;
    const char              *lyric;           /* sung here; "" */
    double                   energy;
    /* what the concept says happens here; NULL for most */
    const struct plot_point *point;
    bool                     repeat;          /* of the point, at the climax */
    struct location         *location;
    bool                     arrives;         /* first scene at this location since another one */
    int                      time, weather, mood, shot, move;
    enum line_kind           kind;
    int                      action;
    const char              *title;           /* to be filled, like the line */
    const char              *line;
    /* of the point, in the user's words, agreeing with the hero */
    const char              *event;
    bool                     lips_move;
};

struct film {
    struct task               *task;
    struct arena              *arena;
    const struct plan_request *request;
    struct premise             premise;
    bool                       sells;         /* an advertisement */
    const struct arc          *arc;
    const struct ad_lore      *ad;
    /* the object that returns, where the concept has none */
    struct subject             motif;
    const struct story_line   *motif_lines;
    struct location            locations[LOCATIONS_MAX];
    size_t                     location_count;
    struct scene_draft        *scenes;
    size_t                     scene_count;
    const char               **used_lines, **used_titles;
    size_t used_line_count, used_line_capacity, used_title_count, used_title_capacity;
    /* the mode's own templates, by step; each list ends with LINE_END */
    struct story_line        **step_lines;
    double                     shots_taken[SHOT_COUNT], moves_taken[MOVE_COUNT];
    /* while a line is chosen: it must have the hero in it */
    bool                       hero_due;
    double                     loud;          /* while a line is chosen: the song's energy */
    uint64_t                   seed;
};

/* planner_steps.c: which step of the mode's story each scene belongs to, its section and energy. */
void film_set_steps(struct film *f);

/* planner_lyrics.c: what is sung where. */
void film_set_lyrics(struct film *f);

/* planner_world.c: the places of the film, and who is where when, in what weather. */
void film_set_world(struct film *f);

/* planner_scenes.c: what is seen in each scene and how it is shot. */
void film_set_scenes(struct film *f);

/* The same for a scene that shows what its event says, where the words leave that open. */
void film_set_idea(struct film *f, size_t index, const struct framing *said);

/* Another size and move for a scene that has both; what is said stands. */
void film_set_anew(struct film *f, size_t index, const struct framing *said);

/* planner_offline.c: is this a mode of advertisements; what kind of story it is, and the object
 * that returns in it. */
bool mode_sells(const struct mode *mode);
void film_set_story(struct film *f);

/* The idea read, the film cut, and each scene given its step, section, energy and lyric: where
 * every planner begins. */
enum err film_begin(struct task *t, const struct plan_request *request, struct film **out);

/*
 * planner_rewrite.c: one scene of a film that has its plan, as if it were the whole: scenes[0]
 * stands as the scene says, the film's people and product are read from the request.
 */
enum err film_of_scene(struct task *t, const struct plan_request *request,
                       const struct planned_scene *scene, struct film **out);

/* planner_idea.c: which step of the mode's story a scene from an idea is, by the step before it. */
size_t film_idea_step(const struct film *f, const char *story_beat, bool product);

/* The planner that needs nobody. */
enum err offline_idea(struct task *t, const struct idea_request *request,
                      struct planned_scene *out);
enum err offline_rewrite(struct task *t, const struct rewrite_request *request,
                         struct planned_scene *out);

/* The name on the end card, its line and its call; the last two where a planner has none of its
 * own. */
void film_write_card(const struct film *f, struct planned_scene *out);

/* planner_prompt.c: the scene in words. */
void film_write_scene(struct film *f, size_t index, struct planned_scene *out);
const char *product_title(const struct film *f);

/* How it is shot, lit and worded: the sentences of a prompt after those that say what happens. */
void film_write_manner(const struct film *f, size_t index, struct text *out);

/* "medium shot, slow push in, 35 mm". */
const char *film_camera_note(const struct film *f, size_t index);

/* What those sentences are made of, but for the style's own phrases. */
const char **film_manner_phrases(struct arena *a, size_t *out_count);

/* How prompts call a size, an hour and a weather; NULL where they do not. */
const char *film_shot_words(int shot);
const char *film_hour_words(int time);
const char *film_weather_words(int weather, enum shelter shelter);

/* planner_idea.c: " The courier: a young night courier ...", where the prompt does not have their
 * wording already. */
void film_introduce(const struct film *f, const struct subject *who, struct text *prompt);

/* Is the product in the picture? */
bool film_shows_product(const struct film *f, const struct scene_draft *s);

/* Which step of an advertisement a scene is, by where the mode first shows the product. */
enum ad_step ad_step_of(const struct film *f, const struct scene_draft *s);

/* Is this a place where such a product is used? */
bool ad_is_at_home(const struct film *f, const struct location *l);

/* The slots as they stand in this scene. */
struct fill film_fill(const struct film *f, const struct scene_draft *s);
