#pragma once

/*
 * Workflows: graphs of nodes that somebody exported from ComfyUI (File, Export (API)), with
 * placeholders where a scene's own words and numbers go: "{{prompt}}".
 *
 * A text that is nothing but a placeholder becomes the value itself, with its type; one inside a
 * longer text becomes part of it. Only the inputs of nodes are looked at, links between nodes are
 * left alone, and what was filled in is not looked at again: a prompt may say "{{prompt}}".
 */

#include <jansson.h>

#include "base/task.h"

/* A new graph, the caller's. INVALID no graph in that form: `name` says whose it is. */
enum err workflow_read(struct task *t, const char *name, const char *text, json_t **out);

/* Every placeholder becomes its value, in place. INVALID names one that has no value. */
enum err workflow_fill(struct task *t, json_t *graph, const json_t *values);
