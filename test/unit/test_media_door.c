/*
 * The door between the program and its media child: answers and faults come through unharmed, and a child that
 * crashes, hangs, lies or talks nonsense is a failed call with a reason.
 *
 * The honest child is media-child-host, which loads the real module; the dishonest one is media-child-liar, which
 * reads in its first input what to do. Their paths come from the build.
 */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/scoped.h"
#include "media/media.h"
#include "media/media_call.h"

static int file_holding(const void *bytes, size_t size)
{
    int fd = memfd_create("input", MFD_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, bytes, size, 0), (ssize_t)size);
    return fd;
}

static int file_saying(const char *text)
{
    return file_holding(text, strlen(text));
}

static struct media *door_to(struct task *t, const char *variable)
{
    const char *program = getenv(variable);
    assert_non_null(program);
    struct media *m = NULL;
    assert_ok(t, media_open(t, program, &m));
    return m;
}

static void media_scoped(struct media **m)
{
    media_close(*m);
}

static void put32(uint8_t *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

enum { WAV_SAMPLES = 12000 };

/* A quarter of a second of 48 kHz mono silence with a click. */
static int wav_file(void)
{
    static uint8_t wav[44 + 2 * WAV_SAMPLES];
    memcpy(wav, "RIFF----WAVEfmt \x10\0\0\0\1\0\1\0----" "----\2\0\x10\0data----", 44);
    put32(wav + 4, sizeof wav - 8);
    put32(wav + 24, 48000);
    put32(wav + 28, 96000);
    put32(wav + 40, 2 * WAV_SAMPLES);
    wav[44 + 2000] = 0x40;
    return file_holding(wav, sizeof wav);
}

static void an_answer_comes_through(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    scoped(media) struct media *m = door_to(&t, "MEDIA_CHILD_HOST");
    scoped(fd) int in = wav_file();
    struct clip_info info;
    assert_ok(&t, media_probe(m, &t, in, &info));
    assert_string_equal(info.container, "wav");
    assert_string_equal(info.audio_codec, "pcm_s16le");
    assert_false(info.has_video);
    assert_int_equal(info.sample_count, WAV_SAMPLES);
    assert_int_equal(info.duration_us, 250000);
    task_done(&t);
}

/* An operator or the kernel may kill what all children are forked from. */
static void a_zygote_that_died_is_replaced(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    scoped(media) struct media *m = door_to(&t, "MEDIA_CHILD_HOST");
    scoped(fd) int in = wav_file();
    struct clip_info info;
    assert_ok(&t, media_probe(m, &t, in, &info));
    pid_t first = m->zygote.pid;
    assert_ok(&t, media_probe(m, &t, in, &info));
    assert_int_equal(m->zygote.pid, first);
    assert_int_equal(kill(first, SIGKILL), 0);
    assert_ok(&t, media_probe(m, &t, in, &info));
    assert_int_not_equal(m->zygote.pid, first);
    assert_int_equal(info.sample_count, WAV_SAMPLES);
    assert_int_equal(kill(first, 0), -1);                    /* and it was seen off */
    task_done(&t);
}

/* The longest way: a drawing with words on it, an encoder, a file, progress. */
static void an_animatic_comes_through(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    scoped(media) struct media *m = door_to(&t, "MEDIA_CHILD_HOST");
    const char *text = "{\"width\":160,\"height\":96,\"frames\":12,\"endCard\":true,\"words\":{\"title\":\"K\u00e9tl\"}}";
    struct draw_spec spec;
    assert_ok(&t, fields_decode_text(&t, draw_spec_fields, text, strlen(text), &spec));
    scoped(fd) int out = memfd_create("out", MFD_CLOEXEC);
    media_progress progress = 0;
    struct clip_info info;
    assert_ok(&t, media_render(m, &t, &spec, NULL, 0, out, &progress, &info));
    assert_int_equal(info.frame_count, 12);
    assert_int_equal(info.duration_us, 500000);
    assert_true(atomic_load(&progress) > 0);
    task_done(&t);
}

static void a_fault_comes_through(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    scoped(media) struct media *m = door_to(&t, "MEDIA_CHILD_HOST");
    struct clip_info info = { .bytes = 77 };
    scoped(fd) int text = file_saying("once upon a time");
    assert_err(media_probe(m, &t, text, &info), ERR_MEDIA);
    assert_non_null(strstr(t.fault.message, "not sound, film or a picture"));
    assert_non_null(strstr(t.fault.next, "mp3"));
    scoped(fd) int empty = file_saying("");
    assert_err(media_probe(m, &t, empty, &info), ERR_MEDIA);
    assert_string_equal(t.fault.message, "the file is empty");
    assert_int_equal(info.bytes, 77);
    task_done(&t);
}

static void lies_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *how;
        enum err    wanted;
        const char *words;
    } rows[] = {
        { "segv", ERR_MEDIA, "crashed on this file (SEGV)" },
        { "kill", ERR_LIMIT, "too much memory" },
        { "exit", ERR_INTERNAL, "exit status 7" },
        { "half an answer", ERR_INTERNAL, "without an answer" },
        { "endless answer", ERR_INTERNAL, "an answer without end" },
        { "unknown kind", ERR_INTERNAL, "no known kind" },
        { "progress beyond", ERR_INTERNAL, "progress" },
        { "not json", ERR_INTERNAL, "not JSON" },
        { "wrong type", ERR_INTERNAL, "container must be text" },
        { "unknown member", ERR_INTERNAL, "exec is not a known field" },
        { "bad utf-8", ERR_INTERNAL, "not JSON" },
        { "fault ok", ERR_INTERNAL, "all is well" },
        { "fault escape", ERR_INTERNAL, "unreadable words" },
        { "answer, then fail", ERR_INTERNAL, "exit status 3" },
        { "say nothing", ERR_INTERNAL, "without an answer" },
    };
    struct task t;
    task_init(&t, "test");
    scoped(media) struct media *m = door_to(&t, "MEDIA_CHILD_LIAR");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        scoped(fd) int in = file_saying(rows[i].how);
        struct clip_info info;
        assert_err(media_probe(m, &t, in, &info), rows[i].wanted);
        if (!strstr(t.fault.message, rows[i].words))
            test_failed("%s: \"%s\" does not say \"%s\"", rows[i].how, t.fault.message, rows[i].words);
    }
    task_done(&t);
}

