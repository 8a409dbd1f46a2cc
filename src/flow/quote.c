/* Over the cap: the whole price, and every cheaper way there is. */
#include "flow/quote.h"

#include <stdio.h>

#include "base/text.h"
#include "flow/spend.h"

/* What is not current costs beside the takes: lips, music, voices. */
static double price_of_others(const struct board *b)
{
    double usd = 0;
    for (size_t i = 0; i < b->graph.artifact_count; i++) {
        const struct artifact *art = &b->graph.artifacts[i];
        if (art->kind != ARTIFACT_TAKE)
            usd = art->usd < 0 || usd < 0 ? -1 : usd + art->usd;
    }
    return usd;
}

/* What all that is not current would cost with another video model; -1 unknown. */
static double price_with(const struct board *b, const struct model *m)
{
    double usd = price_of_others(b);
    for (size_t i = 0; i < b->scene_count; i++) {
        const struct scene *s = &b->scenes[i];
        const struct artifact *take = graph_find(&b->graph, ARTIFACT_TAKE, s->sequence);
        double one = graph_take_usd(scene_maker(s, m, &b->card), &b->project, s);
        if (!take || take->state == ARTIFACT_CURRENT)
            continue;
        usd = usd < 0 || one < 0 ? -1 : usd + one;
    }
    return usd;
}

static void add_cheaper(struct text *out, const struct board *b, const struct model *m, double usd)
{
    double other = price_with(b, m);
    if (m->makes != MAKES_VIDEO || other < 0 || (usd >= 0 && other >= usd))
        return;
    if (other > 0)
        text_printf(out, ", or film it with %s ($%.2f)", m->name, other);
    else
        text_printf(out, ", or film it with %s (free)", m->name);
}

static const char *alternatives(const struct flow *f, struct task *t, const struct board *b,
                                double usd)
{
    struct text out = text_new(t->arena);
    struct model *models;
    size_t count;
    if (usd >= 0)
        text_printf(&out, "raise the budget to cover $%.2f, or film fewer scenes at a time", usd);
    else
        text_append(&out, "write its price into the model's descriptor");
    if (model_list(t, &f->models, &models, &count) != OK)
        return text_end(&out);
    for (size_t i = 0; i < count; i++)
        add_cheaper(&out, b, &models[i], usd);
    return text_end(&out);
}

enum err quote_check(const struct flow *f, struct task *t, const struct board *b, double usd)
{
    enum err e = spend_check(f, t, &b->project, usd);
    if (e != ERR_BUDGET)
        return e;
    struct fault fault = t->fault;
    snprintf(fault.next, sizeof fault.next, "%s", alternatives(f, t, b, usd));
    t->fault = fault;
    return e;
}
