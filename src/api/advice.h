#pragma once

/* What to do next, for who reads it over HTTP: where a refusal names a command of the command line,
 * what that command does is said instead. */
const char *advice_over_http(const char *next);
