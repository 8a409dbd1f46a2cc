/* storyreel project rewrite: other words for a scene, looked at first. */
#include "app/cmd_project.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"

static const char *text_of(const json_t *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));
    return text ? text : "";
}

static void print_wording(const char *title, const json_t *words)
{
    printf("%s\n  %s\n  [%s]\n\n", title, text_of(words, "prompt"), text_of(words, "camera"));
}

void proposal_print(const json_t *proposal)
{
    const json_t *usd = json_object_get(proposal, "usd");
    print_wording("It says", json_object_get(proposal, "was"));
    print_wording("Proposed", json_object_get(proposal, "proposed"));
    if (!json_is_number(usd))
        printf("What it cost is not known.\n");
    else if (json_number_value(usd) > 0)
        printf("It cost $%.2f, by %s.\n", json_number_value(usd), text_of(proposal, "planner"));
}

static json_t *proposal_json(const struct scene_proposal *p)
{
    json_t *json = fields_encode(scene_proposal_fields, p);
    json_object_set_new(json, "usd", p->usd < 0 ? json_null() : json_real(p->usd));
    return json;
}

static enum err accept_proposal(struct verb_call *c, const struct scene_proposal *p)
{
    struct scene s;
    const struct scene_edit edit = {
        .prompt = p->proposed.prompt,
        .negative_prompt = p->proposed.negative_prompt,
        .camera = p->proposed.camera,
        .action = p->proposed.action,
        .lips_move = -1,
        .version = p->version,
    };
    return scene_edit(&c->app->flow, c->task, c->project.project_id, p->sequence, &edit, &s);
}

static void say_proposal(struct verb_call *c, const struct scene_proposal *p)
{
    scoped(json) json_t *json = proposal_json(p);
    proposal_print(json);
    if (!c->options->accept)
        printf("storyreel project rewrite %s %" PRId64
               " --accept, with the same options, takes it.\n",
               c->project.project_id, p->sequence);
}

enum err verb_rewrite(struct verb_call *c)
{
    int64_t sequence;
    struct scene_proposal p;
    const struct project_options *o = c->options;
    const struct scene_rewrite ask = { .instruction = o->instruction, .seed = o->seed };
    enum err e = int_read(c->task, "scene", c->words[0], &sequence);
    if (!e)
        e = scene_rewrite(&c->app->flow, c->task, c->project.project_id, sequence, &ask, &p);
    if (!e && o->accept)
        e = accept_proposal(c, &p);
    if (e)
        return e;
    if (o->common.json)
        print_json(proposal_json(&p));
    else
        say_proposal(c, &p);
    return o->accept && !o->common.json ? say_plan(c) : OK;
}
