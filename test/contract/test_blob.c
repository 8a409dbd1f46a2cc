/*
 * What blob.h promises, kept by every driver: the same functions run over the table at the end.
 * What only files on a disk can promise is in test_blob_local.c.
 */
#include "suite.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "blob/blob_driver.h"
#include "net/aws_account.h"
#include "scratch.h"

struct driver {
    const char *name;
    enum err (*open)(struct task *t, const char *folder, struct blob_store **out);
};

struct bench {
    struct scratch     scratch;
    struct task        t;
    struct blob_store *s;
};

static int set_up(void **state)
{
    const struct driver *driver = *state;
    struct bench *b = calloc(1, sizeof *b);
    b->scratch = scratch_new();
    task_init(&b->t, "test");
    *state = b;
    return driver->open(&b->t, scratch_path(&b->scratch, "blobs"), &b->s) ? -1 : 0;
}

static int tear_down(void **state)
{
    struct bench *b = *state;
    blob_close(b->s);
    task_done(&b->t);
    scratch_done(&b->scratch);
    free(b);
    return 0;
}

/* ---- short words for the tests below ---- */

static enum err put(struct bench *b, const char *key, const char *text)
{
    return blob_put_bytes(b->s, &b->t, key, (struct bytes){ text, strlen(text) });
}

static const char *get(struct blob_store *s, struct task *t, const char *key)
{
    scoped(fd) int fd = -1;
    struct bytes bytes;
    assert_ok(t, blob_open(s, t, key, &fd));
    assert_ok(t, file_read_fd(t, fd, key, 1 << 20, &bytes));
    return bytes.at;
}

static void assert_blob(struct bench *b, const char *key, const char *text)
{
    assert_string_equal(get(b->s, &b->t, key), text);
    struct blob_info info;
    assert_ok(&b->t, blob_stat(b->s, &b->t, key, &info));
    assert_int_equal(info.bytes, strlen(text));
    assert_string_equal(info.key, key);
}

static void assert_absent(struct bench *b, const char *key)
{
    int fd = -1;
    struct blob_info info;
    assert_err(blob_open(b->s, &b->t, key, &fd), ERR_NOT_FOUND);
    assert_err(blob_stat(b->s, &b->t, key, &info), ERR_NOT_FOUND);
}

/* "key=bytes key=bytes" */
static const char *list(struct bench *b, const char *prefix)
{
    struct blob_info *found;
    size_t count;
    assert_ok(&b->t, blob_list(b->s, &b->t, prefix, &found, &count));
    struct text out = text_new(b->t.arena);
    for (size_t i = 0; i < count; i++)
        text_printf(&out, "%s%s=%d", i ? " " : "", found[i].key, (int)found[i].bytes);
    return text_end(&out);
}

/* ---- one key ---- */

static void what_is_put_is_got(void **state)
{
    struct bench *b = *state;
    assert_absent(b, "mv/a.mp4");
    assert_ok(&b->t, put(b, "mv/a.mp4", "hello"));
    assert_blob(b, "mv/a.mp4", "hello");
    assert_ok(&b->t, put(b, "empty", ""));
    assert_blob(b, "empty", "");
}

static void a_key_never_names_other_bytes(void **state)
{
    struct bench *b = *state;
    assert_ok(&b->t, put(b, "a", "first"));
    assert_ok(&b->t, put(b, "a", "second, and longer"));
    assert_blob(b, "a", "first");
}

static void a_draft_becomes_a_blob(void **state)
{
    struct bench *b = *state;
    scoped(draft) struct draft draft = draft_none();
    assert_ok(&b->t, blob_draft(b->s, &b->t, &draft));
    assert_ok(&b->t, file_write_all(&b->t, draft.fd, "hello ", 6));
    assert_ok(&b->t, file_write_all(&b->t, draft.fd, "draft", 5));
    assert_int_equal(pwrite(draft.fd, "H", 1, 0), 1);  /* muxers go back and mend their headers */
    assert_string_equal(list(b, ""), "");
    assert_ok(&b->t, blob_put(b->s, &b->t, "a/b", &draft));
    assert_int_equal(draft.fd, -1);
    assert_blob(b, "a/b", "Hello draft");
}

