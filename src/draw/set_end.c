/* Behind an end card: one colour field, a large disc of light, a plinth; the rest is room for
 * words. */

#include "draw/set.h"

static void backdrop(struct painter *p)
{
    const struct framing *f = &p->scene->framing;

    box(p, p->left, p->top, p->right - p->left, p->bottom - p->top);
    fill_sunk(p, HUE_NONE, 0.22, 0.34);
    glow(p, f->hero_x, f->feet - 0.2, 0.95, palette_plain(&p->scene->palette, HUE_ACCENT2, 0.6),
         0.5);
}

static void disc_behind(struct painter *p)
{
    const struct framing *f = &p->scene->framing;
    double reach = f->room_width * 0.62;

    oval(p, f->hero_x, f->feet - reach * 0.72, reach, reach);
    fill_turned(p, HUE_ACCENT, 0.52, 0.12);
    oval(p, f->hero_x, f->feet - reach * 0.72, reach * 0.80, reach * 0.80);
    fill_turned(p, HUE_ACCENT2, 0.62, 0.10);
}

static void plinth(struct painter *p)
{
    const struct framing *f = &p->scene->framing;
    double half = f->room_width * 0.44, lid = half * 0.13;

    for (int step = 1; step >= 0; step--) {
        double w = half * (1 + 0.35 * step), y = f->feet + step * 0.085;
        box(p, f->hero_x - w, y, w * 2, step ? 0.7 : 0.09);
        oval(p, f->hero_x, y + (step ? 0.7 : 0.09), w, lid);
        fill_turned(p, HUE_NONE, 0.74, 0.30);
        oval(p, f->hero_x, y, w, lid);
        fill_turned(p, HUE_NONE, 0.95, 0.08);
    }
}

static void spot(struct painter *p)
{
    const struct framing *f = &p->scene->framing;
    double from = p->scene->palette.key_from;

    beam(p, f->hero_x + from * 0.5, -0.62, f->hero_x, f->feet + 0.05, 0.62, p->scene->palette.lamp,
         0.5);
}

const struct set set_end_card = {
    .indoors = true, .air = 0, .layers = {
        { 0.30, backdrop, .bare = true }, { 0.55, disc_behind }, { 0.95, plinth },
        { 0.98, spot, .lights = PULSE_BEAT, .only_lights = true, .bare = true },
    },
};
