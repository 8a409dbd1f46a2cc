/*
 * The library on the memory drivers, with the real media child: what is kept is kept byte for byte and once, what is
 * asked for twice under one id is made once, what was heard is not heard again, and what is refused (or fails half
 * way, at any call) leaves no record.
 */
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/hash.h"
#include "blob/blob_driver.h"
#include "flow/library.h"
#include "media/picture_load.h"
#include "../sound_file.h"
#include "store/store_driver.h"
#include "scratch.h"
#include "store/ledger.h"
#include "web_stub.h"

#define ONCE "01J0000000000000000000000X"

struct fixture {
    struct task task;
    struct flow flow;
};

static const struct image_driver image_barred;
static const struct image_driver *const images[] = { &image_card, &image_barred, NULL };

static void begin(struct fixture *f)
{
    *f = (struct fixture){ 0 };
    task_init(&f->task, "test");
    f->flow.images         = images;
    f->flow.styles.shipped = getenv("STORYREEL_SOURCE");
    assert_ok(&f->task, store_memory_open(&f->task, &f->flow.store));
    assert_ok(&f->task, blob_memory_open(&f->task, &f->flow.blobs));
    assert_ok(&f->task, media_open(&f->task, getenv("MEDIA_CHILD_HOST"), &f->flow.media));
}

static void end(struct fixture *f)
{
    store_close(f->flow.store);
    blob_close(f->flow.blobs);
    media_close(f->flow.media);
    task_done(&f->task);
}

/* A service that takes the order (unless its key is wrong), and then does not let us see what became of it. */
static bool order_is_taken;

static enum err barred_submit(struct media *m, struct task *t, const struct image_request *r, int out,
                              struct image_receipt *receipt)
{
    (void)m, (void)r, (void)out;
    *receipt = (struct image_receipt){ .outcome = order_is_taken ? NET_CREATED : NET_NOT_CREATED, .ticket = "one" };
    return order_is_taken ? OK : fail(t, ERR_AUTH, "the key is wrong");
}

static enum err barred_poll(struct media *m, struct task *t, const struct image_request *r, const char *ticket,
                            struct image_status *status)
{
    (void)m, (void)r, (void)ticket, (void)status;
    return fail(t, ERR_AUTH, "the key was withdrawn");
}

static const struct image_driver image_barred = {
    .name = "barred", .paid = true, .submit = barred_submit, .poll = barred_poll,
};

static size_t count_blobs(struct fixture *f)
{
    struct blob_info *all;
    size_t count;
    assert_ok(&f->task, blob_list(f->flow.blobs, &f->task, "", &all, &count));
    return count;
}

static size_t count_records(struct fixture *f, const char *index)
{
    struct store_index_query query = { .index_pk = index };
    struct item *items;
    size_t count;
    assert_ok(&f->task, store_list_index(f->flow.store, &f->task, &query, &items, &count));
    return count;
}

static int file_of_text(const void *bytes, size_t size)
{
    int fd = memfd_create("given", MFD_CLOEXEC);
    assert_int_equal(pwrite(fd, bytes, size, 0), (ssize_t)size);
    return fd;
}

static int picture_file(struct task *t, uint32_t colour)
{
    enum { SIDE = 64 };
    static uint32_t pixels[SIDE * SIDE];
    for (int i = 0; i < SIDE * SIDE; i++)
        pixels[i] = i % 7 ? colour : 0xFF203040;
    struct draw_picture picture = { SIDE, SIDE, pixels };
    int fd = memfd_create("picture", MFD_CLOEXEC);
    assert_ok(t, picture_write_png(t, &picture, fd));
    return fd;
}

static int song_file(struct task *t, double seconds)
{
    struct signal s = signal_new(t, seconds);
    for (double at = 0; at + 2 <= seconds; at += 2)
        signal_bar(&s, at, 0.5, 45, BAND_KICK | BAND_SNARE | BAND_BASS);
    return sound_file_make(t, &s, &(struct sound_file){ "wav", "pcm_s16le", 48000, 2 });
}

