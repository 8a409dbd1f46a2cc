#pragma once

/*
 * A film is a build. Everything it needs is an artifact made from named inputs; what to do next is
 * computed here from records and never stored. The same computed plan is the progress display, the
 * work list, the price quote and the answer to "what did my edit invalidate".
 *
 *     music    <- the words for it, its model, the length of the film
 *     song-map <- the song
 *     plan     <- concept, style, mode, song map, ...       (the scene list)
 *     take     <- one scene's words, look, song cue, seed, model, style, pictures
 *     lip-sync <- the take, its trim, the song and where on it the scene stands, how it is synced
 *     clip     <- the selected take and its trim, or its lip-sync; the film's shape; what is burned
 *                 into it
 *     poster   <- clip
 *     voice    <- its words, its model
 *     track    <- the song, the voice, the film's length
 *     film     <- clips in display order, track
 *
 * An artifact's identity is the hash of its inputs, and those of its inputs' inputs, so all of them
 * are known before anything is made. graph_compute() is pure.
 */

#include "gen/model.h"
#include "media/media.h"
#include "plan/plan.h"
#include "store/records.h"

enum artifact_kind {
    ARTIFACT_MUSIC = 1, /* of projects whose song is to be made */
    ARTIFACT_SONG_MAP,
    ARTIFACT_PLAN,
    ARTIFACT_TAKE,
    ARTIFACT_LIPSYNC, /* of scenes that want one; between their take and their clip */
    ARTIFACT_CLIP,
    ARTIFACT_POSTER,
    ARTIFACT_VOICE, /* of projects that want one */
    ARTIFACT_TRACK,
    ARTIFACT_FILM,
    ARTIFACT_KIND_COUNT,
};
extern const char *const artifact_kind_names[]; /* "song-map", ... also the kinds of jobs */

enum artifact_state {
    ARTIFACT_MISSING = 1,
    ARTIFACT_CURRENT,
    ARTIFACT_STALE,
    ARTIFACT_BLOCKED,
    ARTIFACT_RUNNING,
    ARTIFACT_FAILED,
};
extern const char *const artifact_state_names[];

struct artifact {
    int kind;           /* enum artifact_kind */
    int64_t sequence;   /* scene; 0 for the project */
    int state;          /* enum artifact_state */
    const char *cause;  /* stale: what changed; blocked, failed: why; else "" */
    const char *next;   /* blocked, failed: what to do; else "" */
    const char *code;   /* failed: the error's name; else NULL */
    const char *hash;   /* of today's inputs */
    const char *parts; /* what was hashed: "prompt:1f0c9a2b seed:..." */
    bool ready; /* everything it is made from is current */
    int permille; /* running: how far, as its worker last wrote it down; 0 when nothing is known */
    const struct model *model; /* takes, lip-syncs, music, voice: who makes it; else NULL */
    double usd; /* price of making it now; 0 when current or free, -1 unknown */
};

struct graph {
    struct artifact *artifacts; /* makers before what is made from them; the film is last */
    size_t artifact_count;
    int64_t film_frames; /* sum of used lengths; 0 before there are scenes */
    double usd;          /* of everything that is to be made; -1 when any price is unknown */
};

struct graph_input {
    const struct project *project;
    const struct scene *scenes; /* in display order */
    size_t scene_count;
    const struct style *style;
    const struct model *model;
    const struct model *card; /* draws end cards; NULL: `model` does */
    const struct model *videos; /* those that project.fallbacks names */
    size_t video_count;
    const struct model *lipsyncs; /* every lip-sync model that the project or a scene names */
    size_t lipsync_count;
    double plan_usd;      /* what the planner asks for a plan; -1 unknown */
    const struct model *music, *voice; /* of the project's wishes; NULL: none is made */
    /* takes that are there count as current: the film the board shows now; where there is none a
     * card holds its place */
    bool as_filmed;
    bool without_posters; /* they cost a hash each and nothing waits for them */
};

/* States without jobs: missing, current, stale, blocked by records. See graph_attach_jobs(). */
enum err graph_compute(struct task *t, const struct graph_input *input, struct graph *out);

/* Looks up the jobs of what is not current: running, failed, and what is blocked by a failure. */
enum err graph_attach_jobs(struct store *s, struct task *t, const char *project_id,
                           struct graph *g);

/*
 * Who makes a scene's take where `film` makes those of the film: end cards are words, which no
 * video model can be trusted to write, so `card` draws them.
 */
const struct model *scene_maker(const struct scene *s, const struct model *film,
                                const struct model *card);

/* Who is asked after `model`, the project's own or a fallback, has failed; NULL when nobody is
 * left. It can film as long as the scene is. */
const struct model *fallback_after(const struct model *videos, size_t count,
                                   const struct project *p, const struct scene *s,
                                   const char *model);

/* What filming a scene with this model costs; below 0: unknown. */
double graph_take_usd(const struct model *m, const struct project *p, const struct scene *s);

/* Who is to move the lips of a scene: the name of a model, "" for nobody. */
const char *scene_lipsync_model(const struct project *p, const struct scene *s);

/* How: as it was asked for, or as it is by default. */
struct sync_options scene_sync_options(const struct project *p, const struct scene *s);

/* What moving the lips of `frames` of the film costs; below 0: unknown. */
double graph_lipsync_usd(const struct model *m, int64_t frames);

/* The number of the take that was filmed or uploaded, under the lip-sync where one is shown. */
int64_t scene_footage_take(const struct scene *s);

/* Is the lip-sync that is there of today's take and trim? Then it can be shown, wherever the scene
 * stands now. */
bool scene_sync_fits(const struct scene *s);

#define SONG_SECONDS 30.0 /* of a song that is made for a film of no length */

/* What is asked for of a sound of that kind (music, voice), and about how long it is to be. */
const struct sound_wish *project_sound_wish(const struct project *p, int kind);
double project_sound_seconds(const struct project *p, int kind);

/* Under which hash a song's map is cached, for every project and for songs without one. */
const char *graph_song_map_hash(struct arena *a, const char *audio_hash);

/* What each scene is doing, from its artifacts: processing, failed, completed when its clip is
 * current, else pending (as one whose lip-sync is stale). `scenes` are those the graph was computed
 * from. */
void graph_set_statuses(const struct graph *g, struct scene *scenes, size_t count);

const struct artifact *graph_find(const struct graph *g, int kind, int64_t sequence);

/* A scene's part of the film, in frames of its take. */
struct scene_span {
    int64_t in, out;
};
struct scene_span scene_used_span(const struct scene *s);

/* How long it is while nothing is trimmed: as planned, or as long as a shorter take that was chosen
 * for it. */
int64_t scene_whole_frames(const struct scene *s);

/* Where on the film a scene begins: the used lengths of those before it, in frames; of a sequence
 * that is none, where the film ends. */
int64_t scene_film_start(const struct scene *scenes, size_t count, int64_t sequence);
