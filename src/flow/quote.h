#pragma once

/* Prices said to people: what a plan costs, and what else could be done with the money there is. */

#include "flow/flow.h"

/*
 * As spend_check() for making `usd` dollars' worth of this board; the refusal's next action names
 * what would cover it: the budget it takes, or the models that cost less and what they cost.
 */
enum err quote_check(const struct flow *f, struct task *t, const struct board *b, double usd);
