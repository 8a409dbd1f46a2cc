#include "draw/actors.h"

#include <math.h>
#include <stdlib.h>

#include "base/rng.h"

enum { FRAMES_A_STEP = 2 };

static bool is_vehicle(int kind)
{
    return kind == FIGURE_CAR || kind == FIGURE_BOAT || kind == FIGURE_BICYCLE ||
           kind == FIGURE_ROCKET;
}

static bool in_the_air(const struct scene *s, const struct look_cast *c)
{
    return set_of(s->look.place)->floating || c->kind == FIGURE_BIRD || c->kind == FIGURE_BALLOON ||
           c->kind == FIGURE_FISH || c->action == ACTION_FLY || c->action == ACTION_SWIM ||
           c->action == ACTION_FALL;
}

static bool has_face(int kind)
{
    return kind <= FIGURE_ROBOT || kind == FIGURE_DOG || kind == FIGURE_CAT ||
           kind == FIGURE_PRODUCT;
}

/* The first stands at the hero's place, the others to both sides of it and a step behind. */
static void stand(struct actor *a, const struct scene *s, int index, int count)
{
    double side = s->framing.hero_x >= 0 ? -1 : 1, step = s->half_width * (count > 3 ? 0.36 : 0.52);
    double aside = index == 0 ? 0 : (index + 1) / 2 * step * (index & 1 ? side : -side);
    double back = index == 0 ? 1 : 0.92 - 0.03 * index;
    bool centred = s->spec->grade.symmetry > 0.6 && count == 2;

    a->depth  = back;
    a->x      = s->framing.hero_x + aside;
    if (centred)
        a->x = (index ? 0.5 : -0.5) * step;
    a->height = ADULT * s->framing.scale * back;
    a->feet   = s->framing.horizon + GROUND * s->framing.scale * back;
    a->facing = index == 0 ? (a->x > 0 ? -0.45 : 0.45) : (s->framing.hero_x > a->x ? 0.7 : -0.7);
}

static void stand_close(struct actor *a, const struct scene *s)
{
    double widest = 2 * s->half_width * 0.82;
    double face = s->look.shot == SHOT_CLOSE_UP ? 0.60 : s->look.shot == SHOT_DETAIL ? 1.25 : 1.0;

    a->portrait = true;
    a->depth    = 1;
    a->x        = s->framing.hero_x;
    a->height   = fmin(face, widest * (s->look.shot == SHOT_CLOSE_UP ? 0.8 : 1.2));
    a->feet     = s->look.shot == SHOT_CLOSE_UP ? -0.03 : 0.02;
    a->facing   = s->framing.hero_x > 0 ? -0.35 : 0.35;
}

/* Never cut off the hero: what is wider than the picture is made to fit, unless the shot is meant
 * to cut. */
static void fit(struct actor *a, const struct scene *s)
{
    bool thing = is_vehicle(a->cast.kind) || a->cast.kind == FIGURE_PRODUCT;
    bool whole = s->look.shot <= SHOT_FULL || thing || a->cast.kind == FIGURE_CROWD;
    double room = thing ? 1.8 : 2.8;      /* bounds hold every pose: people seldom fill theirs */
    double widest = room * s->half_width, width = a->bounds.width * a->height;

    if (whole && width > widest)
        a->height *= widest / width;
    if (whole && a->cast.kind != FIGURE_CROWD && !set_of(s->look.place)->seated) {
        double half = fmin(s->half_width, a->bounds.width * a->height / 2);
        a->x = fmax(-s->half_width + half, fmin(s->half_width - half, a->x));
    }
}

/* Vehicles, products and flyers in a tight shot: shown whole, filling the picture. */
static void show_whole(struct actor *a, const struct scene *s)
{
    double tall = a->bounds.height * a->height, most = is_vehicle(a->cast.kind) ? 0.7 : 0.8;

    if (tall > most)
        a->height *= most / tall;
    a->feet = fmin(a->feet, 0.36);
    (void)s;
}

