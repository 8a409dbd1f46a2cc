/*
 * Astronaut and robot: the skeleton of people in other clothes, so that they dance, walk and wave
 * as people do.
 */

#include "draw/figure_kinds.h"

#include <math.h>

static struct joint joint_mix(struct joint a, struct joint b, double share)
{
    return (struct joint){ mix(a.x, b.x, share), mix(a.y, b.y, share),
                           mix(a.depth, b.depth, share) };
}

static struct ring ring_at(struct joint a, struct joint b, double share, double r)
{
    struct joint j = joint_mix(a, b, share);
    return (struct ring){ j.x, j.y, r };
}

static int far_leg(const struct skeleton *s)
{
    return s->hip[0].depth + s->knee[0].depth > s->hip[1].depth + s->knee[1].depth ? 1 : 0;
}

static bool arm_before(const struct skeleton *s, int side)
{
    return s->wrist[side].depth + s->elbow[side].depth + s->shoulder[side].depth >
           3 * s->chest.depth - 0.02;
}

typedef void draw_limb(const struct person *p, int side);

/* Far arm, legs, trunk and head, near arm. */
static void draw_in_order(const struct person *p, draw_limb *leg, draw_limb *arm,
                          void (*trunk)(const struct person *p))
{
    int far = far_leg(&p->bones);
    for (int side = 0; side < 2; side++)
        if (!arm_before(&p->bones, side))
            arm(p, side);
    if (!p->close) {
        leg(p, far);
        leg(p, !far);
    }
    trunk(p);
    prop_before(p);
    if (prop_is_held(p))
        prop_held(p);
    for (int side = 0; side < 2; side++)
        if (arm_before(&p->bones, side))
            arm(p, side);
}

/* ---- astronaut ---- */

static struct paint suit(const struct person *p)
{
    return pen_paint(p->pen, p->cast->garment_colour);
}

static struct paint accent(const struct person *p)
{
    return pen_paint(p->pen, 0xD9602F);
}

static void astronaut_leg(const struct person *p, int side)
{
    const struct skeleton *s = &p->bones;
    struct ring leg[LIMB_RINGS],
        boot[3] = { { s->heel[side].x, s->heel[side].y - 0.020, 0.030 },
                    { mix(s->heel[side].x, s->toe[side].x, 0.5),
                      mix(s->heel[side].y, s->toe[side].y, 0.5) - 0.024, 0.034 },
                    { s->toe[side].x, s->toe[side].y - 0.020, 0.026 } };
    struct ring band[2] = { ring_at(s->knee[side], s->ankle[side], 0.68, 0.053),
                            ring_at(s->knee[side], s->ankle[side], 0.78, 0.052) };

    limb_rings(s->hip[side], s->knee[side], s->ankle[side], 0.076, 0.060, 0.048, leg);
    pen_loft(p->pen, boot, 3, (struct ends){ 1, 1 }, pen_paint(p->pen, 0x6B6F7A), 0.2);
    pen_loft(p->pen, leg, LIMB_RINGS, (struct ends){ -0.6, 0.4 }, suit(p), 0.22);
    pen_loft(p->pen, band, 2, (struct ends){ 0.06, 0.06 }, accent(p), 0.22);
}

static void astronaut_arm(const struct person *p, int side)
{
    const struct skeleton *s = &p->bones;
    struct ring arm[LIMB_RINGS], glove[2] = { { s->wrist[side].x, s->wrist[side].y, 0.028 },
                                              { s->knuckle[side].x, s->knuckle[side].y, 0.027 } };
    struct ring band[2] = { ring_at(s->shoulder[side], s->elbow[side], 0.42, 0.0470),
                            ring_at(s->shoulder[side], s->elbow[side], 0.56, 0.0455) };

    prop_in_hand(p, side);
    limb_rings(s->shoulder[side], s->elbow[side], s->wrist[side], 0.050, 0.043, 0.034, arm);
    pen_loft(p->pen, glove, 2, (struct ends){ 0.5, 1 }, pen_paint(p->pen, 0x6B6F7A), 0.22);
    pen_loft(p->pen, arm, LIMB_RINGS, (struct ends){ -0.8, 0.3 }, suit(p), 0.22);
    pen_loft(p->pen, band, 2, (struct ends){ 0.06, 0.06 }, accent(p), 0.22);
}

