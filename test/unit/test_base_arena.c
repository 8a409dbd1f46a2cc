/* Memory with a lifetime: zeroed, aligned, growing, and a list that moves keeps what it held. */
#include "test.h"

#include <string.h>

#include "base/arena.h"

static bool all_zero(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i])
            return false;
    }
    return true;
}

static void memory_is_zeroed_aligned_and_separate(void **state)
{
    (void)state;
    static const size_t sizes[] = { 0, 1, 7, 16, 17, 4000, 4096, 5000, 1 << 20, 3 << 20, 3 };
    enum { COUNT = sizeof sizes / sizeof *sizes };
    struct arena *a = arena_new();
    unsigned char *blocks[COUNT];
    size_t sum = 0;
    for (int i = 0; i < COUNT; i++) {
        blocks[i] = arena_alloc(a, sizes[i]);
        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t)blocks[i] % 16, 0);
        assert_true(all_zero(blocks[i], sizes[i]));
        memset(blocks[i], i + 1, sizes[i]);
        sum += sizes[i];
    }
    for (int i = 0; i < COUNT; i++) {
        for (size_t k = 0; k < sizes[i]; k += 97)
            assert_int_equal(blocks[i][k], i + 1);
    }
    assert_int_equal(arena_bytes_used(a), sum);
    arena_free(a);
    arena_free(NULL);
}

static void texts_are_copied_and_formatted(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    char source[] = "hello";
    char *copy = arena_copy(a, source), *part = arena_copy_n(a, source, 4);
    source[0] = 'j';
    assert_string_equal(copy, "hello");
    assert_string_equal(part, "hell");
    assert_null(arena_copy(a, NULL));
    assert_string_equal(arena_copy_n(a, "", 0), "");
    assert_string_equal(arena_format(a, "%s-%03d", "scene", 7), "scene-007");
    char *long_text = arena_format(a, "%09000d", 1);
    assert_int_equal(strlen(long_text), 9000);
    arena_free(a);
}

static void a_growing_list_keeps_its_items(void **state)
{
    (void)state;
    struct pair {
        int         number;
        const char *name;
    };
    struct arena *a = arena_new();
    struct pair *pairs = NULL;
    size_t count = 0, capacity = 0;
    for (int i = 0; i < 1000; i++)
        array_push(a, pairs, count, capacity, { .number = i, .name = arena_format(a, "n%d", i) });
    assert_int_equal(count, 1000);
    assert_true(capacity >= count && capacity < 2 * count + 8);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(pairs[i].number, i);
        assert_string_equal(pairs[i].name, arena_format(a, "n%d", i));
    }
    arena_free(a);
}

static void typed_shapes_have_their_size(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    *arena_one(a, int64_t) = 7;
    assert_int_equal(arena_bytes_used(a), sizeof(int64_t));
    double *numbers = arena_array(a, double, 10);
    assert_true(numbers[9] == 0);
    assert_int_equal(arena_bytes_used(a), sizeof(int64_t) + 10 * sizeof(double));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_aligned_and_separate),
        cmocka_unit_test(texts_are_copied_and_formatted),
        cmocka_unit_test(a_growing_list_keeps_its_items),
        cmocka_unit_test(typed_shapes_have_their_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
