/*
 * Reference pictures that are paid for, by a painter that counts what it is asked: what two ask for at the same time is
 * bought once, and the books say what became of each call.
 */
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "blob/blob_driver.h"
#include "flow/counter.h"
#include "flow/library.h"
#include "media/picture_load.h"
#include "scratch.h"
#include "store/store_driver.h"

#define PICTURE_MICROS 30000

/* ---- the painter ---- */

static struct painted {
    struct clock clock;
    int sends;
    void (*meanwhile)(void); /* while the next one is painted; once */
    int picture;
    bool by_ticket;          /* it is fetched afterwards: */
    int breaks;              /* so many downloads break, */
    int64_t breaks_us;       /* each after so long */
    bool lost;               /* the first is not made */
} painted;

static enum err paint(struct media *m, struct task *t, const struct image_request *request, int out,
                      struct image_receipt *receipt)
{
    (void)m, (void)request;
    void (*meanwhile)(void) = painted.meanwhile;
    painted.sends++;
    painted.meanwhile = NULL;
    if (meanwhile)
        meanwhile();
    *receipt = (struct image_receipt){ .outcome = NET_CREATED, .ticket = painted.by_ticket ? "ticket" : "",
                                       .whole = !painted.by_ticket };
    return painted.by_ticket ? OK : file_copy(t, painted.picture, out);
}

static enum err look(struct media *m, struct task *t, const struct image_request *request, const char *ticket,
                     struct image_status *status)
{
    (void)m, (void)t, (void)request;
    assert_string_equal(ticket, "ticket");
    *status = (struct image_status){ .state = painted.lost && painted.sends == 1 ? IMAGE_LOST : IMAGE_READY, .why = "no paint",
                                     .error = ERR_UPSTREAM };
    return OK;
}

/* What breaks has come in part. */
static enum err fetch(struct media *m, struct task *t, const struct image_request *request, const char *ticket, int out)
{
    (void)m, (void)request;
    assert_string_equal(ticket, "ticket");
    if (painted.breaks-- <= 0)
        return file_copy(t, painted.picture, out);
    painted.clock.now_us += painted.breaks_us;
    assert_int_equal(pwrite(out, "half", 4, file_bytes(painted.picture)), 4);
    return fail(t, ERR_UPSTREAM, "the connection broke");
}

static const struct image_driver image_stub = { .name = "stub", .paid = true, .submit = paint, .poll = look,
                                                .fetch = fetch };
static const struct image_driver *const images[] = { &image_card, &image_stub, NULL };

static int picture_file(struct task *t)
{
    enum { SIDE = REFERENCE_SIDE_PX / 2 };
    static uint32_t pixels[SIDE * SIDE];
    for (int i = 0; i < SIDE * SIDE; i++)
        pixels[i] = i % 7 ? 0xFFE0B030 : 0xFF203040;
    struct draw_picture picture = { SIDE, SIDE, pixels };
    int fd = memfd_create("picture", MFD_CLOEXEC);
    assert_ok(t, picture_write_png(t, &picture, fd));
    return fd;
}

/* ---- the library ---- */

static const char descriptor[] =
    "title: Stub\nmakes: image\ndriver: stub\nversion: \"1\"\nremote: stub/one\nkeepSeconds: 3600\nusdEach: 0.03\n";
static const struct reference_wish wish = { .description = "a woman in a yellow raincoat", .model = "stub" };

static struct fixture {
    struct scratch scratch;
    struct task task;
    struct flow flow;
} f;

static int begin(void **state)
{
    (void)state;
    f = (struct fixture){ .scratch = scratch_in_memory() };
    task_init(&f.task, "test");
    mkdir(scratch_path(&f.scratch, "models"), 0755);
    spill(scratch_path(&f.scratch, "models/stub.yaml"), descriptor, strlen(descriptor));
    f.flow = (struct flow){
        .worker = "one", .owns_store = true, .images = images, .styles.shipped = getenv("STORYREEL_SOURCE"),
        .models.user = arena_copy(f.task.arena, scratch_path(&f.scratch, "models")),
        .models.shipped = arena_format(f.task.arena, "%s/models", getenv("STORYREEL_SOURCE")),
    };
    assert_ok(&f.task, store_memory_open(&f.task, &f.flow.store));
    assert_ok(&f.task, blob_memory_open(&f.task, &f.flow.blobs));
    assert_ok(&f.task, media_open(&f.task, getenv("MEDIA_CHILD_HOST"), &f.flow.media));
    painted = (struct painted){ .clock = clock_fake(1700000000 * SECOND_US), .picture = picture_file(&f.task) };
    f.task.clock = &painted.clock;
    return 0;
}

static int end(void **state)
{
    (void)state;
    close(painted.picture);
    store_close(f.flow.store);
    blob_close(f.flow.blobs);
    media_close(f.flow.media);
    task_done(&f.task);
    scratch_done(&f.scratch);
    return 0;
}

/* So many rows in this state, and what was paid for is the sum of them all. */
static void assert_rows(enum spend_state state, int wanted, int64_t paid_for)
{
    struct spend *all;
    struct budget b;
    size_t count;
    int found = 0;
    assert_ok(&f.task, spends_load(f.flow.store, &f.task, counter_library.project_id, &all, &count));
    for (size_t i = 0; i < count; i++)
        found += all[i].state == (int)state;
    assert_int_equal(found, wanted);
    assert_ok(&f.task, budget_of_project(f.flow.store, &f.task, counter_library.project_id, &b));
    assert_int_equal(b.spent, paid_for * PICTURE_MICROS);
    assert_int_equal(b.held, 0);
}

/* ---- twins ---- */

