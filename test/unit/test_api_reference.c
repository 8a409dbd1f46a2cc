/*
 * The reference page: words are escaped, limits are said, and the page made of the real contract is
 * whole: every operation is there, every link leads somewhere, no tag is left open.
 */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "api/reference_page.h"
#include "api/reference_schema.h"
#include "api/reference_words.h"
#include "base/file.h"
#include "base/yaml.h"

static struct task t;

static int start(void **state)
{
    (void)state;
    task_init(&t, "test");
    return 0;
}

static int stop(void **state)
{
    (void)state;
    task_done(&t);
    return 0;
}

static void prose_becomes_html(void **state)
{
    (void)state;
    static const struct {
        const char *words, *html;
    } cases[] = {
        { "plain", "<p>plain</p>\n" },
        { "a < b & \"c\" > 'd'", "<p>a &lt; b &amp; &quot;c&quot; &gt; &#39;d&#39;</p>\n" },
        { "`<b>` and **x** and *y*",
          "<p><code>&lt;b&gt;</code> and <strong>x</strong> and <em>y</em></p>\n" },
        { "`*not strong*`", "<p><code>*not strong*</code></p>\n" },
        { "2 * 3 and a ` alone", "<p>2 * 3 and a ` alone</p>\n" },
        { "** nothing **", "<p>** nothing **</p>\n" },
        { "one\n\ntwo\n", "<p>one</p>\n<p>two\n</p>\n" },
        { "| a | b |\n|---|---|\n| `c` | <d> |",
          "<table><tr><th>a </th><th>b </th></tr><tr><td><code>c</code> </td>"
          "<td>&lt;d&gt; </td></tr></table>\n" },
        { "", "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct text out = text_new(t.arena);
        html_prose(&out, cases[i].words);
        assert_string_equal(text_end(&out), cases[i].html);
    }
}

static json_t *read_contract(const char *yaml)
{
    json_t *document;
    assert_ok(&t, yaml_read(&t, "contract", (struct bytes){ yaml, strlen(yaml) }, &document));
    return document;
}

static void types_say_their_limits(void **state)
{
    (void)state;
    static const struct {
        const char *schema, *html;
    } cases[] = {
        { "type: string\nminLength: 1\nmaxLength: 9", "string, 1 to 9 characters" },
        { "type: string\nmaxLength: 9", "string, at most 9 characters" },
        { "type: integer\nminimum: 0", "integer, at least 0" },
        { "type: number\nexclusiveMinimum: 0\nmaximum: 5", "number, more than 0, at most 5" },
        { "type: ['number', 'null']", "number or null" },
        { "type: array\nitems: { type: integer }\nmaxItems: 3",
          "list of integer, at most 3 of them" },
        { "enum: [a, '<b>']\ndefault: a",
          "<code>a</code> · <code>&lt;b&gt;</code>; otherwise <code>a</code>" },
        { "type: string\ncontentMediaType: image/png", "string, a file" },
        { "type: object\nproperties: {}", "object" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        scoped(json) json_t *schema = read_contract(cases[i].schema), *made = json_array();
        struct text out = text_new(t.arena);
        schema_type(&(struct contract){ schema, made }, &out, schema);
        assert_string_equal(text_end(&out), cases[i].html);
    }
}

/* References that lead in a circle or nowhere end, and the page says what it can. */
static void broken_references_do_no_harm(void **state)
{
    (void)state;
    scoped(json) json_t *contract =
        read_contract("info: { title: '<T>' }\n"
                      "tags: [{ name: things }]\n"
                      "paths:\n"
                      "  /x:\n"
                      "    get:\n"
                      "      tags: [things]\n"
                      "      operationId: getX\n"
                      "      parameters: [{ $ref: '#/nowhere' }, { $ref: 'file.yaml' }]\n"
                      "      responses: { '200': { content: { application/json: { schema:\n"
                      "        { $ref: '#/components/schemas/Loop' } } } } }\n"
                      "components: { schemas: { Loop: { $ref: '#/components/schemas/Loop' },\n"
                      "  Tree: { type: object, required: [left], properties: { left:\n"
                      "    { $ref: '#/components/schemas/Tree' } } } } }\n");
    const char *html;
    assert_ok(&t, reference_page(&t, contract, &html));
    assert_non_null(strstr(html, "&lt;T&gt;"));
    assert_null(strstr(html, "<T>"));
    scoped(json) json_t *made = json_array();
    const json_t *tree = json_object_get(
        json_object_get(json_object_get(contract, "components"), "schemas"), "Tree");
    scoped(json) json_t *example = schema_example(&(struct contract){ contract, made }, tree);
    assert_non_null(json_object_get(json_object_get(example, "left"), "left"));
}

static void what_is_no_contract_is_refused(void **state)
{
    (void)state;
    const char *html;
    scoped(json) json_t *contract = read_contract("title: a letter\n");
    assert_err(reference_page(&t, contract, &html), ERR_INVALID);
}

/* ---- the real one ---- */

static const char *real_page(json_t **out_contract)
{
    struct bytes text;
    const char *html, *root = getenv("STORYREEL_SOURCE");
    const char *path = arena_format(t.arena, "%s/api/openapi.yaml", root ? root : ".");
    assert_ok(&t, file_read(&t, path, 1 << 20, &text));
    assert_ok(&t, yaml_read(&t, path, text, out_contract));
    assert_ok(&t, reference_page(&t, *out_contract, &html));
    return html;
}

static void every_operation_is_on_the_page(void **state)
{
    (void)state;
    scoped(json) json_t *contract = NULL;
    const char *html = real_page(&contract), *path, *method;
    json_t *item, *operation;
    size_t count = 0;
    json_object_foreach(json_object_get(contract, "paths"), path, item)
    {
        json_object_foreach(item, method, operation)
        {
            const char *id = json_string_value(json_object_get(operation, "operationId"));
            if (!id)
                continue;
            count++;
            if (!strstr(html, arena_format(t.arena, "id=\"%s\"", id)) ||
                !strstr(html, arena_format(t.arena, "href=\"#%s\"", id)))
                test_failed("%s %s is not on the page", method, path);
        }
    }
    assert_in_range(count, 40, 100);
}

static void every_link_leads_somewhere(void **state)
{
    (void)state;
    scoped(json) json_t *contract = NULL;
    const char *html = real_page(&contract), *at = html;
    while ((at = strstr(at, "href=\"#"))) {
        at += strlen("href=\"#");
        const char *name = arena_copy_n(t.arena, at, strcspn(at, "\""));
        if (!strstr(html, arena_format(t.arena, "id=\"%s\"", name)))
            test_failed("a link leads to #%s, which is not there", name);
    }
}

/* The tags that are open, innermost last: HTML that closes what it opens, and holds no script. */
static void every_tag_is_closed(void **state)
{
    (void)state;
    scoped(json) json_t *contract = NULL;
    const char *open[64], *at = real_page(&contract);
    size_t depth = 0;
    for (; (at = strchr(at, '<')); at++) {
        bool closes = at[1] == '/';
        const char *name = at + 1 + closes;
        const char *tag = arena_copy_n(t.arena, name, strcspn(name, " >"));
        assert_string_not_equal(tag, "script");
        if (*tag == '!' || text_equal(tag, "br") || text_equal(tag, "meta"))
            continue;
        if (!closes) {
            assert_true(depth < sizeof open / sizeof *open);
            open[depth++] = tag;
            continue;
        }
        assert_true(depth > 0);
        assert_string_equal(tag, open[--depth]);
    }
    assert_int_equal(depth, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(prose_becomes_html, start, stop),
        cmocka_unit_test_setup_teardown(types_say_their_limits, start, stop),
        cmocka_unit_test_setup_teardown(broken_references_do_no_harm, start, stop),
        cmocka_unit_test_setup_teardown(what_is_no_contract_is_refused, start, stop),
        cmocka_unit_test_setup_teardown(every_operation_is_on_the_page, start, stop),
        cmocka_unit_test_setup_teardown(every_link_leads_somewhere, start, stop),
        cmocka_unit_test_setup_teardown(every_tag_is_closed, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
