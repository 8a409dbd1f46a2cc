/*
 * FFmpeg explains itself only through its log, so the last line of level ERROR is kept per thread
 * and ends up in the sentence the user reads: "cannot open the file: moov atom not found" says more
 * than the error number does.
 */
#include "media/av_error.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <libavutil/error.h>
#include <libavutil/log.h>

static _Thread_local char last_complaint[160];

static void remember(void *context, int level, const char *format, va_list args)
{
    (void)context;
    if (level > AV_LOG_ERROR)
        return;
    vsnprintf(last_complaint, sizeof last_complaint, format, args);
    size_t length = strlen(last_complaint);
    while (length > 0 && (isspace((unsigned char)last_complaint[length - 1]) ||
                          last_complaint[length - 1] == '.'))
        last_complaint[--length] = '\0';
    for (char *c = last_complaint; *c; c++) {
        if ((unsigned char)*c < ' ' || (unsigned char)*c > '~')
            *c = '?';
    }
}

void av_log_to_faults(void)
{
    last_complaint[0] = '\0';
    av_log_set_callback(remember);
}

static enum err code_from_av(int rc)
{
    switch (rc) {
    case AVERROR(ENOMEM): return ERR_LIMIT;
    case AVERROR(ENOSPC):
    case AVERROR(EDQUOT): return ERR_FULL;
    default:              return ERR_MEDIA;
    }
}

enum err err_from_av(struct task *t, int rc, const char *doing)
{
    if (rc == AVERROR_EXIT && task_over(t))
        return t->fault.code;
    char why[AV_ERROR_MAX_STRING_SIZE];
    av_strerror(rc, why, sizeof why);
    const char *detail = last_complaint[0] ? last_complaint : why;
    enum err e = fail(t, code_from_av(rc), "cannot %s: %s", doing, detail);
    last_complaint[0] = '\0';
    return e;
}