static void a_missing_program_is_a_fault(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    scoped(media) struct media *m = NULL;
    assert_ok(&t, media_open(&t, "/nonexistent/storyreel", &m));
    scoped(fd) int in = wav_file();
    struct clip_info info;
    assert_err(media_probe(m, &t, in, &info), ERR_NOT_FOUND);
    task_done(&t);
}

static void a_deadline_ends_a_hanging_child(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    t.deadline_us = clock_monotonic_us(t.clock) + 50000;
    scoped(media) struct media *m = door_to(&t, "MEDIA_CHILD_LIAR");
    scoped(fd) int in = file_saying("hang");
    struct clip_info info;
    assert_err(media_probe(m, &t, in, &info), ERR_TIMEOUT);
    task_done(&t);
}

struct canceller {
    media_progress seen;
    atomic_bool    cancelled;
};

/* Waits for the first progress, so that the child is known to be in the middle of its work. */
static void *cancel_when_running(void *opaque)
{
    struct canceller *c = opaque;
    while (atomic_load(&c->seen) == 0)
        sched_yield();
    atomic_store(&c->cancelled, true);
    return NULL;
}

static void cancelling_kills_the_child(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct canceller c = { 0 };
    t.cancelled = &c.cancelled;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, cancel_when_running, &c), 0);
    scoped(media) struct media *m = door_to(&t, "MEDIA_CHILD_LIAR");
    scoped(fd) int in = file_saying("hang"), out = memfd_create("out", MFD_CLOEXEC);
    struct clip_info info;
    assert_err(media_trim(m, &t, in, &(struct clip_span){ .shape = { 64, 64 } }, out, &c.seen, &info), ERR_CANCELLED);
    assert_int_equal(atomic_load(&c.seen), 250);
    pthread_join(thread, NULL);
    task_done(&t);
}

/* ---- whose children they are ---- */

/* As a supervisor does that stops a service: what is under way is the caller's to end. */
static void a_signal_to_stop_is_left_to_the_caller(void **state)
{
    (void)state;
    static const int signals[] = { SIGTERM, SIGINT, SIGHUP };
    struct task t;
    task_init(&t, "test");
    scoped(media) struct media *m = door_to(&t, "MEDIA_CHILD_HOST");
    scoped(fd) int in = wav_file();
    struct clip_info info;
    assert_ok(&t, media_probe(m, &t, in, &info));
    pid_t zygote = m->zygote.pid;
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        assert_int_equal(kill(zygote, signals[i]), 0);
    assert_ok(&t, media_probe(m, &t, in, &info));
    assert_int_equal(m->zygote.pid, zygote);
    task_done(&t);
}

/* Long enough for what happens in the middle of it. */
static enum err render_a_minute(struct media *m, struct task *t, media_progress *progress)
{
    const char *text = "{\"width\":1280,\"height\":720,\"frames\":1440,\"words\":{\"title\":\"Long\"}}";
    struct draw_spec spec;
    assert_ok(t, fields_decode_text(t, draw_spec_fields, text, strlen(text), &spec));
    scoped(fd) int out = memfd_create("out", MFD_CLOEXEC);
    struct clip_info info;
    return media_render(m, t, &spec, NULL, 0, out, progress, &info);
}

struct meeting {
    struct media  *media;
    media_progress seen;                    /* of the long call */
    atomic_bool    answered, cancelled;     /* the short call; the long one */
    pthread_t      first;
};

/* Starts the zygote, and ends while what was forked for another thread is at work. */
static void *call_first(void *opaque)
{
    struct meeting *meeting = opaque;
    struct task t;
    task_init(&t, "first");
    scoped(fd) int in = wav_file();
    struct clip_info info;
    assert_ok(&t, media_probe(meeting->media, &t, in, &info));
    task_done(&t);
    atomic_store(&meeting->answered, true);
    while (atomic_load(&meeting->seen) == 0)
        sched_yield();
    return NULL;
}

