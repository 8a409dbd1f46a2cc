/* storyreel make: from a prompt and a song to a finished film, in one go, resumable. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/report.h"
#include "base/file.h"
#include "base/text.h"

struct make {
    struct common common;
    struct project_request request;
    const char *audio, *character_image, *product_image, *lyrics_file, *output;
    const char *prompt_file;
    bool dry_run, resume;
};

/* Says now that it cannot be written, not in an hour. */
static enum err output_absolute(struct task *t, const char *path, const char **out)
{
    char resolved[PATH_MAX];
    struct stat there;
    const char *folder = path_folder(t->arena, path), *slash = strrchr(path, '/');
    scoped(draft) struct draft probe = draft_none();
    enum err e = draft_open(t, folder, &probe);
    if (e)
        return fail_at(t, e, "output");
    if (!realpath(folder, resolved))
        return fail(t, ERR_INVALID, "there is no folder %s", folder);
    const char *name = slash ? slash + 1 : path;
    if (!*name || (stat(path, &there) == 0 && S_ISDIR(there.st_mode)))
        return fail_at(
            t,
            refuse(t, ERR_INVALID, "name a file, for example -o film.mp4", "%s is a folder", path),
            "output");
    *out = arena_format(t->arena, "%s/%s", resolved, name);
    return OK;
}

/* Texts that may be in files instead: long prompts, lyrics. */
static enum err read_texts(struct task *t, struct make *m)
{
    struct bytes text;
    enum err e = OK;
    if (m->prompt_file) {
        e = file_read(t, m->prompt_file, 1 << 20, &text);
        if (e)
            return fail_at(t, e, "prompt-file");
        m->request.concept = text_tidy(t->arena, text.at);
    }
    if (m->lyrics_file) {
        e = file_read(t, m->lyrics_file, 64 << 10, &text);
        if (e)
            return fail_at(t, e, "lyrics");
        m->request.lyrics = text.at;
    }
    return OK;
}

static enum err create(struct task *t, struct app *a, struct make *m, struct project *out)
{
    struct project_request *r = &m->request;
    scoped(fd) int audio = -1, character = -1, product = -1;
    enum err e = argument_open(t, "audio", m->audio, &r->audio);
    audio = r->audio.fd;
    if (!e) {
        e = argument_open(t, "character-image", m->character_image, &r->character_picture);
        character = r->character_picture.fd;
    }
    if (!e) {
        e = argument_open(t, "product-image", m->product_image, &r->product_picture);
        product = r->product_picture.fd;
    }
    return e ? e : project_create(&a->flow, t, r, out);
}

static enum err find_to_resume(struct task *t, struct app *a, const struct words *words,
                               struct project *out)
{
    if (words->count > 0)
        return project_find(&a->flow, t, words->at[0], out);
    return project_unfinished(&a->flow, t, out);
}

static enum err start(struct task *t, struct app *a, struct make *m, const struct words *words,
                      struct project *p)
{
    enum err e = m->resume ? find_to_resume(t, a, words, p) : create(t, a, m, p);
    if (!e)
        e = flow_want(&a->flow, t, p->project_id, m->dry_run ? GOAL_PLAN : GOAL_FILM);
    return e ? e : app_work(t, a, p->project_id);
}

static void print_made(struct task *t, const struct board *b, const struct tally *tally,
                       const char *path, int64_t took_us)
{
    double length = (double)b->graph.film_frames / FILM_RATE_HZ, took = (double)took_us / 1e6;
    printf("%s\n  %s, %.2f s, %lldx%lld, %zu scenes\n", *path ? path : b->project.project_id,
           b->project.title, length, (long long)b->project.width_px,
           (long long)b->project.height_px, b->scene_count);
    printf("  made %s; reused %s\n", tally_text(t, tally->made), tally_text(t, tally->reused));
    printf("  took %.1f s (%.1f times real time); project %s\n", took,
           length / (took > 0 ? took : 1), b->project.project_id);
}

static enum err report(struct task *t, struct app *a, const struct make *m, const struct project *p,
                       const char *since, int64_t took_us)
{
    struct board b;
    struct tally tally;
    enum err e = board_load(&a->flow, t, p->project_id, &b);
    if (!e)
        e = tally_jobs(t, a, p->project_id, since, &tally);
    if (e)
        return e;
    const char *path = p->output_path;
    if (!m->common.json) {
        print_made(t, &b, &tally, path, took_us);
        return OK;
    }
    json_t *json = tally_json(&tally);
    json_object_set_new(json, "projectId", json_string(p->project_id));
    json_object_set_new(json, "path", json_string(path));
    json_object_set_new(json, "title", json_string(b.project.title));
    json_object_set_new(json, "frames", json_integer(b.graph.film_frames));
    json_object_set_new(json, "duration", json_real((double)b.graph.film_frames / FILM_RATE_HZ));
    json_object_set_new(json, "scenes", json_integer((json_int_t)b.scene_count));
    json_object_set_new(json, "tookMs", json_integer(took_us / 1000));
    print_json(json);
    return OK;
}

