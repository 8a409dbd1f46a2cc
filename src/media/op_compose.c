/*
 * A film is a new index over old bytes.
 *
 * The clips' own indexes say where every coded picture lies; the film's index is written from them,
 * in front, and behind it the pictures and the track's packets are laid down alternately, half a
 * second of each, as block copies. Nothing is decoded and FFmpeg is not used. Since all sizes are
 * known beforehand the layout is planned twice: once with the media at offset zero, to learn how
 * long the index is, and then moved behind it.
 *
 * Clips of different encoders differ in how far decoding runs ahead of showing. Each is delayed to
 * the largest, so that decoding time is a plain count of frames and a single edit fits the whole
 * film. Several edits, several sample descriptions and in-band parameter sets all fail in some
 * browser; one description with all sets does not.
 */
#include "media/media_op.h"

#include <string.h>

#include "media/block_write.h"
#include "media/caption_track.h"
#include "media/film_clip.h"
#include "media/media_fields.h"

enum {
    INTERLEAVE_FRAMES = FILM_RATE_HZ / 2,
    SPAN_BYTES_MAX    = 4 << 20,          /* between two looks at the clock */
    PROGRESS_BYTES    = 16 << 20,
};

/* A stretch of bytes to be copied to the film, in the film's order. */
struct span {
    int     from;
    int64_t offset, bytes;
};

struct film {
    struct film_clip *clips;
    size_t            clip_count;
    struct mp4_track  pictures, sound;      /* sound.sample_count 0: silent */
    struct caption_track lines;             /* first behind the index: they are small */
    int               sound_file;
    int64_t          *sound_from;           /* where each sound packet lies in its file */
    int64_t          *picture_from;
    int              *picture_file;
    struct span      *spans;
    size_t            span_count, span_capacity;
    int64_t           media_bytes;
    struct avc_config config;
    int               delay;
};

static enum err mismatch(struct task *t, size_t clip, const char *why)
{
    return refuse(t, ERR_INVALID, "trim it first, encoding all of it",
                  "clip %zu cannot be joined as it is: %s", clip + 1, why);
}

static const char *difference(struct arena *a, struct film *film, const struct film_clip *clip)
{
    const struct mp4_track *first = film->clips[0].track, *here = clip->track;
    if (here->width_px != first->width_px || here->height_px != first->height_px)
        return arena_format(a, "it is %d x %d, the first clip %d x %d", here->width_px,
                            here->height_px, first->width_px, first->height_px);
    if (!avc_config_join(&film->config, &clip->config))
        return "its encoder used the same parameter set numbers for other settings";
    return NULL;
}

static enum err clip_take(struct task *t, struct film *film, size_t i, int fd)
{
    struct film_clip *clip = &film->clips[i];
    const char *reason = NULL;
    enum err e = film_clip_read(t, fd, clip, &reason);
    if (e)
        return fail(t, e, "clip %zu: %s", i + 1, arena_copy(t->arena, t->fault.message));
    if (!reason && i == 0)
        film->config = clip->config;
    if (!reason)
        reason = difference(t->arena, film, clip);
    if (reason)
        return mismatch(t, i, reason);
    film->pictures.sample_count += clip->frame_count;
    if (clip->delay > film->delay)
        film->delay = clip->delay;
    return OK;
}

static enum err clips_take(struct task *t, struct film *film, const int *files, size_t count)
{
    film->clips      = arena_array(t->arena, struct film_clip, count);
    film->clip_count = count;
    enum err e = OK;
    for (size_t i = 0; i < count && !e; i++)
        e = clip_take(t, film, i, files[i]);
    return e;
}

static void pictures_lay(struct task *t, struct film *film)
{
    struct mp4_track *out = &film->pictures;
    size_t count = out->sample_count, n = 0;
    out->codec       = MP4_CODE('a', 'v', 'c', '1');
    out->timescale   = SOUND_RATE_HZ;
    out->width_px    = film->clips[0].track->width_px;
    out->height_px   = film->clips[0].track->height_px;
    out->colour      = film->clips[0].track->colour;
    out->config      = avc_config_write(t->arena, &film->config);
    out->media_time  = (int64_t)film->delay * SAMPLES_PER_FRAME;
    out->shown_ticks = (int64_t)count * SAMPLES_PER_FRAME;
    out->samples     = arena_array(t->arena, struct mp4_sample, count);
    film->picture_from = arena_array(t->arena, int64_t, count);
    film->picture_file = arena_array(t->arena, int, count);
    for (size_t c = 0; c < film->clip_count; c++) {
        const struct film_clip *clip = &film->clips[c];
        for (size_t i = 0; i < clip->frame_count; i++, n++) {
            const struct mp4_sample *s = &clip->track->samples[i];
            int shift = clip->shown[i] - (int)i + film->delay;
            out->samples[n] = (struct mp4_sample){
                .bytes = s->bytes,
                .duration = SAMPLES_PER_FRAME,
                .key = s->key,
                .shift = shift * SAMPLES_PER_FRAME,
            };
            film->picture_from[n] = s->offset;
            film->picture_file[n] = clip->fd;
        }
    }
}

