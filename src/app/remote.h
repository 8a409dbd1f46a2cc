#pragma once

/*
 * storyreel project VERB where a server owns the project: the same words, asked of its API. So the
 * command line and the server never fight over one data folder.
 */

#include "app/cmd_project.h"

struct remote {
    const char *url, *token; /* url without a slash at its end; token "" for none */
};

/* What `storyreel serve` leaves in its data folder while it runs: server.json, mode 0600. */
enum err remote_announce(struct task *t, const char *data_folder, const struct remote *r);
void remote_withdraw(struct task *t, const char *data_folder);

/* The server of a data folder; NOT_FOUND when it has said nothing. */
enum err remote_of_folder(struct task *t, const char *data_folder, struct remote *out);

/*
 * Run a verb there. `words` begins with the verb, and has been checked for its number.
 * Errors   what the server refuses, in its own words; UNAVAILABLE it does not answer; IMPOSSIBLE a
 *          verb that has no counterpart in the API
 */
enum err remote_run(struct task *t, const struct remote *r, const struct project_options *o,
                    const struct words *words);
