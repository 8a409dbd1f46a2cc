#pragma once

/* What people and programs are told about projects, scenes and what was made. */

#include "app/app.h"

/* Wait until a project has settled, showing progress. CANCELLED when interrupted; the project's own
 * fault on failure. */
enum err wait_for_project(struct task *t, struct app *a, const char *project_id, bool quiet);

/* What jobs finished since `since_iso`, by kind, made and reused. */
struct tally {
    int64_t made[ARTIFACT_KIND_COUNT], reused[ARTIFACT_KIND_COUNT];
};
enum err tally_jobs(struct task *t, struct app *a, const char *project_id, const char *since_iso,
                    struct tally *out);

/* "12 takes, 1 track and the film"; "nothing" */
const char *tally_text(struct task *t, const int64_t counts[ARTIFACT_KIND_COUNT]);
json_t *tally_json(const struct tally *tally);

/* The board as a table on standard output, and as JSON. */
void board_print(struct task *t, const struct board *b);
json_t *board_json(struct task *t, const struct board *b);

/* The computed plan: every artifact that is not current, with its cause; "everything is current".
 */
void plan_print(struct task *t, const struct board *b);
json_t *plan_json(struct task *t, const struct board *b);

/* What was paid for a project, or for counter_library; cmd_project_money.c. */
enum err ledger_show(struct task *t, struct app *a, const char *project_id, bool json);

/* One entry of it, with what the service really said. */
enum err ledger_entry_show(struct task *t, struct app *a, const char *project_id, const char *entry,
                           bool json);
