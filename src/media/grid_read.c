#include "media/grid_read.h"

#include "media/picture_fit.h"

/* a nearer place is reached sooner by decoding along */
enum { SEEK_PLACES = 5 * FILM_RATE_HZ };

static const AVRational grid = { 1, FILM_RATE_HZ };

static int64_t stream_start(const struct grid_reader *g)
{
    const AVStream *s = g->decoder->stream;
    return s->start_time == AV_NOPTS_VALUE ? 0 : s->start_time;
}

static enum err grid_start(struct task *t, int fd, struct grid_reader *g)
{
    g->current = av_frame_alloc();
    g->ahead   = av_frame_alloc();
    enum err e = input_open(t, fd, &g->input);
    if (e)
        return e;
    AVStream *stream = input_stream(g->input, AVMEDIA_TYPE_VIDEO);
    if (!stream)
        return refuse(t, ERR_MEDIA, "use a film clip", "the file has no pictures");
    g->turns = fit_turns(stream_matrix(stream));
    return decoder_open(t, g->input, stream, &g->decoder);
}

enum err grid_open(struct task *t, int fd, struct grid_reader **out)
{
    scoped(grid) struct grid_reader *g = arena_one(t->arena, struct grid_reader);
    enum err e = grid_start(t, fd, g);
    if (e)
        return e;
    *out = take(g);
    return OK;
}

void grid_close(struct grid_reader *g)
{
    if (!g)
        return;
    av_frame_free(&g->current);
    av_frame_free(&g->ahead);
    decoder_close(g->decoder);
    input_close(g->input);
}

int64_t grid_length(const struct grid_reader *g)
{
    const AVStream *s = g->decoder->stream;
    if (s->duration > 0)
        return av_rescale_q(s->duration, s->time_base, grid);
    return g->input->format->duration > 0 ? frames_from_us(g->input->format->duration) : 0;
}

static bool is_empty(const AVFrame *frame)
{
    return frame->buf[0] == NULL;
}

/* Where what is shown from `pts` on ends: rounded once, as a picture and its length rounded apart
 * would make a clip of 60 a second a frame too long. The first picture has a place in any case. */
static int64_t end_of(const struct grid_reader *g, int64_t pts)
{
    const AVStream *s = g->decoder->stream;
    int64_t lasts = g->ahead->pkt_duration, places = av_rescale_q(lasts, s->time_base, grid);
    if (pts == AV_NOPTS_VALUE || lasts <= 0)
        return g->ahead_from + (places > 0 ? places : 1);
    int64_t end = av_rescale_q(av_sat_add64(pts - stream_start(g), lasts), s->time_base, grid);
    return end > 0 ? end : 1;
}

/* Fill `ahead`, if there is one more; times that are missing or fall back count as "right
 * after". */
static enum err decode_ahead(struct grid_reader *g)
{
    bool got;
    enum err e = decoder_next(g->decoder, g->ahead, &got);
    if (e || !got)
        return e;
    const AVStream *s = g->decoder->stream;
    int64_t pts = g->ahead->best_effort_timestamp;
    int64_t place =
        pts == AV_NOPTS_VALUE ? g->end : av_rescale_q(pts - stream_start(g), s->time_base, grid);
    g->ahead_from = place > g->current_from ? place : g->current_from;
    int64_t end = end_of(g, pts);
    g->end = end > g->end ? end : g->end;
    return OK;
}

static enum err seek_near(struct grid_reader *g, int64_t place)
{
    if (place < g->ahead_from + SEEK_PLACES || g->decoder->stream->start_time == AV_NOPTS_VALUE)
        return OK;
    av_frame_unref(g->ahead);
    return decoder_seek(g->decoder,
                        stream_start(g) + av_rescale_q(place, grid, g->decoder->stream->time_base));
}

enum err grid_at(struct task *t, struct grid_reader *g, int64_t place, AVFrame **out, bool *out_new)
{
    *out_new = false;
    enum err e = seek_near(g, place);
    for (;;) {
        if (!e && is_empty(g->ahead))
            e = decode_ahead(g);
        if (e)
            return e;
        if (is_empty(g->ahead) || (!is_empty(g->current) && g->ahead_from > place))
            break;
        av_frame_unref(g->current);
        av_frame_move_ref(g->current, g->ahead);
        g->current_from = g->ahead_from;
        *out_new = true;
    }
    if (is_empty(g->current))
        return fail(t, ERR_MEDIA, "none of the file's pictures can be decoded");
    *out = is_empty(g->ahead) && place >= g->end ? NULL : g->current;
    return OK;
}