/* Beside a person a thing is the size of a thing, on something near enough to be in the picture. */
static void stand_beside(struct actor *a, const struct scene *s)
{
    a->height = fmin(0.42 * a->height, 0.46 / a->bounds.height);
    if (s->look.shot >= SHOT_MEDIUM)
        a->feet = 0.40;
}

static void hover(struct actor *a, const struct scene *s)
{
    double middle = a->bounds.y + a->bounds.height / 2;
    a->feet   = (s->look.shot == SHOT_EXTREME_WIDE ? -0.12 : -0.02) - middle * a->height;
    a->shadow = false;
}

/* Behind a dashboard, feet do not show: the head belongs in the window. */
static void sit_behind(struct actor *a, const struct scene *s)
{
    a->height = fmax(a->height, 0.95);
    a->feet   = s->look.shot == SHOT_MEDIUM ? -0.30 + a->height : -0.22 + a->height;
    a->facing *= 0.5;
}

static void place(struct actor *a, const struct scene *s, int index, int count)
{
    const struct set *set = set_of(s->look.place);

    a->bounds = figure_bounds(&a->cast);
    a->shadow = !set->seated;
    if (s->framing.portrait && has_face(a->cast.kind) && a->cast.kind != FIGURE_PRODUCT) {
        stand_close(a, s);
        a->shadow = false;
        return;
    }
    stand(a, s, index, count);
    if (set->seated)
        sit_behind(a, s);
    if (a->cast.kind == FIGURE_PRODUCT && index > 0)
        stand_beside(a, s);
    else if (s->look.shot >= SHOT_MEDIUM &&
             (!has_face(a->cast.kind) || a->cast.kind == FIGURE_PRODUCT))
        show_whole(a, s);
    fit(a, s);
    if (in_the_air(s, &a->cast))
        hover(a, s);
}

/* On an end card the product stands on the plinth; words take the rest. */
static void place_on_plinth(struct actor *a, const struct scene *s)
{
    a->bounds = figure_bounds(&a->cast);
    a->depth  = 1;
    a->x      = s->framing.hero_x;
    a->height =
        fmin(1.3 * s->framing.room / a->bounds.height, s->framing.room_width / a->bounds.width);
    a->feet   = s->framing.feet;
    a->shadow = true;
}

/* The part of the screen the figure can touch, cut to what is ever seen at its depth. */
static void measure(struct actor *a, const struct actors *all, bool lead)
{
    struct area seen = stage_seen(all->scene, a->depth);
    double reach = lead ? all->journey.walked : 0, pad = 0.02;
    struct figure_box b = a->bounds;

    if (a->portrait)
        b = (struct figure_box){ -1.3, -1.1, 2.6, 2.6 };
    if (a->shadow)
        b.height = fmax(b.height, 0.08 - b.y);
    a->area = (struct area){
        fmax(a->x + b.x * a->height - pad, seen.left - reach),
        fmax(a->feet + b.y * a->height - pad, seen.top),
        fmin(a->x + (b.x + b.width) * a->height + pad, seen.right + reach),
        fmin(a->feet + (b.y + b.height) * a->height + pad, seen.bottom),
    };
}

static void open_sheet(struct actor *a, int height_px)
{
    int width = (int)ceil((a->area.right - a->area.left) * height_px),
        height = (int)ceil((a->area.bottom - a->area.top) * height_px);

    width  = (width < 2 ? 2 : width + 1) & ~1;
    height = (height < 2 ? 2 : height + 1) & ~1;
    a->surface    = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
    a->shown_step = -1;
    plane_init(&a->plane, width, height);
}

/* Cut once, to the size it will have. */
static void take_picture(struct actor *a, const struct draw_spec *spec, int height_px)
{
    if (a->cast.picture_index >= 0 && (size_t)a->cast.picture_index < spec->picture_count) {
        const struct draw_picture *p = &spec->pictures[a->cast.picture_index];
        struct figure_picture given = { p->width_px, p->height_px, p->pixels };
        if (p->pixels && p->width_px > 0 && p->height_px > 0)
            a->picture = figure_picture_cut(&a->cast, &given, a->height * height_px, a->portrait);
    }
}

