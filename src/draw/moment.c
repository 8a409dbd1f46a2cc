/*
 * The camera is a point in space: planes shift by their depth when it moves aside, grow by their
 * depth when it moves in, and shift alike when it turns. Moves run at nearly even speed through the
 * cut, as they do on a dolly; the song's energy and the style set how far.
 */

#include "draw/moment.h"

#include <math.h>

#include "base/rng.h"

static const double beat_fall_seconds = 0.22;
/* without a song, figures still breathe in some rhythm */
static const double rest_beat_seconds = 0.9;

static struct beat beat_without_song(int frame_index)
{
    double at = (double)frame_index / DRAW_RATE_HZ / rest_beat_seconds;
    return (struct beat){ .phase = at - floor(at), .index = (int)at };
}

struct beat beat_at(const struct draw_spec *spec, int frame_index)
{
    size_t passed = 0;
    double since, length;

    while (passed < spec->beat_count && spec->beat_frames[passed] <= frame_index)
        passed++;
    if (passed == 0)
        return beat_without_song(frame_index);
    since  = (double)(frame_index - spec->beat_frames[passed - 1]);
    length = passed < spec->beat_count
                 ? (double)(spec->beat_frames[passed] - spec->beat_frames[passed - 1])
                 : DRAW_RATE_HZ / 2.0;
    return (struct beat){
        .phase = fmin(since / fmax(length, 1), 0.999),
        .pulse = exp(-since / DRAW_RATE_HZ / beat_fall_seconds),
        .index = (int)passed,
    };
}

/* Mostly even, a little eased at both ends. */
static double progress(const struct scene *s, int frame_index)
{
    double t =
        s->spec->frame_count > 1 ? (double)frame_index / (double)(s->spec->frame_count - 1) : 0;
    return 0.6 * t + 0.4 * t * t * (3 - 2 * t);
}

/* Smooth noise: three incommensurable sines. */
static double wander(double seconds, double phase)
{
    return 0.5 * sin(seconds * 1.9 + phase) + 0.3 * sin(seconds * 3.7 + phase * 2.1) +
           0.2 * sin(seconds * 7.3 + phase * 3.3);
}

static double amplitude(const struct scene *s)
{
    double longer = fmin(1.3, 0.6 + s->seconds / 10);
    return s->spec->grade.camera * (0.55 + 0.9 * s->spec->energy) * longer;
}

/* `t` runs -0.5 .. 0.5 over the scene. */
static void move(struct camera *c, int kind, double t, double a)
{
    switch (kind) {
    case MOVE_PUSH_IN:     c->push += (t + 0.25) * 0.17 * a; break;
    case MOVE_PULL_OUT:    c->push += (0.25 - t) * 0.17 * a; break;
    case MOVE_PAN_LEFT:    c->pan_x += t * 0.20 * a; break;
    case MOVE_PAN_RIGHT:   c->pan_x -= t * 0.20 * a; break;
    case MOVE_TILT_UP:     c->pan_y += (t - 0.5) * 0.14 * a; break;
    case MOVE_TILT_DOWN:   c->pan_y -= (t + 0.5) * 0.14 * a; break;
    case MOVE_CRANE_UP:    c->y -= (t + 0.3) * 0.13 * a; c->push -= t * 0.04 * a; break;
    case MOVE_CRANE_DOWN:  c->y += (t - 0.3) * 0.13 * a; c->push += t * 0.04 * a; break;
    case MOVE_DOLLY_LEFT:  c->x -= t * 0.24 * a; break;
    case MOVE_DOLLY_RIGHT: c->x += t * 0.24 * a; break;
    case MOVE_ORBIT:
        c->x += t * 0.30 * a;
        c->pan_x += t * 0.30 * a;
        c->push += t * 0.04 * a;
        break;
    default:               c->push += (t + 0.5) * 0.022 * a; break;
    }
}

struct camera camera_at(const struct scene *s, int frame_index)
{
    double seconds = (double)frame_index / DRAW_RATE_HZ, a = fmin(amplitude(s), 2.2),
           t = progress(s, frame_index) - 0.5;
    double phase = (double)(s->seed & 1023),
           shake = s->look.move == MOVE_HANDHELD ? 0.0085 : 0.0011;
    struct beat beat = beat_at(s->spec, frame_index);
    struct journey way = journey_of(s);
    struct camera c = { .focus_x = s->framing.hero_x * 0.85, .focus_y = -0.06 };

    move(&c, s->spec->end_card ? MOVE_STATIC : s->look.move, t, a);
    c.pan_x += shake * a * wander(seconds, phase);
    c.pan_y += shake * a * wander(seconds * 1.13 + 20, phase + 2) * 0.8;
    c.push += 0.010 * beat.pulse * s->spec->energy * fmin(a, 1.5);
    c.x += way.direction * way.followed * (seconds / s->seconds - 0.5);
    return c;
}

static double speed_of(const struct look_cast *lead)
{
    switch (lead->action) {
    case ACTION_WALK:  return 0.75;
    case ACTION_RUN:   return 1.9;
    case ACTION_RIDE:  return 1.8;
    case ACTION_DRIVE: return 2.6;
    case ACTION_FLY:   return 0.9;
    case ACTION_SWIM:  return 0.5;
    default:           return 0;
    }
}

/* Half of the way is walked across the picture, the rest is the camera keeping up; both have an
 * end. */
struct journey journey_of(const struct scene *s)
{
    const struct look_cast *lead = s->look.cast_count ? &s->look.cast[0] : NULL;
    struct rng r = rng_fork((uint64_t)s->seed, "journey");
    struct journey j = { .direction = rng_below(&r, 2) ? 1 : -1,
                         .speed = lead ? speed_of(lead) : 0 };
    double way = j.speed * s->seconds * ADULT * s->framing.scale;

    if (s->framing.portrait || s->spec->end_card || s->look.place == PLACE_CAR_INTERIOR)
        way = fmin(way, 0.1);
    j.walked   = fmin(way * 0.5, s->half_width * 0.5);
    j.followed = fmin(way - j.walked, 0.55);
    return j;
}

struct lens lens_at(const struct camera *c, double depth)
{
    double scale = 1 / (1 - fmin(0.45, c->push * depth));

    return (struct lens){
        .scale = scale,
        .x = c->focus_x + c->pan_x - (c->x * depth + c->focus_x) * scale,
        .y = c->focus_y + c->pan_y - (c->y * depth + c->focus_y) * scale,
    };
}
