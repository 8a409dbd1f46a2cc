/*
 * From top to bottom: contents, what the API is, its operations by tag, the shapes of what is sent
 * and answered. Everything said comes from the contract; here is only how it is laid out.
 */
#include "api/reference_page.h"

#include <string.h>

#include "api/reference_schema.h"
#include "api/reference_style.h"
#include "api/reference_words.h"

static const char *const methods[] = { "get", "post", "put", "patch", "delete" };
enum { METHOD_COUNT = sizeof methods / sizeof *methods };

struct page {
    struct contract contract;
    struct text html;
};

/* One operation and where it stands. */
struct operation {
    const char *path, *method, *id;
    const json_t *item, *json; /* the path's object, the operation's */
};

static void put(struct page *p, const char *html)
{
    text_append(&p->html, html);
}

static void put_words(struct page *p, const json_t *object, const char *member)
{
    html_text(&p->html, contract_words(object, member));
}

static bool has_tag(const json_t *operation, const char *tag)
{
    return text_equal(json_string_value(json_array_get(json_object_get(operation, "tags"), 0)),
                      tag);
}

/* Every operation of a tag, in the contract's order. */
static void each_operation(struct page *p, const char *tag,
                           void (*write)(struct page *p, const struct operation *o))
{
    const char *path;
    json_t *item;
    json_object_foreach(json_object_get(p->contract.document, "paths"), path, item)
    {
        for (size_t i = 0; i < METHOD_COUNT; i++) {
            const json_t *json = json_object_get(item, methods[i]);
            if (!json || !has_tag(json, tag))
                continue;
            write(p, &(struct operation){ path, methods[i], contract_words(json, "operationId"),
                                          item, json });
        }
    }
}

static void put_method(struct page *p, const char *method)
{
    put(p, "<span class=\"method ");
    put(p, method);
    put(p, "\">");
    for (const char *c = method; *c; c++)
        text_append_n(&p->html, &(char){ (char)(*c - 'a' + 'A') }, 1);
    put(p, "</span>");
}

/* ---- contents ---- */

static void put_contents_row(struct page *p, const struct operation *o)
{
    put(p, "<a href=\"#");
    html_text(&p->html, o->id);
    put(p, "\">");
    put_method(p, o->method);
    put(p, "<span>");
    put_words(p, o->json, "summary");
    put(p, "</span></a>\n");
}

static void put_contents(struct page *p)
{
    size_t i;
    json_t *tag;
    put(p, "<nav aria-label=\"Contents\"><a class=\"name\" href=\"#top\">");
    put_words(p, json_object_get(p->contract.document, "info"), "title");
    put(p, "</a>\n");
    json_array_foreach(json_object_get(p->contract.document, "tags"), i, tag)
    {
        const char *name = contract_words(tag, "name");
        put(p, "<b>");
        html_text(&p->html, name);
        put(p, "</b>\n");
        each_operation(p, name, put_contents_row);
    }
    put(p, "<b>Shapes</b><a href=\"#shapes\"><span>What is sent and answered</span></a>\n</nav>\n");
}

/* ---- one operation ---- */

static void put_parameter(struct page *p, const json_t *reference)
{
    const json_t *parameter = contract_resolve(&p->contract, reference);
    put(p, "<tr><td><code>");
    put_words(p, parameter, "name");
    put(p, "</code>");
    if (json_is_true(json_object_get(parameter, "required")))
        put(p, " <b class=\"required\">required</b>");
    put(p, "</td><td><span class=\"type\">in the ");
    put_words(p, parameter, "in");
    put(p, "; ");
    schema_type(&p->contract, &p->html, json_object_get(parameter, "schema"));
    put(p, "</span><br>");
    html_line(&p->html, contract_words(parameter, "description"));
    put(p, "</td></tr>\n");
}

static void put_parameters(struct page *p, const struct operation *o)
{
    const json_t *lists[] = { json_object_get(o->item, "parameters"),
                              json_object_get(o->json, "parameters") };
    size_t i;
    json_t *parameter;
    if (json_array_size(lists[0]) + json_array_size(lists[1]) == 0)
        return;
    put(p, "<h4>Parameters</h4><table class=\"members\">\n");
    for (size_t list = 0; list < 2; list++)
        json_array_foreach(lists[list], i, parameter) put_parameter(p, parameter);
    put(p, "</table>\n");
}

