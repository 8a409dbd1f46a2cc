/*
 * What comes with a request: a JSON object, or a form whose files go to the disk while they arrive.
 * Memory stays the same whatever the size. Files are drafts of the blob store, so they are nameless
 * until an operation keeps them, and gone with the exchange otherwise.
 *
 * The form's own syntax (RFC 7578) is read by libmicrohttpd's post processor.
 */
#include "api/server.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "blob/blob.h"

enum { FORM_MEMORY_BYTES = 64 << 10, FILE_NAME_BYTES_MAX = 200 };

struct body_reader {
    struct exchange *x;
    int64_t bytes, bytes_max;
    struct text text;               /* of a JSON body, or of the form's part that is arriving */
    struct MHD_PostProcessor *form; /* NULL: JSON */
    const char *part;               /* name of the text part that is arriving; NULL: none */
    /* name of a part of which nothing has arrived yet; NULL: none */
    const char *begun;
    int64_t form_text_bytes;
    size_t part_count;
    bool has_parts;
    enum err error; /* why the form was refused in the middle; fault in the task */
};

/* ---- limits and types ---- */

static enum err refuse_size(struct task *t, int64_t bytes_max)
{
    return refuse(t, ERR_LIMIT, "send less, or a smaller file",
                  "the body is larger than %" PRId64 " bytes", bytes_max);
}

static bool type_is(const char *type, const char *wanted)
{
    size_t bytes = strlen(wanted);
    return type && strncasecmp(type, wanted, bytes) == 0 &&
           (!type[bytes] || type[bytes] == ';' || type[bytes] == ' ');
}

static enum err refuse_type(struct exchange *x)
{
    bool json = x->route->flags & ROUTE_JSON, form = x->route->flags & ROUTE_FORM;
    const char *next = json && form ? "send application/json or multipart/form-data"
                       : form       ? "send multipart/form-data"
                       : json       ? "send application/json"
                                    : "send no body";
    return refuse(&x->task, ERR_TYPE, next, "the body is not of a type this takes");
}

/* ---- forms ---- */

/* How many files of that name the route takes. */
static int files_taken(const struct exchange *x, const char *name)
{
    int count = 0;
    size_t bytes = strlen(name);
    for (const char *at = x->route->files; at && *at; at += strcspn(at, " ")) {
        at += strspn(at, " ");
        count += bytes > 0 && strncmp(at, name, bytes) == 0 && at[bytes] == ' ';
    }
    return count;
}

static int files_there(const struct exchange *x, const char *name)
{
    int count = 0;
    for (size_t i = 0; i < x->upload_count; i++)
        count += text_equal(x->uploads[i].part, name);
    return count;
}

/* The last part of a name as a client sends it, which may be a path of its machine. */
static const char *file_name_of(struct task *t, const char *given)
{
    const char *name = given;
    for (const char *at = given; *at; at++)
        name = *at == '/' || *at == '\\' ? at + 1 : name;
    size_t bytes = strlen(name);
    return text_is_clean_utf8(name, bytes) ? text_shorten(t->arena, name, FILE_NAME_BYTES_MAX) : "";
}

/* The text part that has been arriving is whole. */
static enum err end_text(struct body_reader *r)
{
    struct task *t = &r->x->task;
    const char *name = r->part, *text = text_end(&r->text);
    r->part = NULL;
    if (!name)
        return OK;
    if (!text_is_clean_utf8(text, r->text.length))
        return fail_at(t,
                       refuse(t, ERR_INVALID, "send it as UTF-8 without control characters",
                              "the part \"%s\" is not clean text", name),
                       name);
    if (json_object_get(r->x->body, name))
        return fail_at(t, fail(t, ERR_INVALID, "the part \"%s\" was sent twice", name), name);
    json_object_set_new(r->x->body, name, json_stringn_nocheck(text, r->text.length));
    return OK;
}

static enum err begin_part(struct body_reader *r, const char *name, const char *file_name)
{
    struct exchange *x = r->x;
    struct task *t = &x->task;
    enum err e = end_text(r);
    if (e)
        return e;
    if (++r->part_count > PARTS_MAX)
        return fail(t, ERR_LIMIT, "the form has more than %d parts", PARTS_MAX);
    name = arena_copy(t->arena, name);
    if (!text_is_clean_utf8(name, strlen(name)))
        return fail(t, ERR_INVALID, "a part's name is not clean text");
    int taken = files_taken(x, name);
    if (taken == 0) {
        if (file_name)
            return fail_at(t, fail(t, ERR_INVALID, "no file is expected as \"%s\"", name), name);
        r->part = name;
        r->text = text_new(t->arena);
        return OK;
    }
    if (files_there(x, name) == taken)
        return fail_at(t, fail(t, ERR_INVALID, "the file \"%s\" was sent too often", name), name);
    struct upload *u = &x->uploads[x->upload_count];
    *u = (struct upload){ .part = name, .draft = draft_none() };
    u->name = file_name_of(t, file_name ? file_name : "");
    e = blob_draft(x->flow->blobs, t, &u->draft);
    if (!e)
        x->upload_count++;
    return e;
}

