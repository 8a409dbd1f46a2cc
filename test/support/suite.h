#pragma once

/*
 * One suite, every driver: each test runs once with each of a table of drivers as its initial
 * state, under the name "driver: test".
 */

#include "test.h"

struct suite_test {
    const char    *name;
    CMUnitTestFunction run;
};
#define SUITE_TEST(function) { #function, function }

/* `drivers` is an array of structs of driver_size bytes whose first member is the name. */
int suite_run(const char *what, const struct suite_test *tests, size_t test_count,
              const void *drivers, size_t driver_size, size_t driver_count, CMFixtureFunction setup,
              CMFixtureFunction teardown);

#define SUITE_COUNT(array) (sizeof(array) / sizeof *(array))

/*
 * Runs `body` in `count` threads at once, with their numbers 0.. and `shared`; returns when all
 * have ended.
 */
void threads_run(int count, void (*body)(int number, void *shared), void *shared);
