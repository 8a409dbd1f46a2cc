/*
 * A request is put together once and signed anew for each try, as the time, the credentials and the
 * region may have changed by then.
 *
 * Sources  "Signing AWS API requests" and "Error retries and exponential backoff", AWS General
 *          Reference; "Full jitter", AWS Architecture Blog, 2015
 */
#include "net/aws.h"

#include <inttypes.h>
#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/fields.h"
#include "base/hash.h"
#include "base/text.h"
#include "net/net_rules.h"
#include "net/xml.h"

#define WAIT_US     (SECOND_US / 10)
#define WAIT_MAX_US (20 * SECOND_US)

enum { REGION_BYTES_MAX = 63, WORDS_BYTES_MAX = 200, HEADERS_MAX = 24 };

struct aws {
    struct aws_account *account;
    struct net_pool *pool;
    char *service, *title, *bucket, *endpoint;
    bool at_amazon; /* the endpoint follows the region */
    bool path_style;
    int64_t wait_us;
    int tries;
    _Atomic int64_t skew_us; /* the service's clock minus ours */
    pthread_mutex_t lock;    /* guards: */
    char region[REGION_BYTES_MAX + 1];
};

/* ---- opening ---- */

static char *heap_copy(const char *text)
{
    char *copy = strdup(text ? text : "");
    if (!copy)
        abort();
    return copy;
}

static const char *or_else(const char *text, const char *other)
{
    return text && *text ? text : other;
}

