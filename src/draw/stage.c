/*
 * Painting a place once.
 *
 * A sheet is a piece of the screen as it is before the camera moves, with margins for where the
 * camera will go: the margins are found by asking the camera about every frame. Painters work in
 * the set's units; the shot's scale, the horizon and a tilted camera are in cairo's matrix.
 */

#include "draw/stage.h"

#include <math.h>

static const double light_size = 0.5, soft_size = 0.25;

static void area_add(struct area *a, double x, double y)
{
    a->left   = fmin(a->left, x);
    a->right  = fmax(a->right, x);
    a->top    = fmin(a->top, y);
    a->bottom = fmax(a->bottom, y);
}

struct area stage_seen(const struct scene *scene, double depth)
{
    struct area a = { 1e9, 1e9, -1e9, -1e9 };

    for (int frame = 0; frame < scene->spec->frame_count; frame++) {
        struct camera c = camera_at(scene, frame);
        struct lens l = lens_at(&c, depth);
        area_add(&a, (-scene->half_width - l.x) / l.scale, (-0.5 - l.y) / l.scale);
        area_add(&a, (scene->half_width - l.x) / l.scale, (0.5 - l.y) / l.scale);
    }
    return (struct area){ a.left - 0.01, a.top - 0.01, a.right + 0.01, a.bottom + 0.01 };
}

struct placing stage_placing(const struct stage *s, const struct sheet_use *sheet,
                             const struct camera *camera, int frame_index)
{
    struct lens l = lens_at(camera, sheet->depth);
    double half = s->scene->half_width, aside = sheet->drift * frame_index / DRAW_RATE_HZ;

    return (struct placing){
        .x     = (l.x + (sheet->area.left + aside) * l.scale + half) * s->height_px,
        .y     = (l.y + sheet->area.top * l.scale + 0.5) * s->height_px,
        .scale = l.scale / sheet->size,
        .gain  = GAIN_ONE,
    };
}

/* Screen to set units, for the corner of a sheet: undo the horizon, the tilt and the shot's
 * scale. */
static void set_matrix(const struct scene *scene, double depth, const struct area *area, double px,
                       cairo_matrix_t *m)
{
    bool frame = depth >= FRAME_DEPTH;
    double scale = scene_scale(scene, depth);

    cairo_matrix_init_scale(m, px, px);
    cairo_matrix_translate(m, -area->left, -area->top);
    if (!frame && !scene->spec->end_card)
        cairo_matrix_rotate(m, scene->spec->grade.tilt_degrees * M_PI / 180);
    cairo_matrix_translate(m, 0, frame ? 0 : scene->framing.horizon);
    cairo_matrix_scale(m, scale, scale);
}

static void painter_see(struct painter *p, cairo_matrix_t m, int width, int height)
{
    struct area a = { 1e9, 1e9, -1e9, -1e9 };

    cairo_matrix_invert(&m);
    for (int corner = 0; corner < 4; corner++) {
        double x = corner & 1 ? width : 0, y = corner & 2 ? height : 0;
        cairo_matrix_transform_point(&m, &x, &y);
        area_add(&a, x, y);
    }
    p->left   = a.left;
    p->right  = a.right;
    p->top    = a.top;
    p->bottom = a.bottom;
}

static double air_of(const struct scene *scene, const struct set *set)
{
    static const double weathers[WEATHER_COUNT] = {
        [WEATHER_CLEAR] = 0.50, [WEATHER_CLOUDY] = 0.58, [WEATHER_RAIN] = 0.72,
        [WEATHER_STORM] = 0.66, [WEATHER_SNOW] = 0.74,   [WEATHER_FOG] = 0.95,
        [WEATHER_WIND] = 0.52,  [WEATHER_DUST] = 0.82,
    };
    return set->air * weathers[scene->look.weather];
}

static double focus_blur(const struct scene *scene, double depth)
{
    double focus = scene->framing.focus;

    if (depth >= FRAME_DEPTH)
        return 0.003 + 0.010 * focus;
    return 0.013 * focus * fmax(0, 1 - depth - 0.05);
}

