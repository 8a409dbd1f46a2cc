/*
 * Prints the treatment the offline planner makes of a concept, as people read it. For looking at what it writes;
 * built, not installed.
 *
 *     plan-preview FOLDER MODE STYLE SECONDS CONCEPT [CHARACTER [PRODUCT [SEED]]]
 *
 * FOLDER holds styles/. The song of a music video is made up: 112 beats a minute, intro, verses, choruses, bridge.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "plan/plan.h"

#define BEAT_US (60e6 / 112)

static const struct {
    const char *label;
    double      share, energy;
} sections[] = { { "intro", 8, 0.25 }, { "verse", 18, 0.45 }, { "chorus", 14, 0.8 }, { "verse", 16, 0.5 },
                 { "chorus", 14, 0.85 }, { "bridge", 10, 0.3 }, { "chorus", 14, 1.0 }, { "outro", 6, 0.2 } };

enum { SECTION_COUNT = sizeof sections / sizeof *sections };

static double energy_at(double position)
{
    double sum = 0;
    for (int i = 0; i < SECTION_COUNT; i++) {
        sum += sections[i].share / 100;
        if (position < sum)
            return sections[i].energy;
    }
    return sections[SECTION_COUNT - 1].energy;
}

static struct song_map song_make(struct arena *a, double seconds)
{
    struct song_map s = { .duration_us = (int64_t)(seconds * 1e6), .tempo_bpm = 112, .confidence = 1 };
    size_t most = (size_t)(seconds * 1e6 / BEAT_US) + 1;
    s.beats_us = arena_array(a, int64_t, most);
    s.strong   = arena_array(a, int64_t, most);
    s.energy   = arena_array(a, double, most);
    for (double at = 0.18e6; at < seconds * 1e6 && s.beat_count < most; at += BEAT_US, s.beat_count++) {
        s.beats_us[s.beat_count] = (int64_t)at;
        s.strong[s.beat_count]   = s.beat_count % 4 == 0 ? 90 : s.beat_count % 2 == 0 ? 50 : 20;
        s.energy[s.beat_count]   = energy_at(at / (seconds * 1e6));
    }
    s.strong_count = s.energy_count = s.beat_count;
    s.sections = arena_array(a, struct song_section, SECTION_COUNT);
    int64_t start = 0;
    for (int i = 0; i < SECTION_COUNT; i++) {
        int64_t end = i + 1 == SECTION_COUNT ? s.duration_us : start + (int64_t)(sections[i].share / 100 * seconds * 1e6);
        s.sections[i] = (struct song_section){ start, end, sections[i].label, sections[i].energy };
        start = end;
    }
    s.section_count = SECTION_COUNT;
    return s;
}

static void print_scene(size_t i, const struct planned_scene *s)
{
    printf("\n%02zu  %s   [%s%s%s, %.2f s of %.2f s, energy %.2f%s%s%s]\n", i + 1, s->title, s->story_beat,
           *s->section ? " / " : "", s->section, (double)s->cut.frame_count / 24, (double)s->cut.film_frames / 24,
           s->energy, s->lips_move ? ", lips" : "", s->product_shot ? ", product" : "", s->end_card ? ", end card" : "");
    printf("    %s\n    %s | %s | %s | %s | %s\n", s->action, s->camera, look_place_names[s->look.place],
           look_time_names[s->look.time], look_weather_names[s->look.weather], look_mood_names[s->look.mood]);
    for (size_t c = 0; c < s->look.cast_count; c++)
        printf("    - %s (%s, %s)\n", s->look.cast[c].name, look_figure_names[s->look.cast[c].kind],
               look_action_names[s->look.cast[c].action]);
    printf("    > %s\n", s->prompt);
    if (s->end_card)
        printf("    CARD: %s / %s / %s\n", s->card_title, s->card_line, s->card_action);
}

static enum err preview(struct task *t, int count, char **words)
{
    struct data_folders folders = { .shipped = words[1] };
    struct mode mode;
    struct style style;
    double seconds = strtod(words[4], NULL);
    enum err e = mode_load(t, &folders, words[2], &mode);
    if (!e)
        e = style_load(t, &folders, words[3], &style);
    if (e)
        return e;
    struct song_map song = song_make(t->arena, seconds);
    struct plan_request request = {
        .mode = &mode, .style = &style, .concept = words[5], .character = count > 6 ? words[6] : "",
        .product = count > 7 ? words[7] : "", .product_name = "", .call_to_action = "", .lyrics = "",
        .song = mode.needs_song ? &song : NULL, .frame_count = frames_from_us(song.duration_us),
        .lengths = { .min_frames = 12, .max_frames = 240 }, .seed = count > 8 ? strtoll(words[8], NULL, 10) : 1,
    };
    struct plan plan;
    e = plan_draft(t, &planner_offline, &request, &plan);
    if (e)
        return e;
    printf("%s\n%s\n%zu scenes\n", plan.title, plan.logline, plan.scene_count);
    for (size_t i = 0; i < plan.scene_count; i++)
        print_scene(i, &plan.scenes[i]);
    return OK;
}

int main(int count, char **words)
{
    if (count < 6) {
        fprintf(stderr, "usage: plan-preview FOLDER MODE STYLE SECONDS CONCEPT [CHARACTER [PRODUCT [SEED]]]\n");
        return 2;
    }
    struct task t;
    task_init(&t, "preview");
    enum err e = preview(&t, count, words);
    if (e)
        fprintf(stderr, "%s (%s)%s%s\n", t.fault.message, t.fault.field, *t.fault.next ? "\n" : "", t.fault.next);
    task_done(&t);
    return err_exit_code(e);
}
