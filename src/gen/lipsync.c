/* What a lip-sync model can be asked for: the inputs its descriptor names. */
#include "gen/lipsync.h"

#include "base/text.h"

static enum err refuse_wish(struct task *t, const struct model *m, const char *field,
                            const char *what)
{
    enum err e = refuse(t, ERR_IMPOSSIBLE, "leave it out, or choose another lip-sync model",
                        "%s has no %s", m->title, what);
    return fail_at(t, e, field);
}

enum err lipsync_check_wish(struct task *t, const struct model *m, const struct lipsync_wish *wish)
{
    const struct {
        bool asked;
        const char *input, *field, *what;
    } all[] = {
        { !text_is_empty(wish->mode), m->inputs.sync_mode, "syncMode", "choice of sync modes" },
        { wish->temperature, m->inputs.temperature, "temperature", "temperature" },
        { wish->active_speaker, m->inputs.active_speaker, "activeSpeaker",
          "search for the active speaker" },
        { wish->occlusion, m->inputs.occlusion, "occlusionDetection", "occlusion detection" },
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (all[i].asked && text_is_empty(all[i].input))
            return refuse_wish(t, m, all[i].field, all[i].what);
    }
    return OK;
}