static const char *sound_oddity(const struct mp4_track *s)
{
    if (!s || s->sample_count == 0)
        return "it has no sound";
    if (s->codec != MP4_CODE('m', 'p', '4', 'a') || s->description_count != 1 ||
        s->config.size == 0)
        return "its sound is not AAC";
    if (s->timescale != SOUND_RATE_HZ)
        return "its sound does not run at 48 kHz";
    if (s->edit_count > 1 || s->starts_late)
        return "its sound is cut by an edit list";
    return NULL;
}

/* How much of the track is heard: to its own end or that of the pictures, whichever comes first. */
static int64_t sound_length(const struct film *film, const struct mp4_track *source)
{
    int64_t length = mp4_track_ticks(source) - source->media_time;
    if (source->shown_ticks && source->shown_ticks < length)
        length = source->shown_ticks;
    return length < film->pictures.shown_ticks ? length : film->pictures.shown_ticks;
}

/* As many packets as that takes. The edit ends the sound to the sample, and the last packet's time
 * says the same. */
static void sound_lay(struct task *t, struct film *film, const struct mp4_track *source)
{
    int64_t shown = sound_length(film, source), wanted = shown + source->media_time, ticks = 0;
    size_t count = 0;
    while (count < source->sample_count && ticks < wanted)
        ticks += source->samples[count++].duration;
    film->sound = *source;
    film->sound.samples      = arena_array(t->arena, struct mp4_sample, count);
    film->sound.sample_count = count;
    film->sound.shown_ticks  = shown;
    film->sound_from         = arena_array(t->arena, int64_t, count);
    for (size_t i = 0; i < count; i++) {
        film->sound.samples[i] = source->samples[i];
        film->sound_from[i]    = source->samples[i].offset;
    }
    film->sound.samples[count - 1].duration -= (uint32_t)(ticks - wanted);
}

static enum err sound_take(struct task *t, struct film *film, int file)
{
    struct mp4 mp4;
    enum err e = mp4_read(t, file, &mp4);
    if (e)
        return fail(t, e, "the track: %s", arena_copy(t->arena, t->fault.message));
    const struct mp4_track *sound = mp4_track_of(&mp4, true);
    const char *reason = mp4.is_fragmented ? "it is a fragmented MP4" : sound_oddity(sound);
    if (!reason && sound->media_time >= mp4_track_ticks(sound))
        reason = "its sound is hidden by an edit list";
    if (reason)
        return refuse(t, ERR_INVALID, "make the film's track first (track does)",
                      "the track cannot be used: %s", reason);
    film->sound_file = file;
    sound_lay(t, film, sound);
    return OK;
}

static void span_add(struct task *t, struct film *film, int from, int64_t offset, int64_t bytes)
{
    struct span *last = film->span_count ? &film->spans[film->span_count - 1] : NULL;
    if (last && last->from == from && last->offset + last->bytes == offset &&
        last->bytes < SPAN_BYTES_MAX)
        last->bytes += bytes;
    else
        array_push(t->arena, film->spans, film->span_count, film->span_capacity,
                   { from, offset, bytes });
    film->media_bytes += bytes;
}

/* Half a second of pictures, then the sound that goes with them, and so on; offsets count from the
 * first byte. */
static void media_lay(struct task *t, struct film *film)
{
    size_t sound = 0;
    int64_t heard = -film->sound.media_time;
    film->media_bytes = (int64_t)film->lines.payload.size;
    for (size_t i = 0; i < film->pictures.sample_count; i++) {
        film->pictures.samples[i].offset = film->media_bytes;
        span_add(t, film, film->picture_file[i], film->picture_from[i],
                 film->pictures.samples[i].bytes);
        bool last = i + 1 == film->pictures.sample_count;
        if ((i + 1) % INTERLEAVE_FRAMES != 0 && !last)
            continue;
        for (; sound < film->sound.sample_count &&
               (last || heard < (int64_t)(i + 1) * SAMPLES_PER_FRAME);
             sound++) {
            film->sound.samples[sound].offset = film->media_bytes;
            span_add(t, film, film->sound_file, film->sound_from[sound],
                     film->sound.samples[sound].bytes);
            heard += film->sound.samples[sound].duration;
        }
    }
}

