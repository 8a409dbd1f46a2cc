/*
 * libyaml gives events; one recursive descent, bounded by JSON_DEPTH_MAX, turns them into jansson
 * values. Everything that could make a small file large (aliases) or two readers disagree (repeated
 * keys, tags) is refused where it is met, with its place.
 */
#include "base/yaml.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/fields.h"
#include "base/limits.h"
#include "base/text.h"

struct reader {
    struct task  *task;
    const char   *name;
    yaml_parser_t parser;
};

static void yaml_parser_scoped(yaml_parser_t **parser)
{
    yaml_parser_delete(*parser);
}

static void yaml_event_scoped(yaml_event_t *event)
{
    yaml_event_delete(event);
}

__attribute__((format(printf, 4, 5)))
static enum err wrong_at(struct reader *r, enum err code, yaml_mark_t at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *why = arena_format_v(r->task->arena, format, args);
    va_end(args);
    return fail(r->task, code, "%s:%zu:%zu: %s", r->name, at.line + 1, at.column + 1, why);
}

static enum err next_event(struct reader *r, yaml_event_t *event)
{
    if (yaml_parser_parse(&r->parser, event))
        return OK;
    const yaml_parser_t *p = &r->parser;
    if (p->error == YAML_READER_ERROR)
        return fail(r->task, ERR_INVALID, "%s: byte %zu: the text is not clean UTF-8", r->name,
                    p->problem_offset + 1);
    return wrong_at(r, ERR_INVALID, p->problem_mark, "%s%s%s",
                    p->problem ? p->problem : "cannot be read", p->context ? " " : "",
                    p->context ? p->context : "");
}

static bool one_of(const char *text, const char *a, const char *b, const char *c)
{
    return text_equal(text, a) || text_equal(text, b) || text_equal(text, c);
}

/* [-+]?[0-9]+ | 0o[0-7]+ | 0x[0-9a-fA-F]+; gives the digits and their base, or 0. */
static int integer_base(const char *text, const char **digits)
{
    static const struct {
        const char *prefix, *digits;
        int         base;
    } forms[] = {
        { "0o", "01234567", 8 },
        { "0x", "0123456789abcdefABCDEF", 16 },
        { "-", "0123456789", 10 },
        { "+", "0123456789", 10 },
        { "", "0123456789", 10 },
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (!text_starts(text, forms[i].prefix))
            continue;
        const char *from = text + strlen(forms[i].prefix);
        if (*from && from[strspn(from, forms[i].digits)] == '\0') {
            *digits = forms[i].base == 10 ? text : from;
            return forms[i].base;
        }
    }
    return 0;
}

/* [-+]? ( \.[0-9]+ | [0-9]+ ( \.[0-9]* )? ) ( [eE] [-+]? [0-9]+ )? */
static bool is_decimal(const char *text)
{
    const char *p = text + (*text == '-' || *text == '+');
    size_t whole = strspn(p, "0123456789"), part = 0;
    p += whole;
    if (*p == '.') {
        part = strspn(p + 1, "0123456789");
        p += 1 + part;
    }
    if (whole + part == 0)
        return false;
    if (*p == 'e' || *p == 'E') {
        p += 1 + (p[1] == '-' || p[1] == '+');
        size_t power = strspn(p, "0123456789");
        if (power == 0)
            return false;
        p += power;
    }
    return *p == '\0';
}

static bool is_not_finite(const char *text)
{
    const char *p = text + (*text == '-' || *text == '+');
    return one_of(p, ".inf", ".Inf", ".INF") || one_of(text, ".nan", ".NaN", ".NAN");
}

static enum err read_integer(struct reader *r, yaml_mark_t at, const char *digits, int base,
                             json_t **out)
{
    errno = 0;
    long long value = strtoll(digits, NULL, base);
    if (errno == ERANGE)
        return wrong_at(r, ERR_INVALID, at, "the number %s is too large", digits);
    *out = json_integer(value);
    return OK;
}

static enum err read_decimal(struct reader *r, yaml_mark_t at, const char *text, json_t **out)
{
    double value = strtod(text, NULL);
    if (!isfinite(value))
        return wrong_at(r, ERR_INVALID, at, "the number %s is too large", text);
    *out = json_real(value);
    return OK;
}

/* A plain scalar, by the core schema. */
static enum err read_plain(struct reader *r, const yaml_event_t *event, json_t **out)
{
    const char *text = (const char *)event->data.scalar.value, *digits = NULL;
    yaml_mark_t at = event->start_mark;
    int base = integer_base(text, &digits);
    if (*text == '\0' || text_equal(text, "~") || one_of(text, "null", "Null", "NULL"))
        *out = json_null();
    else if (one_of(text, "true", "True", "TRUE"))
        *out = json_true();
    else if (one_of(text, "false", "False", "FALSE"))
        *out = json_false();
    else if (base)
        return read_integer(r, at, digits, base, out);
    else if (is_decimal(text))
        return read_decimal(r, at, text, out);
    else if (is_not_finite(text))
        return wrong_at(r, ERR_INVALID, at, "%s is not a number we can use", text);
    else
        *out = json_stringn(text, event->data.scalar.length);
    return OK;
}

static enum err read_scalar(struct reader *r, const yaml_event_t *event, json_t **out)
{
    const char *text = (const char *)event->data.scalar.value;
    if (strlen(text) != event->data.scalar.length)
        return wrong_at(r, ERR_INVALID, event->start_mark, "text must not contain a zero byte");
    if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
        return read_plain(r, event, out);
    *out = json_stringn(text, event->data.scalar.length);
    return OK;
}

static enum err read_node(struct reader *r, const yaml_event_t *event, int depth, json_t **out);