static bool is_region(const char *text)
{
    size_t length = strlen(text);
    return length > 0 && length <= REGION_BYTES_MAX &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

static enum err choose_region(struct task *t, const struct aws_account *account,
                              const struct aws_options *o, bool at_amazon, struct aws *a)
{
    const char *region = or_else(o->region, aws_account_region(account));
    if (!*region && at_amazon)
        return refuse(t, ERR_INVALID, "set AWS_REGION, for instance to eu-central-1",
                      "nothing says in which region %s is", o->title);
    region = or_else(region, "us-east-1");
    if (!is_region(region))
        return refuse(t, ERR_INVALID, "set AWS_REGION, for instance to eu-central-1",
                      "\"%.60s\" is no region of AWS", region);
    memcpy(a->region, region, strlen(region) + 1);
    return OK;
}

/* "http://host:9000": no path, and no port that the scheme has anyway, since Host has none then. */
static enum err choose_endpoint(struct task *t, const char *named, char **out)
{
    struct net_target target;
    enum err e = net_target_read(t, named, REACH_ANY, &target);
    if (e)
        return e;
    const char *path = strchr(target.url + strlen(target.scheme) + strlen("://"), '/');
    if (path && !text_equal(path, "/"))
        return refuse(t, ERR_INVALID, "leave out what follows the host and port",
                      "the endpoint %s has a path", named);
    bool usual = target.port == (text_equal(target.scheme, "https") ? 443 : 80);
    *out = heap_copy(usual ? arena_format(t->arena, "%s://%s", target.scheme, target.host)
                           : arena_format(t->arena, "%s://%s:%d", target.scheme, target.host,
                                          target.port));
    return OK;
}

enum err aws_open(struct task *t, struct aws_account *account, const struct aws_options *options,
                  struct aws **out)
{
    const char *named =
        or_else(options->endpoint, aws_account_endpoint(account, t, options->service));
    struct aws *a = calloc(1, sizeof *a);
    if (!a)
        abort();
    *a = (struct aws){
        .account = account,
        .service = heap_copy(options->service),
        .title = heap_copy(options->title),
        .bucket = heap_copy(options->bucket),
        .at_amazon = !*named,
        .path_style = options->path_style,
        .wait_us = options->wait_us ? options->wait_us : WAIT_US,
        .tries = options->tries ? options->tries : AWS_TRIES,
        .pool = net_pool_new(),
    };
    pthread_mutex_init(&a->lock, NULL);
    enum err e = choose_region(t, account, options, !*named, a);
    if (!e && *named)
        e = choose_endpoint(t, named, &a->endpoint);
    else if (!e)
        a->endpoint = heap_copy(
            arena_format(t->arena, "https://%s.%s.amazonaws.com", a->service, a->region));
    if (e) {
        aws_close(a);
        return e;
    }
    *out = a;
    return OK;
}

void aws_close(struct aws *a)
{
    if (!a)
        return;
    net_pool_free(a->pool);
    pthread_mutex_destroy(&a->lock);
    free(a->service);
    free(a->title);
    free(a->bucket);
    free(a->endpoint);
    free(a);
}

const char *aws_endpoint(const struct aws *a)
{
    return a->endpoint;
}

/* ---- where a request goes ---- */

/* One try, or one address handed out. */
struct errand {
    const char *base; /* "https://bucket.s3.eu-central-1.amazonaws.com" */
    const char *host;
    const char *path;
    const char *region;
};

static const char *region_now(struct aws *a, struct task *t)
{
    pthread_mutex_lock(&a->lock);
    const char *region = arena_copy(t->arena, a->region);
    pthread_mutex_unlock(&a->lock);
    return region;
}

static struct errand errand_of(struct aws *a, struct task *t, const char *path)
{
    struct errand to = { .region = region_now(a, t), .path = path };
    const char *base = a->at_amazon ? arena_format(t->arena, "https://%s.%s.amazonaws.com",
                                                   a->service, to.region)
                                    : a->endpoint;
    const char *host = strstr(base, "://") + strlen("://");
    int scheme = (int)(host - base);
    if (*a->bucket && a->path_style)
        to.path = arena_format(t->arena, "/%s%s", a->bucket, text_equal(path, "/") ? "" : path);
    else if (*a->bucket)
        host = arena_format(t->arena, "%s.%s", a->bucket, host);
    to.host = host;
    to.base = arena_format(t->arena, "%.*s%s", scheme, base, host);
    return to;
}

static struct sigv4_signer signer_of(struct aws *a, struct task *t, const struct aws_keys *keys,
                                     const struct errand *to)
{
    return (struct sigv4_signer){
        .key_id = keys->id,
        .key = keys->key,
        .token = keys->token,
        .region = to->region,
        .service = a->service,
        .wall_us = clock_wall_us(t->clock) + atomic_load(&a->skew_us),
    };
}

/* ---- one try ---- */

static const char *payload_of(struct arena *a, const struct aws_request *r)
{
    char *hex = arena_alloc(a, HASH_TEXT_BYTES);
    if (r->upload)
        return SIGV4_UNSIGNED;
    if (r->body.size == 0)
        return SIGV4_EMPTY;
    hash_bytes(r->body, hex);
    return hex;
}

/* The request's own, and what S3 wants to see signed beside them. */
static struct sigv4_request to_be_signed(struct aws *a, struct task *t,
                                         const struct aws_request *r, const struct errand *to)
{
    struct sigv4_pair *headers = arena_array(t->arena, struct sigv4_pair, r->header_count + 2);
    size_t count = r->header_count;
    const char *payload = payload_of(t->arena, r);
    if (count)
        memcpy(headers, r->headers, count * sizeof *headers);
    headers[count++] = (struct sigv4_pair){ "host", to->host };
    if (text_equal(a->service, "s3"))
        headers[count++] = (struct sigv4_pair){ "x-amz-content-sha256", payload };
    return (struct sigv4_request){
        .method = r->method,
        .path = to->path,
        .query = r->query,
        .query_count = r->query_count,
        .headers = headers,
        .header_count = count,
        .payload = payload,
        .squash_path = !text_equal(a->service, "s3"),
    };
}

/* As they go over the wire. Host is curl's to write; so is what it would invent as a type. */
static const char *const *header_lines(struct arena *a, const struct sigv4_request *r,
                                       const struct sigv4_signed *s)
{
    const char **lines = arena_array(a, const char *, r->header_count + 4);
    size_t count = 0;
    bool has_type = false;
    for (size_t i = 0; i < r->header_count; i++) {
        has_type = has_type || text_equal_fold(r->headers[i].name, "content-type");
        if (!text_equal(r->headers[i].name, "host"))
            lines[count++] = arena_format(a, "%s: %s", r->headers[i].name, r->headers[i].value);
    }
    lines[count++] = arena_format(a, "x-amz-date: %s", s->date);
    lines[count++] = arena_format(a, "Authorization: %s", s->authorization);
    if (!has_type)
        lines[count++] = "Content-Type:";
    return lines;
}

static enum err rewind_out(struct task *t, const struct aws_request *r)
{
    if (r->to_file && lseek(r->out, r->out_offset, SEEK_SET) < 0)
        return fail(t, ERR_INTERNAL, "the file to receive into cannot be rewound");
    return OK;
}

static enum err try_once(struct aws *a, struct task *t, const struct aws_request *r,
                         const struct aws_keys *keys, struct net_reply *out)
{
    struct errand to = errand_of(a, t, r->path);
    struct sigv4_request request = to_be_signed(a, t, r, &to);
    struct sigv4_signer signer = signer_of(a, t, keys, &to);
    struct sigv4_signed s = sigv4_sign(t->arena, &signer, &request);
    struct net_call call = {
        .method = r->method,
        .url = arena_format(t->arena, "%s%s", to.base, s.target),
        .headers = header_lines(t->arena, &request, &s),
        .body = r->body,
        .upload = r->upload,
        .timeout_us = r->timeout_us ? r->timeout_us : AWS_CALL_US,
        .bytes_max = r->bytes_max ? r->bytes_max : AWS_BYTES_MAX,
        .out = r->to_file ? r->out : -1,
        .key = keys->token,
        .key_header = "x-amz-security-token: ",
        .configured = true,
        .stay = true,
        .pool = a->pool,
    };
    enum err e = rewind_out(t, r);
    return e ? e : net_call(aws_account_net(a->account), t, &call, out);
}

/* ---- what an answer says ---- */

static const char *json_member(struct arena *a, const json_t *json, const char *name)
{
    return arena_copy(a, json_string_value(json_object_get(json, name)));
}

/* {"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"..."} */
static void read_json_error(struct task *t, struct aws_reply *r)
{
    scoped(json) json_t *json = json_loadb(r->http.body.at, r->http.body.size, 0, NULL);
    const char *type = json_member(t->arena, json, "__type");
    const char *message = json_member(t->arena, json, "message");
    if (!message)
        message = json_member(t->arena, json, "Message");
    const char *hash = type ? strrchr(type, '#') : NULL;
    r->code = hash ? hash + 1 : type ? type : "";
    r->message = message ? message : "";
}

static void read_xml_error(struct task *t, struct aws_reply *r)
{
    struct fault before = t->fault;
    struct xml xml;
    if (xml_read(t, r->http.body, &xml)) {
        t->fault = before;
        return;
    }
    bool bare = xml.count && text_equal(xml.elements[0].path, "Error");
    const char *path = bare ? "Error" : "ErrorResponse/Error";
    r->code = xml_text(&xml, arena_format(t->arena, "%s/Code", path));
    r->message = xml_text(&xml, arena_format(t->arena, "%s/Message", path));
}

/* "ThrottlingException:http://..." in a header, as newer services say it too. */
static const char *header_code(struct task *t, const struct net_reply *r)
{
    const char *said = net_reply_header(r, "x-amzn-errortype");
    return arena_copy_n(t->arena, said, strcspn(said, ":"));
}

/* What follows the declaration of an XML text. */
static const char *xml_root(const char *text)
{
    text += strspn(text, " \t\r\n");
    const char *end = text_starts(text, "<?") ? strstr(text, "?>") : NULL;
    if (end)
        text = end + 2;
    return text + strspn(text, " \t\r\n");
}

/* CopyObject and CompleteMultipartUpload may begin with 200 and fail afterwards. An answer that
 * lists errors among other things is none. */
static bool is_error_in_disguise(const struct aws_reply *r)
{
    return r->http.status == 200 && r->http.body.size > 0 &&
           text_starts(xml_root(r->http.body.at), "<Error>");
}

static void read_error(struct task *t, struct aws_reply *r)
{
    r->code = r->message = "";
    bool fine = r->http.status >= 200 && r->http.status < 300 && !is_error_in_disguise(r);
    const char *text = r->http.body.at;
    if (fine)
        return;
    if (r->http.body.size && *text == '{')
        read_json_error(t, r);
    else if (r->http.body.size)
        read_xml_error(t, r);
    if (!*r->code)
        r->code = header_code(t, &r->http);
    if (r->http.status == 200)
        r->http.status = text_equal(r->code, "SlowDown") ? 503 : 500;
}

/* ---- trying again ---- */

enum remedy {
    REMEDY_NONE, /* this is the answer */
    REMEDY_WAIT,
    REMEDY_CLOCK,
    REMEDY_KEYS,
    REMEDY_REGION,
};

struct remedy_row {
    const char *code;
    enum remedy remedy;
};

static const struct remedy_row remedies[] = {
    { "BandwidthLimitExceeded", REMEDY_WAIT },
    { "ConditionalRequestConflict", REMEDY_WAIT },
    { "InternalError", REMEDY_WAIT },
    { "InternalServerError", REMEDY_WAIT },
    { "LimitExceededException", REMEDY_WAIT },
    { "OperationAborted", REMEDY_WAIT },
    { "PriorRequestNotComplete", REMEDY_WAIT },
    { "ProvisionedThroughputExceededException", REMEDY_WAIT },
    { "RequestLimitExceeded", REMEDY_WAIT },
    { "RequestThrottled", REMEDY_WAIT },
    { "RequestThrottledException", REMEDY_WAIT },
    { "RequestTimeout", REMEDY_WAIT },
    { "RequestTimeoutException", REMEDY_WAIT },
    { "ServiceUnavailable", REMEDY_WAIT },
    { "SlowDown", REMEDY_WAIT },
    { "Throttling", REMEDY_WAIT },
    { "ThrottlingException", REMEDY_WAIT },
    { "TooManyRequestsException", REMEDY_WAIT },
    { "TransactionInProgressException", REMEDY_WAIT },
    { "RequestTimeTooSkewed", REMEDY_CLOCK },
    { "ExpiredToken", REMEDY_KEYS },
    { "ExpiredTokenException", REMEDY_KEYS },
    { "InvalidToken", REMEDY_KEYS },
    { "TokenRefreshRequired", REMEDY_KEYS },
    { "AuthorizationHeaderMalformed", REMEDY_REGION },
    { "PermanentRedirect", REMEDY_REGION },
    { "IncorrectEndpoint", REMEDY_REGION },
};

static enum remedy remedy_of(const struct aws_reply *r)
{
    bool dated = strstr(r->message, "Signature expired") || strstr(r->message, "not yet current");
    int64_t status = r->http.status;
    if (dated)
        return REMEDY_CLOCK;
    for (size_t i = 0; i < sizeof remedies / sizeof *remedies; i++) {
        if (text_equal(remedies[i].code, r->code))
            return remedies[i].remedy;
    }
    if (status == 301 || status == 307)
        return REMEDY_REGION;
    return status == 429 || (status >= 500 && status != 501 && status != 505) ? REMEDY_WAIT
                                                                              : REMEDY_NONE;
}

/* False when it changes nothing to try again. */
static bool set_clock(struct aws *a, struct task *t, const struct aws_reply *r)
{
    int64_t theirs_us = net_reply_date_us(&r->http);
    if (theirs_us < 0)
        return false;
    atomic_store(&a->skew_us, theirs_us - clock_wall_us(t->clock));
    return true;
}

static bool set_region(struct aws *a, const struct aws_reply *r)
{
    const char *right = net_reply_header(&r->http, "x-amz-bucket-region");
    if (!is_region(right) || !a->at_amazon)
        return false;
    pthread_mutex_lock(&a->lock);
    bool differs = !text_equal(a->region, right);
    memcpy(a->region, right, strlen(right) + 1);
    pthread_mutex_unlock(&a->lock);
    return differs;
}

static bool renew_keys(struct aws *a, const struct aws_keys *keys)
{
    aws_account_renew(a->account, keys);
    return keys->expires_us != INT64_MAX;
}

/* Full jitter: the whole of the wait is random, so that those who failed together come apart. One
 * that would outlast the task is not begun. */
static enum err wait_before(struct aws *a, struct task *t, int tries, int64_t asked_us)
{
    int64_t most_us = a->wait_us << (tries < 12 ? tries : 12);
    uint64_t dice = 0;
    if (most_us > WAIT_MAX_US)
        most_us = WAIT_MAX_US;
    if (getrandom(&dice, sizeof dice, 0) != sizeof dice)
        dice = UINT64_MAX;
    int64_t wait_us = (int64_t)(dice % (uint64_t)most_us);
    if (asked_us > wait_us && asked_us <= WAIT_MAX_US)
        wait_us = asked_us;
    if (t->deadline_us - clock_monotonic_us(t->clock) <= wait_us)
        return ERR_TIMEOUT;
    return task_pause(t, wait_us);
}

/* What a call has been through. */
struct attempts {
    int made;
    bool mended; /* clock, keys or region: once a call */
    bool unsure;
};

/* Whether the call may be sent again, after the wait or the mending it needs. */
static bool again(struct aws *a, struct task *t, const struct aws_keys *keys,
                  const struct aws_reply *r, struct attempts *so_far)
{
    enum remedy remedy = remedy_of(r);
    bool mends = remedy > REMEDY_WAIT;
    if (remedy == REMEDY_NONE || (mends && so_far->mended) || so_far->made >= a->tries)
        return false;
    so_far->unsure = so_far->unsure || r->http.status >= 500;
    so_far->mended = so_far->mended || mends;
    switch (remedy) {
    case REMEDY_CLOCK:
        return set_clock(a, t, r);
    case REMEDY_KEYS:
        return renew_keys(a, keys);
    case REMEDY_REGION:
        return set_region(a, r);
    default:
        return wait_before(a, t, so_far->made, net_retry_after_us(&r->http)) == OK;
    }
}

/* AWS is what this house is built on, and no job's fault when it is away or does not let us in: the
 * one passes, the other is put right by whoever looks after the house. */
static enum err of_house(struct task *t, enum err e)
{
    t->fault.house = err_may_retry(e) || e == ERR_AUTH || e == ERR_FORBIDDEN;
    return e;
}

/* Without an answer: who knows what became of it. */
static bool again_unanswered(struct aws *a, struct task *t, enum err e, struct attempts *so_far)
{
    struct fault why = t->fault;
    bool may = (e == ERR_UPSTREAM || e == ERR_TIMEOUT) && so_far->made < a->tries &&
               task_over(t) == OK && wait_before(a, t, so_far->made, 0) == OK;
    so_far->unsure = true;
    t->fault = why;
    return may;
}

enum err aws_call(struct aws *a, struct task *t, const struct aws_request *r,
                  struct aws_reply *out)
{
    struct attempts so_far = { 0 };
    for (;;) {
        scoped(aws_keys) const struct aws_keys *keys = NULL;
        struct aws_reply reply = { .code = "", .message = "" };
        enum err e = aws_account_keys(a->account, t, &keys);
        if (e)
            return of_house(t, e);
        e = try_once(a, t, r, keys, &reply.http);
        so_far.made++;
        if (e && again_unanswered(a, t, e, &so_far))
            continue;
        if (e)
            return of_house(t, e);
        so_far.unsure = so_far.unsure || reply.http.sends > 1;
        read_error(t, &reply);
        if (again(a, t, keys, &reply, &so_far))
            continue;
        reply.unsure = so_far.unsure;
        *out = reply;
        e = task_over(t);
        return e == ERR_TIMEOUT ? OK : e; /* the last answer says more than that time is up */
    }
}

/* ---- refusals ---- */

static bool is_about_keys(const char *code)
{
    static const char *const codes[] = { "InvalidAccessKeyId",
                                         "SignatureDoesNotMatch",
                                         "InvalidSignatureException",
                                         "UnrecognizedClientException",
                                         "InvalidClientTokenId",
                                         "MissingAuthenticationTokenException",
                                         "IncompleteSignatureException",
                                         "ExpiredToken",
                                         "ExpiredTokenException",
                                         "InvalidToken",
                                         "RequestTimeTooSkewed" };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (text_equal(codes[i], code))
            return true;
    }
    return false;
}

