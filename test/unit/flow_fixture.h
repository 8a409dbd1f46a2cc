#pragma once

/*
 * Projects on memory drivers, with a clock that the test moves and a video driver that films nothing: it hands back a
 * few bytes and says what they would have been, or fails when told to. Jobs run when the test says so, in its own
 * thread.
 */

#include "flow/jobs.h"
#include "flow/scenes.h"
#include "store/store_driver.h"
#include "test.h"

struct flow_fixture {
    struct task        task;
    struct clock       clock;
    struct flow        flow;
    struct store_flaky flaky;            /* over the store; fails nothing until told to */
    struct store      *store;            /* under it */
};

void flow_fixture_begin(struct flow_fixture *f);
void flow_fixture_end(struct flow_fixture *f);

/* The video driver refuses every take from now on; films again. */
extern bool fixture_filming_fails;
extern int  fixture_takes_filmed;

/* An advertisement of 20 seconds: no song, so that nothing has to be listened to. */
struct project_request fixture_request(void);
const char *fixture_project(struct flow_fixture *f);         /* its id */
const char *fixture_planned(struct flow_fixture *f);         /* with its scenes */
const char *fixture_filmed(struct flow_fixture *f);          /* with a take and a clip of each scene */

/* Run what is queued until nothing is, as workers do. Kinds that need the media child are left (track, film). */
void fixture_work(struct flow_fixture *f);

struct project fixture_load(struct flow_fixture *f, const char *id);
struct board fixture_board(struct flow_fixture *f, const char *id);

/* Everything there is: records of projects, notes of leftovers, blobs. For "nothing stayed behind". */
struct fixture_count {
    size_t projects, leftovers, blobs;
};
struct fixture_count fixture_count(struct flow_fixture *f);
size_t fixture_blobs(struct flow_fixture *f, const char *prefix);

#define assert_refused(f, call, code, wanted_field)                                                     \
    do {                                                                                                \
        assert_err(call, code);                                                                         \
        assert_string_equal((f)->task.fault.field, wanted_field);                                       \
        assert_true((f)->task.fault.message[0] && (f)->task.fault.message[strlen((f)->task.fault.message) - 1] != '.'); \
    } while (0)
