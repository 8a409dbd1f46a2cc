/*
 * Listing a page of projects and reading one of them, in a store of ten projects and in one of a thousand: twelve
 * scenes each, from SQLite, turn and turn about. The cost must not depend on how many there are.
 * `bench-projects SOURCE-FOLDER`, where styles/ and models/ lie.
 */

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/id.h"
#include "flow/flow.h"
#include "scratch.h"
#include "store/store_driver.h"

enum { FEW = 10, MANY = 1000, SCENES = 12, PAGE = 5, ROUNDS = 301 };
#define PROMISED_RATIO 1.3

struct data {
    struct scratch folder;
    struct flow flow;
    const char *ids[MANY];                    /* newest last */
    int         count;
    const char *middle;                       /* the cursor of a page half-way through */
};

static void must(struct task *t, enum err e)
{
    if (!e)
        return;
    fprintf(stderr, "bench-projects: %s\n", t->fault.message);
    exit(2);
}

static struct scene scene_new(struct task *t, int64_t sequence)
{
    return (struct scene){
        .sequence = sequence, .status = PROJECT_PENDING, .title = arena_format(t->arena, "The last tram, %d", (int)sequence),
        .prompt = "Mara, a young night courier with a dark bob and freckles, in a yellow hooded raincoat and a teal scarf, a"
                  " bag strapped across her chest, pedals hard across the long bridge as the rain comes in from the side;"
                  " sodium lamps pass behind her one by one. Night, hard backlight, wet asphalt. 35 mm lens, slow push in.",
        .negative_prompt = "text, watermark, extra fingers", .camera = "medium shot, slow push in",
        .action = "Mara rides across the bridge.", .story_beat = "verse", .section = "verse", .line = "",
        .look = { .place = PLACE_BRIDGE, .time = TIME_NIGHT, .weather = WEATHER_RAIN, .shot = SHOT_MEDIUM },
        .used_frames = 90, .film_frames = 96, .energy = 0.6, .seed = sequence, .next_take = 1,
    };
}

static void save_project(struct task *t, struct data *d, int index)
{
    struct item_write writes[SCENES + 1];
    const char *now = time_iso8601(t->arena, INT64_C(1700000000) * SECOND_US + index * SECOND_US);
    struct project p = {
        .project_id = d->ids[index], .status = PROJECT_PENDING + index % 4, .title = "The last tram", .mode = "music-video",
        .style = "storyreel", .planner = "offline", .video = "animatic", .concept = "A night courier crosses a rainy city",
        .character = "Mara, a young night courier", .aspect = "16:9", .size = "720p", .width_px = 1280, .height_px = 720,
        .audio_key = "mv/song.wav", .audio_hash = "5f0c", .film_frames = SCENES * 90, .next_sequence = SCENES + 1,
        .song_map = { "made", "mv/map.json", "" }, .plan = { "made", "mv/plan.json", "" }, .created_at = now,
        .updated_at = now,
    };
    writes[0] = project_write(t, &p);
    for (int i = 0; i < SCENES; i++) {
        struct scene s = scene_new(t, i + 1);
        writes[i + 1] = scene_write(t, p.project_id, &s);
    }
    must(t, store_write(d->flow.store, t, writes, SCENES + 1));
}

static void data_make(struct task *t, struct data *d, int count, const char *source)
{
    d->count = count;
    d->folder = scratch_new();
    d->flow.styles.shipped = source;
    d->flow.models.shipped = arena_format(t->arena, "%s/models", source);
    must(t, store_sqlite_open(t, d->folder.path, &d->flow.store));
    for (int i = 0; i < count; i++) {
        struct task one;
        task_init(&one, "bench");
        d->ids[i] = ulid_new(t);
        save_project(&one, d, i);
        task_done(&one);
    }
    d->middle = "";
    for (int at = 0; at + PAGE < count / 2; at += PAGE) {
        struct project *page;
        size_t found;
        must(t, projects_page(d->flow.store, t, PROJECT_NOT_SET, PAGE, d->middle, &page, &found, &d->middle));
    }
}

static void data_drop(struct data *d)
{
    store_close(d->flow.store);
    scratch_done(&d->folder);
}

/* ---- what is measured ---- */

static void list_page(struct task *t, struct data *d, int status, const char *cursor)
{
    struct project *page;
    size_t count;
    const char *next;
    must(t, projects_page(d->flow.store, t, status, PAGE, cursor, &page, &count, &next));
}

static void list_newest(struct task *t, struct data *d)
{
    list_page(t, d, PROJECT_NOT_SET, "");
}

static void list_middle(struct task *t, struct data *d)
{
    list_page(t, d, PROJECT_NOT_SET, d->middle);
}

static void read_one(struct task *t, struct data *d)
{
    struct board b;
    must(t, board_load(&d->flow, t, d->ids[d->count / 2], &b));
    if (b.scene_count != SCENES)
        exit(2);
}

static double once_us(void (*run)(struct task *, struct data *), struct data *d)
{
    struct task t;
    task_init(&t, "bench");
    int64_t start = clock_monotonic_us(&clock_real);
    run(&t, d);
    double took = (double)(clock_monotonic_us(&clock_real) - start);
    task_done(&t);
    return took;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values)
{
    qsort(values, ROUNDS, sizeof *values, ascending);
    return values[ROUNDS / 2];
}

/* True when the promise was kept. */
static bool measure(const char *name, void (*run)(struct task *, struct data *), struct data *few, struct data *many)
{
    static double us[2][ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        us[0][i] = once_us(run, few);
        us[1][i] = once_us(run, many);
    }
    double small = median(us[0]), large = median(us[1]);
    bool kept = large <= PROMISED_RATIO * small;
    printf("%-24s%8.0f us of %d%8.0f us of %d   ratio %.2f  promised %.1f: %s\n", name, small, FEW, large, MANY,
           large / small, PROMISED_RATIO, kept ? "kept" : "NOT KEPT");
    return kept;
}

int main(int argc, char **argv)
{
    static struct data few, many;
    if (argc != 2) {
        fprintf(stderr, "usage: bench-projects SOURCE-FOLDER\n");
        return 2;
    }
    struct task t;
    task_init(&t, "bench");
    data_make(&t, &few, FEW, argv[1]);
    data_make(&t, &many, MANY, argv[1]);
    printf("\nProjects of %d scenes, from SQLite\n", SCENES);
    bool kept = measure("a page of the newest", list_newest, &few, &many);
    kept &= measure("a page from the middle", list_middle, &few, &many);
    kept &= measure("one project", read_one, &few, &many);
    data_drop(&few);
    data_drop(&many);
    task_done(&t);
    return kept ? 0 : 1;
}
