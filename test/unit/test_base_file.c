/* Files that are whole or absent: drafts, publishing, replacing, folders, reading and copying. */
#include "test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "scratch.h"

struct bench {
    struct scratch scratch;
    struct task    t;
};

static int set_up(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    b->scratch = scratch_new();
    task_init(&b->t, "test");
    *state = b;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *b = *state;
    task_done(&b->t);
    scratch_done(&b->scratch);
    free(b);
    return 0;
}

static const char *at(struct bench *b, const char *name)
{
    return arena_format(b->t.arena, "%s/%s", b->scratch.path, name);
}

static struct draft draft_with(struct bench *b, const char *text, bool named)
{
    struct draft d = draft_none();
    const char *folder = at(b, "drafts");
    assert_ok(&b->t, named ? draft_open_named(&b->t, folder, &d) : draft_open(&b->t, folder, &d));
    assert_ok(&b->t, file_write_all(&b->t, d.fd, text, strlen(text)));
    return d;
}

static void assert_file(struct bench *b, const char *name, const char *text)
{
    struct bytes bytes;
    assert_ok(&b->t, file_read(&b->t, at(b, name), 1 << 20, &bytes));
    assert_int_equal(bytes.size, strlen(text));
    assert_string_equal(bytes.at, text);
}

static void a_draft_is_published_whole_or_leaves_nothing(void **state)
{
    struct bench *b = *state;
    for (int named = 0; named < 2; named++) {
        const char *name = named ? "a/b/named" : "a/b/nameless";
        struct draft dropped = draft_with(b, "dropped", named), kept = draft_with(b, "kept", named);
        draft_done(&dropped);
        assert_int_equal(count_files(at(b, "drafts")), named);
        assert_ok(&b->t, draft_publish(&b->t, &kept, at(b, name), false));
        assert_int_equal(kept.fd, -1);
        draft_done(&kept);
        assert_file(b, name, "kept");
        assert_int_equal(count_files(at(b, "drafts")), 0);
        struct stat s;
        assert_int_equal(stat(at(b, name), &s), 0);
        assert_int_equal(s.st_nlink, 1);
    }
}

static void an_existing_name_is_left_as_it_is(void **state)
{
    struct bench *b = *state;
    for (int named = 0; named < 2; named++) {
        spill(at(b, "film"), "first", 5);
        struct draft d = draft_with(b, "second", named);
        assert_err(draft_publish(&b->t, &d, at(b, "film"), false), ERR_CONFLICT);
        assert_file(b, "film", "first");
        assert_ok(&b->t, draft_publish(&b->t, &d, at(b, "film"), true));  /* the draft was kept */
        assert_file(b, "film", "second");
        assert_int_equal(count_files(b->scratch.path), 1);
        draft_done(&d);
    }
}

static void an_open_reader_keeps_the_replaced_file(void **state)
{
    struct bench *b = *state;
    spill(at(b, "film"), "old", 3);
    scoped(fd) int reader = open(at(b, "film"), O_RDONLY | O_CLOEXEC);
    struct draft d = draft_with(b, "new", false);
    assert_ok(&b->t, draft_publish(&b->t, &d, at(b, "film"), true));
    char bytes[4] = "";
    assert_int_equal(read(reader, bytes, 3), 3);
    assert_string_equal(bytes, "old");
}

static void places_that_will_not_do_are_refused(void **state)
{
    struct bench *b = *state;
    spill(at(b, "file"), "x", 1);
    struct draft d = draft_none();
    assert_err(draft_open(&b->t, at(b, "file"), &d), ERR_NOT_FOUND);
    assert_err(draft_open(&b->t, at(b, "file/below"), &d), ERR_NOT_FOUND);
    assert_int_equal(d.fd, -1);
    assert_err(folder_make(&b->t, at(b, "file")), ERR_NOT_FOUND);
    assert_ok(&b->t, folder_make(&b->t, at(b, "folder/in/folder")));
    assert_ok(&b->t, folder_make(&b->t, at(b, "folder/in/folder")));
    assert_ok(&b->t, folder_make(&b->t, at(b, "folder/with/slash/")));
    d = draft_with(b, "x", false);
    assert_true(draft_publish(&b->t, &d, at(b, "folder"), true) != OK);
    assert_int_equal(access(at(b, "folder/in/folder"), F_OK), 0);
    draft_done(&d);
}

