/*
 * People: limbs as lofts over a posed skeleton, drawn from the farthest to the nearest.
 *
 * The same drawing serves the figure and the portrait: a portrait is the person seen from near, so
 * hair, skin and garment cannot differ between the two.
 */

#include "draw/figure_kinds.h"

#include <math.h>

#include "base/rng.h"

/* ---- colours of clothes ---- */

static look_colour bottom_colour(const struct look_cast *c)
{
    static const look_colour dark[] = { 0x2B3448, 0x33302F, 0x40434F, 0x3A2F3C },
                             pale[] = { 0xC8B490, 0x7F8CA3, 0xD6CFC0, 0x8F7A5C };
    struct rng r = rng_fork((uint64_t)c->appearance_seed, "bottom");
    if (c->garment == GARMENT_SUIT)
        return c->garment_colour;
    return colour_luma(c->garment_colour) > 0.22 ? dark[rng_below(&r, 4)] : pale[rng_below(&r, 4)];
}

static look_colour shoe_colour(const struct look_cast *c)
{
    static const look_colour shoes[] = { 0x2A2226, 0xEFEAE0, 0x6B3F28, 0xB5382E, 0x2E2A33 };
    struct rng r = rng_fork((uint64_t)c->appearance_seed, "shoes");
    return c->garment == GARMENT_SUIT ? 0x2A2226 : shoes[rng_below(&r, 5)];
}

static look_colour inner_colour(const struct look_cast *c)
{
    return colour_luma(c->garment_colour) > 0.62 ? 0x3A3D4C : 0xF2EBDD;
}

/* Below a picture the body wears the picture's colours. */
static struct look_cast dressed_like(const struct look_cast *c,
                                     const struct figure_picture *picture)
{
    struct look_cast worn = *c;
    if (picture && picture->paper && picture->skin >= 0)
        worn.skin = picture->skin;
    if (picture && picture->paper && picture->cloth >= 0)
        worn.garment_colour = picture->cloth;
    return worn;
}

static struct wardrobe wardrobe_of(const struct pen *pen, const struct look_cast *cast,
                                   const struct figure_picture *picture)
{
    struct look_cast worn = dressed_like(cast, picture), *c = &worn;

    return (struct wardrobe){
        .skin = pen_paint(pen, c->skin),
        .top = pen_paint(pen, c->garment_colour),
        .trim = pen_paint(pen, colour_scale(c->garment_colour,
                                            colour_luma(c->garment_colour) > 0.3 ? 0.72 : 1.5)),
        .bottom = pen_paint(pen, bottom_colour(c)),
        .shoe = pen_paint(pen, shoe_colour(c)),
        .inner = pen_paint(pen, inner_colour(c))
    };
}

struct person person_of(const struct pen *pen, const struct sitter *s)
{
    struct person p = {
        .pen = pen, .cast = s->cast, .body = body_of(s->cast), .picture = s->picture
    };

    p.stance = stance_of(s->cast, s->moment);
    p.bones = skeleton_of(&p.body, &p.stance.pose, p.stance.facing);
    p.face = face_of(s->cast, s->moment, p.bones.head_yaw, p.bones.head_nod);
    p.wear = wardrobe_of(pen, s->cast, s->picture);
    return p;
}

/* ---- limbs ---- */

static struct ring between(struct joint a, struct joint b, double share, double r)
{
    return (struct ring){ mix(a.x, b.x, share), mix(a.y, b.y, share), r };
}

void limb_rings(struct joint a, struct joint b, struct joint c, double ra, double rb, double rc,
                struct ring out[LIMB_RINGS])
{
    out[0] = between(a, b, 0, ra);
    out[1] = between(a, b, 0.45, mix(ra, rb, 0.40));
    out[2] = between(a, b, 0.82, mix(ra, rb, 0.90));
    out[4] = between(b, c, 0.20, mix(rb, rc, 0.02) * 1.02);
    out[5] = between(b, c, 0.50, mix(rb, rc, 0.42));
    out[6] = between(b, c, 1, rc);
    out[3] = (struct ring){ b.x * 0.7 + (out[2].x + out[4].x) * 0.15,
                            b.y * 0.7 + (out[2].y + out[4].y) * 0.15, rb };
}

