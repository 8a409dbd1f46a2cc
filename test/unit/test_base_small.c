/* The small ones: numbers by seed, names by time, clocks, tasks that end, and the map of errors. */
#include "test.h"

#include <errno.h>
#include <string.h>

#include "base/base64.h"
#include "base/id.h"
#include "base/rng.h"

/* ---- rng ---- */

/* Pinned: the pictures of every film drawn so far hang on these numbers. */
static void a_seed_always_gives_the_same_numbers(void **state)
{
    (void)state;
    struct rng r = rng_new(1234567);
    static const uint64_t splitmix64[] = {
        UINT64_C(6457827717110365317), UINT64_C(3203168211198807973), UINT64_C(9817491932198370423),
        UINT64_C(4593380528125082431), UINT64_C(16408922859458223821)
    };
    for (size_t i = 0; i < sizeof splitmix64 / sizeof *splitmix64; i++)
        assert_true(rng_next(&r) == splitmix64[i]);
    assert_true(rng_seed_from_text("") == UINT64_C(0xCBF29CE484222325));
    assert_true(rng_seed_from_text("foobar") == UINT64_C(0x85944171F73967E8));
}

static void numbers_stay_in_their_range_and_fill_it(void **state)
{
    (void)state;
    struct rng r = rng_new(1);
    int seen[6] = { 0 };
    double sum = 0;
    for (int i = 0; i < 60000; i++) {
        double unit = rng_unit(&r), between = rng_between(&r, -3, 5);
        assert_true(unit >= 0 && unit < 1 && between >= -3 && between < 5);
        sum += unit;
        int below = rng_below(&r, 6);
        assert_in_range(below, 0, 5);
        seen[below]++;
    }
    assert_true(sum > 29500 && sum < 30500);
    for (int i = 0; i < 6; i++)
        assert_in_range(seen[i], 9500, 10500);
    assert_int_equal(rng_below(&r, 1), 0);
}

static void uses_do_not_shift_each_other(void **state)
{
    (void)state;
    struct rng rain = rng_fork(7, "rain"), snow = rng_fork(7, "snow"), again = rng_fork(7, "rain");
    uint64_t first = rng_next(&rain);
    assert_true(first != rng_next(&snow));
    assert_true(first == rng_next(&again));
}

/* ---- id ---- */

static void ids_sort_by_time_and_are_unique(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct clock clock = clock_fake(0);
    t.clock = &clock;
    assert_memory_equal(ulid_new(&t), "0000000000", 10);
    clock.now_us = INT64_C(1469918176385) * 1000;            /* the example of the specification */
    assert_memory_equal(ulid_new(&t), "01ARYZ6S41", 10);
    const char *before = ulid_new(&t);
    for (int i = 0; i < 1000; i++) {
        clock.now_us += 1000;
        const char *id = ulid_new(&t);
        assert_true(ulid_is(id) && strcmp(before, id) < 0);
        before = id;
    }
    assert_string_not_equal(ulid_new(&t), ulid_new(&t));
    task_done(&t);
}