static void a_draft_that_is_not_put_leaves_nothing(void **state)
{
    struct bench *b = *state;
    struct draft draft = draft_none();
    assert_ok(&b->t, blob_draft(b->s, &b->t, &draft));
    assert_ok(&b->t, file_write_all(&b->t, draft.fd, "x", 1));
    draft_done(&draft);
    draft_done(&draft);
    assert_string_equal(list(b, ""), "");
    assert_int_equal(count_files(b->scratch.path), 0);
}

static void a_draft_survives_a_put_that_fails(void **state)
{
    struct bench *b = *state;
    scoped(draft) struct draft draft = draft_none();
    assert_ok(&b->t, put(b, "folder/a", "x"));
    assert_ok(&b->t, blob_draft(b->s, &b->t, &draft));
    assert_ok(&b->t, file_write_all(&b->t, draft.fd, "kept", 4));
    assert_err(blob_put(b->s, &b->t, "../a", &draft), ERR_INVALID);
    assert_err(blob_put(b->s, &b->t, "folder", &draft), ERR_CONFLICT);
    assert_true(draft.fd >= 0);
    assert_ok(&b->t, blob_put(b->s, &b->t, "b", &draft));
    assert_blob(b, "b", "kept");
    assert_err(blob_put(b->s, &b->t, "c", &draft), ERR_INVALID);      /* used up */
}

static void an_existing_key_uses_the_draft_up(void **state)
{
    struct bench *b = *state;
    scoped(draft) struct draft draft = draft_none();
    assert_ok(&b->t, put(b, "a", "first"));
    assert_ok(&b->t, blob_draft(b->s, &b->t, &draft));
    assert_ok(&b->t, blob_put(b->s, &b->t, "a", &draft));
    assert_int_equal(draft.fd, -1);
    assert_blob(b, "a", "first");
}

static void readers_have_their_own_place(void **state)
{
    struct bench *b = *state;
    assert_ok(&b->t, put(b, "a", "0123456789"));
    scoped(fd) int one = -1;
    scoped(fd) int two = -1;
    char bytes[11] = "";
    assert_ok(&b->t, blob_open(b->s, &b->t, "a", &one));
    assert_ok(&b->t, blob_open(b->s, &b->t, "a", &two));
    assert_int_equal(read(one, bytes, 4), 4);
    assert_int_equal(pread(two, bytes, 3, 7), 3);
    assert_memory_equal(bytes, "789", 3);
    assert_int_equal(read(two, bytes, 10), 10);
    assert_memory_equal(bytes, "0123456789", 10);
    assert_true(write(one, "x", 1) < 0);
    assert_true(fcntl(one, F_GETFD) & FD_CLOEXEC);
}

static void many_are_removed_at_once(void **state)
{
    struct bench *b = *state;
    static const char *const all[] = { "a/b/c", "a/d", "e", "f.mp4" };
    static const char *const gone[] = { "a/b/c", "never/was", "f.mp4", "e" };
    static const char *const bad[] = { "a/d", "../e" };
    for (size_t i = 0; i < SUITE_COUNT(all); i++)
        assert_ok(&b->t, put(b, all[i], "x"));
    assert_ok(&b->t, blob_remove_all(b->s, &b->t, NULL, 0));
    assert_err(blob_remove_all(b->s, &b->t, bad, SUITE_COUNT(bad)), ERR_INVALID);
    assert_ok(&b->t, blob_remove_all(b->s, &b->t, gone, SUITE_COUNT(gone)));
    assert_string_equal(list(b, ""), "a/d=1");
    assert_absent(b, "a/b/c");
    assert_ok(&b->t, put(b, "e/g", "where a file was, a folder may be"));
}

static void removing_is_final_but_readers_finish(void **state)
{
    struct bench *b = *state;
    scoped(fd) int fd = -1;
    char byte;
    assert_ok(&b->t, put(b, "a/b/c", "x"));
    assert_ok(&b->t, put(b, "a/d", "y"));
    assert_ok(&b->t, blob_open(b->s, &b->t, "a/b/c", &fd));
    assert_ok(&b->t, blob_remove(b->s, &b->t, "a/b/c"));
    assert_absent(b, "a/b/c");
    assert_ok(&b->t, blob_remove(b->s, &b->t, "a/b/c"));
    assert_ok(&b->t, blob_remove(b->s, &b->t, "never/was"));
    assert_ok(&b->t, blob_remove(b->s, &b->t, "a"));
    assert_int_equal(read(fd, &byte, 1), 1);
    assert_string_equal(list(b, ""), "a/d=1");
    assert_ok(&b->t, put(b, "a/b", "now a file"));
    assert_blob(b, "a/b", "now a file");
}

