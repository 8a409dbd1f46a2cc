/*
 * The song map: one pass over the samples, then arithmetic. Pulse first (pulse.h), then bars and
 * sections on top of it (song_form.h), and at last how good a place for a cut each beat is.
 */
#include "media/media_op.h"

#include <math.h>

#include "media/media_fields.h"
#include "media/song_form.h"
#include "media/sound_decode.h"

enum {
    BAR_BEATS      = 4,
    PEAK_BINS      = 2000,             /* the waveform of a map: as wide as a screen */
    EVEN_STEP_US   = 2000000,
    EVEN_BAR_STEPS = 2,
    STEP_US        = 1000000 / FLUX_RATE_HZ,
};

static enum err listen(struct task *t, int in, struct song_features *out)
{
    scoped(sound) struct sound *s = NULL;
    scoped(song_listener) struct song_listener *l = NULL;
    enum err e = sound_open(t, in, SONG_US_MAX, &s);

    if (!e)
        e = song_listener_new(t, &l);
    for (struct sound_block b = { .count = 1 }; !e && b.count > 0;) {
        e = sound_read(s, &b);
        if (!e)
            song_listen(l, b.stereo, b.count);
    }
    return e ? e : song_listener_end(l, out);
}

/* What nobody would cut a film on. */
static enum err song_check(struct task *t, const struct song_features *f)
{
    if (f->sample_count < SOUND_RATE_HZ)
        return refuse(t, ERR_MEDIA, "choose a song of a few seconds at least",
                      "the song is shorter than a second");
    if (f->loudest < 0.0003)            /* -70 dB of full scale */
        return refuse(t, ERR_MEDIA, "choose another file, or check how it was exported",
                      "the song is silent throughout");
    return OK;
}

/* Something to cut on where nothing beats. */
static void even_steps(struct task *t, const struct song_features *f, struct pulse *p)
{
    *p = (struct pulse){
        .beats = arena_array(t->arena, double, f->step_count / (EVEN_STEP_US / STEP_US) + 2),
    };
    for (double at = 0; at < (double)f->step_count; at += EVEN_STEP_US / STEP_US)
        p->beats[p->beat_count++] = at;
}

static void beats_write(struct task *t, const struct pulse *p, struct song_map *out)
{
    out->beats_us = arena_array(t->arena, int64_t, p->beat_count);
    out->beat_count = p->beat_count < BEATS_MAX ? p->beat_count : BEATS_MAX;
    for (size_t i = 0; i < out->beat_count; i++)
        out->beats_us[i] = llround(fmax(p->beats[i], 0) * STEP_US);
    out->confidence = p->confidence;
    out->tempo_bpm  = p->period > 0 ? 60.0 * FLUX_RATE_HZ / p->period : 0;
}

static void bars_write(struct task *t, size_t first, size_t bar_beats, struct song_map *out)
{
    out->bars_us = arena_array(t->arena, int64_t, out->beat_count / bar_beats + 1);
    for (size_t i = first; i < out->beat_count; i += bar_beats)
        out->bars_us[out->bar_count++] = out->beats_us[i];
}

static void sections_write(struct task *t, const struct form_section *s, size_t count,
                           struct song_map *out)
{
    out->sections      = arena_array(t->arena, struct song_section, count);
    out->section_count = count;
    for (size_t i = 0; i < count; i++)
        out->sections[i] = (struct song_section){
            .start_us = i ? out->bars_us[s[i].first_bar] : 0,
            .end_us   = i + 1 < count ? out->bars_us[s[i + 1].first_bar] : out->duration_us,
            .label    = s[i].label, .energy = s[i].energy,
        };
}

/* A bar, counted from where its section begins. */
static long bar_in_section(const struct form_section *s, size_t count, size_t bar)
{
    size_t i = 0;
    while (i + 1 < count && s[i + 1].first_bar <= bar)
        i++;
    return (long)(bar - s[i].first_bar);
}

static int64_t strength(long place, long bar, double onset)
{
    double base = place == 0 ? (bar == 0 ? 100 : bar % 4 == 0 ? 84 : 72) : place == 2 ? 38 : 18;
    double sway = base < 100 ? 12 * (onset - 0.5) : 0;
    return llround(fmin(fmax(base + sway, 0), 100));
}

static void strong_write(struct task *t, const struct beat_sound *sounds,
                         const struct form_section *s, size_t count, size_t first, size_t bar_beats,
                         struct song_map *out)
{
    double loudest = 1e-12;

    out->strong       = arena_array(t->arena, int64_t, out->beat_count);
    out->strong_count = out->beat_count;
    for (size_t i = 0; i < out->beat_count; i++)
        loudest = fmax(loudest, sounds[i].onset);
    for (size_t i = 0; i < out->beat_count; i++) {
        long from_first = (long)i - (long)first, beats = (long)bar_beats;
        long place = ((from_first % beats) + beats) % beats;
        long bar   = from_first >= 0 ? bar_in_section(s, count, (size_t)from_first / bar_beats) : 1;
        out->strong[i] = strength(place, bar, sounds[i].onset / loudest);
    }
}

static void map_write(struct task *t, const struct song_features *f, const struct pulse *p,
                      struct song_map *out)
{
    struct form_section *sections;
    size_t count, bar_beats = p->period > 0 ? BAR_BEATS : EVEN_BAR_STEPS;

    beats_write(t, p, out);
    struct beat_sound *sounds = beat_sounds(t, f, p->beats, out->beat_count);
    size_t first = p->period > 0 ? bar_first_beat(sounds, out->beat_count, bar_beats) : 0;
    out->energy       = beat_energies(t, sounds, out->beat_count);
    out->energy_count = out->beat_count;
    form_find(t, sounds, out->energy, out->beat_count, first, bar_beats, &sections, &count);
    bars_write(t, first, bar_beats, out);
    sections_write(t, sections, count, out);
    strong_write(t, sounds, sections, count, first, bar_beats, out);
}

static enum err song_map_run(struct task *t, const void *request, const struct media_files *files,
                             void *reply)
{
    (void)request;
    struct song_map *out = reply;
    struct song_features f;
    struct pulse p;

    enum err e = listen(t, files->in[0], &f);
    if (!e)
        e = song_check(t, &f);
    if (e)
        return e;
    pulse_find(t, f.flux, f.step_count, &p);
    if (p.beat_count < BAR_BEATS)
        even_steps(t, &f, &p);
    *out = (struct song_map){
        .sample_count = f.sample_count, .loudness_lufs = f.loudness_lufs, .peak_count = PEAK_BINS,
        .duration_us  = (f.sample_count * 1000000 + SOUND_RATE_HZ / 2) / SOUND_RATE_HZ,
        .peaks        = arena_array(t->arena, double, PEAK_BINS),
    };
    peak_row_read(&f.peaks, PEAK_BINS, out->peaks);
    map_write(t, &f, &p, out);
    return OK;
}

const struct media_op media_op_song_map = {
    .name = "song_map", .in_min = 1, .in_max = 1, .request_fields = media_nothing_fields,
    .reply_fields = song_map_fields, .reply_size = sizeof(struct song_map), .run = song_map_run,
};