static enum err class_of(const struct aws_reply *r, const char **next)
{
    int64_t status = r->http.status;
    *next = "";
    if (is_about_keys(r->code) || status == 401) {
        *next = "check the AWS credentials that are set";
        return ERR_AUTH;
    }
    if (status == 403 || text_equal(r->code, "AccessDeniedException")) {
        *next = *r->code ? "give these credentials leave to do it (see docs/deploy.md)"
                         : "check the AWS credentials, and that they may do it (docs/deploy.md)";
        return ERR_FORBIDDEN;
    }
    if (remedy_of(r) == REMEDY_WAIT)
        return status >= 500 && !text_equal(r->code, "SlowDown") ? ERR_UNAVAILABLE : ERR_RATE;
    switch (status) {
    case 404:
        return ERR_NOT_FOUND;
    case 409:
    case 412:
        return ERR_CONFLICT;
    case 413:
        return ERR_LIMIT;
    case 416:
        return ERR_RANGE;
    default:
        return status >= 400 && status < 500 ? ERR_IMPOSSIBLE : ERR_UPSTREAM;
    }
}

enum err aws_refusal(struct aws *a, struct task *t, const struct aws_reply *reply, const char *what)
{
    const char *next;
    enum err code = class_of(reply, &next);
    const char *said =
        text_shorten(t->arena, text_tidy(t->arena, reply->message), WORDS_BYTES_MAX);
    code = refuse(t, code, next, "%s would not %s: %s (%" PRId64 ")%s%s", a->title, what,
                  *reply->code ? reply->code : "no reason given", reply->http.status,
                  *said ? ", " : "", said);
    int64_t wait_us = net_retry_after_us(&reply->http);
    t->fault.wait_us = wait_us > 0 ? wait_us : 0;
    return of_house(t, code);
}