static void a_key_cannot_be_the_folder_of_another(void **state)
{
    struct bench *b = *state;
    assert_ok(&b->t, put(b, "a/b", "x"));
    assert_err(put(b, "a", "y"), ERR_CONFLICT);
    assert_err(put(b, "a/b/c", "y"), ERR_CONFLICT);
    assert_err(put(b, "a/b/c/d", "y"), ERR_CONFLICT);
    assert_absent(b, "a");
    assert_absent(b, "a/b/c");
    assert_ok(&b->t, put(b, "a-b", "y"));
    assert_ok(&b->t, put(b, "a/bc", "y"));
    assert_string_equal(list(b, ""), "a-b=1 a/b=1 a/bc=1");
}

static void large_blobs_are_whole(void **state)
{
    struct bench *b = *state;
    enum { SIZE = 3 << 20 };
    char *bytes = arena_alloc(b->t.arena, SIZE);
    for (size_t i = 0; i < SIZE; i++)
        bytes[i] = (char)(i * 2654435761u >> 24);
    assert_ok(&b->t, blob_put_bytes(b->s, &b->t, "large", (struct bytes){ bytes, SIZE }));
    scoped(fd) int fd = -1;
    struct bytes got;
    assert_ok(&b->t, blob_open(b->s, &b->t, "large", &fd));
    assert_ok(&b->t, file_read_fd(&b->t, fd, "large", SIZE, &got));
    assert_int_equal(got.size, SIZE);
    assert_memory_equal(got.at, bytes, SIZE);
}

/* ---- listings ---- */

static void a_part_is_read_without_the_rest(void **state)
{
    struct bench *b = *state;
    struct bytes part;
    assert_ok(&b->t, put(b, "a/b", "0123456789"));
    assert_ok(&b->t, put(b, "empty", ""));
    assert_ok(&b->t, blob_read(b->s, &b->t, "a/b", 3, 4, &part));
    assert_int_equal(part.size, 4);
    assert_memory_equal(part.at, "3456", 4);
    assert_ok(&b->t, blob_read(b->s, &b->t, "a/b", 8, 100, &part));
    assert_int_equal(part.size, 2);
    assert_memory_equal(part.at, "89", 2);
    assert_err(blob_read(b->s, &b->t, "a/b", 10, 1, &part), ERR_RANGE);
    assert_err(blob_read(b->s, &b->t, "empty", 0, 1, &part), ERR_RANGE);
    assert_err(blob_read(b->s, &b->t, "a/b", -1, 1, &part), ERR_INVALID);
    assert_err(blob_read(b->s, &b->t, "a/b", 0, 0, &part), ERR_INVALID);
    assert_err(blob_read(b->s, &b->t, "a/c", 0, 1, &part), ERR_NOT_FOUND);
}

static void a_blob_is_copied_under_a_second_key(void **state)
{
    struct bench *b = *state;
    assert_ok(&b->t, put(b, "a/b.mp4", "bytes"));
    assert_ok(&b->t, put(b, "there", "before"));
    assert_ok(&b->t, blob_copy(b->s, &b->t, "a/b.mp4", "c/d.mp4"));
    assert_blob(b, "c/d.mp4", "bytes");
    assert_ok(&b->t, blob_remove(b->s, &b->t, "a/b.mp4"));
    assert_blob(b, "c/d.mp4", "bytes");
    assert_ok(&b->t, blob_copy(b->s, &b->t, "c/d.mp4", "there"));
    assert_blob(b, "there", "before");
    assert_err(blob_copy(b->s, &b->t, "a/b.mp4", "e"), ERR_NOT_FOUND);
    assert_err(blob_copy(b->s, &b->t, "c/d.mp4", "c"), ERR_CONFLICT);
    assert_err(blob_copy(b->s, &b->t, "c/d.mp4", "../e"), ERR_INVALID);
    assert_absent(b, "e");
}

