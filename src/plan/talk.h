#pragma once

/*
 * A language model that is asked for a plan. Inside the room only.
 *
 * talk_plan() holds the conversation; a driver carries one turn of it to its service and back.
 */

#include <jansson.h>

#include "plan/story_film.h"

struct talk {
    const char *system;               /* who the model is to be and how it answers */
    const char *brief;                /* the film, and what is to be written for each scene */
    json_t *schema;                   /* JSON Schema of the answer: plain types, enums, required */
    const struct plan_picture *pictures;
    size_t picture_count;
    /* what it wrote before and what is wrong with it; NULL at first */
    const char *answer, *complaint;
    int64_t seed;                     /* 0..2^31-1 */
    int64_t answer_tokens;            /* the longest answer that is wanted, thoughts among it */
    /* a person waits, who asks again where an answer is lost; nobody else does */
    bool attended;
};

/* What came of one turn. */
struct talk_reply {
    const char *text;
    struct plan_answer used;          /* also of a turn that failed */
    bool ask_again;                   /* it failed; at once it may be answered, and paid twice */
};

/* Who carries turns to a service. Errors as planner_gemini promises them; *out is zero before. */
struct talker {
    enum err (*ask)(struct task *t, const struct plan_request *request, const struct talk *talk,
                    struct talk_reply *out);
    int64_t answer_tokens_max;        /* where the model's descriptor does not say */
};

/* Ask, read, check; ask once more with the reasons; or say why not. */
enum err talk_plan(struct task *t, const struct plan_request *request, const struct talker *who,
                   struct plan *out);

/* talk_scene.c: the same for a scene from an idea, and for other words of one. */
enum err talk_idea(struct task *t, const struct idea_request *request, const struct talker *who,
                   struct planned_scene *out);
enum err talk_rewrite(struct task *t, const struct rewrite_request *request,
                      const struct talker *who, struct planned_scene *out);

/* talk_turn.c: how long an answer for so many scenes may be, */
int64_t talk_answer_tokens(const struct plan_request *request, const struct talker *who,
                           size_t scene_count);

/* the most that a turn can use: no token is shorter than a byte, */
struct plan_asking talk_most(const struct plan_request *request, const struct talk *talk);

/* and one turn, paid for at the request's till; what was lost on the way is asked for once more
 * where nobody attends. */
enum err talk_turn(struct task *t, const struct plan_request *request, const struct talker *who,
                   const struct talk *talk, const char **out);

/* Reads an answer as what was asked for. INVALID with all that is wrong with it in *out_reasons. */
typedef enum err talk_reader(const struct film *f, void *how, const char *answer,
                             const char **out_reasons);

/* Two turns at most: ask, read, and once more with the reasons. IMPOSSIBLE when that was no
 * better. */
enum err talk_converse(const struct film *f, const struct talker *who, struct talk *talk,
                       talk_reader *read, void *how);

/* talk_brief.c */
extern const char talk_system[];
char *talk_brief(const struct film *f);
json_t *talk_brief_json(const struct film *f);
json_t *talk_schema(void);            /* a new reference */

/*
 * talk_answer.c: the answer as a plan for the cuts of this film. What can be derived is: wordings
 * stand for their marks, pictures follow from the words, no two are alike.
 * INVALID with everything that is wrong with it, a line each, in *out_reasons.
 */
enum err talk_read(const struct film *f, const char *answer, struct plan *out,
                   const char **out_reasons);

/* "null" without thoughts and fences: where the JSON of an answer begins and ends. */
struct bytes talk_json(const char *answer);
