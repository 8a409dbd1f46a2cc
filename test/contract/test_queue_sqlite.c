/*
 * What a queue on a disk does beyond queue.h: it survives being closed and killed, it has one
 * owner, and since its messages are only hints, a damaged file is begun anew instead of stopping
 * the program.
 */
#include "suite.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/scoped.h"
#include "base/text.h"
#include "queue/queue_driver.h"
#include "scratch.h"

struct bench {
    struct scratch scratch;
    struct task    t;
    const char    *folder;
};

static int set_up(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    b->scratch = scratch_new();
    task_init(&b->t, "test");
    b->folder = arena_copy(b->t.arena, scratch_path(&b->scratch, "data"));
    *state = b;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *b = *state;
    task_done(&b->t);
    scratch_done(&b->scratch);
    free(b);
    return 0;
}

static struct queue *open_queue(struct bench *b)
{
    struct queue *q = NULL;
    assert_ok(&b->t, queue_sqlite_open(&b->t, b->folder, &q));
    return q;
}

static int64_t waiting(struct bench *b, struct queue *q)
{
    struct queue_stats stats = { 0 };
    assert_ok(&b->t, queue_stats(q, &b->t, LANE_LIGHT, &stats));
    return stats.waiting;
}

/* This process owns the file now, so whoever held a lease is gone. */
static void messages_survive_a_restart_and_leases_do_not(void **state)
{
    struct bench *b = *state;
    struct queue *q = open_queue(b);
    struct queue_message old, again, next;
    assert_ok(&b->t, queue_push(q, &b->t, LANE_LIGHT, "leased", 1));
    assert_ok(&b->t, queue_push(q, &b->t, LANE_LIGHT, "waiting", 2));
    assert_ok(&b->t, queue_claim(q, &b->t, LANE_LIGHT, LEASE_US_MAX, &old));
    queue_close(q);
    q = open_queue(b);
    assert_int_equal(waiting(b, q), 2);
    assert_err(queue_finish(q, &b->t, &old), ERR_CONFLICT);
    assert_ok(&b->t, queue_claim(q, &b->t, LANE_LIGHT, LEASE_US_MAX, &again));
    assert_string_equal(again.key, "leased");
    assert_int_equal(again.deliveries, 2);
    assert_true(again.receipt > old.receipt);
    assert_err(queue_finish(q, &b->t, &old), ERR_CONFLICT);
    assert_ok(&b->t, queue_finish(q, &b->t, &again));
    assert_ok(&b->t, queue_claim(q, &b->t, LANE_LIGHT, 1, &next));
    assert_string_equal(next.key, "waiting");
    queue_close(q);
}

static void push_for_ever(struct bench *b, int tell)
{
    struct queue *q = open_queue(b);
    for (int i = 0;; i++) {
        struct task t;
        task_init(&t, "child");
        if (queue_push(q, &t, LANE_LIGHT, arena_format(t.arena, "%d", i), 1) ||
            write(tell, "+", 1) != 1)
            _exit(3);
        task_done(&t);
    }
}

static void what_was_pushed_survives_a_kill(void **state)
{
    struct bench *b = *state;
    int tell[2], status, told = 0;
    assert_int_equal(pipe(tell), 0);
    pid_t child = fork();
    if (child == 0) {
        close(tell[0]);
        push_for_ever(b, tell[1]);
    }
    close(tell[1]);
    char mark;
    while (told < 50 && read(tell[0], &mark, 1) == 1)
        told++;
    kill(child, SIGKILL);
    while (read(tell[0], &mark, 1) == 1)
        told++;
    close(tell[0]);
    waitpid(child, &status, 0);
    struct queue *q = open_queue(b);
    assert_true(waiting(b, q) >= told);
    queue_close(q);
}

static void a_second_owner_is_refused(void **state)
{
    struct bench *b = *state;
    struct queue *q = open_queue(b), *second = NULL;
    assert_err(queue_sqlite_open(&b->t, b->folder, &second), ERR_UNAVAILABLE);
    assert_non_null(
        strstr(b->t.fault.message, arena_format(b->t.arena, "process %d", (int)getpid())));
    queue_close(q);
}

static void a_damaged_queue_is_begun_anew(void **state)
{
    struct bench *b = *state;
    struct queue *q = open_queue(b);
    for (int i = 0; i < 300; i++)
        assert_ok(&b->t, queue_push(q, &b->t, LANE_LIGHT,
                                    arena_format(b->t.arena, "PROJECT#1/JOB#%d", i), 1));
    queue_close(q);
    const char *file = arena_format(b->t.arena, "%s/queue.db", b->folder);
    for (int kind = 0; kind < 3; kind++) {
        size_t size;
        scoped(heap) char *bytes = slurp(file, &size);
        memset(bytes + (kind == 0 ? 0 : size / 2), 0x5A, kind == 0 ? 100 : size / 2);
        spill(file, bytes, kind == 2 ? size / 2 + 10 : size);
        q = open_queue(b);
        assert_int_equal(waiting(b, q), 0);
        assert_ok(&b->t, queue_push(q, &b->t, LANE_LIGHT, "new", 1));
        assert_int_equal(waiting(b, q), 1);
        queue_close(q);
    }
    assert_int_equal(unlink(file), 0);
    q = open_queue(b);
    assert_int_equal(waiting(b, q), 0);
    queue_close(q);
}

int main(void)
{
    static const struct suite_test tests[] = {
        SUITE_TEST(messages_survive_a_restart_and_leases_do_not),
        SUITE_TEST(what_was_pushed_survives_a_kill),
        SUITE_TEST(a_second_owner_is_refused),
        SUITE_TEST(a_damaged_queue_is_begun_anew),
    };
    static const char *const driver[] = { "sqlite" };
    return suite_run("queue on a disk", tests, SUITE_COUNT(tests), driver, sizeof *driver, 1,
                     set_up, tear_down);
}
