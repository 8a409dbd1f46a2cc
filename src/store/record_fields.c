/* What records are as documents: one table a record, and the words of their enums. */
#include "store/records.h"

#include "base/text.h"

const char *const project_status_names[] = { "",          "pending", "processing",
                                             "completed", "failed",  NULL };
const char *const project_goal_names[] = { "", "plan", "film", "scenes", "cut", "song", NULL };
const char *const job_state_names[] = {
    "", "queued", "running", "done", "failed", "cancelled", NULL
};

const char *const sync_mode_names[] = { "",        "loop",  "bounce", "cut_off",
                                        "silence", "remap", NULL };
const char *const sync_wish_names[] = { "", "asked", "declined", NULL };

enum { HASHES_BYTES = 128, PATH_BYTES = 4096 };

const struct field made_fields[] = {
    FIELD_TEXT(struct made, hash, "hash", .bytes_max = HASHES_BYTES),
    FIELD_TEXT(struct made, key, "key", .bytes_max = KEY_BYTES_MAX),
    FIELD_TEXT(struct made, parts, "parts"),
    FIELDS_END
};

static const struct field problem_fields[] = { FIELD_TEXT(struct problem, code, "code"),
                                               FIELD_TEXT(struct problem, message, "message"),
                                               FIELD_TEXT(struct problem, next, "next"),
                                               FIELDS_END };

static const struct field sound_wish_fields[] = {
    FIELD_TEXT(struct sound_wish, words, "words"),
    FIELD_TEXT(struct sound_wish, model, "model"),
    FIELD_OBJECT(struct sound_wish, made, "made", made_fields),
    FIELD_INT(struct sound_wish, frames, "frames"),
    FIELDS_END
};

const struct field project_fields[] = {
    FIELD_TEXT(struct project, project_id, "projectId", .required = true, .bytes_max = 64),
    FIELD_TEXT(struct project, title, "title"),
    FIELD_ENUM(struct project, status, "status", project_status_names),
    FIELD_TEXT(struct project, stage, "stage"),
    FIELD_TEXT(struct project, mode, "mode"),
    FIELD_TEXT(struct project, style, "directorConfig"),
    FIELD_TEXT(struct project, planner, "planner"),
    FIELD_TEXT(struct project, video, "video"),
    FIELD_TEXT(struct project, fallbacks, "fallbacks"),
    FIELD_TEXT(struct project, lipsync, "lipsync"),
    FIELD_TEXT(struct project, concept, "conceptPrompt"),
    FIELD_TEXT(struct project, character, "characterDescription"),
    FIELD_TEXT(struct project, product, "productDescription"),
    FIELD_TEXT(struct project, product_name, "productName"),
    FIELD_TEXT(struct project, call_to_action, "callToAction"),
    FIELD_TEXT(struct project, lyrics, "lyrics", .bytes_max = 64 << 10),
    FIELD_TEXT(struct project, aspect, "aspect"),
    FIELD_TEXT(struct project, size, "size"),
    FIELD_INT(struct project, width_px, "width"),
    FIELD_INT(struct project, height_px, "height"),
    FIELD_INT(struct project, target_frames, "targetFrames"),
    FIELD_INT(struct project, wanted_scenes, "wantedScenes"),
    FIELD_INT(struct project, seed, "seed"),
    FIELD_INT(struct project, drafts, "drafts"),
    FIELD_BOOL(struct project, overlay, "overlay"),
    FIELD_TEXT(struct project, captions, "captions", .bytes_max = NAME_BYTES_MAX),
    FIELD_NUMBER(struct project, budget_usd, "budget", .preset = -1),
    FIELD_TEXT(struct project, webhook_url, "webhookUrl"),
    FIELD_NUMBER(struct project, target_lufs, "targetLufs"),
    FIELD_TEXT(struct project, audio_key, "audioBackingTrackS3Key"),
    FIELD_TEXT(struct project, audio_hash, "audioHash"),
    FIELD_TEXT(struct project, audio_name, "audioName", .bytes_max = PATH_BYTES),
    FIELD_OBJECT(struct project, music, "music", sound_wish_fields),
    FIELD_OBJECT(struct project, voice, "voice", sound_wish_fields),
    FIELD_TEXT(struct project, character_picture_key, "characterImageS3Key"),
    FIELD_TEXT(struct project, character_picture_hash, "characterImageHash"),
    FIELD_TEXT(struct project, product_picture_key, "productImageS3Key"),
    FIELD_TEXT(struct project, product_picture_hash, "productImageHash"),
    FIELD_INT(struct project, next_sequence, "nextSequence", .preset = 1),
    FIELD_INTS(struct project, order, order_count, "sceneOrder", .count_max = SCENES_MAX),
    FIELD_OBJECT(struct project, song_map, "songMap", made_fields),
    FIELD_OBJECT(struct project, plan, "plan", made_fields),
    FIELD_OBJECT(struct project, track, "track", made_fields),
    FIELD_OBJECT(struct project, film, "film", made_fields),
    FIELD_INT(struct project, cut_frames, "cutFrames"),
    FIELD_INT(struct project, cut_width_px, "cutWidth"),
    FIELD_INT(struct project, cut_height_px, "cutHeight"),
    FIELD_INTS(struct project, missing, missing_count, "missingScenes", .count_max = SCENES_MAX),
    FIELD_INT(struct project, film_frames, "filmFrames"),
    FIELD_TEXT(struct project, logline, "logline"),
    FIELD_TEXT(struct project, output_path, "outputPath", .bytes_max = PATH_BYTES),
    FIELD_ENUM(struct project, goal, "goal", project_goal_names),
    FIELD_INTS(struct project, goal_scenes, goal_scene_count, "goalScenes",
               .count_max = SCENES_MAX),
    FIELD_OBJECT(struct project, problem, "problem", problem_fields),
    FIELD_TEXT(struct project, created_at, "createdAt"),
    FIELD_TEXT(struct project, updated_at, "updatedAt"),
    FIELDS_END
};

