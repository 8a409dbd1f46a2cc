/*
 * Where the film is cut, by dynamic programming.
 *
 * A candidate is a frame where a cut may fall: the frames nearest to the beats (half seconds when
 * there is no song), plus half seconds inside stretches without a beat that are too long to be
 * filmed. A shot is an edge between two candidates that lie SHOT_FRAMES_MIN to the longest take
 * apart; its cost says how far it is from what an editor wants. The film is the cheapest path from
 * frame 0 to its end; with a scene count given, the cheapest of that many edges. Ties go to the
 * longer shot, so equal costs give equal films everywhere.
 *
 * Gaps are filled when they are longer than the longest take less two shortest shots. With every
 * gap at most that, a step of allowed length always exists and the last one never ends up too
 * short, so some path always exists.
 */
#include "plan/plan.h"

#include <math.h>
#include <string.h>

enum {
    FILL_FRAMES     = FILM_RATE_HZ / 2,      /* the grid where there is no beat */
    BORDER_FRAMES   = 6,                     /* a cut this near to a section's border is on it */
};

/* What an editor minds, in one currency: a shot twice or half as long as wanted costs about 3. */
#define COST_PACE      6.0        /* times the squared log of length to wanted length */
#define COST_OUTSIDE  40.0        /* the same beyond the style's shortest and longest */
#define COST_WEAK      0.9        /* a cut on the weakest beat */
#define COST_BORDER    2.5        /* playing on across a section's border */
#define COST_STORY    12.0        /* playing on from one step of the story into the next */
#define COST_WASTE     0.25       /* a second generated and thrown away */
#define COST_OFF_BEAT 500.0       /* a cut where there is no beat: as few as possible */
#define COST_NEVER    1e18

struct candidate {
    int64_t frame;
    double  weakness;             /* cost of cutting here, 0 best */
    double  energy;               /* of the song from here to the next candidate */
    double  energy_before;        /* summed over frames before this one: means are differences */
    int64_t borders_passed;       /* section borders that lie clearly before this frame */
    int64_t borders_reached;      /* those, and the one this frame is on */
};

struct cutter {
    const struct cut_request *request;
    struct candidate         *at;
    size_t                    count;          /* candidates, frame 0 and the end included */
    int64_t                   longest;        /* take */
    int64_t                   last_longest;   /* the last shot's */
    /* [to][back]: cost of the shot that begins `back` candidates before */
    double                  **edges;
    uint16_t                 *edge_counts;    /* back runs from 1 to this */
};

static int64_t longest_take(const struct film_lengths *lengths)
{
    return lengths->allowed_count ? lengths->allowed_frames[lengths->allowed_count - 1]
                                  : lengths->max_frames;
}

int64_t film_length_for(const struct film_lengths *lengths, int64_t frame_count)
{
    if (frame_count > longest_take(lengths))
        return -1;
    for (size_t i = 0; i < lengths->allowed_count; i++) {
        if (lengths->allowed_frames[i] >= frame_count)
            return lengths->allowed_frames[i];
    }
    return frame_count > lengths->min_frames ? frame_count : lengths->min_frames;
}

/* A gap longer than this is filled with half seconds; see above. */
static int64_t longest_gap(int64_t longest)
{
    int64_t gap = longest - 2 * SHOT_FRAMES_MIN;
    return gap > SHOT_FRAMES_MIN ? gap : SHOT_FRAMES_MIN;
}

bool cut_may_leave_beat(const struct song_map *song, const struct film_lengths *lengths,
                        int64_t frame_count, int64_t frame)
{
    if (!song)
        return true;
    int64_t before = 0, after = frame_count;
    for (size_t i = 0; i < song->beat_count; i++) {
        int64_t beat = frames_from_us(song->beats_us[i]);
        if (beat <= frame && beat > before)
            before = beat;
        if (beat >= frame && beat < after)
            after = beat;
    }
    return after - before > longest_gap(longest_take(lengths));
}

/* ---- candidates --------------------------------------------------------------------------- */

static void candidate_add(struct cutter *c, int64_t frame, double weakness, double energy)
{
    c->at[c->count++] =
        (struct candidate){ .frame = frame, .weakness = weakness, .energy = energy };
}

/* Half seconds up to `end`, none nearer to it than that. */
static void fill_gap(struct cutter *c, int64_t end, double weakness)
{
    double energy = c->at[c->count - 1].energy;
    for (int64_t f = c->at[c->count - 1].frame + FILL_FRAMES; f + FILL_FRAMES <= end;
         f += FILL_FRAMES)
        candidate_add(c, f, weakness, energy);
}

