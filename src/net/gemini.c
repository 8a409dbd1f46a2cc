/*
 * A refusal of Gemini has many shapes: a status, a prompt that was blocked before anything was
 * made, a candidate that ended for a reason. They become the errors of this program here, once.
 * Words and reasons that are not known are passed over: the answer counts if it is there.
 */
#include "net/gemini.h"

#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/fields.h"
#include "base/limits.h"
#include "base/text.h"
#include "net/form.h"

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

/* ---- files in requests ---- */

static enum err type_of(struct task *t, struct bytes file, const char **out)
{
    *out = net_picture_type(file);
    return *out ? OK
                : refuse(t, ERR_IMPOSSIBLE, "give it as PNG, JPEG or WebP",
                         "a reference picture is of a type that cannot be sent");
}

enum err gemini_inline(struct task *t, struct bytes file, json_t **out)
{
    const char *type;
    enum err e = type_of(t, file, &type);
    if (!e)
        *out = json_pack("{s{ss ss}}", "inlineData", "mimeType", type, "data",
                         base64_encode(t->arena, file));
    return e;
}

enum err gemini_image_content(struct task *t, struct bytes file, json_t **out)
{
    const char *type;
    enum err e = type_of(t, file, &type);
    if (!e)
        *out = json_pack("{ss ss ss}", "type", "image", "data", base64_encode(t->arena, file),
                         "mime_type", type);
    return e;
}

/* ---- errors ---- */

/* "34s", "3.5s" */
static int64_t seconds_text_us(const char *text)
{
    char *end;
    double seconds = strtod(text, &end);
    bool whole = end != text && (text_equal(end, "s") || !*end) && seconds >= 0 && seconds < 1e7;
    return whole ? (int64_t)(seconds * (double)SECOND_US) : -1;
}

struct details {
    int64_t wait_us;  /* -1: not said */
    bool daily;       /* today's quota is used up */
    bool wrong_key;
};

static struct details details_of(const json_t *error)
{
    struct details d = { .wait_us = -1 };
    size_t i, k;
    json_t *detail, *violation;
    json_array_foreach (json_object_get(error, "details"), i, detail) {
        const char *delay = text_of(detail, "retryDelay");
        if (*delay)
            d.wait_us = seconds_text_us(delay);
        d.wrong_key = d.wrong_key || text_equal(text_of(detail, "reason"), "API_KEY_INVALID");
        json_array_foreach (json_object_get(detail, "violations"), k, violation)
            d.daily = d.daily || strstr(text_of(violation, "quotaId"), "PerDay") != NULL;
    }
    d.daily = d.daily || text_equal(text_of(error, "code"), "quota_exceeded");
    return d;
}

bool gemini_is_blocked(const char *code)
{
    static const char *const codes[] = {
        "safety", "recitation", "language", "prohibited_content", "spii", "blocklist",
        "image_safety", "image_prohibited_content", "image_recitation", "image_other",
        "content_blocked",
    };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (text_equal(codes[i], code))
            return true;
    }
    return false;
}

static enum err refuse_blocked(struct task *t, const char *why)
{
    return refuse(t, ERR_REFUSED, "change the wording or the pictures and try again",
                  "Gemini refused the content: %s", why);
}

enum err gemini_refusal(struct task *t, const struct service *s, const struct net_reply *reply)
{
    scoped(json) json_t *json = json_loadb(reply->body.at, reply->body.size, 0, NULL);
    const json_t *error = json_object_get(json, "error");
    const char *words = text_of(error, "message");
    struct details d = details_of(error);
    if (d.wrong_key)
        return refuse(t, ERR_AUTH, arena_format(t->arena, "check the key in %s", s->key_variable),
                      "%s does not accept the key", s->title);
    if (gemini_is_blocked(text_of(error, "code")))
        return refuse_blocked(t, words);
    enum err e = service_refusal(t, s, reply, words, d.wait_us);
    if (e == ERR_RATE && d.daily)
        return refuse(t, ERR_CREDIT, "go on tomorrow, or raise the quota of the account there",
                      "today's quota at %s is used up", s->title);
    return e;
}

/* ---- answers ---- */

static bool ended_by_filter(const char *reason)
{
    static const char *const reasons[] = {
        "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII",
        "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION", "IMAGE_OTHER", "NO_IMAGE",
    };
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        if (text_equal(reasons[i], reason))
            return true;
    }
    return false;
}

