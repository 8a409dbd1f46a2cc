/* storyreel media VERB FILE...: the media room on its own, for files. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/app.h"
#include "base/file.h"
#include "base/text.h"

enum { PEAKS = 1000, STRIP_FRAMES = 10, STRIP_FRAMES_MAX = 200, STRIP_HEIGHT_PX = 180 };

struct media_options {
    struct common common;
    const char *output, *track;
    double in, out;
    int64_t bins, width_px, height_px;
};

struct media_call_line {
    struct task *task;
    struct media *media;
    const struct media_options *options;
    int *files; /* the words, opened */
    const char **names;
    size_t count;
};

struct media_verb {
    const char *name, *words, *summary;
    const char *takes; /* the options that say something to it, each after a space */
    size_t files_min, files_max;
    enum err (*run)(struct media_call_line *c);
};

/* Results as JSON, or as lines "name  value" from the same table. */
static void print_result(struct media_call_line *c, const struct field *fields, const void *result)
{
    json_t *json = fields_encode(fields, result);
    if (c->options->common.json) {
        print_json(json);
        return;
    }
    const char *name;
    json_t *value;
    json_object_foreach(json, name, value)
    {
        if (!json_is_array(value))
            printf("%-12s %s\n", name,
                   json_is_string(value) ? json_string_value(value)
                                         : json_text(c->task->arena, value));
    }
    json_decref(json);
}

static enum err with_name(struct media_call_line *c, enum err e)
{
    if (e && !strstr(c->task->fault.message, c->names[0])) {
        const char *message =
            arena_format(c->task->arena, "%s: %s", c->names[0], c->task->fault.message);
        snprintf(c->task->fault.message, sizeof c->task->fault.message, "%s", message);
    }
    return e;
}

static enum err open_output(struct media_call_line *c, struct draft *out)
{
    if (!c->options->output)
        return refuse(c->task, ERR_INVALID, "add -o FILE", "there is nowhere to write to");
    return draft_open(c->task, path_folder(c->task->arena, c->options->output), out);
}

static enum err verb_probe(struct media_call_line *c)
{
    struct clip_info info;
    enum err e = media_probe(c->media, c->task, c->files[0], &info);
    if (!e)
        print_result(c, clip_info_fields, &info);
    return with_name(c, e);
}

static enum err verb_beats(struct media_call_line *c)
{
    struct song_map map;
    enum err e = media_song_map(c->media, c->task, c->files[0], &map);
    if (e)
        return with_name(c, e);
    if (c->options->common.json) {
        print_result(c, song_map_fields, &map);
        return OK;
    }
    printf("%.3f s, %.2f beats a minute (confidence %.2f), %zu beats, %zu bars, %.1f LUFS\n",
           (double)map.duration_us / 1e6, map.tempo_bpm, map.confidence, map.beat_count,
           map.bar_count, map.loudness_lufs);
    for (size_t i = 0; i < map.section_count; i++)
        printf("section %8.3f %8.3f  %-8s energy %.2f\n", (double)map.sections[i].start_us / 1e6,
               (double)map.sections[i].end_us / 1e6, map.sections[i].label, map.sections[i].energy);
    for (size_t i = 0; i < map.beat_count; i++)
        printf("beat %8.3f  %3" PRId64 "\n", (double)map.beats_us[i] / 1e6, map.strong[i]);
    return OK;
}

static enum err verb_waveform(struct media_call_line *c)
{
    double *peaks;
    int64_t bins = c->options->bins ? c->options->bins : PEAKS;
    enum err e = media_waveform(c->media, c->task, c->files[0], bins, &peaks);
    if (e)
        return with_name(c, e);
    json_t *list = json_array();
    for (int64_t i = 0; i < bins; i++)
        json_array_append_new(list, json_real(peaks[i]));
    print_json(json_pack("{so}", "peaks", list));
    return OK;
}

static enum err verb_loudness(struct media_call_line *c)
{
    struct loudness loud;
    enum err e = media_loudness(c->media, c->task, c->files[0], &loud);
    if (e)
        return with_name(c, e);
    if (c->options->common.json)
        print_result(c, loudness_fields, &loud);
    else
        printf("integrated %.1f LUFS, range %.1f LU, true peak %.1f dBTP\n", loud.integrated_lufs,
               loud.range_lu, loud.true_peak_dbtp);
    return OK;
}

/* Left out it is the end; given, it lies behind the first moment, by a frame at least. */
static enum err check_span(const struct media_call_line *c, const struct words *words)
{
    double span = c->options->out - c->options->in;
    bool given = options_gave(words, "out");
    if (c->options->in < 0 || (given && span * FILM_RATE_HZ < 0.5))
        return fail_at(c->task,
                       refuse(c->task, ERR_INVALID,
                              "give --in from 0 and --out a frame or more behind it",
                              "nothing lies from %g to %g s", c->options->in, c->options->out),
                       "out");
    return OK;
}

