#include "flow/states.h"

static const char *const event_names[] = { "", "start", "complete", "fail", "rest" };

static const struct {
    int from;
    enum flow_event event;
    int to;
} rows[] = {
    { PROJECT_PENDING, EVENT_START, PROJECT_PROCESSING },
    { PROJECT_PROCESSING, EVENT_START, PROJECT_PROCESSING },
    { PROJECT_PROCESSING, EVENT_COMPLETE, PROJECT_COMPLETED },
    { PROJECT_PROCESSING, EVENT_FAIL, PROJECT_FAILED },
    { PROJECT_PROCESSING, EVENT_REST, PROJECT_PENDING },
    { PROJECT_FAILED, EVENT_START, PROJECT_PROCESSING },
    { PROJECT_COMPLETED, EVENT_START, PROJECT_PROCESSING },
};

enum err status_after(struct task *t, const char *what, int status, enum flow_event event, int *out)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].from == status && rows[i].event == event) {
            *out = rows[i].to;
            return OK;
        }
    }
    return fail(t, ERR_CONFLICT, "%s is %s, so it cannot %s", what, project_status_names[status],
                event_names[event]);
}
