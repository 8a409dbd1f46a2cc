/*
 * From a pose to joints on the picture.
 *
 * Bones are solved in three dimensions in the body's own space (two-bone IK for arms and legs),
 * then turned about the vertical to where the body faces and projected. One walk cycle therefore
 * serves every view, and the near and the far limb are known by their depth.
 */

#include "draw/figure_pose.h"

#include <math.h>

/* ---- proportions ---- */

static const struct body average = {
    .thigh = 0.243,
    .shin = 0.232,
    .ankle = 0.042,
    .upper_arm = 0.150,
    .forearm = 0.132,
    .hand = 0.050,
    .spine = 0.262,
    .neck = 0.131,
    .head = 0.086,
    .shoulder = 0.092,
    .hip = 0.046,
    .chest = 0.096,
    .waist = 0.076,
    .seat = 0.088,
    .depth = 0.72,
    .limb = 1,
};

static void widen(struct body *b, double shoulders, double trunk, double limbs)
{
    b->shoulder *= shoulders;
    b->chest *= shoulders;
    b->waist *= trunk;
    b->seat *= mix(1, trunk, 0.7);
    b->limb *= limbs;
}

static void lengthen(struct body *b, double legs, double rest, double head)
{
    b->thigh *= legs;
    b->shin *= legs;
    b->upper_arm *= mix(rest, legs, 0.6);
    b->forearm *= mix(rest, legs, 0.6);
    b->spine *= rest;
    b->head *= head;
    b->neck *= mix(rest, head, 0.7);
}

static void make_child(struct body *b)
{
    lengthen(b, 0.54, 0.62, 1.0);
    widen(b, 0.66, 0.78, 0.72);
    b->hand *= 0.72;
    b->ankle *= 0.8;
    b->hip *= 0.72;
    b->neck = 0.106;
}

struct body body_of(const struct look_cast *cast)
{
    struct body b = average;

    switch (cast->build) {
    case BUILD_SLIM:
        widen(&b, 0.92, 0.86, 0.86);
        lengthen(&b, 1.02, 1.0, 0.97);
        break;
    case BUILD_BROAD:
        widen(&b, 1.22, 1.36, 1.24);
        b.depth = 0.86;
        break;
    case BUILD_TALL:
        lengthen(&b, 1.11, 1.05, 0.98);
        widen(&b, 1.02, 0.96, 0.98);
        break;
    case BUILD_SHORT:
        lengthen(&b, 0.84, 0.90, 1.0);
        widen(&b, 1.0, 1.12, 1.06);
        break;
    case BUILD_OLD:
        lengthen(&b, 0.93, 0.93, 1.0);
        widen(&b, 0.96, 1.18, 0.96);
        b.stoop = 0.16;
        break;
    default:
        break;
    }
    if (cast->kind == FIGURE_CHILD)
        make_child(&b);
    if (cast->kind == FIGURE_DANCER) {
        widen(&b, 0.96, 0.88, 0.92);
        lengthen(&b, 1.05, 0.99, 0.95);
    }
    return b;
}

/* ---- three dimensions ---- */

static struct vec add(struct vec a, struct vec b)
{
    return (struct vec){ a.x + b.x, a.y + b.y, a.z + b.z };
}

static struct vec less(struct vec a, struct vec b)
{
    return (struct vec){ a.x - b.x, a.y - b.y, a.z - b.z };
}

static struct vec times(struct vec a, double k)
{
    return (struct vec){ a.x * k, a.y * k, a.z * k };
}

