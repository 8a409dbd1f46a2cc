/*
 * What store.h promises, kept by every driver: the same functions run over the table at the end.
 * What only a store on a disk can promise is in test_store_sqlite.c.
 */
#include "suite.h"

#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "base/text.h"
#include "cloud_gate.h"
#include "scratch.h"
#include "store/store_driver.h"
#include "store/store_dynamo.h"

struct driver {
    const char *name;
    enum err (*open)(struct task *t, const char *folder, struct store **out);
};

struct bench {
    struct scratch scratch;
    struct task    t;
    struct store  *s;
};

static int set_up(void **state)
{
    const struct driver *driver = *state;
    struct bench *b = calloc(1, sizeof *b);
    b->scratch = scratch_new();
    task_init(&b->t, "test");
    *state = b;
    return driver->open(&b->t, scratch_path(&b->scratch, "data"), &b->s) ? -1 : 0;
}

static int tear_down(void **state)
{
    struct bench *b = *state;
    store_close(b->s);
    task_done(&b->t);
    scratch_done(&b->scratch);
    free(b);
    return 0;
}

/* ---- short words for the tests below ---- */

static enum err change(struct bench *b, enum item_change kind, const char *sk, int64_t version,
                       const char *document)
{
    struct item_write w = { kind,
                            { .pk = "P", .sk = sk, .version = version, .document = document } };
    return store_write(b->s, &b->t, &w, 1);
}

static struct item get(struct bench *b, const char *sk)
{
    struct item item = { 0 };
    assert_ok(&b->t, store_get(b->s, &b->t, "P", sk, &item));
    return item;
}

static void assert_item(struct bench *b, const char *sk, int64_t version, const char *document)
{
    struct item item = get(b, sk);
    assert_int_equal(item.version, version);
    assert_string_equal(item.document, document);
}

static void assert_absent(struct bench *b, const char *sk)
{
    struct item item;
    assert_err(store_get(b->s, &b->t, "P", sk, &item), ERR_NOT_FOUND);
}

/* The sort keys of a listing, "A B C". */
static const char *keys_of(struct bench *b, const struct item *items, size_t count)
{
    struct text out = text_new(b->t.arena);
    for (size_t i = 0; i < count; i++)
        text_printf(&out, "%s%s", i ? " " : "", items[i].sk);
    return text_end(&out);
}

static const char *list(struct bench *b, struct store_query query)
{
    struct item *items;
    size_t count;
    query.pk = query.pk ? query.pk : "P";
    assert_ok(&b->t, store_list(b->s, &b->t, &query, &items, &count));
    return keys_of(b, items, count);
}

static const char *list_index(struct bench *b, struct store_index_query query)
{
    struct item *items;
    size_t count;
    assert_ok(&b->t, store_list_index(b->s, &b->t, &query, &items, &count));
    return keys_of(b, items, count);
}

/* ---- one record ---- */

static void what_is_written_is_read(void **state)
{
    struct bench *b = *state;
    struct item_write w = { ITEM_CREATE,
                            { .pk = "PROJECT#\xC3\xA9",
                              .sk = "SCENE#001 \xE2\x98\x83",
                              .version = 77,
                              .index_pk = "pending",
                              .index_sk = "2031",
                              .document = "{\"title\":\"\xF0\x9F\x8E\xAC\"}" } };
    assert_ok(&b->t, store_write(b->s, &b->t, &w, 1));
    struct item got;
    assert_ok(&b->t, store_get(b->s, &b->t, w.item.pk, w.item.sk, &got));
    assert_string_equal(got.pk, w.item.pk);
    assert_string_equal(got.sk, w.item.sk);
    assert_string_equal(got.index_pk, "pending");
    assert_string_equal(got.index_sk, "2031");
    assert_string_equal(got.document, w.item.document);
    assert_int_equal(got.version, 1);
}

static void what_is_not_there_is_not_found(void **state)
{
    struct bench *b = *state;
    assert_absent(b, "A");
    assert_string_equal(list(b, (struct store_query){ 0 }), "");
    assert_string_equal(list_index(b, (struct store_index_query){ .index_pk = "I" }), "");
}

