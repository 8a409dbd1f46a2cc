/*
 * The computed plan over hand-made records: what an edit makes stale, with its cause, and nothing else. A board is
 * "made" by writing every artifact's hash of today into the records, as the workers do.
 */
#include "test.h"

#include <string.h>

#include "base/text.h"
#include "flow/graph.h"

enum { SCENES = 4 };

struct fixture {
    struct task    task;
    struct project project;
    struct scene   scenes[SCENES];
    struct style   style;
    struct model   model, music, voice;    /* the last two: by name, where they are wanted */
    struct graph   graph;
};

static struct scene make_scene(int64_t sequence, struct arena *a)
{
    return (struct scene){
        .sequence = sequence, .display_sequence = sequence, .title = arena_format(a, "scene %d", (int)sequence),
        .prompt = arena_format(a, "prompt %d", (int)sequence), .negative_prompt = "", .camera = "", .action = "",
        .story_beat = "", .section = "", .line = "", .used_frames = 48, .film_frames = 48, .take_frames = 48,
        .take_matches = true, .seed = sequence, .card_title = "", .card_line = "", .card_action = "",
        .take = { .hash = "" }, .clip = { .hash = "" }, .poster = { .hash = "" },
    };
}

static void begin(struct fixture *f)
{
    *f = (struct fixture){ 0 };
    task_init(&f->task, "test");
    f->project = (struct project){
        .project_id = "P", .mode = "music-video", .style = "x", .planner = "offline", .video = "animatic",
        .concept = "a courier", .character = "", .product = "", .product_name = "", .call_to_action = "",
        .lyrics = "", .audio_key = "song", .audio_hash = "s1", .character_picture_key = "",
        .character_picture_hash = "", .product_picture_key = "", .product_picture_hash = "", .width_px = 1280,
        .height_px = 720, .film_frames = SCENES * 48, .seed = 1,
    };
    for (int i = 0; i < SCENES; i++)
        f->scenes[i] = make_scene(i + 1, f->task.arena);
    f->style = (struct style){ .name = "x", .grade = { .font = "" } };
    f->model = (struct model){ .name = "animatic", .version = "1", .driver = "animatic", .seconds_max = 10 };
}

static void compute(struct fixture *f)
{
    struct graph_input input = { &f->project, f->scenes, SCENES, &f->style, &f->model };
    input.music = f->music.name ? &f->music : NULL;
    input.voice = f->voice.name ? &f->voice : NULL;
    assert_ok(&f->task, graph_compute(&f->task, &input, &f->graph));
}

static struct made made_today(const struct artifact *art)
{
    return (struct made){ .hash = art->hash, .key = "key", .parts = art->parts };
}

static void make_all(struct fixture *f)
{
    compute(f);
    for (size_t i = 0; i < f->graph.artifact_count; i++) {
        const struct artifact *art = &f->graph.artifacts[i];
        struct made *where = NULL;
        for (int k = 0; k < SCENES; k++) {
            struct scene *s = &f->scenes[k];
            if (s->sequence == art->sequence)
                where = art->kind == ARTIFACT_TAKE ? &s->take : art->kind == ARTIFACT_CLIP ? &s->clip : &s->poster;
        }
        switch (art->kind) {
        case ARTIFACT_MUSIC:    where = &f->project.music.made; break;
        case ARTIFACT_VOICE:    where = &f->project.voice.made; break;
        case ARTIFACT_SONG_MAP: where = &f->project.song_map; break;
        case ARTIFACT_PLAN:     where = &f->project.plan; break;
        case ARTIFACT_TRACK:    where = &f->project.track; break;
        case ARTIFACT_FILM:     where = &f->project.film; break;
        }
        *where = made_today(art);
    }
    compute(f);
}

