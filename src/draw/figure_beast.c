/*
 * Walks of four legs: each foot follows the same path at its own phase; the joints above are solved
 * backwards from the foot. Hind legs bend at a knee and a hock, fore legs at an elbow.
 */

#include "draw/figure_beast.h"

#include <math.h>

static const double walk_phases[4] = { 0.00, 0.25, 0.50, 0.75 };
static const double gallop_phases[4] = { 0.00, 0.48, 0.12, 0.60 };

static double fraction(double x)
{
    return x - floor(x);
}

/* On the ground for `stance` of the cycle, then swung forward; x from -0.5 to 0.5. */
static struct point step(double phase, double stance)
{
    if (phase < stance)
        return (struct point){ 0.5 - phase / stance, 0 };
    double u = (phase - stance) / (1 - stance);
    return (struct point){ -0.5 + ease(u), sin(TURN / 2 * u) };
}

static void gait(struct beast_pose *p, const struct beast *b, double travel, bool gallop)
{
    double stride = b->stride * (gallop ? 2.1 : 1), stance = gallop ? 0.34 : 0.62;
    double swing = stride * stance, at = fraction(travel / stride);

    for (int i = 0; i < 4; i++) {
        struct point s = step(fraction(at + (gallop ? gallop_phases : walk_phases)[i]), stance);
        p->paw[i].x += s.x * swing;
        p->paw[i].y -= s.y * b->height * (gallop ? 0.30 : 0.15);
        p->lift[i] = s.y;
    }
    p->bounce = gallop ? 0.10 * b->height * sin(TURN * at) : 0.014 * b->height * cos(2 * TURN * at);
    double rock = gallop ? 0.07 * b->height * sin(TURN * (at + 0.2)) : 0;
    p->rump.y += p->bounce + rock;
    p->withers.y += p->bounce - rock;
    p->nod += gallop ? 0.10 * sin(TURN * at) : 0.05 * cos(2 * TURN * at);
}

static void stand(struct beast_pose *p, const struct beast *b)
{
    double h = b->height, l = b->length;
    *p = (struct beast_pose){ .rump = { -l * 0.5, -h * 0.97 },
                              .withers = { l * 0.5, -h },
                              .paw = { { -l * 0.52, 0 },
                                       { l * 0.47, 0 },
                                       { -l * 0.42, -h * 0.02 },
                                       { l * 0.56, -h * 0.02 } } };
}

static void sit(struct beast_pose *p, const struct beast *b)
{
    double h = b->height, l = b->length;
    p->rump = (struct point){ -l * 0.27, -h * 0.33 };
    p->withers = (struct point){ l * 0.22, -h * 1.02 };
    p->paw[0] = (struct point){ l * 0.10, 0 };
    p->paw[2] = (struct point){ l * 0.18, -h * 0.02 };
    p->seated = true;
    p->paw[1] = (struct point){ l * 0.34, 0 };
    p->paw[3] = (struct point){ l * 0.42, -h * 0.02 };
    p->tail += 0.5;
}

static void lie(struct beast_pose *p, const struct beast *b)
{
    double h = b->height, l = b->length;
    p->rump = (struct point){ -l * 0.48, -h * 0.30 };
    p->withers = (struct point){ l * 0.44, -h * 0.36 };
    p->paw[0] = (struct point){ -l * 0.20, 0 };
    p->paw[1] = (struct point){ l * 0.72, 0 };
    p->paw[2] = (struct point){ -l * 0.10, 0 };
    p->paw[3] = (struct point){ l * 0.80, -h * 0.02 };
    p->folded = true;
    p->nod = 0.5;
    p->tail += 0.55;
}

static void hop(struct beast_pose *p, const struct beast *b, double height)
{
    p->rump.y -= height;
    p->withers.y -= height * 1.15;
    for (int i = 0; i < 4; i++) {
        p->paw[i].y -= height * 1.2;
        p->paw[i].x += (i % 2 ? 0.12 : -0.12) * b->length * clamp(height / (0.3 * b->height), 0, 1);
        p->lift[i] = clamp(height / (0.2 * b->height), 0, 1);
    }
}

struct beast_pose beast_pose_of(const struct beast *b, const struct sitter *sitter)
{
    const struct figure_moment *m = sitter->moment;
    struct beast_pose p;
    double breath = 0.006 * b->height * sin(TURN * 0.35 * m->seconds);

