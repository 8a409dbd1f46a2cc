#include "gen/model.h"

#include <dirent.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/yaml.h"

const char *const model_makes_names[] = { "", "video", "image", "text", "lip-sync", "music",
                                          "voice", NULL };
const char *const model_sound_names[] = { "", "optional", "always", NULL };

static const struct field input_fields[] = {
    FIELD_TEXT(struct model_inputs, prompt, "prompt", .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct model_inputs, negative, "negative", .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct model_inputs, seconds, "seconds", .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct model_inputs, aspect, "aspect", .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct model_inputs, size, "size", .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct model_inputs, seed, "seed", .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct model_inputs, sound, "sound", .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct model_inputs, first_frame, "firstFrame", .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct model_inputs, pictures, "pictures", .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct model_inputs, video, "video", .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct model_inputs, audio, "audio", .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct model_inputs, sync_mode, "syncMode", .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct model_inputs, temperature, "temperature", .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct model_inputs, active_speaker, "activeSpeaker", .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct model_inputs, occlusion, "occlusion", .bytes_max = NAME_BYTES_MAX),
    FIELDS_END
};

static const struct field constant_fields[] = {
    FIELD_TEXT(struct model_constant, name, "name", .required = true, .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct model_constant, value, "value", .required = true,
               .bytes_max = NAME_BYTES_MAX),
    FIELDS_END
};

static const struct field price_fields[] = {
    FIELD_TEXT(struct model_price, size, "size", .required = true, .bytes_max = NAME_BYTES_MAX),
    FIELD_NUMBER(struct model_price, usd_per_second, "usdPerSecond", .required = true, .min = -1,
                 .max = 100),
    FIELDS_END
};

static const struct field model_fields[] = {
    FIELD_TEXT(struct model, title, "title", .required = true, .bytes_max = NAME_BYTES_MAX),
    FIELD_ENUM(struct model, makes, "makes", model_makes_names, .preset = MAKES_VIDEO),
    FIELD_TEXT(struct model, driver, "driver", .required = true, .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct model, version, "version", .required = true, .bytes_max = NAME_BYTES_MAX),
    FIELD_NUMBERS(struct model, lengths, length_count, "lengths", .min = 0.1, .max = 600,
                  .count_max = 64),
    FIELD_NUMBER(struct model, seconds_min, "secondsMin", .min = 0.1, .max = 600),
    FIELD_NUMBER(struct model, seconds_max, "secondsMax", .min = 0.1, .max = 600),
    FIELD_NUMBER(struct model, usd_per_second, "usdPerSecond", .min = -1, .max = 100, .preset = -1),
    FIELD_TEXT(struct model, remote, "remote", .bytes_max = NAME_BYTES_MAX),
    FIELD_OBJECT(struct model, inputs, "inputs", input_fields),
    FIELD_TEXTS(struct model, aspects, aspect_count, "aspects", .count_max = 32),
    FIELD_TEXTS(struct model, sizes, size_count, "sizes", .count_max = 32),
    FIELD_INT(struct model, prompt_chars_max, "promptCharsMax", .min = 0, .max = 1e6),
    FIELD_ENUM(struct model, sound, "sound", model_sound_names),
    FIELD_INT(struct model, picture_count, "pictureCount", .min = 0, .max = PICTURES_MAX),
    FIELD_NUMBER(struct model, picture_seconds, "pictureSeconds", .min = 0, .max = 600),
    FIELD_TEXT(struct model, picture_aspect, "pictureAspect", .bytes_max = NAME_BYTES_MAX),
    FIELD_NUMBER(struct model, usual_seconds, "usualSeconds", .min = 1, .max = 3600,
                 .preset = 300),
    FIELD_NUMBER(struct model, keep_seconds, "keepSeconds", .min = 0, .max = 1e7),
    FIELD_OBJECTS(struct model, constants, constant_count, "constants", constant_fields,
                  .count_max = 32),
    FIELD_NUMBER(struct model, usd_each, "usdEach", .min = -1, .max = 100, .preset = -1),
    FIELD_NUMBER(struct model, usd_per_million_in, "usdPerMillionIn", .min = -1, .max = 10000,
                 .preset = -1),
    FIELD_NUMBER(struct model, usd_per_million_out, "usdPerMillionOut", .min = -1, .max = 10000,
                 .preset = -1),
    FIELD_INT(struct model, answer_tokens, "answerTokens", .min = 1000, .max = 10000000),
    FIELD_INT(struct model, thought_tokens, "thoughtTokens", .min = 1000, .max = 10000000),
    FIELD_INT(struct model, picture_tokens, "pictureTokens", .min = 1, .max = 1000000),
    FIELD_TEXT(struct model, ending, "ending", .bytes_max = NAME_BYTES_MAX),
    FIELD_OBJECTS(struct model, prices, price_count, "prices", price_fields, .count_max = 32),
    FIELD_TEXT(struct model, workflow, "workflow", .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct model, picture_workflow, "pictureWorkflow", .bytes_max = NAME_BYTES_MAX),
    FIELD_NUMBER(struct model, frames_per_second, "framesPerSecond", .min = 1, .max = 120,
                 .preset = 24),
    FIELD_INT(struct model, frames_step, "framesStep", .min = 0, .max = 1000),
    FIELD_INT(struct model, side_step, "sideStep", .min = 0, .max = 512),
    FIELDS_END
};

