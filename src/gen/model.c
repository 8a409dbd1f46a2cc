#include "gen/model.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/yaml.h"

const char *const model_makes_names[] = { "", "video", "image", "text", NULL };
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
    FIELDS_END
};

static const struct field constant_fields[] = {
    FIELD_TEXT(struct model_constant, name, "name", .required = true, .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct model_constant, value, "value", .required = true, .bytes_max = NAME_BYTES_MAX),
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
    FIELDS_END
};

static bool is_plain_name(const char *name)
{
    return *name && *name != '.' && !strchr(name, '/');
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

double model_usd(const struct model *m, const struct model_wish *wish)
{
    return m->usd_per_second < 0 ? -1 : m->usd_per_second * model_seconds(m, wish);
}
