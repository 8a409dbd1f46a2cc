#include "flow/planning.h"

enum { SEEDS_A_DRAFT = 7919 };

enum err song_map_read(const struct flow *f, struct task *t, const char *key, struct song_map *out)
{
    scoped(fd) int file = -1;
    struct bytes text;
    enum err e = blob_open(f->blobs, t, key, &file);
    if (!e)
        e = file_read_fd(t, file, "the song map", JSON_BYTES_MAX, &text);
    if (!e)
        e = fields_decode_record(t, song_map_fields, arena_copy_n(t->arena, text.at, text.size),
                                 out, NULL);
    return e;
}

struct film_lengths model_lengths(struct task *t, const struct model *m)
{
    struct film_lengths l = {
        .min_frames = (int64_t)(m->seconds_min * FILM_RATE_HZ + 0.5),
        .max_frames = (int64_t)(m->seconds_max * FILM_RATE_HZ + 0.5),
        .allowed_count = m->length_count,
    };
    l.allowed_frames = arena_array(t->arena, int64_t, m->length_count);
    for (size_t i = 0; i < m->length_count; i++)
        l.allowed_frames[i] = (int64_t)(m->lengths[i] * FILM_RATE_HZ + 0.5);
    return l;
}

int64_t project_seed(const struct project *p)
{
    return p->seed + p->drafts * SEEDS_A_DRAFT;
}

static const struct film_lengths *card_lengths(struct task *t, const struct model *card)
{
    struct film_lengths *l = arena_one(t->arena, struct film_lengths);
    *l = model_lengths(t, card);
    return l;
}

void planning_fill(struct task *t, const struct project *p, const struct model *model,
                   const struct model *card, struct plan_request *request)
{
    request->concept = p->concept;
    request->character = p->character;
    request->product = p->product;
    request->product_name = p->product_name;
    request->call_to_action = p->call_to_action;
    request->lyrics = p->lyrics;
    request->has_character_picture = *p->character_picture_key;
    request->has_product_picture = *p->product_picture_key;
    request->frame_count = p->film_frames ? p->film_frames : p->target_frames;
    request->scene_count = p->wanted_scenes;
    request->lengths = model_lengths(t, model);
    request->card_lengths = card ? card_lengths(t, card) : NULL;
    request->seed = project_seed(p);
    request->prompt_chars_max = model->prompt_chars_max;
}

enum err planning_pictures(const struct flow *f, struct task *t, const struct project *p,
                           struct plan_picture *pictures, struct plan_request *request)
{
    const char *keys[] = { p->character_picture_key, p->product_picture_key };
    const char *names[] = { "character", "product" };
    enum err e = OK;
    for (size_t i = 0; i < 2 && !e; i++) {
        scoped(fd) int file = -1;
        if (!*keys[i])
            continue;
        struct plan_picture *picture = &pictures[request->picture_count++];
        picture->what = names[i];
        e = blob_open(f->blobs, t, keys[i], &file);
        if (!e)
            e = file_read_fd(t, file, names[i], PICTURE_BYTES_MAX, &picture->file);
    }
    request->pictures = pictures;
    return e;
}

void scene_cue(struct task *t, const struct song_map *song, struct scene *s)
{
    size_t count = 0;
    s->beat_frames = arena_array(t->arena, int64_t, song->beat_count);
    for (size_t i = 0; i < song->beat_count && count < DRAW_BEATS_MAX; i++) {
        int64_t frame = frames_from_us(song->beats_us[i]) - s->start_frame;
        if (frame >= 0 && frame < s->film_frames)
            s->beat_frames[count++] = frame;
    }
    s->beat_count = count;
}

struct scene scene_from_plan(struct task *t, const struct planned_scene *ps,
                             const struct song_map *song, int64_t sequence, int64_t seed)
{
    struct scene s = {
        .sequence = sequence,
        .status = PROJECT_PENDING,
        .title = ps->title,
        .prompt = ps->prompt,
        .negative_prompt = ps->negative_prompt,
        .camera = ps->camera,
        .action = ps->action,
        .story_beat = ps->story_beat,
        .section = ps->section,
        .line = ps->line,
        .look = ps->look,
        .used_frames = ps->cut.frame_count,
        .film_frames = ps->cut.film_frames,
        .start_frame = ps->cut.start_frame,
        .energy = ps->energy,
        .lips_move = ps->lips_move,
        .product_shot = ps->product_shot,
        .end_card = ps->end_card,
        .card_title = ps->card_title,
        .card_line = ps->card_line,
        .card_action = ps->card_action,
        .seed = seed + sequence * 1000,
        .next_take = 1,
    };
    if (song)
        scene_cue(t, song, &s);
    return s;
}

struct planned_scene planned_from_scene(const struct scene *s)
{
    return (struct planned_scene){
        .title = s->title,
        .prompt = s->prompt,
        .negative_prompt = s->negative_prompt,
        .camera = s->camera,
        .action = s->action,
        .story_beat = s->story_beat,
        .section = s->section,
        .line = s->line,
        .cut = { s->start_frame, s->used_frames, s->film_frames },
        .look = s->look,
        .energy = s->energy,
        .lips_move = s->lips_move,
        .product_shot = s->product_shot,
        .end_card = s->end_card,
        .card_title = s->card_title,
        .card_line = s->card_line,
        .card_action = s->card_action,
    };
}
