#pragma once

/*
 * A real Redis for a test program: Debian's, on a free port of this machine, in memory, ended with
 * the program at the latest. Trouble here stops the test program at once.
 */

#include <sys/types.h>

struct redis_server {
    pid_t process;
    int   port;
    char  url[80];                    /* redis://127.0.0.1:PORT/0, with :password@ if there is one */
};

/* `port` 0 takes a free one; `password` may be NULL. Returns when it answers. */
struct redis_server redis_server_start(int port, const char *password);
void redis_server_stop(struct redis_server *s);

/* One command in redis-cli's way of writing, without quotes; the answer must be no error. */
void redis_server_tell(const struct redis_server *s, const char *command);
