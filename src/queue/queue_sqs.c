/*
 * SQS promises neither order, nor one message a key, nor delays of more than a quarter of an hour;
 * so messages are not in SQS. They are items of a table (sqs_list.h), each change one conditional
 * write, decided by the same small state machine as in queue_memory.c. SQS is the doorbell
 * (sqs_bells.h): it saves the looking, and may fail.
 *
 * What a process saw when it last looked at a lane is its *view*. It is believed while a poll of
 * the lane's bell is under way and for no longer than LOOK_US: until then a claim that can find
 * nothing asks nobody. What this process does itself ends the view, and so does a bell. When nobody
 * listens here, every claim looks.
 */
#include "queue/queue_sqs.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/text.h"
#include "queue/queue_driver.h"
#include "queue/sqs_bells.h"
#include "queue/sqs_list.h"

enum { TRIES = 16, PAGE = 10, LAPSES_MAX = 16, NAME_BYTES_MAX = 60 };
#define LOOK_US     (20 * SECOND_US)
#define GRACE_US    SECOND_US          /* what another process waits for is left to it so long */
#define CONTEND_US  (SECOND_US / 200)  /* a pause of those who met over one message */

struct view {
    bool known;
    int64_t seen_us;                  /* monotonic */
    int64_t due_us;                   /* when to look again; INT64_MAX: nothing is there */
    /* grows when something was done: what was read before is old */
    int64_t changes;
};

struct lane {
    pthread_mutex_t claiming;         /* one claim at a time looks at the table */
    pthread_mutex_t lock;             /* guards the view; never held while waiting */
    struct view view;
};

struct sqs_queue {
    struct queue queue;
    struct sqs_list list;
    struct sqs_bells *bells;
    struct lane lanes[LANE_COUNT];
    struct queue_ear ear;             /* set while no bell is listened to */
    _Atomic int64_t last_number;
    char worker[100];
};

static struct sqs_queue *sqs_queue(struct queue *q)
{
    return (struct sqs_queue *)q;
}

/*
 * Never given twice, and greater than all this process gave before: microseconds, and ten bits of
 * chance to tell processes apart. Good until 2255.
 */
static int64_t new_number(struct sqs_queue *s)
{
    uint64_t dice = 0;
    if (getrandom(&dice, sizeof dice, 0) < 0)
        dice = (uint64_t)getpid();
    int64_t number = clock_wall_us(&clock_real) << 10 | (int64_t)(dice & 1023);
    int64_t last = atomic_load(&s->last_number);
    do {
        number = number > last ? number : last + 1;
    } while (!atomic_compare_exchange_weak(&s->last_number, &last, number));
    return number;
}

/* ---- the view ---- */

static void end_view(struct sqs_queue *s, enum queue_lane lane)
{
    struct lane *l = &s->lanes[lane];
    pthread_mutex_lock(&l->lock);
    l->view.known = false;
    l->view.changes++;
    pthread_mutex_unlock(&l->lock);
}

static int64_t changes_now(struct sqs_queue *s, enum queue_lane lane)
{
    struct lane *l = &s->lanes[lane];
    pthread_mutex_lock(&l->lock);
    int64_t changes = l->view.changes;
    pthread_mutex_unlock(&l->lock);
    return changes;
}

/* The first of a lane as it was read when `changes` had been counted; NULL: the lane was empty. */
static void keep_view(struct sqs_queue *s, struct task *t, enum queue_lane lane, int64_t changes,
                      const struct sqs_entry *first)
{
    struct lane *l = &s->lanes[lane];
    bool mine = first && text_equal(first->worker, s->worker);
    pthread_mutex_lock(&l->lock);
    if (l->view.changes == changes) {
        l->view.known = true;
        l->view.seen_us = clock_monotonic_us(t->clock);
        l->view.due_us = !first                                     ? INT64_MAX
                         : mine                                     ? first->visible_us
                         : first->visible_us < INT64_MAX - GRACE_US ? first->visible_us + GRACE_US
                                                                    : INT64_MAX;
    }
    pthread_mutex_unlock(&l->lock);
}

/* When something may be due, where that is known without asking. */
static bool view_says(struct sqs_queue *s, struct task *t, enum queue_lane lane,
                      int64_t *out_due_us)
{
    struct lane *l = &s->lanes[lane];
    if (!sqs_bells_attended(s->bells, lane))
        return false;
    pthread_mutex_lock(&l->lock);
    struct view view = l->view;
    pthread_mutex_unlock(&l->lock);
    *out_due_us = view.due_us;
    return view.known && clock_monotonic_us(t->clock) - view.seen_us < LOOK_US;
}

