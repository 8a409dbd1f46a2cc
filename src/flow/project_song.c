/*
 * A project's song, asked for by itself: the wish is checked and priced as if it were in the
 * record, and then record and goal change in one write.
 */
#include "flow/projects.h"

#include "base/text.h"
#include "flow/checks.h"
#include "flow/making.h"
#include "flow/quote.h"

static enum err need_words(struct task *t, const struct project *p)
{
    if (!text_is_empty(p->music.words))
        return OK;
    return fail_at(t,
                   refuse(t, ERR_INVALID,
                          "say what it is like, for example \"warm analog synths at 90 "
                          "beats a minute\"",
                          "nothing is said about the music"),
                   "musicPrompt");
}

static void apply_wish(const struct song_wish *wish, struct project *p)
{
    if (!text_is_empty(wish->words))
        p->music.words = wish->words;
    if (!text_is_empty(wish->model))
        p->music.model = wish->model;
}

static enum err check_wish(const struct flow *f, struct task *t, const struct song_wish *wish,
                           struct making *m)
{
    enum err e = check_names(f, t, &m->project, &m->mode, &m->model);
    if (!e)
        e = making_check_counts(t, wish->seconds, 0);
    if (!e && wish->seconds > 0)
        e = making_set_length(t, m, wish->seconds);
    return e ? e : making_check_sounds(f, t, m);
}

/* Of the song alone: what is filmed to it later is priced then. */
static enum err check_price(const struct flow *f, struct task *t, struct board *b)
{
    enum err e = board_compute(f, t, BOARD_WITHOUT_POSTERS, b);
    const struct artifact *music = e ? NULL : graph_find(&b->graph, ARTIFACT_MUSIC, 0);
    return e || !music ? e : quote_check(f, t, b, music->usd);
}

static enum err make_once(const struct flow *f, struct task *t, const char *project_id,
                          const struct song_wish *wish)
{
    struct board b;
    struct making m = { .files[FILE_SONG].source.fd = -1 };
    enum err e = board_load(f, t, project_id, &b);
    if (!e)
        e = check_at_rest(t, &b.project, "given a song");
    if (e)
        return e;
    m.project = b.project;
    apply_wish(wish, &m.project);
    e = need_words(t, &m.project);
    if (!e)
        e = check_wish(f, t, wish, &m);
    b.project = m.project;
    if (!e)
        e = check_price(f, t, &b);
    if (!e)
        e = project_start(t, &b.project, GOAL_SONG);
    if (e)
        return e;
    struct item_write write = project_touched(t, &b.project);
    return store_write(f->store, t, &write, 1);
}

enum err project_make_song(const struct flow *f, struct task *t, const char *project_id,
                           const struct song_wish *wish)
{
    enum err e = ERR_CONFLICT;
    for (int i = 0; i < EDIT_TRIES && e == ERR_CONFLICT; i++)
        e = make_once(f, t, project_id, wish);
    return e ? e : flow_begin(f, t, project_id);
}
