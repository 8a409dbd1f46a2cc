/*
 * Who someone is, from a number: what a description leaves open is filled in from the appearance
 * seed, each trait from its own stream, so that setting one trait does not change another.
 */

#include "draw/figure_kinds.h"

#include "base/rng.h"

#define PICK(seed, use, list) ((list)[pick((seed), (use), (int)(sizeof(list) / sizeof *(list)))])

static int pick(int64_t seed, const char *use, int count)
{
    struct rng r = rng_fork((uint64_t)seed, use);
    return rng_below(&r, count);
}

static const look_colour skins[] = { 0xF3CDB0, 0xE8B593, 0xD99F76, 0xC68658,
                                     0xA86A42, 0x8A5233, 0x6B3E28, 0xEBC19C };
static const look_colour hairs[] = { 0x1E1719, 0x2E211D, 0x4A2F22, 0x6E4428,
                                     0x9A5B2C, 0xB98A4E, 0x231F2A, 0x7D2F22 };
static const look_colour greys[] = { 0xD8D5CF, 0xA9A6A2, 0xECE8E0 };
static const look_colour cloths[] = { 0xC8452F, 0xE0A030, 0x2F6F73, 0x3B4F8A, 0x8A3F5E,
                                      0x4E7A4A, 0xD98BA0, 0xE8DCC4, 0x5B4B8A, 0xD96F3A };
static const look_colour suits[] = { 0x27303F, 0x3A3540, 0x4A5568, 0x6B5A48, 0x2F3D36, 0xB8A88A };
static const look_colour bodies[] = { 0xC23B2E, 0x2E6E8E, 0xE2B13C, 0xE9E2D2,
                                      0x3F7D5C, 0xD9743A, 0x4A4E69 };
static const look_colour dogs[] = { 0xB9773F, 0xE0C294, 0x3B2F2C, 0x8A5A34, 0xD9D2C6 };
static const look_colour cats[] = { 0xD98A3D, 0x3A3840, 0x8C8A8E, 0xE6DCCB, 0x5A4438 };
static const look_colour birds[] = { 0x3E6FA8, 0xC7472F, 0xE6E1D6, 0x2D3440, 0xE0A437 };
static const look_colour horses[] = { 0x7A4526, 0x3B2A22, 0xB8854E, 0xD8D0C4, 0x5B3320 };
static const look_colour fishes[] = { 0xE8793A, 0x3FA2B5, 0xE6C04A, 0xC94F5D, 0x8FB6C9 };

static bool is_human(int kind)
{
    return kind == FIGURE_PERSON || kind == FIGURE_DANCER || kind == FIGURE_CHILD ||
           kind == FIGURE_CROWD || kind == FIGURE_ASTRONAUT;
}

static look_colour body_colour(const struct look_cast *c)
{
    int64_t s = c->appearance_seed;
    switch (c->kind) {
    case FIGURE_DOG:
        return PICK(s, "coat", dogs);
    case FIGURE_CAT:
        return PICK(s, "coat", cats);
    case FIGURE_BIRD:
        return PICK(s, "coat", birds);
    case FIGURE_HORSE:
        return PICK(s, "coat", horses);
    case FIGURE_FISH:
        return PICK(s, "coat", fishes);
    case FIGURE_ASTRONAUT:
        return 0xE9E6DF;
    case FIGURE_ROBOT:
        return PICK(s, "shell", bodies);
    default:
        break;
    }
    if (is_human(c->kind))
        return c->garment == GARMENT_SUIT ? PICK(s, "suit", suits) : PICK(s, "cloth", cloths);
    return PICK(s, "body", bodies);
}

static look_colour hair_colour(const struct look_cast *c)
{
    if (c->build == BUILD_OLD)
        return PICK(c->appearance_seed, "grey", greys);
    /* Fair and red hair only where the skin is fair too. */
    return hairs[pick(c->appearance_seed, "hair colour", colour_luma(c->skin) > 0.6 ? 8 : 4)];
}

static int default_action(int kind)
{
    switch (kind) {
    case FIGURE_DANCER:
        return ACTION_DANCE;
    case FIGURE_BICYCLE:
        return ACTION_RIDE;
    case FIGURE_CAR:
        return ACTION_DRIVE;
    case FIGURE_FISH:
        return ACTION_SWIM;
    case FIGURE_BIRD:
    case FIGURE_ROCKET:
    case FIGURE_BALLOON:
        return ACTION_FLY;
    default:
        return ACTION_STAND;
    }
}

static int chosen(int set, int64_t seed, const char *use, const int *among, int count)
{
    return set ? set : among[pick(seed, use, count)];
}

struct look_cast figure_complete(const struct look_cast *cast)
{
    static const int person_hair[] = { HAIR_SHORT, HAIR_LONG,  HAIR_BUN, HAIR_CURLY,
                                       HAIR_BOB,   HAIR_SHORT, HAIR_HAT, HAIR_BALD };
    static const int person_garment[] = { GARMENT_SHIRT,  GARMENT_COAT,   GARMENT_DRESS,
                                          GARMENT_HOODIE, GARMENT_JACKET, GARMENT_SHIRT };
    static const int person_build[] = { BUILD_AVERAGE, BUILD_AVERAGE, BUILD_SLIM,
                                        BUILD_BROAD,   BUILD_TALL,    BUILD_SHORT };
    struct look_cast c = *cast;
    int64_t s = c.appearance_seed;

    if (!c.name)
        c.name = "";
    if (c.kind <= 0 || c.kind >= FIGURE_COUNT)
        c.kind = FIGURE_PERSON;
    if (c.action <= 0 || c.action >= ACTION_COUNT)
        c.action = default_action(c.kind);
    c.build = chosen(c.build, s, "build", person_build, 6);
    c.hair = chosen(c.hair, s, "hair", person_hair, 8);
    c.garment = chosen(c.garment, s, "garment", person_garment, 6);
    /* A dress suggests hair that the seed alone would not; only when neither hair nor garment was
     * asked for. */
    if (!cast->hair && !cast->garment && c.garment == GARMENT_DRESS &&
        (c.hair == HAIR_BALD || c.hair == HAIR_SHORT))
        c.hair = HAIR_BOB;
    if (cast->female && !cast->hair && (c.hair == HAIR_BALD || c.hair == HAIR_SHORT))
        c.hair = HAIR_BOB;
    if (cast->male && !cast->hair &&
        (c.hair == HAIR_LONG || c.hair == HAIR_BUN || c.hair == HAIR_BOB))
        c.hair = HAIR_SHORT;
    if (cast->male && !cast->garment && c.garment == GARMENT_DRESS)
        c.garment = GARMENT_SHIRT;
    if (c.skin < 0)
        c.skin = PICK(s, "skin", skins);
    if (c.hair_colour < 0)
        c.hair_colour = hair_colour(&c);
    if (c.garment_colour < 0)
        c.garment_colour = body_colour(&c);
    return c;
}
