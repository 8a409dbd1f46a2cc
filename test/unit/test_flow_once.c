/*
 * Idempotency keys on the memory store: the same request under the same key is one id and one answer, another request
 * is refused, an answer that got lost on the way is no harm, and old keys are forgotten.
 */
#include "test.h"

#include <string.h>

#include "base/id.h"
#include "base/limits.h"
#include "base/text.h"
#include "flow/once.h"
#include "store/store_driver.h"

struct fixture {
    struct task        task;
    struct clock       clock;
    struct store      *store;
    struct store_flaky flaky;
    struct store      *over;
};

static void begin(struct fixture *f)
{
    *f = (struct fixture){ .clock = clock_fake(1700000000 * SECOND_US) };
    task_init(&f->task, "test");
    f->task.clock = &f->clock;
    assert_ok(&f->task, store_memory_open(&f->task, &f->store));
    f->over = store_flaky_init(&f->flaky, f->store, 0, ERR_UNAVAILABLE);
}

static void end(struct fixture *f)
{
    store_close(f->store);
    task_done(&f->task);
}

static struct once first(struct fixture *f, const char *key)
{
    struct once o;
    assert_ok(&f->task, once_begin(f->store, &f->task, key, "request", &o));
    return o;
}

static void one_key_is_one_id(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    struct once a = first(&f, "k"), b = first(&f, "k"), other = first(&f, "l");
    assert_true(ulid_is(a.id));
    assert_false(a.answered);
    assert_string_equal(a.id, b.id);
    assert_string_not_equal(a.id, other.id);
    end(&f);
}

static void an_answer_is_replayed_for_ever(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    struct once o = first(&f, "k");
    assert_ok(&f.task, once_answer(f.store, &f.task, &o, 201, "{\"projectId\":\"\xC3\xA4\"}"));
    assert_ok(&f.task, once_answer(f.store, &f.task, &o, 500, "a later one"));
    o = first(&f, "k");
    assert_true(o.answered);
    assert_int_equal(o.status, 201);
    assert_string_equal(o.body, "{\"projectId\":\"\xC3\xA4\"}");
    end(&f);
}

static void another_request_under_the_key_is_refused(void **state)
{
    (void)state;
    struct fixture f;
    struct once o;
    begin(&f);
    first(&f, "k");
    assert_err(once_begin(f.store, &f.task, "k", "another", &o), ERR_IMPOSSIBLE);
    assert_string_equal(f.task.fault.field, "Idempotency-Key");
    assert_int_equal(err_http_status(f.task.fault.code), 422);
    end(&f);
}

static void keys_have_a_form(void **state)
{
    (void)state;
    struct fixture f;
    struct once o;
    begin(&f);
    char long_key[ONCE_KEY_BYTES_MAX + 2];
    memset(long_key, 'k', sizeof long_key);
    long_key[ONCE_KEY_BYTES_MAX + 1] = '\0';
    const char *bad[] = { "", long_key, "tab\there", "caf\xC3\xA9", "new\nline", "\x7f" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_err(once_begin(f.store, &f.task, bad[i], "request", &o), ERR_INVALID);
        assert_string_equal(f.task.fault.field, "Idempotency-Key");
    }
    long_key[ONCE_KEY_BYTES_MAX] = '\0';
    first(&f, long_key);
    first(&f, "a key ~!");
    end(&f);
}

/* Quotes double inside a record: a body below the ceiling may still not fit. */
static void a_body_too_large_keeps_its_status(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    static const struct {
        size_t bytes;
        char   filled_with;
        bool   kept;
    } rows[] = { { 1000, '"', true },
                 { RECORD_BYTES_MAX - 4096, 'x', true },
                 { RECORD_BYTES_MAX - 4096, '"', false },
                 { RECORD_BYTES_MAX * 2, 'x', false } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *body = arena_alloc(f.task.arena, rows[i].bytes + 1);
        memset(body, rows[i].filled_with, rows[i].bytes);
        const char *key = arena_format(f.task.arena, "key %zu", i);
        struct once o = first(&f, key);
        assert_ok(&f.task, once_answer(f.store, &f.task, &o, 201, body));
        o = first(&f, key);
        assert_true(o.answered && o.status == 201);
        assert_string_equal(o.body, rows[i].kept ? body : "");
    }
    end(&f);
}