static enum err read_file(struct task *t, const json_t *data, struct gemini_answer *out)
{
    const json_t *text = json_object_get(data, "data");
    if (!json_is_string(text))
        return OK;
    out->types[out->file_count] = arena_copy(t->arena, text_of(data, "mimeType"));
    return base64_decode(t, json_string_value(text), json_string_length(text),
                         &out->files[out->file_count++]);
}

static enum err read_parts(struct task *t, const json_t *parts, struct gemini_answer *out)
{
    struct text text = text_new(t->arena);
    size_t count = json_array_size(parts), i;
    json_t *part;
    struct gemini_answer a = {
        .files = arena_array(t->arena, struct bytes, count),
        .types = arena_array(t->arena, const char *, count),
    };
    enum err e = OK;
    json_array_foreach (parts, i, part) {
        if (!json_is_true(json_object_get(part, "thought")))
            text_append(&text, text_of(part, "text"));
        if (!e)
            e = read_file(t, json_object_get(part, "inlineData"), &a);
    }
    if (e)
        return e;
    a.text = text_end(&text);
    a.tokens_in = out->tokens_in;
    a.tokens_out = out->tokens_out;
    *out = a;
    return OK;
}

static enum err read_candidate(struct task *t, const json_t *json, struct gemini_answer *out)
{
    const json_t *candidate = json_array_get(json_object_get(json, "candidates"), 0);
    const char *blocked = text_of(json_object_get(json, "promptFeedback"), "blockReason");
    const char *reason = text_of(candidate, "finishReason");
    const char *words = text_of(candidate, "finishMessage");
    if (!candidate && *blocked)
        return refuse_blocked(t, arena_format(t->arena, "the request was blocked (%s)", blocked));
    if (ended_by_filter(reason))
        return refuse_blocked(t,
                              *words ? words : arena_format(t->arena, "it stopped (%s)", reason));
    if (text_equal(reason, "MAX_TOKENS"))
        return refuse(t, ERR_LIMIT,
                      "ask for fewer scenes (--scenes), or give the model more room in its file "
                      "(thoughtTokens, answerTokens)",
                      "the answer of Gemini was cut off where it was as long as it may be");
    enum err e =
        read_parts(t, json_object_get(json_object_get(candidate, "content"), "parts"), out);
    if (!e && text_is_empty(out->text) && out->file_count == 0)
        return fail(t, ERR_UPSTREAM, "Gemini answered with nothing%s%s", *reason ? ": " : "",
                    reason);
    return e;
}

static int64_t count_of(const json_t *usage, const char *name)
{
    json_int_t count = json_integer_value(json_object_get(usage, name));
    return count > 0 && count < 1000000000 ? count : 0;
}

static void read_usage(const json_t *json, struct gemini_answer *out)
{
    const json_t *usage = json_object_get(json, "usageMetadata");
    out->tokens_in = count_of(usage, "promptTokenCount");
    out->tokens_out =
        count_of(usage, "candidatesTokenCount") + count_of(usage, "thoughtsTokenCount");
}

enum err gemini_read(struct task *t, const struct service *s, const struct net_reply *reply,
                     struct gemini_answer *out)
{
    scoped(json) json_t *json = NULL;
    *out = (struct gemini_answer){ .text = "" };
    if (reply->status != 200)
        return gemini_refusal(t, s, reply);
    enum err e = service_json(t, s, reply, &json);
    if (e)
        return e;
    read_usage(json, out);
    return read_candidate(t, json, out);
}

enum err gemini_generate(const struct services *all, struct task *t, const char *model,
                         json_t *body, enum net_outcome *outcome, struct gemini_answer *out)
{
    struct service_call call = {
        .method = "POST",
        .path = arena_format(t->arena, "/v1beta/models/%s:generateContent", model),
        .json = body,
        .timeout_us = SERVICE_THINK_US,
    };
    struct net_reply reply;
    *out = (struct gemini_answer){ .text = "" };
    enum err e = service_create(all, t, SERVICE_GEMINI, &call, outcome, &reply);
    if (e)
        return e;
    e = gemini_read(t, &all->at[SERVICE_GEMINI], &reply, out);
    if (e == ERR_UPSTREAM || e == ERR_MEDIA)
        *outcome = NET_AMBIGUOUS;
    return e;
}