static enum err part_bytes(struct body_reader *r, const char *bytes, size_t size)
{
    struct task *t = &r->x->task;
    if (r->part) {
        r->form_text_bytes += (int64_t)size;
        if (r->form_text_bytes > FORM_TEXT_BYTES_MAX)
            return fail_at(t, refuse_size(t, FORM_TEXT_BYTES_MAX), r->part);
        text_append_n(&r->text, bytes, size);
        return OK;
    }
    struct upload *u = &r->x->uploads[r->x->upload_count - 1];
    u->bytes += (int64_t)size;
    return file_write_all(t, u->draft.fd, bytes, size);
}

/*
 * `offset` 0 begins a part, but for one case: when the bytes on hand end just before a value, the
 * post processor begins it with nothing, and says 0 again with the first of its bytes.
 */
static bool begins_part(struct body_reader *r, const char *name, uint64_t offset, size_t size)
{
    bool goes_on = r->begun && size > 0 && text_equal(r->begun, name);
    r->begun = offset == 0 && size == 0 ? arena_copy(r->x->task.arena, name) : NULL;
    return offset == 0 && !goes_on;
}

/* Called by the post processor with each piece. */
static enum MHD_Result on_piece(void *context, enum MHD_ValueKind kind, const char *name,
                                const char *file_name, const char *type, const char *encoding,
                                const char *bytes, uint64_t offset, size_t size)
{
    struct body_reader *r = context;
    (void)kind, (void)type, (void)encoding;
    if (!name)
        r->error = fail(&r->x->task, ERR_INVALID, "a part of the form has no name");
    if (!r->error && begins_part(r, name, offset, size))
        r->error = begin_part(r, name, file_name);
    if (!r->error && size > 0)
        r->error = part_bytes(r, bytes, size);
    r->has_parts = true;
    return r->error ? MHD_NO : MHD_YES;
}

static enum err form_begin(struct body_reader *r, struct MHD_Connection *connection)
{
    r->x->uploads = arena_array(r->x->task.arena, struct upload, PARTS_MAX);
    r->x->body = json_object();
    r->x->from_form = true;
    r->form = MHD_create_post_processor(connection, FORM_MEMORY_BYTES, on_piece, r);
    return r->form ? OK
                   : refuse(&r->x->task, ERR_INVALID, "name the boundary in Content-Type",
                            "the form cannot be read");
}

/* ---- either ---- */

enum err body_begin(struct exchange *x, const struct visit *v, struct MHD_Connection *connection,
                    struct body_reader **out)
{
    bool has_body = v->length > 0 || v->encodings > 0;
    bool json = type_is(v->type, "application/json"),
         form = type_is(v->type, "multipart/form-data");
    *out = NULL;
    if (!has_body)
        return OK;
    if (!(json && x->route->flags & ROUTE_JSON) && !(form && x->route->flags & ROUTE_FORM))
        return refuse_type(x);
    int64_t bytes_max = json ? JSON_BODY_BYTES_MAX : MEDIA_BYTES_MAX;
    if (v->length > bytes_max)
        return refuse_size(&x->task, bytes_max);
    struct body_reader *r = arena_one(x->task.arena, struct body_reader);
    *r = (struct body_reader){ .x = x, .bytes_max = bytes_max, .text = text_new(x->task.arena) };
    *out = r;
    return form ? form_begin(r, connection) : OK;
}

enum err body_more(struct body_reader *r, const char *bytes, size_t size)
{
    struct task *t = &r->x->task;
    r->bytes += (int64_t)size;
    if (r->bytes > r->bytes_max)
        return refuse_size(t, r->bytes_max);
    if (!r->form) {
        text_append_n(&r->text, bytes, size);
        return OK;
    }
    if (MHD_post_process(r->form, bytes, size) == MHD_YES)
        return OK;
    return r->error ? r->error : fail(t, ERR_INVALID, "the form is not well formed");
}

static enum err end_json(struct body_reader *r)
{
    struct task *t = &r->x->task;
    json_error_t why;
    r->x->raw = (struct bytes){ text_end(&r->text), r->text.length };
    r->x->body = json_loadb(r->x->raw.at, r->x->raw.size, JSON_REJECT_DUPLICATES, &why);
    if (!r->x->body)
        return fail(t, ERR_INVALID, "the body is not JSON: line %d, column %d: %s", why.line,
                    why.column, why.text);
    if (!json_is_object(r->x->body))
        return fail(t, ERR_INVALID, "the body is not a JSON object");
    return OK;
}

enum err body_end(struct body_reader *r)
{
    if (!r->form)
        return end_json(r);
    bool whole = MHD_destroy_post_processor(r->form) == MHD_YES && r->has_parts;
    r->form = NULL;
    if (r->error)
        return r->error;
    if (!whole)
        return refuse(&r->x->task, ERR_INVALID, "send every part to its end, then the boundary",
                      "the form ends in the middle");
    return end_text(r);
}

void body_done(struct body_reader *r)
{
    if (r && r->form)
        MHD_destroy_post_processor(r->form);
}
