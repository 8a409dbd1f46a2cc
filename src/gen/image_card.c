/*
 * Reference cards, drawn in the media child. Chance would give two of four options the same coat
 * now and then, so what a description leaves open is dealt out in turn instead, from a place in
 * each list that the name decides.
 */
#include "gen/image.h"

#include "base/rng.h"

#define DEAL(deal, use, list) ((list)[deal_index((deal), (use), sizeof(list) / sizeof *(list))])

static const int any_hair[] = { HAIR_SHORT, HAIR_LONG, HAIR_CURLY, HAIR_BUN, HAIR_BOB, HAIR_HAT };
static const int female_hair[] = { HAIR_LONG, HAIR_BOB, HAIR_CURLY, HAIR_BUN };
static const int male_hair[] = { HAIR_SHORT, HAIR_CURLY, HAIR_HAT, HAIR_BALD };
static const int any_garment[] = { GARMENT_JACKET, GARMENT_SHIRT, GARMENT_HOODIE, GARMENT_COAT };
static const int female_garment[] = { GARMENT_DRESS, GARMENT_JACKET, GARMENT_SHIRT, GARMENT_COAT };
static const look_colour skins[] = { 0xE8B593, 0x8A5233, 0xF3CDB0, 0xC68658, 0x6B3E28, 0xD99F76 };
static const look_colour hairs[] = { 0x2E211D, 0x6E4428, 0x1E1719, 0x4A2F22 };
static const look_colour fair_hairs[] = { 0x4A2F22, 0xB98A4E, 0x7D2F22, 0x1E1719 };
static const look_colour greys[] = { 0xD8D5CF, 0xA9A6A2, 0xECE8E0 };
static const look_colour cloths[] = { 0xC8452F, 0x2F6F73, 0xE0A030, 0x3B4F8A,
                                      0x4E7A4A, 0x8A3F5E, 0xE8DCC4, 0x5B4B8A };
static const look_colour coats[] = { 0xB9773F, 0x3B2F2C, 0xE0C294, 0x8C8A8E };

struct deal {
    uint64_t name_seed;
    uint64_t turn;
};

static size_t deal_index(const struct deal *d, const char *use, size_t count)
{
    struct rng r = rng_fork(d->name_seed, use);
    return (size_t)((rng_next(&r) % count + d->turn) % count);
}

static bool is_human(int kind)
{
    return kind == FIGURE_PERSON || kind == FIGURE_DANCER || kind == FIGURE_CHILD;
}

static bool is_fair(look_colour skin)
{
    return (skin >> 16 & 255) > 0xD0;
}

static void deal_person(const struct deal *d, struct look_cast *c)
{
    if (!c->hair)
        c->hair = c->female ? DEAL(d, "hair", female_hair)
                  : c->male ? DEAL(d, "hair", male_hair)
                            : DEAL(d, "hair", any_hair);
    if (!c->garment)
        c->garment =
            c->female ? DEAL(d, "garment", female_garment) : DEAL(d, "garment", any_garment);
    if (c->skin < 0)
        c->skin = DEAL(d, "skin", skins);
    if (c->hair_colour < 0)
        c->hair_colour = c->build == BUILD_OLD ? DEAL(d, "grey", greys)
                         : is_fair(c->skin)    ? DEAL(d, "fair hair", fair_hairs)
                                               : DEAL(d, "dark hair", hairs);
}

struct look_cast image_card_cast(const struct image_request *r)
{
    struct look_cast c = r->cast;
    struct deal d = { (uint64_t)c.appearance_seed, (uint64_t)r->seed };
    bool animal = c.kind == FIGURE_DOG || c.kind == FIGURE_CAT || c.kind == FIGURE_HORSE;

    if (is_human(c.kind))
        deal_person(&d, &c);
    if (c.garment_colour < 0)
        c.garment_colour = animal ? DEAL(&d, "coat", coats) : DEAL(&d, "cloth", cloths);
    c.appearance_seed =
        (int64_t)(rng_fork((uint64_t)(c.appearance_seed + r->seed), "card").state >> 1);
    c.picture_index = -1;
    return c;
}

static enum err card_submit(struct media *m, struct task *t, const struct image_request *request,
                            int out, struct image_receipt *receipt)
{
    (void)m;
    (void)out;
    *receipt = (struct image_receipt){
        .outcome = NET_CREATED,
        .ticket = arena_format(t->arena, "card-%lld", (long long)request->seed),
    };
    return OK;
}

static enum err card_poll(struct media *m, struct task *t, const struct image_request *request,
                          const char *ticket, struct image_status *status)
{
    (void)m;
    (void)t;
    (void)request;
    (void)ticket;
    *status = (struct image_status){ .state = IMAGE_READY };
    return OK;
}

static enum err card_fetch(struct media *m, struct task *t, const struct image_request *request,
                           const char *ticket, int out)
{
    (void)ticket;
    struct picture_info info;
    struct draw_card card = {
        .width_px = request->width_px,
        .height_px = request->height_px,
        .cast = image_card_cast(request),
        .grade = request->grade,
        .variant = request->seed,
    };
    return media_card(m, t, &card, out, &info);
}

const struct image_driver image_card = {
    .name = "card",
    .submit = card_submit,
    .poll = card_poll,
    .fetch = card_fetch,
};
