#pragma once

/*
 * What can be seen: the vocabulary shared by planners, which choose from it, and the renderer,
 * which draws it.
 *
 * Every word is an enum with a name table, so that records, styles and requests carry words and the
 * compiler carries numbers. Zero is always "not set": the renderer then chooses by seed, a planner
 * fills it in. Pure data: nothing here needs a drawing library.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/fields.h"
#include "base/limits.h"

#define LOOK_PLACES(X)                                                                             \
    X(CITY_STREET, "city-street") X(ALLEY, "alley") X(ROOFTOP, "rooftop") X(SKYLINE, "skyline")    \
    X(BRIDGE, "bridge") X(MARKET, "market") X(FOREST, "forest") X(DESERT, "desert")                \
    X(MOUNTAINS, "mountains") X(SEA_SHORE, "sea-shore") X(LAKE, "lake")                            \
    X(UNDERWATER, "underwater") X(FIELD, "field") X(GARDEN, "garden")                              \
    X(SNOW_FIELD, "snow-field") X(ROAD, "road") X(TRAIN, "train")                                  \
    X(CAR_INTERIOR, "car-interior") X(ROOM, "room") X(KITCHEN, "kitchen")                          \
    X(BATHROOM, "bathroom") X(OFFICE, "office") X(DINER, "diner") X(CLUB, "club")                  \
    X(STAGE, "stage") X(STUDIO, "studio") X(GALLERY, "gallery") X(SPACE, "space") X(SKY, "sky")    \
    X(ABSTRACT, "abstract")

#define LOOK_TIMES(X) \
    X(DAWN, "dawn") X(DAY, "day") X(GOLDEN_HOUR, "golden-hour") X(DUSK, "dusk") X(NIGHT, "night")

#define LOOK_WEATHERS(X)                                                                           \
    X(CLEAR, "clear") X(CLOUDY, "cloudy") X(RAIN, "rain") X(STORM, "storm") X(SNOW, "snow")        \
    X(FOG, "fog") X(WIND, "wind") X(DUST, "dust")

#define LOOK_SHOTS(X)                                                                              \
    X(EXTREME_WIDE, "extreme-wide") X(WIDE, "wide") X(FULL, "full") X(MEDIUM, "medium")            \
    X(CLOSE_UP, "close-up") X(EXTREME_CLOSE_UP, "extreme-close-up") X(DETAIL, "detail")

#define LOOK_MOVES(X)                                                                              \
    X(STATIC, "static") X(PUSH_IN, "push-in") X(PULL_OUT, "pull-out") X(PAN_LEFT, "pan-left")      \
    X(PAN_RIGHT, "pan-right") X(TILT_UP, "tilt-up") X(TILT_DOWN, "tilt-down")                      \
    X(CRANE_UP, "crane-up") X(CRANE_DOWN, "crane-down") X(DOLLY_LEFT, "dolly-left")                \
    X(DOLLY_RIGHT, "dolly-right") X(ORBIT, "orbit") X(HANDHELD, "handheld")

#define LOOK_MOODS(X)                                                                              \
    X(CALM, "calm") X(JOYFUL, "joyful") X(TENSE, "tense") X(DREAMY, "dreamy")                      \
    X(MELANCHOLY, "melancholy") X(TRIUMPHANT, "triumphant") X(PLAYFUL, "playful")                  \
    X(MYSTERIOUS, "mysterious")

#define LOOK_FIGURES(X)                                                                            \
    X(PERSON, "person") X(DANCER, "dancer") X(CHILD, "child") X(ASTRONAUT, "astronaut")            \
    X(ROBOT, "robot") X(CROWD, "crowd") X(DOG, "dog") X(CAT, "cat") X(BIRD, "bird")                \
    X(HORSE, "horse") X(FISH, "fish") X(CAR, "car") X(BICYCLE, "bicycle") X(BOAT, "boat")          \
    X(ROCKET, "rocket") X(BALLOON, "balloon") X(PRODUCT, "product")

#define LOOK_ACTIONS(X)                                                                            \
    X(STAND, "stand") X(WALK, "walk") X(RUN, "run") X(DANCE, "dance") X(SING, "sing")              \
    X(PLAY_GUITAR, "play-guitar") X(PLAY_DRUMS, "play-drums") X(SIT, "sit")                        \
    X(LOOK_UP, "look-up") X(LOOK_AWAY, "look-away") X(REACH, "reach") X(HOLD, "hold")              \
    X(DRINK, "drink") X(DRIVE, "drive") X(RIDE, "ride") X(SLEEP, "sleep") X(JUMP, "jump")          \
    X(FALL, "fall") X(FLY, "fly") X(SWIM, "swim") X(TURN, "turn") X(POINT, "point")                \
    X(READ, "read") X(COOK, "cook") X(TYPE, "type") X(WAVE, "wave")

#define LOOK_BUILDS(X)                                                                             \
    X(AVERAGE, "average")                                                                          \
    X(SLIM, "slim") X(BROAD, "broad") X(TALL, "tall") X(SHORT, "short") X(OLD, "old")

#define LOOK_HAIRS(X)                                                                              \
    X(SHORT, "short") X(LONG, "long") X(BUN, "bun") X(CURLY, "curly") X(BOB, "bob")                \
    X(BALD, "bald") X(HAT, "hat") X(HOOD, "hood")

#define LOOK_GARMENTS(X)                                                                           \
    X(SHIRT, "shirt") X(COAT, "coat") X(DRESS, "dress") X(SUIT, "suit") X(HOODIE, "hoodie")        \
    X(JACKET, "jacket")

#define LOOK_ENUM(kind, PREFIX, LIST)                          \
    enum look_##kind {                                         \
        PREFIX##_NOT_SET = 0,                                  \
        LIST(LOOK_ENUM_##PREFIX)                               \
        PREFIX##_COUNT,                                        \
    };                                                         \
    extern const char *const look_##kind##_names[PREFIX##_COUNT + 1];

#define LOOK_ENUM_PLACE(id, name)   PLACE_##id,
#define LOOK_ENUM_TIME(id, name)    TIME_##id,
#define LOOK_ENUM_WEATHER(id, name) WEATHER_##id,
#define LOOK_ENUM_SHOT(id, name)    SHOT_##id,
#define LOOK_ENUM_MOVE(id, name)    MOVE_##id,
#define LOOK_ENUM_MOOD(id, name)    MOOD_##id,
#define LOOK_ENUM_FIGURE(id, name)  FIGURE_##id,
#define LOOK_ENUM_ACTION(id, name)  ACTION_##id,
#define LOOK_ENUM_BUILD(id, name)   BUILD_##id,
#define LOOK_ENUM_HAIR(id, name)    HAIR_##id,
#define LOOK_ENUM_GARMENT(id, name) GARMENT_##id,

/* enum look_place { PLACE_NOT_SET, PLACE_CITY_STREET, ... PLACE_COUNT } and look_place_names[],
 * NULL-ended. */
