/* The tables of request bodies. Limits are those of api/openapi.yaml; a test holds them
 * together. */
#include "api/shapes.h"

enum { URL_BYTES_MAX = 2000, WORDS_BYTES_MAX = PROMPT_BYTES_MAX / 4, ID_BYTES_MAX = 64 };
#define SEED_MAX 2147483647
#define SEQUENCE_MAX 1e9

#define PROJECT_TEXTS                                                                              \
    FIELD_TEXT(struct project_body, title, "title", .bytes_max = NAME_BYTES_MAX),                  \
        FIELD_TEXT(struct project_body, style, "directorConfig", .bytes_max = ID_BYTES_MAX),       \
        FIELD_TEXT(struct project_body, planner, "planner", .bytes_max = ID_BYTES_MAX),            \
        FIELD_TEXT(struct project_body, video, "video", .bytes_max = ID_BYTES_MAX),                \
        FIELD_TEXT(struct project_body, fallbacks, "fallbacks", .bytes_max = NAME_BYTES_MAX),      \
        FIELD_TEXT(struct project_body, lipsync, "lipsync", .bytes_max = ID_BYTES_MAX),            \
        FIELD_TEXT(struct project_body, music, "musicPrompt", .bytes_max = WORDS_BYTES_MAX),       \
        FIELD_TEXT(struct project_body, music_model, "musicModel", .bytes_max = ID_BYTES_MAX),     \
        FIELD_TEXT(struct project_body, voice_over, "voiceOver", .bytes_max = WORDS_BYTES_MAX),    \
        FIELD_TEXT(struct project_body, voice_model, "voiceModel", .bytes_max = ID_BYTES_MAX),     \
        FIELD_TEXT(struct project_body, character, "characterDescription",                         \
                   .bytes_max = WORDS_BYTES_MAX),                                                  \
        FIELD_TEXT(struct project_body, product, "productDescription",                             \
                   .bytes_max = WORDS_BYTES_MAX),                                                  \
        FIELD_TEXT(struct project_body, product_name, "productName", .bytes_max = NAME_BYTES_MAX), \
        FIELD_TEXT(struct project_body, call_to_action, "callToAction",                            \
                   .bytes_max = NAME_BYTES_MAX),                                                   \
        FIELD_TEXT(struct project_body, lyrics, "lyrics", .bytes_max = 64 << 10),                  \
        FIELD_TEXT(struct project_body, aspect, "aspect", .bytes_max = ID_BYTES_MAX),              \
        FIELD_TEXT(struct project_body, size, "size", .bytes_max = ID_BYTES_MAX),                  \
        FIELD_TEXT(struct project_body, webhook_url, "webhookUrl", .bytes_max = URL_BYTES_MAX),    \
        FIELD_TEXT(struct project_body, audio_id, "audioId", .bytes_max = ID_BYTES_MAX),           \
        FIELD_TEXT(struct project_body, character_reference_id, "characterReferenceId",            \
                   .bytes_max = ID_BYTES_MAX),                                                     \
        FIELD_TEXT(struct project_body, product_reference_id, "productReferenceId",                \
                   .bytes_max = ID_BYTES_MAX),                                                     \
        FIELD_NUMBER(struct project_body, seconds, "targetDuration", .min = 1, .max = 3600),       \
        FIELD_NUMBER(struct project_body, budget, "budget", .min = 0, .max = 1e6),                 \
        FIELD_INT(struct project_body, scene_count, "wantedScenes", .min = 1, .max = SCENES_MAX),  \
        FIELD_INT(struct project_body, seed, "seed", .min = 0, .max = SEED_MAX),                   \
        FIELD_TEXT(struct project_body, captions, "captions", .bytes_max = ID_BYTES_MAX),          \
        FIELD_BOOL(struct project_body, overlay, "overlay")

const struct field project_new_fields[] = {
    FIELD_TEXT(struct project_body, concept, "conceptPrompt", .required = true),
    FIELD_TEXT(struct project_body, mode, "mode", .bytes_max = ID_BYTES_MAX),
    FIELD_BOOL(struct project_body, generate, "generate"),
    PROJECT_TEXTS,
    FIELDS_END,
};

const struct field project_edit_fields[] = {
    FIELD_TEXT(struct project_body, concept, "conceptPrompt"),
    FIELD_INT(struct project_body, version, "version", .min = 1, .max = 1e15),
    PROJECT_TEXTS,
    FIELDS_END,
};

const struct field scene_edit_fields[] = {
    FIELD_INT(struct scene_body, version, "version", .min = 1, .max = 1e15),
    FIELD_TEXT(struct scene_body, prompt, "prompt"),
    FIELD_TEXT(struct scene_body, negative_prompt, "negativePrompt"),
    FIELD_TEXT(struct scene_body, title, "title", .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct scene_body, camera, "camera"),
    FIELD_TEXT(struct scene_body, action, "action"),
    FIELD_TEXT(struct scene_body, line, "line"),
    FIELD_INT(struct scene_body, seed, "seed", .min = 0, .max = SEED_MAX),
    FIELD_NUMBER(struct scene_body, seconds, "duration", .min = 1e-3, .max = 3600),
    FIELD_BOOL(struct scene_body, lips_move, "needsLipSync"),
    FIELDS_END,
};

