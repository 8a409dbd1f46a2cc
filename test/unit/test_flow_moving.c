/* Moving house on the memory drivers: whole, carried on when cut off, and never over what differs. */
#include "test.h"

#include <string.h>

#include "blob/blob_driver.h"
#include "flow/moving.h"
#include "store/records.h"
#include "store/store_driver.h"

struct fixture {
    struct task t;
    struct place from, to;
    struct moved moved;
};

static void write_one(struct fixture *f, const struct place *p, const char *pk, const char *sk,
                      const char *status, const char *document)
{
    const struct item_write w = { ITEM_PUT, { .pk = pk, .sk = sk, .index_pk = status,
                                              .index_sk = "2031", .document = document } };
    assert_ok(&f->t, store_write(p->store, &f->t, &w, 1));
}

static void begin(struct fixture *f)
{
    *f = (struct fixture){ 0 };
    task_init(&f->t, "test");
    struct place *const both[] = { &f->from, &f->to };
    for (int i = 0; i < 2; i++) {
        assert_ok(&f->t, store_memory_open(&f->t, &both[i]->store));
        assert_ok(&f->t, blob_memory_open(&f->t, &both[i]->blobs));
    }
    write_one(f, &f->from, "PROJECT#1", "METADATA", "completed", "{\"title\":\"Film\"}");
    write_one(f, &f->from, "PROJECT#1", "SCENE#001", "", "{\"n\":2.0}");
    write_one(f, &f->from, "CACHE#aa", "ARTIFACT", "", "{\"key\":\"a\"}");
    write_one(f, &f->from, "CHANGES#1", "news", "", "{}");
    assert_ok(&f->t, blob_put_bytes(f->from.blobs, &f->t, "mv/a.mp4", (struct bytes){ "film", 4 }));
    assert_ok(&f->t, blob_put_bytes(f->from.blobs, &f->t, "mv/b.jpg", (struct bytes){ "still", 5 }));
}

static void end(struct fixture *f)
{
    struct place *const both[] = { &f->from, &f->to };
    for (int i = 0; i < 2; i++) {
        store_close(both[i]->store);
        blob_close(both[i]->blobs);
    }
    task_done(&f->t);
}

static enum err move(struct fixture *f)
{
    return move_all(&f->t, &f->from, &f->to, NULL, NULL, &f->moved);
}

static void everything_is_moved_once(void **state)
{
    (void)state;
    struct fixture f;
    struct item item;
    begin(&f);
    assert_ok(&f.t, move(&f));
    assert_int_equal(f.moved.files, 2);
    assert_int_equal(f.moved.bytes, 9);
    assert_int_equal(f.moved.records, 3);
    assert_ok(&f.t, store_get(f.to.store, &f.t, "PROJECT#1", "METADATA", &item));
    assert_string_equal(item.index_pk, "completed");
    assert_err(store_get(f.to.store, &f.t, "CHANGES#1", "news", &item), ERR_NOT_FOUND);
    assert_ok(&f.t, move(&f));
    assert_int_equal(f.moved.files + f.moved.records, 0);
    assert_int_equal(f.moved.files_there, 2);
    assert_int_equal(f.moved.records_there, 3);
    end(&f);
}

/* Cut off at every write in turn: the film itself is never there before all that belongs to it. */
static void a_move_that_was_cut_off_is_carried_on(void **state)
{
    (void)state;
    for (int fails = 1; fails < 12; fails++) {
        struct fixture f;
        struct store_flaky flaky;
        struct item item;
        begin(&f);
        struct store *there = f.to.store;
        f.to.store = store_flaky_init(&flaky, there, fails, ERR_UNAVAILABLE);
        enum err e = move(&f);
        if (e && store_get(there, &f.t, "PROJECT#1", "METADATA", &item) == OK)
            assert_ok(&f.t, store_get(there, &f.t, "PROJECT#1", "SCENE#001", &item));
        f.to.store = there;
        assert_ok(&f.t, move(&f));
        end(&f);
    }
}

static void what_differs_is_not_replaced(void **state)
{
    (void)state;
    struct fixture f;
    struct item item;
    begin(&f);
    write_one(&f, &f.to, "PROJECT#1", "SCENE#001", "", "{\"n\":3}");
    assert_err(move(&f), ERR_CONFLICT);
    assert_non_null(strstr(f.t.fault.message, "PROJECT#1 SCENE#001"));
    assert_err(store_get(f.to.store, &f.t, "PROJECT#1", "METADATA", &item), ERR_NOT_FOUND);
    write_one(&f, &f.to, "PROJECT#1", "SCENE#001", "", "{\"n\":2}");        /* the same number */
    assert_ok(&f.t, move(&f));
    end(&f);
}

static void a_file_of_another_size_is_not_replaced(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    assert_ok(&f.t, blob_put_bytes(f.to.blobs, &f.t, "mv/a.mp4", (struct bytes){ "other", 5 }));
    assert_err(move(&f), ERR_CONFLICT);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_moved_once),
        cmocka_unit_test(a_move_that_was_cut_off_is_carried_on),
        cmocka_unit_test(what_differs_is_not_replaced),
        cmocka_unit_test(a_file_of_another_size_is_not_replaced),
    };
    return cmocka_run_group_tests_name("moving house", tests, NULL, NULL);
}