static void assert_same_bytes(struct fixture *f, const char *key, int fd)
{
    struct bytes kept, given;
    scoped(fd) int blob = -1;
    assert_ok(&f->task, blob_open(f->flow.blobs, &f->task, key, &blob));
    assert_ok(&f->task, file_read_fd(&f->task, blob, "kept", PICTURE_BYTES_MAX, &kept));
    assert_ok(&f->task, file_read_fd(&f->task, fd, "given", PICTURE_BYTES_MAX, &given));
    assert_int_equal(kept.size, given.size);
    assert_memory_equal(kept.at, given.at, given.size);
}

/* ---- references ---- */

static void a_picture_is_kept_byte_for_byte_and_once(void **state)
{
    (void)state;
    struct fixture f;
    struct reference one, two, read;
    begin(&f);
    scoped(fd) int fd = picture_file(&f.task, 0xFFE0B030);
    struct source_file file = { fd, "portraits/Mara  final.png" };
    struct reference_wish wish = { .description = "the courier" };
    assert_ok(&f.task, reference_upload(&f.flow, &f.task, &file, &wish, "uploaded", &one));
    assert_string_equal(one.name, "Mara final");
    assert_string_equal(one.kind, "character");
    assert_int_equal(one.width_px, 64);
    assert_non_null(strstr(one.key, "mv/references/"));
    assert_non_null(strstr(one.key, ".png"));
    assert_same_bytes(&f, one.key, fd);
    assert_ok(&f.task, reference_load(f.flow.store, &f.task, one.reference_id, &read));
    assert_string_equal(read.description, "the courier");
    assert_string_equal(read.key, one.key);
    assert_int_equal(read.bytes, file_bytes(fd));

    assert_ok(&f.task, reference_upload(&f.flow, &f.task, &file, &wish, "uploaded", &two));
    assert_string_not_equal(two.reference_id, one.reference_id);
    assert_string_equal(two.key, one.key);
    assert_int_equal(count_blobs(&f), 1);
    end(&f);
}

static void under_one_id_it_is_kept_once(void **state)
{
    (void)state;
    struct fixture f;
    struct reference one, two;
    begin(&f);
    scoped(fd) int fd = picture_file(&f.task, 0xFFE0B030);
    scoped(fd) int rubbish = file_of_text("no picture", 10);
    struct reference_wish wish = { .kind = "product", .once = ONCE };
    assert_ok(&f.task, reference_upload(&f.flow, &f.task, &(struct source_file){ fd, "a.png" }, &wish, "uploaded", &one));
    assert_string_equal(one.reference_id, ONCE);
    /* Not even looked at: the answer is there. */
    assert_ok(&f.task, reference_upload(&f.flow, &f.task, &(struct source_file){ rubbish, "a.png" }, &wish, "uploaded", &two));
    assert_string_equal(two.key, one.key);
    assert_int_equal(count_records(&f, "REFERENCE"), 1);
    end(&f);
}

