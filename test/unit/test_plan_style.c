/*
 * Styles and modes: everything that is shipped loads and differs from everything else; names cannot leave their
 * folder; a wrong file is refused by file, field and reason; the user's folder comes first.
 */
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "plan/style.h"
#include "scratch.h"

static struct data_folders shipped_folders(void)
{
    return (struct data_folders){ .shipped = getenv("STORYREEL_SOURCE") };
}

/* A folder of the user with one style file in it. */
static struct scratch user_make(const char *name, const char *text)
{
    struct scratch user = scratch_new();
    char file[64];
    snprintf(file, sizeof file, "styles/%s", name);
    assert_int_equal(mkdir(scratch_path(&user, "styles"), 0755), 0);
    spill(scratch_path(&user, file), text, strlen(text));
    return user;
}

static bool holds(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

static void every_shipped_style_is_complete(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct data_folders folders = shipped_folders();
    struct style *styles;
    size_t count;
    assert_ok(&t, style_list(&t, &folders, &styles, &count));
    assert_true(count >= 14);
    for (size_t i = 0; i < count; i++) {
        const struct style *s = &styles[i];
        assert_true(*s->title && *s->summary && s->shot_count >= 4 && s->move_count >= 4);
        assert_true(s->light_count >= 3 && s->lens_count >= 3 && s->framing_count >= 3 && s->movement_count >= 3);
        assert_true(s->texture_count >= 2 && s->sound_count >= 2 && s->word_count >= 3 && s->avoid_count >= 3);
        assert_true(s->grade.shade >= 0 && s->grade.mid >= 0 && s->grade.light >= 0 && s->grade.paper >= 0);
        assert_true(s->grade.accent >= 0 && s->grade.accent2 >= 0);
        assert_true(s->shot_seconds >= 4 && s->shot_seconds <= 8);
        if (i > 0)
            assert_true(strcmp(styles[i - 1].name, s->name) < 0);
    }
    task_done(&t);
}

static void no_two_styles_share_a_palette_or_their_wording(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct data_folders folders = shipped_folders();
    struct style *styles;
    size_t count;
    assert_ok(&t, style_list(&t, &folders, &styles, &count));
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            const struct style *a = &styles[i], *b = &styles[j];
            assert_true(a->grade.shade != b->grade.shade && a->grade.paper != b->grade.paper);
            assert_true(a->grade.accent != b->grade.accent && a->grade.mid != b->grade.mid);
            assert_string_not_equal(a->words[0], b->words[0]);
            assert_string_not_equal(a->light[0], b->light[0]);
            assert_string_not_equal(a->movement[0], b->movement[0]);
        }
    }
    task_done(&t);
}

static void both_modes_load(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct data_folders folders = shipped_folders();
    struct mode song, ad;
    assert_ok(&t, mode_load(&t, &folders, "music-video", &song));
    assert_ok(&t, mode_load(&t, &folders, "ad-creative", &ad));
    assert_true(song.needs_song && !ad.needs_song);
    assert_true(ad.beats[ad.beat_count - 1].end_card && ad.beats[ad.beat_count - 1].product_shot);
    assert_err(mode_load(&t, &folders, "music-vidoe", &song), ERR_NOT_FOUND);
    assert_true(holds(t.fault.next, "music-video"));
    task_done(&t);
}

static void capitals_and_spaces_are_forgiven(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct data_folders folders = shipped_folders();
    struct style s;
    assert_ok(&t, style_load(&t, &folders, "Wes Anderson", &s));
    assert_string_equal(s.name, "wes-anderson");
    assert_true(s.grade.paper == 0xFBEBD3);
    task_done(&t);
}

static void unknown_styles_name_the_nearest(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct data_folders folders = shipped_folders();
    struct style s;
    assert_err(style_load(&t, &folders, "wes-andersen", &s), ERR_NOT_FOUND);
    assert_true(holds(t.fault.next, "wes-anderson") && holds(t.fault.next, "storyreel styles"));
    assert_err(style_load(&t, &folders, "\xE6\x98\xA0\xE7\x94\xBB", &s), ERR_NOT_FOUND);
    assert_true(holds(t.fault.next, "storyreel styles"));
    task_done(&t);
}

static void names_cannot_be_paths(void **state)
{
    (void)state;
    static const char *const names[] = { "../styles/noir", "/etc/passwd", "modes/music-video", "noir.yaml", "..",
                                         "a\\b", "", "  " };
    struct data_folders folders = shipped_folders();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct task t;
        task_init(&t, "test");
        struct style s;
        assert_err(style_load(&t, &folders, names[i], &s), ERR_INVALID);
        task_done(&t);
    }
}

static void the_users_file_replaces_the_shipped_one(void **state)
{
    (void)state;
    struct task t;
    task_init(&t, "test");
    struct scratch user = user_make("noir.yaml", "title: Mine\nsummary: My own noir.\n");
    struct data_folders folders = shipped_folders();
    folders.user = user.path;
    struct style s, *all;
    size_t count, shipped_count;
    assert_ok(&t, style_load(&t, &folders, "noir", &s));
    assert_string_equal(s.title, "Mine");
    assert_true(s.shot_seconds == 5 && s.grade.accent == COLOUR_NOT_SET);
    assert_ok(&t, style_list(&t, &folders, &all, &count));
    folders.user = NULL;
    assert_ok(&t, style_list(&t, &folders, &all, &shipped_count));
    assert_int_equal(count, shipped_count);
    scratch_done(&user);
    task_done(&t);
}

static void wrong_files_are_refused_by_field(void **state)
{
    (void)state;
    static const struct {
        const char *text, *field, *says;
    } cases[] = {
        { "title: A\n", "summary", "missing" },
        { "title: A\nsummary: b\ngrade: { accent: \"#12\" }\n", "grade.accent", "number" },
        { "title: A\nsummary: b\ngrade: { grain: 4 }\n", "grade.grain", "between" },
        { "title: A\nsummary: b\nshots:\n  - { shot: sideways, share: 1 }\n", "shots[0].shot", "close-up" },
        { "title: A\nsummary: b\nshotSeconds: 5\nshotSecondsMin: 6\n", "shotSeconds", "between" },
        { "title: A\nsummary: b\nmoves:\n  - { move: orbit, share: 0 }\n", "moves", "share" },
        { "title: A\nsummary: b\ncolour: red\n", "colour", "not a known field" },
        { "title: [A\n", "", "bad.yaml" },
    };
    struct scratch user = user_make("bad.yaml", "");
    struct data_folders folders = { .user = user.path };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct task t;
        task_init(&t, "test");
        struct style s;
        spill(scratch_path(&user, "styles/bad.yaml"), cases[i].text, strlen(cases[i].text));
        assert_err(style_load(&t, &folders, "bad", &s), ERR_INVALID);
        assert_string_equal(t.fault.field, cases[i].field);
        if (!holds(t.fault.message, cases[i].says) || !holds(t.fault.message, "bad.yaml"))
            test_failed("case %zu says: %s", i, t.fault.message);
        task_done(&t);
    }
    scratch_done(&user);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_shipped_style_is_complete),
        cmocka_unit_test(no_two_styles_share_a_palette_or_their_wording),
        cmocka_unit_test(both_modes_load),
        cmocka_unit_test(capitals_and_spaces_are_forgiven),
        cmocka_unit_test(unknown_styles_name_the_nearest),
        cmocka_unit_test(names_cannot_be_paths),
        cmocka_unit_test(the_users_file_replaces_the_shipped_one),
        cmocka_unit_test(wrong_files_are_refused_by_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
