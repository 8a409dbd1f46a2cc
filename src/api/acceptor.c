/*
 * Connections are taken here and handed to the loops. TCP_DEFER_ACCEPT hands them over only once
 * they have said something, so that a look at the first bytes tells an event stream, which lives
 * long and needs little, from all else. A stream that comes over a connection used before is served
 * as well, only with more memory.
 *
 * libmicrohttpd ends connections that are idle; one that sends its header a byte at a time is not.
 * Those are ended here: shutdown() makes the loop see the end of the connection.
 */
#include "api/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <linux/tcp.h> /* the C library's is older than tcpi_bytes_received */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"

enum { BACKLOG = 1024, PEEK_BYTES = 512, ACCEPT_BURST = 256 };

struct visitor {
    bool here;
    bool loopback;
    struct in6_addr address;     /* IPv4 as ::ffff:a.b.c.d */
    /* since when we wait for a header; 0 while a request is answered */
    int64_t header_since_us;
    bool asked;                  /* had a request before: may be idle until IDLE_SECONDS */
};

struct acceptor {
    int listening, wake;
    pthread_t thread;
    bool running;
    struct MHD_Daemon *loops, *stream_loops;

    pthread_mutex_t lock; /* guards what follows */
    struct visitor *visitors; /* by descriptor */
    int visitor_max;
};

/* ---- opening ---- */

/* "127.0.0.1:8080", "[::1]:8080", ":8080", "8080" */
static enum err split_listen(struct task *t, const char *listen, const char **host,
                             const char **port)
{
    const char *colon = strrchr(listen, ':');
    *port = colon ? colon + 1 : listen;
    *host = colon ? arena_copy_n(t->arena, listen, (size_t)(colon - listen)) : "127.0.0.1";
    size_t bytes = strlen(*host);
    if (bytes > 1 && **host == '[' && (*host)[bytes - 1] == ']')
        *host = arena_copy_n(t->arena, *host + 1, bytes - 2);
    size_t digits = strspn(*port, "0123456789");
    if (digits > 0 && digits < 6 && !(*port)[digits])
        return OK;
    return refuse(t, ERR_INVALID, "write ADDRESS:PORT, for example 127.0.0.1:8080",
                  "\"%s\" is not an address to listen on", listen);
}

static int listen_on(const struct addrinfo *at)
{
    int one = 1, defer_s = HEADER_SECONDS;
    scoped(fd) int fd = socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &defer_s, sizeof defer_s);
    if (bind(fd, at->ai_addr, at->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0)
        return -1;
    return fd_take(&fd);
}

static struct in6_addr address_of(const struct sockaddr_storage *s)
{
    if (s->ss_family == AF_INET6)
        return ((const struct sockaddr_in6 *)s)->sin6_addr;
    struct in6_addr mapped = { .s6_addr = { [10] = 0xff, [11] = 0xff } };
    memcpy(&mapped.s6_addr[12], &((const struct sockaddr_in *)s)->sin_addr, 4);
    return mapped;
}

static bool is_loopback(const struct in6_addr *a)
{
    return IN6_IS_ADDR_LOOPBACK(a) || (IN6_IS_ADDR_V4MAPPED(a) && a->s6_addr[12] == 127);
}

static const char *url_of(struct task *t, int fd, bool *out_loopback)
{
    struct sockaddr_storage at = { 0 };
    socklen_t bytes = sizeof at;
    char host[NI_MAXHOST] = "", port[NI_MAXSERV] = "";
    getsockname(fd, (struct sockaddr *)&at, &bytes);
    getnameinfo((struct sockaddr *)&at, bytes, host, sizeof host, port, sizeof port,
                NI_NUMERICHOST | NI_NUMERICSERV);
    struct in6_addr address = address_of(&at);
    *out_loopback = is_loopback(&address);
    return arena_format(t->arena, at.ss_family == AF_INET6 ? "http://[%s]:%s/" : "http://%s:%s/",
                        host, port);
}