static void creating_twice_is_a_conflict(void **state)
{
    struct bench *b = *state;
    assert_ok(&b->t, change(b, ITEM_CREATE, "A", 0, "{\"n\":1}"));
    assert_err(change(b, ITEM_CREATE, "A", 0, "{\"n\":2}"), ERR_CONFLICT);
    assert_item(b, "A", 1, "{\"n\":1}");
}

static void updates_name_the_version_they_saw(void **state)
{
    struct bench *b = *state;
    assert_err(change(b, ITEM_UPDATE, "A", 1, "{}"), ERR_CONFLICT);
    assert_absent(b, "A");
    assert_ok(&b->t, change(b, ITEM_CREATE, "A", 0, "{\"n\":1}"));
    assert_ok(&b->t, change(b, ITEM_UPDATE, "A", 1, "{\"n\":2}"));
    assert_item(b, "A", 2, "{\"n\":2}");
    assert_err(change(b, ITEM_UPDATE, "A", 1, "{\"n\":3}"), ERR_CONFLICT);
    assert_err(change(b, ITEM_UPDATE, "A", 3, "{\"n\":3}"), ERR_CONFLICT);
    assert_item(b, "A", 2, "{\"n\":2}");
}

static void a_put_replaces_whatever_is_there(void **state)
{
    struct bench *b = *state;
    assert_ok(&b->t, change(b, ITEM_PUT, "A", 0, "{\"n\":1}"));
    assert_item(b, "A", 1, "{\"n\":1}");
    assert_ok(&b->t, change(b, ITEM_PUT, "A", 0, "{\"n\":2}"));
    assert_item(b, "A", 2, "{\"n\":2}");
}

static void a_delete_names_the_version_it_saw(void **state)
{
    struct bench *b = *state;
    assert_err(change(b, ITEM_DELETE, "A", 1, NULL), ERR_CONFLICT);
    assert_ok(&b->t, change(b, ITEM_CREATE, "A", 0, "{}"));
    assert_ok(&b->t, change(b, ITEM_UPDATE, "A", 1, "{}"));
    assert_err(change(b, ITEM_DELETE, "A", 1, NULL), ERR_CONFLICT);
    assert_ok(&b->t, change(b, ITEM_DELETE, "A", 2, NULL));
    assert_absent(b, "A");
    assert_ok(&b->t, change(b, ITEM_CREATE, "A", 0, "{}"));
    assert_item(b, "A", 1, "{}");
}

static void a_check_changes_nothing(void **state)
{
    struct bench *b = *state;
    assert_err(change(b, ITEM_CHECK, "A", 1, NULL), ERR_CONFLICT);
    assert_ok(&b->t, change(b, ITEM_CREATE, "A", 0, "{}"));
    assert_ok(&b->t, change(b, ITEM_CHECK, "A", 1, NULL));
    assert_err(change(b, ITEM_CHECK, "A", 2, NULL), ERR_CONFLICT);
    assert_item(b, "A", 1, "{}");
}

static void conflicts_say_what_is_there(void **state)
{
    struct bench *b = *state;
    assert_ok(&b->t, change(b, ITEM_CREATE, "A", 0, "{}"));
    assert_err(change(b, ITEM_UPDATE, "A", 9, "{}"), ERR_CONFLICT);
    assert_string_equal(b->t.fault.message, "the record P A changed meanwhile (version 1, not 9)");
    assert_err(change(b, ITEM_DELETE, "B", 9, NULL), ERR_CONFLICT);
    assert_string_equal(b->t.fault.message, "the record P B is not there any more");
}

/* ---- several at once ---- */

