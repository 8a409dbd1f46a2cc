/*
 * The front door: one straight wrapper an operation, saying which tables, descriptors and file it
 * goes with. How a call is carried out is media_call.c.
 */
#include "media/media.h"

#include <linux/landlock.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "media/media_call.h"
#include "media/media_fields.h"

int64_t frames_from_us(int64_t us)
{
    return (us * FILM_RATE_HZ + SECOND_US / 2) / SECOND_US;
}

int64_t us_from_frames(int64_t frames)
{
    return (frames * SECOND_US + FILM_RATE_HZ / 2) / FILM_RATE_HZ;
}

enum err media_open(struct task *t, const char *program, struct media **out)
{
    if (!program || !*program)
        return fail(t, ERR_INTERNAL, "no program was given to work on media");
    struct media *m = calloc(1, sizeof *m);
    if (!m)
        abort();
    zygote_init(&m->zygote, program);
    *out = m;
    return OK;
}

void media_close(struct media *m)
{
    if (!m)
        return;
    zygote_done(&m->zygote);
    free(m);
}

const char *media_confinement(void)
{
    bool filters  = prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0;
    bool landlock =
        syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) > 0;
    return !filters ? "nothing" : landlock ? "system calls and paths" : "system calls";
}

static const char nothing[1];       /* the request of an operation that asks nothing */

/* Most operations look at one file and are asked nothing more. */
static enum err look_at(struct media *m, struct task *t, const char *op, int in,
                        const struct field *reply_fields, void *reply)
{
    return media_call_run(m, t,
                          &(struct media_call){
                              .op = op,
                              .request_fields = media_nothing_fields,
                              .request = nothing,
                              .reply_fields = reply_fields,
                              .reply = reply,
                              .in = &in,
                              .in_count = 1,
                              .out = -1,
                          });
}

enum err media_probe(struct media *m, struct task *t, int in, struct clip_info *out)
{
    return look_at(m, t, "probe", in, clip_info_fields, out);
}

enum err media_song_map(struct media *m, struct task *t, int in, struct song_map *out)
{
    return look_at(m, t, "song_map", in, song_map_fields, out);
}

enum err media_loudness(struct media *m, struct task *t, int in, struct loudness *out)
{
    return look_at(m, t, "loudness", in, loudness_fields, out);
}

enum err media_waveform(struct media *m, struct task *t, int in, int64_t bins, double **out_peaks)
{
    struct waveform_request request = { .bins = bins };
    struct waveform_reply reply;
    enum err e = media_call_run(m, t, &(struct media_call){
        .op = "waveform", .request_fields = waveform_request_fields, .request = &request,
        .reply_fields = waveform_reply_fields, .reply = &reply, .in = &in, .in_count = 1, .out = -1,
    });
    if (e)
        return e;
    if (reply.peak_count != (size_t)bins)
        return fail(t, ERR_INTERNAL, "%zu peaks came instead of %lld", reply.peak_count,
                    (long long)bins);
    *out_peaks = reply.peaks;
    return OK;
}

enum err media_sound_cut(struct media *m, struct task *t, int in, const struct sound_cut *cut,
                         int out)
{
    return media_call_run(m, t,
                          &(struct media_call){
                              .op = "sound_cut",
                              .request_fields = sound_cut_fields,
                              .request = cut,
                              .reply_fields = media_nothing_fields,
                              .reply = (char[1]){ 0 },
                              .in = &in,
                              .in_count = 1,
                              .out = out,
                          });
}

enum err media_voice(struct media *m, struct task *t, int in, int64_t frames, double **out_open)
{
    struct voice_request request = { .frames = frames };
    struct voice_reply reply;
    enum err e = media_call_run(m, t, &(struct media_call){
        .op = "voice", .request_fields = voice_request_fields, .request = &request,
        .reply_fields = voice_reply_fields, .reply = &reply, .in = &in, .in_count = 1, .out = -1,
    });
    if (e)
        return e;
    if (reply.open_count != (size_t)frames)
        return fail(t, ERR_INTERNAL, "%zu frames of a voice came instead of %lld", reply.open_count,
                    (long long)frames);
    *out_open = reply.open;
    return OK;
}

enum err media_track(struct media *m, struct task *t, const int *in, size_t in_count,
                     const struct track_request *request, int out, struct track_info *info)
{
    return media_call_run(m, t,
                          &(struct media_call){
                              .op = "track",
                              .request_fields = track_request_fields,
                              .request = request,
                              .reply_fields = track_info_fields,
                              .reply = info,
                              .in = in,
                              .in_count = in_count,
                              .out = out,
                              .work_frames = request->frame_count,
                          });
}

