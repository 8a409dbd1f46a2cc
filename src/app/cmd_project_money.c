/* storyreel project ledger, decide, cancel: what was paid, and what a person says about it. */
#include "app/cmd_project.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "flow/paid.h"

#define CANCEL_WAIT_US (15 * SECOND_US)
#define LOOK_AGAIN_US  (SECOND_US / 4)

static const char *usd_words(struct task *t, int64_t micros)
{
    return micros < 0 ? "unknown" : arena_format(t->arena, "$%.2f", usd_of_micros(micros));
}

static json_t *entry_json(const struct spend *s)
{
    return json_pack("{ss ss ss sI ss ss sf sf ss ss ss}", "id", s->spend_id, "at", s->created_at,
                     "kind", s->kind, "sequence", (json_int_t)s->sequence, "model", s->model,
                     "state", spend_state_names[s->state], "usd", usd_of_micros(s->micros),
                     "reserved", usd_of_micros(s->reserved_micros), "ticket", s->remote_id, "why",
                     s->why, "kept", s->kept);
}

static json_t *ledger_json(const struct spend *spends, size_t count,
                           const struct spend_total *total)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, entry_json(&spends[i]));
    return json_pack("{so sf sf}", "entries", list, "usd", usd_of_micros(total->spent), "held",
                     usd_of_micros(total->held));
}

static void entry_print(struct task *t, const struct spend *s)
{
    const char *what =
        s->sequence ? arena_format(t->arena, "scene %" PRId64, s->sequence) : s->kind;
    printf("%s  %s  %-9s %-14s %-9s %7s%s%s\n", s->spend_id, s->created_at, what, s->model,
           spend_state_names[s->state], usd_words(t, s->micros), *s->why ? "  " : "", s->why);
}

static void ledger_print(struct task *t, const struct spend *spends, size_t count,
                         const struct spend_total *total)
{
    for (size_t i = 0; i < count; i++)
        entry_print(t, &spends[i]);
    printf("%s spent", usd_words(t, total->spent));
    if (total->held > 0)
        printf(", %s reserved", usd_words(t, total->held));
    printf("\n");
}

enum err ledger_show(struct task *t, struct app *a, const char *project_id, bool json)
{
    struct spend *spends;
    struct spend_total total;
    size_t count;
    enum err e = spends_load(a->flow.store, t, project_id, &spends, &count);
    if (!e)
        e = spend_total_of(&a->flow, t, project_id, &total);
    if (e)
        return e;
    if (json)
        print_json(ledger_json(spends, count, &total));
    else
        ledger_print(t, spends, count, &total);
    return OK;
}

/* ---- what was really said ---- */

static void answer_print(const struct hearing *h, const struct said *said)
{
    printf("\n%s  %s  %s  ", h->at, h->turn, said->call);
    if (said->status)
        printf("%" PRId64 ", %" PRId64 " bytes\n", said->status, said->bytes);
    else
        printf("no answer\n");
    if (*said->body)
        printf("%s\n", said->body);
}

static void hearings_print(const struct hearing *h, size_t count)
{
    if (count == 0)
        printf("\nNothing that the service said is kept with it.\n");
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < h[i].answer_count; k++)
            answer_print(&h[i], &h[i].answers[k]);
    }
}

static json_t *hearings_json(const struct spend *s, const struct hearing *h, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, fields_encode(hearing_fields, &h[i]));
    return json_pack("{so so}", "entry", entry_json(s), "turns", list);
}

enum err ledger_entry_show(struct task *t, struct app *a, const char *project_id, const char *entry,
                           bool json)
{
    struct spend s;
    struct hearing *said;
    size_t count;
    enum err e = spend_find(a->flow.store, t, project_id, entry, &s);
    if (!e)
        e = hearings_load(a->flow.store, t, project_id, s.spend_id, &said, &count);
    if (e)
        return e;
    if (json) {
        print_json(hearings_json(&s, said, count));
        return OK;
    }
    entry_print(t, &s);
    hearings_print(said, count);
    return OK;
}

enum err verb_ledger(struct verb_call *c)
{
    if (c->word_count > 0)
        return ledger_entry_show(c->task, c->app, c->project.project_id, c->words[0],
                                 c->options->common.json);
    return ledger_show(c->task, c->app, c->project.project_id, c->options->common.json);
}

enum err verb_decide(struct verb_call *c)
{
    const char *since = now_text(c), *word = c->words[1];
    int decision = names_index(paid_decision_names, word);
    if (decision < DECIDE_WAIT)
        return refuse(c->task, ERR_INVALID, "use wait, try-again or forget",
                      "\"%s\" is not a decision", word);
    enum err e = paid_decide(&c->app->flow, c->task, c->project.project_id, c->words[0], decision);
    if (e || decision == DECIDE_FORGET)
        return e;
    return work_and_say(c, since);
}

/* Calls that may still be charged; a person is told, who may look again later. */
static enum err say_billable(struct verb_call *c)
{
    struct spend *spends;
    size_t count;
    enum err e =
        spends_load(c->app->flow.store, c->task, c->project.project_id, &spends, &count);
    for (size_t i = 0; i < count && !e; i++) {
        if (spend_is_out(&spends[i]))
            printf("scene %" PRId64 " may still cost %s: %s at %s\n", spends[i].sequence,
                   usd_words(c->task, spends[i].micros), spend_state_names[spends[i].state],
                   spends[i].provider);
    }
    return e;
}

/* Providers are told before this process goes, as far as they answer soon. */
static enum err tell_providers(struct verb_call *c)
{
    struct task *t = c->task;
    const char *id = c->project.project_id;
    if (paid_check_closed(&c->app->flow, t, id) != ERR_CONFLICT)
        return OK;
    enum err e = app_work(t, c->app, id);
    int64_t until = clock_monotonic_us(t->clock) + CANCEL_WAIT_US, seen = 0;
    while (!e && paid_check_closed(&c->app->flow, t, id) == ERR_CONFLICT &&
           clock_monotonic_us(t->clock) < until && !atomic_load(&app_interrupted))
        seen = workers_wait(c->app->workers, seen, LOOK_AGAIN_US);
    return e ? e : say_billable(c);
}

enum err verb_cancel(struct verb_call *c)
{
    enum err e = project_cancel(&c->app->flow, c->task, c->project.project_id);
    if (!e)
        e = tell_providers(c);
    if (!e)
        printf("cancelled %s; what was finished is kept\n", c->project.project_id);
    return e;
}