/* ---- what becomes of a message ---- */

enum wish { WISH_PUSH, WISH_RENEW, WISH_FINISH, WISH_GIVE_BACK };

struct errand {
    enum wish wish;
    int64_t time_us, receipt;
};

enum outcome { OUTCOME_SAME, OUTCOME_CHANGED, OUTCOME_GONE, OUTCOME_LOST };

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void wait_until(struct sqs_entry *m, int64_t due_us)
{
    m->visible_us = due_us;
    m->again_us = INT64_MAX;
    m->receipt = m->lapses = 0;
}

static enum outcome push(struct sqs_entry *m, int64_t due_us, int64_t order)
{
    if (!m->stamp || m->dead) {
        *m = (struct sqs_entry){ .key = m->key, .worker = "", .order = order, .stamp = m->stamp };
        wait_until(m, due_us);
        return OUTCOME_CHANGED;
    }
    int64_t *due = m->receipt ? &m->again_us : &m->visible_us;
    bool sooner = due_us < *due;
    *due = earlier(*due, due_us);
    return sooner ? OUTCOME_CHANGED : OUTCOME_SAME;
}

static enum outcome finish(struct sqs_entry *m)
{
    if (m->again_us == INT64_MAX)
        return OUTCOME_GONE;
    wait_until(m, m->again_us);
    m->deliveries = 0;
    return OUTCOME_CHANGED;
}

static enum outcome decide(const struct errand *a, struct sqs_entry *m, int64_t order)
{
    if (a->wish == WISH_PUSH)
        return push(m, a->time_us, order);
    if (!m->stamp || m->dead || m->receipt != a->receipt)
        return OUTCOME_LOST;
    switch (a->wish) {
    case WISH_FINISH: return finish(m);
    case WISH_RENEW: m->visible_us = a->time_us; break;
    default: wait_until(m, earlier(m->again_us, a->time_us)); break;
    }
    return OUTCOME_CHANGED;
}

/* ---- doing it ---- */

/* Those who met over one message come apart again. */
static enum err contend(struct task *t, int tries)
{
    uint64_t dice = 0;
    if (getrandom(&dice, sizeof dice, 0) < 0)
        dice = 1;
    return task_pause(t, (int64_t)(dice % (uint64_t)(CONTEND_US << (tries < 6 ? tries : 6))));
}

/* *out is the message as it is afterwards. */
static enum err change(struct sqs_queue *s, struct task *t, enum queue_lane lane, const char *key,
                       const struct errand *a, struct sqs_entry *out, enum outcome *out_what)
{
    for (int i = 0; i < TRIES; i++) {
        struct sqs_entry old;
        bool done = false;
        enum err e = sqs_list_get(&s->list, t, lane, key, &old);
        if (e)
            return e;
        *out = old;
        *out_what = decide(a, out, new_number(s));
        if (*out_what == OUTCOME_SAME || *out_what == OUTCOME_LOST)
            return OK;
        out->stamp = new_number(s);
        e = sqs_list_swap(&s->list, t, lane, &old, *out_what == OUTCOME_GONE ? NULL : out, &done);
        if (!e && !done)
            e = contend(t, i);
        if (e || done)
            return e;
    }
    return fail(t, ERR_RATE, "the message %s is changed by too many at once", key);
}

/* Others are to look: now, or when it is due if SQS can wait so long. */
static void ring(struct sqs_queue *s, struct task *t, enum queue_lane lane,
                 const struct sqs_entry *m)
{
    int64_t delay_us = m->visible_us - clock_wall_us(t->clock);
    if (!m->receipt && delay_us <= SQS_DELAY_MAX_S * SECOND_US)
        sqs_bells_ring(s->bells, lane, m->key, delay_us);
}

static enum err sqs_push(struct queue *q, struct task *t, enum queue_lane lane, const char *key,
                         int64_t due_us)
{
    struct sqs_queue *s = sqs_queue(q);
    struct sqs_entry m;
    enum outcome what;
    enum err e = change(s, t, lane, key, &(struct errand){ WISH_PUSH, due_us, 0 }, &m, &what);
    end_view(s, lane);
    if (!e && what == OUTCOME_CHANGED)
        ring(s, t, lane, &m);
    return e;
}

