/*
 * Scenes come and go. Which there are, and in what order, is said by the project's record, so
 * adding and deleting change it in the same transaction: of two at the same time one sees the
 * other.
 */
#include "flow/scenes.h"

#include <inttypes.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "flow/checks.h"
#include "flow/leftovers.h"
#include "flow/paid.h"
#include "flow/scene_words.h"

/* The board as it is, with what a new scene is made from. */
struct addition {
    const struct flow *flow;
    const struct scene_idea *idea;
    struct film_words film;
    size_t place; /* the index it will have */
    struct cut cut;
};

static const struct scene *added_before(const struct addition *a)
{
    for (size_t i = 0; i < a->film.scene_count && !text_is_empty(a->idea->once); i++) {
        if (text_equal(a->film.scenes[i].once, a->idea->once))
            return &a->film.scenes[i];
    }
    return NULL;
}

static enum err find_place(struct addition *a, struct task *t)
{
    int64_t after = a->idea->after;
    a->place = after == 0 ? 0 : a->film.scene_count;
    if (after <= 0)
        return OK;
    for (size_t i = 0; i < a->film.scene_count; i++) {
        if (a->film.scenes[i].sequence == after) {
            a->place = i + 1;
            return OK;
        }
    }
    return fail_at(t,
                   refuse(t, ERR_INVALID, "name a scene of this project, 0 for the first place",
                          "there is no scene %" PRId64 " to put it after", after),
                   "after");
}

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

/* As long as asked, or as the style's shots tend to be; from where it stands in the film. */
static enum err set_cut(struct addition *a, struct task *t)
{
    struct film_lengths lengths = model_lengths(t, &a->film.model);
    double seconds = a->idea->seconds, wanted = seconds ? seconds : a->film.style.shot_seconds;
    bool sane = wanted > 0 && wanted < 3600;
    int64_t frames = sane ? frames_from_us((int64_t)(wanted * 1e6)) : 0;
    if (seconds == 0)
        frames = clamp(frames, SHOT_FRAMES_MIN, lengths.max_frames);
    a->cut = (struct cut){ .frame_count = frames,
                           .film_frames = film_length_for(&lengths, frames) };
    for (size_t i = 0; i < a->place; i++) {
        struct scene_span used = scene_used_span(&a->film.scenes[i]);
        a->cut.start_frame += used.out - used.in;
    }
    if (frames >= SHOT_FRAMES_MIN && a->cut.film_frames > 0)
        return OK;
    return fail_at(t,
                   refuse(t, ERR_IMPOSSIBLE,
                          arena_format(t->arena, "use %g to %g seconds",
                                       (double)SHOT_FRAMES_MIN / FILM_RATE_HZ,
                                       a->film.model.seconds_max),
                          "%s cannot film a scene of %g seconds", a->film.model.title, seconds),
                   "duration");
}

static enum err check_idea(struct addition *a, struct task *t)
{
    enum err e = check_some_words(t, "idea", "idea", a->idea->idea, PROMPT_BYTES_MAX);
    if (!e)
        e = check_at_rest(t, &a->film.project, "given another scene");
    if (!e && a->film.scene_count == 0)
        e = refuse(t, ERR_CONFLICT, "plan it first: storyreel project plan ID --again",
                   "the project has no scenes yet to put it among");
    if (!e && a->film.scene_count >= SCENES_MAX)
        e = fail(t, ERR_LIMIT, "a film has at most %d scenes", SCENES_MAX);
    if (!e)
        e = find_place(a, t);
    return e ? e : set_cut(a, t);
}

/* What the song does there, by the section and the beats it begins in. */
static double energy_at(const struct addition *a, const struct scene *near)
{
    int64_t us = us_from_frames(a->cut.start_frame);
    for (size_t i = 0; a->film.has_song && i < a->film.song.section_count; i++) {
        if (us < a->film.song.sections[i].end_us)
            return a->film.song.sections[i].energy;
    }
    return near->energy;
}

/* The scene before it, or the one it is put before. */
static const struct scene *neighbour(const struct addition *a)
{
    return &a->film.scenes[a->place > 0 ? a->place - 1 : 0];
}