static struct acceptor *acceptor_new(int listening)
{
    struct rlimit files = { 0 };
    getrlimit(RLIMIT_NOFILE, &files);
    struct acceptor *a = calloc(1, sizeof *a);
    if (!a)
        abort();
    a->listening = listening;
    a->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    a->visitor_max = files.rlim_cur > 1 << 20 ? 1 << 20 : (int)files.rlim_cur;
    a->visitors = calloc((size_t)a->visitor_max, sizeof *a->visitors);
    if (!a->visitors)
        abort();
    pthread_mutex_init(&a->lock, NULL);
    return a;
}

enum err acceptor_open(struct task *t, const char *listen, struct acceptor **out,
                       bool *out_loopback, const char **out_url)
{
    const char *host, *port;
    struct addrinfo *found = NULL;
    const struct addrinfo wanted = { .ai_flags = AI_PASSIVE | AI_NUMERICSERV,
                                     .ai_socktype = SOCK_STREAM };
    enum err e = split_listen(t, listen, &host, &port);
    if (e)
        return e;
    int rc = getaddrinfo(*host ? host : NULL, port, &wanted, &found);
    if (rc != 0)
        return refuse(t, ERR_INVALID, "write ADDRESS:PORT, for example 127.0.0.1:8080",
                      "\"%s\" is not an address to listen on: %s", listen, gai_strerror(rc));
    int fd = listen_on(found), why = errno;
    freeaddrinfo(found);
    if (fd < 0)
        return refuse(t, ERR_UNAVAILABLE, "choose another with --listen ADDRESS:PORT",
                      "%s cannot be listened on: %s", listen, strerror(why));
    *out_url = url_of(t, fd, out_loopback);
    *out = acceptor_new(fd);
    return OK;
}

/* ---- visitors ---- */

static int count_of(const struct acceptor *a, const struct in6_addr *address)
{
    int count = 0;
    for (int i = 0; i < a->visitor_max; i++)
        count += a->visitors[i].here && !memcmp(&a->visitors[i].address, address, sizeof *address);
    return count;
}

static bool admit(struct acceptor *a, int fd, const struct sockaddr_storage *from)
{
    struct visitor v = { .here = true, .address = address_of(from) };
    v.loopback = is_loopback(&v.address);
    v.header_since_us = clock_monotonic_us(&clock_real);
    if (fd >= a->visitor_max)
        return false;
    pthread_mutex_lock(&a->lock);
    bool room = v.loopback || count_of(a, &v.address) < ADDRESS_CONNECTIONS_MAX;
    if (room)
        a->visitors[fd] = v;
    pthread_mutex_unlock(&a->lock);
    return room;
}

void acceptor_heard(struct acceptor *a, int fd, bool asking)
{
    if (fd < 0 || fd >= a->visitor_max)
        return;
    pthread_mutex_lock(&a->lock);
    struct visitor *v = &a->visitors[fd];
    v->asked = true;
    v->header_since_us = asking ? 0 : clock_monotonic_us(&clock_real);
    pthread_mutex_unlock(&a->lock);
}

void acceptor_gone(struct acceptor *a, int fd)
{
    if (fd < 0 || fd >= a->visitor_max)
        return;
    pthread_mutex_lock(&a->lock);
    a->visitors[fd] = (struct visitor){ 0 };
    pthread_mutex_unlock(&a->lock);
}

static int64_t bytes_received(int fd)
{
    struct tcp_info info = { 0 };
    socklen_t bytes = sizeof info;
    return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &bytes) == 0
               ? (int64_t)info.tcpi_bytes_received
               : 0;
}

static bool too_slow(const struct visitor *v, int fd, int64_t now_us)
{
    if (!v->here || !v->header_since_us)
        return false;
    int64_t waited_s = (now_us - v->header_since_us) / SECOND_US;
    if (v->asked)
        return waited_s > IDLE_SECONDS + HEADER_SECONDS;
    return waited_s >= 2 * HEADER_SECONDS ||
           (waited_s >= HEADER_SECONDS && bytes_received(fd) < HEADER_RATE_BYTES * waited_s);
}