static void a_transaction_is_all_or_nothing(void **state)
{
    struct bench *b = *state;
    assert_ok(&b->t, change(b, ITEM_CREATE, "there", 0, "{\"n\":1}"));
    static const struct item_write bad[] = {
        { ITEM_CREATE, { .pk = "P", .sk = "there", .document = "{}" } },
        { ITEM_UPDATE, { .pk = "P", .sk = "there", .version = 5, .document = "{}" } },
        { ITEM_UPDATE, { .pk = "P", .sk = "not", .version = 1, .document = "{}" } },
        { ITEM_DELETE, { .pk = "P", .sk = "there", .version = 5 } },
        { ITEM_CHECK, { .pk = "P", .sk = "there", .version = 5 } },
    };
    for (size_t i = 0; i < SUITE_COUNT(bad); i++) {
        for (size_t place = 0; place < 4; place++) {
            struct item_write writes[] = {
                { ITEM_CREATE, { .pk = "P", .sk = "new", .document = "{}" } },
                { ITEM_PUT, { .pk = "P", .sk = "put", .document = "{}" } },
                { ITEM_CREATE, { .pk = "Q", .sk = "other", .document = "{}" } },
                { ITEM_PUT, { .pk = "P", .sk = "last", .document = "{}" } },
            };
            writes[place] = bad[i];
            assert_err(store_write(b->s, &b->t, writes, 4), ERR_CONFLICT);
            assert_string_equal(list(b, (struct store_query){ 0 }), "there");
            assert_string_equal(list(b, (struct store_query){ .pk = "Q" }), "");
            assert_item(b, "there", 1, "{\"n\":1}");
        }
    }
}

static void a_transaction_mixes_all_kinds(void **state)
{
    struct bench *b = *state;
    assert_ok(&b->t, change(b, ITEM_CREATE, "checked", 0, "{}"));
    assert_ok(&b->t, change(b, ITEM_CREATE, "deleted", 0, "{}"));
    assert_ok(&b->t, change(b, ITEM_CREATE, "updated", 0, "{}"));
    const struct item_write writes[] = {
        { ITEM_CHECK, { .pk = "P", .sk = "checked", .version = 1 } },
        { ITEM_DELETE, { .pk = "P", .sk = "deleted", .version = 1 } },
        { ITEM_UPDATE, { .pk = "P", .sk = "updated", .version = 1, .document = "{\"n\":2}" } },
        { ITEM_CREATE, { .pk = "P", .sk = "created", .document = "{\"n\":3}" } },
        { ITEM_PUT, { .pk = "P", .sk = "put", .document = "{\"n\":4}" } },
    };
    assert_ok(&b->t, store_write(b->s, &b->t, writes, SUITE_COUNT(writes)));
    assert_string_equal(list(b, (struct store_query){ 0 }), "checked created put updated");
    assert_item(b, "checked", 1, "{}");
    assert_item(b, "updated", 2, "{\"n\":2}");
    assert_item(b, "created", 1, "{\"n\":3}");
    assert_ok(&b->t, store_write(b->s, &b->t, NULL, 0));
}

/* ---- listings ---- */

static void create_all(struct bench *b, const char *const *sort_keys)
{
    for (; *sort_keys; sort_keys++)
        assert_ok(&b->t, change(b, ITEM_CREATE, *sort_keys, 0, "{}"));
}

static void listings_are_in_byte_order(void **state)
{
    struct bench *b = *state;
    create_all(b, (const char *[]){ "b", "a", "B", "ab", "a#", "\xC3\xA9", "z", "~", "10", "9",
                                    "\xF0\x9F\x8E\xAC", "\xEF\xBF\xBD", NULL });
    assert_string_equal(list(b, (struct store_query){ 0 }),
                        "10 9 B a a# ab b z ~ \xC3\xA9 \xEF\xBF\xBD \xF0\x9F\x8E\xAC");
    assert_string_equal(list(b, (struct store_query){ .newest_first = true, .limit = 3 }),
                        "\xF0\x9F\x8E\xAC \xEF\xBF\xBD \xC3\xA9");
}

static void listings_go_by_prefix_and_partition(void **state)
{
    struct bench *b = *state;
    create_all(b, (const char *[]){ "SCENE#1", "SCENE#10", "SCENE#2", "SCENE", "SCENF", "TAKE#1",
                                    "SCENE#\xC3\xA9", NULL });
    struct item_write other = { ITEM_CREATE, { .pk = "P2", .sk = "SCENE#3", .document = "{}" } };
    assert_ok(&b->t, store_write(b->s, &b->t, &other, 1));
    assert_string_equal(list(b, (struct store_query){ .sk_prefix = "SCENE#" }),
                        "SCENE#1 SCENE#10 SCENE#2 SCENE#\xC3\xA9");
    assert_string_equal(list(b, (struct store_query){ .sk_prefix = "SCENE#1" }),
                        "SCENE#1 SCENE#10");
    assert_string_equal(list(b, (struct store_query){ .sk_prefix = "X" }), "");
    assert_string_equal(
        list(b, (struct store_query){ .sk_prefix = "SCENE#", .newest_first = true, .limit = 2 }),
        "SCENE#\xC3\xA9 SCENE#2");
    assert_string_equal(list(b, (struct store_query){ .pk = "P2" }), "SCENE#3");
}

