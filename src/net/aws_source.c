/*
 * Five places, asked one after the other. Two are texts on this machine, one of which may name a
 * program to ask; three answer to HTTP with credentials that expire.
 *
 * Sources  "Container credential provider", "Use IAM role credentials", SDKs and Tools Reference
 *          Guide; "Use IMDSv2", EC2 User Guide; AssumeRoleWithWebIdentity, STS API Reference
 */
#include "net/aws_source.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/fields.h"
#include "base/text.h"
#include "net/aws_process.h"
#include "net/sigv4.h"
#include "net/xml.h"

#define NEAR_US (1 * SECOND_US)  /* this machine's own host answers at once or not at all */
#define STS_US  (10 * SECOND_US)

enum { ANSWER_BYTES_MAX = 64 << 10, TOKEN_FILE_BYTES_MAX = 20000, NEAR_TRIES = 2 };

static const char *set_as(const char *variable)
{
    const char *value = getenv(variable);
    return value && *value ? value : "";
}

/* ---- texts on this machine ---- */

static enum err look_environment(struct task *t, const struct net *net,
                                 const struct aws_profile *profile, struct aws_found *out)
{
    const char *id = set_as("AWS_ACCESS_KEY_ID"), *key = set_as("AWS_SECRET_ACCESS_KEY");
    (void)net, (void)profile;
    if (!*id && !*key)
        return OK;
    if (!*id || !*key)
        return refuse(t, ERR_AUTH, "set both or neither",
                      "of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY only one is set");
    *out = (struct aws_found){ id, key, set_as("AWS_SESSION_TOKEN"), INT64_MAX };
    return OK;
}

/* ---- answers ---- */

/* "2026-01-01T00:00:00Z" or "...+02:00", with or without a fraction; 0 when it is none. */
static int64_t time_of(const char *iso)
{
    struct tm tm = { 0 };
    const char *end = strptime(iso, "%Y-%m-%dT%H:%M:%S", &tm);
    int64_t seconds = timegm(&tm);
    if (end && *end == '.')
        end += 1 + strspn(end + 1, "0123456789");
    if (!end || !strptime(end, "%z", &tm))
        return 0;
    return (seconds - tm.tm_gmtoff) * SECOND_US;
}

static enum err check_found(struct task *t, const char *who, const struct aws_found *found)
{
    if (!found->id || !*found->id || !found->key || !*found->key || !found->expires_us)
        return fail(t, ERR_UPSTREAM, "%s answered without credentials in it", who);
    return OK;
}

static const char *member(struct arena *a, const json_t *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));
    return arena_copy(a, text ? text : "");
}

/* What differs between those who answer in JSON. */
struct json_words {
    const char *token; /* its name */
    int64_t version;   /* what has to be said; 0: nothing */
    bool may_last;     /* without an end they are for ever */
};
static const struct json_words service_words = { "Token", 0, false };
static const struct json_words process_words = { "SessionToken", 1, true };

static enum err read_json(struct task *t, const char *who, struct json_words words,
                          struct bytes body, struct aws_found *out)
{
    scoped(json) json_t *json = json_loadb(body.at, body.size, 0, NULL);
    int64_t version = json_integer_value(json_object_get(json, "Version"));
    const char *expiry = member(t->arena, json, "Expiration");
    struct aws_found found = {
        .id = member(t->arena, json, "AccessKeyId"),
        .key = member(t->arena, json, "SecretAccessKey"),
        .token = member(t->arena, json, words.token),
        .expires_us = !*expiry && words.may_last ? INT64_MAX : time_of(expiry),
    };
    explicit_bzero((char *)body.at, body.size);
    if (json && words.version && version != words.version)
        return fail(t, ERR_UPSTREAM, "%s does not answer in version %d", who, (int)words.version);
    enum err e = check_found(t, who, &found);
    if (!e)
        *out = found;
    return e;
}

/* ---- profiles ---- */

static enum err look_process(struct task *t, const char *line, struct aws_found *out)
{
    struct bytes said;
    enum err e = aws_process_run(t, line, AWS_PROCESS_US, &said);
    return e ? e : read_json(t, "credential_process", process_words, said, out);
}

static enum err look_profile(struct task *t, const struct net *net,
                             const struct aws_profile *profile, struct aws_found *out)
{
    static const char *const not_done[] = { "source_profile", "credential_source", "sso_session",
                                            "sso_start_url" };
    const char *id = aws_profile_get(t->arena, profile, "aws_access_key_id");
    const char *key = aws_profile_get(t->arena, profile, "aws_secret_access_key");
    const char *process = aws_profile_get(t->arena, profile, "credential_process");
    (void)net;
    if (*id && *key) {
        *out = (struct aws_found){
            id, key, aws_profile_get(t->arena, profile, "aws_session_token"), INT64_MAX
        };
        return OK;
    }
    if (*process)
        return look_process(t, process, out);
    for (size_t i = 0; i < sizeof not_done / sizeof *not_done; i++) {
        if (*aws_profile_get(t->arena, profile, not_done[i]))
            return refuse(t, ERR_AUTH,
                          "give another profile the line \"credential_process = aws configure "
                          "export-credentials --profile THIS\" and name it in AWS_PROFILE",
                          "the AWS profile %s gets its credentials by %s, which is not done here",
                          profile->name, not_done[i]);
    }
    return OK;
}