static const struct field sync_options_fields[] = {
    FIELD_TEXT(struct sync_options, model, "model"),
    FIELD_NUMBER(struct sync_options, temperature, "temperature", .preset = SYNC_TEMPERATURE),
    FIELD_ENUM(struct sync_options, mode, "syncMode", sync_mode_names),
    FIELD_BOOL(struct sync_options, active_speaker, "activeSpeaker"),
    FIELD_BOOL(struct sync_options, occlusion, "occlusionDetection"),
    FIELDS_END
};

static const struct field sync_span_fields[] = {
    FIELD_INT(struct sync_span, in, "in"),
    FIELD_INT(struct sync_span, out, "out"),
    FIELD_INT(struct sync_span, at, "at"),
    FIELDS_END
};

static const struct field scene_sync_fields[] = {
    FIELD_ENUM(struct scene_sync, wish, "wish", sync_wish_names),
    FIELD_OBJECT(struct scene_sync, options, "options", sync_options_fields),
    FIELD_OBJECT(struct scene_sync, made, "made", made_fields),
    FIELD_INT(struct scene_sync, take, "take"),
    FIELD_INT(struct scene_sync, made_from, "madeFrom"),
    FIELD_OBJECT(struct scene_sync, span, "span", sync_span_fields),
    FIELD_BOOL(struct scene_sync, foreign, "foreign"),
    FIELD_INT(struct scene_sync, width_px, "width"),
    FIELD_INT(struct scene_sync, height_px, "height"),
    FIELDS_END
};

static const struct field fallback_fields[] = {
    FIELD_TEXT(struct fallback, model, "model"),
    FIELD_TEXT(struct fallback, why, "why"),
    FIELDS_END
};

static const struct field scene_before_fields[] = {
    FIELD_BOOL(struct scene_before, kept, "kept"),
    FIELD_TEXT(struct scene_before, prompt, "prompt"),
    FIELD_INT(struct scene_before, seed, "seed"),
    FIELD_OBJECT(struct scene_before, look, "look", look_fields),
    FIELD_BOOL(struct scene_before, pinned, "pinned"),
    FIELD_ENUM(struct scene_before, sync_wish, "syncWish", sync_wish_names),
    FIELD_OBJECT(struct scene_before, sync_options, "syncOptions", sync_options_fields),
    FIELDS_END
};

const struct field scene_fields[] = {
    FIELD_INT(struct scene, sequence, "sequence", .required = true, .min = 1, .max = 1e9),
    FIELD_ENUM(struct scene, status, "status", project_status_names),
    FIELD_TEXT(struct scene, title, "title"),
    FIELD_TEXT(struct scene, prompt, "prompt"),
    FIELD_TEXT(struct scene, negative_prompt, "negativePrompt"),
    FIELD_TEXT(struct scene, camera, "camera"),
    FIELD_TEXT(struct scene, action, "action"),
    FIELD_TEXT(struct scene, story_beat, "storyBeat"),
    FIELD_TEXT(struct scene, section, "section"),
    FIELD_TEXT(struct scene, line, "line"),
    FIELD_OBJECT(struct scene, look, "look", look_fields),
    FIELD_INT(struct scene, used_frames, "usedFrames"),
    FIELD_INT(struct scene, film_frames, "filmFrames"),
    FIELD_INT(struct scene, trim_in, "trimIn"),
    FIELD_INT(struct scene, trim_out, "trimOut"),
    FIELD_INT(struct scene, start_frame, "startFrame"),
    FIELD_INTS(struct scene, beat_frames, beat_count, "beatFrames"),
    FIELD_NUMBER(struct scene, energy, "energy"),
    FIELD_BOOL(struct scene, lips_move, "needsLipSync"),
    FIELD_BOOL(struct scene, product_shot, "productShot"),
    FIELD_BOOL(struct scene, end_card, "endCard"),
    FIELD_TEXT(struct scene, card_title, "cardTitle"),
    FIELD_TEXT(struct scene, card_line, "cardLine"),
    FIELD_TEXT(struct scene, card_action, "cardAction"),
    FIELD_INT(struct scene, seed, "seed"),
    FIELD_BOOL(struct scene, pinned, "pinned"),
    FIELD_INT(struct scene, selected_take, "selectedTake"),
    FIELD_INT(struct scene, take_frames, "takeFrames"),
    FIELD_INT(struct scene, take_width_px, "takeWidth"),
    FIELD_INT(struct scene, take_height_px, "takeHeight"),
    FIELD_BOOL(struct scene, take_matches, "takeMatches"),
    FIELD_BOOL(struct scene, take_foreign, "takeForeign"),
    FIELD_INT(struct scene, next_take, "nextTake", .preset = 1),
    FIELD_OBJECT(struct scene, take, "take", made_fields),
    FIELD_OBJECT(struct scene, clip, "clip", made_fields),
    FIELD_OBJECT(struct scene, poster, "poster", made_fields),
    FIELD_OBJECT(struct scene, sync, "lipSync", scene_sync_fields),
    FIELD_OBJECT(struct scene, fallback, "fallback", fallback_fields),
    FIELD_OBJECT(struct scene, problem, "problem", problem_fields),
    FIELD_OBJECT(struct scene, before, "before", scene_before_fields),
    FIELD_TEXT(struct scene, once, "once", .bytes_max = 64),
    FIELD_TEXT(struct scene, remake_once, "remakeOnce", .bytes_max = 64),
    FIELDS_END
};

