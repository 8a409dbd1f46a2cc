/* Text: what is clean UTF-8, how far words are apart, and the small shapings. */
#include "test.h"

#include <string.h>

#include "base/text.h"

static void utf8_is_judged_as_the_standard_does(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        bool        clean;
    } cases[] = {
        { "", true },
        { "plain", true },
        { "tab\tline\nreturn\r", true },
        { "\xC2\x80", true },                      /* the first of two bytes */
        { "\xDF\xBF", true },
        { "\xE0\xA0\x80", true },                  /* the first of three */
        { "\xED\x9F\xBF", true },                  /* just below the surrogates */
        { "\xEE\x80\x80", true },                  /* just above */
        { "\xEF\xBF\xBF", true },
        { "\xF0\x90\x80\x80", true },              /* the first of four */
        { "\xF4\x8F\xBF\xBF", true },              /* the last there is */
        { "mixed \xC3\xA9 \xE2\x82\xAC \xF0\x9F\x8E\xAC end", true },
        { "\x01", false },
        { "\x1F", false },
        { "\x7F", false },
        { "\x80", false },                         /* a tail without a head */
        { "\xBF", false },
        { "\xC0\x80", false },                     /* overlong */
        { "\xC1\xBF", false },
        { "\xE0\x9F\xBF", false },
        { "\xF0\x8F\xBF\xBF", false },
        { "\xED\xA0\x80", false },                 /* surrogates */
        { "\xED\xBF\xBF", false },
        { "\xF4\x90\x80\x80", false },             /* past the last */
        { "\xF5\x80\x80\x80", false },
        { "\xFF", false },
        { "\xFE", false },
        { "\xC3", false },                         /* cut off */
        { "\xE2\x82", false },
        { "\xF0\x9F\x8E", false },
        { "\xC3(", false },                        /* the tail is something else */
        { "\xE2(\xAC", false },
        { "\xE2\x82(", false },
        { "\xF0\x9F\x8E(", false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (text_is_clean_utf8(cases[i].bytes, strlen(cases[i].bytes)) != cases[i].clean)
            test_failed("case %zu should be %s", i, cases[i].clean ? "clean" : "refused");
    }
    assert_false(text_is_clean_utf8("a\0b", 3));
    assert_true(text_is_clean_utf8("\xC3\xA9 and more", 2));
    assert_false(text_is_clean_utf8("\xC3\xA9 and more", 1));
}

static void a_text_grows_as_it_is_written(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct text out = text_new(a);
    assert_string_equal(text_end(&out), "");
    for (int i = 0; i < 500; i++) {
        text_append(&out, "ab");
        text_append_n(&out, "cdef", 1);
        text_printf(&out, "%d", i % 10);
    }
    assert_int_equal(out.length, 2000);
    assert_int_equal(strlen(text_end(&out)), 2000);
    assert_memory_equal(text_end(&out), "abc0abc1", 8);
    text_printf(&out, "%05000d", 1);
    assert_int_equal(strlen(text_end(&out)), 7000);
    arena_free(a);
}

static void texts_are_compared(void **state)
{
    (void)state;
    assert_true(text_equal("a", "a") && !text_equal("a", "A"));
    assert_true(text_equal_fold("Wes", "wES") && !text_equal_fold("a", "ab"));
    assert_true(text_starts("scene-1", "scene") && !text_starts("sc", "scene") &&
                text_starts("x", ""));
    assert_true(text_ends("film.mp4", ".mp4") && !text_ends("4", ".mp4") && text_ends("x", ""));
    assert_true(text_is_empty(NULL) && text_is_empty("") && text_is_empty(" \t\r\n") &&
                !text_is_empty(" x"));
}

static void distance_counts_edits(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        int         edits;
    } cases[] = {
        { "", "", 0 },           { "abc", "abc", 0 },   { "abc", "ABC", 0 },
        { "", "abc", 3 },        { "abc", "", 3 },      { "kitten", "sitting", 3 },
        { "noir", "nior", 1 },   { "abc", "abxc", 1 },  { "abcd", "acbd", 1 },
        { "anime", "amine", 2 }, { "flaw", "lawn", 2 }, { "ab", "ba", 1 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(text_distance(cases[i].a, cases[i].b), cases[i].edits);
        assert_int_equal(text_distance(cases[i].b, cases[i].a), cases[i].edits);
    }
    char long_a[300], long_b[300];
    memset(long_a, 'a', 299);
    memset(long_b, 'b', 299);
    long_a[299] = long_b[299] = '\0';
    assert_int_equal(text_distance(long_a, long_b), 64);      /* only so far is looked */
}

static void texts_are_tidied_and_cut(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    assert_string_equal(text_tidy(a, "  a \t\n b  c\r\n"), "a b c");
    assert_string_equal(text_tidy(a, " \n "), "");
    assert_string_equal(text_slug(a, "Hello, World! 2", 40), "hello-world-2");
    assert_string_equal(text_slug(a, "\xC3\xA9t\xC3\xA9", 40), "t");
    assert_string_equal(text_slug(a, "???", 40), "untitled");
    assert_string_equal(text_slug(a, "abc def", 4), "abc");
    assert_string_equal(text_lower(a, "MiXed 1"), "mixed 1");
    assert_string_equal(text_shorten(a, "short", 5), "short");
    assert_string_equal(text_shorten(a, "shorter", 6), "sho\xE2\x80\xA6");
    assert_string_equal(text_shorten(a, "h\xC3\xA9llo", 5), "h\xE2\x80\xA6");
    for (size_t most = 4; most < 12; most++) {
        const char *cut = text_shorten(a, "\xF0\x9F\x8E\xAC\xE2\x82\xAC\xC3\xA9 film", most);
        assert_true(strlen(cut) <= most);
        assert_true(text_is_clean_utf8(cut, strlen(cut)));
    }
    arena_free(a);
}

static void whole_numbers_are_written_whole(void **state)
{
    (void)state;
    static const int64_t values[] = { 0, 7, -7, 10, 1234567890123, INT64_MAX, INT64_MIN };
    struct task t;
    task_init(&t, "test");
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct text out = text_new(t.arena);
        text_append(&out, "n");
        text_append_int(&out, values[i]);
        assert_string_equal(text_end(&out), arena_format(t.arena, "n%lld", (long long)values[i]));
    }
    task_done(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers_are_written_whole),
        cmocka_unit_test(utf8_is_judged_as_the_standard_does),
        cmocka_unit_test(a_text_grows_as_it_is_written),
        cmocka_unit_test(texts_are_compared),
        cmocka_unit_test(distance_counts_edits),
        cmocka_unit_test(texts_are_tidied_and_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