static enum err change_leased(struct queue *q, struct task *t, const struct queue_message *m,
                              enum wish wish, int64_t time_us, struct sqs_entry *out)
{
    enum outcome what;
    const struct errand a = { wish, time_us, m->receipt };
    enum err e = change(sqs_queue(q), t, m->lane, m->key, &a, out, &what);
    if (wish != WISH_RENEW)
        end_view(sqs_queue(q), m->lane);
    return e || what != OUTCOME_LOST ? e : fail_lease_lost(t, m);
}

static enum err sqs_renew(struct queue *q, struct task *t, const struct queue_message *m,
                          int64_t lease_us)
{
    struct sqs_entry now;
    return change_leased(q, t, m, WISH_RENEW, clock_wall_us(t->clock) + lease_us, &now);
}

static enum err sqs_finish(struct queue *q, struct task *t, const struct queue_message *m)
{
    struct sqs_entry now;
    return change_leased(q, t, m, WISH_FINISH, 0, &now);
}

/* What is given back for later, this process looks at itself; what is due now may be given back
 * because it ends. */
static enum err sqs_give_back(struct queue *q, struct task *t, const struct queue_message *m,
                              int64_t due_us)
{
    struct sqs_entry now;
    enum err e = change_leased(q, t, m, WISH_GIVE_BACK, due_us, &now);
    if (!e && now.visible_us <= clock_wall_us(t->clock))
        ring(sqs_queue(q), t, m->lane, &now);
    return e;
}

/* ---- claiming ---- */

static size_t due_count(const struct sqs_entry *page, size_t count, int64_t now_us)
{
    size_t due = 0;
    while (due < count && page[due].visible_us <= now_us)
        due++;
    return due;
}

/* Lease it, or set it aside; false when somebody was faster. */
static enum err lease(struct sqs_queue *s, struct task *t, enum queue_lane lane,
                      const struct sqs_entry *old, int64_t until_us, struct sqs_entry *now,
                      bool *out_done)
{
    *now = *old;
    now->lapses += old->receipt != 0;
    now->dead = now->lapses > LAPSES_MAX;
    now->stamp = new_number(s);
    if (!now->dead) {
        now->visible_us = until_us;
        now->again_us = INT64_MAX;     /* what was pushed before this claim is answered by it */
        now->receipt = new_number(s);
        now->deliveries++;
        now->worker = s->worker;
    }
    return sqs_list_swap(&s->list, t, lane, old, now, out_done);
}

/* The first; after somebody else was faster any that is due, so that not all meet over the next. */
static size_t choose(struct sqs_queue *s, size_t due, int lost)
{
    return lost ? (size_t)(new_number(s) & 1023) % due : 0;
}

static enum err claim_one(struct sqs_queue *s, struct task *t, enum queue_lane lane,
                          int64_t lease_us, struct queue_message *out)
{
    int64_t now_us = clock_wall_us(t->clock);
    for (int lost = 0; lost < TRIES;) {
        struct sqs_entry page[PAGE], taken;
        size_t count = 0;
        int64_t changes = changes_now(s, lane);
        enum err e = sqs_list_first(&s->list, t, lane, PAGE, page, &count);
        size_t due = e ? 0 : due_count(page, count, now_us);
        if (!e && !due)
            keep_view(s, t, lane, changes, count ? page : NULL);
        if (e || !due)
            return e ? e : fail_nothing_due(t);
        bool done = false;
        e = lease(s, t, lane, &page[choose(s, due, lost)], now_us + lease_us, &taken, &done);
        if (e)
            return e;
        end_view(s, lane);
        lost += !done;
        if (done && !taken.dead) {
            *out = (struct queue_message){ .key = taken.key, .lane = lane,
                                           .receipt = taken.receipt,
                                           .deliveries = taken.deliveries };
            return OK;
        }
    }
    return fail_nothing_due(t);        /* for us: others took whatever we reached for */
}

static enum err sqs_claim(struct queue *q, struct task *t, enum queue_lane lane, int64_t lease_us,
                          struct queue_message *out)
{
    struct sqs_queue *s = sqs_queue(q);
    int64_t due_us;
    pthread_mutex_lock(&s->lanes[lane].claiming);
    bool idle = view_says(s, t, lane, &due_us) && due_us > clock_wall_us(t->clock);
    enum err e = idle ? fail_nothing_due(t) : claim_one(s, t, lane, lease_us, out);
    pthread_mutex_unlock(&s->lanes[lane].claiming);
    return e;
}

/* ---- looking ---- */

