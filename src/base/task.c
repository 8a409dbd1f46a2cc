#include "base/task.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

void task_init(struct task *t, const char *id)
{
    *t = (struct task){
        .arena = arena_new(), .id = id, .clock = &clock_real, .deadline_us = INT64_MAX,
    };
}

void task_done(struct task *t)
{
    arena_free(t->arena);
    t->arena = NULL;
}

enum err task_over(struct task *t)
{
    if (t->cancelled && atomic_load_explicit(t->cancelled, memory_order_relaxed))
        return fail(t, ERR_CANCELLED, "it was cancelled");
    if (t->deadline_us != INT64_MAX && clock_monotonic_us(t->clock) >= t->deadline_us)
        return fail(t, ERR_TIMEOUT, "it took longer than it may");
    return OK;
}

/* In short naps, so that a task that ends is noticed. */
enum err task_pause(struct task *t, int64_t pause_us)
{
    enum err e = task_over(t);
    for (int64_t nap_us = SECOND_US / 10; pause_us > 0 && !e; pause_us -= nap_us) {
        int64_t us = pause_us < nap_us ? pause_us : nap_us;
        struct timespec nap = { us / SECOND_US, us % SECOND_US * 1000 };
        nanosleep(&nap, NULL);
        e = task_over(t);
    }
    return e;
}

static void fault_set(struct fault *f, enum err code, const char *next, const char *format,
                      va_list args)
{
    f->code     = code;
    f->field[0] = '\0';
    f->wait_us  = 0;
    f->house    = false;
    vsnprintf(f->message, sizeof f->message, format, args);
    snprintf(f->next, sizeof f->next, "%s", next);
}

enum err fail(struct task *t, enum err code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fault_set(&t->fault, code, "", format, args);
    va_end(args);
    return code;
}

enum err refuse(struct task *t, enum err code, const char *next, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fault_set(&t->fault, code, next, format, args);
    va_end(args);
    return code;
}

enum err fail_at(struct task *t, enum err code, const char *field)
{
    snprintf(t->fault.field, sizeof t->fault.field, "%s", field);
    return code;
}

enum err fail_errno(struct task *t, int error_number, const char *doing, const char *what)
{
    const char *why = strerror(error_number);
    switch (error_number) {
    case ENOSPC:
    case EDQUOT:
        return refuse(t, ERR_FULL, "free some space there and run it again; finished work is kept",
                      "cannot %s %s: %s", doing, what, why);
    case EROFS:
        return refuse(t, ERR_FULL,
                      "choose a folder that can be written, for example with --data DIR",
                      "cannot %s %s: %s", doing, what, why);
    case EFBIG:
        return refuse(t, ERR_FULL, "raise the file size limit (ulimit -f)", "cannot %s %s: %s",
                      doing, what, why);
    case ENOENT:
    case ENOTDIR:
        return refuse(t, ERR_NOT_FOUND, "check the path", "cannot %s %s: %s", doing, what, why);
    case EACCES:
    case EPERM:
        return refuse(t, ERR_FORBIDDEN, "check who may read and write there", "cannot %s %s: %s",
                      doing, what, why);
    default:
        return fail(t, ERR_INTERNAL, "cannot %s %s: %s", doing, what, why);
    }
}