const struct field idea_fields[] = {
    FIELD_TEXT(struct idea_body, idea, "idea", .required = true),
    FIELD_INT(struct idea_body, after, "after", .min = 0, .max = SEQUENCE_MAX),
    FIELD_NUMBER(struct idea_body, seconds, "duration", .min = 1e-3, .max = 3600),
    FIELDS_END,
};

static const struct field trim_points_fields[] = {
    FIELD_NUMBER(struct trim_points, in, "in", .required = true, .min = 0, .max = 21600),
    FIELD_NUMBER(struct trim_points, out, "out", .required = true, .min = 1e-3, .max = 21600),
    FIELDS_END,
};

const struct field trim_fields[] = {
    FIELD_OBJECT(struct trim_body, points, "trimPoints", trim_points_fields, .required = true),
    FIELDS_END,
};

const struct field order_fields[] = {
    FIELD_INTS(struct order_body, order, count, "sceneOrder", .required = true, .min = 1,
               .max = SEQUENCE_MAX, .count_max = SCENES_MAX),
    FIELDS_END,
};

const struct field decision_fields[] = {
    FIELD_ENUM(struct decision_body, decision, "decision", paid_decision_names, .required = true),
    FIELDS_END,
};

const struct field scenes_body_fields[] = {
    FIELD_INTS(struct scenes_body, scenes, count, "scenes", .min = 1, .max = SEQUENCE_MAX,
               .count_max = SCENES_MAX),
    FIELDS_END,
};

const struct field remake_fields[] = {
    FIELD_TEXT(struct remake_body, prompt, "prompt"),
    FIELD_INT(struct remake_body, seed, "seed", .min = 1, .max = SEED_MAX),
    FIELDS_END,
};

const struct field rewrite_fields[] = {
    FIELD_TEXT(struct rewrite_body, instruction, "instruction", .bytes_max = WORDS_BYTES_MAX),
    FIELD_INT(struct rewrite_body, seed, "seed", .min = 1, .max = SEED_MAX),
    FIELDS_END,
};

const struct field lipsync_fields[] = {
    FIELD_TEXT(struct lipsync_body, model, "model", .bytes_max = ID_BYTES_MAX),
    FIELD_NUMBER(struct lipsync_body, temperature, "temperature", .min = 0, .max = 1),
    FIELD_BOOL(struct lipsync_body, active_speaker, "activeSpeaker"),
    FIELD_ENUM(struct lipsync_body, mode, "syncMode", sync_mode_names),
    FIELD_BOOL(struct lipsync_body, occlusion, "occlusionDetection"),
    FIELDS_END,
};

const struct field compose_fields[] = {
    FIELD_BOOL(struct compose_body, partial, "partial"),
    FIELDS_END,
};

const struct field draft_fields[] = {
    FIELD_BOOL(struct draft_body, again, "again"),
    FIELDS_END,
};

const struct field wish_fields[] = {
    FIELD_TEXT(struct wish_body, description, "description", .required = true,
               .bytes_max = WORDS_BYTES_MAX),
    FIELD_TEXT(struct wish_body, kind, "kind", .bytes_max = ID_BYTES_MAX),
    FIELD_TEXT(struct wish_body, style, "style", .bytes_max = ID_BYTES_MAX),
    FIELD_TEXT(struct wish_body, model, "model", .bytes_max = ID_BYTES_MAX),
    FIELD_TEXT(struct wish_body, like, "like", .bytes_max = ID_BYTES_MAX),
    FIELD_INT(struct wish_body, seed, "seed", .min = 0, .max = SEED_MAX),
    FIELDS_END,
};

const struct field picture_upload_fields[] = {
    FIELD_TEXT(struct wish_body, kind, "kind", .bytes_max = ID_BYTES_MAX),
    FIELD_TEXT(struct wish_body, name, "name", .bytes_max = NAME_BYTES_MAX),
    FIELDS_END,
};

const struct field picture_fetch_fields[] = {
    FIELD_TEXT(struct wish_body, url, "url", .required = true, .bytes_max = URL_BYTES_MAX),
    FIELD_TEXT(struct wish_body, kind, "kind", .bytes_max = ID_BYTES_MAX),
    FIELD_TEXT(struct wish_body, name, "name", .bytes_max = NAME_BYTES_MAX),
    FIELDS_END,
};

const struct field url_fields[] = {
    FIELD_TEXT(struct url_body, url, "url", .required = true, .bytes_max = URL_BYTES_MAX),
    FIELDS_END,
};

const struct field music_fields[] = {
    FIELD_TEXT(struct music_body, project_id, "projectId", .required = true,
               .bytes_max = ID_BYTES_MAX),
    FIELD_TEXT(struct music_body, prompt, "prompt", .required = true, .bytes_max = WORDS_BYTES_MAX),
    FIELD_TEXT(struct music_body, model, "model", .bytes_max = ID_BYTES_MAX),
    FIELD_NUMBER(struct music_body, seconds, "duration", .min = 1, .max = 3600),
    FIELDS_END,
};

const struct field token_fields[] = {
    FIELD_TEXT(struct token_body, token, "token", .required = true, .bytes_max = 1024),
    FIELDS_END,
};

const struct field no_fields[] = { FIELDS_END };
