#pragma once

/*
 * One line where the work is answered; lower rooms do not log failures, they return them.
 *
 *     log_line(LOG_INFO, t, "scene filmed", "scene=%d took_ms=%lld", sequence, took);
 *
 * To standard error: "12:04:09 info  scene filmed scene=7 took_ms=812 id=job-01H..." for people, or
 * one JSON object a line. The form is chosen once, at start-up, before any thread exists. Keys
 * never appear here.
 */

#include <stdbool.h>

#include "base/task.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR, LOG_SILENT };

void log_setup(enum log_level least, bool as_json);
void log_verbose(void); /* from LOG_DEBUG on; also before threads start */

void log_line(enum log_level level, const struct task *t, const char *sentence, const char *pairs,
              ...) __attribute__((format(printf, 4, 5)));