static void draw_pack(const struct person *p)
{
    const struct skeleton *s = &p->bones;
    double back = -sin(s->body_yaw) * 0.10, half = 0.105 * fmax(fabs(cos(s->body_yaw)), 0.55);
    struct joint m = joint_mix(s->waist, s->chest, 0.62);
    pen_panel(p->pen, m.x + back - half, m.y - 0.14, half * 2, 0.255, 0.03,
              pen_paint(p->pen, colour_scale(p->cast->garment_colour, 0.78)), 0.3);
}

static void draw_chest_unit(const struct person *p)
{
    const struct skeleton *s = &p->bones;
    double front = sin(s->body_yaw) * 0.085, half = 0.046 * fmax(cos(s->body_yaw), 0.3);
    struct joint m = joint_mix(s->waist, s->chest, 0.50);

    pen_panel(p->pen, m.x + front - half, m.y - 0.03, half * 2, 0.062, 0.010,
              pen_paint(p->pen, 0x6B6F7A), 0.25);
    pen_disc(p->pen, m.x + front - half * 0.45, m.y - 0.010, 0.0085, 0.0085,
             pen_glow(p->pen, 0xE8563A), 0);
    pen_disc(p->pen, m.x + front + half * 0.15, m.y - 0.010, 0.0085, 0.0085,
             pen_glow(p->pen, 0x7FD0C0), 0);
    pen_bar(p->pen, m.x + front - half * 0.5, m.y + 0.016, m.x + front + half * 0.5, m.y + 0.016,
            0.004, pen_paint(p->pen, 0xE9E6DF));
}

/* The visor shows the face, and over it a slanting reflection. */
static void draw_helmet(const struct person *p)
{
    struct pen head =
        pen_enter(p->pen, p->bones.head.x, p->bones.head.y, p->bones.head_tilt, p->body.head);
    double s = sin(p->bones.head_yaw), x = 0.26 * s;
    struct point visor[] = { { x - 1.00, -0.50 }, { x, -0.92 },       { x + 1.00, -0.50 },
                             { x + 1.08, 0.12 },  { x + 0.72, 0.74 }, { x, 0.94 },
                             { x - 0.72, 0.74 },  { x - 1.08, 0.12 } };

    pen_disc(&head, -0.04 * s, -0.04, 1.42, 1.42, suit(p), 0.16);
    pen_blob(&head, visor, 8, pen_paint(p->pen, 0x2A3550), 0);
    cairo_save(head.cr);
    pen_path_closed(&head, visor, 8);
    cairo_clip(head.cr);
    struct pen inside = pen_enter(&head, x * 0.5, 0.06, 0, 0.84);
    if (p->picture)
        picture_cutout(&inside, p->picture, (struct figure_box){ -1.1, -1.3, 2.2, 2.4 }, 0.08);
    else
        face_draw(&inside, &p->face);
    pen_leave(&inside);
    cairo_move_to(head.cr, x - 0.95, 0.2);
    cairo_line_to(head.cr, x + 0.15, -1.1);
    cairo_line_to(head.cr, x + 0.55, -1.1);
    cairo_line_to(head.cr, x - 0.70, 0.7);
    cairo_close_path(head.cr);
    pen_set(&head, pen_glow(p->pen, 0xFFFFFF).lit, 0.20);
    cairo_fill(head.cr);
    cairo_restore(head.cr);
    pen_path_closed(&head, visor, 8);
    pen_line(&head, accent(p).lit, 0.11);
    pen_leave(&head);
}

static void astronaut_trunk(const struct person *p)
{
    const struct skeleton *s = &p->bones;
    double k = sqrt(pow(cos(s->body_yaw), 2) + pow(sin(s->body_yaw) * 0.86, 2));
    struct ring trunk[] = { ring_at(s->pelvis, s->waist, -0.25, 0.100 * k),
                            ring_at(s->pelvis, s->waist, 0.5, 0.112 * k),
                            ring_at(s->waist, s->chest, 0.4, 0.126 * k),
                            ring_at(s->waist, s->chest, 0.85, 0.122 * k),
                            ring_at(s->waist, s->chest, 1.10, 0.078 * k) };
    struct ring collar[] = { ring_at(s->waist, s->chest, 1.02, 0.088),
                             ring_at(s->waist, s->chest, 1.16, 0.084) };
    bool from_behind = cos(s->body_yaw) < 0;

    if (!from_behind)
        draw_pack(p);
    pen_loft(p->pen, trunk, 5, (struct ends){ 0.1, 0.3 }, suit(p), 0.22);
    pen_loft(p->pen, collar, 2, (struct ends){ 0.2, 0.2 }, pen_paint(p->pen, 0x6B6F7A), 0.25);
    draw_chest_unit(p);
    draw_helmet(p);
}