    stand(&p, b);
    switch (sitter->cast->action) {
    case ACTION_WALK:
    case ACTION_TURN:
        gait(&p, b, m->travel, false);
        break;
    case ACTION_RUN:
    case ACTION_RIDE:
    case ACTION_FLY:
        gait(&p, b, m->travel, true);
        break;
    case ACTION_SIT:
    case ACTION_LOOK_AWAY:
    case ACTION_READ:
    case ACTION_SING:
        if (!b->hooves)
            sit(&p, b);
        p.nod -= 0.05;
        break;
    case ACTION_SLEEP:
        if (b->hooves)
            p.nod += 0.5;
        else
            lie(&p, b);
        break;
    case ACTION_LOOK_UP:
        if (!b->hooves)
            sit(&p, b);
        p.nod -= 0.45;
        break;
    case ACTION_JUMP:
    case ACTION_DANCE:
        hop(&p, b, b->height * 0.30 * sin(TURN / 2 * m->beat_phase) * (0.4 + 0.6 * m->energy));
        break;
    default:
        p.nod += 0.04 * sin(TURN * 0.13 * m->seconds);
        break;
    }
    p.withers.y += breath;
    return p;
}

/* ---- legs ---- */

static struct point bend(struct point root, struct point end, double first, double second,
                         double forward)
{
    double dx = end.x - root.x, dy = end.y - root.y, way = fmax(hypot(dx, dy), 1e-6);
    double reach = clamp(way, fabs(first - second) * 1.05, (first + second) * 0.998);
    double foot = (first * first - second * second + reach * reach) / (2 * reach),
           off = sqrt(fmax(first * first - foot * foot, 0));
    return (struct point){ root.x + dx / way * foot + forward * dy / way * off,
                           root.y + dy / way * foot - forward * dx / way * off };
}

static void draw_paw(const struct pen *pen, const struct beast *b, struct point at, double lift)
{
    struct pen foot = pen_enter(pen, at.x, at.y, lift * 0.9, 1);
    double r = b->paw;
    struct point paw[] = { { -r * 1.1, 0 },       { -r * 1.2, -r * 1.0 }, { 0, -r * 1.7 },
                           { r * 1.4, -r * 1.2 }, { r * 2.0, -r * 0.3 },  { r * 1.7, 0.02 * r } };
    struct point hoof[] = {
        { -r * 1.1, 0 }, { -r * 0.9, -r * 1.6 }, { r * 0.8, -r * 1.6 }, { r * 1.5, 0 }
    };

    if (b->hooves)
        pen_polygon(&foot, hoof, 4, pen_paint(pen, b->paws));
    else
        pen_blob(&foot, paw, 6, pen_paint(pen, b->paws), 0.15);
    pen_leave(&foot);
}

static void draw_hind(const struct pen *pen, const struct beast *b, struct point root,
                      struct point paw, double lift, struct paint coat)
{
    double leg = b->height * b->leg, shank = leg * 0.36;
    struct point hock = { paw.x - shank * (0.24 + 0.35 * lift),
                          paw.y - shank * (0.94 - 0.2 * lift) };
    struct point knee = bend(root, hock, leg * 0.46, leg * 0.42, -1);
    struct ring r[] = { { root.x, root.y, b->thigh },
                        { mix(root.x, knee.x, 0.6), mix(root.y, knee.y, 0.6), b->thigh * 0.80 },
                        { knee.x, knee.y, b->thigh * 0.56 },
                        { mix(knee.x, hock.x, 0.6), mix(knee.y, hock.y, 0.6), b->paw * 1.15 },
                        { hock.x, hock.y, b->paw * 1.02 },
                        { mix(hock.x, paw.x, 0.5), mix(hock.y, paw.y, 0.5), b->paw * 0.86 },
                        { paw.x, paw.y - b->paw * 0.9, b->paw * 0.95 } };
    draw_paw(pen, b, paw, lift);
    pen_loft(pen, r, 7, (struct ends){ -0.9, 0.3 }, coat, 0.18);
}

static void draw_fore(const struct pen *pen, const struct beast *b, struct point root,
                      struct point paw, double lift, struct paint coat)
{
    double leg = b->height * b->leg;
    struct point wrist = { paw.x - leg * 0.03 - leg * 0.16 * lift,
                           paw.y - leg * (0.26 - 0.10 * lift) };
    struct point elbow = bend(root, wrist, leg * 0.42, leg * 0.38, lift > 0.3 ? -1 : 1);
    struct ring r[] = { { root.x, root.y, b->forearm },
                        { mix(root.x, elbow.x, 0.6), mix(root.y, elbow.y, 0.6), b->forearm * 0.84 },
                        { elbow.x, elbow.y, b->forearm * 0.62 },
                        { mix(elbow.x, wrist.x, 0.6), mix(elbow.y, wrist.y, 0.6), b->paw * 1.02 },
                        { wrist.x, wrist.y, b->paw * 1.0 },
                        { paw.x, paw.y - b->paw * 0.9, b->paw * 0.9 } };
    draw_paw(pen, b, paw, lift);
    pen_loft(pen, r, 6, (struct ends){ -0.9, 0.3 }, coat, 0.18);
}

