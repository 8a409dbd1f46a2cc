#include "net/probe.h"

#include <string.h>

#include "base/text.h"
#include "net/gemini.h"

/* A short list, or the account: what anybody with a key may ask for. */
static const char *const probes[SERVICE_COUNT] = {
    [SERVICE_GEMINI] = "/v1beta/models?pageSize=1",
    [SERVICE_REPLICATE] = "/v1/account",
    [SERVICE_OPENAI] = "/models",
    [SERVICE_COMFYUI] = "/system_stats",
};

/* Where one model is described. NULL where there is no such place. */
static const char *model_path(struct task *t, enum service_id id, const char *remote)
{
    switch (id) {
    case SERVICE_GEMINI:
        return arena_format(t->arena, "/v1beta/models/%s", remote);
    case SERVICE_REPLICATE: {
        size_t bytes = strcspn(remote, ":");
        return arena_format(t->arena, "/v1/models/%.*s", (int)bytes, remote);
    }
    default:
        return NULL;
    }
}

static enum err ask(const struct services *all, struct task *t, enum service_id id,
                    const char *path)
{
    struct net_reply reply;
    const struct service *s = &all->at[id];
    const struct service_call call = { .method = "GET", .path = path };
    enum err e = service_call(all, t, id, &call, &reply);
    if (e || (reply.status >= 200 && reply.status < 300))
        return e;
    return id == SERVICE_GEMINI ? gemini_refusal(t, s, &reply)
                                : service_refusal(t, s, &reply, "", -1);
}

enum err service_probe(const struct services *all, struct task *t, enum service_id id)
{
    enum err e = ask(all, t, id, probes[id]);
    if (e != ERR_UPSTREAM && e != ERR_NOT_FOUND && e != ERR_TIMEOUT)
        return e;
    const char *why = arena_copy(t->arena, t->fault.message);
    return refuse(t, e,
                  arena_format(t->arena, "check that it runs, and the address in %s",
                               all->at[id].url_variable),
                  "%s", why);
}

enum err service_probe_model(const struct services *all, struct task *t, enum service_id id,
                             const char *remote)
{
    const char *path = text_is_empty(remote) ? NULL : model_path(t, id, remote);
    return path ? ask(all, t, id, path) : OK;
}