static void astronaut_paint(const struct person *p)
{
    draw_in_order(p, astronaut_leg, astronaut_arm, astronaut_trunk);
}

void astronaut_draw(const struct pen *pen, const struct sitter *s)
{
    struct person p = person_of(pen, s);
    astronaut_paint(&p);
}

void astronaut_portrait(const struct pen *pen, const struct sitter *s)
{
    portrait_paint(pen, s, 0.115, astronaut_paint);
}

/* ---- robot ---- */

static struct paint shell(const struct person *p)
{
    return pen_paint(p->pen, p->cast->garment_colour);
}

static struct paint steel(const struct person *p)
{
    return pen_paint(p->pen, 0x555B68);
}

/* A hard segment between two joints: thick in the middle, with a round joint before it. */
static void draw_segment(const struct person *p, struct joint a, struct joint b, double ra,
                         double rb)
{
    struct ring r[] = { ring_at(a, b, 0.14, ra * 0.72), ring_at(a, b, 0.30, ra),
                        ring_at(a, b, 0.78, rb), ring_at(a, b, 0.90, rb * 0.7) };
    struct ring bone[] = { ring_at(a, b, 0, ra * 0.42), ring_at(a, b, 1, rb * 0.42) };
    pen_loft(p->pen, bone, 2, (struct ends){ 1, 1 }, steel(p), 0.2);
    pen_loft(p->pen, r, 4, (struct ends){ 0.4, 0.4 }, shell(p), 0.24);
    pen_disc(p->pen, a.x, a.y, ra * 0.62, ra * 0.62, steel(p), 0.2);
}

static void robot_leg(const struct person *p, int side)
{
    const struct skeleton *s = &p->bones;
    double dx = s->toe[side].x - s->heel[side].x, dy = s->toe[side].y - s->heel[side].y;
    struct ring foot[] = { { s->heel[side].x - dx * 0.1, s->heel[side].y - 0.018 - dy * 0.1,
                             0.022 },
                           { mix(s->heel[side].x, s->toe[side].x, 0.45),
                             mix(s->heel[side].y, s->toe[side].y, 0.45) - 0.026, 0.032 },
                           { s->toe[side].x, s->toe[side].y - 0.016, 0.022 } };

    draw_segment(p, s->hip[side], s->knee[side], 0.050, 0.042);
    draw_segment(p, s->knee[side], s->ankle[side], 0.046, 0.050);
    pen_loft(p->pen, foot, 3, (struct ends){ 1, 1 }, steel(p), 0.22);
}

static void draw_claw(const struct person *p, int side)
{
    const struct joint *w = &p->bones.wrist[side], *t = &p->bones.knuckle[side];
    double dx = t->x - w->x, dy = t->y - w->y;
    for (int g = -1; g <= 1; g += 2) {
        struct ring finger[] = {
            { w->x, w->y, 0.011 },
            { w->x + dx * 0.55 - g * dy * 0.42, w->y + dy * 0.55 + g * dx * 0.42, 0.0105 },
            { w->x + dx * 1.15 - g * dy * 0.16, w->y + dy * 1.15 + g * dx * 0.16, 0.007 }
        };
        pen_loft(p->pen, finger, 3, (struct ends){ 1, 1 }, steel(p), 0.2);
    }
    pen_disc(p->pen, w->x, w->y, 0.020, 0.020, shell(p), 0.2);
}

static void robot_arm(const struct person *p, int side)
{
    const struct skeleton *s = &p->bones;
    prop_in_hand(p, side);
    draw_claw(p, side);
    draw_segment(p, s->elbow[side], s->wrist[side], 0.032, 0.036);
    draw_segment(p, s->shoulder[side], s->elbow[side], 0.038, 0.030);
}