/* "take 2: the prompt changed; clip 2: ..." for all that is not current. */
static const char *not_current(struct fixture *f)
{
    struct text out = text_new(f->task.arena);
    for (size_t i = 0; i < f->graph.artifact_count; i++) {
        const struct artifact *art = &f->graph.artifacts[i];
        if (art->state == ARTIFACT_CURRENT || art->kind == ARTIFACT_POSTER)
            continue;
        text_printf(&out, "%s%s", out.length ? "; " : "", artifact_kind_names[art->kind]);
        if (art->sequence)
            text_printf(&out, " %d", (int)art->sequence);
        text_printf(&out, " %s%s%s", artifact_state_names[art->state], *art->cause ? ": " : "", art->cause);
    }
    return text_end(&out);
}

static void nothing_made_is_all_missing(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    compute(&f);
    const struct artifact *map = graph_find(&f.graph, ARTIFACT_SONG_MAP, 0);
    assert_true(map->state == ARTIFACT_MISSING && map->ready);
    assert_false(graph_find(&f.graph, ARTIFACT_PLAN, 0)->ready);
    assert_null(graph_find(&f.graph, ARTIFACT_FILM, 0));      /* no scenes, no film to speak of */
    task_done(&f.task);
}

static void everything_made_is_all_current(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    f.project.plan.hash = "planned";
    make_all(&f);
    assert_string_equal(not_current(&f), "");
    assert_int_equal(f.graph.film_frames, SCENES * 48);
    task_done(&f.task);
}

static void change_prompt(struct fixture *f) { f->scenes[1].prompt = "other words"; }
static void change_seed(struct fixture *f)   { f->scenes[1].seed = 77; }
static void change_title(struct fixture *f)  { f->scenes[1].title = "other title"; }

static void change_trim(struct fixture *f)
{
    f->scenes[1].trim_in  = 6;
    f->scenes[1].trim_out = 30;
}

static void change_order(struct fixture *f)
{
    struct scene first = f->scenes[0];
    f->scenes[0] = f->scenes[2];
    f->scenes[2] = first;
}

static void change_take(struct fixture *f)
{
    f->scenes[1].take   = (struct made){ .hash = "earlier", .key = "k" };
    f->scenes[1].pinned = true;
}

static void change_length(struct fixture *f) { f->project.target_frames = SCENES * 48; }
static void change_song(struct fixture *f) { f->project.audio_hash = "s2"; }

static void an_edit_makes_stale_what_depends_on_it(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        void      (*edit)(struct fixture *f);
        const char *stale;
    } cases[] = {
        { "title", change_title, "" },
        { "prompt", change_prompt, "take 2 stale: the prompt changed; clip 2 stale: another take is selected; "
                                   "film stale: a scene's clip changed" },
        { "seed", change_seed, "take 2 stale: the seed changed; clip 2 stale: another take is selected; "
                               "film stale: a scene's clip changed" },
        { "trim", change_trim, "clip 2 stale: the trim changed; track stale: the length changed; "
                               "film stale: a scene's clip changed, the sound changed" },
        { "order", change_order, "film stale: the order of scenes changed" },
        { "take", change_take, "clip 2 stale: another take is selected; film stale: a scene's clip changed" },
        { "length", change_length, "plan stale: the length changed; track stale: the way the song ends changed; "
                                   "film stale: the sound changed" },
        { "song", change_song, "song-map stale: the song changed; plan stale: the song map changed; "
                               "track stale: the song changed; film stale: the sound changed" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture f;
        begin(&f);
        f.project.plan.hash = "planned";
        make_all(&f);
        cases[i].edit(&f);
        compute(&f);
        assert_string_equal(not_current(&f), cases[i].stale);
        task_done(&f.task);
    }
}