/* ---- addresses to hand out ---- */

/* How many halves of such a life have passed, by the service's clock. */
static int64_t halves_passed(struct aws *a, struct task *t, int expires_s)
{
    int64_t now_us = clock_wall_us(t->clock) + atomic_load(&a->skew_us);
    return now_us / (expires_s * SECOND_US / 2);
}

enum err aws_presign(struct aws *a, struct task *t, const struct aws_request *r, int expires_s,
                     const char **out_url)
{
    scoped(aws_keys) const struct aws_keys *keys = NULL;
    if (expires_s < 1 || expires_s > SIGV4_EXPIRES_MAX_S)
        return fail(t, ERR_INVALID, "an address may be good for 1 to %d seconds",
                    SIGV4_EXPIRES_MAX_S);
    enum err e = aws_account_keys(a->account, t, &keys);
    if (e)
        return e;
    struct errand to = errand_of(a, t, r->path);
    struct sigv4_request request = to_be_signed(a, t, r, &to);
    struct sigv4_signer signer = signer_of(a, t, keys, &to);
    request.header_count = r->header_count + 1; /* with host, without what S3 wants in headers */
    request.payload = SIGV4_UNSIGNED;
    signer.wall_us = halves_passed(a, t, expires_s) * (expires_s * SECOND_US / 2);
    *out_url = arena_format(t->arena, "%s%s", to.base,
                            sigv4_presign(t->arena, &signer, &request, expires_s));
    return OK;
}

const char *aws_origin(struct aws *a, struct task *t)
{
    return errand_of(a, t, "/").base;
}
