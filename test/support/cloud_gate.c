#include "cloud_gate.h"

#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void must(bool ok, const char *what)
{
    if (!ok) {
        fprintf(stderr, "the cloud for the tests: %s\n", what);
        abort();
    }
}

static bool is_installed(const char *folder)
{
    char path[512];
    const char *const search = getenv("PATH");
    snprintf(path, sizeof path, "%s/node_modules/dynalite/package.json", folder);
    if (access(path, R_OK) != 0)
        return false;
    for (const char *at = search ? search : ""; *at;) {
        size_t bytes = strcspn(at, ":");
        snprintf(path, sizeof path, "%.*s/node", (int)bytes, at);
        if (access(path, X_OK) == 0)
            return true;
        at += bytes + (at[bytes] == ':');
    }
    return false;
}

static void become_gate(const char *folder, int in, int out)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    must(chdir(folder) == 0, folder);
    execlp("node", "node", "--no-warnings", "gate.mjs", NULL);
    _exit(127);
}

static void read_url(struct cloud_gate *g, int from)
{
    char line[200] = "";
    ssize_t bytes = read(from, line, sizeof line - 1);
    json_t *json = bytes > 0 ? json_loads(line, 0, NULL) : NULL;
    const char *url = json_string_value(json_object_get(json, "url"));
    must(url != NULL, "it does not start");
    snprintf(g->url, sizeof g->url, "%s", url);
    json_decref(json);
}

struct aws_account *cloud_account(const struct cloud_gate *g, const char *secret)
{
    struct task t;
    struct aws_account *account = NULL;
    task_init(&t, "test");
    setenv("AWS_ACCESS_KEY_ID", "AKIDTEST", 1);
    setenv("AWS_SECRET_ACCESS_KEY", secret, 1);
    setenv("AWS_REGION", "us-east-1", 1);
    setenv("AWS_ENDPOINT_URL", g->url, 1);
    setenv("AWS_EC2_METADATA_DISABLED", "true", 1);
    must(aws_account_open(&t, g->net, &account) == OK, "there is no account");
    const struct aws_keys *keys = NULL;
    must(aws_account_keys(account, &t, &keys) == OK, "there are no keys");
    aws_keys_done(keys);
    task_done(&t);
    return account;
}

bool cloud_gate_start(struct cloud_gate *g)
{
    const char *source = getenv("STORYREEL_SOURCE");
    char folder[512];
    int in[2], out[2];
    struct task t;
    snprintf(folder, sizeof folder, "%s/test/cloud", source ? source : ".");
    if (!is_installed(folder)) {
        printf("# SKIP DynamoDB: node or the packages of test/cloud are not installed\n");
        return false;
    }
    must(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0, "no pipe");
    fflush(stdout);
    g->process = fork();
    if (g->process == 0)
        become_gate(folder, in[0], out[1]);
    close(in[0]);
    close(out[1]);
    g->keep_open = in[1];
    read_url(g, out[0]);
    close(out[0]);
    task_init(&t, "test");
    must(net_open(&t, &(struct net_options){ .loopback = true }, &g->net) == OK, "no network");
    task_done(&t);
    g->account = cloud_account(g, "secret");
    return true;
}

void cloud_gate_stop(struct cloud_gate *g)
{
    if (g->process <= 0)
        return;
    aws_account_close(g->account);
    net_close(g->net);
    close(g->keep_open);
    kill(g->process, SIGKILL);
    waitpid(g->process, NULL, 0);
    *g = (struct cloud_gate){ 0 };
}

/* The answer's body; in t->arena. */
static const char *ask(const struct cloud_gate *g, struct task *t, const char *path,
                       const char *body)
{
    struct net_reply reply;
    const struct net_call call = {
        .method = body ? "POST" : "GET",
        .url = arena_format(t->arena, "%s/_gate/%s", g->url, path),
        .body = { body, body ? strlen(body) : 0 },
        .timeout_us = 5 * SECOND_US,
        .bytes_max = 1 << 16,
        .out = -1,
        .configured = true,
    };
    must(net_call(g->net, t, &call, &reply) == OK, "it does not answer");
    return reply.body.at;
}

void cloud_gate_faults(const struct cloud_gate *g, const char *json)
{
    struct task t;
    task_init(&t, "test");
    ask(g, &t, "faults", json);
    task_done(&t);
}

int cloud_gate_seen(const struct cloud_gate *g, const char *target)
{
    struct task t;
    task_init(&t, "test");
    json_t *json = json_loads(ask(g, &t, "seen", NULL), 0, NULL);
    int seen = (int)json_integer_value(json_object_get(json, target));
    json_decref(json);
    task_done(&t);
    return seen;
}
