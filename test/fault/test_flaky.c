/*
 * The n-th call to the store, to the files or to the queue fails, for every n there is, before the
 * call is done or after it (an answer that got lost). The client here is what any caller should be:
 * when something fails it gives up, and the next attempt reads again what is there and does the
 * rest. However it went, nothing may be half done after the failure, and after the next attempt
 * everything is done exactly once.
 */
#include "suite.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "blob/blob_driver.h"
#include "queue/queue_driver.h"
#include "scratch.h"
#include "store/store_driver.h"

enum { SCENES = 3, LEASE_US = 1000 };

static const char PROJECT[] = "PROJECT#1";

enum victim { STORE, BLOB, QUEUE };

struct setting {
    const char *name;
    bool        on_disk;
    enum victim victim;
    bool        after;
};

struct world {
    struct scratch      scratch;
    struct clock        clock;
    struct store       *store_under;
    struct blob_store  *blob_under;
    struct queue       *queue_under;
    struct store_flaky  store_flaky;
    struct blob_flaky   blob_flaky;
    struct queue_flaky  queue_flaky;
    struct store       *store;
    struct blob_store  *blobs;
    struct queue       *queue;
};

/* ---- the client ---- */

static const char *scene_key(struct task *t, int number)
{
    return arena_format(t->arena, "SCENE#%03d", number);
}

/* The scenes a project record says it has. */
static int scenes_counted(const struct item *project)
{
    return (int)strtol(project->document + strlen("{\"scenes\":"), NULL, 10);
}

static enum err ensure_project(struct world *w, struct task *t, struct item *out)
{
    enum err e = store_get(w->store, t, PROJECT, "METADATA", out);
    if (e != ERR_NOT_FOUND)
        return e;
    struct item_write create = {
        ITEM_CREATE,
        { .pk = PROJECT, .sk = "METADATA", .index_pk = "pending", .document = "{\"scenes\":0}" }
    };
    e = store_write(w->store, t, &create, 1);
    return e ? e : store_get(w->store, t, PROJECT, "METADATA", out);
}

/* A scene and the count of scenes change together. */
static enum err add_scenes(struct world *w, struct task *t)
{
    struct item project;
    enum err e = ensure_project(w, t, &project);
    while (!e && scenes_counted(&project) < SCENES) {
        int number = scenes_counted(&project) + 1;
        const struct item_write writes[] = {
            { ITEM_CREATE,
              { .pk = PROJECT, .sk = scene_key(t, number), .document = "{\"done\":false}" } },
            { ITEM_UPDATE,
              { .pk = PROJECT,
                .sk = "METADATA",
                .version = project.version,
                .index_pk = "pending",
                .document = arena_format(t->arena, "{\"scenes\":%d}", number) } },
        };
        e = store_write(w->store, t, writes, 2);
        if (!e)
            e = store_get(w->store, t, PROJECT, "METADATA", &project);
    }
    return e;
}

static bool is_done(const struct item *scene)
{
    return strstr(scene->document, "true") != NULL;
}

static enum err push_undone(struct world *w, struct task *t)
{
    struct item *scenes;
    size_t count;
    enum err e =
        store_list(w->store, t, &(struct store_query){ .pk = PROJECT, .sk_prefix = "SCENE#" },
                   &scenes, &count);
    for (size_t i = 0; i < count && !e; i++) {
        if (!is_done(&scenes[i]))
            e = queue_push(w->queue, t, LANE_CPU, scenes[i].sk, 0);
    }
    return e;
}

static const char *blob_key(struct task *t, const char *scene)
{
    return arena_format(t->arena, "mv/projects/1/%s", strchr(scene, '#') + 1);
}

/* The film of a scene, kept before any record speaks of it; already there after a lost answer. */
static enum err keep_film(struct world *w, struct task *t, const char *scene)
{
    scoped(draft) struct draft draft = draft_none();
    enum err e = blob_draft(w->blobs, t, &draft);
    if (!e)
        e = file_write_all(t, draft.fd, scene, strlen(scene));
    if (!e)
        e = blob_put(w->blobs, t, blob_key(t, scene), &draft);
    return e;
}

