/* Refusals are worded once, below this room, and mostly for people at a terminal. Here are the
 * commands they name, by their beginnings; all other advice is for everybody. */
#include "api/advice.h"

#include <stddef.h>

#include "base/text.h"

static const struct {
    const char *command, *instead;
} table[] = {
    { "storyreel project decide", "decide in the project's ledger what becomes of the call: look "
                                  "for it again, buy it again, or give it up" },
    { "storyreel project ledger", "the project's ledger shows them" },
    { "storyreel project takes", "the scene's takes show them" },
    { "storyreel project show", "the project shows its scenes" },
    { "storyreel project list", "the list of projects shows what there is" },
    { "storyreel models", "the list of models shows those there are" },
    { "decide what becomes of it: project decide", "decide in the project's ledger what becomes of "
                                                   "it" },
};

const char *advice_over_http(const char *next)
{
    for (size_t i = 0; next && i < sizeof table / sizeof *table; i++) {
        if (text_starts(next, table[i].command))
            return table[i].instead;
    }
    return next;
}
