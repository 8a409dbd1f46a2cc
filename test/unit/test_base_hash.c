/* SHA-256 by its published vectors, and names of inputs that cannot be confused. */
#include "test.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/scoped.h"
#include "base/text.h"

static void files_hash_as_fips_180_says(void **state)
{
    (void)state;
    static const struct {
        const char *piece;
        int         times;
        const char *hex;
    } cases[] = {
        { "", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
        { "abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
        { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
        { "aaaaaaaaaa", 100000,
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct task t;
        task_init(&t, "test");
        scoped(fd) int fd = memfd_create("vector", MFD_CLOEXEC);
        struct text text = text_new(t.arena);
        for (int k = 0; k < cases[i].times; k++)
            text_append(&text, cases[i].piece);
        assert_ok(&t, file_write_all(&t, fd, text_end(&text), text.length));
        char hex[HASH_TEXT_BYTES];
        int64_t bytes;
        assert_ok(&t, hash_file(&t, fd, hex, &bytes));
        assert_string_equal(hex, cases[i].hex);
        assert_int_equal(bytes, text.length);
        assert_int_equal(lseek(fd, 0, SEEK_CUR), text.length);      /* the offset is left alone */
        task_done(&t);
    }
}

static void a_closed_file_cannot_be_hashed(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    char hex[HASH_TEXT_BYTES];
    int64_t bytes;
    assert_err(hash_file(&t, -1, hex, &bytes), ERR_INTERNAL);
    task_done(&t);
}

static const char *hash_of(struct arena *a, const char *domain, const char *name, const char *value,
                           const char *name_2, const char *value_2)
{
    struct hash h = hash_new(domain);
    hash_add(&h, name, value);
    if (name_2)
        hash_add(&h, name_2, value_2);
    return hash_end(&h, a);
}

static void no_two_lists_of_inputs_share_a_name(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    const char *const hashes[] = {
        hash_of(a, "take", "prompt", "text", NULL, NULL),
        hash_of(a, "take", "promptt", "ext", NULL, NULL),
        hash_of(a, "takep", "rompt", "text", NULL, NULL),
        hash_of(a, "film", "prompt", "text", NULL, NULL),
        hash_of(a, "take", "prompt", "", NULL, NULL),
        hash_of(a, "take", "prompt", "text", "seed", "1"),
        hash_of(a, "take", "seed", "1", "prompt", "text"),
        hash_of(a, "take", "prompt", "textseed", "", "1"),
        hash_of(a, "take", "prompt", "text", "seed", "11"),
    };
    enum { COUNT = sizeof hashes / sizeof *hashes };
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(strlen(hashes[i]), 64);
        for (int k = 0; k < i; k++)
            assert_string_not_equal(hashes[i], hashes[k]);
    }
    assert_string_equal(hashes[0], hash_of(a, "take", "prompt", "text", NULL, NULL));
    assert_string_equal(hash_of(a, "take", "prompt", NULL, NULL, NULL), hashes[4]);
    arena_free(a);
}

/* Fixed for good: a change here would make every kept artifact stale. */
static void names_stay_the_same_for_ever(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct hash h = hash_new("take");
    hash_add(&h, "prompt", "a courier in the rain");
    hash_add_int(&h, "seed", -42);
    hash_add_bytes(&h, "picture", "\0\xFF", 2);
    assert_string_equal(hash_end(&h, a),
                        "62b6446deab3207a36f0d66e689f902987a4ab23944b1e2c09c3c6c27c43e5ba");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_hash_as_fips_180_says),
        cmocka_unit_test(a_closed_file_cannot_be_hashed),
        cmocka_unit_test(no_two_lists_of_inputs_share_a_name),
        cmocka_unit_test(names_stay_the_same_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