static double dot(struct vec a, struct vec b)
{
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

static struct vec unit(struct vec a)
{
    double length = sqrt(dot(a, a));
    return length > 1e-9 ? times(a, 1 / length) : (struct vec){ 0, -1, 0 };
}

/* About the vertical: positive brings what is in front to the right of the picture. */
static struct vec turned(struct vec a, double angle)
{
    double c = cos(angle), s = sin(angle);
    return (struct vec){ a.x * c + a.z * s, a.y, a.z * c - a.x * s };
}

/* Forward, about the line through the shoulders. */
static struct vec leaned(struct vec a, double angle)
{
    double c = cos(angle), s = sin(angle);
    return (struct vec){ a.x, a.y * c - a.z * s, a.z * c + a.y * s };
}

/* Sideways, towards the right of a figure that faces the camera. */
static struct vec swayed(struct vec a, double angle)
{
    double c = cos(angle), s = sin(angle);
    return (struct vec){ a.x * c + a.y * s, a.y * c - a.x * s, a.z };
}

/* Two bones from `root` towards `*end`, which is pulled within reach; the joint bends to the side
 * of `pole`. */
static struct vec bend(struct vec root, struct vec *end, double first, double second,
                       struct vec pole)
{
    struct vec way = less(*end, root);
    double reach =
        clamp(sqrt(dot(way, way)), fabs(first - second) * 1.02 + 1e-4, (first + second) * 0.997);
    struct vec along = unit(way);
    double foot = (first * first - second * second + reach * reach) / (2 * reach);
    double off = sqrt(fmax(first * first - foot * foot, 0));
    struct vec side = unit(less(pole, times(along, dot(pole, along))));

    *end = add(root, times(along, reach));
    return add(root, add(times(along, foot), times(side, off)));
}

/* ---- the solver ---- */

/* What turns body space into the picture. */
struct camera {
    double yaw, roll;
    struct vec pivot;
};

/* The ground is seen a little from above: what is nearer stands lower. */
static const double DEPTH_DROP = 0.10;

static struct joint project(const struct camera *c, struct vec at)
{
    struct vec v = turned(at, c->yaw), p = turned(c->pivot, c->yaw);
    double x = v.x - p.x, y = -(v.y - p.y), cs = cos(c->roll), sn = sin(c->roll);
    struct joint j = { p.x + x * cs - y * sn, -p.y + x * sn + y * cs, v.z };
    j.y += (v.z - p.z) * DEPTH_DROP;
    return j;
}

static struct vec spine_up(const struct body *b, const struct pose *p)
{
    return swayed(leaned((struct vec){ 0, 1, 0 }, p->lean + b->stoop), p->sway);
}

static struct vec hip_centre(const struct body *b, const struct pose *p)
{
    double k = (b->thigh + b->shin) / (average.thigh + average.shin);
    return add((struct vec){ 0, b->ankle + (b->thigh + b->shin) * 0.988 + 0.012, 0 },
               times(p->hips, k));
}

static void solve_leg(struct skeleton *s, const struct camera *c, const struct body *b,
                      const struct pose *p, int side)
{
    double sign = side ? 1 : -1, k = (b->thigh + b->shin) / (average.thigh + average.shin);
    struct vec hips = hip_centre(b, p), f = p->foot[side];
    struct vec hip = { hips.x + sign * b->hip, hips.y - 0.012 - sign * p->sway * 0.02, hips.z };
    struct vec foot = { sign * (b->hip + f.x * k), b->ankle + f.y * k, f.z * k };
    struct vec knee = bend(hip, &foot, b->thigh, b->shin, (struct vec){ sign * 0.22, 0.1, 1 });

    double cs = cos(p->toe[side]), sn = sin(p->toe[side]), out = sign * 0.35;
    struct vec toe = { foot.x + out * 0.09 * cs, foot.y - b->ankle * cs + 0.100 * sn,
                       foot.z + 0.092 * cs };
    struct vec heel = { foot.x - out * 0.03, foot.y - b->ankle * cs - 0.03 * sn,
                        foot.z - 0.030 * cs - 0.03 * sn };
    s->hip[side] = project(c, hip);
    s->knee[side] = project(c, knee);
    s->ankle[side] = project(c, foot);
    s->toe[side] = project(c, toe);
    s->heel[side] = project(c, heel);
}

static struct vec in_chest(const struct body *b, const struct pose *p, struct vec v)
{
    return swayed(leaned(turned(v, p->twist), (p->lean + b->stoop) * 0.8), p->sway);
}

static void solve_arm(struct skeleton *s, const struct camera *c, const struct body *b,
                      const struct pose *p, struct vec chest, int side)
{
    double sign = side ? 1 : -1,
           k = (b->upper_arm + b->forearm) / (average.upper_arm + average.forearm);
    struct vec h = p->hand[side];
    struct vec root =
        add(chest, in_chest(b, p, (struct vec){ sign * b->shoulder * 0.94, p->shrug - 0.020, 0 }));
    struct vec hand = add(root, in_chest(b, p, (struct vec){ sign * h.x * k, h.y * k, h.z * k }));
    struct vec pole = { sign * (0.45 + p->elbow[side]), -0.55 + 0.3 * p->elbow[side], -0.8 };
    struct vec bent = bend(root, &hand, b->upper_arm, b->forearm, in_chest(b, p, pole));
    struct vec tip = add(hand, times(unit(less(hand, bent)), b->hand));

    s->shoulder[side] = project(c, root);
    s->elbow[side] = project(c, bent);
    s->wrist[side] = project(c, hand);
    s->knuckle[side] = project(c, tip);
}

struct skeleton skeleton_of(const struct body *b, const struct pose *p, double facing)
{
    struct vec hips = hip_centre(b, p), up = spine_up(b, p);
    struct vec chest = add(hips, times(up, b->spine));
    struct vec neck_way = unit(add(up, (struct vec){ p->tilt * 0.3, 0.9, 0.10 + p->nod * 0.25 }));
    struct camera c = { .yaw = facing * 1.22,
                        .roll = p->roll * (facing < 0 ? -1 : 1),
                        .pivot = hips };
    struct skeleton s = { .body_yaw = c.yaw + p->twist * 0.8, .roll = c.roll };

    s.pelvis = project(&c, hips);
    s.waist = project(
        &c, add(hips, add(times(up, b->spine * 0.42), (struct vec){ 0, 0, -p->lean * 0.03 })));
    s.chest = project(&c, chest);
    s.neck = project(&c, add(chest, times(neck_way, 0.026)));
    s.head = project(&c, add(chest, times(neck_way, b->neck)));
    for (int side = 0; side < 2; side++) {
        solve_leg(&s, &c, b, p, side);
        solve_arm(&s, &c, b, p, chest, side);
    }
    s.head_yaw = clamp(facing * 0.62 + p->look + p->twist * 0.4, -0.85, 0.85);
    s.head_nod = p->nod + b->stoop * 0.3;
    s.head_tilt = p->tilt + p->sway * 0.6 + c.roll * 0.75;
    return s;
}