static void add_beats(struct cutter *c, const struct song_map *song)
{
    int64_t end = c->request->frame_count;
    for (size_t i = 0; i < song->beat_count; i++) {
        int64_t frame = frames_from_us(song->beats_us[i]);
        double energy = i < song->energy_count ? song->energy[i] : 0.5;
        double strong = i < song->strong_count ? (double)song->strong[i] / 100 : 0.5;
        if (frame <= c->at[c->count - 1].frame || frame >= end)
            continue;
        if (frame - c->at[c->count - 1].frame > longest_gap(c->longest))
            fill_gap(c, frame, COST_OFF_BEAT);
        candidate_add(c, frame, COST_WEAK * (1 - strong), energy);
    }
    if (end - c->at[c->count - 1].frame > longest_gap(c->longest))
        fill_gap(c, end, COST_OFF_BEAT);
}

static size_t border_count(const struct cut_request *r)
{
    return r->song ? r->song->section_count : r->shares ? r->share_count : 0;
}

/* The last frames of the song's sections, or of the story's steps by their shares; ascending. */
static int64_t *borders_make(struct task *t, const struct cut_request *r)
{
    size_t count = border_count(r);
    int64_t *borders = arena_array(t->arena, int64_t, count);
    double total = 0, sum = 0;
    for (size_t i = 0; !r->song && i < count; i++)
        total += r->shares[i];
    for (size_t i = 0; i < count; i++) {
        sum += r->song ? 0 : r->shares[i];
        borders[i] = r->song ? frames_from_us(r->song->sections[i].end_us)
                             : llround(sum / total * (double)r->frame_count);
    }
    return borders;
}

/* For each candidate, how many borders lie before it; the cost of an edge is then a subtraction. */
static void count_borders(struct task *t, struct cutter *c)
{
    size_t count = border_count(c->request), passed = 0, reached = 0;
    int64_t *borders = borders_make(t, c->request);
    for (size_t i = 0; i < c->count; i++) {
        struct candidate *p = &c->at[i];
        while (passed < count && borders[passed] < p->frame - BORDER_FRAMES)
            passed++;
        while (reached < count && borders[reached] <= p->frame + BORDER_FRAMES)
            reached++;
        p->borders_passed  = (int64_t)passed;
        p->borders_reached = (int64_t)reached;
    }
}

static void sum_energy(struct cutter *c)
{
    for (size_t i = 1; i < c->count; i++) {
        const struct candidate *p = &c->at[i - 1];
        c->at[i].energy_before = p->energy_before + p->energy * (double)(c->at[i].frame - p->frame);
    }
}

static struct cutter cutter_make(struct task *t, const struct cut_request *r)
{
    size_t beats = r->song ? r->song->beat_count : 0;
    struct cutter c = { .request = r, .longest = longest_take(&r->lengths) };
    c.last_longest = r->last_lengths ? longest_take(r->last_lengths) : c.longest;
    c.at =
        arena_array(t->arena, struct candidate, beats + (size_t)(r->frame_count / FILL_FRAMES) + 2);
    candidate_add(&c, 0, 0, r->song && r->song->energy_count ? r->song->energy[0] : 0.5);
    if (r->song)
        add_beats(&c, r->song);
    else
        fill_gap(&c, r->frame_count, 0);
    candidate_add(&c, r->frame_count, 0, 0);
    count_borders(t, &c);
    sum_energy(&c);
    return c;
}

/* ---- the cost of a shot ------------------------------------------------------------------- */

static double square_log(double ratio)
{
    double l = log(ratio);
    return l * l;
}

/* The length wanted here: the style's, shorter where it is loud if the style follows the song. */
static double wanted_seconds(const struct cut_request *r, double energy)
{
    double pace = r->shot_seconds;
    if (r->scene_count > 0)
        pace = (double)r->frame_count / FILM_RATE_HZ / (double)r->scene_count;
    return pace * exp(r->rhythm * (0.5 - energy) * 1.2);
}

static double pace_cost(const struct cut_request *r, double seconds, double energy)
{
    double cost = COST_PACE * square_log(seconds / wanted_seconds(r, energy));
    if (r->scene_count > 0)
        return cost;
    if (seconds < r->shot_seconds_min)
        cost += COST_OUTSIDE * square_log(seconds / r->shot_seconds_min);
    if (r->shot_seconds_max > 0 && seconds > r->shot_seconds_max)
        cost += COST_OUTSIDE * square_log(seconds / r->shot_seconds_max);
    return cost;
}

/* What the shot that ends at this candidate can be filmed in, and how long it may be. */
static const struct film_lengths *lengths_into(const struct cutter *c, size_t to)
{
    bool last = to == c->count - 1 && c->request->last_lengths;
    return last ? c->request->last_lengths : &c->request->lengths;
}