static void four_options_are_made_to_choose_from(void **state)
{
    (void)state;
    struct fixture f;
    struct reference four[REFERENCE_OPTIONS], again[REFERENCE_OPTIONS], other[REFERENCE_OPTIONS];
    begin(&f);
    struct reference_wish wish = { .description = "a woman in a yellow raincoat", .once = ONCE };
    assert_ok(&f.task, reference_generate(&f.flow, &f.task, &wish, four));
    assert_string_equal(four[0].reference_id, ONCE);
    for (int i = 0; i < REFERENCE_OPTIONS; i++) {
        struct reference read;
        assert_int_equal(four[i].width_px, REFERENCE_SIDE_PX);
        assert_string_equal(four[i].source, "generated");
        assert_string_equal(four[i].model, "card");
        assert_ok(&f.task, reference_load(f.flow.store, &f.task, four[i].reference_id, &read));
        assert_int_equal(read.seed, 1 + i);
        for (int j = 0; j < i; j++)
            assert_string_not_equal(four[i].key, four[j].key);
    }
    assert_int_equal(count_blobs(&f), REFERENCE_OPTIONS);

    assert_ok(&f.task, reference_generate(&f.flow, &f.task, &wish, again));
    assert_int_equal(count_records(&f, "REFERENCE"), REFERENCE_OPTIONS);
    assert_string_equal(again[3].reference_id, four[3].reference_id);

    wish.once = "";
    assert_ok(&f.task, reference_generate(&f.flow, &f.task, &wish, other));
    assert_int_equal(count_records(&f, "REFERENCE"), 2 * REFERENCE_OPTIONS);
    assert_int_equal(count_blobs(&f), REFERENCE_OPTIONS);      /* the same wish, the same pictures */
    end(&f);
}

static void wishes_that_cannot_be_met_are_refused(void **state)
{
    (void)state;
    static char long_text[PROMPT_BYTES_MAX];
    memset(long_text, 'a', sizeof long_text - 1);
    const struct {
        struct reference_wish wish;
        const char *field;
        enum err    error;
    } cases[] = {
        { { .description = "" }, "description", ERR_INVALID },
        { { .description = " \t " }, "description", ERR_INVALID },
        { { .description = "a man\x01" }, "description", ERR_INVALID },
        { { .description = "\xff\xfe" }, "description", ERR_INVALID },
        { { .description = long_text }, "description", ERR_LIMIT },
        { { .description = "a man", .kind = "villain" }, "kind", ERR_INVALID },
        { { .description = "a man", .style = "nobody" }, "style", ERR_INVALID },
        { { .description = "a man", .style = "../../etc/passwd" }, "style", ERR_INVALID },
        { { .description = "a man", .model = "photographer" }, "model", ERR_INVALID },
        { { .description = "a man", .name = long_text }, "name", ERR_LIMIT },
        { { .description = "a man", .once = "twice" }, "once", ERR_INVALID },
    };
    struct fixture f;
    begin(&f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reference out[REFERENCE_OPTIONS];
        f.task.fault = (struct fault){ 0 };
        assert_err(reference_generate(&f.flow, &f.task, &cases[i].wish, out), cases[i].error);
        assert_string_equal(f.task.fault.field, cases[i].field);
        assert_true(*f.task.fault.message);
    }
    assert_int_equal(count_blobs(&f), 0);
    assert_int_equal(count_records(&f, "REFERENCE"), 0);
    end(&f);
}

static void what_is_no_picture_leaves_nothing(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    scoped(fd) int whole = picture_file(&f.task, 0xFFE0B030);
    scoped(fd) int text = file_of_text("once upon a time there was a picture", 36);
    scoped(fd) int truncated = file_head(whole, file_bytes(whole) / 2);
    scoped(fd) int empty = file_of_text("", 0);
    scoped(fd) int sound = song_file(&f.task, 2);
    const int bad[] = { text, truncated, empty, sound };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct reference r;
        struct source_file file = { bad[i], "mine.png" };
        f.task.fault = (struct fault){ 0 };
        assert_err(reference_upload(&f.flow, &f.task, &file, &(struct reference_wish){ 0 }, "uploaded", &r), ERR_MEDIA);
        assert_string_equal(f.task.fault.field, "image");
        assert_non_null(strstr(f.task.fault.message, "mine.png"));
        assert_true(*f.task.fault.next);
    }
    assert_int_equal(count_blobs(&f), 0);
    assert_int_equal(count_records(&f, "REFERENCE"), 0);
    end(&f);
}