static enum err write_idea(struct task *t, const struct film_words *w, const void *how,
                           struct planned_scene *out)
{
    const struct addition *a = how;
    const struct scene *near = neighbour(a);
    const char **titles = arena_array(t->arena, const char *, w->scene_count);
    struct planned_scene *around = arena_array(t->arena, struct planned_scene, 2);
    for (size_t i = 0; i < w->scene_count; i++)
        titles[i] = w->scenes[i].title;
    if (a->place > 0)
        around[0] = planned_from_scene(&w->scenes[a->place - 1]);
    if (a->place < w->scene_count)
        around[1] = planned_from_scene(&w->scenes[a->place]);
    const struct idea_request request = {
        .film = &w->request,
        .idea = a->idea->idea,
        .cut = a->cut,
        .story_beat = near->story_beat,
        .section = near->section,
        .energy = energy_at(a, near),
        .near = near->end_card ? NULL : &near->look,
        .titles = titles,
        .title_count = w->scene_count,
        .before = a->place > 0 ? &around[0] : NULL,
        .after = a->place < w->scene_count ? &around[1] : NULL,
    };
    return plan_idea(t, w->planner, &request, out);
}

/* By its number too: the same idea a second time is another scene. */
static const char *hash_of(const struct addition *a, struct task *t)
{
    struct hash h = film_words_hash(&a->film, "idea");
    hash_add(&h, "idea", a->idea->idea);
    hash_add_int(&h, "sequence", a->film.project.next_sequence);
    hash_add_int(&h, "place", (int64_t)a->place);
    hash_add_int(&h, "frames", a->cut.frame_count);
    hash_add_int(&h, "seed", a->film.request.seed);
    for (size_t i = a->place > 0 ? a->place - 1 : 0; i < a->film.scene_count && i <= a->place;
         i++) {
        struct planned_scene s = planned_from_scene(&a->film.scenes[i]);
        words_hash_scene(t, &h, &s);
    }
    return hash_end(&h, t->arena);
}

static enum err write_scene(struct addition *a, struct task *t, struct scene *out)
{
    struct planned_scene planned;
    double usd;
    const struct words_wish wish = {
        .kind = "idea",
        .hash = hash_of(a, t),
        .write = write_idea,
        .how = a,
    };
    enum err e = words_ask(&a->film, t, &wish, &planned, &usd);
    if (e == ERR_INVALID) /* with light, lens and style around it */
        return fail_at(t, refuse(t, ERR_LIMIT, "say it in fewer words",
                                 "the idea makes a prompt of more than %d bytes", PROMPT_BYTES_MAX),
                       "idea");
    if (e)
        return e;
    const struct project *p = &a->film.project;
    *out = scene_from_plan(t, &planned, a->film.has_song ? &a->film.song : NULL, p->next_sequence,
                           project_seed(p));
    out->once = or_nothing(a->idea->once);
    out->remake_once = "";
    return OK;
}

static void put_in_order(struct addition *a, struct task *t, const struct scene *s)
{
    int64_t *order = arena_array(t->arena, int64_t, a->film.scene_count + 1);
    for (size_t i = 0; i < a->film.scene_count; i++)
        order[i + (i >= a->place)] = a->film.scenes[i].sequence;
    order[a->place] = s->sequence;
    a->film.project.order = order;
    a->film.project.order_count = a->film.scene_count + 1;
    a->film.project.next_sequence = s->sequence + 1;
}

static enum err add_once(struct addition *a, struct task *t, const char *project_id,
                         struct scene *out)
{
    enum err e = film_words_load(a->flow, t, project_id, &a->film);
    const struct scene *there = e ? NULL : added_before(a);
    if (there) {
        *out = *there;
        return OK;
    }
    if (!e)
        e = check_idea(a, t);
    if (!e)
        e = write_scene(a, t, out);
    if (e)
        return e;
    put_in_order(a, t, out);
    struct item_write writes[] = { scene_write(t, project_id, out),
                                   project_touched(t, &a->film.project) };
    writes[0].change = ITEM_PUT; /* a plan that was cancelled may have left one of that number */
    e = store_write(a->flow->store, t, writes, 2);
    if (!e)
        e = scene_load(a->flow->store, t, project_id, out->sequence, out);
    out->display_sequence = (int64_t)a->place + 1;
    return e;
}

