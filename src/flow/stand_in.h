#pragma once

/* Models that step in because the one before them cannot be asked: no key is there. Inside the room
 * only. */

#include "flow/flow.h"

/*
 * Scenes of a computed board whose take is to be made by a model without a key are given to the
 * next that the project allows and that can be asked, in memory: scene.fallback says who and why,
 * board.stood_in which scenes. The graph is then to be computed again. Without such a list, or
 * without one that can be asked, all stays as it is.
 */
void board_stand_in(const struct flow *f, struct task *t, struct board *b);

/* Is this take among what is asked for? */
typedef bool stand_in_wanted(const struct board *b, const struct artifact *take);

/* The records of those of board.stood_in that are wanted. CONFLICT when there were any: read again.
 */
enum err stand_ins_keep(const struct flow *f, struct task *t, const struct board *b,
                        stand_in_wanted *wanted);