static struct painter painter_for(const struct stage *s, const struct set *set, int index,
                                  bool shining, cairo_t *cr)
{
    const struct set_layer *layer = &set->layers[index];
    double distance = fmax(0, 1 - layer->depth);

    return (struct painter){
        .cr = cr,
        .scene = s->scene,
        .rng = rng_new((uint64_t)s->scene->seed * 64 + (uint64_t)index * 7 + set->place),
        .depth = layer->depth,
        .ground = GROUND * layer->depth,
        .adult = ADULT * layer->depth,
        .haze = layer->depth <= 0 ? 0 : air_of(s->scene, set) * pow(distance, 1.4),
        .shining = shining,
    };
}

/* Air gathers at the foot of what is far: a gradient over what is painted, and nothing else. */
static void lay_mist(struct painter *p, double amount)
{
    struct colour c = p->scene->palette.haze;
    cairo_pattern_t *fade = cairo_pattern_create_linear(0, p->ground - 0.30, 0, p->ground + 0.02);

    cairo_pattern_add_color_stop_rgba(fade, 0, c.r, c.g, c.b, 0);
    cairo_pattern_add_color_stop_rgba(fade, 1, c.r, c.g, c.b, amount);
    cairo_set_operator(p->cr, CAIRO_OPERATOR_ATOP);
    cairo_set_source(p->cr, fade);
    cairo_paint(p->cr);
    cairo_pattern_destroy(fade);
}

/* The sheet's place on the screen, wide enough for the camera and the drift. */
static struct area sheet_area(const struct scene *scene, const struct set_layer *layer)
{
    struct area a = stage_seen(scene, layer->depth);
    double way = layer->drift * scene->seconds;

    a.left -= fmax(0, way);
    a.right -= fmin(0, way);
    return a;
}

static cairo_surface_t *paint_sheet(const struct stage *s, const struct set *set, int index,
                                    bool shining, const struct area *area, double size)
{
    const struct set_layer *layer = &set->layers[index];
    int width = ((int)ceil((area->right - area->left) * s->height_px * size) + 3) & ~1;
    int height = ((int)ceil((area->bottom - area->top) * s->height_px * size) + 3) & ~1;
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
    cairo_t *cr = cairo_create(surface);
    struct painter p = painter_for(s, set, index, shining, cr);
    cairo_matrix_t m;

    set_matrix(s->scene, layer->depth, area, s->height_px * size, &m);
    painter_see(&p, m, width, height);
    cairo_set_matrix(cr, &m);
    cairo_set_tolerance(cr, 0.3);
    layer->paint(&p);
    cairo_identity_matrix(cr);
    cairo_set_matrix(cr, &m);
    if (layer->mist > 0 && !shining)
        lay_mist(&p, layer->mist * fmin(1, 0.5 + air_of(s->scene, set)) * 0.8);
    cairo_destroy(cr);
    cairo_surface_flush(surface);
    return surface;
}

static void finish_sheet(const struct stage *s, const struct set_layer *layer,
                         cairo_surface_t *surface, double size)
{
    const struct palette *c = &s->scene->palette;
    double texture = s->scene->spec->grade.texture, px = s->height_px * size;
    double blur = focus_blur(s->scene, layer->depth) * px;

    if (!layer->soft)
        paper_lay(&s->paper, surface, texture * (layer->bare ? 0.7 : 1), c->key_from);
    if (!layer->bare && !layer->soft && layer->depth > 0)
        paper_shadow(surface, c->shadow, 0.10 + 0.28 * texture, px * (0.006 + 0.008 * layer->depth),
                     c->key_from);
    if (blur >= 0.6)
        paper_blur(surface, blur);
}

