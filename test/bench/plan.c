/*
 * The computed plan of a project with a thousand scenes, read from SQLite: what every edit, every finished job and
 * every look at the board pays. Three boards: all is made, one trim changed, nothing is filmed yet.
 * `bench-plan SOURCE-FOLDER`, where styles/ and models/ lie.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "flow/flow.h"
#include "scratch.h"
#include "store/store_driver.h"

enum { SCENES = 1000, ROUNDS = 15 };
#define PROMISED_MS 50.0
#define PROJECT_ID  "01BENCH0000000000000000000"

static void must(struct task *t, enum err e)
{
    if (!e)
        return;
    fprintf(stderr, "bench-plan: %s\n", t->fault.message);
    exit(2);
}

/* As long and as detailed as the planner writes them. */
static const char scene_text[] =
    "{\"sequence\": %d, \"title\": \"The last tram leaves without her, %d\", \"camera\": \"medium shot, slow push in\","
    " \"prompt\": \"Mara, a young night courier with a dark bob and freckles, in a yellow hooded raincoat and a teal"
    " scarf, a bag strapped across her chest, pedals hard across the long bridge as the rain comes in from the side;"
    " sodium lamps pass behind her one by one. Night, hard backlight, wet asphalt. 35 mm lens, slow push in. Restless,"
    " hopeful. Palette of petrol blue and amber, fine grain.\", \"negativePrompt\": \"text, watermark, extra fingers\","
    " \"look\": {\"place\": \"bridge\", \"time\": \"night\", \"weather\": \"rain\", \"shot\": \"medium\", \"move\": \"push-in\","
    " \"cast\": [{\"name\": \"Mara\", \"kind\": \"person\", \"action\": \"ride\", \"picture\": 0}]},"
    " \"usedFrames\": 90, \"filmFrames\": 96, \"beatFrames\": [0, 12, 24, 36, 48, 60, 72, 84], \"energy\": 0.6}";

static const char project_text[] =
    "{\"projectId\": \"" PROJECT_ID "\", \"status\": \"processing\", \"mode\": \"music-video\","
    " \"directorConfig\": \"storyreel\", \"planner\": \"offline\", \"video\": \"animatic\", \"conceptPrompt\": \"A night"
    " courier crosses a rainy city\", \"width\": 1280, \"height\": 720, \"audioBackingTrackS3Key\": \"mv/song.wav\","
    " \"audioHash\": \"5f0c\", \"filmFrames\": 90000, \"goal\": \"film\"}";

static struct scene *scenes_new(struct task *t)
{
    struct scene *scenes = arena_array(t->arena, struct scene, SCENES);
    for (int i = 0; i < SCENES; i++) {
        const char *text = arena_format(t->arena, scene_text, i + 1, i + 1);
        must(t, fields_decode_text(t, scene_fields, text, strlen(text), &scenes[i]));
    }
    return scenes;
}

/* Everything the graph asks for, as if it had been made: only its records, which is all that planning reads. */
static void make_all(struct task *t, const struct flow *f, struct project *p, struct scene *scenes)
{
    struct style style;
    struct model model;
    struct graph graph;
    must(t, style_load(t, &f->styles, p->style, &style));
    must(t, model_load(t, &f->models, p->video, &model));
    struct graph_input input = { p, scenes, SCENES, &style, &model };
    p->plan.hash = "drafted";                     /* scenes are only looked at once there is a plan */
    must(t, graph_compute(t, &input, &graph));
    for (size_t i = 0; i < graph.artifact_count; i++) {
        const struct artifact *a = &graph.artifacts[i];
        struct scene *s = a->sequence ? &scenes[a->sequence - 1] : NULL;
        struct made *const places[ARTIFACT_KIND_COUNT] = {
            [ARTIFACT_SONG_MAP] = &p->song_map, [ARTIFACT_PLAN] = &p->plan, [ARTIFACT_TRACK] = &p->track,
            [ARTIFACT_FILM] = &p->film, [ARTIFACT_TAKE] = s ? &s->take : NULL, [ARTIFACT_CLIP] = s ? &s->clip : NULL,
            [ARTIFACT_POSTER] = s ? &s->poster : NULL,
        };
        *places[a->kind] = (struct made){ a->hash, "mv/bench", a->parts };
    }
}

