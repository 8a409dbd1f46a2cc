#pragma once

/*
 * The errors of the whole program, said once.
 *
 * The map is the single place where an error's HTTP status, retry policy and exit code are decided.
 * Detail for people travels beside the code, in struct fault (task.h); foreign codes are translated
 * in the room that speaks the foreign language and never leave it.
 */

#include <stdbool.h>

#define ERR_MAP(X)                                                                              \
    /* name       http  retry  exit  what the caller is told */                                 \
    X(INVALID,     400, false, 2, "the request is not valid")                                   \
    X(AUTH,        401, false, 1, "the key or token is missing or wrong")                       \
    X(BUDGET,      402, false, 3, "the budget does not cover it")                               \
    X(CREDIT,      402, false, 1, "the account at the provider has no credit left")             \
    X(FORBIDDEN,   403, false, 1, "this is not allowed")                                        \
    X(NOT_FOUND,   404, false, 1, "there is no such thing")                                     \
    X(METHOD,      405, false, 1, "this cannot be done to it")                                  \
    X(CONFLICT,    409, false, 1, "it changed meanwhile")                                       \
    X(EXPIRED,     410, false, 1, "it was there and is not any more")                           \
    X(LIMIT,       413, false, 1, "it is larger than what is accepted")                         \
    X(TYPE,        415, false, 1, "the body is of a type that is not accepted")                 \
    X(RANGE,       416, false, 1, "the range lies outside the file")                            \
    X(IMPOSSIBLE,  422, false, 1, "the request is well formed but cannot be met")               \
    X(MEDIA,       422, false, 1, "the file cannot be read as media")                           \
    X(REFUSED,     422, false, 1, "the provider refused the content")                           \
    X(HEADER,      431, false, 1, "the header of the request is larger than what is accepted") \
    X(RATE,        429, true,  1, "too many requests")                                          \
    X(CANCELLED,   499, false, 1, "it was cancelled")                                           \
    X(INTERNAL,    500, false, 1, "something broke on our side")                                \
    X(UPSTREAM,    502, true,  1, "a service we depend on failed")                              \
    X(UNAVAILABLE, 503, true,  1, "it is not available right now")                              \
    X(TIMEOUT,     504, true,  1, "it took too long")                                           \
    X(FULL,        507, false, 1, "the disk is full or read-only")                              \
    X(RECONCILE,   409, false, 4, "a person has to decide")

enum [[nodiscard]] err {
    OK = 0,
#define X(name, http, retry, exit, text) ERR_##name,
    ERR_MAP(X)
#undef X
    ERR_COUNT,
};

/* "INVALID", ...; "OK" for OK. Never NULL. */
const char *err_name(enum err e);

/* The inverse of err_name(), for errors that crossed a process boundary; unknown names are
 * ERR_INTERNAL. */
enum err err_from_name(const char *name);

/* What the caller is told when nothing better is known. */
const char *err_text(enum err e);

int  err_http_status(enum err e);
int  err_exit_code(enum err e);
bool err_may_retry(enum err e);