static void a_store_that_works_says_so(void **state)
{
    struct bench *b = *state;
    struct blob_info *files;
    size_t count;
    assert_ok(&b->t, blob_check(b->s, &b->t));
    assert_true(*blob_describe(b->s, &b->t));
    assert_ok(&b->t, blob_waiting(b->s, &b->t, &files, &count));
    assert_int_equal(count, 0);
    assert_string_equal(list(b, ""), "");
}

static void listings_are_by_prefix_and_ascending(void **state)
{
    struct bench *b = *state;
    static const char *const keys[] = { "mv/p/2/z", "mv/p/10/a",  "mv/p/2/a",
                                        "mv/p/2-b", "mv/p/2/a-b", "mv/p/2/a/b/c",
                                        "mv/q",     "zz",         "A" };
    for (size_t i = 0; i < SUITE_COUNT(keys); i++) {
        enum err e = put(b, keys[i], "xy");
        assert_int_equal(e, i == 5 ? ERR_CONFLICT : OK);
    }
    assert_string_equal(
        list(b, ""), "A=2 mv/p/10/a=2 mv/p/2-b=2 mv/p/2/a=2 mv/p/2/a-b=2 mv/p/2/z=2 mv/q=2 zz=2");
    assert_string_equal(list(b, NULL), list(b, ""));
    assert_string_equal(list(b, "mv/p/2/"), "mv/p/2/a=2 mv/p/2/a-b=2 mv/p/2/z=2");
    assert_string_equal(list(b, "mv/p/1/"), "");
    assert_string_equal(list(b, "zz/"), "");
    struct blob_info *found;
    size_t count;
    static const char *const bad[] = {
        "mv", "/", "mv//", "../", "mv/../", "./", ".x/", "\xC3\xA9/"
    };
    for (size_t i = 0; i < SUITE_COUNT(bad); i++)
        assert_err(blob_list(b->s, &b->t, bad[i], &found, &count), ERR_INVALID);
}

/* A page of `limit` after another, from `after` on, as list() would say it. */
static const char *walk(struct bench *b, const char *after, int64_t limit)
{
    struct text out = text_new(b->t.arena);
    for (;;) {
        struct blob_info *page;
        size_t count;
        assert_ok(&b->t, blob_walk(b->s, &b->t, after, limit, &page, &count));
        assert_true(limit == 0 || count <= (size_t)limit);
        if (count == 0)
            return text_end(&out);
        for (size_t i = 0; i < count; i++)
            text_printf(&out, "%s%s=%d", out.length ? " " : "", page[i].key, (int)page[i].bytes);
        after = page[count - 1].key;
    }
}

static void a_walk_comes_by_every_key_once(void **state)
{
    struct bench *b = *state;
    static const char *const keys[] = { "mv/p/2/z", "mv/p/10/a", "mv/p/2/a", "mv/p/2-b", "mv/p/2/a-b/c",
                                        "mv/p/2.c", "mv/q",      "zz",       "A",        "mv/p/2/a.b" };
    assert_string_equal(walk(b, NULL, 0), "");
    for (size_t i = 0; i < SUITE_COUNT(keys); i++)
        assert_ok(&b->t, put(b, keys[i], "xy"));
    const char *all = list(b, "");
    assert_string_equal(all, "A=2 mv/p/10/a=2 mv/p/2-b=2 mv/p/2.c=2 mv/p/2/a=2 mv/p/2/a-b/c=2 mv/p/2/a.b=2 "
                             "mv/p/2/z=2 mv/q=2 zz=2");
    for (int64_t limit = 0; limit <= (int64_t)SUITE_COUNT(keys) + 1; limit++)
        assert_string_equal(walk(b, "", limit), all);
    /* From a key that is there, and from ones that are not: before a folder, in it, behind it. */
    static const struct { const char *after, *rest; } rows[] = {
        { "mv/p/2/z", "mv/q=2 zz=2" },
        { "mv/p/2/b", "mv/p/2/z=2 mv/q=2 zz=2" },
        { "mv/p/2", "mv/p/2-b=2 mv/p/2.c=2 mv/p/2/a=2 mv/p/2/a-b/c=2 mv/p/2/a.b=2 mv/p/2/z=2 mv/q=2 zz=2" },
        { "mv/p/2/a-c", "mv/p/2/a.b=2 mv/p/2/z=2 mv/q=2 zz=2" },
        { "mv/p/3", "mv/q=2 zz=2" },
        { "zz", "" },
    };
    for (size_t i = 0; i < SUITE_COUNT(rows); i++)
        assert_string_equal(walk(b, rows[i].after, 3), rows[i].rest);
    struct blob_info *page;
    size_t count;
    assert_err(blob_walk(b->s, &b->t, "../x", 1, &page, &count), ERR_INVALID);
}