/* A shoe from heel to toe with a flat sole; seen from the front it is short and high. */
static void draw_shoe(const struct person *p, int side)
{
    const struct skeleton *s = &p->bones;
    double k = p->body.ankle / 0.042, dx = s->toe[side].x - s->heel[side].x,
           dy = s->toe[side].y - s->heel[side].y;
    double length = fmax(hypot(dx, dy), 0.062 * k),
           angle = fabs(dx) > 1e-6 || fabs(dy) > 1e-6 ? atan2(dy, dx) : 0;
    double g = cos(angle) < 0 ? -1 : 1, foreshort = clamp(1 - (length / k - 0.06) / 0.06, 0, 1);
    struct pen pen;
    struct point up[] = { { -0.020 * k, 0.000 },         { -0.024 * k, -0.024 * k },
                          { -0.014 * k, -0.052 * k },    { 0.020 * k, -0.052 * k },
                          { length * 0.50, -0.034 * k }, { length * 0.86, -0.024 * k },
                          { length * 1.02, -0.008 * k }, { length * 0.96, 0.002 * k } };

    if (foreshort > 0.75) /* towards the camera: the sole no longer says where the toe points */
        angle = 0, g = 1;
    pen = pen_enter(p->pen, s->heel[side].x, s->heel[side].y, angle, 1);
    if (foreshort > 0.75)
        for (int i = 0; i < 8; i++)
            up[i].x -= length * 0.42;
    for (int i = 0; i < 8; i++)
        up[i].y *= g;
    pen_blob(&pen, up, 8, p->wear.shoe, 0.16);
    pen_leave(&pen);
}

static bool bare_legs(const struct look_cast *c)
{
    return c->garment == GARMENT_DRESS;
}

static void draw_leg(const struct person *p, int side)
{
    const struct skeleton *s = &p->bones;
    double k = p->body.limb, thick = bare_legs(p->cast) ? 0.88 : 1;
    struct ring leg[LIMB_RINGS];

    draw_shoe(p, side);
    limb_rings(s->hip[side], s->knee[side], s->ankle[side], 0.062 * k * thick, 0.040 * k * thick,
               (bare_legs(p->cast) ? 0.019 : 0.027) * k, leg);
    struct paint cloth = bare_legs(p->cast) ? p->wear.skin : p->wear.bottom;
    if (side != (s->body_yaw > 0 ? 0 : 1) && fabs(s->body_yaw) > 0.4)
        cloth.lit =
            (struct tint){ mix(cloth.lit.r, cloth.dark.r, 0.6), mix(cloth.lit.g, cloth.dark.g, 0.6),
                           mix(cloth.lit.b, cloth.dark.b, 0.6) };
    pen_loft(p->pen, leg, LIMB_RINGS, (struct ends){ -0.6, 0.25 }, cloth, 0.20);
}

/* ---- hands ---- */

static void draw_thumb(const struct person *p, int side, double r)
{
    const struct joint *w = &p->bones.wrist[side], *t = &p->bones.knuckle[side];
    double dx = t->x - w->x, dy = t->y - w->y,
           g = (w->x > p->bones.shoulder[side].x) == (dy > 0) ? 1 : -1;
    struct ring thumb[] = {
        { w->x + dx * 0.15, w->y + dy * 0.15, r * 0.50 },
        { w->x + dx * 0.45 - g * dy * 0.30, w->y + dy * 0.45 + g * dx * 0.30, r * 0.44 },
        { w->x + dx * 0.75 - g * dy * 0.34, w->y + dy * 0.75 + g * dx * 0.34, r * 0.36 }
    };
    pen_loft(p->pen, thumb, 3, (struct ends){ 1, 1 }, p->wear.skin, 0.18);
}

