#pragma once

/*
 * How far a film is: one line that redraws itself on a terminal, a plain line for each thing done
 * otherwise, nothing with --json.
 */

#include "app/app.h"

struct progress {
    bool quiet, terminal;
    int64_t started_us;
    double first_share; /* what was there already when we began */
    bool has_first;
    int64_t takes_said; /* plain lines: how many takes have been announced */
    const char *stage_said;
    bool drawn;
};

void progress_begin(struct progress *p, bool quiet);
void progress_show(struct progress *p, struct task *t, const struct board *b, struct workers *w);
void progress_end(struct progress *p);

/* 0..1 of the work of a film, weighted by what each part costs. */
double progress_share(const struct board *b, struct workers *w);
