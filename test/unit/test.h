#pragma once

/*
 * What every test program needs: cmocka, and a task whose fault is printed when a call should have
 * worked. cmocka's fail() and fail_msg() give way to our fail(); a test says test_failed() instead.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#undef fail
#undef fail_msg

#include "base/task.h"

#define test_failed(...)               \
    do {                               \
        print_error(__VA_ARGS__);      \
        print_error("\n");             \
        _fail(__FILE__, __LINE__);     \
    } while (0)

#define assert_ok(t, call)                                                                        \
    do {                                                                                          \
        enum err assert_ok_error = (call);                                                        \
        if (assert_ok_error)                                                                      \
            test_failed("%s: %s (%s)", #call, (t)->fault.message, err_name(assert_ok_error));     \
    } while (0)

#define assert_err(call, wanted)                                                                  \
    do {                                                                                          \
        enum err assert_err_got = (call);                                                         \
        if (assert_err_got != (wanted))                                                           \
            test_failed("%s gave %s, not %s", #call, err_name(assert_err_got), err_name(wanted)); \
    } while (0)
