#pragma once

/*
 * YAML files (styles, modes, model descriptors) as JSON values, so that the tables of fields.h
 * decode them too.
 *
 * A careful subset: one document of mappings, sequences and scalars. Plain scalars get their type
 * from the YAML 1.2 core schema (null, true, false, whole numbers in base 10, 0o8 and 0x10,
 * decimals); quoted and block scalars are always text, so `no`, `on` and `12:30` stay what they
 * look like. Keys are text. Anchors, aliases, tags, repeated keys, several documents, infinity and
 * not-a-number are refused.
 *
 * Source   yaml.org/spec/1.2.2, 10.3.2 (the core schema)
 * Threads  any; touches only its arguments
 */

#include <jansson.h>

#include "base/file.h"
#include "base/task.h"

/*
 * name    what the text is called in messages: its path
 * out     a new reference; the caller's, as in scoped(json)
 *
 * Errors  INVALID with "NAME:LINE:COLUMN: what is wrong"; LIMIT past YAML_BYTES_MAX or
 *         JSON_DEPTH_MAX
 */
enum err yaml_read(struct task *t, const char *name, struct bytes text, json_t **out);
