#pragma once

/*
 * A web server of a few lines on this machine, for tests of what calls others: every request goes to the test's own
 * function, which writes the answer, head and all. One connection at a time, closed after each answer.
 */

#include <pthread.h>
#include <stddef.h>

struct web_request {
    char   head[8192];            /* request line and headers, as sent */
    char   method[16], path[1024];
    char   body[65536];
    size_t body_bytes;
};

typedef void web_answer(void *shared, const struct web_request *request, int connection);

struct web_stub {
    int         port, listener;
    _Atomic int requests;         /* how many came */
    web_answer *answer;
    void       *shared;
    pthread_t   thread;
};

void web_stub_start(struct web_stub *w, web_answer *answer, void *shared);
void web_stub_stop(struct web_stub *w);

/* "HTTP/1.1 200 OK" and so on with this body; `headers` are whole lines with their "\r\n", or "". */
void web_reply(int connection, const char *status, const char *headers, const char *body);

/* All of a text, as it is. */
void web_say(int connection, const char *text);

/* The value of a header, "" when there is none; owned by the module until the next 8 calls. */
const char *web_header(const struct web_request *r, const char *name);
