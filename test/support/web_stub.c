#include "web_stub.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void web_say(int connection, const char *text)
{
    size_t bytes = strlen(text);
    while (bytes > 0) {
        ssize_t sent = send(connection, text, bytes, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        text += sent;
        bytes -= (size_t)sent;
    }
}

void web_reply(int connection, const char *status, const char *headers, const char *body)
{
    char head[1024];
    snprintf(head, sizeof head, "HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: %zu\r\n%s\r\n", status,
             strlen(body), headers);
    web_say(connection, head);
    web_say(connection, body);
}

const char *web_header(const struct web_request *r, const char *name)
{
    static char values[8][1024];
    static int next;
    char *value = values[next++ % 8];
    size_t length = strlen(name);
    *value = '\0';
    for (const char *line = strstr(r->head, "\r\n"); line; line = strstr(line + 2, "\r\n")) {
        if (strncasecmp(line + 2, name, length) == 0 && line[2 + length] == ':')
            sscanf(line + 3 + length, " %1023[^\r\n]", value);
    }
    return value;
}

/* Until the blank line, then as much body as was announced. */
static int read_request(int connection, struct web_request *r)
{
    size_t have = 0;
    char *end;
    while (!(end = strstr(r->head, "\r\n\r\n"))) {
        ssize_t got = recv(connection, r->head + have, sizeof r->head - 1 - have, 0);
        if (got <= 0)
            return 0;
        have += (size_t)got;
        r->head[have] = '\0';
    }
    size_t head_bytes = (size_t)(end + 4 - r->head);
    r->body_bytes = have - head_bytes;
    memcpy(r->body, end + 4, r->body_bytes);
    end[2] = '\0';
    sscanf(r->head, "%15s %1023s", r->method, r->path);
    size_t wanted = strtoul(web_header(r, "Content-Length"), NULL, 10);
    while (r->body_bytes < wanted && wanted < sizeof r->body) {
        ssize_t got = recv(connection, r->body + r->body_bytes, wanted - r->body_bytes, 0);
        if (got <= 0)
            return 0;
        r->body_bytes += (size_t)got;
    }
    return 1;
}

static void *serve(void *argument)
{
    struct web_stub *w = argument;
    int connection;
    while ((connection = accept(w->listener, NULL, NULL)) >= 0) {
        struct web_request *r = calloc(1, sizeof *r);
        if (!r)
            abort();
        if (read_request(connection, r)) {
            w->requests++;
            w->answer(w->shared, r, connection);
        }
        free(r);
        close(connection);
    }
    return NULL;
}

void web_stub_start(struct web_stub *w, web_answer *answer, void *shared)
{
    struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof here;
    *w = (struct web_stub){ .answer = answer, .shared = shared };
    w->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(w->listener, (struct sockaddr *)&here, sizeof here) != 0 || listen(w->listener, 16) != 0 ||
        getsockname(w->listener, (struct sockaddr *)&here, &size) != 0 ||
        pthread_create(&w->thread, NULL, serve, w) != 0)
        abort();
    w->port = ntohs(here.sin_port);
}

void web_stub_stop(struct web_stub *w)
{
    shutdown(w->listener, SHUT_RDWR);
    pthread_join(w->thread, NULL);
    close(w->listener);
}