static void listings_go_on_after_a_key(void **state)
{
    struct bench *b = *state;
    create_all(b, (const char *[]){ "S#1", "S#2", "S#3", "S#4", "T#1", NULL });
    static const struct {
        const char *after;
        int64_t     limit;
        bool        newest_first;
        const char *found;
    } cases[] = {
        { "", 2, false, "S#1 S#2" },
        { "S#2", 2, false, "S#3 S#4" },
        { "S#2", 1, false, "S#3" },
        { "S#25", 0, false, "S#3 S#4" },
        { "S#4", 0, false, "" },
        { "A", 0, false, "S#1 S#2 S#3 S#4" },
        { "Z", 0, false, "" },
        { "", 2, true, "S#4 S#3" },
        { "S#3", 2, true, "S#2 S#1" },
        { "S#25", 0, true, "S#2 S#1" },
        { "S#1", 0, true, "" },
        { "Z", 1, true, "S#4" },
        { "A", 0, true, "" },
    };
    for (size_t i = 0; i < SUITE_COUNT(cases); i++)
        assert_string_equal(list(b, (struct store_query){ .sk_prefix = "S#",
                                                          .after_sk = cases[i].after,
                                                          .limit = cases[i].limit,
                                                          .newest_first = cases[i].newest_first }),
                            cases[i].found);
}

static void put_indexed(struct bench *b, const char *pk, const char *sk, const char *index_pk,
                        const char *index_sk)
{
    struct item_write w = {
        ITEM_PUT,
        { .pk = pk, .sk = sk, .index_pk = index_pk, .index_sk = index_sk, .document = "{}" }
    };
    assert_ok(&b->t, store_write(b->s, &b->t, &w, 1));
}

static void the_index_follows_every_change(void **state)
{
    struct bench *b = *state;
    const struct store_index_query pending = { .index_pk = "pending" },
                                   done = { .index_pk = "done" };
    put_indexed(b, "P", "A", "pending", "1");
    put_indexed(b, "P", "B", "", "");
    assert_string_equal(list_index(b, pending), "A");
    put_indexed(b, "P", "A", "done", "1");
    put_indexed(b, "P", "B", "pending", "");
    assert_string_equal(list_index(b, pending), "B");
    assert_string_equal(list_index(b, done), "A");
    assert_ok(&b->t, change(b, ITEM_UPDATE, "A", 2, "{}"));
    assert_ok(&b->t, change(b, ITEM_DELETE, "B", 2, NULL));
    assert_string_equal(list_index(b, done), "");
    assert_string_equal(list_index(b, pending), "");
}

static void the_index_is_paged_both_ways(void **state)
{
    struct bench *b = *state;
    put_indexed(b, "P2", "C", "I", "2031-02");
    put_indexed(b, "P1", "B", "I", "2031-02");
    put_indexed(b, "P1", "A", "I", "2031-03");
    put_indexed(b, "P1", "E", "I", "2031-01");
    put_indexed(b, "P1", "D", "I", "2031-02");
    put_indexed(b, "P1", "F", "J", "2031-02");
    static const char *const pages[2][3] = { { "E B", "D C", "A" }, { "A C", "D B", "E" } };
    for (int newest_first = 0; newest_first < 2; newest_first++) {
        const struct item *after = NULL;
        for (int page = 0; page < 3; page++) {
            struct store_index_query query = { .index_pk = "I", .limit = 2, .after = after,
                                               .newest_first = newest_first };
            struct item *items;
            size_t count;
            assert_ok(&b->t, store_list_index(b->s, &b->t, &query, &items, &count));
            assert_string_equal(keys_of(b, items, count), pages[newest_first][page]);
            after = &items[count - 1];
        }
        assert_string_equal(
            list_index(b, (struct store_index_query){ .index_pk = "I",
                                                      .after = after,
                                                      .newest_first = newest_first }),
            "");
    }
}

