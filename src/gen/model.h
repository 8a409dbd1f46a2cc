#pragma once

/*
 * Model descriptors: what a video model can make and costs. Data, read from models/NAME.yaml, the
 * user's folder first and the shipped folder second; nothing here knows a provider.
 */

#include "base/fields.h"

struct model_folders {
    const char *user, *shipped; /* either may be NULL */
};

struct model {
    const char *name; /* file name without .yaml; what --video takes */
    const char *title;
    const char *driver; /* which protocol: "animatic", ... */
    const char
        *version; /* part of every take's input hash: raised when the model films differently */
    double
        *lengths; /* seconds it can film, ascending; empty: any from seconds_min to seconds_max */
    size_t length_count;
    double seconds_min, seconds_max;
    double usd_per_second; /* 0 is free; -1 unknown, which counts as over every cap */
};

enum err model_load(struct task *t, const struct model_folders *folders, const char *name,
                    struct model *out);
enum err model_list(struct task *t, const struct model_folders *folders, struct model **out,
                    size_t *out_count);
