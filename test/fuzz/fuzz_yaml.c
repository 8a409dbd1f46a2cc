/* YAML, as in styles, modes and models that people write: a value that JSON can hold, or a reason. */

#include "fuzz.h"

#include <stdlib.h>

#include "base/fields.h"
#include "base/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct task t;
    task_init(&t, "fuzz");
    scoped(json) json_t *value = NULL;
    enum err e = yaml_read(&t, "fuzz.yaml", (struct bytes){ data, size }, &value);
    if (e ? !*t.fault.message : !value)
        abort();
    task_done(&t);
    return 0;
}