/* What is cut of takes that are there holds the place of those that are not. */
static void a_cut_has_a_card_for_each_scene_that_was_not_filmed(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    f.project.plan.hash = "planned";
    make_all(&f);
    f.scenes[1].take = (struct made){ .hash = "" };
    struct graph_input input = { &f.project, f.scenes, SCENES, &f.style, &f.model, .as_filmed = true };
    assert_ok(&f.task, graph_compute(&f.task, &input, &f.graph));
    assert_null(graph_find(&f.graph, ARTIFACT_TAKE, 2)); /* it is not filmed for it */
    const struct artifact *card = graph_find(&f.graph, ARTIFACT_CLIP, 2);
    assert_true(card->ready && card->state == ARTIFACT_STALE);
    assert_int_equal(f.graph.film_frames, SCENES * 48);
    graph_set_statuses(&f.graph, f.scenes, SCENES);
    assert_int_equal(f.scenes[1].status, PROJECT_PENDING);
    assert_int_equal(f.scenes[2].status, PROJECT_COMPLETED);
    task_done(&f.task);
}

static void what_is_ready_has_current_inputs(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    f.project.plan.hash = "planned";
    make_all(&f);
    change_prompt(&f);
    compute(&f);
    assert_true(graph_find(&f.graph, ARTIFACT_TAKE, 2)->ready);
    assert_false(graph_find(&f.graph, ARTIFACT_CLIP, 2)->ready);
    assert_false(graph_find(&f.graph, ARTIFACT_FILM, 0)->ready);
    task_done(&f.task);
}

static void prices_add_up_and_unknown_stays_unknown(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    f.project.plan.hash = "planned";
    f.model.usd_per_second = 0.25;
    compute(&f);
    assert_true(f.graph.usd == SCENES * 2 * 0.25);
    f.model.usd_per_second = -1;
    compute(&f);
    assert_true(f.graph.usd == -1);
    task_done(&f.task);
}

/* Whoever films it, the end card is drawn for nothing; no fallback has a part in it, and nothing but its model makes
 * another take of it. */
static void the_end_card_is_drawn_and_costs_nothing(void **state)
{
    (void)state;
    struct fixture f;
    const struct model card = { .name = "animatic", .version = "1", .driver = "animatic", .seconds_max = 30 };
    begin(&f);
    f.project.plan.hash = "planned";
    f.model.name = "dear";
    f.model.usd_per_second = 0.25;
    f.scenes[SCENES - 1].end_card = true;
    for (int i = 0; i < SCENES; i++)
        f.scenes[i].fallback.model = i == SCENES - 1 ? "dear" : "";
    struct graph_input input = { &f.project, f.scenes, SCENES, &f.style, &f.model, &card, &f.model, 1 };
    assert_ok(&f.task, graph_compute(&f.task, &input, &f.graph));
    const struct artifact *first = graph_find(&f.graph, ARTIFACT_TAKE, 1);
    const struct artifact *last = graph_find(&f.graph, ARTIFACT_TAKE, SCENES);
    const char *drawn = last->hash;
    assert_string_equal(first->model->name, "dear");
    assert_string_equal(last->model->name, "animatic");
    assert_true(first->usd == 2 * 0.25 && last->usd == 0);
    assert_true(f.graph.usd == (SCENES - 1) * 2 * 0.25);

    input.model = &card;
    assert_ok(&f.task, graph_compute(&f.task, &input, &f.graph));
    assert_string_equal(graph_find(&f.graph, ARTIFACT_TAKE, SCENES)->hash, drawn);
    task_done(&f.task);
}

static void want_sounds(struct fixture *f)
{
    f->project.music.words = "a waltz";
    f->project.voice.words = "Warm before the sun is up";
    f->music = (struct model){ .name = "waltzer", .version = "1", .seconds_max = 300, .usd_per_second = 0.01 };
    f->voice = (struct model){ .name = "speaker", .version = "1", .seconds_max = 300, .usd_per_second = 0 };
}