/* ---- keys ---- */

static const char *repeat(struct bench *b, const char *piece, int times)
{
    struct text out = text_new(b->t.arena);
    for (int i = 0; i < times; i++)
        text_append(&out, piece);
    return text_end(&out);
}

static void keys_out_of_form_are_refused(void **state)
{
    struct bench *b = *state;
    const char *const bad[] = {
        NULL,
        "",
        "/",
        "/a",
        "a/",
        "a//b",
        ".",
        "..",
        "../a",
        "a/..",
        "a/../b",
        "a/./b",
        "./a",
        ".hidden",
        "a/.b",
        "..a",
        "a b",
        "a\\b",
        "a:b",
        "a\nb",
        "a%2e%2e",
        "\xC3\xA9",
        "a\xFF",
        "a*",
        "~a",
        "a;b",
        "$HOME",
        "/etc/passwd",
        "a/../../../../etc/passwd",
        repeat(b, "k", KEY_PART_BYTES_MAX + 1),
        arena_format(b->t.arena, "%sk", repeat(b, "kkk/", 128)),
    };
    for (size_t i = 0; i < SUITE_COUNT(bad); i++) {
        int fd = -1;
        struct blob_info info;
        assert_err(put(b, bad[i], "x"), ERR_INVALID);
        assert_err(blob_open(b->s, &b->t, bad[i], &fd), ERR_INVALID);
        assert_err(blob_stat(b->s, &b->t, bad[i], &info), ERR_INVALID);
        assert_err(blob_remove(b->s, &b->t, bad[i]), ERR_INVALID);
    }
    assert_string_equal(list(b, ""), "");
}

static void keys_in_form_are_accepted(void **state)
{
    struct bench *b = *state;
    const char *const good[] = {
        "a",
        "A.b_c-d",
        "a..b",
        "a./b",
        "-",
        "_",
        "0",
        "-rf",
        "b.",
        repeat(b, "k", KEY_PART_BYTES_MAX),
        arena_format(b->t.arena, "deep%s", repeat(b, "/abc", 127)),
    };
    for (size_t i = 0; i < SUITE_COUNT(good); i++) {
        assert_ok(&b->t, blob_remove(b->s, &b->t, "a"));
        assert_ok(&b->t, put(b, good[i], good[i]));
        assert_blob(b, good[i], good[i]);
    }
}

static void a_task_that_is_over_does_nothing(void **state)
{
    struct bench *b = *state;
    atomic_bool cancelled = true;
    struct draft draft = draft_none();
    int fd = -1;
    b->t.cancelled = &cancelled;
    assert_err(put(b, "a", "x"), ERR_CANCELLED);
    assert_err(blob_draft(b->s, &b->t, &draft), ERR_CANCELLED);
    assert_err(blob_open(b->s, &b->t, "a", &fd), ERR_CANCELLED);
    b->t.cancelled = NULL;
    assert_absent(b, "a");
}

/* ---- many at once ---- */

enum { THREADS = 16 };

struct race {
    struct blob_store *store;
    atomic_int         failures;
};

static enum err put_repeated(struct race *race, struct task *t, const char *key, int number)
{
    char bytes[4000];
    memset(bytes, 'A' + number, sizeof bytes);
    return blob_put_bytes(race->store, t, key, (struct bytes){ bytes, sizeof bytes });
}

static bool is_whole(struct task *t, struct blob_store *s, const char *key)
{
    const char *text = get(s, t, key);
    return strlen(text) == 4000 && text[strspn(text, (char[]){ text[0], 0 })] == '\0';
}

static void put_and_look(int number, void *shared)
{
    struct race *race = shared;
    struct task t;
    task_init(&t, "putter");
    for (int i = 0; i < 8; i++) {
        const char *key = arena_format(t.arena, "new-%d/folder/key", i);
        if (put_repeated(race, &t, key, number) || !is_whole(&t, race->store, key))
            atomic_fetch_add(&race->failures, 1);
    }
    task_done(&t);
}

