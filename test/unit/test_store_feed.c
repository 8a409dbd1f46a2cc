/* Two processes on one store hear of each other's changes, and each of its own none. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "store/store_driver.h"
#include "store/store_feed.h"

struct ears {
    int heard, deleted;
    char last_pk[64], last_sk[32], last_status[32];
};

static void listener(void *context, const struct item_write *writes, size_t count)
{
    struct ears *ears = context;
    assert_int_equal(count, 1);
    ears->heard++;
    ears->deleted += writes->change == ITEM_DELETE;
    snprintf(ears->last_pk, sizeof ears->last_pk, "%s", writes->item.pk);
    snprintf(ears->last_sk, sizeof ears->last_sk, "%s", writes->item.sk);
    snprintf(ears->last_status, sizeof ears->last_status, "%s", writes->item.index_pk);
}

/* A store that two feeds share: closing it is the test's business. */
static void close_nothing(struct store *s) { free(s); }

static struct store *shared(struct store *under)
{
    struct store_flaky *f = calloc(1, sizeof *f);
    struct store_driver *driver = calloc(1, sizeof *driver);
    struct store *s = store_flaky_init(f, under, 0, OK);
    *driver = *s->driver;
    driver->close = close_nothing;
    s->driver = driver;
    return s;
}

struct bench {
    struct task t;
    struct store *under, *stores[2];
    const struct store_driver *drivers[2];
    struct store_feed *feeds[2];
    struct ears ears[2];
};

static int set_up(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    static const char *const workers[] = { "one:1", "two:2" };
    task_init(&b->t, "test");
    assert_ok(&b->t, store_memory_open(&b->t, &b->under));
    for (int i = 0; i < 2; i++) {
        struct store *s = shared(b->under);
        b->drivers[i] = s->driver;
        assert_ok(&b->t, store_feed_open(&b->t, s, workers[i], &b->stores[i], &b->feeds[i]));
    }
    *state = b;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *b = *state;
    for (int i = 0; i < 2; i++) {
        store_close(b->stores[i]);
        free((void *)b->drivers[i]);
    }
    store_close(b->under);
    task_done(&b->t);
    free(b);
    return 0;
}

static void write_one(struct bench *b, int who, enum item_change change, const char *sk,
                      const char *status, int64_t version)
{
    const struct item_write w = { change,
                                  { .pk = "PROJECT#01J", .sk = sk, .index_pk = status,
                                    .index_sk = "2031", .document = "{}", .version = version } };
    assert_ok(&b->t, store_write(b->stores[who], &b->t, &w, 1));
}

/* The feeds' own threads may be faster than we are: whoever sends and looks, it is heard once. */
static void exchange(struct bench *b)
{
    for (int i = 0; i < 2; i++)
        assert_ok(&b->t, store_feed_send(b->feeds[i], &b->t));
    assert_ok(&b->t, store_feed_look(b->feeds[1], &b->t));
}

static void listen_by_hand(struct bench *b)
{
    store_feed_listen(b->feeds[1], listener, &b->ears[1]);
}

static void changes_of_others_are_heard_once(void **state)
{
    struct bench *b = *state;
    struct ears *ears = &b->ears[1];
    write_one(b, 0, ITEM_CREATE, "METADATA", "pending", 0);
    assert_ok(&b->t, store_feed_send(b->feeds[0], &b->t));
    listen_by_hand(b);
    exchange(b);
    assert_int_equal(ears->heard, 0);                  /* it was there before we listened */
    write_one(b, 0, ITEM_CREATE, "SCENE#001", "", 0);
    write_one(b, 0, ITEM_UPDATE, "METADATA", "processing", 1);
    write_one(b, 0, ITEM_CREATE, "SCENE#002", "", 0);
    exchange(b);
    exchange(b);
    assert_int_equal(ears->heard, 1);                  /* one piece of news a project */
    assert_string_equal(ears->last_pk, "PROJECT#01J");
    assert_string_equal(ears->last_sk, "METADATA");
    assert_string_equal(ears->last_status, "processing");
    write_one(b, 0, ITEM_DELETE, "METADATA", "", 2);
    exchange(b);
    assert_int_equal(ears->heard, 2);
    assert_int_equal(ears->deleted, 1);
}

static void own_changes_and_checks_are_no_news(void **state)
{
    struct bench *b = *state;
    listen_by_hand(b);
    write_one(b, 1, ITEM_CREATE, "METADATA", "pending", 0);
    write_one(b, 0, ITEM_CHECK, "METADATA", "", 1);
    exchange(b);
    assert_int_equal(b->ears[1].heard, 0);
    write_one(b, 0, ITEM_CREATE, "JOB#1", "", 0);
    exchange(b);
    assert_int_equal(b->ears[1].heard, 1);
    assert_string_equal(b->ears[1].last_sk, "CHANGED");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(changes_of_others_are_heard_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(own_changes_and_checks_are_no_news, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("store feed", tests, NULL, NULL);
}