static void ask_meanwhile(void)
{
    struct task other;
    struct reference out[REFERENCE_OPTIONS];
    task_init(&other, "other");
    other.clock = &painted.clock;
    assert_err(reference_generate(&f.flow, &other, &wish, out), ERR_UNAVAILABLE);
    assert_non_null(strstr(other.fault.next, "wait for its answer"));
    task_done(&other);
}

static void what_two_ask_for_at_once_is_bought_once(void **state)
{
    (void)state;
    struct reference one[REFERENCE_OPTIONS], two[REFERENCE_OPTIONS];
    painted.meanwhile = ask_meanwhile;
    assert_ok(&f.task, reference_generate(&f.flow, &f.task, &wish, one));
    assert_ok(&f.task, reference_generate(&f.flow, &f.task, &wish, two));
    assert_string_equal(one[3].key, two[3].key);
    assert_int_equal(painted.sends, REFERENCE_OPTIONS);
    assert_rows(SPEND_SETTLED, REFERENCE_OPTIONS, REFERENCE_OPTIONS);
}

static void record_remove(const char *reference_id)
{
    struct item item;
    const char *pk = arena_format(f.task.arena, "REFERENCE#%s", reference_id);
    assert_ok(&f.task, store_get(f.flow.store, &f.task, pk, "METADATA", &item));
    const struct item_write write = { ITEM_DELETE, item };
    assert_ok(&f.task, store_write(f.flow.store, &f.task, &write, 1));
}

/* A program that ends before there is a record of them, and begins again with a sweep. */
static void what_is_bought_and_has_no_record_yet_is_not_swept(void **state)
{
    (void)state;
    struct reference out[REFERENCE_OPTIONS];
    assert_ok(&f.task, reference_generate(&f.flow, &f.task, &wish, out));
    for (int i = 0; i < REFERENCE_OPTIONS; i++)
        record_remove(out[i].reference_id);
    assert_ok(&f.task, library_sweep(&f.flow, &f.task));
    assert_ok(&f.task, reference_generate(&f.flow, &f.task, &wish, out));
    assert_int_equal(painted.sends, REFERENCE_OPTIONS);
    assert_rows(SPEND_SETTLED, REFERENCE_OPTIONS, REFERENCE_OPTIONS);
}

/* Each remembered picture is found from the second look on: a twin kept it in between. */
static const struct store_driver *whole;
static int looks;

static enum err late_get(struct store *s, struct task *t, const char *pk, const char *sk, struct item *out)
{
    if (strncmp(pk, "CACHE#", strlen("CACHE#")) == 0 && looks++ % 2 == 0)
        return fail_no_item(t, pk, sk);
    return whole->get(s, t, pk, sk, out);
}

static void what_was_kept_meanwhile_is_not_bought(void **state)
{
    (void)state;
    struct reference out[REFERENCE_OPTIONS];
    assert_ok(&f.task, reference_generate(&f.flow, &f.task, &wish, out));
    whole = f.flow.store->driver;
    struct store_driver late = *whole;
    late.get = late_get;
    f.flow.store->driver = &late;
    assert_ok(&f.task, reference_generate(&f.flow, &f.task, &wish, out));
    f.flow.store->driver = whole;
    assert_int_equal(looks, 2 * REFERENCE_OPTIONS);
    assert_int_equal(painted.sends, REFERENCE_OPTIONS);
    assert_rows(SPEND_RELEASED, REFERENCE_OPTIONS, REFERENCE_OPTIONS);
}

/* ---- downloads ---- */

/* Twelve minutes of broken downloads are waited out no longer; a moment's are. */
static const struct {
    const char *name;
    int breaks;
    int64_t breaks_us, later_us;
    bool lost;
    enum err first;
    int sends, settled, wasted;
} downloads[] = {
    { "breaks once", 1, 0, 0, false, OK, 4, 4, 0 },
    { "breaks for long", 2, 400 * SECOND_US, 0, false, ERR_UPSTREAM, 4, 4, 0 },
    { "breaks for long and is asked for too late", 2, 400 * SECOND_US, 3600 * SECOND_US, false, ERR_UPSTREAM, 5, 4, 1 },
    { "was never made", 0, 0, 0, true, ERR_UPSTREAM, 5, 4, 1 },
};

static void what_is_paid_for_is_fetched(void **state)
{
    for (size_t i = 0; i < sizeof downloads / sizeof *downloads; i++) {
        struct reference out[REFERENCE_OPTIONS];
        if (i > 0)
            begin(state);
        painted.by_ticket = true;
        painted.breaks    = downloads[i].breaks;
        painted.breaks_us = downloads[i].breaks_us;
        painted.lost      = downloads[i].lost;
        enum err e = reference_generate(&f.flow, &f.task, &wish, out);
        if (e != downloads[i].first)
            test_failed("%s: %s", downloads[i].name, err_name(e));
        painted.breaks = 0;
        painted.clock.now_us += downloads[i].later_us;
        assert_ok(&f.task, reference_generate(&f.flow, &f.task, &wish, out));
        assert_int_equal(painted.sends, downloads[i].sends);
        assert_rows(SPEND_SETTLED, downloads[i].settled, downloads[i].sends);
        assert_rows(SPEND_WASTED, downloads[i].wasted, downloads[i].sends);
        assert_int_equal(out[0].bytes, file_bytes(painted.picture));
        if (i + 1 < sizeof downloads / sizeof *downloads)
            end(state);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_two_ask_for_at_once_is_bought_once, begin, end),
        cmocka_unit_test_setup_teardown(what_is_bought_and_has_no_record_yet_is_not_swept, begin, end),
        cmocka_unit_test_setup_teardown(what_was_kept_meanwhile_is_not_bought, begin, end),
        cmocka_unit_test_setup_teardown(what_is_paid_for_is_fetched, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
