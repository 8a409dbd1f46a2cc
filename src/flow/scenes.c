#include "flow/scenes.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "flow/checks.h"

static enum err scene_save(const struct flow *f, struct task *t, const char *project_id,
                           const struct scene *s)
{
    struct item_write write = scene_write(t, project_id, s);
    return store_write(f->store, t, &write, 1);
}

enum err scene_trim(const struct flow *f, struct task *t, const char *project_id, int64_t sequence,
                    int64_t in, int64_t out)
{
    struct scene s;
    enum err e = scene_load(f->store, t, project_id, sequence, &s);
    if (e)
        return e;
    int64_t length = s.take_frames ? s.take_frames : s.film_frames;
    if (out == 0 && in == 0) {
        s.trim_in = s.trim_out = 0;
        return scene_save(f, t, project_id, &s);
    }
    if (in < 0 || out <= in || out > length)
        return fail_at(t,
                       refuse(t, ERR_INVALID,
                              arena_format(t->arena, "use 0 <= in < out <= %.3f seconds",
                                           (double)length / FILM_RATE_HZ),
                              "the trim %.3f to %.3f lies outside the take of scene %" PRId64,
                              (double)in / FILM_RATE_HZ, (double)out / FILM_RATE_HZ, sequence),
                       "trimPoints");
    s.trim_in = in;
    s.trim_out = out;
    return scene_save(f, t, project_id, &s);
}

/* New words change what is seen where they say so, and nothing else. */
static enum err look_follow_words(struct task *t, const char *prompt, struct look *look)
{
    struct look said;
    enum err e = look_from_text(t, prompt, &said);
    if (e)
        return e;
    look->place = said.place ? said.place : look->place;
    look->time = said.time ? said.time : look->time;
    look->weather = said.weather ? said.weather : look->weather;
    look->shot = said.shot ? said.shot : look->shot;
    look->move = said.move ? said.move : look->move;
    look->mood = said.mood ? said.mood : look->mood;
    for (size_t i = 0; i < said.cast_count && i < CAST_MAX; i++) {
        bool known = false;
        for (size_t k = 0; k < look->cast_count; k++) {
            if (look->cast[k].kind != said.cast[i].kind)
                continue;
            known = true;
            if (said.cast[i].action)
                look->cast[k].action = said.cast[i].action;
        }
        if (known || look->cast_count >= CAST_MAX)
            continue;
        look->cast = arena_grow(t->arena, look->cast, look->cast_count * sizeof *look->cast,
                                (look->cast_count + 1) * sizeof *look->cast);
        look->cast[look->cast_count++] = said.cast[i];
    }
    return OK;
}

enum err scene_regenerate(const struct flow *f, struct task *t, const char *project_id,
                          int64_t sequence, const struct scene_remake *remake)
{
    struct scene s;
    enum err e = scene_load(f->store, t, project_id, sequence, &s);
    if (!e && !text_is_empty(remake->prompt)) {
        e = check_words(t, "prompt", "prompt", remake->prompt, PROMPT_BYTES_MAX);
        if (!e)
            e = look_follow_words(t, remake->prompt, &s.look);
        s.prompt = remake->prompt;
    }
    if (e)
        return e;
    s.seed = remake->seed ? remake->seed : s.seed + 1;
    s.pinned = false;
    s.status = PROJECT_PENDING;
    return scene_save(f, t, project_id, &s);
}

enum err scene_select_take(const struct flow *f, struct task *t, const char *project_id,
                           int64_t sequence, int64_t take)
{
    struct scene s;
    struct project p;
    struct take *takes;
    size_t count;
    enum err e = project_load(f->store, t, project_id, &p);
    if (!e)
        e = scene_load(f->store, t, project_id, sequence, &s);
    if (!e)
        e = takes_load(f->store, t, project_id, sequence, &takes, &count);
    if (e)
        return e;
    for (size_t i = 0; i < count; i++) {
        if (takes[i].take != take)
            continue;
        s.take = (struct made){ .hash = takes[i].hash, .key = takes[i].key };
        s.selected_take = take;
        s.take_frames = takes[i].frames;
        s.take_matches = takes[i].width_px == p.width_px && takes[i].height_px == p.height_px;
        s.pinned = true;
        if (s.trim_out > s.take_frames)
            s.trim_in = s.trim_out = 0;
        return scene_save(f, t, project_id, &s);
    }
    return refuse(t, ERR_NOT_FOUND, "storyreel project takes lists them",
                  "scene %" PRId64 " has no take %" PRId64, sequence, take);
}