/* "Veo 3.1 and Lipsync 2 Pro" */
static const char *makers_text(struct task *t, const struct board *b)
{
    struct text out = text_new(t->arena);
    text_append(&out, b->model.title);
    for (size_t i = 0; i < b->lipsync_count; i++)
        text_printf(&out, " and %s", b->lipsyncs[i].title);
    return text_end(&out);
}

static enum err report_dry(struct task *t, struct app *a, const struct make *m,
                           const struct project *p)
{
    struct board b;
    double plan_usd;
    enum err e = board_load(&a->flow, t, p->project_id, &b);
    if (!e)
        e = flow_planner_usd(&a->flow, t, b.project.planner, &plan_usd);
    if (e)
        return e;
    double usd = b.graph.usd < 0 || plan_usd < 0 ? -1 : b.graph.usd + plan_usd; /* it plans again */
    if (m->common.json) {
        json_t *json = board_json(t, &b);
        json_object_set_new(json, "usd", json_real(usd));
        print_json(json);
        return OK;
    }
    board_print(t, &b);
    const char *about = plan_usd > 0 ? "about " : ""; /* planners are paid by what they write */
    printf("Nothing was filmed. Filming it with %s costs %s.\n", makers_text(t, &b),
           usd == 0  ? "nothing"
           : usd < 0 ? "an unknown sum"
                     : arena_format(t->arena, "%s$%.2f", about, usd));
    return OK;
}

static enum err run_make(struct task *t, struct app *a, struct make *m, const struct words *words)
{
    struct project p;
    int64_t began = clock_monotonic_us(t->clock);
    const char *since = time_iso8601(t->arena, clock_wall_us(t->clock));
    enum err e = start(t, a, m, words, &p);
    if (!e)
        e = wait_for_project(t, a, p.project_id, m->common.json);
    /* the project, and its ledger, are gone with this program */
    if (e == ERR_RECONCILE && m->dry_run)
        snprintf(t->fault.next, sizeof t->fault.next,
                 "run it again to ask once more; that may be paid for again");
    if (e)
        return e;
    if (m->dry_run)
        return report_dry(t, a, m, &p);
    if (*m->request.output_path)
        p.output_path = m->request.output_path; /* resumed, and wanted elsewhere now */
    if (*p.output_path)
        e = project_export(&a->flow, t, p.project_id, p.output_path);
    return e ? e : report(t, a, m, &p, since, clock_monotonic_us(t->clock) - began);
}

/* What a film is like was said when it was begun. */
static enum err check_resume(struct task *t, const struct words *words)
{
    static const char *const may[] = { "resume", "output", "data", "json", "verbose", NULL };
    for (size_t i = 0; i < words->given_count; i++) {
        const char *name = words->given[i];
        if (names_index(may, name) < 0)
            return fail_at(t,
                           refuse(t, ERR_INVALID,
                                  "storyreel project edit ID --... changes a film that was begun",
                                  "--%s does not go with --resume", name),
                           name);
    }
    return OK;
}

/* Everything that can be refused before anything is opened. */
static enum err check_line(struct task *t, struct make *m, const struct words *words)
{
    if (words->count > (m->resume ? 1 : 0))
        return refuse(t, ERR_INVALID, "put texts of several words in quotes",
                      "\"%s\" belongs to no option", words->at[0]);
    enum err e = m->resume ? check_resume(t, words) : OK;
    if (!e)
        e = read_texts(t, m);
    if (!e && (m->output || !(m->resume || m->dry_run)))
        e = output_absolute(t, m->output ? m->output : "film.mp4", &m->request.output_path);
    return e;
}

/* Nothing was said yet. */
static struct make make_new(void)
{
    return (struct make){ .request = {
        .mode = "",
        .style = "",
        .planner = "",
        .video = "",
        .fallbacks = "",
        .lipsync = "",
        .music = "",
        .music_model = "",
        .voice_over = "",
        .voice_model = "",
        .concept = "",
        .character = "",
        .product = "",
        .product_name = "",
        .call_to_action = "",
        .lyrics = "",
        .aspect = "",
        .size = "",
        .captions = "",
        .output_path = "",
        .budget_usd = -1,
    } };
}