static void only_drafts_of_the_dead_are_swept(void **state)
{
    struct bench *b = *state;
    scoped(draft) struct draft mine = draft_with(b, "mine", true);
    spill(at(b, "drafts/.draft-1-0"), "left by a killed process", 24);
    spill(at(b, "drafts/.other"), "x", 1);
    spill(at(b, "drafts/draft-1-0"), "x", 1);
    mkdir(at(b, "drafts/.draft-folder"), 0755);
    assert_ok(&b->t, file_sweep(&b->t, at(b, "drafts")));
    assert_int_equal(count_files(at(b, "drafts")), 3);
    assert_int_equal(access(mine.named, F_OK), 0);
    assert_int_not_equal(access(at(b, "drafts/.draft-1-0"), F_OK), 0);
    assert_ok(&b->t, file_sweep(&b->t, at(b, "not/there")));
}

static void only_files_are_opened(void **state)
{
    struct bench *b = *state;
    int fd = -1;
    assert_err(file_open(&b->t, at(b, "nothing"), &fd), ERR_NOT_FOUND);
    assert_true(strstr(b->t.fault.message, "nothing") && b->t.fault.next[0]);
    assert_err(file_open(&b->t, b->scratch.path, &fd), ERR_INVALID);
    assert_int_equal(mkfifo(at(b, "pipe"), 0644), 0);
    /* and does not wait for a writer */
    assert_err(file_open(&b->t, at(b, "pipe"), &fd), ERR_INVALID);
    assert_err(file_open(&b->t, "/dev/null", &fd), ERR_INVALID);
    assert_int_equal(fd, -1);
    spill(at(b, "d\xC3\xA9j\xC3\xA0 vu"), "x", 1);
    assert_ok(&b->t, file_open(&b->t, at(b, "d\xC3\xA9j\xC3\xA0 vu"), &fd));
    assert_int_equal(file_bytes(fd), 1);
    close(fd);
    assert_int_equal(file_bytes(-1), -1);
}

static void reading_has_a_ceiling(void **state)
{
    struct bench *b = *state;
    struct bytes bytes;
    spill(at(b, "ten"), "0123456789", 10);
    assert_err(file_read(&b->t, at(b, "ten"), 9, &bytes), ERR_LIMIT);
    assert_ok(&b->t, file_read(&b->t, at(b, "ten"), 10, &bytes));
    assert_string_equal(bytes.at, "0123456789");
    spill(at(b, "empty"), "", 0);
    assert_file(b, "empty", "");
}

static void copies_begin_at_the_start_and_land_where_the_target_stands(void **state)
{
    struct bench *b = *state;
    char *large = arena_alloc(b->t.arena, 700001);
    memset(large, 'x', 700000);
    large[699999] = 'y';
    spill(at(b, "from"), large, 700000);
    scoped(fd) int from = open(at(b, "from"), O_RDONLY | O_CLOEXEC);
    lseek(from, 123, SEEK_SET);
    scoped(fd) int disk = open(at(b, "to"), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    /* another file system: copied by hand */
    scoped(fd) int memory = memfd_create("to", MFD_CLOEXEC);
    const int targets[] = { disk, memory };
    for (int i = 0; i < 2; i++) {
        struct bytes bytes;
        assert_ok(&b->t, file_write_all(&b->t, targets[i], "head ", 5));
        assert_ok(&b->t, file_copy(&b->t, from, targets[i]));
        assert_ok(&b->t, file_read_fd(&b->t, targets[i], "copy", 1 << 20, &bytes));
        assert_int_equal(bytes.size, 700005);
        assert_memory_equal(bytes.at, "head ", 5);
        assert_memory_equal((const char *)bytes.at + 5, large, 700000);
    }
}

static void paths_are_taken_apart(void **state)
{
    struct bench *b = *state;
    static const struct {
        const char *path, *folder, *name;
    } cases[] = {
        { "a/b/c.mp4", "a/b", "c.mp4" }, { "c.mp4", ".", "c.mp4" }, { "/c", "/", "c" },
        { "/a/b", "/a", "b" },           { "a/", "a", "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(path_folder(b->t.arena, cases[i].path), cases[i].folder);
        assert_string_equal(path_name(cases[i].path), cases[i].name);
    }
}

#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(a_draft_is_published_whole_or_leaves_nothing),
        WITH_FOLDER(an_existing_name_is_left_as_it_is),
        WITH_FOLDER(an_open_reader_keeps_the_replaced_file),
        WITH_FOLDER(places_that_will_not_do_are_refused),
        WITH_FOLDER(only_drafts_of_the_dead_are_swept),
        WITH_FOLDER(only_files_are_opened),
        WITH_FOLDER(reading_has_a_ceiling),
        WITH_FOLDER(copies_begin_at_the_start_and_land_where_the_target_stands),
        WITH_FOLDER(paths_are_taken_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
