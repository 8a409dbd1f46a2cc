#pragma once

/*
 * Records as the contract shows them (api/openapi.yaml, components/schemas) and requests as
 * structs. Positions are frames inside and seconds outside; keys of blobs come with signed URLs.
 */

#include "api/exchange.h"
#include "flow/library.h"
#include "flow/paid.h"
#include "flow/scenes.h"

/* ---- replies; each a new reference ---- */

json_t *project_shape(struct exchange *x, const struct board *b);
void put_missing(json_t *json, const struct project *p); /* missingScenes, of a partial cut */
json_t *project_summary_shape(struct exchange *x, const struct project *p);
json_t *scene_shape(struct exchange *x, const struct board *b, const struct scene *s);
json_t *take_shape(struct exchange *x, const struct take *k, bool selected);
json_t *plan_shape(struct exchange *x, const struct board *b);
/* A film that was made; `shown`: the one the project points at. */
json_t *cut_shape(struct exchange *x, const struct film_cut *c, bool shown);
json_t *job_shape(struct exchange *x, const struct job *j);
json_t *proposal_shape(const struct scene_proposal *p);
json_t *spend_shape(const struct spend *s); /* LedgerEntry */
json_t *hearing_shape(const struct hearing *h); /* LedgerTurn */

/* Ledger, of a project or of counter_library. */
enum err ledger_build(struct exchange *x, const char *project_id, json_t **out);

/* LedgerAnswers: an entry with what the service really said. */
enum err ledger_entry_build(struct exchange *x, const char *project_id, const char *entry,
                            json_t **out);
json_t *song_map_shape(const struct song_map *m);
json_t *reference_shape(struct exchange *x, const struct reference *r);
json_t *audio_shape(struct exchange *x, const struct audio *a, const struct song_map *m);
json_t *style_shape(const struct style *s);
json_t *mode_shape(const struct mode *m);
json_t *model_shape(const struct model *m, const struct services *services);
/* Of models that are paid by the piece: those that write, and those that paint. */
json_t *piece_model_shape(const struct model *m, const struct services *services);
json_t *lipsync_model_shape(const struct model *m, const struct services *services);

/* ---- requests ---- */

struct project_body { /* ProjectNew and ProjectEdit */
    const char *concept, *title, *mode, *style, *planner, *video, *fallbacks, *lipsync, *music,
        *music_model, *voice_over, *voice_model, *character, *product, *product_name,
        *call_to_action, *lyrics, *aspect, *size, *captions, *webhook_url, *audio_id,
        *character_reference_id, *product_reference_id;
    double seconds, budget;
    int64_t scene_count, seed, version;
    bool overlay, generate;
};
extern const struct field project_new_fields[], project_edit_fields[];

struct scene_body { /* SceneEdit */
    const char *prompt, *negative_prompt, *title, *camera, *action, *line;
    double seconds;
    int64_t seed, version;
    bool lips_move;
};
extern const struct field scene_edit_fields[];

struct idea_body { /* SceneNew */
    const char *idea;
    int64_t after;
    double seconds;
};
extern const struct field idea_fields[];

struct trim_points {
    double in, out;
};
struct trim_body {
    struct trim_points points;
};
extern const struct field trim_fields[];

struct order_body {
    int64_t *order;
    size_t count;
};
extern const struct field order_fields[];

struct scenes_body { /* GenerateRequest */
    int64_t *scenes;
    size_t count;
};
extern const struct field scenes_body_fields[];

struct remake_body {
    const char *prompt;
    int64_t seed;
};
extern const struct field remake_fields[];

struct rewrite_body { /* SceneRewrite */
    const char *instruction;
    int64_t seed;
};
extern const struct field rewrite_fields[];

struct lipsync_body { /* LipSyncRequest */
    const char *model;
    double temperature;
    int mode; /* enum sync_mode */
    bool active_speaker, occlusion;
};
extern const struct field lipsync_fields[];

struct compose_body { /* ComposeRequest */
    bool partial;
};
extern const struct field compose_fields[];

struct draft_body { /* PlanRequest */
    bool again;
};
extern const struct field draft_fields[];

struct decision_body { /* DecisionRequest */
    int decision;      /* enum paid_decision */
};
extern const struct field decision_fields[];

struct wish_body { /* ReferenceRequest, ReferenceFetch, the texts of ReferenceForm */
    const char *description, *kind, *style, *name, *url, *model, *like;
    int64_t seed;
};
extern const struct field wish_fields[], picture_upload_fields[], picture_fetch_fields[];

struct url_body { /* AudioFetch */
    const char *url;
};
extern const struct field url_fields[];

struct music_body { /* MusicRequest */
    const char *project_id, *prompt, *model;
    double seconds;
};
extern const struct field music_fields[];

struct token_body { /* SignIn */
    const char *token;
};
extern const struct field token_fields[];

extern const struct field no_fields[]; /* a body that holds nothing */