static enum err verb_trim(struct media_call_line *c)
{
    struct clip_info before, info;
    scoped(draft) struct draft draft = draft_none();
    enum err e = with_name(c, media_probe(c->media, c->task, c->files[0], &before));
    if (!e)
        e = open_output(c, &draft);
    if (e)
        return e;
    struct clip_span span = {
        .in_frame = (int64_t)(c->options->in * FILM_RATE_HZ + 0.5),
        .out_frame = (int64_t)(c->options->out * FILM_RATE_HZ + 0.5),
        .shape = { before.width_px & ~1, before.height_px & ~1 },
    };
    e = with_name(c, media_trim(c->media, c->task, c->files[0], &span, draft.fd, NULL, &info));
    if (!e)
        e = draft_publish(c->task, &draft, c->options->output, true);
    if (!e)
        print_result(c, clip_info_fields, &info);
    return e;
}

static enum err verb_cut(struct media_call_line *c)
{
    struct clip_info info;
    scoped(draft) struct draft draft = draft_none();
    enum err e = with_name(c, media_probe(c->media, c->task, c->files[0], &info));
    if (!e)
        e = open_output(c, &draft);
    if (e)
        return e;
    double out = c->options->out > 0 ? c->options->out : (double)info.duration_us / 1e6;
    struct sound_cut cut = { .rate_hz = SOUND_RATE_HZ, .channels = 2 };
    cut.start_sample = (int64_t)(c->options->in * SOUND_RATE_HZ + 0.5);
    cut.sample_count = (int64_t)(out * SOUND_RATE_HZ + 0.5) - cut.start_sample;
    e = with_name(c, media_sound_cut(c->media, c->task, c->files[0], &cut, draft.fd));
    return e ? e : draft_publish(c->task, &draft, c->options->output, true);
}

static enum err verb_concat(struct media_call_line *c)
{
    struct film_info info;
    scoped(draft) struct draft draft = draft_none();
    scoped(fd) int track = -1;
    enum err e = c->options->track ? file_open(c->task, c->options->track, &track) : OK;
    if (!e)
        e = open_output(c, &draft);
    const struct film_parts parts = { .clips = c->files, .clip_count = c->count, .track = track };
    if (!e)
        e = media_compose(c->media, c->task, &parts, draft.fd, NULL, &info);
    if (!e)
        e = draft_publish(c->task, &draft, c->options->output, true);
    if (!e)
        print_result(c, film_info_fields, &info);
    return e;
}

static enum err verb_frames(struct media_call_line *c)
{
    const char **hashes;
    size_t count;
    enum err e = media_frame_hashes(c->media, c->task, c->files[0], &hashes, &count);
    for (size_t i = 0; i < count && !e; i++)
        printf("%zu %s\n", i, hashes[i]);
    return with_name(c, e);
}

static enum err verb_still(struct media_call_line *c)
{
    struct picture_info info;
    scoped(draft) struct draft draft = draft_none();
    struct still_request request = {
        .frame = (int64_t)(c->options->in * FILM_RATE_HZ + 0.5),
        .width_px = c->options->width_px,
        .height_px = c->options->height_px,
    };
    enum err e = open_output(c, &draft);
    if (!e)
        e = with_name(c, media_still(c->media, c->task, c->files[0], &request, draft.fd, &info));
    if (!e)
        e = draft_publish(c->task, &draft, c->options->output, true);
    if (!e)
        print_result(c, picture_info_fields, &info);
    return e;
}

static enum err verb_filmstrip(struct media_call_line *c)
{
    struct picture_info info;
    scoped(draft) struct draft draft = draft_none();
    struct strip_request request = { .count = c->options->bins ? c->options->bins : STRIP_FRAMES,
                                     .height_px = STRIP_HEIGHT_PX };
    enum err e = OK;
    if (request.count < 1 || request.count > STRIP_FRAMES_MAX)
        e = refuse(c->task, ERR_INVALID, "give --bins 1 to 200", "a filmstrip has no %lld frames",
                   (long long)request.count);
    if (!e)
        e = open_output(c, &draft);
    if (!e)
        e = with_name(c,
                      media_filmstrip(c->media, c->task, c->files[0], &request, draft.fd, &info));
    if (!e)
        e = draft_publish(c->task, &draft, c->options->output, true);
    if (!e)
        print_result(c, picture_info_fields, &info);
    return e;
}

static enum err verb_check(struct media_call_line *c)
{
    struct film_check check;
    enum err e = media_film_check(c->media, c->task, c->files[0], &check);
    if (!e)
        print_result(c, film_check_fields, &check);
    return with_name(c, e);
}