static void a_walk_meets_every_record_once(void **state)
{
    struct bench *b = *state;
    int met = 0, seen[4] = { 0 };
    for (int i = 0; i < 20; i++) {
        struct item_write w = { ITEM_CREATE,
                                { .pk = arena_format(b->t.arena, "P%d", i % 4),
                                  .sk = arena_format(b->t.arena, "S%d", i), .document = "{}" } };
        assert_ok(&b->t, store_write(b->s, &b->t, &w, 1));
    }
    struct item *page, after;
    size_t count = 0;
    do {
        assert_ok(&b->t, store_walk(b->s, &b->t, met ? &after : NULL, 3, &page, &count));
        assert_true(count <= 3);
        for (size_t i = 0; i < count; i++, met++)
            seen[page[i].pk[1] - '0'] += 1 << strtol(page[i].sk + 1, NULL, 10) / 4;
        after = count ? page[count - 1] : after;
    } while (count > 0 && met < 100);
    assert_int_equal(met, 20);
    for (int i = 0; i < 4; i++)
        assert_int_equal(seen[i], 31);                 /* five different ones each */
}

/* ---- the front door ---- */

static const char *long_text(struct bench *b, size_t bytes)
{
    char *text = arena_alloc(b->t.arena, bytes + 1);
    memset(text, 'k', bytes);
    return text;
}

static void keys_out_of_form_are_refused(void **state)
{
    struct bench *b = *state;
    const char *const bad[] = { NULL, "", "a\nb", "a\tb", "a\x7F", "\xFF", "\xC3", "\xED\xA0\x80",
                                long_text(b, KEY_BYTES_MAX + 1) };
    for (size_t i = 0; i < SUITE_COUNT(bad); i++) {
        struct item item;
        struct item_write as_sk = { ITEM_PUT, { .pk = "P", .sk = bad[i], .document = "{}" } };
        struct item_write as_pk = { ITEM_PUT, { .pk = bad[i], .sk = "S", .document = "{}" } };
        assert_err(store_write(b->s, &b->t, &as_sk, 1), ERR_INVALID);
        assert_err(store_write(b->s, &b->t, &as_pk, 1), ERR_INVALID);
        assert_err(store_get(b->s, &b->t, "P", bad[i], &item), ERR_INVALID);
        assert_err(store_get(b->s, &b->t, bad[i], "S", &item), ERR_INVALID);
        struct item *items;
        size_t count;
        assert_err(store_list(b->s, &b->t, &(struct store_query){ .pk = bad[i] }, &items, &count),
                   ERR_INVALID);
        assert_err(store_list_index(b->s, &b->t, &(struct store_index_query){ .index_pk = bad[i] },
                                    &items, &count),
                   ERR_INVALID);
        if (i < 2)
            continue;      /* empty is fine where it means "none" or "all" */
        struct item_write indexed = {
            ITEM_PUT, { .pk = "P", .sk = "S", .index_pk = bad[i], .document = "{}" }
        };
        assert_err(store_write(b->s, &b->t, &indexed, 1), ERR_INVALID);
        assert_err(store_list(b->s, &b->t, &(struct store_query){ .pk = "P", .sk_prefix = bad[i] },
                              &items, &count),
                   ERR_INVALID);
        assert_err(store_list(b->s, &b->t, &(struct store_query){ .pk = "P", .after_sk = bad[i] },
                              &items, &count),
                   ERR_INVALID);
    }
    assert_string_equal(list(b, (struct store_query){ 0 }), "");
    assert_ok(&b->t, change(b, ITEM_CREATE, long_text(b, KEY_BYTES_MAX), 0, "{}"));
}

static void documents_out_of_form_are_refused(void **state)
{
    struct bench *b = *state;
    static const char *const bad[] = { NULL,
                                       "",
                                       "[]",
                                       "7",
                                       "\"x\"",
                                       "null",
                                       "{",
                                       "{}{}",
                                       "{\"a\":1,\"a\":2}",
                                       "{\"a\":\"\xFF\"}",
                                       "{a:1}" };
    for (size_t i = 0; i < SUITE_COUNT(bad); i++)
        assert_err(change(b, ITEM_CREATE, "A", 0, bad[i]), ERR_INVALID);
    assert_absent(b, "A");
}