static void draw_fingers(const struct person *p, int side, double r)
{
    const struct joint *w = &p->bones.wrist[side], *t = &p->bones.knuckle[side];
    double dx = t->x - w->x, dy = t->y - w->y;

    for (int i = -1; i <= 1; i++) {
        double off = i * r * 0.52;
        cairo_move_to(p->pen->cr, mix(w->x, t->x, 0.62) - dy / 0.05 * off,
                      mix(w->y, t->y, 0.62) + dx / 0.05 * off);
        cairo_line_to(p->pen->cr, mix(w->x, t->x, 1.12) - dy / 0.05 * off,
                      mix(w->y, t->y, 1.12) + dx / 0.05 * off);
        pen_line(p->pen, p->wear.skin.dark, r * 0.12);
    }
}

static void draw_hand(const struct person *p, int side)
{
    const struct joint *w = &p->bones.wrist[side], *t = &p->bones.knuckle[side];
    double r = 0.021 * mix(1, p->body.limb, 0.6) * p->body.hand / 0.05 * 1.04;
    struct ring palm[] = { { w->x, w->y, r * 0.72 },
                           { mix(w->x, t->x, 0.45), mix(w->y, t->y, 0.45), r },
                           { t->x, t->y, r * 0.80 } };

    pen_loft(p->pen, palm, 3, (struct ends){ 0.6, 1 }, p->wear.skin, 0.20);
    draw_thumb(p, side, r);
    if (p->pen->px * r > 16)
        draw_fingers(p, side, r);
}

/* ---- arms ---- */

enum { SLEEVE_SHORT = 3, SLEEVE_LONG = LIMB_RINGS };

static int sleeve_rings(const struct look_cast *c)
{
    return c->garment == GARMENT_SHIRT   ? SLEEVE_SHORT
           : c->garment == GARMENT_DRESS ? 2
                                         : SLEEVE_LONG;
}

static double sleeve_room(const struct look_cast *c)
{
    return c->garment == GARMENT_HOODIE || c->garment == GARMENT_COAT ? 1.22
           : c->garment == GARMENT_DRESS                              ? 1.05
                                                                      : 1.14;
}

/* Rings from..to-1 of an arm: skin where the sleeve does not reach, cloth over it where it does. */
static void draw_arm_part(const struct person *p, const struct ring *arm, int from, int to)
{
    int sleeve = sleeve_rings(p->cast);
    double room = sleeve_room(p->cast);
    struct ring cloth[LIMB_RINGS];
    struct ends ends = { from ? 0.8 : -0.8, to < LIMB_RINGS ? 0.9 : 0.4 };

    if (sleeve < to)
        pen_loft(p->pen, arm + from, to - from, ends, p->wear.skin, 0.20);
    if (sleeve - from < 2)
        return;
    for (int i = from; i < LIMB_RINGS; i++) {
        cloth[i] = arm[i];
        cloth[i].r *= i == LIMB_RINGS - 1 ? room * 1.12 : room;
    }
    ends.to = sleeve < to || to == LIMB_RINGS ? 0.15 : 0.9;
    pen_loft(p->pen, cloth + from, (sleeve < to ? sleeve : to) - from, ends, p->wear.top, 0.22);
}

static void draw_cuff(const struct person *p, const struct ring *arm)
{
    bool suit = p->cast->garment == GARMENT_SUIT;
    double r = arm[6].r * sleeve_room(p->cast) * 1.12;
    struct ring cuff[2] = {
        { mix(arm[5].x, arm[6].x, 0.78), mix(arm[5].y, arm[6].y, 0.78), r * 1.04 },
        { arm[6].x, arm[6].y, r },
    };
    if (suit || p->cast->garment == GARMENT_HOODIE)
        pen_loft(p->pen, cuff, 2, (struct ends){ 0.1, 0.3 }, suit ? p->wear.inner : p->wear.trim,
                 0.2);
}

/* Bent so far that the forearm lies over the upper arm on the picture. */
static bool is_folded(const struct person *p, int side)
{
    const struct joint *s = &p->bones.shoulder[side], *e = &p->bones.elbow[side];
    const struct joint *w = &p->bones.wrist[side];
    double reach = hypot(w->x - s->x, w->y - s->y);
    return w->depth > e->depth && reach < 0.5 * (p->body.upper_arm + p->body.forearm);
}

