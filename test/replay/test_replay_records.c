/*
 * Two versions of the program at work on the same records: what an older one has left is finished by this one with
 * honest books, and members that only a newer one knows are still there after this one has written the records again.
 * The records of the older one are a file; the newer one's are the same with something added to every document.
 */
#include "paid_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"

enum { RECORDS_MAX = 32, FILE_BYTES_MAX = 1 << 20 };

#define TOMORROW "\"fromTomorrow\":{\"list\":[1,{\"a\":\"b\"}]}"

static const char *read_records(struct task *t)
{
    struct bytes file;
    assert_ok(t, file_read(t, arena_format(t->arena, "%s/test/replay/records/about-to-buy.txt", getenv("STORYREEL_SOURCE")),
                           FILE_BYTES_MAX, &file));
    return arena_copy_n(t->arena, file.at, file.size);
}

static const char *next_line(struct task *t, const char **at)
{
    size_t bytes = strcspn(*at, "\n");
    const char *line = arena_copy_n(t->arena, *at, bytes);
    *at += bytes + ((*at)[bytes] == '\n');
    return line;
}

/* Comments and empty lines stand between records only. */
static size_t parse_records(struct task *t, const char *at, bool newer, struct item_write *out)
{
    size_t count = 0;
    while (*at) {
        const char *pk = next_line(t, &at);
        if (!*pk || *pk == '#')
            continue;
        assert_true(count < RECORDS_MAX);
        struct item *i = &out[count].item;
        *i = (struct item){ .pk = pk };
        i->sk = next_line(t, &at);
        i->index_pk = next_line(t, &at);
        i->index_sk = next_line(t, &at);
        i->document = next_line(t, &at);
        if (newer)
            i->document = arena_format(t->arena, "{" TOMORROW ",%s", i->document + 1);
        out[count++].change = ITEM_CREATE;
    }
    return count;
}

static size_t load_records(struct paid_fixture *f, bool newer, struct item_write *writes)
{
    struct task *t = &f->task;
    size_t count = parse_records(t, read_records(t), newer, writes);
    for (size_t i = 0; i < count; i++)
        assert_ok(t, store_write(f->flow.store, t, &writes[i], 1));
    return count;
}

static void assert_takes(struct paid_fixture *f)
{
    for (int sequence = 1; sequence <= PAID_SCENES; sequence++) {
        struct take *takes;
        size_t count;
        assert_ok(&f->task, takes_load(f->flow.store, &f->task, "P", sequence, &takes, &count));
        assert_int_equal(count, 1);
    }
}

/* Each record that was there and has been written since. */
static void assert_kept(struct paid_fixture *f, const struct item_write *writes, size_t count)
{
    struct task *t = &f->task;
    size_t written = 0;
    for (size_t i = 0; i < count; i++) {
        struct item now;
        assert_ok(t, store_get(f->flow.store, t, writes[i].item.pk, writes[i].item.sk, &now));
        written += now.version > 1;
        if (!strstr(now.document, TOMORROW))
            test_failed("%s %s lost what a newer program had written: %s", now.pk, now.sk, now.document);
    }
    assert_int_equal(written, count); /* all of them were in the way of the money */
}

static void finish(bool newer)
{
    struct paid_fixture f;
    struct item_write writes[RECORDS_MAX];
    paid_begin(&f);
    size_t count = load_records(&f, newer, writes);
    paid_start(&f);
    paid_work(&f, 1000);
    assert_int_equal(paid_audit(&f), 0);
    assert_takes(&f);
    if (newer)
        assert_kept(&f, writes, count);
    paid_end(&f);
}

static void what_the_version_before_has_left_is_finished(void **state)
{
    (void)state;
    finish(false);
}

static void what_a_newer_version_has_written_is_kept(void **state)
{
    (void)state;
    finish(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_version_before_has_left_is_finished),
        cmocka_unit_test(what_a_newer_version_has_written_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
