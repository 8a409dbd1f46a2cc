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

/*
 * The picture of this request into key, hash, size and bytes of `out`. What was bought before is
 * recalled; what was paid for and did not come is fetched while its service keeps it; only then is
 * one bought.
 *
 * picture_hashes  of what is in request->pictures
 * Errors          those of counter.h and gen/image.h
 */
enum err painter_paint(const struct flow *f, struct task *t, const struct painter *p,
                       const struct image_request *request, const char *const *picture_hashes,
                       struct reference *out);