static void save(struct task *t, struct store *s, const struct project *p, const struct scene *scenes, size_t count)
{
    struct item_write writes[STORE_WRITES_MAX];
    writes[0] = project_write(t, p);
    must(t, store_write(s, t, writes, 1));
    for (size_t done = 0; done < count;) {
        size_t some = count - done < STORE_WRITES_MAX ? count - done : STORE_WRITES_MAX;
        for (size_t i = 0; i < some; i++)
            writes[i] = scene_write(t, p->project_id, &scenes[done + i]);
        must(t, store_write(s, t, writes, some));
        done += some;
    }
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static size_t count_state(const struct graph *g, enum artifact_state state)
{
    size_t count = 0;
    for (size_t i = 0; i < g->artifact_count; i++)
        count += g->artifacts[i].state == (int)state;
    return count;
}

/* True when the promise was kept. */
static bool measure(const struct flow *f, const char *name)
{
    double ms[ROUNDS];
    struct board board;
    size_t current = 0, stale = 0, missing = 0;
    for (int i = 0; i < ROUNDS; i++) {
        struct task t;
        task_init(&t, "bench");
        int64_t start = clock_monotonic_us(&clock_real);
        must(&t, board_load(f, &t, PROJECT_ID, &board));
        ms[i]   = (double)(clock_monotonic_us(&clock_real) - start) / 1e3;
        current = count_state(&board.graph, ARTIFACT_CURRENT);
        stale   = count_state(&board.graph, ARTIFACT_STALE);
        missing = count_state(&board.graph, ARTIFACT_MISSING) + count_state(&board.graph, ARTIFACT_BLOCKED);
        task_done(&t);
    }
    qsort(ms, ROUNDS, sizeof *ms, ascending);
    bool kept = ms[ROUNDS / 2] <= PROMISED_MS;
    printf("%-24s%10.1f ms    %zu current, %zu stale, %zu missing  promised %g ms: %s\n", name, ms[ROUNDS / 2],
           current, stale, missing, PROMISED_MS, kept ? "kept" : "NOT KEPT");
    return kept;
}

static bool bench(struct task *t, struct flow *f, const char *folder)
{
    struct project p = { 0 }, fresh;
    must(t, store_sqlite_open(t, folder, &f->store));
    must(t, fields_decode_text(t, project_fields, project_text, strlen(project_text), &p));
    struct scene *scenes = scenes_new(t), *unfilmed = scenes_new(t);

    make_all(t, f, &p, scenes);
    save(t, f->store, &p, scenes, SCENES);
    bool kept = measure(f, "all is made");

    must(t, scene_load(f->store, t, PROJECT_ID, SCENES / 2, &scenes[0]));
    scenes[0].trim_in  = 6;
    scenes[0].trim_out = 80;
    must(t, project_load(f->store, t, PROJECT_ID, &p));
    save(t, f->store, &p, scenes, 1);
    kept &= measure(f, "one trim changed");

    must(t, project_load(f->store, t, PROJECT_ID, &fresh));
    for (int i = 0; i < SCENES; i++) {
        struct scene saved;
        must(t, scene_load(f->store, t, PROJECT_ID, i + 1, &saved));
        unfilmed[i].version = saved.version;
    }
    save(t, f->store, &fresh, unfilmed, SCENES);
    kept &= measure(f, "nothing is filmed");
    store_close(f->store);
    return kept;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: bench-plan SOURCE-FOLDER\n");
        return 2;
    }
    struct task t;
    task_init(&t, "bench");
    struct flow f = {
        .styles = { .shipped = arena_format(t.arena, "%s", argv[1]) },
        .models = { .shipped = arena_format(t.arena, "%s/models", argv[1]) },
    };
    printf("\nPlanning a project of %d scenes, from SQLite\n", SCENES);
    struct scratch folder = scratch_new();
    bool kept = bench(&t, &f, folder.path);
    scratch_done(&folder);
    task_done(&t);
    return kept ? 0 : 1;
}
