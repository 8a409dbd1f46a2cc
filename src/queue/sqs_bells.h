#pragma once

/*
 * Doorbells on Amazon SQS, one queue a lane: who pushes rings, and one of those who wait elsewhere
 * hears it within milliseconds. A bell says nothing but "look at the list", so that one that is
 * lost, late or heard twice does no harm. Inside the room only.
 *
 * Queues   NAME-light, NAME-cpu, NAME-wait; what was heard and not answered so many times that
 *          something must be wrong goes to NAME-dead
 * Threads  any; one of its own rings, and while somebody listens one for each lane hears
 */

#include "net/aws_findings.h"
#include "queue/queue.h"
#include "queue/sqs.h"

struct sqs_bells;

/* Who is told: `heard` from a thread of the bells', for a bell and for each poll that fails. */
struct sqs_listener {
    void (*heard)(void *context, enum queue_lane lane);
    void  *context;
};

/* Looks for the queues: UNAVAILABLE names the one that is missing, AUTH, FORBIDDEN. When SQS cannot
 * be reached for now it opens all the same, and looks for them later. */
enum err sqs_bells_open(struct task *t, struct aws_account *account, const char *name,
                        struct sqs_bells **out);
void sqs_bells_close(struct sqs_bells *b); /* waits two seconds at most for those yet to be rung */

enum { SQS_DELAY_MAX_S = 900 };

/* After delay_us (0: now; at most SQS_DELAY_MAX_S), soon and at some later time: never waits, and
 * never fails. `key` is for people who look into the queue. */
void sqs_bells_ring(struct sqs_bells *b, enum queue_lane lane, const char *key, int64_t delay_us);

/* NULL: no more. */
void sqs_bells_listen(struct sqs_bells *b, const struct sqs_listener *listener);
void sqs_bells_idle(struct sqs_bells *b, enum queue_lane lane, int change);

/* Whether a bell that is rung now would be heard here or elsewhere, so that nobody has to look by
 * himself: a poll is under way. */
bool sqs_bells_attended(struct sqs_bells *b, enum queue_lane lane);

/* Whether SQS answers and all three are there: else as sqs_bells_open(), or UPSTREAM, TIMEOUT. */
enum err sqs_bells_check(struct sqs_bells *b, struct task *t);

/* The queues made, or looked at. */
enum err sqs_bells_see_to(struct task *t, struct aws_account *account, const char *name,
                          bool change, struct aws_findings *out);