static void many_may_put_the_same_key(void **state)
{
    struct bench *b = *state;
    struct race race = { .store = b->s };
    threads_run(THREADS, put_and_look, &race);
    assert_int_equal(race.failures, 0);
    struct blob_info *found;
    size_t count;
    assert_ok(&b->t, blob_list(b->s, &b->t, "", &found, &count));
    assert_int_equal(count, 8);
}

/* Every put makes the folder that every remove empties. */
static void put_and_remove(int number, void *shared)
{
    struct race *race = shared;
    struct task t;
    task_init(&t, "putter");
    const char *key = arena_format(t.arena, "one/folder/%d", number);
    for (int i = 0; i < 25; i++) {
        if (put_repeated(race, &t, key, number) || !is_whole(&t, race->store, key) ||
            blob_remove(race->store, &t, key))
            atomic_fetch_add(&race->failures, 1);
    }
    task_done(&t);
}

static void puts_and_removes_do_not_meet(void **state)
{
    struct bench *b = *state;
    struct race race = { .store = b->s };
    threads_run(THREADS, put_and_remove, &race);
    assert_int_equal(race.failures, 0);
    assert_string_equal(list(b, ""), "");
}

static enum err open_memory(struct task *t, const char *folder, struct blob_store **out)
{
    (void)folder;
    return blob_memory_open(t, out);
}

/* On the server the environment names, under a prefix of this test's own. */
static enum err open_s3(struct task *t, const char *folder, struct blob_store **out)
{
    static struct net *net;
    static struct aws_account *account;
    enum err e = account ? OK : net_open(t, &(struct net_options){ 0 }, &net);
    if (!e && !account)
        e = aws_account_open(t, net, &account);
    const struct blob_s3_options options = {
        .account = account,
        .bucket = getenv("TEST_S3_BUCKET"),
        .prefix = arena_format(t->arena, "suite/%s", path_name(path_folder(t->arena, folder))),
        .path_style = true,
        .folder = folder,
        .cache_bytes = 64 << 20,
    };
    return e ? e : blob_s3_open(t, &options, out);
}

int main(void)
{
    static const struct driver here[] = { { "memory", open_memory },
                                          { "local", blob_local_open } };
    static const struct driver elsewhere[] = { { "s3", open_s3 } };
    bool s3 = getenv("TEST_S3_BUCKET") != NULL; /* test/cloud starts a server for that */
    const struct driver *drivers = s3 ? elsewhere : here;
    static const struct suite_test tests[] = {
        SUITE_TEST(what_is_put_is_got),
        SUITE_TEST(a_key_never_names_other_bytes),
        SUITE_TEST(a_draft_becomes_a_blob),
        SUITE_TEST(a_draft_that_is_not_put_leaves_nothing),
        SUITE_TEST(a_draft_survives_a_put_that_fails),
        SUITE_TEST(an_existing_key_uses_the_draft_up),
        SUITE_TEST(readers_have_their_own_place),
        SUITE_TEST(removing_is_final_but_readers_finish),
        SUITE_TEST(many_are_removed_at_once),
        SUITE_TEST(a_key_cannot_be_the_folder_of_another),
        SUITE_TEST(large_blobs_are_whole),
        SUITE_TEST(a_part_is_read_without_the_rest),
        SUITE_TEST(a_blob_is_copied_under_a_second_key),
        SUITE_TEST(a_store_that_works_says_so),
        SUITE_TEST(listings_are_by_prefix_and_ascending),
        SUITE_TEST(a_walk_comes_by_every_key_once),
        SUITE_TEST(keys_out_of_form_are_refused),
        SUITE_TEST(keys_in_form_are_accepted),
        SUITE_TEST(a_task_that_is_over_does_nothing),
        SUITE_TEST(many_may_put_the_same_key),
        SUITE_TEST(puts_and_removes_do_not_meet),
    };
    return suite_run("blob", tests, SUITE_COUNT(tests), drivers, sizeof *drivers,
                     s3 ? SUITE_COUNT(elsewhere) : SUITE_COUNT(here), set_up, tear_down);
}