static void writes_out_of_form_are_refused(void **state)
{
    struct bench *b = *state;
    assert_err(change(b, ITEM_UPDATE, "A", 0, "{}"), ERR_INVALID);
    assert_err(change(b, ITEM_DELETE, "A", -1, NULL), ERR_INVALID);
    assert_err(change(b, ITEM_CHECK, "A", 0, NULL), ERR_INVALID);
    assert_err(change(b, (enum item_change)0, "A", 1, "{}"), ERR_INVALID);
    assert_err(change(b, (enum item_change)6, "A", 1, "{}"), ERR_INVALID);
    const struct item_write twice[] = {
        { ITEM_CREATE, { .pk = "P", .sk = "A", .document = "{}" } },
        { ITEM_PUT, { .pk = "Q", .sk = "A", .document = "{}" } },
        { ITEM_PUT, { .pk = "P", .sk = "A", .document = "{}" } },
    };
    assert_err(store_write(b->s, &b->t, twice, 3), ERR_INVALID);
    assert_absent(b, "A");
}

/* A document that makes the whole item of keys "P" and `sk` exactly `bytes` long. */
static const char *document_of(struct bench *b, const char *sk, size_t bytes)
{
    size_t around = strlen("P") + strlen(sk) + strlen("{\"t\":\"\"}");
    return arena_format(b->t.arena, "{\"t\":\"%s\"}", long_text(b, bytes - around));
}

static void sizes_have_ceilings(void **state)
{
    struct bench *b = *state;
    const char *fits = document_of(b, "A", RECORD_BYTES_MAX);
    assert_ok(&b->t, change(b, ITEM_CREATE, "A", 0, fits));
    assert_item(b, "A", 1, fits);
    assert_err(change(b, ITEM_UPDATE, "A", 1, document_of(b, "A", RECORD_BYTES_MAX + 1)),
               ERR_LIMIT);
    assert_item(b, "A", 1, fits);
}

static void transactions_have_ceilings(void **state)
{
    struct bench *b = *state;
    struct item_write writes[STORE_WRITES_MAX + 1];
    for (int i = 0; i <= STORE_WRITES_MAX; i++)
        writes[i] = (struct item_write){
            ITEM_CREATE, { .pk = "P", .sk = arena_format(b->t.arena, "%03d", i), .document = "{}" }
        };
    assert_err(store_write(b->s, &b->t, writes, STORE_WRITES_MAX + 1), ERR_LIMIT);
    assert_string_equal(list(b, (struct store_query){ 0 }), "");
    assert_ok(&b->t, store_write(b->s, &b->t, writes, STORE_WRITES_MAX));

    const char *large = document_of(b, "000", 300 << 10);
    for (int i = 0; i < 14; i++)
        writes[i] =
            (struct item_write){ ITEM_PUT,
                                 { .pk = "Q", .sk = writes[i].item.sk, .document = large } };
    assert_err(store_write(b->s, &b->t, writes, 14), ERR_LIMIT);
    assert_ok(&b->t, store_write(b->s, &b->t, writes, 13));
}

static void a_task_that_is_over_does_nothing(void **state)
{
    struct bench *b = *state;
    struct clock clock = clock_fake(1000);
    atomic_bool cancelled = true;
    struct item item;
    b->t.cancelled = &cancelled;
    assert_err(change(b, ITEM_CREATE, "A", 0, "{}"), ERR_CANCELLED);
    assert_err(store_get(b->s, &b->t, "P", "A", &item), ERR_CANCELLED);
    b->t.cancelled   = NULL;
    b->t.clock       = &clock;
    b->t.deadline_us = 1000;
    assert_err(change(b, ITEM_CREATE, "A", 0, "{}"), ERR_TIMEOUT);
    b->t.deadline_us = INT64_MAX;
    assert_absent(b, "A");
}

/* ---- many at once ---- */

enum { WRITERS = 64 };

struct race {
    struct store *store;
    int64_t       version;
    atomic_int    won, lost, other;
};