/* Eyes are lamps on a dark screen; the mouth is a row of bars that follows the voice. */
static void draw_robot_face(const struct pen *head, const struct person *p)
{
    double x = 0.34 * sin(p->face.yaw), y = p->face.nod * 0.3, open = 1 - p->face.lids,
           pulse = 0.8 + 0.2 * p->pen->moment->beat_pulse;
    look_colour lamp = colour_mix(0x7FE8E0, 0xFFE27A, (p->cast->appearance_seed & 1) ? 1 : 0);

    pen_panel(head, x - 0.78, y - 0.52, 1.56, 1.06, 0.34, pen_paint(p->pen, 0x1D2230), 0);
    for (int side = -1; side <= 1; side += 2)
        pen_disc(head, x + side * 0.34, y - 0.14, 0.17 * pulse, fmax(0.19 * open * pulse, 0.03),
                 pen_glow(p->pen, lamp), 0);
    for (int i = -2; i <= 2; i++) {
        double h = 0.03 + 0.15 * p->face.mouth * (1 - 0.22 * abs(i));
        pen_panel(head, x + i * 0.13 - 0.042, y + 0.30 - h, 0.084, 2 * h, 0.03,
                  pen_glow(p->pen, lamp), 0);
    }
}

static void draw_robot_head(const struct person *p)
{
    struct pen head =
        pen_enter(p->pen, p->bones.head.x, p->bones.head.y, p->bones.head_tilt, p->body.head);
    double s = sin(p->bones.head_yaw), wobble = 0.10 * p->face.sway;
    struct paint lamp = pen_glow(p->pen, p->pen->moment->beat_pulse > 0.5 ? 0xFF7A5A : 0xB5483A);

    pen_bar(&head, 0, -0.95, wobble, -1.42, 0.05, steel(p));
    pen_disc(&head, wobble, -1.48, 0.13, 0.13, lamp, 0);
    for (int side = -1; side <= 1; side += 2)
        pen_disc(&head, side * 1.02 * cos(p->bones.head_yaw) - 0.1 * s, 0.02, 0.16, 0.30, steel(p),
                 0.2);
    pen_panel(&head, -1.02, -0.98, 2.04, 1.84, 0.58, shell(p), 0.20);
    draw_robot_face(&head, p);
    pen_leave(&head);
}

static void robot_trunk(const struct person *p)
{
    const struct skeleton *s = &p->bones;
    double k = sqrt(pow(cos(s->body_yaw), 2) + pow(sin(s->body_yaw) * 0.8, 2)),
           front = sin(s->body_yaw) * 0.07;
    struct ring hips[] = { ring_at(s->pelvis, s->waist, -0.35, 0.060 * k),
                           ring_at(s->pelvis, s->waist, 0.15, 0.086 * k),
                           ring_at(s->pelvis, s->waist, 0.40, 0.070 * k) };
    struct ring waist[] = { ring_at(s->pelvis, s->waist, 0.3, 0.040),
                            ring_at(s->waist, s->chest, 0.2, 0.040) };
    struct ring chest[] = { ring_at(s->waist, s->chest, 0.02, 0.086 * k),
                            ring_at(s->waist, s->chest, 0.35, 0.112 * k),
                            ring_at(s->waist, s->chest, 0.85, 0.122 * k),
                            ring_at(s->waist, s->chest, 1.06, 0.096 * k) };
    struct joint heart = joint_mix(s->waist, s->chest, 0.60);

    pen_bar(p->pen, s->chest.x, s->chest.y, mix(s->neck.x, s->head.x, 0.4),
            mix(s->neck.y, s->head.y, 0.4), 0.024, steel(p));
    pen_loft(p->pen, waist, 2, (struct ends){ 0, 0 }, steel(p), 0.2);
    pen_loft(p->pen, hips, 3, (struct ends){ 0.5, 0.2 }, shell(p), 0.24);
    pen_loft(p->pen, chest, 4, (struct ends){ 0.35, 0.35 }, shell(p), 0.22);
    pen_disc(p->pen, heart.x + front, heart.y, 0.036 * fmax(cos(s->body_yaw), 0.4), 0.036, steel(p),
             0.2);
    pen_disc(p->pen, heart.x + front, heart.y, 0.024 * fmax(cos(s->body_yaw), 0.4), 0.024,
             pen_glow(p->pen, 0xFFC76A), 0);
    draw_robot_head(p);
}

static void robot_paint(const struct person *p)
{
    draw_in_order(p, robot_leg, robot_arm, robot_trunk);
}

void robot_draw(const struct pen *pen, const struct sitter *s)
{
    struct person p = person_of(pen, s);
    robot_paint(&p);
}

void robot_portrait(const struct pen *pen, const struct sitter *s)
{
    portrait_paint(pen, s, 0.098, robot_paint);
}