static enum err read_sequence(struct reader *r, int depth, json_t **out)
{
    scoped(json) json_t *list = json_array();
    for (;;) {
        scoped(yaml_event) yaml_event_t event = { 0 };
        enum err e = next_event(r, &event);
        if (e)
            return e;
        if (event.type == YAML_SEQUENCE_END_EVENT)
            break;
        json_t *item = NULL;
        e = read_node(r, &event, depth, &item);
        if (e)
            return e;
        json_array_append_new(list, item);
    }
    *out = take(list);
    return OK;
}

static enum err check_key(struct reader *r, const yaml_event_t *event, const json_t *object)
{
    if (event->type != YAML_SCALAR_EVENT || event->data.scalar.anchor || event->data.scalar.tag)
        return wrong_at(r, ERR_INVALID, event->start_mark, "a key must be plain text");
    const char *key = (const char *)event->data.scalar.value;
    if (*key == '\0' || strlen(key) != event->data.scalar.length)
        return wrong_at(r, ERR_INVALID, event->start_mark,
                        "a key must not be empty or contain a zero byte");
    if (json_object_get(object, key))
        return wrong_at(r, ERR_INVALID, event->start_mark, "the key \"%s\" is there twice", key);
    return OK;
}

static enum err read_value(struct reader *r, const char *key, int depth, json_t *object)
{
    scoped(yaml_event) yaml_event_t event = { 0 };
    enum err e = next_event(r, &event);
    if (e)
        return e;
    json_t *value = NULL;
    e = read_node(r, &event, depth, &value);
    if (e)
        return e;
    json_object_set_new(object, key, value);
    return OK;
}

static enum err read_mapping(struct reader *r, int depth, json_t **out)
{
    scoped(json) json_t *object = json_object();
    for (;;) {
        scoped(yaml_event) yaml_event_t key = { 0 };
        enum err e = next_event(r, &key);
        if (e)
            return e;
        if (key.type == YAML_MAPPING_END_EVENT)
            break;
        e = check_key(r, &key, object);
        if (e)
            return e;
        e = read_value(r, (const char *)key.data.scalar.value, depth, object);
        if (e)
            return e;
    }
    *out = take(object);
    return OK;
}

static enum err check_plainness(struct reader *r, const yaml_event_t *event,
                                const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor)
        return wrong_at(r, ERR_INVALID, event->start_mark, "anchors (&%s) are not accepted",
                        anchor);
    if (tag)
        return wrong_at(r, ERR_INVALID, event->start_mark, "tags (%s) are not accepted", tag);
    return OK;
}

static enum err check_node(struct reader *r, const yaml_event_t *event, int depth)
{
    if (depth > JSON_DEPTH_MAX)
        return wrong_at(r, ERR_LIMIT, event->start_mark, "nested more than %d deep",
                        JSON_DEPTH_MAX);
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return check_plainness(r, event, event->data.scalar.anchor, event->data.scalar.tag);
    case YAML_SEQUENCE_START_EVENT:
        return check_plainness(r, event, event->data.sequence_start.anchor,
                               event->data.sequence_start.tag);
    case YAML_MAPPING_START_EVENT:
        return check_plainness(r, event, event->data.mapping_start.anchor,
                               event->data.mapping_start.tag);
    case YAML_ALIAS_EVENT:
        return wrong_at(r, ERR_INVALID, event->start_mark, "aliases (*%s) are not accepted",
                        event->data.alias.anchor);
    default:
        return wrong_at(r, ERR_INVALID, event->start_mark, "there is no value");
    }
}

static enum err read_node(struct reader *r, const yaml_event_t *event, int depth, json_t **out)
{
    enum err e = check_node(r, event, depth);
    if (e)
        return e;
    if (event->type == YAML_SCALAR_EVENT)
        return read_scalar(r, event, out);
    if (event->type == YAML_SEQUENCE_START_EVENT)
        return read_sequence(r, depth + 1, out);
    return read_mapping(r, depth + 1, out);
}

static enum err expect(struct reader *r, yaml_event_type_t wanted, const char *otherwise)
{
    scoped(yaml_event) yaml_event_t event = { 0 };
    enum err e = next_event(r, &event);
    if (e)
        return e;
    return event.type == wanted ? OK : wrong_at(r, ERR_INVALID, event.start_mark, "%s", otherwise);
}

static enum err read_document(struct reader *r, json_t **out)
{
    enum err e = expect(r, YAML_STREAM_START_EVENT, "cannot be read");
    if (e)
        return e;
    e = expect(r, YAML_DOCUMENT_START_EVENT, "there is nothing in it");
    if (e)
        return e;

    scoped(yaml_event) yaml_event_t event = { 0 };
    e = next_event(r, &event);
    if (e)
        return e;
    scoped(json) json_t *root = NULL;
    e = read_node(r, &event, 0, &root);
    if (e)
        return e;
    e = expect(r, YAML_DOCUMENT_END_EVENT, "the document goes on after its end");
    if (e)
        return e;
    e = expect(r, YAML_STREAM_END_EVENT, "a second document begins here; one is accepted");
    if (e)
        return e;
    *out = take(root);
    return OK;
}

enum err yaml_read(struct task *t, const char *name, struct bytes text, json_t **out)
{
    if (text.size > YAML_BYTES_MAX)
        return fail(t, ERR_LIMIT, "%s is %zu bytes; at most %d are accepted", name, text.size,
                    YAML_BYTES_MAX);
    if (!text_is_clean_utf8(text.at, text.size))
        return fail(t, ERR_INVALID, "%s is not clean UTF-8 text", name);

    struct reader r = { .task = t, .name = name };
    if (!yaml_parser_initialize(&r.parser))
        abort();
    scoped(yaml_parser) yaml_parser_t *parser = &r.parser;
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(parser, text.at, text.size);
    return read_document(&r, out);
}
