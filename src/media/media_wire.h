#pragma once

/*
 * What crosses between the program and its media child: messages over a stream socket, host byte
 * order.
 *
 *     program -> child     START (struct wire_start), FILES (nothing but more descriptors) ...,
 *                          REQUEST (JSON)
 *     child -> program     PROGRESS (uint32 permille) ..., then one of REPLY (JSON) or FAULT (JSON)
 *
 * Descriptors ride on the heads of START and FILES (SCM_RIGHTS), inputs first, the output last: no
 * numbers to agree on, and the same for a child that was not started for this call.
 */

#include <stdint.h>

#include "base/fields.h"

enum wire_kind {
    WIRE_START = 1,
    WIRE_FILES,
    WIRE_REQUEST,
    WIRE_PROGRESS,
    WIRE_REPLY,
    WIRE_FAULT,
};

enum {
    WIRE_SOCKET     = 3,            /* where the child finds its end */
    WIRE_FILES_MAX  = 250,          /* a message; Linux carries 253 */
};

struct wire_head {
    uint32_t kind, bytes;           /* enum wire_kind; length of what follows */
};

struct wire_start {
    char     op[24];
    uint32_t in_count, out_count;   /* out_count 0 or 1 */
    uint32_t cpu_seconds;           /* what the child grants itself */
};

struct wire_fault {
    const char *code, *message, *next, *field;
};
extern const struct field wire_fault_fields[];
