#pragma once

/*
 * libcurl, loaded when the first address is looked at. Inside the room only.
 *
 * It brings thirty libraries along, and to load them takes 8 ms of every start of the program: of
 * each media child, and of every command that calls nobody (5 ms become 14).
 */

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include "base/task.h"

#define CURL_FUNCTIONS(X)                                                                          \
    X(curl_global_init)                                                                            \
    X(curl_easy_init)                                                                              \
    X(curl_easy_setopt)                                                                            \
    X(curl_easy_perform)                                                                           \
    X(curl_easy_getinfo)                                                                           \
    X(curl_easy_reset)                                                                             \
    X(curl_easy_strerror)                                                                          \
    X(curl_easy_cleanup)                                                                           \
    X(curl_slist_append)                                                                           \
    X(curl_slist_free_all)                                                                         \
    X(curl_url)                                                                                    \
    X(curl_url_set)                                                                                \
    X(curl_url_get)                                                                                \
    X(curl_url_cleanup)                                                                            \
    X(curl_free)

struct curl_library {
#define X(function) __typeof__(function) *function;
    CURL_FUNCTIONS(X)
#undef X
};

/* Loaded once a process, by whoever comes first. UNAVAILABLE when it is not installed. */
enum err curl_library_get(struct task *t, const struct curl_library **out);