enum err scene_add(const struct flow *f, struct task *t, const char *project_id,
                   const struct scene_idea *idea, struct scene *out)
{
    enum err e = ERR_CONFLICT;
    for (int i = 0; i < EDIT_TRIES && e == ERR_CONFLICT; i++) {
        struct addition a = { .flow = f, .idea = idea };
        e = add_once(&a, t, project_id, out);
    }
    return e;
}

/* ---- deleting ---- */

/* Of one transaction, beside the scene, the project and the note; who has more takes than that
 * loses the first of them a moment earlier. */
enum { TAKES_AT_ONCE = STORE_WRITES_MAX - 3 };

struct deletion {
    const struct flow *flow;
    struct project project;
    struct scene scene;
    struct item *takes;
    size_t take_count;
    struct leftover note;
};

static enum err load_takes(struct deletion *d, struct task *t)
{
    struct store_query query = {
        .pk = project_pk(t, d->project.project_id),
        .sk_prefix = arena_format(t->arena, "TAKE#%03" PRId64 "#", d->scene.sequence),
    };
    return store_list(d->flow->store, t, &query, &d->takes, &d->take_count);
}

static enum err leave_order(struct deletion *d, struct task *t)
{
    struct scene *scenes;
    size_t count, kept = 0;
    struct project *p = &d->project;
    enum err e = scenes_load(d->flow->store, t, p, &scenes, &count);
    if (!e && count == 1)
        e = refuse(t, ERR_CONFLICT, "delete the project, or add another scene first",
                   "scene %" PRId64 " is the only one", d->scene.sequence);
    if (e)
        return e;
    p->order = arena_array(t->arena, int64_t, count);
    for (size_t i = 0; i < count; i++) {
        if (scenes[i].sequence != d->scene.sequence)
            p->order[kept++] = scenes[i].sequence;
    }
    p->order_count = kept;
    return OK;
}

static struct item_write removal(const struct item *item)
{
    return (struct item_write){ .change = ITEM_DELETE, .item = *item };
}

static enum err delete_records(struct deletion *d, struct task *t)
{
    struct item_write writes[STORE_WRITES_MAX];
    struct store *s = d->flow->store;
    size_t count = 0;
    enum err e = OK;
    for (; d->take_count > TAKES_AT_ONCE && !e; d->takes++, d->take_count--) {
        struct item_write first = removal(d->takes);
        e = store_write(s, t, &first, 1);
    }
    if (e)
        return e;
    for (size_t i = 0; i < d->take_count; i++)
        writes[count++] = removal(&d->takes[i]);
    writes[count] = scene_write(t, d->project.project_id, &d->scene);
    writes[count++].change = ITEM_DELETE;
    writes[count++] = project_touched(t, &d->project);
    writes[count++] = leftover_write(t, &d->note);
    return store_write(s, t, writes, count);
}

static enum err delete_once(struct deletion *d, struct task *t, const char *project_id,
                            int64_t sequence)
{
    struct store *s = d->flow->store;
    enum err e = project_load(s, t, project_id, &d->project);
    if (!e)
        e = scene_load(s, t, project_id, sequence, &d->scene);
    if (!e)
        e = check_at_rest(t, &d->project, "relieved of a scene");
    if (!e)
        e = leave_order(d, t);
    if (!e)
        e = load_takes(d, t);
    if (e)
        return e;
    d->note = leftover_new(t, project_id);
    leftover_add(t, &d->note,
                 arena_format(t->arena, "%sscenes/%03" PRId64 "/", project_folder(t, project_id),
                              sequence));
    return delete_records(d, t);
}

enum err scene_delete(const struct flow *f, struct task *t, const char *project_id,
                      int64_t sequence)
{
    struct deletion d = { .flow = f };
    enum err e = paid_check_closed(f, t, project_id);
    if (e)
        return e;
    e = ERR_CONFLICT;
    for (int i = 0; i < EDIT_TRIES && e == ERR_CONFLICT; i++)
        e = delete_once(&d, t, project_id, sequence);
    return e ? e : leftover_clear(f, t, &d.note);
}
