/*
 * Debian's redis-tools has the whole server in it: redis-check-rdb and redis-server are one program
 * that goes by the name it is called with. Installed alone it starts no service of its own.
 */
#include "redis_server.h"

#include <arpa/inet.h>
#include <hiredis/hiredis.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { START_TRIES = 500, TRY_MS = 10 };

static void must(bool ok, const char *what)
{
    if (!ok) {
        fprintf(stderr, "redis for the tests: %s\n", what);
        abort();
    }
}

static int free_port(void)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof at;
    int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(bind(probe, (struct sockaddr *)&at, size) == 0, "no free port");
    must(getsockname(probe, (struct sockaddr *)&at, &size) == 0, "no free port");
    close(probe);
    return ntohs(at.sin_port);
}

static void become_server(int port, const char *password)
{
    char number[16];
    snprintf(number, sizeof number, "%d", port);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const char *const words[] = { "redis-server", "--port", number, "--bind", "127.0.0.1",
                                  "--save", "", "--appendonly", "no", "--logfile", "/dev/null",
                                  "--maxmemory-policy", "noeviction",
                                  password ? "--requirepass" : NULL, password, NULL };
    execvp("redis-server", (char *const *)words);
    execv("/usr/bin/redis-check-rdb", (char *const *)words);
    perror("redis-tools is not installed");
    _exit(127);
}

static bool answers(int port)
{
    redisContext *c = redisConnectWithTimeout("127.0.0.1", port, (struct timeval){ .tv_sec = 1 });
    redisReply *reply = c && !c->err ? redisCommand(c, "PING") : NULL;
    bool up = reply != NULL;
    if (reply)
        freeReplyObject(reply);
    if (c)
        redisFree(c);
    return up;
}

struct redis_server redis_server_start(int port, const char *password)
{
    struct redis_server s = { .port = port ? port : free_port() };
    snprintf(s.url, sizeof s.url, "redis://%s%s%s127.0.0.1:%d/0", password ? ":" : "",
             password ? password : "", password ? "@" : "", s.port);
    s.process = fork();
    must(s.process >= 0, "it cannot be started");
    if (s.process == 0)
        become_server(s.port, password);
    for (int i = 0; i < START_TRIES && !answers(s.port); i++) {
        must(waitpid(s.process, NULL, WNOHANG) == 0, "it ended at once");
        nanosleep(&(struct timespec){ .tv_nsec = TRY_MS * 1000000L }, NULL);
    }
    must(answers(s.port), "it does not answer");
    return s;
}

void redis_server_stop(struct redis_server *s)
{
    if (s->process <= 0)
        return;
    kill(s->process, SIGKILL);
    waitpid(s->process, NULL, 0);
    s->process = 0;
}

void redis_server_tell(const struct redis_server *s, const char *command)
{
    redisContext *c = redisConnect("127.0.0.1", s->port);
    must(c && !c->err, "it cannot be reached");
    redisReply *reply = redisCommand(c, command);
    must(reply && reply->type != REDIS_REPLY_ERROR, command);
    freeReplyObject(reply);
    redisFree(c);
}