/* The store did it and the news got lost, at each call: doing it again gives what the first time gave. */
static void lost_acknowledgements_are_harmless(void **state)
{
    (void)state;
    for (int n = 1; n < 20; n++) {
        struct fixture f;
        struct once a, b;
        begin(&f);
        store_flaky_init(&f.flaky, f.store, n, ERR_UNAVAILABLE);
        f.flaky.after = true;
        enum err e = once_begin(f.over, &f.task, "k", "request", &a);
        if (!e)
            e = once_answer(f.over, &f.task, &a, 201, "made");
        f.flaky.fail_at = 0;
        assert_ok(&f.task, once_begin(f.over, &f.task, "k", "request", &b));
        assert_ok(&f.task, once_answer(f.over, &f.task, &b, 201, "made"));
        assert_ok(&f.task, once_begin(f.over, &f.task, "k", "request", &a));
        assert_string_equal(a.id, b.id);
        assert_true(a.answered && a.status == 201);
        assert_string_equal(a.body, "made");
        bool walked = f.flaky.calls >= n;
        end(&f);
        if (!e && !walked)
            return;
    }
}

static void a_refused_request_frees_its_key(void **state)
{
    (void)state;
    struct fixture f;
    struct once o;
    begin(&f);
    o = first(&f, "k");
    assert_ok(&f.task, once_forget(f.store, &f.task, &o));
    assert_ok(&f.task, once_begin(f.store, &f.task, "k", "another", &o));
    assert_ok(&f.task, once_answer(f.store, &f.task, &o, 201, "made"));
    assert_ok(&f.task, once_forget(f.store, &f.task, &o));       /* answered meanwhile: it stays */
    assert_ok(&f.task, once_begin(f.store, &f.task, "k", "another", &o));
    assert_true(o.answered);
    end(&f);
}

static void old_keys_are_forgotten(void **state)
{
    (void)state;
    struct fixture f;
    struct once o;
    begin(&f);
    enum { OLD = 2 * STORE_WRITES_MAX + 5 };
    for (int i = 0; i < OLD; i++)
        first(&f, arena_format(f.task.arena, "old %d", i));
    f.clock.now_us += 3600 * SECOND_US;
    struct once young = first(&f, "young");
    assert_ok(&f.task, once_sweep(f.store, &f.task, 1800 * SECOND_US));
    struct store_index_query query = { .index_pk = "ONCE" };
    struct item *items;
    size_t count;
    assert_ok(&f.task, store_list_index(f.store, &f.task, &query, &items, &count));
    assert_int_equal(count, 1);
    assert_ok(&f.task, once_begin(f.store, &f.task, "young", "request", &o));
    assert_string_equal(o.id, young.id);
    assert_ok(&f.task, once_begin(f.store, &f.task, "old 1", "another request", &o));
    end(&f);
}

/* An index that lags behind lists what another server has forgotten already: it is no trouble. */
static void keys_that_are_gone_by_now_stop_no_sweep(void **state)
{
    (void)state;
    struct fixture f;
    struct once o;
    begin(&f);
    for (int i = 0; i < STORE_WRITES_MAX; i++)
        first(&f, arena_format(f.task.arena, "old %d", i));
    f.clock.now_us += 3600 * SECOND_US;
    store_flaky_init(&f.flaky, f.store, 2, ERR_CONFLICT); /* after the listing, the removal */
    assert_ok(&f.task, once_sweep(f.over, &f.task, 1800 * SECOND_US));
    assert_int_equal(f.flaky.calls, 2);
    f.flaky.fail_at = 0;
    assert_ok(&f.task, once_sweep(f.over, &f.task, 1800 * SECOND_US));
    assert_ok(&f.task, once_begin(f.store, &f.task, "old 1", "another request", &o));
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_key_is_one_id),
        cmocka_unit_test(an_answer_is_replayed_for_ever),
        cmocka_unit_test(another_request_under_the_key_is_refused),
        cmocka_unit_test(keys_have_a_form),
        cmocka_unit_test(a_body_too_large_keeps_its_status),
        cmocka_unit_test(lost_acknowledgements_are_harmless),
        cmocka_unit_test(a_refused_request_frees_its_key),
        cmocka_unit_test(old_keys_are_forgotten),
        cmocka_unit_test(keys_that_are_gone_by_now_stop_no_sweep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