static void what_is_not_there_is_not_found(void **state)
{
    (void)state;
    static const char *const ids[] = { ONCE, "", "no", "../../../../../../../../x", "01j0000000000000000000000x" };
    struct fixture f;
    begin(&f);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        struct reference r;
        struct audio a;
        assert_err(reference_load(f.flow.store, &f.task, ids[i], &r), ERR_NOT_FOUND);
        assert_err(audio_load(f.flow.store, &f.task, ids[i], &a), ERR_NOT_FOUND);
    }
    end(&f);
}

/* The n-th call to the file store fails, for every n: no record then, and all is well afterwards. */
static void half_way_nothing_is_recorded(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    scoped(fd) int fd = picture_file(&f.task, 0xFFE0B030);
    struct source_file file = { fd, "a.png" };
    struct blob_store *under = f.flow.blobs;
    struct reference r;
    int n = 1;
    for (;; n++) {
        struct blob_flaky flaky;
        f.flow.blobs = blob_flaky_init(&flaky, under, n, ERR_FULL);
        enum err e = reference_upload(&f.flow, &f.task, &file, &(struct reference_wish){ 0 }, "uploaded", &r);
        f.flow.blobs = under;
        if (!e)
            break;
        assert_err(e, ERR_FULL);
        assert_int_equal(count_records(&f, "REFERENCE"), 0);
        assert_int_equal(count_blobs(&f), 0);
    }
    assert_true(n > 3);
    assert_int_equal(count_records(&f, "REFERENCE"), 1);
    assert_same_bytes(&f, r.key, fd);
    end(&f);
}

/* A key that is wrong before the order costs nothing; one that is withdrawn behind it does not undo the order. */
static void a_picture_that_was_ordered_is_paid_for(void **state)
{
    static const char barred[] = "title: Barred\nmakes: image\ndriver: barred\nversion: \"1\"\nremote: barred/one\n"
                                 "usdEach: 0.05\n";
    (void)state;
    for (int taken = 0; taken < 2; taken++) {
        struct scratch folder = scratch_in_memory();
        struct fixture f;
        struct reference out[REFERENCE_OPTIONS];
        struct spend *rows;
        size_t count;
        begin(&f);
        f.flow.models.user = arena_copy(f.task.arena, scratch_path(&folder, ""));
        spill(scratch_path(&folder, "barred.yaml"), barred, strlen(barred));
        order_is_taken = taken;
        const struct reference_wish wish = { .description = "a tall courier", .model = "barred" };
        assert_err(reference_generate(&f.flow, &f.task, &wish, out), ERR_AUTH);
        assert_ok(&f.task, spends_load(f.flow.store, &f.task, "library", &rows, &count));
        assert_int_equal(count, 1);
        assert_int_equal(rows[0].state, taken ? SPEND_WASTED : SPEND_RELEASED);
        end(&f);
        scratch_done(&folder);
    }
}

/* ---- songs ---- */

static void a_song_is_kept_and_heard(void **state)
{
    (void)state;
    struct fixture f;
    struct audio a, read;
    struct song_map map;
    begin(&f);
    scoped(fd) int fd = song_file(&f.task, 12);
    assert_ok(&f.task, audio_add(&f.flow, &f.task, &(struct source_file){ fd, "songs/Night bus.wav" }, ONCE, &a));
    assert_string_equal(a.audio_id, ONCE);
    assert_string_equal(a.name, "Night bus");
    assert_int_equal(a.duration_us, 12 * SECOND_US);
    assert_same_bytes(&f, a.key, fd);
    assert_ok(&f.task, audio_load(f.flow.store, &f.task, ONCE, &read));
    assert_ok(&f.task, audio_song_map(&f.flow, &f.task, &read, &map));
    assert_int_equal(map.duration_us, 12 * SECOND_US);
    assert_true(map.tempo_bpm > 115 && map.tempo_bpm < 125);
    assert_true(map.peak_count > 0 && map.section_count > 0);
    assert_ok(&f.task, audio_add(&f.flow, &f.task, &(struct source_file){ -1, "" }, ONCE, &read));
    assert_string_equal(read.key, a.key);
    end(&f);
}