static int64_t longest_into(const struct cutter *c, size_t to)
{
    return to == c->count - 1 ? c->last_longest : c->longest;
}

static bool edge_allowed(const struct cutter *c, size_t from, size_t to)
{
    int64_t length = c->at[to].frame - c->at[from].frame;
    bool whole = from == 0 && to == c->count - 1;
    return length <= longest_into(c, to) && (length >= SHOT_FRAMES_MIN || whole);
}

static double edge_cost(const struct cutter *c, size_t from, size_t to)
{
    const struct candidate *a = &c->at[from], *b = &c->at[to];
    int64_t length = b->frame - a->frame, crossed = b->borders_passed - a->borders_reached;
    int64_t waste = film_length_for(lengths_into(c, to), length) - length;
    double energy = (b->energy_before - a->energy_before) / (double)length;
    double border = c->request->song ? COST_BORDER : COST_STORY;
    return pace_cost(c->request, (double)length / FILM_RATE_HZ, energy) + b->weakness +
           border * (double)(crossed > 0 ? crossed : 0) + COST_WASTE * (double)waste / FILM_RATE_HZ;
}

static size_t edges_into(const struct cutter *c, size_t to)
{
    size_t back = 0;
    while (back < to && back < UINT16_MAX - 1 &&
           c->at[to].frame - c->at[to - back - 1].frame <= longest_into(c, to))
        back++;
    return back;
}

/* Costs are asked for once a round: worked out once. */
static void weigh_edges(struct task *t, struct cutter *c)
{
    c->edges       = arena_array(t->arena, double *, c->count);
    c->edge_counts = arena_array(t->arena, uint16_t, c->count);
    for (size_t to = 1; to < c->count; to++) {
        c->edge_counts[to] = (uint16_t)edges_into(c, to);
        c->edges[to]       = arena_array(t->arena, double, c->edge_counts[to] + 1);
        for (size_t back = 1; back <= c->edge_counts[to]; back++)
            c->edges[to][back] =
                edge_allowed(c, to - back, to) ? edge_cost(c, to - back, to) : COST_NEVER;
    }
}

/* ---- the cheapest path -------------------------------------------------------------------- */

/*
 * One round: the cheapest way to each candidate from `first` to `last` by one more edge. `before`
 * holds the costs of the round before (or this round's own, where the number of edges is free);
 * `steps` receives how many candidates back each edge began.
 */
static void relax(const struct cutter *c, size_t first, size_t last, const double *before,
                  double *costs, uint16_t *steps)
{
    for (size_t to = first; to <= last; to++) {
        const double *edges = c->edges[to];
        double best = COST_NEVER;
        steps[to] = 0;
        for (size_t back = 1; back <= c->edge_counts[to]; back++) {
            double cost = before[to - back] + edges[back];
            if (cost <= best && cost < COST_NEVER) {
                best      = cost;
                steps[to] = (uint16_t)back;
            }
        }
        costs[to] = best;
    }
}

/* Walks the steps back from the end; `layer` is 0 when one layer of steps serves any number of
 * edges. */
static void cuts_collect(struct task *t, const struct cutter *c, const uint16_t *steps,
                         size_t layer, size_t count, struct cut **out)
{
    struct cut *cuts = arena_array(t->arena, struct cut, count);
    size_t to = c->count - 1;
    for (size_t i = count; i-- > 0;) {
        size_t from = to - steps[layer * i + to];
        int64_t length = c->at[to].frame - c->at[from].frame;
        cuts[i] =
            (struct cut){ c->at[from].frame, length, film_length_for(lengths_into(c, to), length) };
        to = from;
    }
    *out = cuts;
}

static enum err refuse_length(struct task *t, const struct cutter *c)
{
    return fail_at(
        t,
        refuse(t, ERR_IMPOSSIBLE,
               "give it another length with --duration (targetDuration), or choose a video model "
               "that films longer shots",
               "a film of %.3g s cannot be cut into shots of %.3g s at most",
               (double)c->request->frame_count / FILM_RATE_HZ, (double)c->longest / FILM_RATE_HZ),
        "targetDuration");
}

static enum err cut_freely(struct task *t, const struct cutter *c, struct cut **out,
                           size_t *out_count)
{
    double *costs = arena_array(t->arena, double, c->count);
    uint16_t *steps = arena_array(t->arena, uint16_t, c->count);
    relax(c, 1, c->count - 1, costs, costs, steps);
    if (costs[c->count - 1] >= COST_NEVER)
        return refuse_length(t, c);
    size_t count = 0;
    for (size_t to = c->count - 1; to > 0; to -= steps[to])
        count++;
    if (count > SCENES_MAX)
        return fail(t, ERR_LIMIT, "the film would have %zu scenes; at most %d are possible", count,
                    SCENES_MAX);
    cuts_collect(t, c, steps, 0, count, out);
    *out_count = count;
    return OK;
}