/* ---- asking ---- */

/* A call to an address that this machine's owner, or its host, has named. */
static enum err ask(struct task *t, const struct net *net, const char *who, struct net_call call,
                    struct net_reply *out)
{
    call.configured = call.stay = true;
    call.bytes_max = ANSWER_BYTES_MAX;
    call.out = -1;
    enum err e = net_call(net, t, &call, out);
    if (e)
        return e;
    if (out->status != 200)
        return fail(t, out->status >= 500 ? ERR_UNAVAILABLE : ERR_AUTH,
                    "%s answered with status %d instead of credentials", who, (int)out->status);
    return OK;
}

static enum err read_token_file(struct task *t, const char *path, const char **out)
{
    struct bytes bytes;
    enum err e = file_read(t, path, TOKEN_FILE_BYTES_MAX, &bytes);
    if (!e)
        *out = text_tidy(t->arena, bytes.at);
    return e;
}

/* ---- web identity ---- */

static const char *sts_url(struct task *t, const struct aws_profile *profile)
{
    const char *url = set_as("AWS_ENDPOINT_URL_STS"), *region = set_as("AWS_REGION");
    if (!*url)
        url = set_as("AWS_ENDPOINT_URL");
    if (*url)
        return arena_format(t->arena, "%s/", url);
    if (!*region)
        region = set_as("AWS_DEFAULT_REGION");
    if (!*region)
        region = aws_profile_get(t->arena, profile, "region");
    return *region ? arena_format(t->arena, "https://sts.%s.amazonaws.com/", region)
                   : "https://sts.amazonaws.com/";
}

static const char *setting(struct task *t, const struct aws_profile *profile, const char *variable,
                           const char *key)
{
    const char *set = set_as(variable);
    return *set ? set : aws_profile_get(t->arena, profile, key);
}

static enum err read_sts(struct task *t, struct bytes body, struct aws_found *out)
{
    static const char where[] = "AssumeRoleWithWebIdentityResponse/"
                                "AssumeRoleWithWebIdentityResult/Credentials";
    struct arena *a = t->arena;
    struct xml xml;
    enum err e = xml_read(t, body, &xml);
    explicit_bzero((char *)body.at, body.size);
    if (e)
        return e;
    struct aws_found found = {
        .id = xml_text(&xml, arena_format(a, "%s/AccessKeyId", where)),
        .key = xml_text(&xml, arena_format(a, "%s/SecretAccessKey", where)),
        .token = xml_text(&xml, arena_format(a, "%s/SessionToken", where)),
        .expires_us = time_of(xml_text(&xml, arena_format(a, "%s/Expiration", where))),
    };
    e = check_found(t, "STS", &found);
    if (!e)
        *out = found;
    return e;
}

static enum err look_web_identity(struct task *t, const struct net *net,
                                  const struct aws_profile *profile, struct aws_found *out)
{
    const char *path =
        setting(t, profile, "AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file");
    const char *role = setting(t, profile, "AWS_ROLE_ARN", "role_arn");
    const char *session = setting(t, profile, "AWS_ROLE_SESSION_NAME", "role_session_name");
    static const char *const form[] = { "Content-Type: application/x-www-form-urlencoded", NULL };
    const char *token;
    struct net_reply reply;
    if (!*path || !*role)
        return OK;
    enum err e = read_token_file(t, path, &token);
    if (e)
        return e;
    const char *body = arena_format(
        t->arena,
        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=%s&RoleSessionName=%s"
        "&WebIdentityToken=%s",
        sigv4_encode(t->arena, role, false),
        sigv4_encode(t->arena, *session ? session : "storyreel", false),
        sigv4_encode(t->arena, token, false));
    e = ask(t, net, "STS",
            (struct net_call){ .method = "POST",
                               .url = sts_url(t, profile),
                               .headers = form,
                               .body = { body, strlen(body) },
                               .timeout_us = STS_US },
            &reply);
    return e ? e : read_sts(t, reply.body, out);
}

/* ---- containers ---- */

