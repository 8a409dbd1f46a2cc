/*
 * JSON through the largest field table: whatever is accepted must survive being written and read again, unchanged, and
 * reading straight into place must say what reading through a tree of values says.
 */

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/task.h"
#include "draw/draw.h"

static void compare_with_tree(struct task *t, const char *text, size_t size, enum err straight, const char *spelled)
{
    struct draw_spec through;
    scoped(json) json_t *tree = json_loadb(text, size, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
    enum err e = tree ? fields_decode(t, draw_spec_fields, tree, &through) : ERR_INVALID;
    if (!e != !straight || (!e && strcmp(spelled, fields_encode_text(t->arena, draw_spec_fields, &through)) != 0))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct task t;
    struct draw_spec first, second;
    task_init(&t, "fuzz");
    enum err e = fields_decode_text(&t, draw_spec_fields, (const char *)data, size, &first);
    const char *once = e ? "" : fields_encode_text(t.arena, draw_spec_fields, &first);
    if (e != ERR_LIMIT)
        compare_with_tree(&t, (const char *)data, size, e, once);
    if (!e) {
        if (fields_decode_text(&t, draw_spec_fields, once, strlen(once), &second) != OK ||
            strcmp(once, fields_encode_text(t.arena, draw_spec_fields, &second)) != 0)
            abort();
    } else if (!*t.fault.message) {
        abort();                                  /* refused without a reason */
    }
    task_done(&t);
    return 0;
}