/* A child that cannot be started proves that nobody listened. */
static void what_was_heard_is_not_heard_again(void **state)
{
    (void)state;
    struct fixture f;
    struct audio one, two;
    char hex[HASH_TEXT_BYTES];
    int64_t bytes;
    struct cached cached;
    begin(&f);
    scoped(fd) int fd = song_file(&f.task, 8);
    struct source_file file = { fd, "a.wav" };
    assert_ok(&f.task, audio_add(&f.flow, &f.task, &file, "", &one));
    assert_ok(&f.task, hash_file(&f.task, fd, hex, &bytes));

    /* Under the name a project would look for it. */
    const char *name = graph_song_map_hash(f.task.arena, hex);
    assert_ok(&f.task, cached_load(f.flow.store, &f.task, name, &cached));
    assert_string_equal(cached.key, one.song_map_key);

    size_t blobs = count_blobs(&f);
    assert_ok(&f.task, audio_add(&f.flow, &f.task, &file, "", &two));
    assert_string_not_equal(two.audio_id, one.audio_id);
    assert_string_equal(two.song_map_key, one.song_map_key);
    assert_int_equal(count_blobs(&f), blobs);
    end(&f);
}

static void what_is_no_song_leaves_nothing(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    struct signal silence = signal_new(&f.task, 3);
    scoped(fd) int silent = sound_file_make(&f.task, &silence, &(struct sound_file){ "wav", "pcm_s16le", 48000, 2 });
    scoped(fd) int text = file_of_text("la la la", 8);
    scoped(fd) int empty = file_of_text("", 0);
    scoped(fd) int picture = picture_file(&f.task, 0xFFE0B030);
    scoped(fd) int blip = song_file(&f.task, 0.4);
    const int bad[] = { silent, text, empty, picture, blip };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct audio a;
        struct source_file file = { bad[i], "mine.wav" };
        f.task.fault = (struct fault){ 0 };
        assert_err(audio_add(&f.flow, &f.task, &file, "", &a), ERR_MEDIA);
        assert_string_equal(f.task.fault.field, "audio");
        assert_non_null(strstr(f.task.fault.message, "mine.wav"));
        assert_true(*f.task.fault.next);
    }
    assert_int_equal(count_blobs(&f), 0);
    assert_int_equal(count_records(&f, "AUDIO"), 0);
    end(&f);
}

/* ---- by address ---- */

/* "/picture.png" and "/song.wav" are what they say; "/page" is not, though it says so. */
struct shop {
    int picture, song;
};

