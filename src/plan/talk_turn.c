/*
 * One turn of a conversation, and what it may cost. Its price is known afterwards only, in tokens;
 * what can be said before is a bound: of what goes out every byte may be a token of its own, a
 * picture is what its service says it is at most, and what comes back is no longer than it was
 * asked to be.
 */
#include "plan/talk.h"

#include <string.h>

#include "base/log.h"
#include "base/text.h"

enum {
    SCENE_TOKENS = 1000,    /* 90 words of prompt and more, in any language: 400 in English */
    THOUGHT_TOKENS = 16000,
    PICTURE_TOKENS = 16384, /* the dearest rule there is: tiles of 768 pixels, 258 tokens each */
    FRAME_TOKENS = 1000,    /* what services put around turns, pictures and schemas */
};

static int64_t or_usual(int64_t said, int64_t usual)
{
    return said > 0 ? said : usual;
}

int64_t talk_answer_tokens(const struct plan_request *request, const struct talker *who,
                           size_t scene_count)
{
    const struct plan_limits *l = &request->limits;
    int64_t most = or_usual(l->answer_tokens, who->answer_tokens_max);
    int64_t thoughts = or_usual(l->thought_tokens, THOUGHT_TOKENS);
    int64_t tokens = thoughts + (int64_t)scene_count * SCENE_TOKENS;
    return tokens < most ? tokens : most;
}

static int64_t bytes_of(const char *text)
{
    return text ? (int64_t)strlen(text) : 0;
}

struct plan_asking talk_most(const struct plan_request *request, const struct talk *talk)
{
    int64_t picture = or_usual(request->limits.picture_tokens, PICTURE_TOKENS);
    int64_t pictures = (int64_t)talk->picture_count * picture;
    int64_t schema = (int64_t)json_dumpb(talk->schema, NULL, 0, JSON_COMPACT);
    return (struct plan_asking){
        .tokens_in_max = bytes_of(talk->system) + bytes_of(talk->brief) + bytes_of(talk->answer) +
                         bytes_of(talk->complaint) + schema + pictures + FRAME_TOKENS,
        .tokens_out_max = talk->answer_tokens,
    };
}

static enum err ask_once(struct task *t, const struct plan_request *request,
                         const struct talker *who, const struct talk *talk,
                         struct talk_reply *reply)
{
    struct plan_till *till = request->till;
    const struct plan_asking most = talk_most(request, talk);
    enum err e = till ? till->open(till, t, &most) : OK;
    *reply = (struct talk_reply){ .text = "" };
    if (e)
        return e;
    e = who->ask(t, request, talk, reply);
    return till ? till->close(till, t, &reply->used, e) : e;
}

/*
 * There is no list of what was asked before. A call that may have been paid for is repeated once,
 * and that is said; after that a person decides.
 */
enum err talk_turn(struct task *t, const struct plan_request *request, const struct talker *who,
                   const struct talk *talk, const char **out)
{
    struct talk_reply reply;
    enum err e = ask_once(t, request, who, talk, &reply);
    bool again = e && err_may_retry(e) && reply.ask_again && !talk->attended;
    if (again) {
        log_line(LOG_WARN, t, "a plan is asked for a second time and may be paid for twice",
                 "why=\"%s\"", t->fault.message);
        e = ask_once(t, request, who, talk, &reply);
    }
    if (again && e && err_may_retry(e) && reply.ask_again)
        return refuse(t, ERR_RECONCILE, "run it again to ask once more; that may be paid for again",
                      "the planner did not answer twice, and may have charged for it: %s",
                      arena_copy(t->arena, t->fault.message));
    *out = reply.text;
    return e;
}