static void write_at_version(int number, void *shared)
{
    struct race *race = shared;
    struct task t;
    task_init(&t, "writer");
    struct item_write w = { ITEM_UPDATE,
                            { .pk = "P",
                              .sk = "A",
                              .version = race->version,
                              .document = arena_format(t.arena, "{\"by\":%d}", number) } };
    enum err e = store_write(race->store, &t, &w, 1);
    atomic_fetch_add(e == OK ? &race->won : e == ERR_CONFLICT ? &race->lost : &race->other, 1);
    task_done(&t);
}

static void one_of_many_writers_wins_each_version(void **state)
{
    struct bench *b = *state;
    assert_ok(&b->t, change(b, ITEM_CREATE, "A", 0, "{}"));
    for (int64_t version = 1; version <= 5; version++) {
        struct race race = { .store = b->s, .version = version };
        threads_run(WRITERS, write_at_version, &race);
        assert_int_equal(race.won, 1);
        assert_int_equal(race.lost, WRITERS - 1);
        assert_int_equal(get(b, "A").version, version + 1);
    }
}

/*
 * Read, add one, write; again when someone was faster. Two records in one transaction, always
 * equal.
 */
static void add_one(int number, void *shared)
{
    (void)number;
    struct race *race = shared;
    for (enum err e = ERR_CONFLICT; e == ERR_CONFLICT;) {
        struct task t;
        task_init(&t, "adder");
        struct item a;
        e = store_get(race->store, &t, "P", "A", &a);
        const char *document =
            e ? "" : arena_format(t.arena, "{\"n\":%d}", (int)strtol(a.document + 5, NULL, 10) + 1);
        const struct item_write both[] = {
            { ITEM_UPDATE, { .pk = "P", .sk = "A", .version = a.version, .document = document } },
            { ITEM_UPDATE, { .pk = "P", .sk = "B", .version = a.version, .document = document } },
        };
        if (!e)
            e = store_write(race->store, &t, both, 2);
        if (e && e != ERR_CONFLICT)
            atomic_fetch_add(&race->other, 1);
        task_done(&t);
    }
}

static void look_for_torn_pairs(struct race *race)
{
    struct task t;
    task_init(&t, "reader");
    struct item *items;
    size_t count;
    if (store_list(race->store, &t, &(struct store_query){ .pk = "P" }, &items, &count) ||
        count != 2 || !text_equal(items[0].document, items[1].document))
        atomic_fetch_add(&race->other, 1);
    task_done(&t);
}

static void add_or_read(int number, void *shared)
{
    if (number % 4 == 0)
        add_one(number, shared);
    else
        for (int i = 0; i < 20; i++)
            look_for_torn_pairs(shared);
}

static void no_count_is_lost_and_no_reader_sees_half(void **state)
{
    struct bench *b = *state;
    assert_ok(&b->t, change(b, ITEM_CREATE, "A", 0, "{\"n\":0}"));
    assert_ok(&b->t, change(b, ITEM_CREATE, "B", 0, "{\"n\":0}"));
    struct race race = { .store = b->s };
    threads_run(WRITERS, add_or_read, &race);
    assert_int_equal(race.other, 0);
    assert_item(b, "A", 1 + WRITERS / 4, arena_format(b->t.arena, "{\"n\":%d}", WRITERS / 4));
}

/* ---- against the simplest driver ---- */

static struct item_write random_write(struct bench *b, struct rng *r)
{
    struct item_write w = { .change = (enum item_change)(1 + rng_below(r, 5)) };
    w.item.pk       = rng_below(r, 2) ? "P" : "Q";
    w.item.sk       = arena_format(b->t.arena, "S#%d", rng_below(r, 8));
    w.item.version  = 1 + rng_below(r, 4);
    w.item.index_pk = rng_below(r, 3) ? "I" : "";
    w.item.index_sk = arena_format(b->t.arena, "%d", rng_below(r, 3));
    w.item.document = arena_format(b->t.arena, "{\"n\":%d}", rng_below(r, 1000));
    return w;
}

