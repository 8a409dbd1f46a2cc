#include "suite.h"

#include <pthread.h>
#include <stdlib.h>

int suite_run(const char *what, const struct suite_test *tests, size_t test_count,
              const void *drivers, size_t driver_size, size_t driver_count, CMFixtureFunction setup,
              CMFixtureFunction teardown)
{
    enum { TESTS_MAX = 200, NAME_MAX_BYTES = 120 };
    static struct CMUnitTest units[TESTS_MAX];
    static char names[TESTS_MAX][NAME_MAX_BYTES];
    size_t count = 0;
    for (size_t d = 0; d < driver_count; d++) {
        const char *driver = (const char *)drivers + d * driver_size;
        for (size_t i = 0; i < test_count && count < TESTS_MAX; i++, count++) {
            snprintf(names[count], NAME_MAX_BYTES, "%s: %s", *(const char *const *)driver,
                     tests[i].name);
            units[count] =
                (struct CMUnitTest){ names[count], tests[i].run, setup, teardown, (void *)driver };
        }
    }
    return _cmocka_run_group_tests(what, units, count, NULL, NULL);
}

struct runner {
    void (*body)(int number, void *shared);
    int    number;
    void  *shared;
};

static void *run(void *argument)
{
    struct runner *r = argument;
    r->body(r->number, r->shared);
    return NULL;
}

void threads_run(int count, void (*body)(int number, void *shared), void *shared)
{
    struct runner *runners = calloc((size_t)count, sizeof *runners);
    pthread_t *threads = calloc((size_t)count, sizeof *threads);
    for (int i = 0; i < count; i++) {
        runners[i] = (struct runner){ body, i, shared };
        if (pthread_create(&threads[i], NULL, run, &runners[i]) != 0)
            abort();
    }
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    free(threads);
    free(runners);
}
