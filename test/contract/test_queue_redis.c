/*
 * What a queue on a Redis server does beyond queue.h: it is shared, it asks for a password, it
 * outlives a server that goes away, and what a server forgets (scripts, or everything) stops
 * nobody.
 */
#include "suite.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "queue/queue_driver.h"
#include "queue/redis_link.h"
#include "redis_server.h"

static struct redis_server server;

struct bench {
    struct task  t;
    struct clock clock;
    struct queue *q;
};

enum { START_US = 1000000, LEASE_US = 100, LAPSES_MAX = 16 };

static struct queue *open_at(struct bench *b, const char *url)
{
    struct queue *q = NULL;
    assert_ok(&b->t, queue_redis_open(&b->t, url, &q));
    return q;
}

static int set_up(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    b->clock = clock_fake(START_US);
    task_init(&b->t, "test");
    b->t.clock = &b->clock;
    redis_server_tell(&server, "FLUSHALL");
    b->q = open_at(b, server.url);
    *state = b;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *b = *state;
    queue_close(b->q);
    task_done(&b->t);
    free(b);
    return 0;
}

static struct queue_message claim(struct bench *b)
{
    struct queue_message m = { 0 };
    assert_ok(&b->t, queue_claim(b->q, &b->t, LANE_CPU, LEASE_US, &m));
    return m;
}

static struct queue_stats stats_of(struct bench *b, struct queue *q)
{
    struct queue_stats stats;
    assert_ok(&b->t, queue_stats(q, &b->t, LANE_CPU, &stats));
    return stats;
}

static void push(struct bench *b, const char *key)
{
    assert_ok(&b->t, queue_push(b->q, &b->t, LANE_CPU, key, 0));
}

static void two_processes_share_it_and_two_names_do_not(void **state)
{
    struct bench *b = *state;
    struct queue *same = open_at(b, server.url);
    struct queue *other = open_at(b, arena_format(b->t.arena, "%s?name=other", server.url));
    push(b, "a");
    assert_int_equal(stats_of(b, other).waiting, 0);
    struct queue_message m;
    assert_ok(&b->t, queue_claim(same, &b->t, LANE_CPU, LEASE_US, &m));
    assert_err(queue_claim(b->q, &b->t, LANE_CPU, LEASE_US, &m), ERR_NOT_FOUND);
    queue_close(same);
    queue_close(other);
}

static void a_flushed_server_fits_no_old_receipt(void **state)
{
    struct bench *b = *state;
    push(b, "a");
    struct queue_message old = claim(b);
    redis_server_tell(&server, "FLUSHALL");
    assert_err(queue_renew(b->q, &b->t, &old, LEASE_US), ERR_CONFLICT);
    push(b, "a");                                      /* as the sweep does */
    struct queue_message new = claim(b);
    assert_true(new.receipt > old.receipt);
    assert_err(queue_finish(b->q, &b->t, &old), ERR_CONFLICT);
    assert_ok(&b->t, queue_finish(b->q, &b->t, &new));
}

static void forgotten_scripts_and_closed_connections_are_made_anew(void **state)
{
    struct bench *b = *state;
    push(b, "a");
    redis_server_tell(&server, "SCRIPT FLUSH");
    assert_int_equal(stats_of(b, b->q).waiting, 1);
    redis_server_tell(&server, "CLIENT KILL TYPE normal");
    assert_int_equal(stats_of(b, b->q).waiting, 1);
    claim(b);
    redis_server_tell(&server, "DEL {storyreel:cpu}:stream");     /* an operator's mistake */
    b->clock.now_us += LEASE_US;
    assert_int_equal(claim(b).deliveries, 2);
}

/* How often it rang, and a wait for it to have rung so often. */
static void on_ring(void *context)
{
    atomic_fetch_add((atomic_int *)context, 1);
}

static bool rang(struct bench *b, atomic_int *rings, int times)
{
    int64_t until_us = clock_monotonic_us(&clock_real) + 10 * SECOND_US;
    while (atomic_load(rings) < times && clock_monotonic_us(&clock_real) < until_us)
        assert_ok(&b->t, task_pause(&b->t, 1000));
    return atomic_load(rings) >= times;
}