static enum err sqs_next_due(struct queue *q, struct task *t, enum queue_lane lane, int64_t *out_us)
{
    struct sqs_queue *s = sqs_queue(q);
    struct sqs_entry first;
    size_t count = 0;
    if (view_says(s, t, lane, out_us))
        return OK;
    enum err e = sqs_list_first(&s->list, t, lane, 1, &first, &count);
    if (!e)
        *out_us = count ? first.visible_us : INT64_MAX;
    return e;
}

static enum err sqs_stats(struct queue *q, struct task *t, enum queue_lane lane,
                          struct queue_stats *out)
{
    return sqs_list_stats(&sqs_queue(q)->list, t, lane, clock_wall_us(t->clock), out);
}

static enum err sqs_check(struct queue *q, struct task *t)
{
    return sqs_bells_check(sqs_queue(q)->bells, t);
}

/* ---- listening ---- */

static void heard(void *context, enum queue_lane lane)
{
    struct sqs_queue *s = context;
    end_view(s, lane);
    s->ear.ring(s->ear.context);
}

static void sqs_listen(struct queue *q, const struct queue_ear *ear)
{
    struct sqs_queue *s = sqs_queue(q);
    sqs_bells_listen(s->bells, NULL);
    if (!ear)
        return;
    s->ear = *ear;
    sqs_bells_listen(s->bells, &(struct sqs_listener){ heard, s });
}

static void sqs_idle(struct queue *q, enum queue_lane lane, int change)
{
    sqs_bells_idle(sqs_queue(q)->bells, lane, change);
}

/* ---- opening ---- */

static void sqs_close(struct queue *q)
{
    struct sqs_queue *s = sqs_queue(q);
    sqs_bells_close(s->bells);
    sqs_list_done(&s->list);
    for (enum queue_lane lane = LANE_LIGHT; lane < LANE_COUNT; lane++) {
        pthread_mutex_destroy(&s->lanes[lane].claiming);
        pthread_mutex_destroy(&s->lanes[lane].lock);
    }
    free(s);
}

static const struct queue_driver sqs_driver = {
    .name      = "sqs",
    .push      = sqs_push,
    .claim     = sqs_claim,
    .renew     = sqs_renew,
    .finish    = sqs_finish,
    .give_back = sqs_give_back,
    .next_due  = sqs_next_due,
    .stats     = sqs_stats,
    .check     = sqs_check,
    .listen    = sqs_listen,
    .idle      = sqs_idle,
    .close     = sqs_close,
};

static enum err check_name(struct task *t, const char *name)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    size_t bytes = strlen(name);
    return bytes >= 1 && bytes <= NAME_BYTES_MAX && strspn(name, letters) == bytes
               ? OK
               : refuse(t, ERR_INVALID, "write STORYREEL_QUEUE=sqs://NAME",
                        "\"%.80s\" is no name for queues at SQS: 1 to %d letters, digits, - and _",
                        name, NAME_BYTES_MAX);
}

static struct sqs_queue *new_queue(void)
{
    char host[64] = "";
    struct sqs_queue *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    gethostname(host, sizeof host - 1);
    snprintf(s->worker, sizeof s->worker, "%s:%d", host, (int)getpid());
    s->queue.driver = &sqs_driver;
    for (enum queue_lane lane = LANE_LIGHT; lane < LANE_COUNT; lane++) {
        pthread_mutex_init(&s->lanes[lane].claiming, NULL);
        pthread_mutex_init(&s->lanes[lane].lock, NULL);
    }
    return s;
}

enum err queue_sqs_open(struct task *t, struct aws_account *account, const char *name,
                        struct queue **out)
{
    struct sqs_entry first;
    size_t count;
    enum err e = check_name(t, name);
    if (e)
        return e;
    struct sqs_queue *s = new_queue();
    e = sqs_list_open(t, account, name, &s->list);
    if (!e)
        e = sqs_list_first(&s->list, t, LANE_LIGHT, 1, &first, &count);
    if (!e)
        e = sqs_bells_open(t, account, name, &s->bells);
    if (e) {
        sqs_close(&s->queue);
        return e;
    }
    *out = &s->queue;
    return OK;
}

enum err queue_sqs_see_to(struct task *t, struct aws_account *account, const char *name,
                          bool change_it, struct aws_findings *out)
{
    enum err e = check_name(t, name);
    if (!e)
        e = sqs_list_see_to(t, account, name, change_it, out);
    return e ? e : sqs_bells_see_to(t, account, name, change_it, out);
}
