/*
 * How a picture is to be taken, as camera notes and prompts say it. Words are compared by tokens,
 * so "Close-up", "close up" and "CLOSE UP" are the same; of several phrases the longest counts, so
 * that "extreme close-up" is no close-up.
 */
#include "plan/plan.h"

#include "base/text.h"
#include "plan/lexicon.h"

struct phrase {
    const char *words;
    int         value;
};

static const struct phrase shot_phrases[] = {
    { "extreme wide", SHOT_EXTREME_WIDE },
    { "extreme long shot", SHOT_EXTREME_WIDE },
    { "establishing shot", SHOT_EXTREME_WIDE },
    { "aerial shot", SHOT_EXTREME_WIDE },
    { "wide", SHOT_WIDE },
    { "long shot", SHOT_WIDE },
    { "full shot", SHOT_FULL },
    { "full", SHOT_FULL },
    { "full figure", SHOT_FULL },
    { "medium", SHOT_MEDIUM },
    { "medium shot", SHOT_MEDIUM },
    { "mid shot", SHOT_MEDIUM },
    { "waist up", SHOT_MEDIUM },
    { "close up", SHOT_CLOSE_UP },
    { "closeup", SHOT_CLOSE_UP },
    { "close shot", SHOT_CLOSE_UP },
    { "extreme close up", SHOT_EXTREME_CLOSE_UP },
    { "extreme closeup", SHOT_EXTREME_CLOSE_UP },
    { "detail", SHOT_DETAIL },
    { "insert", SHOT_DETAIL },
    { "detail shot", SHOT_DETAIL },
    { "macro", SHOT_DETAIL },
    { NULL, 0 },
};

static const struct phrase move_phrases[] = {
    { "static", MOVE_STATIC },
    { "locked off", MOVE_STATIC },
    { "still camera", MOVE_STATIC },
    { "push in", MOVE_PUSH_IN },
    { "pushes in", MOVE_PUSH_IN },
    { "dolly in", MOVE_PUSH_IN },
    { "zoom in", MOVE_PUSH_IN },
    { "pull out", MOVE_PULL_OUT },
    { "pull back", MOVE_PULL_OUT },
    { "pulls back", MOVE_PULL_OUT },
    { "pulls out", MOVE_PULL_OUT },
    { "dolly out", MOVE_PULL_OUT },
    { "zoom out", MOVE_PULL_OUT },
    { "pan left", MOVE_PAN_LEFT },
    { "pans left", MOVE_PAN_LEFT },
    { "pan right", MOVE_PAN_RIGHT },
    { "pans right", MOVE_PAN_RIGHT },
    { "tilt up", MOVE_TILT_UP },
    { "tilts up", MOVE_TILT_UP },
    { "tilt down", MOVE_TILT_DOWN },
    { "tilts down", MOVE_TILT_DOWN },
    { "crane up", MOVE_CRANE_UP },
    { "camera rises", MOVE_CRANE_UP },
    { "crane down", MOVE_CRANE_DOWN },
    { "dolly left", MOVE_DOLLY_LEFT },
    { "tracking left", MOVE_DOLLY_LEFT },
    { "dolly right", MOVE_DOLLY_RIGHT },
    { "tracking right", MOVE_DOLLY_RIGHT },
    { "tracking shot", MOVE_DOLLY_RIGHT },
    { "orbit", MOVE_ORBIT },
    { "orbits", MOVE_ORBIT },
    { "arcs around", MOVE_ORBIT },
    { "handheld", MOVE_HANDHELD },
    { "hand held", MOVE_HANDHELD },
    { NULL, 0 },
};

static bool stands_at(const struct tokens *text, size_t at, const struct tokens *phrase)
{
    for (size_t i = 0; i < phrase->count; i++) {
        if (at + i >= text->count || !text_equal(text->at[at + i].word, phrase->at[i].word))
            return false;
    }
    return true;
}

static int longest_said(struct arena *a, const struct tokens *text, const struct phrase *phrases)
{
    int    value = 0;
    size_t most = 0;
    for (const struct phrase *p = phrases; p->words; p++) {
        struct tokens phrase = tokens_of(a, p->words);
        for (size_t i = 0; i < text->count && phrase.count > most; i++) {
            if (stands_at(text, i, &phrase)) {
                value = p->value;
                most  = phrase.count;
            }
        }
    }
    return value;
}

/* Hyphens join words for other readers; here they part them. */
static struct tokens tokens_apart(struct arena *a, const char *text)
{
    char *apart = arena_copy(a, text);
    for (char *c = apart; *c; c++) {
        if (*c == '-')
            *c = ' ';
    }
    return tokens_of(a, apart);
}

struct framing framing_from_text(struct task *t, const char *text)
{
    struct tokens tokens = tokens_apart(t->arena, text);
    return (struct framing){
        .shot = longest_said(t->arena, &tokens, shot_phrases),
        .move = longest_said(t->arena, &tokens, move_phrases),
    };
}