static void what_others_push_is_heard(void **state)
{
    struct bench *b = *state;
    struct queue *elsewhere = open_at(b, server.url);
    atomic_int rings = 0;
    b->t.clock = &clock_real;
    queue_listen(b->q, &(struct queue_ear){ on_ring, &rings });
    assert_true(rang(b, &rings, 1)); /* it listens */
    assert_ok(&b->t, queue_push(elsewhere, &b->t, LANE_CPU, "a", 0));
    assert_true(rang(b, &rings, 2));
    struct queue_message m = claim(b);
    assert_ok(&b->t, queue_give_back(elsewhere, &b->t, &m, 0));
    assert_true(rang(b, &rings, 3));
    assert_ok(&b->t, queue_push(elsewhere, &b->t, LANE_WAIT, "much later",
                                clock_wall_us(b->t.clock) + 60 * SECOND_US));
    redis_server_tell(&server, "CLIENT KILL TYPE pubsub");
    assert_true(rang(b, &rings, 4)); /* it listens again, and may have missed something */
    assert_int_equal(atomic_load(&rings), 4);
    queue_listen(b->q, NULL);
    assert_ok(&b->t, queue_push(elsewhere, &b->t, LANE_CPU, "b", 0));
    queue_close(elsewhere);
    assert_int_equal(atomic_load(&rings), 4);
}

static void a_server_that_goes_away_is_found_again(void **state)
{
    struct bench *b = *state;
    struct queue_message m;
    push(b, "a");
    redis_server_stop(&server);
    assert_err(queue_push(b->q, &b->t, LANE_CPU, "b", 0), ERR_UNAVAILABLE);
    assert_err(queue_claim(b->q, &b->t, LANE_CPU, LEASE_US, &m), ERR_UNAVAILABLE);
    assert_true(err_may_retry(b->t.fault.code));
    struct queue *late = open_at(b, server.url);       /* it is away: no reason not to start */
    server = redis_server_start(server.port, NULL);
    push(b, "a");
    assert_int_equal(stats_of(b, late).waiting, 1);
    queue_close(late);
}

/* Who is connected, beside the one who asks. */
static int others_connected(void)
{
    redisContext *c = redisConnect("127.0.0.1", server.port);
    redisReply *reply = redisCommand(c, "CLIENT LIST TYPE normal");
    int lines = 0;
    assert_non_null(reply);
    assert_non_null(reply->str);
    for (const char *at = reply->str; (at = strchr(at, '\n')); at++)
        lines++;
    freeReplyObject(reply);
    redisFree(c);
    return lines - 1;
}

/* The address may lead to the new master by now: no connection to the old one is kept. */
static void a_node_that_was_demoted_is_left(void **state)
{
    struct bench *b = *state;
    push(b, "a");
    assert_int_equal(others_connected(), 1);
    redis_server_tell(&server, "REPLICAOF 127.0.0.1 1");
    struct queue_message m;
    enum err e = queue_claim(b->q, &b->t, LANE_CPU, LEASE_US, &m);
    int kept = others_connected();
    redis_server_tell(&server, "REPLICAOF NO ONE");
    assert_err(e, ERR_UNAVAILABLE);
    assert_int_equal(kept, 0);
    claim(b);
}

static void a_message_that_always_lapses_is_set_aside(void **state)
{
    struct bench *b = *state;
    push(b, "poison");
    for (int i = 0; i <= LAPSES_MAX; i++) {
        assert_int_equal(claim(b).deliveries, i + 1);
        b->clock.now_us += LEASE_US;
    }
    struct queue_message m;
    assert_err(queue_claim(b->q, &b->t, LANE_CPU, LEASE_US, &m), ERR_NOT_FOUND);
    struct queue_stats stats = stats_of(b, b->q);
    assert_int_equal(stats.waiting + stats.leased, 0);
    assert_int_equal(stats.dead, 1);
    push(b, "poison");                                 /* the sweep, or an operator, tries again */
    assert_int_equal(claim(b).deliveries, 1);
}

static void who_waits_on_purpose_is_never_set_aside(void **state)
{
    struct bench *b = *state;
    push(b, "patient");
    for (int i = 0; i < 3 * LAPSES_MAX; i++) {
        struct queue_message m = claim(b);
        assert_ok(&b->t, queue_give_back(b->q, &b->t, &m, 0));
    }
    assert_int_equal(claim(b).deliveries, 3 * LAPSES_MAX + 1);
    assert_int_equal(stats_of(b, b->q).dead, 0);
}

/* Workers are processes that die at random with a lease in hand; every message is finished. */
static void a_worker_that_may_die(const char *url, unsigned seed)
{
    struct task t;
    task_init(&t, "worker");
    struct queue *q;
    if (queue_redis_open(&t, url, &q))
        _exit(3);
    for (int idle = 0; idle < 40;) {
        struct queue_message m;
        enum err e = queue_claim(q, &t, LANE_LIGHT, 20000, &m);
        idle = e ? idle + 1 : 0;
        seed = seed * 1103515245 + 12345;
        if (!e && seed >> 16 & 1 && seed >> 17 & 1 && seed >> 18 & 1)
            _exit(2);
        if (e)
            usleep(1000);
        else if (queue_finish(q, &t, &m) == ERR_INTERNAL)
            _exit(3);
    }
    _exit(0);
}