LOOK_ENUM(place, PLACE, LOOK_PLACES)
LOOK_ENUM(time, TIME, LOOK_TIMES)
LOOK_ENUM(weather, WEATHER, LOOK_WEATHERS)
LOOK_ENUM(shot, SHOT, LOOK_SHOTS)
LOOK_ENUM(move, MOVE, LOOK_MOVES)
LOOK_ENUM(mood, MOOD, LOOK_MOODS)
LOOK_ENUM(figure, FIGURE, LOOK_FIGURES)
LOOK_ENUM(action, ACTION, LOOK_ACTIONS)
LOOK_ENUM(build, BUILD, LOOK_BUILDS)
LOOK_ENUM(hair, HAIR, LOOK_HAIRS)
LOOK_ENUM(garment, GARMENT, LOOK_GARMENTS)

/* A colour as 0xRRGGBB, sRGB; COLOUR_NOT_SET lets the palette decide. */
typedef int64_t look_colour;
#define COLOUR_NOT_SET (-1)

/*
 * Someone or something in the picture. The same `name` looks the same in every scene: whatever is
 * not set is derived from appearance_seed, which planners make from the name alone.
 */
struct look_cast {
    const char *name;                 /* "Mara", "the courier", "the kettle"; "" for extras */
    int         kind;                 /* enum look_figure */
    int         action;               /* enum look_action */
    int         build;                /* enum look_build */
    int         hair;                 /* enum look_hair */
    int         garment;              /* enum look_garment */
    look_colour skin, hair_colour, garment_colour;    /* for objects: garment_colour is the body */
    int64_t     appearance_seed;
    int64_t     picture_index;        /* into the pictures given with the scene; -1 for none */
    bool        female, male;         /* as the words say; neither where they do not */
    bool        sings;                /* the mouth follows the mouth curve of the scene */
};

/* What one scene looks like, before any style is laid over it. */
struct look {
    int              place, time, weather, shot, move, mood;      /* the enums above */
    struct look_cast *cast;           /* most important first */
    size_t           cast_count;      /* 0..CAST_MAX */
};

extern const struct field look_cast_fields[];
extern const struct field look_fields[];

/*
 * A director's hand on the picture: from styles/NAME.yaml, the part the renderer needs.
 * Colours run from the darkest to the lightest surface, then accents.
 */
struct look_grade {
    look_colour shade, mid, light, paper;     /* ground tones, dark to light */
    look_colour accent, accent2;              /* what the eye should find */
    double      letterbox;            /* picture ratio behind bars, e.g. 2.39; 0 for none */
    double      grain;                /* 0..1 */
    double      vignette;             /* 0..1 */
    double      contrast;             /* 1 is neutral */
    double      saturation;           /* 1 is neutral */
    double      glow;                 /* 0..1, bloom around lights */
    double      symmetry;             /* 1 centres everything, 0 keeps to the thirds */
    double      tilt_degrees;         /* dutch angle */
    double      camera;               /* amplitude of camera moves, 1 is neutral */
    /* 0..1, paper fibre and print misregistration on flat areas */
    double      texture;
    bool        outline;              /* ink lines around figures (anime, gothic) */
    /* Pango family for titles, e.g. "Inter"; "" for the default */
    const char *font;
};

extern const struct field look_grade_fields[];