/* An end card shows the product, or whoever comes first. */
static const struct look_cast *card_lead(const struct look *look)
{
    for (size_t i = 0; i < look->cast_count; i++)
        if (look->cast[i].kind == FIGURE_PRODUCT)
            return &look->cast[i];
    return look->cast_count ? &look->cast[0] : NULL;
}

/* Where there are seats, one sleeps on them and not on the floor. */
static bool sleeps_seated(int place)
{
    return place == PLACE_TRAIN || place == PLACE_OFFICE || place == PLACE_DINER ||
           place == PLACE_KITCHEN || place == PLACE_CLUB;
}

static void add(struct actors *all, const struct look_cast *cast)
{
    const struct scene *s = all->scene;
    struct actor *a = &all->actor[all->count];
    int cast_count = (int)s->look.cast_count;

    *a = (struct actor){ .cast = figure_complete(cast) };
    if (a->cast.action == ACTION_SLEEP && sleeps_seated(s->look.place))
        a->cast.action = ACTION_SIT;
    if (s->spec->end_card)
        place_on_plinth(a, s);
    else
        place(a, s, all->count, cast_count);
    measure(a, all, all->count == 0);
    if (a->area.right <= a->area.left || a->area.bottom <= a->area.top)
        return;
    take_picture(a, s->spec, all->height_px);
    open_sheet(a, all->height_px);
    all->count++;
}

void actors_init(struct actors *all, const struct scene *scene, int height_px)
{
    *all = (struct actors){ .scene = scene, .height_px = height_px, .journey = journey_of(scene) };
    if (scene->spec->end_card) {
        if (card_lead(&scene->look))
            add(all, card_lead(&scene->look));
        return;
    }
    for (size_t i = 0; i < scene->look.cast_count && all->count < CAST_MAX; i++) {
        if (scene->framing.portrait && all->count == 1)
            break;
        add(all, &scene->look.cast[i]);
    }
}

void actors_done(struct actors *all)
{
    for (int i = 0; i < all->count; i++) {
        plane_done(&all->actor[i].plane);
        cairo_surface_destroy(all->actor[i].surface);
        free((void *)(uintptr_t)all->actor[i].picture.pixels);
    }
    all->count = 0;
}

static struct figure_light light_on(const struct scene *s, const struct actor *a)
{
    const struct palette *p = &s->palette;
    bool dark = p->daylight < 0.5;
    struct colour key = dark ? colour_between(p->lamp, p->sky_low, 0.35)
                             : colour_between(p->sun, palette_plain(p, HUE_NONE, 1), 0.4);

    return (struct figure_light){
        .key = colour_hex(key),
        .shade = colour_hex(colour_between(palette_surface(p, HUE_NONE, 0.1), p->sky_top, 0.2)),
        .rim = colour_hex(dark ? p->neon[1] : p->sun),
        .key_from = p->key_from,
        .ambient = 0.55 + 0.45 * p->daylight,
        .rim_strength = dark || p->sun_height < 0.3 ? 0.85 : 0.35,
        .haze = a->depth < 0.95 ? 0.12 : 0.02,
        .haze_colour = colour_hex(p->haze),
        .outline = s->spec->grade.outline,
    };
}

static struct figure_moment moment_of(const struct actors *all, const struct actor *a,
                                      int frame_index)
{
    const struct draw_spec *spec = all->scene->spec;
    struct beat beat = beat_at(spec, frame_index);
    const struct journey *j = &all->journey;
    bool moves = j->speed > 0 && a == &all->actor[0];
    double seconds = (double)frame_index / DRAW_RATE_HZ;
    double way =
        (j->walked + j->followed) / (ADULT * all->scene->framing.scale) / all->scene->seconds;

    return (struct figure_moment){
        .seconds = seconds,
        .beat_phase = beat.phase,
        .beat_pulse = beat.pulse,
        .beat_index = beat.index,
        .energy = spec->energy,
        .mouth =
            a->cast.sings && (size_t)frame_index < spec->mouth_count ? spec->mouth[frame_index] : 0,
        .facing = moves && !a->portrait ? j->direction * 0.9 : a->facing,
        .travel = moves ? (a->portrait ? j->speed : way) * seconds : 0,
    };
}