static void sell(void *shared, const struct web_request *r, int c)
{
    struct shop *s = shared;
    int fd = strstr(r->path, "/picture.png") ? s->picture : strstr(r->path, "/song.wav") ? s->song : -1;
    if (fd < 0) {
        web_reply(c, strstr(r->path, "/page") ? "200 OK" : "404 Not Found", "Content-Type: image/png\r\n",
                  "<html>sign in first</html>");
        return;
    }
    char block[65536];
    off_t at = 0;
    web_say(c, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    for (ssize_t got; (got = pread(fd, block, sizeof block, at)) > 0; at += got)
        if (write(c, block, (size_t)got) != got)
            return;
}

static void what_an_address_holds_is_kept_like_a_file(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        enum err    error;
        const char *field;
    } bad[] = {
        { "/page", ERR_MEDIA, "image" },
        { "/nothing", ERR_IMPOSSIBLE, "url" },
        { "/song.wav", ERR_MEDIA, "image" },
    };
    struct fixture f;
    struct reference r;
    struct audio a;
    struct web_stub web;
    struct net *n;
    begin(&f);
    struct shop shop = { picture_file(&f.task, 0xFFE0B030), song_file(&f.task, 4) };
    web_stub_start(&web, sell, &shop);
    const char *base = arena_format(f.task.arena, "http://127.0.0.1:%d", web.port);
    const char *url = arena_format(f.task.arena, "%s/shop/picture.png?size=2", base);
    assert_err(reference_fetch(&f.flow, &f.task, url, &(struct reference_wish){ 0 }, &r), ERR_UNAVAILABLE);
    assert_ok(&f.task, net_open(&f.task, &(struct net_options){ .loopback = true }, &n));
    f.flow.net = n;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *there = arena_format(f.task.arena, "%s%s", base, bad[i].path);
        assert_err(reference_fetch(&f.flow, &f.task, there, &(struct reference_wish){ 0 }, &r), bad[i].error);
        assert_string_equal(f.task.fault.field, bad[i].field);
    }
    assert_int_equal(count_blobs(&f), 0);

    assert_ok(&f.task, reference_fetch(&f.flow, &f.task, url, &(struct reference_wish){ .once = ONCE }, &r));
    assert_string_equal(r.source, "fetched");
    assert_string_equal(r.name, "picture");
    assert_same_bytes(&f, r.key, shop.picture);
    int asked = web.requests;
    assert_ok(&f.task, reference_fetch(&f.flow, &f.task, url, &(struct reference_wish){ .once = ONCE }, &r));
    assert_int_equal(web.requests, asked);

    url = arena_format(f.task.arena, "%s/song.wav", base);
    assert_ok(&f.task, audio_fetch(&f.flow, &f.task, url, "", &a));
    assert_string_equal(a.name, "song");
    assert_same_bytes(&f, a.key, shop.song);
    web_stub_stop(&web);
    net_close(n);
    close(shop.picture);
    close(shop.song);
    end(&f);
}

static void put_text(struct fixture *f, const char *key)
{
    assert_ok(&f->task, blob_put_bytes(f->flow.blobs, &f->task, key, (struct bytes){ "stray", 5 }));
}

static void what_no_record_names_is_swept(void **state)
{
    (void)state;
    struct fixture f;
    struct reference r;
    struct audio a;
    begin(&f);
    scoped(fd) int picture = picture_file(&f.task, 0xFFE0B030);
    scoped(fd) int song = song_file(&f.task, 4);
    put_text(&f, "mv/references/stray.png");
    put_text(&f, "mv/audio/map-stray.json");
    put_text(&f, "mv/projects/P/audio/not-of-the-library.wav");
    assert_ok(&f.task, reference_upload(&f.flow, &f.task, &(struct source_file){ picture, "a.png" },
                                        &(struct reference_wish){ 0 }, "uploaded", &r));
    assert_ok(&f.task, audio_add(&f.flow, &f.task, &(struct source_file){ song, "a.wav" }, "", &a));
    assert_int_equal(count_blobs(&f), 6);
    assert_ok(&f.task, library_sweep(&f.flow, &f.task));
    assert_int_equal(count_blobs(&f), 4);
    assert_same_bytes(&f, r.key, picture);
    assert_same_bytes(&f, a.key, song);
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_picture_that_was_ordered_is_paid_for),
        cmocka_unit_test(a_picture_is_kept_byte_for_byte_and_once),
        cmocka_unit_test(under_one_id_it_is_kept_once),
        cmocka_unit_test(four_options_are_made_to_choose_from),
        cmocka_unit_test(wishes_that_cannot_be_met_are_refused),
        cmocka_unit_test(what_is_no_picture_leaves_nothing),
        cmocka_unit_test(what_is_not_there_is_not_found),
        cmocka_unit_test(half_way_nothing_is_recorded),
        cmocka_unit_test(a_song_is_kept_and_heard),
        cmocka_unit_test(what_was_heard_is_not_heard_again),
        cmocka_unit_test(what_is_no_song_leaves_nothing),
        cmocka_unit_test(what_an_address_holds_is_kept_like_a_file),
        cmocka_unit_test(what_no_record_names_is_swept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