static void what_is_no_id_is_told_apart(void **state)
{
    (void)state;
    assert_true(ulid_is("01ARYZ6S41TSV4RRFFQ69G5FAV"));
    static const char *const bad[] = { "",
                                       "01ARYZ6S41TSV4RRFFQ69G5FA",
                                       "01ARYZ6S41TSV4RRFFQ69G5FAVX",
                                       "01ARYZ6S41TSV4RRFFQ69G5FAI",
                                       "01aryz6s41tsv4rrffq69g5fav",
                                       "01ARYZ6S41TSV4RRFFQ69G5FA/",
                                       "../YZ6S41TSV4RRFFQ69G5FAVX" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(ulid_is(bad[i]));
}

/* ---- clock ---- */

static void times_are_written_for_machines_and_people(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    assert_string_equal(time_iso8601(a, 0), "1970-01-01T00:00:00.000Z");
    assert_string_equal(time_iso8601(a, INT64_C(1935835200123456)), "2031-05-06T12:00:00.123Z");
    assert_string_equal(time_iso8601(a, INT64_C(951782399999999)), "2000-02-28T23:59:59.999Z");
    static const struct {
        int64_t     seconds;
        const char *text;
    } cases[] = { { 0, "0:00" },       { 7, "0:07" },  { 187, "3:07" },
                  { 3765, "1:02:45" }, { -5, "0:00" }, { 3600, "1:00:00" } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(time_clock_text(a, cases[i].seconds * SECOND_US), cases[i].text);
    assert_string_equal(time_clock_text(a, 59 * SECOND_US + 600000), "1:00");
    arena_free(a);
}

static void clocks_move_as_they_should(void **state)
{
    (void)state;
    struct clock fake = clock_fake(42);
    assert_int_equal(clock_monotonic_us(&fake), 42);
    assert_int_equal(clock_wall_us(&fake), 42);
    fake.now_us = 43;
    assert_int_equal(clock_wall_us(&fake), 43);
    int64_t before = clock_monotonic_us(&clock_real);
    assert_true(clock_monotonic_us(&clock_real) >= before);
    assert_true(clock_wall_us(&clock_real) > INT64_C(1600000000) * SECOND_US);
}

/* ---- task ---- */

static void a_task_ends_by_cancel_or_deadline(void **state)
{
    (void)state;
    struct task t;
    struct clock clock = clock_fake(100);
    atomic_bool cancelled = false;
    task_init(&t, "job-1");
    assert_ok(&t, task_over(&t));
    t.clock       = &clock;
    t.cancelled   = &cancelled;
    t.deadline_us = 101;
    assert_ok(&t, task_over(&t));
    clock.now_us = 101;
    assert_err(task_over(&t), ERR_TIMEOUT);
    assert_int_equal(t.fault.code, ERR_TIMEOUT);
    cancelled = true;
    assert_err(task_over(&t), ERR_CANCELLED);
    assert_true(t.fault.message[0]);
    task_done(&t);
}

static void a_fault_carries_all_there_is_to_say(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "job-1");
    assert_err(refuse(&t, ERR_MEDIA, "use a WAV", "%s has %d streams", "a.txt", 0), ERR_MEDIA);
    assert_string_equal(t.fault.message, "a.txt has 0 streams");
    assert_string_equal(t.fault.next, "use a WAV");
    assert_err(fail_at(&t, ERR_INVALID, "trim.in"), ERR_INVALID);
    assert_string_equal(t.fault.field, "trim.in");
    assert_err(fail(&t, ERR_LIMIT, "%05000d", 1), ERR_LIMIT);
    assert_int_equal(strlen(t.fault.message), sizeof t.fault.message - 1);  /* cut, not refused */
    assert_string_equal(t.fault.next, "");
    assert_string_equal(t.fault.field, "");
    task_done(&t);
}

static void system_errors_become_ours(void **state)
{
    (void)state;
    static const struct {
        int      number;
        enum err wanted;
    } cases[] = {
        { ENOSPC, ERR_FULL },      { EDQUOT, ERR_FULL },      { EROFS, ERR_FULL },
        { EFBIG, ERR_FULL },       { ENOENT, ERR_NOT_FOUND }, { ENOTDIR, ERR_NOT_FOUND },
        { EACCES, ERR_FORBIDDEN }, { EPERM, ERR_FORBIDDEN },  { EIO, ERR_INTERNAL },
        { EMFILE, ERR_INTERNAL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct task t;
        task_init(&t, "test");
        assert_err(fail_errno(&t, cases[i].number, "write", "film.mp4"), cases[i].wanted);
        assert_non_null(strstr(t.fault.message, "cannot write film.mp4: "));
        assert_int_equal(t.fault.next[0] != '\0', cases[i].wanted != ERR_INTERNAL);
        task_done(&t);
    }
}

/* ---- error ---- */

static void every_error_is_whole(void **state)
{
    (void)state;
    for (int e = OK; e < ERR_COUNT; e++) {
        assert_int_equal(err_from_name(err_name((enum err)e)), e);
        assert_true(err_text((enum err)e)[0]);
        assert_in_range(err_http_status((enum err)e), 200, 599);
        assert_in_range(err_exit_code((enum err)e), 0, 4);
        for (int other = OK; other < e; other++)
            assert_string_not_equal(err_name((enum err)e), err_name((enum err)other));
    }
    assert_int_equal(err_exit_code(OK), 0);
    assert_int_equal(err_exit_code(ERR_INVALID), 2);
    assert_int_equal(err_exit_code(ERR_BUDGET), 3);
    assert_int_equal(err_exit_code(ERR_RECONCILE), 4);
    assert_int_equal(err_from_name("no such thing"), ERR_INTERNAL);
    assert_true(err_may_retry(ERR_TIMEOUT) && !err_may_retry(ERR_INVALID));
}

/* ---- base64 ---- */

static void bytes_survive_base64(void **state)
{
    (void)state;
    static const struct {
        const char *plain, *text;        /* RFC 4648, 10 */
    } cases[] = { { "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
                  { "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" }, { "\xFB\xEF\xFF", "++//" } };
    struct task t;
    task_init(&t, "test");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct bytes back;
        char *text = base64_encode(t.arena, (struct bytes){ cases[i].plain, strlen(cases[i].plain) });
        assert_string_equal(text, cases[i].text);
        assert_ok(&t, base64_decode(&t, text, strlen(text), &back));
        assert_int_equal(back.size, strlen(cases[i].plain));
        assert_memory_equal(back.at, cases[i].plain, back.size + 1);
    }
    struct bytes folded;
    assert_ok(&t, base64_decode(&t, "Zm9v\r\nYmFy\n", 10, &folded));
    assert_memory_equal(folded.at, "foobar", 6);
    static const char *const wrong[] = { "Zg", "Z", "Zg=a", "Z===", "====", "Zm9v-", "Zm9\x80", "Zg==Zg==" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_err(base64_decode(&t, wrong[i], strlen(wrong[i]), &folded), ERR_MEDIA);
    task_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_seed_always_gives_the_same_numbers),
        cmocka_unit_test(numbers_stay_in_their_range_and_fill_it),
        cmocka_unit_test(uses_do_not_shift_each_other),
        cmocka_unit_test(ids_sort_by_time_and_are_unique),
        cmocka_unit_test(what_is_no_id_is_told_apart),
        cmocka_unit_test(times_are_written_for_machines_and_people),
        cmocka_unit_test(clocks_move_as_they_should),
        cmocka_unit_test(a_task_ends_by_cancel_or_deadline),
        cmocka_unit_test(a_fault_carries_all_there_is_to_say),
        cmocka_unit_test(system_errors_become_ours),
        cmocka_unit_test(every_error_is_whole),
        cmocka_unit_test(bytes_survive_base64),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