const struct field take_fields[] = { FIELD_INT(struct take, sequence, "sequence"),
                                     FIELD_INT(struct take, take, "take"),
                                     FIELD_TEXT(struct take, provider, "provider"),
                                     FIELD_TEXT(struct take, model, "model"),
                                     FIELD_TEXT(struct take, prompt, "prompt"),
                                     FIELD_TEXT(struct take, negative_prompt, "negativePrompt"),
                                     FIELD_TEXT(struct take, hash, "hash"),
                                     FIELD_TEXT(struct take, key, "key"),
                                     FIELD_TEXT(struct take, source, "source"),
                                     FIELD_INT(struct take, seed, "seed"),
                                     FIELD_INT(struct take, frames, "frames"),
                                     FIELD_INT(struct take, width_px, "width"),
                                     FIELD_INT(struct take, height_px, "height"),
                                     FIELD_TEXT(struct take, instead, "instead"),
                                     FIELD_INT(struct take, made_from, "madeFrom"),
                                     FIELD_TEXT(struct take, parts, "parts"),
                                     FIELD_OBJECT(struct take, sync_options, "syncOptions",
                                                  sync_options_fields),
                                     FIELD_OBJECT(struct take, sync_span, "syncSpan",
                                                  sync_span_fields),
                                     FIELD_TEXT(struct take, once, "once", .bytes_max = 64),
                                     FIELD_TEXT(struct take, created_at, "createdAt"),
                                     FIELDS_END };

const struct field job_fields[] = { FIELD_TEXT(struct job, project_id, "projectId",
                                               .required = true),
                                    FIELD_TEXT(struct job, kind, "kind", .required = true),
                                    FIELD_INT(struct job, sequence, "sequence"),
                                    FIELD_TEXT(struct job, hash, "hash", .required = true),
                                    FIELD_TEXT(struct job, parts, "parts"),
                                    FIELD_ENUM(struct job, state, "state", job_state_names),
                                    FIELD_TEXT(struct job, step, "step"),
                                    FIELD_TEXT(struct job, ticket, "ticket"),
                                    FIELD_TEXT(struct job, spend, "spend", .bytes_max = 64),
                                    FIELD_INT(struct job, attempt, "attempt"),
                                    FIELD_INT(struct job, crashes, "crashes"),
                                    FIELD_INT(struct job, epoch, "epoch"),
                                    FIELD_TEXT(struct job, worker, "worker"),
                                    FIELD_INT(struct job, lease_until_us, "leaseUntilUs"),
                                    FIELD_INT(struct job, due_us, "dueUs"),
                                    FIELD_INT(struct job, permille, "permille"),
                                    FIELD_INT(struct job, took_ms, "tookMs"),
                                    FIELD_BOOL(struct job, reused, "reused"),
                                    FIELD_OBJECT(struct job, problem, "problem", problem_fields),
                                    FIELD_TEXT(struct job, created_at, "createdAt"),
                                    FIELD_TEXT(struct job, finished_at, "finishedAt"),
                                    FIELDS_END };

const struct field film_cut_fields[] = {
    FIELD_TEXT(struct film_cut, hash, "hash", .required = true),
    FIELD_TEXT(struct film_cut, key, "key", .required = true),
    FIELD_INT(struct film_cut, frames, "frames"),
    FIELD_INT(struct film_cut, width_px, "width"),
    FIELD_INT(struct film_cut, height_px, "height"),
    FIELD_INT(struct film_cut, bytes, "bytes"),
    FIELD_BOOL(struct film_cut, partial, "partial"),
    FIELD_TEXT(struct film_cut, made_at, "madeAt"),
    FIELDS_END
};

const struct field cached_fields[] = {
    FIELD_TEXT(struct cached, key, "key", .required = true),
    FIELD_TEXT(struct cached, info, "info", .bytes_max = RECORD_BYTES_MAX), FIELDS_END
};
