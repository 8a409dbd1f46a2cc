/*
 * XML answers: what is read of good ones, and that bad ones are refused and not believed.
 */
#include "test.h"

#include <string.h>

#include "base/text.h"
#include "net/xml.h"
#include "suite.h"

static enum err read_text(struct task *t, const char *text, struct xml *out)
{
    return xml_read(t, (struct bytes){ text, strlen(text) }, out);
}

static void elements_are_found_by_path(void **state)
{
    (void)state;
    static const char answer[] =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<List xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><!-- two of them -->"
        "<Name>films</Name>"
        "<Contents><Key> a&amp;b/&#xE9;.mp4 </Key><Size>12</Size><Owner><ID>x</ID></Owner></Contents>"
        "<Contents><Key>c</Key><x:Size xmlns:x=\"y\">7</x:Size></Contents>"
        "<Empty/><More><![CDATA[<b>]]></More></List>\n";
    struct task t;
    struct xml x;
    task_init(&t, "test");
    assert_ok(&t, read_text(&t, answer, &x));
    assert_string_equal(x.elements[0].path, "List");
    assert_string_equal(xml_text(&x, "List/Name"), "films");
    assert_string_equal(xml_text(&x, "List/Contents/Key"), "a&b/\xC3\xA9.mp4");
    assert_string_equal(xml_text(&x, "List/Contents/Owner/ID"), "x");
    assert_string_equal(xml_text(&x, "List/Empty"), "");
    assert_string_equal(xml_text(&x, "List/More"), "<b>");
    assert_string_equal(xml_text(&x, "Name"), "");
    size_t seen = 0;
    static const char *const keys[] = { "a&b/\xC3\xA9.mp4", "c" }, *const sizes[] = { "12", "7" };
    for (size_t i = 0; i < x.count; i++) {
        if (!text_equal(x.elements[i].path, "List/Contents"))
            continue;
        assert_string_equal(xml_child(&x, i, "Key"), keys[seen]);
        assert_string_equal(xml_child(&x, i, "Size"), sizes[seen]);
        assert_string_equal(xml_child(&x, i, "ID"), ""); /* a grandchild */
        seen++;
    }
    assert_int_equal(seen, 2);
    task_done(&t);
}

static void what_is_no_answer_is_refused(void **state)
{
    (void)state;
    static const char deep[] = "<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a></a></a></a></a>"
                               "</a></a></a></a></a></a></a></a></a></a></a></a></a>";
    static const char *const bad[] = {
        "",
        "no xml",
        "<a>",
        "<a></b>",
        "<a/><b/>",
        "<a>&unknown;</a>",
        "<a>\xFF</a>",
        "<a b=></a>",
        deep,
        "<!DOCTYPE a [<!ENTITY x \"xxxxxxxxxx\">]><a>&x;</a>",
        "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
    };
    struct task t;
    task_init(&t, "test");
    for (size_t i = 0; i < SUITE_COUNT(bad); i++) {
        struct xml x = { 0 };
        if (read_text(&t, bad[i], &x) != ERR_UPSTREAM || x.count)
            test_failed("accepted: %s", bad[i]);
    }
    task_done(&t);
}

/* Every answer cut off anywhere is refused, and reading it ends. */
static void an_answer_that_was_cut_off_is_refused(void **state)
{
    (void)state;
    static const char answer[] = "<?xml version=\"1.0\"?><E><Code>NoSuchKey</Code><M a='b'>\xC3\xA9"
                                 "&lt;</M></E>";
    struct task t;
    struct xml x;
    task_init(&t, "test");
    for (size_t bytes = 0; bytes < strlen(answer); bytes++)
        assert_err(xml_read(&t, (struct bytes){ answer, bytes }, &x), ERR_UPSTREAM);
    assert_ok(&t, read_text(&t, answer, &x));
    task_done(&t);
}

static void marks_are_made_harmless(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    assert_string_equal(xml_escape(a, "\"a\" <b> & c"), "&quot;a&quot; &lt;b&gt; &amp; c");
    assert_string_equal(xml_escape(a, ""), "");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_are_found_by_path),
        cmocka_unit_test(what_is_no_answer_is_refused),
        cmocka_unit_test(an_answer_that_was_cut_off_is_refused),
        cmocka_unit_test(marks_are_made_harmless),
    };
    return cmocka_run_group_tests_name("net: XML answers", tests, NULL, NULL);
}