static void folded_legs(const struct pen *pen, const struct beast *b, const struct beast_pose *p,
                        int first, struct paint coat)
{
    struct point hind = p->paw[first], fore = p->paw[first + 1];
    struct ring haunch[] = {
        { p->rump.x + b->thigh * 0.8, p->rump.y + b->thigh * 0.2, b->thigh * 1.15 },
        { p->rump.x + b->thigh * 1.5, p->rump.y + b->thigh * 0.6, b->thigh * 0.95 }
    };
    struct ring arm[] = { { p->withers.x, -b->paw * 2.4, b->forearm * 0.9 },
                          { mix(p->withers.x, fore.x, 0.5), -b->paw * 1.4, b->paw * 1.2 },
                          { fore.x, -b->paw, b->paw } };

    draw_paw(pen, b, hind, 0);
    draw_paw(pen, b, fore, 0);
    pen_loft(pen, arm, 3, (struct ends){ -0.9, 0.4 }, coat, 0.18);
    if (first == 0)
        pen_loft(pen, haunch, 2, (struct ends){ -1, 0.9 }, coat, 0.18);
}

/* A hind leg that is sat on: a round thigh, and a long foot flat on the ground. */
static void draw_haunch(const struct pen *pen, const struct beast *b, const struct beast_pose *p,
                        int first, struct paint coat)
{
    double r = b->height * 0.185;
    struct ring thigh[] = { { p->rump.x + r * 0.35, p->rump.y + r * 0.35, r * 0.92 },
                            { p->rump.x + r * 0.95, p->rump.y + r * 0.62, r } };
    struct ring foot[] = { { p->rump.x + r * 0.8, -b->paw * 1.2, b->paw * 1.2 },
                           { p->paw[first].x, -b->paw * 1.1, b->paw * 1.1 } };

    draw_paw(pen, b, p->paw[first], 0);
    pen_loft(pen, foot, 2, (struct ends){ 1, 0.3 }, coat, 0.2);
    pen_loft(pen, thigh, 2, (struct ends){ -0.8, 0.9 }, coat, 0.2);
}

static void draw_legs(const struct pen *pen, const struct beast *b, const struct beast_pose *p,
                      int first, struct paint coat)
{
    struct point hip = { p->rump.x + b->thigh * 0.55, p->rump.y + b->thigh * 0.75 };
    struct point shoulder = { p->withers.x - b->forearm * 0.1,
                              p->withers.y + b->height * (1 - b->leg) * 0.72 };

    if (p->folded) {
        folded_legs(pen, b, p, first, coat);
        return;
    }
    if (p->seated) {
        draw_haunch(pen, b, p, first, coat);
        draw_fore(pen, b, shoulder, p->paw[first + 1], 0, coat);
        return;
    }
    draw_hind(pen, b, hip, p->paw[first], p->lift[first], coat);
    draw_fore(pen, b, shoulder, p->paw[first + 1], p->lift[first + 1], coat);
}

void beast_far_legs(const struct pen *pen, const struct beast *b, const struct beast_pose *p)
{
    struct paint far = pen_paint(pen, b->coat);
    far.lit = tint_mix(far.lit, far.dark, 0.85);
    draw_legs(pen, b, p, 2, far);
}

void beast_near_legs(const struct pen *pen, const struct beast *b, const struct beast_pose *p)
{
    draw_legs(pen, b, p, 0, pen_paint(pen, b->coat));
}

void beast_body(const struct pen *pen, const struct beast *b, const struct beast_pose *p,
                struct paint coat)
{
    struct ring r[5];
    double dx = p->withers.x - p->rump.x, dy = p->withers.y - p->rump.y, length = hypot(dx, dy);

    for (int i = 0; i < 5; i++) {
        double u = i / 4.0, sag = b->girth[i] - 0.012 * sin(TURN / 2 * u);
        r[i] = (struct ring){ mix(p->rump.x, p->withers.x, u) - dy / length * sag * 0.72,
                              mix(p->rump.y, p->withers.y, u) + dx / length * sag * 0.72,
                              b->girth[i] };
    }
    pen_loft(pen, r, 5, (struct ends){ 0.75, 0.85 }, coat, 0.20);
}
