#pragma once

/*
 * Models are "fake", "other", the same under another name, and "brief", which films two seconds at most.
 *
 * A project of a few scenes that are to be filmed by the fake provider, at 0.10 dollars a second, 4 seconds each. Jobs
 * run when the test says so, in its own thread; when nothing is due the clock goes on to what is due next.
 */

#include "fake_provider.h"
#include "flow/paid.h"
#include "scratch.h"
#include "test.h"

enum { PAID_SCENES = 2, PAID_SCENE_MICROS = 400000 };

struct paid_fixture {
    struct scratch scratch;
    struct task    task;
    struct clock   clock;
    struct flow    flow;
    bool           blocked; /* the board cannot be computed: a turn is not followed by what comes next */
};

/* In memory, or on files of the scratch folder; a new provider. */
void paid_begin(struct paid_fixture *f);
void paid_begin_on_disk(struct paid_fixture *f);
void paid_end(struct paid_fixture *f);

/* Another process opens the same files; the clock goes on from the provider's. */
void paid_open(struct paid_fixture *f, const char *worker);
void paid_close(struct paid_fixture *f);

/* The project, of one cap (below 0: none), with its scenes asked for. */
void paid_project(struct paid_fixture *f, double budget_usd);

/* What a process does when it begins: recover, and carry on. */
void paid_start(struct paid_fixture *f);

/* Until nothing is due any more, or `turns` turns were had; how many were. */
int paid_work(struct paid_fixture *f, int turns);

struct job paid_job(struct paid_fixture *f, int64_t sequence);
struct spend paid_spend(struct paid_fixture *f, int64_t sequence);      /* the last one of the scene */
struct project paid_load(struct paid_fixture *f);

/*
 * The provider's books and ours agree: each call it charged for is a row that says so, and each row that says so is
 * one it charged for; totals are the sums of the rows; nothing is open; every job has ended; a scene has at most one
 * take that was paid for, unless a row says what was wasted. Returns how many were bought twice.
 */
int paid_audit(struct paid_fixture *f);

/* How many calls were charged for although one of the same input had been already. */
int paid_count_twice(void);