/* The fewest and the most shots the film can be cut into. */
static void count_range(struct task *t, const struct cutter *c, int64_t *fewest, int64_t *most)
{
    int64_t *low = arena_array(t->arena, int64_t, c->count),
            *high = arena_array(t->arena, int64_t, c->count);
    for (size_t to = 1; to < c->count; to++) {
        low[to]  = INT64_MAX;
        high[to] = -1;
        for (size_t from = to;
             from-- > 0 && c->at[to].frame - c->at[from].frame <= longest_into(c, to);) {
            if (high[from] < 0 || !edge_allowed(c, from, to))
                continue;
            low[to]  = low[from] + 1 < low[to] ? low[from] + 1 : low[to];
            high[to] = high[from] + 1 > high[to] ? high[from] + 1 : high[to];
        }
    }
    *fewest = low[c->count - 1];
    *most   = high[c->count - 1] < SCENES_MAX ? high[c->count - 1] : SCENES_MAX;
}

static enum err refuse_count(struct task *t, const struct cutter *c, int64_t fewest, int64_t most)
{
    const struct cut_request *r = c->request;
    char *range = fewest == most
                      ? arena_format(t->arena, "%lld", (long long)fewest)
                      : arena_format(t->arena, "%lld to %lld", (long long)fewest, (long long)most);
    return refuse(
        t, ERR_IMPOSSIBLE,
        arena_format(t->arena,
                     "ask for %s scenes, or leave the number out; or give the film another "
                     "length with --duration (targetDuration)",
                     range),
        "%lld scenes are not possible: %.4g s %s in shots of %.3g to %.3g s make %s scenes",
        (long long)r->scene_count, (double)r->frame_count / FILM_RATE_HZ,
        r->song ? "cut on the beat" : "of film", (double)SHOT_FRAMES_MIN / FILM_RATE_HZ,
        (double)c->longest / FILM_RATE_HZ, range);
}

static enum err cut_to_count(struct task *t, const struct cutter *c, struct cut **out,
                             size_t *out_count)
{
    int64_t fewest, most, wanted = c->request->scene_count;
    count_range(t, c, &fewest, &most);
    if (wanted < fewest || wanted > most)
        return refuse_count(t, c, fewest, most);

    size_t rounds = (size_t)wanted;
    double *before = arena_array(t->arena, double, c->count),
           *costs = arena_array(t->arena, double, c->count);
    uint16_t *steps = arena_array(t->arena, uint16_t, c->count * rounds);
    for (size_t i = 0; i < c->count; i++)
        before[i] = costs[i] = COST_NEVER;
    before[0] = 0;
    for (size_t round = 0; round < rounds; round++) {
        enum err e = task_over(t);
        if (e)
            return e;
        relax(c, 1, c->count - 1, before, costs, steps + round * c->count);
        before[0] = COST_NEVER;
        double *spare = before;
        before = costs;
        costs  = spare;
    }
    if (before[c->count - 1] >= COST_NEVER)
        return refuse(t, ERR_IMPOSSIBLE, "ask for one scene more or fewer, or leave the number out",
                      "the beats allow no cut into exactly %lld scenes", (long long)wanted);
    cuts_collect(t, c, steps, c->count, rounds, out);
    *out_count = rounds;
    return OK;
}

static enum err check_request(struct task *t, const struct cut_request *r)
{
    if (r->frame_count < 1)
        return fail(t, ERR_IMPOSSIBLE, "a film needs at least one frame");
    if (longest_take(&r->lengths) < SHOT_FRAMES_MIN)
        return fail(t, ERR_IMPOSSIBLE,
                    "takes of %.3g s are too short to cut with; half a second is the least",
                    (double)longest_take(&r->lengths) / FILM_RATE_HZ);
    if (r->frame_count / longest_take(&r->lengths) >= SCENES_MAX)
        return fail(t, ERR_LIMIT, "a film of %.4g s needs more than %d scenes of at most %.3g s",
                    (double)r->frame_count / FILM_RATE_HZ, SCENES_MAX,
                    (double)longest_take(&r->lengths) / FILM_RATE_HZ);
    return OK;
}

enum err plan_cuts(struct task *t, const struct cut_request *request, struct cut **out,
                   size_t *out_count)
{
    enum err e = check_request(t, request);
    if (e)
        return e;
    struct cutter c = cutter_make(t, request);
    weigh_edges(t, &c);
    return request->scene_count > 0 ? cut_to_count(t, &c, out, out_count)
                                    : cut_freely(t, &c, out, out_count);
}
