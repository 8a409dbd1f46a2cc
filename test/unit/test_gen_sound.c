/*
 * Music and voices, against a server of this test's own: what is asked of a model, about how long it will be and what that
 * costs, and that what comes without a sound is no sound.
 */
#include "remote_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "gen/sound.h"

static void load(struct task *t, enum model_makes makes, const char *name, struct model *out)
{
    const struct model_folders folders = {
        .shipped = arena_format(t->arena, "%s/models", getenv("STORYREEL_SOURCE")),
    };
    assert_ok(t, model_load_of(t, &folders, makes, name, out));
}

static void a_wish_is_said_in_the_models_words(void **state)
{
    static const struct {
        const char                *model;
        enum model_makes           makes;
        const struct sound_driver *driver;
        double                     seconds, usd;
        const char                *input;
    } cases[] = {
        { "elevenlabs-music", MAKES_MUSIC, &music_replicate, 10, 0.083,
          "{\"force_instrumental\":true,\"music_length_ms\":10000,\"output_format\":\"mp3_44100_128\",\"prompt\":\"a "
          "\\\"waltz\\\"\"}" },
        { "elevenlabs-music", MAKES_MUSIC, &music_replicate, 2, 0.0415, "\"music_length_ms\":5000," },
        { "elevenlabs-music", MAKES_MUSIC, &music_replicate, 31.25, 0.259375, "\"music_length_ms\":31250," },
        { "lyria-2", MAKES_MUSIC, &music_replicate, 10, 0.06, "{\"prompt\":\"a \\\"waltz\\\"\",\"seed\":41}" },
        { "gemini-speech", MAKES_VOICE, &voice_gemini, 4, 0.0024,
          "{\"background\":false,\"generation_config\":{\"speech_config\":[{\"voice\":\"Kore\"}]},\"input\":\"a \\\"waltz\\\"\","
          "\"model\":\"gemini-3.8-flash-tts\",\"response_format\":{\"type\":\"audio\"},\"store\":true,\"stream\":false}" },
    };
    struct task t;
    (void)state;
    task_init(&t, "test");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct model m;
        const char *input;
        load(&t, cases[i].makes, cases[i].model, &m);
        const struct sound_request r = { .model = &m, .words = "a \"waltz\"", .seconds = cases[i].seconds, .seed = 41 };
        assert_int_equal(cases[i].driver->makes, cases[i].makes);
        assert_ok(&t, cases[i].driver->ask(&t, &r, &input));
        if (!strstr(input, cases[i].input))
            test_failed("%s lacks %s", input, cases[i].input);
        double usd = model_usd(&m, &(struct model_wish){ .seconds = cases[i].seconds, .aspect = "" });
        if (usd < cases[i].usd - 1e-9 || usd > cases[i].usd + 1e-9)
            test_failed("%s, %g s: %g", cases[i].model, cases[i].seconds, usd);
        m.remote = "";
        assert_err(cases[i].driver->ask(&t, &r, &input), ERR_INVALID);
    }
    task_done(&t);
}

static void words_take_as_long_as_they_are_read(void **state)
{
    (void)state;
    assert_true(sound_reading_seconds("") == 0);
    assert_in_range((int)(sound_reading_seconds("Ember. Warm before the sun is up.") * 10), 20, 30);
}

/* A voice comes with the answer, and is had again from the interaction while that is kept. */
static void a_voice_lies_in_its_answer(void **state)
{
    struct remote_fixture f;
    struct video_status s;
    (void)state;
    remote_begin(&f, SERVICE_GEMINI, "gemini-omni");
    remote_answers(&f, "200 OK", "{\"id\":\"v1_a\",\"status\":\"completed\",\"steps\":[{\"type\":\"model_output\",\"content\":["
                                 "{\"type\":\"audio\",\"mime_type\":\"audio/wav\",\"data\":\"UklGRg==\"}]}]}");
    assert_ok(&f.task, sound_gemini_remote.poll(&f.all, &f.task, "v1_a", &s));
    assert_int_equal(s.state, VIDEO_READY);
    assert_string_equal(s.output, "interactions/v1_a");
    remote_answers(&f, "404 Gone", "{\"error\":{\"code\":\"not_found\",\"message\":\"no\"}}");
    assert_err(sound_gemini_remote.fetch(&f.all, &f.task, s.output, remote_file("", 0)), ERR_NOT_FOUND);
    assert_null(sound_gemini_remote.find);
    remote_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wish_is_said_in_the_models_words),
        cmocka_unit_test(words_take_as_long_as_they_are_read),
        cmocka_unit_test(a_voice_lies_in_its_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