static void draw_arm(const struct person *p, int side)
{
    const struct skeleton *s = &p->bones;
    double k = p->body.limb;
    struct ring arm[LIMB_RINGS];

    limb_rings(s->shoulder[side], s->elbow[side], s->wrist[side], 0.031 * k, 0.027 * k, 0.017 * k,
               arm);
    if (is_folded(p, side)) {
        draw_arm_part(p, arm, 0, 4);
        prop_in_hand(p, side);
        draw_hand(p, side);
        draw_arm_part(p, arm, 3, LIMB_RINGS);
    } else {
        prop_in_hand(p, side);
        draw_hand(p, side);
        draw_arm_part(p, arm, 0, LIMB_RINGS);
    }
    draw_cuff(p, arm);
}

/* ---- head ---- */

static struct pen enter_head(const struct person *p)
{
    return pen_enter(p->pen, p->bones.head.x, p->bones.head.y, p->bones.head_tilt, p->body.head);
}

static void draw_neck(const struct person *p)
{
    const struct skeleton *s = &p->bones;
    double r = 0.030 * mix(1, p->body.limb, 0.5) * (p->cast->kind == FIGURE_CHILD ? 0.8 : 1);
    struct paint shaded = p->wear.skin;
    struct ring neck[] = { { s->chest.x, s->chest.y + 0.012, r * 1.5 },
                           { s->neck.x, s->neck.y, r * 1.06 },
                           { mix(s->neck.x, s->head.x, 0.5), mix(s->neck.y, s->head.y, 0.5), r } };

    shaded.lit = (struct tint){ mix(shaded.lit.r, shaded.dark.r, 0.75),
                                mix(shaded.lit.g, shaded.dark.g, 0.75),
                                mix(shaded.lit.b, shaded.dark.b, 0.75) };
    pen_loft(p->pen, neck, 3, (struct ends){ 0.4, 0 }, shaded, 0);
}

/* A character picture takes the place of the head: a paper cut-out that keeps its own proportions.
 */
static void draw_picture_head(const struct person *p)
{
    struct pen head = enter_head(p);
    struct figure_box box = picture_head_box(p->picture);

    picture_cutout(&head, p->picture, box, PICTURE_BORDER);
    pen_leave(&head);
}

static void draw_head(const struct person *p)
{
    if (p->picture) {
        draw_picture_head(p);
        return;
    }
    struct pen head = enter_head(p);
    face_draw(&head, &p->face);
    pen_leave(&head);
}

static void draw_hair_behind(const struct person *p)
{
    if (p->picture)
        return;
    struct pen head = enter_head(p);
    face_draw_behind(&head, &p->face);
    pen_leave(&head);
}

static void draw_hair_before(const struct person *p)
{
    if (p->picture)
        return;
    struct pen head = enter_head(p);
    face_draw_before(&head, &p->face);
    pen_leave(&head);
}

/* ---- the order of things ---- */

/* Arms are before or behind the trunk by where the hand is; legs by which is nearer. */
static bool arm_is_before(const struct person *p, int side)
{
    const struct skeleton *s = &p->bones;
    enum prop prop = p->stance.prop;

    if (side == p->stance.hand && (prop == PROP_MICROPHONE || prop == PROP_CUP))
        return true;
    double reach =
        (s->wrist[side].depth * 2 + s->elbow[side].depth * 0.6 + s->shoulder[side].depth * 0.8) /
        3.4;
    return reach > s->chest.depth - 0.004;
}

/* A bust lies over everything: its shoulders are the body's. */
static bool brings_shoulders(const struct person *p)
{
    const struct figure_picture *picture = p->picture;

    if (!picture || p->stance.prop == PROP_MICROPHONE || p->stance.prop == PROP_CUP)
        return false;
    return picture->paper ? picture->paper == PAPER_BUST : picture_is_cut_out(picture);
}

static void draw_arms_before(const struct person *p)
{
    int far = p->bones.shoulder[0].depth > p->bones.shoulder[1].depth ? 1 : 0;
    if (arm_is_before(p, far))
        draw_arm(p, far);
    if (arm_is_before(p, !far))
        draw_arm(p, !far);
}

