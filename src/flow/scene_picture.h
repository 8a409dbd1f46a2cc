#pragma once

/* A scene as the renderer wants it: records and style become a draw_spec. Pure. */

#include "draw/draw.h"
#include "plan/plan.h"
#include "store/records.h"

/* Which of the project's pictures a scene shows; the renderer is given just those, in this order.
 */
struct picture_use {
    bool character, product;
};
struct picture_use scene_picture_use(const struct project *p, const struct scene *s);

struct draw_spec scene_picture(struct task *t, const struct project *p, const struct scene *s,
                               const struct style *style, const struct picture_use *use);
