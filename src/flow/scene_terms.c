/* What a scene asks for, read from its record and its project's: its span of the film, whose lips
 * move and how, and what that costs. */
#include "flow/graph.h"

#include "base/text.h"
#include "flow/scene_picture.h"

/* ---- the take ---- */

const struct model *scene_maker(const struct scene *s, const struct model *film,
                                const struct model *card)
{
    return s->end_card && card ? card : film;
}

static size_t picture_count(const struct project *p, const struct scene *s)
{
    struct picture_use use = scene_picture_use(p, s);
    return (size_t)(use.character && *p->character_picture_key) +
           (size_t)(use.product && *p->product_picture_key);
}

double graph_take_usd(const struct model *m, const struct project *p, const struct scene *s)
{
    return model_usd(m, &(struct model_wish){ .seconds = (double)s->film_frames / FILM_RATE_HZ,
                                              .aspect = p->aspect,
                                              .picture_count = picture_count(p, s),
                                              .size = p->size });
}

const struct model *fallback_after(const struct model *videos, size_t count,
                                   const struct project *p, const struct scene *s,
                                   const char *model)
{
    bool follows = text_equal(model, p->video);
    for (size_t i = 0; i < count; i++) {
        const struct model_wish wish = { .seconds = (double)s->film_frames / FILM_RATE_HZ,
                                         .aspect = p->aspect };
        bool long_enough = model_seconds(&videos[i], &wish) >= wish.seconds - 1e-6;
        if (follows && long_enough && !text_equal(videos[i].name, p->video))
            return &videos[i];
        follows |= text_equal(videos[i].name, model);
    }
    return NULL;
}

/* ---- its place on the film ---- */

int64_t scene_whole_frames(const struct scene *s)
{
    bool short_of_it = s->pinned && s->take_frames > 0 && s->take_frames < s->used_frames;
    return short_of_it ? s->take_frames : s->used_frames;
}

struct scene_span scene_used_span(const struct scene *s)
{
    if (s->trim_out > 0)
        return (struct scene_span){ s->trim_in, s->trim_out };
    return (struct scene_span){ 0, scene_whole_frames(s) };
}

int64_t scene_film_start(const struct scene *scenes, size_t count, int64_t sequence)
{
    int64_t start = 0;
    for (size_t i = 0; i < count && scenes[i].sequence != sequence; i++) {
        struct scene_span used = scene_used_span(&scenes[i]);
        start += used.out - used.in;
    }
    return start;
}

/* ---- lips ---- */

const char *scene_lipsync_model(const struct project *p, const struct scene *s)
{
    bool planned = s->sync.wish == SYNC_AS_PLANNED && s->lips_move && !s->end_card;
    if (text_is_empty(p->audio_key) || !(planned || s->sync.wish == SYNC_ASKED))
        return "";
    bool own = !planned && !text_is_empty(s->sync.options.model);
    return own ? s->sync.options.model : p->lipsync;
}

struct sync_options scene_sync_options(const struct project *p, const struct scene *s)
{
    struct sync_options o = s->sync.options;
    if (s->sync.wish != SYNC_ASKED)
        o = (struct sync_options){ .temperature = SYNC_TEMPERATURE };
    o.model = scene_lipsync_model(p, s);
    return o;
}

double graph_lipsync_usd(const struct model *m, int64_t frames)
{
    return m->usd_per_second < 0 ? -1 : m->usd_per_second * (double)frames / FILM_RATE_HZ;
}

int64_t scene_footage_take(const struct scene *s)
{
    return s->sync.take && s->sync.take == s->selected_take ? s->sync.made_from : s->selected_take;
}

bool scene_sync_fits(const struct scene *s)
{
    struct scene_span used = scene_used_span(s);
    return !text_is_empty(s->sync.made.key) && s->sync.take == s->selected_take &&
           s->sync.span.in == used.in && s->sync.span.out == used.out;
}