static void put_json(struct page *p, const json_t *json)
{
    char *words = json_dumps(json, JSON_INDENT(2) | JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
    put(p, "<pre><code>");
    html_text(&p->html, words ? words : "");
    put(p, "</code></pre>\n");
    free(words);
}

/* The examples of a body by name, or one put together from its schema. */
static void put_examples(struct page *p, const json_t *body)
{
    const char *name;
    json_t *named;
    const json_t *given = json_object_get(body, "example");
    const json_t *several = json_object_get(body, "examples");
    json_object_foreach((json_t *)several, name, named)
    {
        put(p, "<details open><summary>");
        put_words(p, named, "summary");
        put(p, "</summary>");
        put_json(p, json_object_get(named, "value"));
        put(p, "</details>\n");
    }
    if (several)
        return;
    scoped(json) json_t *made =
        given ? NULL : schema_example(&p->contract, json_object_get(body, "schema"));
    put(p, "<details><summary>Example</summary>");
    if (json_is_string(given)) {
        put(p, "<pre><code>");
        html_text(&p->html, json_string_value(given));
        put(p, "</code></pre>\n");
    } else {
        put_json(p, given ? given : made);
    }
    put(p, "</details>\n");
}

static void put_request(struct page *p, const struct operation *o)
{
    const char *type;
    json_t *body;
    const json_t *request = json_object_get(o->json, "requestBody");
    json_object_foreach(json_object_get(request, "content"), type, body)
    {
        put(p, "<h4>Body <code>");
        html_text(&p->html, type);
        put(p, json_is_true(json_object_get(request, "required"))
                   ? "</code></h4>"
                   : "</code>, may be left out</h4>");
        schema_members(&p->contract, &p->html, json_object_get(body, "schema"));
        if (text_equal(type, "application/json"))
            put_examples(p, body);
    }
}

static void put_reply(struct page *p, const char *status, const json_t *reference)
{
    const char *type;
    json_t *body;
    const json_t *reply = contract_resolve(&p->contract, reference);
    put(p, "<tr><td><code>");
    html_text(&p->html, text_equal(status, "default") ? "other" : status);
    put(p, "</code></td><td>");
    html_line(&p->html, contract_words(reply, "description"));
    json_object_foreach(json_object_get(reply, "content"), type, body)
    {
        put(p, " <span class=\"type\">");
        schema_type(&p->contract, &p->html, json_object_get(body, "schema"));
        if (!text_equal(type, "application/json") && !text_ends(type, "problem+json"))
            html_printf(&p->html, "; %s", type);
        put(p, "</span>");
        if (*status == '2' && text_equal(type, "application/json"))
            put_examples(p, body);
    }
    put(p, "</td></tr>\n");
}

static void put_replies(struct page *p, const struct operation *o)
{
    const char *status;
    json_t *reply;
    put(p, "<h4>Answers</h4><table class=\"replies\">\n");
    json_object_foreach(json_object_get(o->json, "responses"), status, reply)
        put_reply(p, status, reply);
    put(p, "</table>\n");
}

static void put_operation(struct page *p, const struct operation *o)
{
    put(p, "<section class=\"card\" id=\"");
    html_text(&p->html, o->id);
    put(p, "\"><h3>");
    put_words(p, o->json, "summary");
    put(p, "</h3><span class=\"path\">");
    put_method(p, o->method);
    put(p, " ");
    html_text(&p->html, o->path);
    put(p, "</span>\n");
    html_prose(&p->html, contract_words(o->json, "description"));
    put_parameters(p, o);
    put_request(p, o);
    put_replies(p, o);
    put(p, "</section>\n");
}

/* ---- the page ---- */

static void put_head(struct page *p, const json_t *info)
{
    put(p, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
           "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>");
    put_words(p, info, "title");
    put(p, " API</title><style>");
    put(p, reference_style);
    put(p, "</style></head>\n<body>\n");
}

static void put_introduction(struct page *p, const json_t *info)
{
    put(p, "<h1 id=\"top\">");
    put_words(p, info, "title");
    put(p, " API</h1><p class=\"lead\">");
    put_words(p, info, "summary");
    put(p, " <span class=\"soft\">Version ");
    put_words(p, info, "version");
    put(p, ", <a href=\"/api/openapi.yaml\">openapi.yaml</a></span></p>\n");
    html_prose(&p->html, contract_words(info, "description"));
}

static void put_operations(struct page *p)
{
    size_t i;
    json_t *tag;
    json_array_foreach(json_object_get(p->contract.document, "tags"), i, tag)
    {
        put(p, "<h2>");
        put_words(p, tag, "name");
        put(p, "</h2><p class=\"soft\">");
        html_line(&p->html, contract_words(tag, "description"));
        put(p, "</p>\n");
        each_operation(p, contract_words(tag, "name"), put_operation);
    }
}

static void put_shapes(struct page *p)
{
    const char *name;
    json_t *schema;
    const json_t *components = json_object_get(p->contract.document, "components");
    put(p, "<h2 id=\"shapes\">Shapes</h2><p class=\"soft\">What is sent and answered.</p>\n");
    json_object_foreach(json_object_get(components, "schemas"), name, schema)
    {
        if (!json_object_get(schema, "properties") && !json_object_get(schema, "allOf"))
            continue;
        put(p, "<section class=\"card\" id=\"schema-");
        html_text(&p->html, html_anchor(p->html.arena, name));
        put(p, "\"><h3>");
        html_text(&p->html, name);
        put(p, "</h3>");
        html_prose(&p->html, contract_words(schema, "description"));
        schema_members(&p->contract, &p->html, schema);
        put(p, "</section>\n");
    }
}

enum err reference_page(struct task *t, const json_t *openapi, const char **out_html)
{
    if (!json_is_object(json_object_get(openapi, "paths")))
        return fail(t, ERR_INVALID, "this is not an OpenAPI document: it has no paths");
    scoped(json) json_t *made = json_array();
    const json_t *info = json_object_get(openapi, "info");
    struct page p = { { openapi, made }, text_new(t->arena) };
    put_head(&p, info);
    put_contents(&p);
    put(&p, "<main>\n");
    put_introduction(&p, info);
    put_operations(&p);
    put_shapes(&p);
    put(&p, "</main>\n</body></html>\n");
    *out_html = text_end(&p.html);
    return OK;
}
