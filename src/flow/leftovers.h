#pragma once

/*
 * Files that nothing points at, for as long as that may be so.
 *
 * A file is stored before the record that names it, and outlives the record that named it; a crash
 * in between would leave it for ever. So a note goes first: the note is made before the file and
 * deleted in the transaction that names it, or made in the transaction that forgets it and deleted
 * after the file is gone. At start-up whatever a note speaks of is looked at: files that no record
 * of their project names are removed, and a project without its own record goes whole. So do the
 * scenes of an earlier plan, which the project's order does not name any more.
 *
 *     leftover  LEFTOVER#ulid   NOTE   index: LEFTOVER, createdAt
 */

#include "flow/flow.h"

struct leftover {
    const char *id, *project_id;
    const char **keys; /* of the project; with a '/' at the end all keys of that folder */
    size_t key_count;
    const char *created_at;
};

/* The project's whole folder: "mv/projects/ID/". */
const char *project_folder(struct task *t, const char *project_id);

/* A note of nothing yet; keys and folders are added before it is written. */
struct leftover leftover_new(struct task *t, const char *project_id);
void leftover_add(struct task *t, struct leftover *l, const char *key);

/* One row of a transaction each: making the note, deleting it. */
struct item_write leftover_write(struct task *t, const struct leftover *l);
struct item_write leftover_gone(struct task *t, const struct leftover *l);

/* The note by itself, before the files. */
enum err leftover_save(const struct flow *f, struct task *t, const struct leftover *l);

/* Remove what the note speaks of and nothing names, then the note. */
enum err leftover_clear(const struct flow *f, struct task *t, const struct leftover *l);

/* After a failure: the same as far as it can be done; the fault that is there stays. Hands `why`
 * back. */
enum err leftover_undo(const struct flow *f, struct task *t, const struct leftover *l,
                       enum err why);

/* At start-up: all notes made longer ago than that. */
enum err leftovers_sweep(const struct flow *f, struct task *t, int64_t older_than_us);