static const char *dump(struct bench *b, struct store *s, struct rng r)
{
    struct text out = text_new(b->t.arena);
    struct item *items;
    size_t count;
    struct store_query query = { .pk = "P",
                                 .after_sk = arena_format(b->t.arena, "S#%d", rng_below(&r, 8)),
                                 .limit = rng_below(&r, 5),
                                 .newest_first = rng_below(&r, 2) };
    assert_ok(&b->t, store_list(s, &b->t, &query, &items, &count));
    for (size_t i = 0; i < count; i++)
        text_printf(&out, "%s@%d%s ", items[i].sk, (int)items[i].version, items[i].document);
    struct store_index_query by_index = { .index_pk = "I", .newest_first = query.newest_first };
    assert_ok(&b->t, store_list_index(s, &b->t, &by_index, &items, &count));
    for (size_t i = 0; i < count; i++)
        text_printf(&out, "%s/%s/%s@%d ", items[i].index_sk, items[i].pk, items[i].sk,
                    (int)items[i].version);
    return text_end(&out);
}

static void it_does_as_the_memory_store_does(void **state)
{
    struct bench *b = *state;
    struct store *memory = NULL;
    assert_ok(&b->t, store_memory_open(&b->t, &memory));
    struct rng r = rng_new(2031);
    for (int i = 0; i < 200; i++) {
        struct item_write writes[3];
        size_t count = 1 + (size_t)rng_below(&r, 3);
        for (size_t k = 0; k < count; k++)
            writes[k] = random_write(b, &r);
        enum err here = store_write(b->s, &b->t, writes, count),
                 there = store_write(memory, &b->t, writes, count);
        assert_int_equal(here, there);
        assert_string_equal(dump(b, b->s, r), dump(b, memory, r));
    }
    store_close(memory);
}

static enum err open_memory(struct task *t, const char *folder, struct store **out)
{
    (void)folder;
    return store_memory_open(t, out);
}

static struct cloud_gate gate;

static enum err open_dynamo(struct task *t, const char *folder, struct store **out)
{
    static int number;
    struct aws_findings findings = { 0 };
    (void)folder;
    const char *table = arena_format(t->arena, "contract-%d", ++number);
    enum err e = store_dynamo_table(t, gate.account, table, true, &findings);
    return e ? e : store_dynamo_open(t, gate.account, table, out);
}

int main(void)
{
    static const struct driver drivers[] = { { "memory", open_memory },
                                             { "sqlite", store_sqlite_open },
                                             { "dynamodb", open_dynamo } };
    static const struct suite_test tests[] = {
        SUITE_TEST(what_is_written_is_read),
        SUITE_TEST(what_is_not_there_is_not_found),
        SUITE_TEST(creating_twice_is_a_conflict),
        SUITE_TEST(updates_name_the_version_they_saw),
        SUITE_TEST(a_put_replaces_whatever_is_there),
        SUITE_TEST(a_delete_names_the_version_it_saw),
        SUITE_TEST(a_check_changes_nothing),
        SUITE_TEST(conflicts_say_what_is_there),
        SUITE_TEST(a_transaction_is_all_or_nothing),
        SUITE_TEST(a_transaction_mixes_all_kinds),
        SUITE_TEST(listings_are_in_byte_order),
        SUITE_TEST(listings_go_by_prefix_and_partition),
        SUITE_TEST(listings_go_on_after_a_key),
        SUITE_TEST(the_index_follows_every_change),
        SUITE_TEST(the_index_is_paged_both_ways),
        SUITE_TEST(a_walk_meets_every_record_once),
        SUITE_TEST(keys_out_of_form_are_refused),
        SUITE_TEST(documents_out_of_form_are_refused),
        SUITE_TEST(writes_out_of_form_are_refused),
        SUITE_TEST(sizes_have_ceilings),
        SUITE_TEST(transactions_have_ceilings),
        SUITE_TEST(a_task_that_is_over_does_nothing),
        SUITE_TEST(one_of_many_writers_wins_each_version),
        SUITE_TEST(no_count_is_lost_and_no_reader_sees_half),
        SUITE_TEST(it_does_as_the_memory_store_does),
    };
    bool cloud = cloud_gate_start(&gate);
    int failed = suite_run("store", tests, SUITE_COUNT(tests), drivers, sizeof *drivers,
                           SUITE_COUNT(drivers) - !cloud, set_up, tear_down);
    cloud_gate_stop(&gate);
    return failed;
}
