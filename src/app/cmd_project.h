#pragma once

/* The verbs of `storyreel project`: what they share, one table row each in cmd_project.c. */

#include "app/report.h"
#include "flow/export.h"
#include "flow/scenes.h"

/* What the verbs' options can say; each verb reads what concerns it. Texts not given are NULL. */
struct project_options {
    struct common common;
    const char *server; /* NULL: this machine's data folder */
    const char *output, *status, *as;
    const char *title, *prompt, *style, *character, *product, *product_name, *call_to_action,
        *aspect, *size, *captions, *planner, *video, *fallbacks, *lipsync, *music, *music_model,
        *voice_over, *voice_model, *sync_mode, *audio, *character_image, *product_image;
    const char *negative_prompt, *camera, *action, *line, *scenes, *instruction;
    int64_t seed, after, scene_count;
    double in, out, seconds, budget, temperature;
    bool again, off, partial, active_speaker, occlusion, accept;
};

struct verb_call {
    struct task *task;
    struct app *app;
    const struct project_options *options;
    struct project project; /* named by the first word, where the verb wants one */
    const char **words;     /* after the project */
    size_t word_count;
};

/* "3,1,2" as numbers in the arena; INVALID names what is none. */
enum err numbers_read(struct task *t, const char *what, const char *list, int64_t **out,
                      size_t *out_count);

/* The computed plan. */
enum err verb_plan(struct verb_call *c);

/* After an edit: what it made stale, which is what `generate` will do. */
enum err say_plan(struct verb_call *c);

/* After something was asked for: work until it is there, then say what was made. */
enum err work_and_say(struct verb_call *c, const char *since);

/* What `export` writes, EXPORT_NOT_SET for the film, and where to; INVALID names the option. */
enum err export_target(struct task *t, const struct project_options *o, int *out_format,
                       const char **out_path);

/* Now, as jobs' times are written. */
const char *now_text(struct verb_call *c);

/* cmd_project_edit.c */
enum err verb_reorder(struct verb_call *c);
enum err verb_trim(struct verb_call *c);
enum err verb_untrim(struct verb_call *c);
enum err verb_regenerate(struct verb_call *c);
enum err verb_select(struct verb_call *c);
enum err verb_lipsync(struct verb_call *c);

/* What --temperature, --sync-mode and the rest say; INVALID names the option. */
enum err lipsync_read(struct task *t, const struct project_options *o, struct scene_lipsync *out);
enum err verb_add(struct verb_call *c);
enum err verb_edit(struct verb_call *c);
enum err verb_delete_scene(struct verb_call *c);
enum err verb_upload(struct verb_call *c);

/* cmd_project_rewrite.c */
enum err verb_rewrite(struct verb_call *c);

/* A SceneProposal of the API, for people: what it says now and what is proposed, and what that
 * cost. */
void proposal_print(const json_t *proposal);

/* cmd_project_money.c */
enum err verb_ledger(struct verb_call *c);
enum err verb_decide(struct verb_call *c);
enum err verb_cancel(struct verb_call *c);
