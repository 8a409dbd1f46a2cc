#pragma once

/*
 * The services one may be a customer of: where they are, with which key, and how their answers are
 * judged. Drivers of gen/ and plan/ call them through here and never see a key.
 *
 * A service is at its own public address unless the owner of this program has configured another
 * one (a local server, a stand-in for tests); only then may that be any machine.
 *
 * Each service has a gate (gate.h): no more calls than it allows, none while it wants to be left
 * alone or does not answer. Then a call is refused at once with RATE or UNAVAILABLE, and nothing is
 * sent.
 *
 * Threads  any; nothing changes after it is made but the gates
 */

#include <jansson.h>

#include "net/net.h"

enum service_id {
    SERVICE_NONE,
    SERVICE_GEMINI,
    SERVICE_REPLICATE,
    SERVICE_OPENAI, /* any server that speaks its protocol: Ollama, llama-server, vLLM */
    SERVICE_COMFYUI,
    SERVICE_COUNT
};

extern const char *const service_names[]; /* "gemini", ...; as enum fields want them */

struct service {
    const char *title;           /* "Replicate" */
    const char *url;             /* without a slash at the end; "" when there is none to call */
    const char *public_url;      /* where it is for everybody; "" when it has no such place */
    const char *url_variable;    /* what to set to call another address */
    const struct secret *key;    /* NULL when none is set */
    const char *key_variable;    /* what to set; "" when it takes no key */
    const char *key_header;      /* "Authorization: Bearer " */
    bool needs_key;
    int makes_a_minute, asks_a_minute; /* what it allows; 0: it does not say */
    struct gate *gate;                 /* NULL without a net */
};

/*
 * What services really said: the last answers to whoever listens, as they came but for keys, which
 * are blanked out of every answer before anybody sees it. Of a long body the beginning and the end
 * are kept, so that pictures and clips in it are not.
 */
enum { SERVICE_ANSWERS_MAX = 4, SERVICE_ANSWER_BYTES_MAX = 12 << 10 };
struct service_answer {
    const char *call;  /* "POST /v1/predictions" */
    int64_t status;    /* 0: there was no answer */
    const char *body;  /* clean UTF-8; of one that was none the reason */
    int64_t bytes;     /* of the body, as it came */
};
struct service_ears {
    struct service_answer at[SERVICE_ANSWERS_MAX]; /* the oldest first */
    size_t count;
};

struct services {
    const struct net *net;
    struct service at[SERVICE_COUNT];
    struct service_ears *ears; /* NULL: nobody listens. Of a copy that one thread has to itself */
};

/* The same services, and what they say goes to these ears, which begin empty; in t->arena. */
const struct services *services_heard(struct task *t, const struct services *all,
                                      struct service_ears *ears);

/* All services at their public addresses, without keys. */
struct services services_make(const struct net *n);

/* Can it be called? No network. */
bool service_is_configured(const struct service *s);

/* What to set to use it: the name of a variable; NULL when nothing is lacking. */
const char *service_lacks(const struct service *s);

/* Is it a program on this machine, so that neither words nor money leave it? */
bool service_is_here(const struct service *s, struct task *t);

/* The same as service_is_configured() with the reason: AUTH, naming the variable to set. */
enum err service_check(struct task *t, const struct service *s);

struct service_call {
    const char *method;
    const char *path;           /* appended to the service's address; or else: */
    const char *url;            /* a whole address the service gave; the key goes there only when it
                                 * is the service's own */
    json_t *json;               /* the body; borrowed; NULL for none */
    const char *const *headers; /* more of them, NULL-ended; may be NULL */
    struct bytes body;          /* when it is not JSON; `headers` say what it is */
    int64_t timeout_us;         /* 0: SERVICE_POLL_US; silence is borne as long */
    int64_t bytes_max;          /* 0: SERVICE_BYTES_MAX */
    bool to_file;               /* the answer goes to `out` */
    int out;
};

#define SERVICE_POLL_US   (15 * SECOND_US)
#define SERVICE_CREATE_US (30 * SECOND_US)
#define SERVICE_THINK_US  (600 * SECOND_US) /* answers that are made while one waits for them */
enum { SERVICE_BYTES_MAX = 96 << 20 }; /* several pictures as base64 in one answer */

/* As net_call() and net_create(); before them, as service_check(). */
enum err service_call(const struct services *all, struct task *t, enum service_id id,
                      const struct service_call *call, struct net_reply *out);
enum err service_create(const struct services *all, struct task *t, enum service_id id,
                        const struct service_call *call, enum net_outcome *outcome,
                        struct net_reply *out);

/* May something be made there now? RATE, UNAVAILABLE with fault.wait_us. Sends nothing. */
enum err service_may_make(struct task *t, const struct service *s);

/* For calls to a service that do not go through these: what came of it, `e` and the fault as the
 * call left them. */
void service_hear(const struct services *all, struct task *t, const struct net_call *call,
                  enum err e, const struct net_reply *reply);

/* Is this address on the service's own host? */
bool service_owns(const struct service *s, struct task *t, const char *url);

/* The reply as JSON, *out the caller's; UPSTREAM when it is none or not an object. */
enum err service_json(struct task *t, const struct service *s, const struct net_reply *reply,
                      json_t **out);

/*
 * What an answer that is no success means, classified once for all services, with the provider's
 * own `words` ("" when it had none) and the wait it asks for, when it does, in fault.wait_us.
 *
 * wait_us  as the body says; -1: as the headers say
 * Errors   AUTH 401 403; CREDIT 402; NOT_FOUND 404; EXPIRED 410; TIMEOUT 408 504; LIMIT 413; RATE
 *          429; UNAVAILABLE 500 502 503; IMPOSSIBLE every other 4xx; UPSTREAM the rest
 */
enum err service_refusal(struct task *t, const struct service *s, const struct net_reply *reply,
                         const char *words, int64_t wait_us);