static bool is_plain_name(const char *name)
{
    return *name && *name != '.' && !strchr(name, '/');
}

/* A graph lies in workflows/ beside the descriptor that names it. */
static enum err read_graph(struct task *t, const char *descriptor, const char *name,
                           const char **out)
{
    struct bytes text;
    *out = "";
    if (text_is_empty(name))
        return OK;
    if (!is_plain_name(name))
        return refuse(t, ERR_INVALID, "give the name of a file in workflows/ beside it",
                      "%s names a workflow outside its folder", descriptor);
    const char *path =
        arena_format(t->arena, "%s/workflows/%s", path_folder(t->arena, descriptor), name);
    enum err e = file_read(t, path, JSON_BYTES_MAX, &text);
    if (!e)
        *out = text.at;
    return e;
}

/* Another graph films differently: it counts as another version. */
static enum err read_graphs(struct task *t, const char *descriptor, struct model *m)
{
    enum err e = read_graph(t, descriptor, m->workflow, &m->graph);
    if (!e)
        e = read_graph(t, descriptor, m->picture_workflow, &m->picture_graph);
    if (e || !*m->graph)
        return e;
    struct hash h = hash_new("workflow");
    hash_add(&h, "graph", m->graph);
    hash_add(&h, "picture graph", m->picture_graph);
    m->version = arena_format(t->arena, "%s-%.12s", m->version, hash_end(&h, t->arena));
    return OK;
}

static enum err read_model(struct task *t, const char *path, const char *name, struct model *out)
{
    struct bytes text;
    scoped(json) json_t *json = NULL;
    enum err e = file_read(t, path, YAML_BYTES_MAX, &text);
    if (!e)
        e = yaml_read(t, path, text, &json);
    if (!e)
        e = fields_decode(t, model_fields, json, out);
    if (!e)
        e = read_graphs(t, path, out);
    out->name = arena_copy(t->arena, name);
    return e;
}

static const char *model_path(struct task *t, const char *folder, const char *name)
{
    if (!folder)
        return NULL;
    const char *path = arena_format(t->arena, "%s/%s.yaml", folder, name);
    return access(path, R_OK) == 0 ? path : NULL;
}