static void contact_shadow(cairo_t *cr, const struct actor *a, const struct palette *p)
{
    double half = fmax(0.16, fmin(a->bounds.width * 0.42, 1.2));
    cairo_pattern_t *soft = cairo_pattern_create_radial(0, 0, 0, 0, 0, 1);

    cairo_pattern_add_color_stop_rgba(soft, 0, p->shadow.r, p->shadow.g, p->shadow.b, 0.62);
    cairo_pattern_add_color_stop_rgba(soft, 0.5, p->shadow.r, p->shadow.g, p->shadow.b, 0.34);
    cairo_pattern_add_color_stop_rgba(soft, 1, p->shadow.r, p->shadow.g, p->shadow.b, 0);
    cairo_save(cr);
    cairo_translate(cr, -p->key_from * half * 0.18, 0.006);
    cairo_scale(cr, half, 0.045);
    cairo_set_source(cr, soft);
    cairo_arc(cr, 0, 0, 1, 0, 2 * M_PI);
    cairo_fill(cr);
    cairo_restore(cr);
    cairo_pattern_destroy(soft);
}

static void clear(cairo_t *cr)
{
    cairo_set_operator(cr, CAIRO_OPERATOR_CLEAR);
    cairo_paint(cr);
    cairo_set_operator(cr, CAIRO_OPERATOR_OVER);
}

static void draw_actor(const struct actors *all, struct actor *a, int frame_index)
{
    const struct scene *s = all->scene;
    struct figure_light light = light_on(s, a);
    struct figure_moment moment = moment_of(all, a, frame_index);
    const struct figure_picture *picture = a->picture.pixels ? &a->picture : NULL;
    cairo_t *cr = cairo_create(a->surface);

    clear(cr);
    cairo_scale(cr, all->height_px, all->height_px);
    cairo_translate(cr, a->x - a->area.left, a->feet - a->area.top);
    cairo_scale(cr, a->height, a->height);
    cairo_set_tolerance(cr, 0.25);
    if (a->shadow)
        contact_shadow(cr, a, &s->palette);
    if (a->portrait)
        figure_draw_portrait(cr, &a->cast, &light, &moment, picture);
    else
        figure_draw(cr, &a->cast, &light, &moment, picture);
    cairo_destroy(cr);
    cairo_surface_flush(a->surface);
    plane_load(&a->plane, a->surface,
               (struct window){ 0, 0, a->plane.full.width, a->plane.full.height },
               scene_grading(s));
}

/* How far the hero has come, on the screen; flyers bob and everyone rises a little on the beat with
 * the music. */
static double walked_at(const struct actors *all, int index, int frame_index)
{
    double t = (double)frame_index / (double)all->scene->spec->frame_count;
    return index == 0 ? all->journey.direction * all->journey.walked * (t - 0.5) : 0;
}

static double bob_at(const struct actors *all, const struct actor *a, int frame_index)
{
    double seconds = (double)frame_index / DRAW_RATE_HZ;

    if (a->portrait || all->scene->spec->end_card || !in_the_air(all->scene, &a->cast))
        return 0;
    return 0.016 * sin(seconds * 1.7 + (double)(a - all->actor)) + 0.006 * sin(seconds * 4.1);
}

struct layer actors_at(struct actors *all, int index, const struct camera *camera, int frame_index)
{
    struct actor *a = &all->actor[index];
    struct lens l = lens_at(camera, a->depth);
    double x = a->area.left + walked_at(all, index, frame_index),
           y = a->area.top + bob_at(all, a, frame_index);
    int step = frame_index / FRAMES_A_STEP;

    if (a->shown_step != step) {
        draw_actor(all, a, step * FRAMES_A_STEP);
        a->shown_step = step;
    }
    return (struct layer){
        .plane = &a->plane,
        .at = { .x = (l.x + x * l.scale + all->scene->half_width) * all->height_px,
                .y = (l.y + y * l.scale + 0.5) * all->height_px,
                .scale = l.scale,
                .gain = GAIN_ONE },
    };
}