enum err media_picture(struct media *m, struct task *t, int in, struct picture_info *out)
{
    return look_at(m, t, "picture", in, picture_info_fields, out);
}

enum err media_render(struct media *m, struct task *t, const struct draw_spec *spec,
                      const int *pictures, size_t picture_count, int out, media_progress *progress,
                      struct clip_info *info)
{
    return media_call_run(m, t,
                          &(struct media_call){
                              .op = "render",
                              .request_fields = draw_spec_fields,
                              .request = spec,
                              .reply_fields = clip_info_fields,
                              .reply = info,
                              .in = pictures,
                              .in_count = picture_count,
                              .out = out,
                              .work_frames = spec->frame_count,
                              .progress = progress,
                          });
}

enum err media_trim(struct media *m, struct task *t, int in, const struct clip_span *span, int out,
                    media_progress *progress, struct clip_info *info)
{
    int64_t frames = span->out_frame > span->in_frame ? span->out_frame - span->in_frame : 0;
    return media_call_run(m, t,
                          &(struct media_call){
                              .op = span->caption_count ? "caption" : "trim",
                              .request_fields = clip_span_fields,
                              .request = span,
                              .reply_fields = clip_info_fields,
                              .reply = info,
                              .in = &in,
                              .in_count = 1,
                              .out = out,
                              .work_frames = frames,
                              .progress = progress,
                          });
}

enum err media_compose(struct media *m, struct task *t, const struct film_parts *parts, int out,
                       media_progress *progress, struct film_info *info)
{
    struct compose_request request = {
        .with_track = parts->track >= 0,
        .captions = parts->captions,
        .caption_count = parts->caption_count,
    };
    int *in = arena_array(t->arena, int, parts->clip_count + 1);
    memcpy(in, parts->clips, parts->clip_count * sizeof *in);
    in[parts->clip_count] = parts->track;
    return media_call_run(m, t,
                          &(struct media_call){
                              .op = "compose",
                              .request_fields = compose_request_fields,
                              .request = &request,
                              .reply_fields = film_info_fields,
                              .reply = info,
                              .in = in,
                              .in_count = parts->clip_count + request.with_track,
                              .out = out,
                              .progress = progress,
                          });
}

enum err media_film_check(struct media *m, struct task *t, int in, struct film_check *out)
{
    return look_at(m, t, "film_check", in, film_check_fields, out);
}

enum err media_still(struct media *m, struct task *t, int in, const struct still_request *request,
                     int out, struct picture_info *info)
{
    return media_call_run(m, t, &(struct media_call){
        .op = "still", .request_fields = still_request_fields, .request = request,
        .reply_fields = picture_info_fields, .reply = info, .in = &in, .in_count = 1, .out = out,
    });
}

enum err media_filmstrip(struct media *m, struct task *t, int in,
                         const struct strip_request *request, int out, struct picture_info *info)
{
    return media_call_run(m, t, &(struct media_call){
        .op = "filmstrip", .request_fields = strip_request_fields, .request = request,
        .reply_fields = picture_info_fields, .reply = info, .in = &in, .in_count = 1, .out = out,
    });
}

enum err media_sheet(struct media *m, struct task *t, const int *in, size_t in_count,
                     const struct sheet_request *request, int out, struct picture_info *info)
{
    return media_call_run(m, t,
                          &(struct media_call){
                              .op = "sheet",
                              .request_fields = sheet_request_fields,
                              .request = request,
                              .reply_fields = picture_info_fields,
                              .reply = info,
                              .in = in,
                              .in_count = in_count,
                              .out = out,
                          });
}

enum err media_card(struct media *m, struct task *t, const struct draw_card *card, int out,
                    struct picture_info *info)
{
    return media_call_run(m, t,
                          &(struct media_call){
                              .op = "card",
                              .request_fields = draw_card_fields,
                              .request = card,
                              .reply_fields = picture_info_fields,
                              .reply = info,
                              .in_count = 0,
                              .out = out,
                          });
}

enum err media_frame_hashes(struct media *m, struct task *t, int in, const char ***out,
                            size_t *out_count)
{
    struct frame_hashes reply;
    enum err e = look_at(m, t, "frame_hashes", in, frame_hashes_fields, &reply);
    if (e)
        return e;
    *out       = reply.hashes;
    *out_count = reply.hash_count;
    return OK;
}
