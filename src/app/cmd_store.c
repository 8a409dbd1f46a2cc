/* storyreel store: the table that records are kept in, made and looked at. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "base/text.h"
#include "store/store_dynamo.h"

struct store_options {
    struct common common;
    const char *table;
};

/* What STORYREEL_STORE names, or --table. */
static enum err table_of(struct task *t, const struct store_options *o, const char **out)
{
    static const char scheme[] = "dynamodb://";
    const char *set = getenv("STORYREEL_STORE");
    bool named = set && text_starts(set, scheme);
    *out = o->table ? o->table : named ? arena_copy(t->arena, set + strlen(scheme)) : "";
    return **out ? OK
                 : refuse(t, ERR_INVALID, "set STORYREEL_STORE=dynamodb://TABLE, or use --table",
                          "nothing says which table it is about");
}

static void print_findings(const struct store_options *o, const char *table,
                           const struct table_finding *findings, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        const struct table_finding *f = &findings[i];
        if (!o->common.json)
            printf("%-4s  %-24s %s\n", f->fine ? "ok" : "BAD", f->what, f->state);
        json_array_append_new(list, json_pack("{ss ss sb}", "what", f->what, "state", f->state,
                                              "ok", f->fine));
    }
    json_t *all = json_pack("{ss so}", "table", table, "findings", list);
    if (o->common.json)
        print_json(all);
    else
        json_decref(all);
}

static enum err see_to_table(struct task *t, const struct store_options *o, const struct net *net,
                             bool change)
{
    struct aws_account *account = NULL;
    struct table_finding findings[TABLE_FINDINGS_MAX];
    size_t count = 0, bad = 0;
    const char *table;
    enum err e = table_of(t, o, &table);
    if (!e)
        e = aws_account_open(t, net, &account);
    if (!e)
        e = store_dynamo_table(t, account, table, change, findings, &count);
    aws_account_close(account);
    if (e)
        return e;
    print_findings(o, table, findings, count);
    for (size_t i = 0; i < count; i++)
        bad += !findings[i].fine;
    return bad == 0 ? OK
                    : refuse(t, ERR_UNAVAILABLE,
                             change ? "what is wrong has to be mended by hand"
                                    : "storyreel store init makes what is missing",
                             "the table %s is not as it should be", table);
}

static enum err run_verb(struct task *t, const struct store_options *o, const struct words *words)
{
    const char *verb = words->count == 1 ? words->at[0] : "";
    bool init = text_equal(verb, "init");
    struct net *net = NULL;
    if (!init && !text_equal(verb, "check"))
        return refuse(t, ERR_INVALID, "use init or check", "storyreel store does not know \"%s\"",
                      verb);
    bool loopback = getenv("STORYREEL_LOOPBACK_FETCH") != NULL;
    enum err e = net_open(t, &(struct net_options){ .loopback = loopback }, &net);
    if (!e)
        e = see_to_table(t, o, net, init);
    net_close(net);
    return e;
}

static enum err store(struct task *t, int argc, char **argv)
{
    struct store_options o = { 0 };
    const struct option options[] = {
        { "table", "NAME", OPTION_TEXT, &o.table, "the table; else STORYREEL_STORE names it", 0 },
        COMMON_OPTIONS(o.common)
    };
    struct words words;
    enum err e = options_read(t, options, argc, argv, &words);
    if (e)
        return e;
    if (o.common.help)
        return command_help(&command_store, options);
    return run_verb(t, &o, &words);
}

const struct command command_store = {
    "store",
    "init|check",
    "the DynamoDB table: made, or looked at",
    store,
};
