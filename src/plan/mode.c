/* Modes from YAML: the steps of a kind of story and what happens in them. */
#include "plan/style.h"

#include "base/text.h"
#include "plan/data_file.h"

static const char folder[] = "styles/modes";

static const struct field beat_fields[] = {
    FIELD_TEXT(struct mode_beat, name, "name", .required = true, .bytes_max = 60),
    FIELD_TEXT(struct mode_beat, purpose, "purpose", .bytes_max = 600),
    FIELD_NUMBER(struct mode_beat, share, "share", .required = true, .min = 0.001, .max = 1000),
    FIELD_BOOL(struct mode_beat, product_shot, "productShot"),
    FIELD_BOOL(struct mode_beat, end_card, "endCard"),
    FIELD_BOOL(struct mode_beat, at_peak, "atPeak"),
    FIELD_TEXTS(struct mode_beat, sections, section_count, "sections", .count_max = 16,
                .bytes_max = 60),
    FIELD_TEXTS(struct mode_beat, actions, action_count, "actions", .count_max = 200,
                .bytes_max = 400),
    FIELDS_END
};

static const struct field mode_fields[] = {
    FIELD_TEXT(struct mode, title, "title", .required = true, .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct mode, summary, "summary", .required = true, .bytes_max = 400),
    FIELD_BOOL(struct mode, needs_song, "needsSong"),
    FIELD_NUMBER(struct mode, seconds_min, "secondsMin", .min = 1, .max = 3600, .preset = 5),
    FIELD_NUMBER(struct mode, seconds_max, "secondsMax", .min = 1, .max = 3600, .preset = 600),
    FIELD_OBJECTS(struct mode, beats, beat_count, "beats", beat_fields, .required = true,
                  .count_max = 32),
    FIELDS_END
};

static enum err check_mode(struct task *t, const struct mode *m)
{
    if (m->seconds_min > m->seconds_max)
        return fail_at(t, fail(t, ERR_INVALID, "secondsMin is above secondsMax"), "secondsMin");
    if (m->beat_count == 0)
        return fail_at(t, fail(t, ERR_INVALID, "a mode needs at least one beat"), "beats");
    for (size_t i = 0; i + 1 < m->beat_count; i++) {
        if (m->beats[i].end_card)
            return fail_at(t,
                           fail(t, ERR_INVALID,
                                "the end card belongs to the last beat, not to \"%s\"",
                                m->beats[i].name),
                           arena_format(t->arena, "beats[%zu].endCard", i));
    }
    return OK;
}

enum err mode_load(struct task *t, const struct data_folders *folders, const char *name,
                   struct mode *out)
{
    scoped(json) json_t *json = NULL;
    const char *plain;
    enum err e = data_file_read(t, folders, folder, "mode", name, &plain, &json);
    if (e)
        return e;
    struct mode mode = { .name = plain };
    e = fields_decode(t, mode_fields, json, &mode);
    if (!e)
        e = check_mode(t, &mode);
    if (e)
        return data_file_fault(t, folder, plain, e);
    *out = mode;
    return OK;
}

enum err mode_list(struct task *t, const struct data_folders *folders, struct mode **out,
                   size_t *out_count)
{
    const char *const *names;
    size_t count;
    enum err e = data_file_names(t, folders, folder, &names, &count);
    struct mode *modes = e ? NULL : arena_array(t->arena, struct mode, count);
    for (size_t i = 0; !e && i < count; i++)
        e = mode_load(t, folders, names[i], &modes[i]);
    if (e)
        return e;
    *out       = modes;
    *out_count = count;
    return OK;
}