static void add_sheet(struct stage *s, cairo_surface_t *surface, const struct area *area,
                      double size, double depth, double drift, enum pulse lights)
{
    struct window w = plane_used(surface);
    struct sheet_use *sheet = &s->sheets[s->count];
    double unit = 1 / (s->height_px * size);

    if (w.width == 0 || s->count == STAGE_SHEETS_MAX)
        return;
    s->count++;
    *sheet = (struct sheet_use){ .depth = depth, .size = size, .drift = drift, .lights = lights };
    sheet->area =
        (struct area){ area->left + w.x * unit, area->top + w.y * unit,
                       area->left + (w.x + w.width) * unit, area->top + (w.y + w.height) * unit };
    plane_init(&sheet->plane, w.width, w.height);
    plane_load(&sheet->plane, surface, w, scene_grading(s->scene));
}

/* What is far out of focus needs no more pixels than its blur leaves. */
static double surface_size(const struct stage *s, const struct set_layer *layer)
{
    double blur = focus_blur(s->scene, layer->depth) * s->height_px;
    return layer->soft || blur > 5.5 ? soft_size : blur > 2 ? light_size : 1;
}

static void add_layer(struct stage *s, const struct set *set, int index)
{
    const struct set_layer *layer = &set->layers[index];
    struct area area = sheet_area(s->scene, layer);
    double size = surface_size(s, layer);

    if (!layer->only_lights) {
        cairo_surface_t *surface = paint_sheet(s, set, index, false, &area, size);
        finish_sheet(s, layer, surface, size);
        add_sheet(s, surface, &area, size, layer->depth, layer->drift, PULSE_NONE);
        cairo_surface_destroy(surface);
    }
    if (layer->lights) {
        double blur = focus_blur(s->scene, layer->depth) * s->height_px,
               small = fmin(size, light_size);
        cairo_surface_t *surface = paint_sheet(s, set, index, true, &area, small);
        if (blur * small >= 0.6)
            paper_blur(surface, blur * small);
        add_sheet(s, surface, &area, small, layer->depth, layer->drift, layer->lights);
        cairo_surface_destroy(surface);
    }
}

static void fog_band(struct painter *p)
{
    struct colour c = colour_lighter(p->scene->palette.haze, 0.05);

    for (int i = 0; i < 14; i++)
        glow_wide(p, between(p, p->left, p->right), between(p, p->top * 0.3, p->bottom),
                  between(p, 0.25, 0.7), between(p, 0.05, 0.16), c, 0.75);
}

static const struct set air_set = {
    .air = 0, .layers = {
        { 0.45, fog_band, .soft = true, .bare = true, .drift = 0.020 },
        { 0.95, fog_band, .soft = true, .bare = true, .drift = -0.034 },
    },
};

static bool misty(const struct scene *scene, const struct set *set)
{
    int w = scene->look.weather;
    return !set->indoors && (w == WEATHER_FOG || w == WEATHER_DUST || w == WEATHER_STORM ||
                             scene->look.mood == MOOD_MYSTERIOUS);
}

void stage_init(struct stage *s, const struct scene *scene, int height_px)
{
    const struct set *set = scene->spec->end_card ? &set_end_card : set_of(scene->look.place);
    bool fog = misty(scene, set);

    *s = (struct stage){ .scene = scene, .height_px = height_px };
    paper_init(&s->paper, scene->seed);
    s->front = -1;
    for (int i = 0; i < SET_LAYERS_MAX && set->layers[i].paint; i++) {
        double depth = set->layers[i].depth;
        if (fog && depth > 0.45 && i > 0 && set->layers[i - 1].depth <= 0.45)
            add_layer(s, &air_set, 0);
        if (depth > 1 && s->front < 0) {
            if (fog)
                add_layer(s, &air_set, 1);
            s->front = s->count;
        }
        add_layer(s, set, i);
    }
    if (s->front < 0)
        s->front = s->count;
}

void stage_done(struct stage *s)
{
    for (int i = 0; i < s->count; i++)
        plane_done(&s->sheets[i].plane);
    s->count = 0;
}