static const struct media_verb verbs[] = {
    { "probe", "FILE", "what is in a file", "", 1, 1, verb_probe },
    { "trim", "FILE", "a span, to the frame: --in S --out S -o FILE", " in out output", 1, 1,
      verb_trim },
    { "concat", "FILE...", "join clips that match: [--track FILE] -o FILE", " track output", 1,
      CLIPS_MAX, verb_concat },
    { "cut", "FILE", "a span of sound as WAV, to the sample: --in S --out S -o FILE",
      " in out output", 1, 1, verb_cut },
    { "beats", "FILE", "beats, bars and sections of a song", "", 1, 1, verb_beats },
    { "waveform", "FILE", "peaks of equal bins, as JSON: [--bins N]", " bins", 1, 1,
      verb_waveform },
    { "loudness", "FILE", "integrated loudness, range and true peak", "", 1, 1, verb_loudness },
    { "still", "FILE", "one frame as JPEG: --in S [--width N] -o FILE", " in width height output",
      1, 1, verb_still },
    { "filmstrip", "FILE", "frames side by side as JPEG: [--bins N] -o FILE", " bins output", 1, 1,
      verb_filmstrip },
    { "check", "FILE", "decode a film and say what is wrong with it", "", 1, 1, verb_check },
    { "frames", "FILE", "SHA-256 of every decoded frame", "", 1, 1, verb_frames },
};

static enum err media_help(const struct option *options)
{
    printf("storyreel media VERB FILE...\n\nVerbs:\n");
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        printf("  %-10s %-8s %s\n", verbs[i].name, verbs[i].words, verbs[i].summary);
    printf("\nOptions:\n");
    options_help(options);
    return OK;
}

static enum err verb_find(struct task *t, const char *name, const struct media_verb **out)
{
    const char *names[sizeof verbs / sizeof *verbs + 1] = { 0 };
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        names[i] = verbs[i].name;
        if (text_equal(verbs[i].name, name)) {
            *out = &verbs[i];
            return OK;
        }
    }
    const char *near = names_nearest(names, name);
    return refuse(t, ERR_INVALID, "storyreel media --help lists them",
                  "there is no verb \"%s\"%s%s%s", name, near ? "; did you mean " : "",
                  near ? near : "", near ? "?" : "");
}

static enum err run_on_files(const struct media_verb *v, struct media_call_line *c)
{
    size_t opened = 0;
    enum err e = app_open_media(c->task, &c->media);
    for (; opened < c->count && !e; opened += !e)
        e = file_open(c->task, c->names[opened], &c->files[opened]);
    if (!e)
        e = v->run(c);
    for (size_t i = 0; i < opened; i++)
        close(c->files[i]);
    media_close(c->media);
    return e;
}

/* What a verb would not look at was meant for something. */
static enum err check_options(struct task *t, const struct media_verb *verb,
                              const struct words *words)
{
    for (size_t i = 0; i < words->given_count; i++) {
        const char *name = words->given[i];
        bool common = text_equal(name, "data") || text_equal(name, "json") ||
                      text_equal(name, "verbose");
        const char *at = strstr(verb->takes, arena_format(t->arena, " %s", name));
        bool whole = at && (at[1 + strlen(name)] == ' ' || !at[1 + strlen(name)]);
        if (!common && !whole)
            return fail_at(t,
                           refuse(t, ERR_INVALID, "storyreel media --help lists what each takes",
                                  "media %s has no --%s", verb->name, name),
                           name);
    }
    return OK;
}

static enum err media(struct task *t, int argc, char **argv)
{
    struct media_options o = { .output = NULL };
    const struct option options[] = {
        { "in", "SECONDS", OPTION_NUMBER, &o.in, "first moment to use", 0 },
        { "out", "SECONDS", OPTION_NUMBER, &o.out, "where to stop; the end when left out", 0 },
        { "track", "FILE", OPTION_TEXT, &o.track, "sound to lay beside joined clips (AAC in MP4)",
          0 },
        { "bins", "N", OPTION_INT, &o.bins, "how many peaks or frames", 0 },
        { "width", "PIXELS", OPTION_INT, &o.width_px, "fit a still into this width", 0 },
        { "height", "PIXELS", OPTION_INT, &o.height_px, "and this height", 0 },
        { "output", "FILE", OPTION_TEXT, &o.output, "where the result goes", 'o' },
        COMMON_OPTIONS(o.common)
    };
    struct words words;
    const struct media_verb *verb;
    enum err e = options_read(t, options, argc, argv, &words);
    if (e)
        return e;
    if (o.common.help || words.count == 0)
        return media_help(options);
    e = verb_find(t, words.at[0], &verb);
    if (e)
        return e;
    size_t count = words.count - 1;
    if (count < verb->files_min || count > verb->files_max)
        return refuse(
            t, ERR_INVALID,
            arena_format(t->arena, "write: storyreel media %s %s", verb->name, verb->words),
            "media %s wants %s", verb->name,
            verb->files_max == 1 ? "one file" : "at least one file");
    struct media_call_line call = {
        .task = t,
        .options = &o,
        .names = words.at + 1,
        .count = count,
        .files = arena_array(t->arena, int, count),
    };
    e = check_options(t, verb, &words);
    if (!e)
        e = check_span(&call, &words);
    return e ? e : run_on_files(verb, &call);
}

const struct command command_media = {
    "media",
    "VERB FILE...",
    "probe, trim, join and listen to files",
    media,
};