static enum err film_scene(struct world *w, struct task *t, const char *key)
{
    struct item scene;
    enum err e = store_get(w->store, t, PROJECT, key, &scene);
    if (e || is_done(&scene))
        return e;
    e = keep_film(w, t, key);
    if (e)
        return e;
    const struct item_write writes[] = {
        { ITEM_UPDATE,
          { .pk = PROJECT, .sk = key, .version = scene.version, .document = "{\"done\":true}" } },
        { ITEM_CREATE,
          { .pk = PROJECT, .sk = arena_format(t->arena, "TAKE#%s", key), .document = "{}" } },
    };
    return store_write(w->store, t, writes, 2);
}

static enum err work_one(struct world *w, struct task *t)
{
    struct queue_message m;
    enum err e = queue_claim(w->queue, t, LANE_CPU, LEASE_US, &m);
    if (!e)
        e = film_scene(w, t, m.key);
    return e ? e : queue_finish(w->queue, t, &m);
}

static enum err work_until_empty(struct world *w, struct task *t)
{
    for (;;) {
        int64_t due_us;
        enum err e = queue_next_due(w->queue, t, LANE_CPU, &due_us);
        if (e || due_us == INT64_MAX)
            return e;
        if (due_us > w->clock.now_us)
            w->clock.now_us = due_us;      /* a lease that lapses */
        e = work_one(w, t);
        if (e)
            return e;
    }
}

static enum err attempt(struct world *w, struct task *t)
{
    enum err e = add_scenes(w, t);
    if (!e)
        e = push_undone(w, t);
    return e ? e : work_until_empty(w, t);
}

/* ---- the judge: looks below the wrappers ---- */

static int count_open_files(void)
{
    DIR *folder = opendir("/proc/self/fd");
    int count = 0;
    while (readdir(folder))
        count++;
    closedir(folder);
    return count;
}

static size_t count_items(struct world *w, struct task *t, const char *prefix)
{
    struct item *items;
    size_t count = 0;
    assert_ok(t, store_list(w->store_under, t,
                            &(struct store_query){ .pk = PROJECT, .sk_prefix = prefix }, &items,
                            &count));
    return count;
}

static size_t count_blobs(struct world *w, struct task *t)
{
    struct blob_info *found;
    size_t count = 0;
    assert_ok(t, blob_list(w->blob_under, t, "", &found, &count));
    for (size_t i = 0; i < count; i++)
        assert_int_equal(found[i].bytes, strlen("SCENE#001"));
    return count;
}

static void nothing_is_half_done(struct world *w, struct task *t)
{
    struct item project;
    enum err e = store_get(w->store_under, t, PROJECT, "METADATA", &project);
    assert_true(e == OK || e == ERR_NOT_FOUND);
    assert_int_equal(count_items(w, t, "SCENE#"), e ? 0 : scenes_counted(&project));

    struct item *scenes;
    size_t count, done = 0;
    assert_ok(t, store_list(w->store_under, t,
                            &(struct store_query){ .pk = PROJECT, .sk_prefix = "SCENE#" }, &scenes,
                            &count));
    for (size_t i = 0; i < count; i++) {
        struct blob_info info;
        if (!is_done(&scenes[i]))
            continue;
        done++;
        assert_ok(t, blob_stat(w->blob_under, t, blob_key(t, scenes[i].sk), &info));
    }
    assert_int_equal(count_items(w, t, "TAKE#"), done);
    /* a film may be kept whose record was not written yet */
    assert_true(count_blobs(w, t) - done <= 1);
}

static void everything_is_done_once(struct world *w, struct task *t)
{
    nothing_is_half_done(w, t);
    assert_int_equal(count_items(w, t, "SCENE#"), SCENES);
    assert_int_equal(count_items(w, t, "TAKE#"), SCENES);
    assert_int_equal(count_blobs(w, t), SCENES);
    for (int i = 1; i <= SCENES; i++) {
        struct item scene;
        assert_ok(t, store_get(w->store_under, t, PROJECT, scene_key(t, i), &scene));
        assert_int_equal(scene.version, 2);
    }
    struct queue_stats stats;
    assert_ok(t, queue_stats(w->queue_under, t, LANE_CPU, &stats));
    assert_int_equal(stats.waiting + stats.leased, 0);
}

/* ---- the walk ---- */