static enum err open_and_make(struct task *t, struct make *m, const struct words *words)
{
    struct app a;
    if (m->dry_run && *m->request.music)
        return refuse(t, ERR_INVALID,
                      "give a song with --audio, or leave --dry-run out and set --budget",
                      "a plan follows the song, and that is paid for before there is a plan");
    enum err e = m->dry_run ? app_open_memory(t, &m->common, &a) : app_open(t, &m->common, &a);
    if (e)
        return e;
    e = run_make(t, &a, m, words);
    app_close(&a);
    return e;
}

static enum err make(struct task *t, int argc, char **argv)
{
    struct make m = make_new();
    struct project_request *r = &m.request;
    const struct option options[] = {
        { "prompt", "TEXT", OPTION_TEXT, &r->concept, "what the film is about", 'p' },
        { "prompt-file", "FILE", OPTION_TEXT, &m.prompt_file, "the same, from a file", 0 },
        { "audio", "SONG", OPTION_TEXT, &m.audio, "the song: wav, mp3, m4a, flac, ogg, opus", 'a' },
        { "music", "TEXT", OPTION_TEXT, &r->music, "have the song made: what it is like", 0 },
        { "music-model", "NAME", OPTION_TEXT, &r->music_model, "by whom (elevenlabs-music)", 0 },
        { "voice-over", "TEXT", OPTION_TEXT, &r->voice_over, "words to be spoken over the film",
          0 },
        { "voice-model", "NAME", OPTION_TEXT, &r->voice_model, "by whom (gemini-speech)", 0 },
        { "output", "FILE", OPTION_TEXT, &m.output, "where the film goes (film.mp4)", 'o' },
        { "mode", "MODE", OPTION_TEXT, &r->mode, "music-video (default) or ad-creative", 0 },
        { "style", "NAME", OPTION_TEXT, &r->style, "a director's hand: storyreel styles", 0 },
        { "character", "TEXT", OPTION_TEXT, &r->character,
          "who it is about, the same words in every scene", 0 },
        { "character-image", "FILE", OPTION_TEXT, &m.character_image,
          "a picture of them: png, jpeg, webp", 0 },
        { "product", "TEXT", OPTION_TEXT, &r->product, "what is advertised", 0 },
        { "product-image", "FILE", OPTION_TEXT, &m.product_image, "a picture of it", 0 },
        { "product-name", "TEXT", OPTION_TEXT, &r->product_name, "its name on the end card", 0 },
        { "call-to-action", "TEXT", OPTION_TEXT, &r->call_to_action, "the words of the button", 0 },
        { "lyrics", "FILE", OPTION_TEXT, &m.lyrics_file, "lyrics, plain or LRC", 0 },
        { "duration", "SECONDS", OPTION_NUMBER, &r->seconds,
          "length of the film (default: the song's)", 0 },
        { "scenes", "N", OPTION_INT, &r->scene_count, "how many scenes (default: the style's pace)",
          0 },
        { "aspect", "RATIO", OPTION_TEXT, &r->aspect, "16:9 (default), 9:16 or 1:1", 0 },
        { "size", "SIZE", OPTION_TEXT, &r->size, "480p, 720p (default) or 1080p", 0 },
        { "seed", "N", OPTION_INT, &r->seed, "the same seed gives the same film", 0 },
        { "planner", "NAME", OPTION_TEXT, &r->planner, "offline (default), gemini, openai", 0 },
        { "video", "NAME", OPTION_TEXT, &r->video, "animatic (default): storyreel models", 0 },
        { "fallback", "A,B", OPTION_TEXT, &r->fallbacks,
          "who may film a scene where --video fails for good, in order (nobody)", 0 },
        { "lipsync", "NAME", OPTION_TEXT, &r->lipsync,
          "who moves the lips of scenes that sing: animatic, lipsync-2-pro (nobody)", 0 },
        { "captions", "HOW", OPTION_TEXT, &r->captions,
          "what is sung and said: none (default), track: text in the film's file, or burned: in "
          "its pictures",
          0 },
        { "overlay", NULL, OPTION_FLAG, &r->overlay, "mark scenes with number, title and camera",
          0 },
        { "budget", "USD", OPTION_NUMBER, &r->budget_usd, "what making it may cost (no limit)", 0 },
        { "dry-run", NULL, OPTION_FLAG, &m.dry_run, "show the plan and its price, film nothing",
          0 },
        { "resume", NULL, OPTION_FLAG, &m.resume,
          "carry on with the last unfinished film, or with ID", 0 },
        COMMON_OPTIONS(m.common)
    };
    struct words words;
    enum err e = options_read(t, options, argc, argv, &words);
    if (!e && m.common.help)
        return command_help(&command_make, options);
    if (!e)
        e = check_line(t, &m, &words);
    return e ? e : open_and_make(t, &m, &words);
}

const struct command command_make = {
    "make",
    "--prompt TEXT --audio SONG [-o film.mp4] [options]  |  --resume [ID]",
    "make a film from a prompt and a song",
    make,
};
