/*
 * Two versions of the program at work on the same records: what an older one has left is finished by this one with
 * honest books, members that only a newer one knows are still there after this one has written the records again, and
 * records that only a newer one can read are left to it.
 * The records of the older one are a file; the newer one's are the same with something added to every document.
 */
#include "paid_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "flow/leftovers.h"
#include "flow/jobs.h"
#include "flow/projects.h"
#include "flow/steps.h"

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

static struct item record(struct paid_fixture *f, const char *id, const char *sk)
{
    struct item item;
    assert_ok(&f->task, store_get(f->flow.store, &f->task, project_pk(&f->task, id), sk, &item));
    return item;
}

/* The files that only the newer one knows of are named where they lie in the copy. */
static void a_copy_has_what_a_newer_version_has_written(void **state)
{
    struct paid_fixture f;
    struct item_write writes[RECORDS_MAX];
    struct project copy;
    (void)state;
    paid_begin(&f);
    struct task *t = &f.task;
    load_records(&f, true, writes);
    paid_start(&f);
    paid_work(&f, 1000);
    struct item_write take = { ITEM_PUT, record(&f, "P", "TAKE#001#0001") };
    take.item.document = arena_format(t->arena, "{\"hologram\":\"%sscenes/001/x.holo\",%s", project_folder(t, "P"),
                                      take.item.document + 1);
    assert_ok(t, store_write(f.flow.store, t, &take, 1));

    assert_ok(t, project_cancel(&f.flow, t, "P"));
    assert_ok(t, project_duplicate(&f.flow, t, "P", "", &copy));
    const char *moved = arena_format(t->arena, "\"hologram\":\"%sscenes/001/x.holo\"", project_folder(t, copy.project_id));
    assert_non_null(strstr(record(&f, copy.project_id, "TAKE#001#0001").document, moved));
    assert_non_null(strstr(record(&f, copy.project_id, "METADATA").document, TOMORROW));
    assert_non_null(strstr(record(&f, copy.project_id, "SCENE#002").document, TOMORROW));
    paid_end(&f);
}

static void write_illegible(struct paid_fixture *f)
{
    static const struct item items[] = {
        { .pk = "PROJECT#Q", .sk = "METADATA", .index_pk = "processing", .index_sk = "2031-01-01T00:00:00.000Z",
          .document = "{\"projectId\":\"Q\",\"status\":\"processing\",\"goal\":\"hologram\"}" },
        { .pk = "PROJECT#Q", .sk = "JOB#take#001#aaaaaaaaaaaaaaaa",
          .document = "{\"projectId\":\"Q\",\"kind\":\"take\",\"sequence\":1,\"hash\":\"aaaaaaaaaaaaaaaa\",\"state\":\"dreaming\"}" },
        { .pk = "PROJECT#Q", .sk = "JOB#take#002#bbbbbbbbbbbbbbbb",
          .document = "{\"projectId\":\"Q\",\"kind\":\"take\",\"sequence\":2,\"hash\":\"bbbbbbbbbbbbbbbb\",\"state\":\"queued\"}" },
        { .pk = "PROJECT#Q", .sk = "LEDGER#00", .index_pk = "SPEND", .index_sk = "2001-01-01T00:00:00.000Z",
          .document = "{\"spendId\":\"00\",\"projectId\":\"Q\",\"state\":\"haggling\"}" },
    };
    for (size_t i = 0; i < sizeof items / sizeof *items; i++)
        assert_ok(&f->task, store_write(f->flow.store, &f->task, &(struct item_write){ ITEM_CREATE, items[i] }, 1));
}

/* Claimed, tried and put back: no attempt is counted, and nothing has failed. */
static void put_back(struct paid_fixture *f, const char *key)
{
    struct task *t = &f->task;
    struct claimed_job c;
    struct job j;
    assert_ok(t, queue_push(f->flow.queue, t, LANE_CPU, key, 0));
    assert_ok(t, job_claim(&f->flow, t, LANE_CPU, &c));
    assert_err(step_run(&f->flow, t, &c, NULL), ERR_INTERNAL);
    assert_true(record_was_illegible(t));
    assert_ok(t, job_give_up(&f->flow, t, &c));
    pthread_mutex_destroy(&c.lock);
    assert_ok(t, job_load(f->flow.store, t, "Q", strchr(key, '/') + 1, &j));
    assert_int_equal(j.state, JOB_QUEUED);
    assert_int_equal(j.attempt, 0);
}

/* A film with words that are yet to come, beside one that everybody can read. */
static void what_only_a_newer_version_can_read_holds_up_nobody(void **state)
{
    struct paid_fixture f;
    struct item_write writes[RECORDS_MAX];
    struct project *page, other;
    struct queue_stats stats;
    struct claimed_job c;
    size_t count;
    const char *cursor;
    (void)state;
    paid_begin(&f);
    struct task *t = &f.task;
    load_records(&f, false, writes);
    write_illegible(&f);
    assert_err(project_load(f.flow.store, t, "Q", &other), ERR_INTERNAL);
    assert_true(record_was_illegible(t));
    assert_ok(t, projects_page(f.flow.store, t, PROJECT_PROCESSING, 9, "", &page, &count, &cursor));
    assert_true(count == 1 && text_equal(page[0].project_id, "P"));

    assert_ok(t, paid_recover(&f.flow, t));
    assert_ok(t, jobs_sweep(&f.flow, t));
    paid_work(&f, 1000);
    assert_int_equal(paid_audit(&f), 0);
    assert_takes(&f);

    assert_ok(t, queue_push(f.flow.queue, t, LANE_WAIT, "Q/JOB#take#001#aaaaaaaaaaaaaaaa", 0));
    assert_err(job_claim(&f.flow, t, LANE_WAIT, &c), ERR_NOT_FOUND);
    assert_ok(t, queue_stats(f.flow.queue, t, LANE_WAIT, &stats));
    assert_true(stats.waiting == 1 && stats.leased == 0);
    assert_ok(t, project_cancel(&f.flow, t, "P")); /* its clips are not wanted */
    put_back(&f, "Q/JOB#take#002#bbbbbbbbbbbbbbbb");
    paid_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_version_before_has_left_is_finished),
        cmocka_unit_test(what_a_newer_version_has_written_is_kept),
        cmocka_unit_test(what_only_a_newer_version_can_read_holds_up_nobody),
        cmocka_unit_test(a_copy_has_what_a_newer_version_has_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