static void world_open(struct world *w, struct task *t, bool on_disk)
{
    w->scratch = scratch_in_memory();
    w->clock   = clock_fake(1000000);
    t->clock   = &w->clock;
    const char *data = arena_copy(t->arena, scratch_path(&w->scratch, "data"));
    const char *blobs = arena_copy(t->arena, scratch_path(&w->scratch, "blobs"));
    assert_ok(t, on_disk ? store_sqlite_open(t, data, &w->store_under)
                         : store_memory_open(t, &w->store_under));
    assert_ok(t, on_disk ? blob_local_open(t, blobs, &w->blob_under)
                         : blob_memory_open(t, &w->blob_under));
    assert_ok(t, on_disk ? queue_sqlite_open(t, data, &w->queue_under)
                         : queue_memory_open(t, &w->queue_under));
    w->store = w->store_under;
    w->blobs = w->blob_under;
    w->queue = w->queue_under;
}

static void world_break(struct world *w, const struct setting *s, int n)
{
    if (s->victim == STORE)
        w->store = store_flaky_init(&w->store_flaky, w->store_under, n, ERR_UNAVAILABLE);
    if (s->victim == BLOB)
        w->blobs = blob_flaky_init(&w->blob_flaky, w->blob_under, n, ERR_UNAVAILABLE);
    if (s->victim == QUEUE)
        w->queue = queue_flaky_init(&w->queue_flaky, w->queue_under, n, ERR_UNAVAILABLE);
    w->store_flaky.after = w->blob_flaky.after = w->queue_flaky.after = s->after;
}

static void world_close(struct world *w)
{
    store_close(w->store);         /* of a wrapper: leaves the one below alone */
    blob_close(w->blobs);
    queue_close(w->queue);
    if (w->store != w->store_under)
        store_close(w->store_under);
    if (w->blobs != w->blob_under)
        blob_close(w->blob_under);
    if (w->queue != w->queue_under)
        queue_close(w->queue_under);
    scratch_done(&w->scratch);
}

/* Whether the n-th call was reached at all. */
static bool fail_the_nth(const struct setting *s, int n)
{
    struct world w = { 0 };
    struct task t, judge;
    task_init(&t, "test");
    task_init(&judge, "judge");
    int open_before = count_open_files();
    world_open(&w, &t, s->on_disk);
    world_break(&w, s, n);
    judge.clock = &w.clock;

    enum err e = attempt(&w, &t);
    nothing_is_half_done(&w, &judge);
    if (e) {
        assert_int_equal(e, ERR_UNAVAILABLE);
        assert_non_null(strstr(t.fault.message, "was made to fail"));
        assert_ok(&t, attempt(&w, &t));
    }
    everything_is_done_once(&w, &judge);
    if (s->on_disk)
        assert_int_equal(count_files(scratch_path(&w.scratch, "blobs")), SCENES);
    world_close(&w);
    assert_int_equal(count_open_files(), open_before);
    task_done(&judge);
    task_done(&t);
    return e != OK;
}

static int calls_of(enum victim victim)
{
    return victim == STORE ? 15 : victim == BLOB ? 2 * SCENES : 3 * SCENES + SCENES + 1;
}

static void every_call_may_fail(void **state)
{
    const struct setting *s = *state;
    int n = 1;
    while (fail_the_nth(s, n))
        n++;
    assert_true(n - 1 >= calls_of(s->victim));      /* the walk went to the end of the story */
}

int main(void)
{
    static const struct setting settings[] = {
        { "memory, store, before", false, STORE, false },
        { "memory, store, after", false, STORE, true },
        { "memory, files, before", false, BLOB, false },
        { "memory, files, after", false, BLOB, true },
        { "memory, queue, before", false, QUEUE, false },
        { "memory, queue, after", false, QUEUE, true },
        { "disk, store, before", true, STORE, false },
        { "disk, store, after", true, STORE, true },
        { "disk, files, before", true, BLOB, false },
        { "disk, files, after", true, BLOB, true },
        { "disk, queue, before", true, QUEUE, false },
        { "disk, queue, after", true, QUEUE, true },
    };
    static const struct suite_test tests[] = { SUITE_TEST(every_call_may_fail) };
    return suite_run("flaky", tests, 1, settings, sizeof *settings, SUITE_COUNT(settings), NULL,
                     NULL);
}
