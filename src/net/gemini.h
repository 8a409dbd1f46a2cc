#pragma once

/*
 * generateContent of the Gemini API, for whoever asks it: scenes in plan/, pictures and voices in
 * gen/. Says what every answer of it may be and what its errors mean.
 *
 * Source  ai.google.dev/gemini-api/docs, as of 2026-11
 */

#include "net/service.h"

struct gemini_answer {
    const char *text;        /* all text parts that are no thoughts, joined; "" */
    struct bytes *files;     /* inline data, decoded */
    const char **types;      /* of the files: "image/png" */
    size_t file_count;
    /* that are charged for, thoughts among the latter; 0 unknown. Also of an answer that is refused
     * or cut off */
    int64_t tokens_in, tokens_out;
};

/* {"inlineData": ...} of a file whose type is read from its first bytes; a new reference.
 * IMPOSSIBLE a picture that is no PNG, JPEG or WebP. */
enum err gemini_inline(struct task *t, struct bytes file, json_t **out);

/* The same as a content of an interaction: {"type": "image", "data": ..., "mime_type": ...}. */
enum err gemini_image_content(struct task *t, struct bytes file, json_t **out);

/*
 * Ask once. There is no list of what was asked before: a call that broke off may have been charged.
 *
 * body     as generateContent takes it; borrowed
 * outcome  whether it was made, also when this fails; an answer that cannot be read is ambiguous
 * Errors   those of net_create() and service_refusal(); REFUSED blocked by a filter; LIMIT cut off
 *          at the model's ceiling; UPSTREAM answered with nothing
 */
enum err gemini_generate(const struct services *all, struct task *t, const char *model,
                         json_t *body, enum net_outcome *outcome, struct gemini_answer *out);

/* What an answer of any of its endpoints that is no success means; see service_refusal(). */
enum err gemini_refusal(struct task *t, const struct service *s, const struct net_reply *reply);

/* Is this a code of Interactions that means: change what is asked for? */
bool gemini_is_blocked(const char *code);

/* The reply of generateContent, read. Pure but for the fault. */
enum err gemini_read(struct task *t, const struct service *s, const struct net_reply *reply,
                     struct gemini_answer *out);
