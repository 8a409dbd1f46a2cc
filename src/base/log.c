#include "base/log.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/fields.h"

/* Written once by log_setup() before threads start, read-only afterwards. */
static enum log_level least_level = LOG_WARN;
static bool           write_json;

static const char *const level_names[] = { "debug", "info", "warn", "error", "" };

void log_setup(enum log_level least, bool as_json)
{
    least_level = least;
    write_json  = as_json;
}

void log_verbose(void)
{
    least_level = LOG_DEBUG;
}

static void write_as_json(enum log_level level, const char *id, const char *when,
                          const char *sentence, const char *pairs)
{
    scoped(json) json_t *line =
        json_pack("{ss ss ss ss ss}", "time", when, "level", level_names[level], "message",
                  sentence, "detail", pairs, "id", id);
    scoped(heap) char *text = line ? json_dumps(line, JSON_COMPACT) : NULL;
    if (text)
        fprintf(stderr, "%s\n", text);
}

void log_line(enum log_level level, const struct task *t, const char *sentence, const char *pairs,
              ...)
{
    if (level < least_level)
        return;
    char detail[1024];
    va_list args;
    va_start(args, pairs);
    vsnprintf(detail, sizeof detail, pairs, args);
    va_end(args);

    struct arena *a = arena_new();
    const char *when = time_iso8601(a, clock_wall_us(&clock_real)), *id = t && t->id ? t->id : "";
    if (write_json)
        write_as_json(level, id, when, sentence, detail);
    else
        fprintf(stderr, "%.8s %-5s %s %s%s%s\n", when + 11, level_names[level], sentence, detail,
                *id ? " id=" : "", id);
    arena_free(a);
}