/* In the clear only where nobody else listens: this machine and what its host keeps for it. */
static bool may_be_asked(const char *url)
{
    static const char *const hosts[] = { "127.0.0.1", "localhost", "[::1]", "169.254.170.2",
                                         "169.254.170.23", "[fd00:ec2::23]" };
    if (text_starts(url, "https://"))
        return true;
    if (!text_starts(url, "http://"))
        return false;
    const char *host = url + strlen("http://");
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        size_t length = strlen(hosts[i]);
        if (strncmp(host, hosts[i], length) == 0 && (!host[length] || strchr(":/", host[length])))
            return true;
    }
    return false;
}

static enum err container_token(struct task *t, struct secret **out)
{
    const char *path = set_as("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    const char *token = set_as("AWS_CONTAINER_AUTHORIZATION_TOKEN");
    enum err e = *path ? read_token_file(t, path, &token) : OK;
    if (e || !*token)
        return e;
    return secret_new(t, "the container's authorization token", token, out);
}

static void secret_scoped(struct secret **s)
{
    secret_free(*s);
}

static enum err look_container(struct task *t, const struct net *net,
                               const struct aws_profile *profile, struct aws_found *out)
{
    const char *path = set_as("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    const char *url = set_as("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    scoped(secret) struct secret *token = NULL;
    struct net_reply reply;
    (void)profile;
    if (!*path && !*url)
        return OK;
    if (*path)
        url = arena_format(t->arena, "http://169.254.170.2%s", path);
    if (!may_be_asked(url))
        return refuse(t, ERR_AUTH, "use https, or an address of this machine",
                      "AWS_CONTAINER_CREDENTIALS_FULL_URI would carry credentials in the clear");
    enum err e = container_token(t, &token);
    if (!e)
        e = ask(t, net, "the container's credential service",
                (struct net_call){ .method = "GET",
                                   .url = url,
                                   .timeout_us = 2 * NEAR_US,
                                   .key = token,
                                   .key_header = "Authorization: " },
                &reply);
    return e ? e
             : read_json(t, "the container's credential service", service_words, reply.body, out);
}

/* ---- the instance's metadata ---- */

static const char *metadata_url(struct task *t, const char *path)
{
    const char *set = set_as("AWS_EC2_METADATA_SERVICE_ENDPOINT");
    bool six = text_equal_fold(set_as("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"), "IPv6");
    size_t length = strlen(set);
    if (length && set[length - 1] == '/')
        set = arena_copy_n(t->arena, set, length - 1);
    return arena_format(t->arena, "%s/latest/%s",
                        length ? set : six ? "http://[fd00:ec2::254]" : "http://169.254.169.254",
                        path);
}

/* Nobody there is no error: most machines are none of EC2. */
static enum err metadata_token(struct task *t, const struct net *net, struct secret **out)
{
    static const char *const asked[] = { "X-aws-ec2-metadata-token-ttl-seconds: 21600", NULL };
    struct net_reply reply;
    enum err e = ERR_UPSTREAM;
    for (int i = 0; i < NEAR_TRIES && (e == ERR_UPSTREAM || e == ERR_TIMEOUT); i++)
        e = ask(t, net, "the instance's metadata service",
                (struct net_call){ .method = "PUT",
                                   .url = metadata_url(t, "api/token"),
                                   .headers = asked,
                                   .timeout_us = NEAR_US },
                &reply);
    if (e == ERR_UPSTREAM || e == ERR_TIMEOUT)
        return task_over(t);
    return e ? e : secret_new(t, "the metadata service's token", reply.body.at, out);
}

static enum err metadata_get(struct task *t, const struct net *net, const struct secret *token,
                             const char *path, struct net_reply *out)
{
    return ask(t, net, "the instance's metadata service",
               (struct net_call){ .method = "GET",
                                  .url = metadata_url(t, path),
                                  .timeout_us = 2 * NEAR_US,
                                  .key = token,
                                  .key_header = "X-aws-ec2-metadata-token: " },
               out);
}

static enum err look_instance(struct task *t, const struct net *net,
                              const struct aws_profile *profile, struct aws_found *out)
{
    static const char roles[] = "meta-data/iam/security-credentials/";
    scoped(secret) struct secret *token = NULL;
    struct net_reply reply;
    (void)profile;
    if (text_equal_fold(set_as("AWS_EC2_METADATA_DISABLED"), "true"))
        return OK;
    enum err e = metadata_token(t, net, &token);
    if (e || !token)
        return e;
    e = metadata_get(t, net, token, roles, &reply);
    if (e)
        return e;
    const char *role = arena_copy_n(t->arena, reply.body.at, strcspn(reply.body.at, "\r\n"));
    e = metadata_get(t, net, token, arena_format(t->arena, "%s%s", roles, role), &reply);
    return e ? e : read_json(t, "the instance's metadata service", service_words, reply.body, out);
}

const struct aws_source aws_sources[] = {
    { "the environment", look_environment },
    { "the profile", look_profile },
    { "the web identity", look_web_identity },
    { "the container", look_container },
    { "the instance", look_instance },
    { NULL, NULL },
};