/* The song that is to be made comes before all that follows it; the voice is only mixed in. */
static void sounds_come_before_what_follows_them(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f);
    f.project.audio_key = f.project.audio_hash = "";
    want_sounds(&f);
    compute(&f);
    assert_true(graph_find(&f.graph, ARTIFACT_MUSIC, 0)->ready);
    assert_false(graph_find(&f.graph, ARTIFACT_PLAN, 0)->ready);
    assert_null(graph_find(&f.graph, ARTIFACT_SONG_MAP, 0));
    assert_true(f.graph.usd == SONG_SECONDS * 0.01);
    task_done(&f.task);

    begin(&f);
    want_sounds(&f);
    f.project.plan.hash = "planned";
    make_all(&f);
    make_all(&f); /* the song map once its song is there */
    assert_string_equal(not_current(&f), "");
    f.project.voice.words = "Something else";
    compute(&f);
    assert_string_equal(not_current(&f), "voice stale: the words to be spoken changed; track stale: the voice changed; "
                                         "film stale: the sound changed");
    assert_false(graph_find(&f.graph, ARTIFACT_TRACK, 0)->ready);
    f.project.music.words = "a march";
    compute(&f);
    assert_string_equal(graph_find(&f.graph, ARTIFACT_MUSIC, 0)->cause, "the words for the music changed");
    assert_int_equal(graph_find(&f.graph, ARTIFACT_TAKE, 1)->state, ARTIFACT_CURRENT);
    task_done(&f.task);
}

/*
 * What names an artifact is the same in every version: where it changes, films that are there are made again, bought
 * takes among them, and two versions at work on one film each undo what the other made. Whoever changes a row here has
 * decided that; docs/deploy.md says what it asks of those who update.
 */
static void names_of_what_was_made_do_not_change(void **state)
{
    (void)state;
    struct fixture f;
    const struct model lips = { .name = "lips", .version = "1", .seconds_max = 300 };
    begin(&f);
    want_sounds(&f);
    f.project.plan.hash = "planned";
    f.scenes[0].sync.wish = SYNC_ASKED;
    f.scenes[0].sync.options.model = "lips";
    struct graph_input input = { .project = &f.project, .scenes = f.scenes, .scene_count = SCENES, .style = &f.style,
                                 .model = &f.model, .lipsyncs = &lips, .lipsync_count = 1, .music = &f.music,
                                 .voice = &f.voice };
    f.project.music.made.hash = "composed";        /* else nothing that follows from it has a name yet */
    assert_ok(&f.task, graph_compute(&f.task, &input, &f.graph));
    f.project.music.made.hash = graph_find(&f.graph, ARTIFACT_MUSIC, 0)->hash;
    assert_ok(&f.task, graph_compute(&f.task, &input, &f.graph));
    struct text names = text_new(f.task.arena);
    for (size_t i = 0; i < f.graph.artifact_count; i++) {
        const struct artifact *art = &f.graph.artifacts[i];
        if (art->sequence <= 2)
            text_printf(&names, "%s %d %.8s\n", artifact_kind_names[art->kind], (int)art->sequence, art->hash);
    }
    assert_string_equal(text_end(&names), "music 0 64a1d77b\n"
                                          "song-map 0 3e9a3d0d\n"
                                          "plan 0 035a5da7\n"
                                          "voice 0 02349bb5\n"
                                          "take 1 818add32\n"
                                          "lip-sync 1 b363702e\n"
                                          "clip 1 6e42ef16\n"
                                          "take 2 4c8b21ee\n"
                                          "clip 2 e4f3be04\n"
                                          "poster 1 08c10a9a\n"
                                          "poster 2 6a51ca49\n"
                                          "track 0 9c0f96b3\n"
                                          "film 0 2692fd38\n");
    task_done(&f.task);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_made_is_all_missing),
        cmocka_unit_test(everything_made_is_all_current),
        cmocka_unit_test(an_edit_makes_stale_what_depends_on_it),
        cmocka_unit_test(a_cut_has_a_card_for_each_scene_that_was_not_filmed),
        cmocka_unit_test(what_is_ready_has_current_inputs),
        cmocka_unit_test(prices_add_up_and_unknown_stays_unknown),
        cmocka_unit_test(the_end_card_is_drawn_and_costs_nothing),
        cmocka_unit_test(sounds_come_before_what_follows_them),
        cmocka_unit_test(names_of_what_was_made_do_not_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
