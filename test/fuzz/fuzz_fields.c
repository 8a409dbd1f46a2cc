/*
 * JSON through the largest field table: whatever is accepted must survive being written and read again, unchanged.
 */

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/task.h"
#include "draw/draw.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct task t;
    struct draw_spec first, second;
    task_init(&t, "fuzz");
    if (fields_decode_text(&t, draw_spec_fields, (const char *)data, size, &first) == OK) {
        const char *once = fields_encode_text(t.arena, draw_spec_fields, &first);
        if (fields_decode_text(&t, draw_spec_fields, once, strlen(once), &second) != OK ||
            strcmp(once, fields_encode_text(t.arena, draw_spec_fields, &second)) != 0)
            abort();
    } else if (!*t.fault.message) {
        abort();                                  /* refused without a reason */
    }
    task_done(&t);
    return 0;
}
