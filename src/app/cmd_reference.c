/* storyreel reference VERB: pictures of characters and products, drawn or brought along, that
 * projects can name. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/report.h"
#include "base/text.h"
#include "flow/counter.h"
#include "flow/library.h"

struct reference_options {
    struct common common;
    const char *kind, *name, *style, *model, *like, *output;
    int64_t seed;
};

struct reference_call {
    struct task *task;
    struct app *app;
    const struct reference_options *options;
    const char *word; /* what the verb is about */
};

struct reference_verb {
    const char *name, *word, *summary;
    enum err (*run)(struct reference_call *c);
};

/* The picture into a file of that name, in one step. */
static enum err save(struct reference_call *c, const struct reference *r, const char *path)
{
    struct task *t = c->task;
    scoped(fd) int from = -1;
    scoped(draft) struct draft draft = draft_none();
    enum err e = blob_open(c->app->flow.blobs, t, r->key, &from);
    if (!e)
        e = draft_open(t, path_folder(t->arena, path), &draft);
    if (!e)
        e = file_copy(t, from, draft.fd);
    return e ? e : draft_publish(t, &draft, path, true);
}

static void print_reference(const struct reference *r)
{
    printf("%s  %-9s  %-9s  %4" PRId64 "x%-4" PRId64 "  %s\n", r->reference_id, r->kind, r->source,
           r->width_px, r->height_px, r->name);
}

static struct reference_wish wish_of(const struct reference_options *o, const char *description)
{
    return (struct reference_wish){
        .kind = o->kind,
        .name = o->name,
        .description = description,
        .style = o->style,
        .model = o->model,
        .like = o->like,
        .seed = o->seed,
    };
}

static enum err verb_generate(struct reference_call *c)
{
    struct reference options[REFERENCE_OPTIONS];
    struct reference_wish wish = wish_of(c->options, c->word);
    enum err e = reference_generate(&c->app->flow, c->task, &wish, options);
    json_t *list = json_array();
    for (int i = 0; i < REFERENCE_OPTIONS && !e; i++) {
        json_array_append_new(list, fields_encode(reference_fields, &options[i]));
        if (c->options->output)
            e = save(c, &options[i],
                     arena_format(c->task->arena, "%s/%d.%s", c->options->output, i + 1,
                                  strrchr(options[i].key, '.') + 1));
        if (!e && !c->options->common.json)
            print_reference(&options[i]);
    }
    if (!e && c->options->common.json)
        print_json(json_pack("{sO}", "references", list));
    json_decref(list);
    return e;
}

static enum err show(struct reference_call *c, const struct reference *r)
{
    enum err e = c->options->output ? save(c, r, c->options->output) : OK;
    if (e)
        return e;
    if (c->options->common.json)
        print_json(fields_encode(reference_fields, r));
    else
        print_reference(r);
    return OK;
}

static enum err verb_upload(struct reference_call *c)
{
    struct source_file file = { .fd = -1 };
    struct reference r;
    struct reference_wish wish = wish_of(c->options, "");
    enum err e = argument_open(c->task, "image", c->word, &file);
    if (!e)
        e = reference_upload(&c->app->flow, c->task, &file, &wish, "uploaded", &r);
    fd_scoped(&file.fd);
    return e ? e : show(c, &r);
}

static enum err verb_show(struct reference_call *c)
{
    struct reference r;
    enum err e = reference_load(c->app->flow.store, c->task, c->word, &r);
    return e ? e : show(c, &r);
}

static enum err verb_ledger_of_library(struct reference_call *c)
{
    const char *library = counter_library.project_id;
    return *c->word ? ledger_entry_show(c->task, c->app, library, c->word, c->options->common.json)
                    : ledger_show(c->task, c->app, library, c->options->common.json);
}

static const struct reference_verb verbs[] = {
    { "generate", "DESCRIPTION", "four pictures to pick one from (-o FOLDER)", verb_generate },
    { "upload", "FILE", "keep a picture of one's own", verb_upload },
    { "show", "REFERENCE", "what there is under an id (-o FILE)", verb_show },
    { "ledger", "[ENTRY]", "what was paid for pictures; of an ENTRY what the service really said",
      verb_ledger_of_library },
};

static enum err help(const struct option *options)
{
    printf("storyreel reference VERB ...\n\n%s\n\nVerbs:\n", command_reference.summary);
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        printf("  %-9s %-12s %s\n", verbs[i].name, verbs[i].word, verbs[i].summary);
    printf("\nOptions:\n");
    options_help(options);
    return OK;
}

static enum err verb_find(struct task *t, const struct words *words,
                          const struct reference_verb **out)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (!text_equal(verbs[i].name, words->at[0]))
            continue;
        *out = &verbs[i];
        size_t wanted = *verbs[i].word ? 2 : 1;
        bool may_lack = *verbs[i].word == '[';
        if (words->count == wanted || (may_lack && words->count == 1))
            return OK;
        return refuse(t, ERR_INVALID,
                      arena_format(t->arena, "write: storyreel reference %s %s", verbs[i].name,
                                   verbs[i].word),
                      "reference %s wants %s after it, not %zu", verbs[i].name,
                      wanted == 2 ? "one word" : "no word", words->count - 1);
    }
    return refuse(t, ERR_INVALID, "storyreel reference --help lists them",
                  "there is no verb \"%s\"", words->at[0]);
}

static enum err run(struct task *t, const struct reference_verb *verb,
                    const struct reference_options *o, const char *word)
{
    struct app a;
    enum err e = app_open(t, &o->common, &a);
    if (e)
        return e;
    e = verb->run(&(struct reference_call){ t, &a, o, word });
    app_close(&a);
    return e;
}

static enum err reference(struct task *t, int argc, char **argv)
{
    struct reference_options o = { 0 };
    const struct option options[] = {
        { "kind", "KIND", OPTION_TEXT, &o.kind, "character (as without) or product", 0 },
        { "name", "NAME", OPTION_TEXT, &o.name, "what to call it", 0 },
        { "style", "NAME", OPTION_TEXT, &o.style, "whose colours: storyreel styles", 0 },
        { "model", "NAME", OPTION_TEXT, &o.model,
          "what draws it: card (as without), or an image model: storyreel models", 0 },
        { "like", "REFERENCE", OPTION_TEXT, &o.like, "keep to this picture (image models)", 0 },
        { "seed", "N", OPTION_INT, &o.seed, "another seed, another four", 0 },
        { "output", "PATH", OPTION_TEXT, &o.output, "put the pictures here too", 'o' },
        COMMON_OPTIONS(o.common)
    };
    struct words words;
    const struct reference_verb *verb;
    enum err e = options_read(t, options, argc, argv, &words);
    if (e)
        return e;
    if (o.common.help || words.count == 0)
        return help(options);
    e = verb_find(t, &words, &verb);
    return e ? e : run(t, verb, &o, words.count > 1 ? words.at[1] : "");
}

const struct command command_reference = {
    "reference",
    "VERB ...",
    "make and keep pictures of characters and products",
    reference,
};