static pid_t start_worker(unsigned seed)
{
    pid_t worker = fork();
    if (worker == 0)
        a_worker_that_may_die(server.url, seed);
    return worker;
}

static void workers_that_die_lose_nothing(void **state)
{
    struct bench *b = *state;
    enum { MESSAGES = 200, WORKERS = 3 };
    int alive = WORKERS, died = 0, status;
    b->t.clock = &clock_real;
    for (int i = 0; i < MESSAGES; i++)
        assert_ok(&b->t, queue_push(b->q, &b->t, LANE_LIGHT, arena_format(b->t.arena, "%d", i), 0));
    for (int i = 0; i < WORKERS; i++)
        assert_true(start_worker((unsigned)i) > 0);
    while (alive > 0) {
        assert_true(wait(&status) > 0);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 3);
        bool fell = WEXITSTATUS(status) == 2;
        died += fell;
        alive -= !fell;
        if (fell)
            assert_true(start_worker((unsigned)died * 77) > 0);
    }
    struct queue_stats stats;
    assert_ok(&b->t, queue_stats(b->q, &b->t, LANE_LIGHT, &stats));
    assert_true(died > 5);
    assert_int_equal(stats.waiting + stats.leased + stats.dead, 0);
}

static void a_password_is_asked_for(void **state)
{
    struct bench *b = *state;
    struct redis_server locked = redis_server_start(0, "s3cret");
    struct queue *q = NULL;
    const char *bare = arena_format(b->t.arena, "redis://127.0.0.1:%d", locked.port);
    assert_err(queue_redis_open(&b->t, bare, &q), ERR_AUTH);
    assert_err(queue_redis_open(&b->t,
                                arena_format(b->t.arena, "redis://:wr%%6Fng@127.0.0.1:%d",
                                             locked.port), &q), ERR_AUTH);
    assert_null(strstr(b->t.fault.message, "wrong"));
    queue_close(open_at(b, locked.url));
    setenv("STORYREEL_REDIS_PASSWORD", "s3cret", 1);
    queue_close(open_at(b, bare));
    unsetenv("STORYREEL_REDIS_PASSWORD");
    redis_server_stop(&locked);
}

static void addresses_have_a_form(void **state)
{
    struct bench *b = *state;
    static const struct { const char *url, *host; int port, database; const char *user, *password,
                          *name; } good[] = {
        { "redis://cache", "cache", 6379, 0, "", "", "storyreel" },
        { "redis://cache:7000/3", "cache", 7000, 3, "", "", "storyreel" },
        { "redis://:p%40ss@[::1]:1/", "::1", 1, 0, "", "p@ss", "storyreel" },
        { "redis://me:a:b@h/2?name=night", "h", 6379, 2, "me", "a:b", "night" },
    };
    static const char *const bad[] = { "redis://", "http://h", "rediss://h", "redis://h:port",
                                       "redis://h:70000", "redis://h/x", "redis://h/1?nam=x",
                                       "redis://h?name=", "redis://h?name={a}", "redis://h/1x" };
    struct redis_place p;
    for (size_t i = 0; i < SUITE_COUNT(good); i++) {
        assert_ok(&b->t, redis_place_read(&b->t, good[i].url, NULL, &p));
        assert_string_equal(p.host, good[i].host);
        assert_int_equal(p.port, good[i].port);
        assert_int_equal(p.database, good[i].database);
        assert_string_equal(p.user, good[i].user);
        assert_string_equal(p.password, good[i].password);
        assert_string_equal(p.name, good[i].name);
    }
    for (size_t i = 0; i < SUITE_COUNT(bad); i++)
        assert_err(redis_place_read(&b->t, bad[i], NULL, &p), ERR_INVALID);
}

int main(void)
{
    static const struct suite_test tests[] = {
        SUITE_TEST(two_processes_share_it_and_two_names_do_not),
        SUITE_TEST(a_flushed_server_fits_no_old_receipt),
        SUITE_TEST(forgotten_scripts_and_closed_connections_are_made_anew),
        SUITE_TEST(what_others_push_is_heard),
        SUITE_TEST(a_server_that_goes_away_is_found_again),
        SUITE_TEST(a_node_that_was_demoted_is_left),
        SUITE_TEST(a_message_that_always_lapses_is_set_aside),
        SUITE_TEST(who_waits_on_purpose_is_never_set_aside),
        SUITE_TEST(workers_that_die_lose_nothing),
        SUITE_TEST(a_password_is_asked_for),
        SUITE_TEST(addresses_have_a_form),
    };
    static const char *const driver[] = { "redis" };
    server = redis_server_start(0, NULL);
    int failed = suite_run("queue on a Redis server", tests, SUITE_COUNT(tests), driver,
                           sizeof *driver, 1, set_up, tear_down);
    redis_server_stop(&server);
    return failed;
}
