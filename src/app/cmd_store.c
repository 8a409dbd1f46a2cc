/* storyreel store: the tables and queues of a store at AWS, made and looked at; and moving
 * house. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/app.h"
#include "base/text.h"
#include "flow/moving.h"
#include "queue/queue_sqs.h"
#include "store/store_dynamo.h"

struct store_options {
    struct common common;
    const char *table, *queue, *from, *to;
};

/* What an option or else a setting names; "" when neither does. */
static const char *name_of(struct task *t, const char *option, const char *variable,
                           const char *scheme)
{
    const char *set = getenv(variable);
    bool named = set && text_starts(set, scheme);
    return option ? option : named ? arena_copy(t->arena, set + strlen(scheme)) : "";
}

static void print_findings(const struct store_options *o, const char *table, const char *queue,
                           const struct aws_findings *findings)
{
    json_t *list = json_array();
    for (size_t i = 0; i < findings->count; i++) {
        const struct aws_finding *f = &findings->at[i];
        if (!o->common.json)
            printf("%-4s  %-24s %s\n", f->fine ? "ok" : "BAD", f->what, f->state);
        json_array_append_new(list, json_pack("{ss ss sb}", "what", f->what, "state", f->state,
                                              "ok", f->fine));
    }
    json_t *all = json_pack("{ss ss so}", "table", table, "queue", queue, "findings", list);
    if (o->common.json)
        print_json(all);
    else
        json_decref(all);
}

static enum err look_at(struct task *t, const struct net *net, const char *table, const char *queue,
                        bool change, struct aws_findings *out)
{
    struct aws_account *account = NULL;
    enum err e = aws_account_open(t, net, &account);
    if (!e && *table)
        e = store_dynamo_table(t, account, table, change, out);
    if (!e && *queue)
        e = queue_sqs_see_to(t, account, queue, change, out);
    aws_account_close(account);
    return e;
}

static enum err see_to_places(struct task *t, const struct store_options *o, const struct net *net,
                              bool change)
{
    struct aws_findings findings = { 0 };
    size_t bad = 0;
    const char *table = name_of(t, o->table, "STORYREEL_STORE", "dynamodb://");
    const char *queue = name_of(t, o->queue, "STORYREEL_QUEUE", "sqs://");
    if (!*table && !*queue)
        return refuse(t, ERR_INVALID, "set STORYREEL_STORE=dynamodb://TABLE, or use --table",
                      "nothing says which table it is about");
    enum err e = look_at(t, net, table, queue, change, &findings);
    if (e)
        return e;
    print_findings(o, table, queue, &findings);
    for (size_t i = 0; i < findings.count; i++)
        bad += !findings.at[i].fine;
    return bad == 0 ? OK
                    : refuse(t, ERR_UNAVAILABLE,
                             change ? "what is wrong has to be mended by hand"
                                    : "storyreel store init makes what is missing",
                             "%s is not as it should be",
                             *table ? arena_format(t->arena, "the table %s", table)
                                    : arena_format(t->arena, "the queue %s", queue));
}

/* ---- moving house ---- */

/* One end of the way. */
struct end {
    struct flow flow;
    struct backends backends;
};

static enum err end_open(struct task *t, const char *option, const char *address,
                         const char *folder, const struct net *net, struct end *out)
{
    if (!address || !*address)
        return refuse(t, ERR_INVALID, "write a folder, or dynamodb://TABLE,s3://BUCKET",
                      "store copy wants --%s", option);
    out->flow.worker = option;
    enum err e = backends_open_place(t, address, folder, net, &out->backends, &out->flow);
    return e ? fail_at(t, e, option) : OK;
}

static void end_close(struct end *end)
{
    blob_close(end->flow.blobs);
    store_close(end->flow.store);
    backends_close(&end->backends);
}

static void print_moved(void *context, const struct moved *m)
{
    const bool *to_person = context;
    if (*to_person)
        printf("\r%lld files (%.1f MB), %lld records; %lld files and %lld records were there   ",
               (long long)m->files, (double)m->bytes / 1e6, (long long)m->records,
               (long long)m->files_there, (long long)m->records_there);
    fflush(stdout);
}

static enum err copy_between(struct task *t, const struct store_options *o, const struct end *from,
                             const struct end *to)
{
    struct moved m;
    bool to_person = !o->common.json && isatty(STDOUT_FILENO), always = !o->common.json;
    t->cancelled = &app_interrupted;
    enum err e = move_all(t, &(struct place){ from->flow.store, from->flow.blobs },
                          &(struct place){ to->flow.store, to->flow.blobs }, print_moved,
                          &to_person, &m);
    print_moved(&always, &m);
    if (o->common.json)
        print_json(json_pack("{sI sI sI sI sI sb}", "files", (json_int_t)m.files, "filesThere",
                             (json_int_t)m.files_there, "bytes", (json_int_t)m.bytes, "records",
                             (json_int_t)m.records, "recordsThere", (json_int_t)m.records_there,
                             "complete", !e));
    else
        printf("\n%s", e ? "" : "everything is there; what was copied is the same, read back\n");
    return e;
}

static enum err copy(struct task *t, const struct store_options *o, const struct net *net)
{
    struct end from = { 0 }, to = { 0 };
    const char *folder;
    enum err e = data_folder(t, o->common.data, &folder);
    if (!e)
        e = end_open(t, "from", o->from, folder, net, &from);
    if (!e)
        e = end_open(t, "to", o->to, folder, net, &to);
    if (!e)
        e = copy_between(t, o, &from, &to);
    end_close(&to);
    end_close(&from);
    return e;
}

static enum err run_verb(struct task *t, const struct store_options *o, const struct words *words)
{
    const char *verb = words->count == 1 ? words->at[0] : "";
    bool init = text_equal(verb, "init"), copies = text_equal(verb, "copy");
    struct net *net = NULL;
    if (!init && !copies && !text_equal(verb, "check"))
        return refuse(t, ERR_INVALID, "use init, check or copy",
                      "storyreel store does not know \"%s\"", verb);
    bool loopback = getenv("STORYREEL_LOOPBACK_FETCH") != NULL;
    enum err e = net_open(t, &(struct net_options){ .loopback = loopback }, &net);
    if (!e)
        e = copies ? copy(t, o, net) : see_to_places(t, o, net, init);
    net_close(net);
    return e;
}

static enum err store(struct task *t, int argc, char **argv)
{
    struct store_options o = { 0 };
    const struct option options[] = {
        { "table", "NAME", OPTION_TEXT, &o.table, "the table; else STORYREEL_STORE names it", 0 },
        { "queue", "NAME", OPTION_TEXT, &o.queue,
          "the queues at SQS; else STORYREEL_QUEUE names them", 0 },
        { "from", "PLACE", OPTION_TEXT, &o.from,
          "copy: a data folder, or dynamodb://TABLE,s3://BUCKET", 0 },
        { "to", "PLACE", OPTION_TEXT, &o.to, "copy: the same", 0 },
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
    "init|check|copy",
    "the DynamoDB table and SQS queues made or looked at; "
    "everything moved from one place to another",
    store,
};