void person_paint(const struct person *p)
{
    int far = p->bones.hip[0].depth + p->bones.knee[0].depth >
                      p->bones.hip[1].depth + p->bones.knee[1].depth
                  ? 1
                  : 0;

    prop_behind(p);
    draw_hair_behind(p);
    for (int side = 0; side < 2; side++)
        if (!arm_is_before(p, side))
            draw_arm(p, side);
    if (!p->close) {
        draw_leg(p, far);
        draw_leg(p, !far);
    }
    dress_skirt(p);
    draw_neck(p);
    dress_trunk(p);
    if (!brings_shoulders(p))
        draw_head(p);
    draw_hair_before(p);
    prop_before(p);
    draw_arms_before(p);
    if (brings_shoulders(p))
        draw_head(p);
    if (prop_is_held(p)) {
        prop_held(p);
        draw_hand(p, 0);
        draw_hand(p, 1);
    }
}

void person_draw(const struct pen *pen, const struct sitter *sitter)
{
    struct person p = person_of(pen, sitter);
    person_paint(&p);
}

/* Who rides or drives something else is someone of their own: only name and seed are shared. */
static struct look_cast passenger(const struct look_cast *vehicle, int action)
{
    struct look_cast c = { .name = vehicle->name,
                           .kind = FIGURE_PERSON,
                           .action = action,
                           .skin = COLOUR_NOT_SET,
                           .hair_colour = COLOUR_NOT_SET,
                           .garment_colour = COLOUR_NOT_SET,
                           .appearance_seed = vehicle->appearance_seed,
                           .picture_index = -1,
                           .sings = vehicle->sings };
    c.garment = (vehicle->appearance_seed & 1) ? GARMENT_JACKET : GARMENT_SHIRT;
    c.build = BUILD_AVERAGE;
    return figure_complete(&c);
}

static void draw_passenger(const struct pen *pen, const struct sitter *sitter, int action,
                           const struct point *seat)
{
    struct look_cast cast = passenger(sitter->cast, action);
    struct figure_moment moment = *sitter->moment;
    struct sitter rider = { &cast, &moment, NULL };

    moment.facing = 1;
    struct person p = person_of(pen, &rider);
    p.stance.prop = PROP_NONE;
    cairo_save(pen->cr);
    if (seat)
        cairo_translate(pen->cr, seat->x - p.bones.pelvis.x, seat->y - p.bones.pelvis.y);
    person_paint(&p);
    cairo_restore(pen->cr);
}

void rider_draw(const struct pen *pen, const struct sitter *sitter, int action, double x, double y)
{
    draw_passenger(pen, sitter, action, &(struct point){ x, y });
}

void cyclist_draw(const struct pen *pen, const struct sitter *sitter)
{
    draw_passenger(pen, sitter, ACTION_RIDE, NULL);
}

/* ---- portrait ---- */

/* The camera of a close-up goes along with the head, all but a little, and never upside down. */
void portrait_paint(const struct pen *pen, const struct sitter *sitter, double half_head,
                    void (*paint)(const struct person *p))
{
    static const double FILL = 0.5, FOLLOWS = 0.85; /* half the head; share of its movement */
    struct body body = body_of(sitter->cast);
    struct stance still =
        stance_of(sitter->cast, &(struct figure_moment){ .facing = sitter->moment->facing });
    struct skeleton rest = skeleton_of(&body, &still.pose, still.facing);
    double scale = FILL / half_head;
    struct pen near = *pen;

    near.px *= scale;
    struct person p = person_of(&near, sitter);
    p.close = true;
    cairo_save(pen->cr);
    cairo_scale(pen->cr, scale, scale);
    cairo_rotate(pen->cr, -rest.roll);
    cairo_translate(pen->cr, -mix(rest.head.x, p.bones.head.x, FOLLOWS),
                    -mix(rest.head.y, p.bones.head.y, FOLLOWS));
    paint(&p);
    cairo_restore(pen->cr);
}

void person_portrait(const struct pen *pen, const struct sitter *sitter)
{
    struct body body = body_of(sitter->cast);
    portrait_paint(pen, sitter, body.head, person_paint);
}