static void end_the_slow(struct acceptor *a)
{
    int64_t now_us = clock_monotonic_us(&clock_real);
    pthread_mutex_lock(&a->lock);
    for (int fd = 0; fd < a->visitor_max; fd++) {
        if (too_slow(&a->visitors[fd], fd, now_us))
            shutdown(fd, SHUT_RDWR);
    }
    pthread_mutex_unlock(&a->lock);
}

/* ---- taking connections ---- */

/* Does a request line ask for events? "GET /api/mv/events HTTP/1.1" */
static bool asks_for_events(const char *bytes, size_t size)
{
    const char *end = memchr(bytes, '\r', size);
    size_t line = end ? (size_t)(end - bytes) : size;
    const char *space = line > 4 && !memcmp(bytes, "GET ", 4) ? memchr(bytes + 4, ' ', line - 4)
                                                             : NULL;
    if (!space)
        return false;
    const char *query = memchr(bytes + 4, '?', (size_t)(space - bytes - 4));
    const char *path_end = query ? query : space;
    return path_end - bytes > 7 && !memcmp(path_end - 7, "/events", 7);
}

static struct MHD_Daemon *loop_for(const struct acceptor *a, int fd)
{
    char first[PEEK_BYTES];
    ssize_t size = recv(fd, first, sizeof first, MSG_PEEK | MSG_DONTWAIT);
    return size > 0 && asks_for_events(first, (size_t)size) ? a->stream_loops : a->loops;
}

static void hand_over(struct acceptor *a, int fd, const struct sockaddr_storage *from,
                      socklen_t bytes)
{
    int one = 1;
    if (!admit(a, fd, from)) {
        close(fd);
        return;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (MHD_add_connection(loop_for(a, fd), fd, (const struct sockaddr *)from, bytes) != MHD_YES)
        acceptor_gone(a, fd); /* the library has closed it */
}

/* false when there are no descriptors left: then it is of no use to try again at once. */
static bool accept_some(struct acceptor *a)
{
    for (int i = 0; i < ACCEPT_BURST; i++) {
        struct sockaddr_storage from = { 0 };
        socklen_t bytes = sizeof from;
        int fd = accept4(a->listening, (struct sockaddr *)&from, &bytes,
                         SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0)
            return errno != EMFILE && errno != ENFILE;
        hand_over(a, fd, &from, bytes);
    }
    return true;
}

static void *acceptor_main(void *argument)
{
    struct acceptor *a = argument;
    struct pollfd ready[] = { { .fd = a->listening, .events = POLLIN },
                              { .fd = a->wake, .events = POLLIN } };
    int64_t swept_us = clock_monotonic_us(&clock_real);
    while (!ready[1].revents) {
        poll(ready, 2, 1000);
        if (ready[0].revents && !accept_some(a))
            poll(&ready[1], 1, 100);
        int64_t now_us = clock_monotonic_us(&clock_real);
        if (now_us - swept_us >= SECOND_US) {
            end_the_slow(a);
            swept_us = now_us;
        }
    }
    return NULL;
}

enum err acceptor_run(struct task *t, struct acceptor *a, struct MHD_Daemon *loops,
                      struct MHD_Daemon *stream_loops)
{
    a->loops = loops;
    a->stream_loops = stream_loops;
    a->running = pthread_create(&a->thread, NULL, acceptor_main, a) == 0;
    return a->running ? OK : fail(t, ERR_UNAVAILABLE, "no thread could be started to listen with");
}

void acceptor_stop(struct acceptor *a)
{
    if (!a || !a->running)
        return;
    uint64_t one = 1;
    if (write(a->wake, &one, sizeof one) < 0)
        log_line(LOG_WARN, NULL, "the listening thread could not be woken", "why=%d", errno);
    pthread_join(a->thread, NULL);
    a->running = false;
    close(a->listening);
    a->listening = -1;
}

void acceptor_free(struct acceptor *a)
{
    if (!a)
        return;
    acceptor_stop(a);
    if (a->listening >= 0)
        close(a->listening);
    close(a->wake);
    pthread_mutex_destroy(&a->lock);
    free(a->visitors);
    free(a);
}