static void media_move(struct film *film, int64_t by)
{
    for (size_t i = 0; i < film->pictures.sample_count; i++)
        film->pictures.samples[i].offset += by;
    for (size_t i = 0; i < film->sound.sample_count; i++)
        film->sound.samples[i].offset += by;
    for (size_t i = 0; i < film->lines.track.sample_count; i++)
        film->lines.track.samples[i].offset += by;
}

/* Those that the film has; how many. */
static size_t tracks_of(const struct film *film, struct mp4_track tracks[3])
{
    size_t count = 0;
    tracks[count++] = film->pictures;
    if (film->sound.sample_count)
        tracks[count++] = film->sound;
    if (film->lines.track.sample_count)
        tracks[count++] = film->lines.track;
    return count;
}

/* ftyp, moov, the head of mdat and the lines. Moving the media may turn 32-bit offsets into 64-bit
 * ones, hence the loop. */
static struct bytes front_plan(struct task *t, struct film *film)
{
    struct bytes ftyp = mp4_ftyp(t->arena), moov = { 0 };
    int64_t at = 0, wanted;
    for (;;) {
        struct mp4_track tracks[3];
        size_t count = tracks_of(film, tracks);
        moov   = mp4_moov(t->arena, tracks, count);
        wanted = (int64_t)(ftyp.size + moov.size) + MP4_MDAT_HEAD_BYTES;
        if (wanted == at)
            break;
        media_move(film, wanted - at);
        at = wanted;
    }
    const struct bytes *lines = &film->lines.payload;
    uint8_t *front = arena_alloc(t->arena, (size_t)wanted + lines->size);
    memcpy(front, ftyp.at, ftyp.size);
    memcpy(front + ftyp.size, moov.at, moov.size);
    mp4_mdat_head(front + ftyp.size + moov.size, film->media_bytes);
    if (lines->size > 0)
        memcpy(front + wanted, lines->at, lines->size);
    return (struct bytes){ .at = front, .size = (size_t)wanted + lines->size };
}

static void progress_tell(const struct media_files *files, int64_t done, int64_t total)
{
    if (files->progress)
        files->progress(files->progress_state, (int)(done * 1000 / total));
}

static enum err media_copy(struct task *t, const struct film *film, const struct media_files *files,
                           int64_t at)
{
    struct block_writer w;
    block_writer_start(t, &w, files->out, at);
    int64_t done = 0, told = 0;
    for (size_t i = 0; i < film->span_count; i++) {
        const struct span *span = &film->spans[i];
        enum err e = block_copy(t, &w, span->from, span->offset, span->bytes);
        if (!e)
            e = task_over(t);
        if (e)
            return e;
        done += span->bytes;
        if (done - told >= PROGRESS_BYTES)
            progress_tell(files, told = done, film->media_bytes);
    }
    progress_tell(files, 1, 1);
    return block_flush(t, &w);
}

static enum err compose(struct task *t, const void *request, const struct media_files *files,
                        void *reply)
{
    const struct compose_request *asked = request;
    bool with_track = asked->with_track;
    if (files->in_count == with_track)
        return fail(t, ERR_INVALID, "a film needs at least one clip");
    struct film film = { 0 };
    enum err e = clips_take(t, &film, files->in, files->in_count - with_track);
    if (e)
        return e;
    pictures_lay(t, &film);
    if (with_track)
        e = sound_take(t, &film, files->in[files->in_count - 1]);
    if (!e)
        e = caption_track_make(t, asked->captions, asked->caption_count,
                               (int64_t)film.pictures.sample_count, film.pictures.width_px,
                               film.pictures.height_px, &film.lines);
    if (e)
        return e;
    media_lay(t, &film);
    struct bytes front = front_plan(t, &film);
    e = write_at(t, files->out, front, 0);
    if (!e)
        e = media_copy(t, &film, files, (int64_t)front.size);
    if (e)
        return e;
    *(struct film_info *)reply = (struct film_info){
        .frame_count = (int64_t)film.pictures.sample_count, .sample_count = film.sound.shown_ticks,
        .bytes = (int64_t)(front.size - film.lines.payload.size) + film.media_bytes,
    };
    return OK;
}

const struct media_op media_op_compose = {
    .name = "compose", .in_min = 1, .in_max = CLIPS_MAX + 1, .writes = true,
    .request_fields = compose_request_fields, .request_size = sizeof(struct compose_request),
    .reply_fields = film_info_fields, .reply_size = sizeof(struct film_info), .run = compose,
};
