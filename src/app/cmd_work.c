/* storyreel work: workers without a server, on as many machines as there is work for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/app.h"
#include "base/log.h"
#include "base/text.h"

struct work {
    struct common common;
    const char *lanes;
    int64_t workers;
    bool json_log;
};

static const char *const lane_names[] = { "", "light", "cpu", "wait", NULL };

/* "cpu,wait" as bits. */
static enum err read_lanes(struct task *t, const char *list, unsigned *out)
{
    *out = 0;
    for (const char *at = list ? list : ""; *at; at += strspn(at, ",")) {
        size_t bytes = strcspn(at, ",");
        const char *name = arena_copy_n(t->arena, at, bytes);
        int lane = names_index(lane_names, name);
        if (lane < 1)
            return fail_at(t,
                           refuse(t, ERR_INVALID,
                                  "use light (planning), cpu (rendering) or wait (providers)",
                                  "there is no lane \"%s\"", name),
                           "lanes");
        *out |= 1u << lane;
        at += bytes;
    }
    return OK;
}

static enum err wait_for_signal(struct task *t, struct app *a)
{
    while (!atomic_load(&app_interrupted)) {
        if (workers_fault(a->workers, &t->fault))
            return t->fault.code;
        usleep(100 * 1000);
    }
    return OK;
}

static enum err work_on(struct task *t, const struct work *w, struct app *a)
{
    enum err e = read_lanes(t, w->lanes, &a->lanes);
    a->worker_count = (int)w->workers;
    if (!e)
        e = app_work(t, a, NULL);
    if (e)
        return e;
    if (w->common.json)
        print_json(json_pack("{ss}", "worker", a->flow.worker));
    else
        printf("Storyreel works as %s\n", a->flow.worker);
    fflush(stdout);
    e = wait_for_signal(t, a);
    log_line(LOG_INFO, NULL, "shutting down", "worker=%s", a->flow.worker);
    return e;
}

static enum err work(struct task *t, int argc, char **argv)
{
    struct work w = { 0 };
    const struct option options[] = {
        { "workers", "N", OPTION_INT, &w.workers, "threads that render (one a core)", 'w' },
        { "lanes", "LANE,...", OPTION_TEXT, &w.lanes,
          "light (planning), cpu (rendering), wait (providers); all when left out", 'l' },
        { "json-log", NULL, OPTION_FLAG, &w.json_log, "log one JSON object a line", 0 },
        COMMON_OPTIONS(w.common)
    };
    struct words words;
    struct app a;
    enum err e = options_read(t, options, argc, argv, &words);
    if (e)
        return e;
    if (w.common.help)
        return command_help(&command_work, options);
    if (words.count > 0 || w.workers < 0)
        return refuse(t, ERR_INVALID, "storyreel work --help lists the options",
                      "work takes options only, and no negative numbers");
    log_setup(w.common.verbose ? LOG_DEBUG : LOG_INFO, w.json_log);
    e = app_open(t, &w.common, &a);
    if (!e) {
        e = work_on(t, &w, &a);
        app_close(&a);
    }
    return e;
}

const struct command command_work = {
    "work",
    "[--lanes LANE,...]",
    "workers without a server, for more machines",
    work,
};
