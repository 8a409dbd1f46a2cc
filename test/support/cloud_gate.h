#pragma once

/*
 * DynamoDB on this machine for a test program: test/cloud/gate.mjs, which checks signatures
 * and makes trouble when asked to. Ends with the program at the latest.
 */

#include <stdbool.h>
#include <sys/types.h>

#include "net/aws_account.h"

struct cloud_gate {
    pid_t process;
    int   keep_open;                  /* its standard input: it ends when this is closed */
    char  url[64];
    struct net *net;
    struct aws_account *account;      /* of the right key, at this place */
};

/* False, with a line that says so, when Node or the packages of test/cloud are not installed. */
bool cloud_gate_start(struct cloud_gate *g);
void cloud_gate_stop(struct cloud_gate *g);

/* The same place for another key: the caller closes it with aws_account_close(). */
struct aws_account *cloud_account(const struct cloud_gate *g, const char *secret);

/* JSON for POST /_gate/faults; what GET /_gate/seen says of a target since it was last asked. */
void cloud_gate_faults(const struct cloud_gate *g, const char *json);
int cloud_gate_seen(const struct cloud_gate *g, const char *target);