static enum err refuse_unknown(struct task *t, const struct model_folders *folders,
                               enum model_makes makes, const char *name)
{
    struct model *all;
    size_t count;
    enum err e = model_list(t, folders, &all, &count);
    if (e)
        return e;
    const char **names = arena_array(t->arena, const char *, count + 1);
    for (size_t i = 0, kept = 0; i < count; i++) {
        if (all[i].makes == (int)makes)
            names[kept++] = all[i].name;
    }
    const char *near = names_nearest(names, name);
    return refuse(t, ERR_NOT_FOUND,
                  arena_format(t->arena, "choose one of %s", names_list(t->arena, names)),
                  "there is no %s model \"%s\"%s%s%s", model_makes_names[makes], name,
                  near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

/* NULL where neither folder has one of that name. */
static const char *find_model(struct task *t, const struct model_folders *folders, const char *name)
{
    if (!is_plain_name(name))
        return NULL;
    const char *path = model_path(t, folders->user, name);
    return path ? path : model_path(t, folders->shipped, name);
}

enum err model_load_of(struct task *t, const struct model_folders *folders, enum model_makes makes,
                       const char *name, struct model *out)
{
    struct model m;
    const char *path = find_model(t, folders, name);
    if (!path)
        return refuse_unknown(t, folders, makes, name);
    enum err e = read_model(t, path, name, &m);
    if (e)
        return e;
    if (m.makes != (int)makes)
        return refuse_unknown(t, folders, makes, name);
    *out = m;
    return OK;
}

enum err model_load(struct task *t, const struct model_folders *folders, const char *name,
                    struct model *out)
{
    return model_load_of(t, folders, MAKES_VIDEO, name, out);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void folder_scoped(DIR **folder)
{
    if (*folder)
        closedir(*folder);
}

/* Names of NAME.yaml in a folder, appended; a folder that is not there has none. */
static void names_in(struct task *t, const char *path, const char ***names, size_t *count,
                     size_t *capacity)
{
    scoped(folder) DIR *folder = path ? opendir(path) : NULL;
    if (!folder)
        return;
    for (struct dirent *d; (d = readdir(folder));) {
        size_t length = strlen(d->d_name);
        if (is_plain_name(d->d_name) && length > 5 && text_ends(d->d_name, ".yaml")) {
            const char *name = arena_copy_n(t->arena, d->d_name, length - 5);
            array_push(t->arena, *names, *count, *capacity, name);
        }
    }
}

enum err model_list(struct task *t, const struct model_folders *folders, struct model **out,
                    size_t *out_count)
{
    const char **names = NULL;
    size_t count = 0, capacity = 0, kept = 0;
    names_in(t, folders->user, &names, &count, &capacity);
    names_in(t, folders->shipped, &names, &count, &capacity);
    if (count > 0)
        qsort(names, count, sizeof *names, by_name);

    struct model *models = arena_array(t->arena, struct model, count);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && text_equal(names[i], names[i - 1]))
            continue;
        enum err e = read_model(t, find_model(t, folders, names[i]), names[i], &models[kept++]);
        if (e)
            return e;
    }
    *out = models;
    *out_count = kept;
    return OK;
}

/* ---- what one scene asks of it ---- */

bool model_takes_pictures(const struct model *m, const struct model_wish *wish)
{
    bool aspect_fits = text_is_empty(m->picture_aspect) ||
                       text_equal(m->picture_aspect, wish->aspect);
    return wish->picture_count > 0 && !text_is_empty(m->inputs.pictures) && aspect_fits;
}

double model_seconds(const struct model *m, const struct model_wish *wish)
{
    const double hair = 1e-6; /* 96 frames are 4 seconds, whatever the division says */
    if (model_takes_pictures(m, wish) && m->picture_seconds > 0)
        return m->picture_seconds;
    for (size_t i = 0; i < m->length_count; i++) {
        if (m->lengths[i] >= wish->seconds - hair)
            return m->lengths[i];
    }
    if (m->length_count > 0)
        return m->lengths[m->length_count - 1];
    return wish->seconds < m->seconds_min   ? m->seconds_min
           : wish->seconds > m->seconds_max ? m->seconds_max
                                            : wish->seconds;
}

static double ratio_of(const char *aspect)
{
    char *colon;
    double width = strtod(aspect, &colon);
    double height = *colon == ':' ? strtod(colon + 1, NULL) : 0;
    return width > 0 && height > 0 ? log(width / height) : 0;
}

const char *model_aspect(const struct model *m, const char *wanted)
{
    const char *best = m->aspect_count ? m->aspects[0] : wanted;
    for (size_t i = 0; i < m->aspect_count; i++) {
        double off = fabs(ratio_of(m->aspects[i]) - ratio_of(wanted));
        if (off < fabs(ratio_of(best) - ratio_of(wanted)))
            best = m->aspects[i];
    }
    return best;
}

const char *model_size(const struct model *m, const char *wanted)
{
    for (size_t i = 0; i < m->size_count; i++) {
        if (text_equal(m->sizes[i], wanted))
            return wanted;
    }
    return m->size_count ? m->sizes[0] : wanted;
}

static double usd_per_second(const struct model *m, const char *size)
{
    const char *filmed = size ? model_size(m, size) : "";
    for (size_t i = 0; i < m->price_count; i++) {
        if (text_equal(m->prices[i].size, filmed))
            return m->prices[i].usd_per_second;
    }
    return m->usd_per_second;
}

double model_usd(const struct model *m, const struct model_wish *wish)
{
    double usd = usd_per_second(m, wish->size);
    return usd < 0 ? -1 : usd * model_seconds(m, wish);
}

enum err model_check_prompt(struct task *t, const struct model *m, const char *whose,
                            const char *prompt)
{
    size_t chars = text_chars(prompt);
    if (m->prompt_chars_max == 0 || chars <= (size_t)m->prompt_chars_max)
        return OK;
    return refuse(t, ERR_LIMIT, "shorten it, or choose another model: storyreel models lists them",
                  "%s has %zu characters and %s reads %" PRId64, whose, chars, m->title,
                  m->prompt_chars_max);
}
