/* Events: what the store tells becomes text that streams read at their own pace. */
#include "test.h"

#include <string.h>

#include "api/changes.h"
#include "store/store_driver.h"
#include "store/store_watch.h"

#define ONE "01ARZ3NDEKTSV4RRFFQ69G5FAV"
#define TWO "01BX5ZZKBKACTAV9WEVGEMMVRZ"

static void tell(struct changes *c, const char *id, const char *sk, enum item_change change)
{
    char pk[64];
    snprintf(pk, sizeof pk, "PROJECT#%s", id);
    struct item_write w = { change, { .pk = pk, .sk = sk, .index_pk = "processing" } };
    changes_of_store(c, &w, 1);
}

static const char *read_all(struct changes *c, struct event_cursor *at)
{
    static char text[8192];
    size_t bytes = changes_read(c, at, text, sizeof text - 1);
    text[bytes] = '\0';
    return text;
}

static void followers_read_what_concerns_them(void **state)
{
    (void)state;
    struct changes *c = changes_new();
    struct event_cursor all = changes_follow(c, "", NULL), one = changes_follow(c, ONE, NULL);
    tell(c, ONE, "METADATA", ITEM_UPDATE);
    tell(c, TWO, "SCENE#001", ITEM_UPDATE);
    tell(c, ONE, "METADATA", ITEM_DELETE);
    const char *text = read_all(c, &all);
    assert_non_null(strstr(text, "event: project\ndata: {\"id\":\"" ONE
                                 "\",\"version\":1,\"status\":\"processing\"}\n\n"));
    assert_non_null(strstr(text, "{\"id\":\"" TWO "\",\"version\":2}"));
    assert_non_null(strstr(text, "event: deleted\ndata: {\"id\":\"" ONE "\",\"version\":3}"));
    text = read_all(c, &one);
    assert_null(strstr(text, TWO));
    assert_non_null(strstr(text, "\"version\":3"));
    assert_string_equal("", read_all(c, &one));
    changes_free(c);
}

/* The id a client would send back after reading `text`. */
static const char *last_id(const char *text)
{
    static char id[64];
    const char *at = NULL;
    for (const char *next = text; (next = strstr(next, "id: ")); next++)
        at = next + 4;
    snprintf(id, sizeof id, "%.*s", (int)strcspn(at, "\n"), at);
    return id;
}

static void who_comes_back_gets_what_was_missed(void **state)
{
    (void)state;
    struct changes *c = changes_new();
    struct event_cursor at = changes_follow(c, "", NULL);
    tell(c, ONE, "METADATA", ITEM_UPDATE);
    char id[64];
    snprintf(id, sizeof id, "%s", last_id(read_all(c, &at)));
    tell(c, TWO, "METADATA", ITEM_UPDATE);
    struct event_cursor back = changes_follow(c, "", id);
    const char *text = read_all(c, &back);
    assert_null(strstr(text, ONE));
    assert_non_null(strstr(text, TWO));
    const char *strangers[] = { "x-1", "1", "-", "99999999999999999999-1", "\xff" };
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
        struct event_cursor lost = changes_follow(c, "", strangers[i]);
        assert_non_null(strstr(read_all(c, &lost), "event: resync\ndata: {}"));
        assert_string_equal("", read_all(c, &lost));
    }
    changes_free(c);
}

static void the_slow_are_told_to_read_again(void **state)
{
    (void)state;
    struct changes *c = changes_new();
    struct event_cursor slow = changes_follow(c, "", NULL);
    for (int i = 0; i < EVENTS_KEPT + 10; i++)
        tell(c, ONE, "SCENE#001", ITEM_UPDATE);
    assert_non_null(strstr(read_all(c, &slow), "event: resync"));
    tell(c, TWO, "METADATA", ITEM_UPDATE);
    assert_non_null(strstr(read_all(c, &slow), TWO));
    changes_free(c);
}

static void only_whole_events_are_handed_out(void **state)
{
    (void)state;
    struct changes *c = changes_new();
    struct event_cursor at = changes_follow(c, "", NULL);
    for (int i = 0; i < 40; i++)
        tell(c, ONE, "METADATA", ITEM_UPDATE);
    char piece[EVENT_BYTES_MAX];
    size_t bytes, events = 0;
    while ((bytes = changes_read(c, &at, piece, sizeof piece)) > 0) {
        assert_true(bytes > 2 && !memcmp(piece + bytes - 2, "\n\n", 2));
        for (size_t i = 0; i + 7 <= bytes; i++)
            events += !memcmp(piece + i, "event: ", 7);
    }
    assert_int_equal(events, 40);
    changes_free(c);
}

static void a_watched_store_tells_only_what_succeeded(void **state)
{
    (void)state;
    struct task t;
    struct store *under, *s;
    struct changes *c = changes_new();
    task_init(&t, "test");
    assert_ok(&t, store_memory_open(&t, &under));
    assert_ok(&t, store_watch_open(&t, under, changes_of_store, c, &s));
    struct item_write w = { ITEM_CREATE,
                            { .pk = "PROJECT#" ONE, .sk = "METADATA", .index_pk = "pending",
                              .document = "{}" } };
    int64_t before = changes_revision(c, ONE);
    assert_ok(&t, store_write(s, &t, &w, 1));
    assert_true(changes_revision(c, ONE) > before);
    before = changes_revision(c, ONE);
    assert_err(store_write(s, &t, &w, 1), ERR_CONFLICT);
    assert_int_equal(changes_revision(c, ONE), before);
    assert_int_equal(changes_newest(c), 1);
    store_close(s);
    changes_free(c);
    task_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(followers_read_what_concerns_them),
        cmocka_unit_test(who_comes_back_gets_what_was_missed),
        cmocka_unit_test(the_slow_are_told_to_read_again),
        cmocka_unit_test(only_whole_events_are_handed_out),
        cmocka_unit_test(a_watched_store_tells_only_what_succeeded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
