#pragma once

/*
 * Who paints reference pictures: the card driver, or an image model elsewhere.
 *
 * A picture that was paid for is remembered by what was asked for the moment it is kept, so that
 * a wish that failed at its third picture does not pay for the first two again.
 */

#include "flow/library.h"

struct painter {
    const struct image_driver *driver;
    struct model model; /* name "" where the driver needs none */
};

/*
 * name    "": the first driver; a driver's that needs no service; or an image model's
 * Errors  INVALID names what there is; AUTH the model's service is not configured
 */
enum err painter_find(const struct flow *f, struct task *t, const char *name, struct painter *out);

/* What one picture costs; -1 unknown. */
double painter_usd(const struct painter *p);

/* What the picture of this request is remembered by; "" for drivers that cost nothing. */
const char *painter_hash(struct task *t, const struct painter *p, const struct image_request *r,
                         const char *const *picture_hashes);

/* The picture bought before into key, hash, size and bytes of `r`; NOT_FOUND. */
enum err painter_recall(const struct flow *f, struct task *t, const char *hash,
                        struct reference *r);
enum err painter_remember(const struct flow *f, struct task *t, const char *hash,
                          const struct reference *r);
