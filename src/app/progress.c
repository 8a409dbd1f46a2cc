#include "app/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.h"

/* What one artifact weighs, in the time of drawing one frame. Measured: a track costs about as much
 * as 100 frames. */
static double weight_of(const struct board *b, const struct artifact *art)
{
    switch (art->kind) {
    case ARTIFACT_LIPSYNC:
    case ARTIFACT_TAKE: {
        const struct scene *s = board_scene(b, art->sequence);
        return s ? (double)s->film_frames : 0;
    }
    case ARTIFACT_MUSIC:
    case ARTIFACT_VOICE:
    case ARTIFACT_SONG_MAP:
        return 60;
    case ARTIFACT_TRACK:
        return 100;
    case ARTIFACT_FILM:
        return 60;
    case ARTIFACT_POSTER:
        return 0;
    default:
        return 2;
    }
}

static double done_of(const struct board *b, const struct artifact *art, struct workers *w)
{
    if (art->state == ARTIFACT_CURRENT)
        return 1;
    int permille = workers_progress(w, b->project.project_id, art);
    return permille > 0 ? permille / 1000.0 : 0;
}

double progress_share(const struct board *b, struct workers *w)
{
    double total = 0, done = 0;
    for (size_t i = 0; i < b->graph.artifact_count; i++) {
        const struct artifact *art = &b->graph.artifacts[i];
        double weight = weight_of(b, art);
        total += weight;
        done += weight * done_of(b, art, w);
    }
    if (b->scene_count == 0)
        return 0;
    return total > 0 ? done / total : 0;
}

void progress_begin(struct progress *p, bool quiet)
{
    *p = (struct progress){
        .quiet = quiet,
        .terminal = isatty(STDERR_FILENO),
        .started_us = clock_monotonic_us(&clock_real),
        .stage_said = "",
    };
}

static int64_t takes_current(const struct board *b)
{
    int64_t count = 0;
    for (size_t i = 0; i < b->graph.artifact_count; i++)
        count += b->graph.artifacts[i].kind == ARTIFACT_TAKE &&
                 b->graph.artifacts[i].state == ARTIFACT_CURRENT;
    return count;
}

/* "" until enough is known to promise anything. */
static const char *eta_text(struct progress *p, struct task *t, double share)
{
    double gained = share - p->first_share;
    int64_t spent = clock_monotonic_us(&clock_real) - p->started_us;
    if (gained < 0.03 || spent < SECOND_US)
        return "";
    double left_us = (double)spent / gained * (1 - share);
    return arena_format(t->arena, "  %s left", time_clock_text(t->arena, (int64_t)left_us));
}

static void draw_bar(struct progress *p, struct task *t, const struct board *b, double share)
{
    enum { CELLS = 24 };
    struct text bar = text_new(t->arena);
    for (int i = 0; i < CELLS; i++)
        text_append(&bar, i < (int)(share * CELLS + 0.5) ? "\xE2\x96\x88" : "\xE2\x96\x91");
    const char *scenes = b->scene_count ? arena_format(t->arena, "  %" PRId64 "/%zu scenes",
                                                       takes_current(b), b->scene_count)
                                        : "";
    fprintf(stderr, "\r\x1b[K%-9s %s %3d%%%s%s", *b->project.stage ? b->project.stage : "starting",
            text_end(&bar), (int)(share * 100), scenes, eta_text(p, t, share));
    fflush(stderr);
    p->drawn = true;
}

static void say_plainly(struct progress *p, const struct board *b, double share)
{
    static const char *const stages[] = { "listening", "planning", "filming", "syncing",
                                          "mixing",    "cutting",  NULL };
    int stage = names_index(stages, b->project.stage);
    if (stage >= 0 && !text_equal(stages[stage], p->stage_said)) {
        p->stage_said = stages[stage];
        fprintf(stderr, "%s\n", p->stage_said);
    }
    int64_t takes = takes_current(b);
    if (takes > p->takes_said && b->scene_count > 0) {
        p->takes_said = takes;
        fprintf(stderr, "  %" PRId64 " of %zu scenes filmed, %d%%\n", takes, b->scene_count,
                (int)(share * 100));
    }
}

void progress_show(struct progress *p, struct task *t, const struct board *b, struct workers *w)
{
    if (p->quiet)
        return;
    double share = progress_share(b, w);
    if (!p->has_first && b->scene_count > 0) {
        p->first_share = share;
        p->has_first = true;
        p->takes_said = takes_current(b);
        p->started_us = clock_monotonic_us(&clock_real);
    }
    if (p->terminal)
        draw_bar(p, t, b, share);
    else
        say_plainly(p, b, share);
}

void progress_end(struct progress *p)
{
    if (p->drawn)
        fprintf(stderr, "\r\x1b[K");
    p->drawn = false;
}