static void *cancel_after_the_first(void *opaque)
{
    struct meeting *meeting = opaque;
    pthread_join(meeting->first, NULL);
    usleep(50000);                          /* in which a signal would have arrived */
    atomic_store(&meeting->cancelled, true);
    return NULL;
}

static void a_call_outlives_the_thread_that_made_the_first(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    scoped(media) struct media *m = door_to(&t, "MEDIA_CHILD_HOST");
    struct meeting meeting = { .media = m };
    t.cancelled = &meeting.cancelled;
    pthread_t canceller;
    assert_int_equal(pthread_create(&meeting.first, NULL, call_first, &meeting), 0);
    while (!atomic_load(&meeting.answered))
        sched_yield();
    assert_int_equal(pthread_create(&canceller, NULL, cancel_after_the_first, &meeting), 0);
    assert_err(render_a_minute(m, &t, &meeting.seen), ERR_CANCELLED);
    pthread_join(canceller, NULL);
    task_done(&t);
}

/* The reaper of lost children is this process: it ends when the last of them has. */
static void no_child_outlives_a_killed_caller(void **state)
{
    (void)state;
    media_progress *seen = mmap(NULL, sizeof *seen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(seen, MAP_FAILED);
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    pid_t caller = fork();
    assert_true(caller >= 0);
    if (caller == 0) {
        struct task t;
        task_init(&t, "killed");
        assert_err(render_a_minute(door_to(&t, "MEDIA_CHILD_HOST"), &t, seen), ERR_CANCELLED);
        _exit(1);
    }
    while (atomic_load(seen) == 0)
        assert_int_equal(waitpid(caller, NULL, WNOHANG), 0);
    assert_int_equal(kill(caller, SIGKILL), 0);
    int ended = 0;
    while (waitpid(-1, NULL, 0) > 0)
        ended++;
    assert_int_equal(errno, ECHILD);
    assert_int_equal(ended, 3);             /* the caller, its zygote, the child at work */
    prctl(PR_SET_CHILD_SUBREAPER, 0);
    munmap(seen, sizeof *seen);
}

/* As many clips as a film may have cross in batches; the limit on open files is the caller's to raise. */
static void many_descriptors_arrive(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct rlimit files;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &files), 0);
    files.rlim_cur = files.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &files), 0);
    scoped(media) struct media *m = door_to(&t, "MEDIA_CHILD_LIAR");
    scoped(fd) int in = file_saying("count"), out = memfd_create("out", MFD_CLOEXEC);
    int clips[CLIPS_MAX + 2];
    for (int i = 0; i < CLIPS_MAX + 2; i++)
        clips[i] = in;
    struct film_info info;
    assert_ok(&t, media_compose(m, &t, &(struct film_parts){ clips, CLIPS_MAX, .track = in }, out, NULL, &info));
    assert_int_equal(info.frame_count, CLIPS_MAX + 1);
    assert_int_equal(info.sample_count, CLIPS_MAX + 2);
    assert_err(media_compose(m, &t, &(struct film_parts){ clips, CLIPS_MAX + 2, .track = -1 }, out, NULL, &info), ERR_LIMIT);
    task_done(&t);
}

static void the_two_clocks_agree(void **state)
{
    (void)state;
    for (int64_t frame = 0; frame < 100000; frame += 7)
        assert_int_equal(frames_from_us(us_from_frames(frame)), frame);
    assert_int_equal(us_from_frames(24), 1000000);
    assert_int_equal(frames_from_us(5041667), 121);
}

static void time_limits_grow_with_the_work(void **state)
{
    (void)state;
    int64_t small = media_call_limit_us(1000, 0), large = media_call_limit_us(1 << 30, 0);
    assert_true(small >= 60 * SECOND_US && small < large);
    assert_true(media_call_limit_us(1000, 1440) > small + 300 * SECOND_US);
    assert_true(media_call_limit_us(INT64_C(1) << 60, 1 << 30) <= 6 * 3600 * SECOND_US);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_comes_through),
        cmocka_unit_test(a_zygote_that_died_is_replaced),
        cmocka_unit_test(an_animatic_comes_through),
        cmocka_unit_test(a_fault_comes_through),
        cmocka_unit_test(lies_are_refused),
        cmocka_unit_test(a_missing_program_is_a_fault),
        cmocka_unit_test(a_deadline_ends_a_hanging_child),
        cmocka_unit_test(cancelling_kills_the_child),
        cmocka_unit_test(a_signal_to_stop_is_left_to_the_caller),
        cmocka_unit_test(a_call_outlives_the_thread_that_made_the_first),
        cmocka_unit_test(no_child_outlives_a_killed_caller),
        cmocka_unit_test(many_descriptors_arrive),
        cmocka_unit_test(the_two_clocks_agree),
        cmocka_unit_test(time_limits_grow_with_the_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
