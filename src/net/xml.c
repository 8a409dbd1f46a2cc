#include "net/xml.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

struct reader {
    struct task *task;
    XML_Parser parser;
    struct xml_element *elements;
    size_t count, capacity;
    size_t open[XML_DEPTH_MAX]; /* the elements around where we are */
    struct text texts[XML_DEPTH_MAX];
    int depth;
    bool refused;
};

static void parser_scoped(XML_Parser *parser)
{
    if (*parser)
        XML_ParserFree(*parser);
}

static void refuse_rest(struct reader *r)
{
    r->refused = true;
    XML_StopParser(r->parser, XML_FALSE);
}

static void on_begin(void *context, const char *name, const char **attributes)
{
    struct reader *r = context;
    struct arena *a = r->task->arena;
    (void)attributes;
    if (r->depth == XML_DEPTH_MAX || r->count == LIST_ITEMS_MAX) {
        refuse_rest(r);
        return;
    }
    const char *colon = strrchr(name, ':');
    size_t self = r->count, parent = r->depth ? r->open[r->depth - 1] : self;
    const char *own = colon ? colon + 1 : name;
    const char *path = r->depth ? arena_format(a, "%s/%s", r->elements[parent].path, own)
                                : arena_copy(a, own);
    array_push(a, r->elements, r->count, r->capacity,
               { .path = path, .text = "", .parent = parent });
    r->texts[r->depth] = text_new(a);
    r->open[r->depth++] = self;
}

static void on_text(void *context, const char *text, int bytes)
{
    struct reader *r = context;
    if (r->depth > 0)
        text_append_n(&r->texts[r->depth - 1], text, (size_t)bytes);
}

static void on_end(void *context, const char *name)
{
    struct reader *r = context;
    (void)name;
    r->depth--;
    char *text = text_end(&r->texts[r->depth]);
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r\n", text[length - 1]))
        text[--length] = '\0';
    r->elements[r->open[r->depth]].text = text + strspn(text, " \t\r\n");
}

/* Nothing we call writes one, and entities are trouble. */
static void on_doctype(void *context, const char *name, const char *system, const char *public,
                       int internal)
{
    (void)name, (void)system, (void)public, (void)internal;
    refuse_rest(context);
}

enum err xml_read(struct task *t, struct bytes text, struct xml *out)
{
    scoped(parser) XML_Parser parser = XML_ParserCreate("UTF-8");
    struct reader r = { .task = t, .parser = parser };
    if (!parser)
        abort();
    XML_SetUserData(parser, &r);
    XML_SetElementHandler(parser, on_begin, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    XML_SetStartDoctypeDeclHandler(parser, on_doctype);
    bool whole = text.size <= JSON_BYTES_MAX &&
                 XML_Parse(parser, text.at, (int)text.size, XML_TRUE) == XML_STATUS_OK;
    if (!whole || r.refused)
        return fail(t, ERR_UPSTREAM, "the answer is no XML that can be read");
    *out = (struct xml){ r.elements, r.count };
    return OK;
}

const char *xml_text(const struct xml *x, const char *path)
{
    for (size_t i = 0; i < x->count; i++) {
        if (text_equal(x->elements[i].path, path))
            return x->elements[i].text;
    }
    return "";
}

const char *xml_child(const struct xml *x, size_t parent, const char *name)
{
    size_t prefix = strlen(x->elements[parent].path) + 1;
    for (size_t i = parent + 1; i < x->count && x->elements[i].parent >= parent; i++) {
        if (x->elements[i].parent == parent && text_equal(x->elements[i].path + prefix, name))
            return x->elements[i].text;
    }
    return "";
}

const char *xml_escape(struct arena *a, const char *text)
{
    static const struct {
        char mark;
        const char *harmless;
    } marks[] = { { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&quot;" } };
    struct text out = text_new(a);
    for (; *text; text++) {
        const char *piece = NULL;
        for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
            piece = marks[i].mark == *text ? marks[i].harmless : piece;
        text_append_n(&out, piece ? piece : text, piece ? strlen(piece) : 1);
    }
    return text_end(&out);
}
