/*
 * Which step of the story each scene belongs to.
 *
 * A song's sections choose: the loudest late section is the climax, others go to the step that asks
 * for their label. Without sections, or for advertisements, steps get scenes by their shares of the
 * film, at least one each where there are enough scenes. The first scene is always the first step
 * and the last scene the last.
 */
#include "plan/story_film.h"

#include <string.h>

#include "base/text.h"

enum { SECTIONS_WORTH_FOLLOWING = 3 };
#define PEAK_NOT_BEFORE 0.3       /* of the song: an opening can be loud, it is no climax */

static bool beat_takes(const struct mode_beat *b, const char *label)
{
    for (size_t i = 0; i < b->section_count; i++) {
        if (text_equal_fold(b->sections[i], label))
            return true;
    }
    return false;
}

static enum phase phase_of(const struct mode *mode, size_t beat)
{
    const struct mode_beat *b = &mode->beats[beat];
    if (b->at_peak)
        return PHASE_CLIMAX;
    if (beat == 0)
        return PHASE_OPEN;
    if (beat + 1 == mode->beat_count)
        return PHASE_CLOSE;
    if (beat_takes(b, "bridge"))
        return PHASE_TURN;
    return beat_takes(b, "chorus") ? PHASE_LIFT : PHASE_DEVELOP;
}

static size_t peak_section(const struct song_map *song)
{
    size_t peak = song->section_count - 1;
    double best = -1;
    for (size_t i = 0; i < song->section_count; i++) {
        const struct song_section *s = &song->sections[i];
        bool late = (double)s->start_us >= PEAK_NOT_BEFORE * (double)song->duration_us;
        if (late && s->energy >= best) {
            best = s->energy;
            peak = i;
        }
    }
    return peak;
}

static size_t section_at(const struct song_map *song, int64_t us)
{
    size_t i = 0;
    while (i + 1 < song->section_count && song->sections[i].end_us <= us)
        i++;
    return i;
}

static size_t beat_by_share(const struct mode *mode, double position)
{
    double total = 0, sum = 0;
    for (size_t i = 0; i < mode->beat_count; i++)
        total += mode->beats[i].share;
    for (size_t i = 0; i < mode->beat_count; i++) {
        sum += mode->beats[i].share;
        if (position * total < sum)
            return i;
    }
    return mode->beat_count - 1;
}

static size_t beat_of_section(const struct mode *mode, const struct song_map *song, size_t section)
{
    bool peak = section == peak_section(song);
    for (size_t i = 0; i < mode->beat_count; i++) {
        if (peak ? mode->beats[i].at_peak
                 : beat_takes(&mode->beats[i], song->sections[section].label))
            return i;
    }
    double middle = (double)(song->sections[section].start_us + song->sections[section].end_us) / 2;
    return beat_by_share(mode, middle / (double)song->duration_us);
}

static int64_t middle_us(const struct cut *cut)
{
    return us_from_frames(cut->start_frame + cut->frame_count / 2);
}

static void steps_from_song(struct film *f)
{
    for (size_t i = 0; i < f->scene_count; i++) {
        size_t section = section_at(f->request->song, middle_us(&f->scenes[i].cut));
        f->scenes[i].beat = beat_of_section(f->request->mode, f->request->song, section);
    }
}

/* Fewer scenes than steps: spread over them, the product's first step never left out. */
static void steps_thinned(struct film *f)
{
    size_t steps = f->request->mode->beat_count, n = f->scene_count;
    for (size_t i = 0; i < n; i++)
        f->scenes[i].beat = n == 1 ? steps - 1 : (i * (steps - 1) + (n - 1) / 2) / (n - 1);
}

static void steps_from_shares(struct film *f)
{
    const struct mode *mode = f->request->mode;
    size_t steps = mode->beat_count, n = f->scene_count;
    if (n < steps) {
        steps_thinned(f);
        return;
    }
    size_t last = 0;
    for (size_t i = 0; i < n; i++) {
        const struct cut *c = &f->scenes[i].cut;
        size_t wanted = beat_by_share(mode, (double)(c->start_frame + c->frame_count / 2) /
                                            (double)f->request->frame_count);
        size_t low = i == 0 ? 0 : last, high = i == 0 ? 0 : last + 1;
        /* or the steps left outnumber the scenes */
        size_t must = steps - (n - i) < steps ? steps - (n - i) : 0;
        last = wanted < low ? low : wanted > high ? high : wanted;
        last = i + steps >= n && last < must ? must : last;
        f->scenes[i].beat = last;
    }
}

static double energy_of(const struct song_map *song, const struct cut *cut)
{
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; song && i < song->beat_count && i < song->energy_count; i++) {
        int64_t frame = frames_from_us(song->beats_us[i]);
        if (frame >= cut->start_frame && frame < cut->start_frame + cut->frame_count) {
            sum += song->energy[i];
            count++;
        }
    }
    if (count > 0)
        return sum / (double)count;
    return song && song->section_count ? song->sections[section_at(song, middle_us(cut))].energy
                                       : 0.5;
}

/* An end card is one scene, the last: what its share would take besides goes to the step before. */
static void end_card_stands_alone(struct film *f)
{
    const struct mode *mode = f->request->mode;
    size_t last = mode->beat_count - 1;
    if (last == 0 || !mode->beats[last].end_card)
        return;
    for (size_t i = 0; i + 1 < f->scene_count; i++) {
        if (f->scenes[i].beat == last)
            f->scenes[i].beat = last - 1;
    }
}

void film_set_steps(struct film *f)
{
    const struct song_map *song = f->request->song;
    const struct mode *mode = f->request->mode;
    bool by_song = song && mode->needs_song && song->section_count >= SECTIONS_WORTH_FOLLOWING;
    if (by_song)
        steps_from_song(f);
    else
        steps_from_shares(f);
    f->scenes[f->scene_count - 1].beat = mode->beat_count - 1;
    if (f->scene_count > 1)
        f->scenes[0].beat = 0;
    end_card_stands_alone(f);
    for (size_t i = 0; i < f->scene_count; i++) {
        struct scene_draft *s = &f->scenes[i];
        s->phase   = phase_of(mode, s->beat);
        s->energy  = energy_of(song, &s->cut);
        s->section = song && song->section_count
                         ? song->sections[section_at(song, middle_us(&s->cut))].label
                         : "";
    }
}
