#pragma once

/*
 * Files of strangers through media operations, as in the media child but in this process: an operation answers or
 * gives a reason. Files come as descriptors; these have no name and no disk.
 */

#include "media/media_fields.h"
#include "media/media_op.h"

struct door {
    const struct media_op *op;
    const void            *request;       /* what a sensible caller would ask; NULL where there is nothing to ask */
};

/* Every door on the same bytes. */
void doors_try(const struct door *doors, size_t count, const uint8_t *data, size_t size);
