/*
 * A media child in enemy hands, for tests of the door. What it does is written in its first input file: crash, hang,
 * hang up, or say something no honest child would.
 */
#include <signal.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "media/media_wire.h"
#include "media/media_zygote.h"

struct heard {
    struct wire_start start;
    int               first_file;
    uint32_t          file_count;
};

static void hear(void *into, size_t size, struct heard *h)
{
    for (char *at = into; size > 0;) {
        alignas(struct cmsghdr) char control[CMSG_SPACE(WIRE_FILES_MAX * sizeof(int))];
        struct iovec piece = { at, size };
        struct msghdr message = {
            .msg_iov = &piece, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control,
        };
        ssize_t got = recvmsg(WIRE_SOCKET, &message, 0);
        if (got <= 0)
            exit(9);
        struct cmsghdr *c = CMSG_FIRSTHDR(&message);
        if (c && h->file_count == 0)
            memcpy(&h->first_file, CMSG_DATA(c), sizeof(int));
        if (c)
            h->file_count += (uint32_t)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        at   += got;
        size -= (size_t)got;
    }
}

static void hear_request(struct heard *h)
{
    struct wire_head head;
    hear(&head, sizeof head, h);
    hear(&h->start, sizeof h->start, h);
    do
        hear(&head, sizeof head, h);
    while (head.kind == WIRE_FILES);
    char *text = malloc(head.bytes + 1);
    hear(text, head.bytes, h);
    free(text);
}

static void say_head(uint32_t kind, uint32_t bytes)
{
    struct wire_head head = { kind, bytes };
    if (write(WIRE_SOCKET, &head, sizeof head) != (ssize_t)sizeof head)
        exit(9);
}

static void say(uint32_t kind, const char *text)
{
    say_head(kind, (uint32_t)strlen(text));
    if (write(WIRE_SOCKET, text, strlen(text)) != (ssize_t)strlen(text))
        exit(9);
}

static void say_number(uint32_t kind, uint32_t number)
{
    say_head(kind, sizeof number);
    if (write(WIRE_SOCKET, &number, sizeof number) != (ssize_t)sizeof number)
        exit(9);
}

static _Noreturn void hang(void)
{
    for (;;)
        pause();
}

static void die_of(int number)
{
    struct rlimit no_core = { 0, 0 };
    setrlimit(RLIMIT_CORE, &no_core);
    signal(number, SIG_DFL);
    raise(number);
}

static int lie(const char *how, const struct heard *h)
{
    char text[200];
    if (strcmp(how, "segv") == 0)
        die_of(SIGSEGV);
    if (strcmp(how, "kill") == 0)
        die_of(SIGKILL);
    if (strcmp(how, "exit") == 0)
        return 7;
    if (strcmp(how, "hang") == 0) {
        say_number(WIRE_PROGRESS, 250);
        hang();
    }
    if (strcmp(how, "half an answer") == 0) {
        say_head(WIRE_REPLY, 1000);
        return write(WIRE_SOCKET, "{", 1) == 1 ? 0 : 9;
    }
    if (strcmp(how, "endless answer") == 0)
        say_head(WIRE_REPLY, 0x7fffffff);
    if (strcmp(how, "unknown kind") == 0)
        say_head(77, 0);
    if (strcmp(how, "progress beyond") == 0)
        say_number(WIRE_PROGRESS, 1001);
    if (strcmp(how, "not json") == 0)
        say(WIRE_REPLY, "\x01\x02garbage");
    if (strcmp(how, "wrong type") == 0)
        say(WIRE_REPLY, "{\"container\":7}");
    if (strcmp(how, "unknown member") == 0)
        say(WIRE_REPLY, "{\"container\":\"mp4\",\"exec\":\"sh\"}");
    if (strcmp(how, "bad utf-8") == 0)
        say(WIRE_REPLY, "{\"container\":\"\xff\xfe\"}");
    if (strcmp(how, "fault ok") == 0)
        say(WIRE_FAULT, "{\"code\":\"OK\",\"message\":\"all is well\"}");
    if (strcmp(how, "fault escape") == 0)
        say(WIRE_FAULT, "{\"code\":\"MEDIA\",\"message\":\"\\u001b[2J\"}");
    if (strcmp(how, "answer, then fail") == 0) {
        say(WIRE_REPLY, "{\"container\":\"mp4\"}");
        return 3;
    }
    if (strcmp(how, "count") == 0) {
        snprintf(text, sizeof text, "{\"frames\":%u,\"samples\":%u}", h->start.in_count, h->file_count);
        say(WIRE_REPLY, text);
    }
    return 0;
}

int main(void)
{
    if (!zygote_serve())
        return 0;
    struct heard h = { .first_file = -1 };
    hear_request(&h);
    char how[40] = { 0 };
    if (pread(h.first_file, how, sizeof how - 1, 0) < 0)
        return 9;
    return lie(how, &h);
}
