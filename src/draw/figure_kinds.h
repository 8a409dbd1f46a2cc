#pragma once

/* One drawer a kind of figure; figure.c holds the table. For figure*.c only. */

#include "draw/figure_face.h"
#include "draw/figure_pose.h"

/* What a drawer is given. The cast is complete; the pen stands at the figure's origin, or at the
 * portrait's. */
struct sitter {
    const struct look_cast *cast;
    const struct figure_moment *moment;
    const struct figure_picture *picture; /* NULL for none */
};

typedef void figure_drawer(const struct pen *pen, const struct sitter *sitter);

figure_drawer person_draw, person_portrait;
figure_drawer crowd_draw, astronaut_draw, astronaut_portrait, robot_draw, robot_portrait;
figure_drawer dog_draw, cat_draw, bird_draw, horse_draw, fish_draw;
figure_drawer car_draw, bicycle_draw, boat_draw, rocket_draw, balloon_draw;
figure_drawer product_draw, product_portrait;

/* What decides how much room they take. */
bool bird_stands(int action);
bool rocket_flies(int action);

/* ---- people, shared ---- */

/* What people wear, under the light. */
struct wardrobe {
    struct paint skin, top, trim, bottom, shoe, inner;
};

struct person {
    const struct pen *pen;
    const struct look_cast *cast;
    struct body body;
    struct stance stance;
    struct skeleton bones;
    struct face face;
    struct wardrobe wear;
    const struct figure_picture *picture;
    bool close; /* a portrait: what is far below the chin is not drawn */
};

struct person person_of(const struct pen *pen, const struct sitter *sitter);
void person_paint(const struct person *p);

/* A portrait of whoever has a skeleton: the head, half_head high in units, fills the frame. */
void portrait_paint(const struct pen *pen, const struct sitter *sitter, double half_head,
                    void (*paint)(const struct person *p));

/* Someone drawn from `cast` in `action` whose pelvis is at x, y, facing right, without the action's
 * own prop. */
void rider_draw(const struct pen *pen, const struct sitter *sitter, int action, double x, double y);

/* The rider of the bicycle that bicycle_paint() draws, facing right. */
void cyclist_draw(const struct pen *pen, const struct sitter *sitter);

/* Limbs from joints: seven rings, softened at the bend. */
enum { LIMB_RINGS = 7 };
void limb_rings(struct joint a, struct joint b, struct joint c, double ra, double rb, double rc,
                struct ring out[LIMB_RINGS]);

/* figure_dress.c: trunk and what hangs from it. */
void dress_trunk(const struct person *p);
void dress_skirt(const struct person *p); /* of coats and dresses; nothing for the others */

/* figure_prop.c: what is held or sat on, by layer. */
void prop_behind(const struct person *p);
void prop_before(const struct person *p);
bool prop_is_held(const struct person *p); /* between both hands, before the arms */
void prop_held(const struct person *p);
void prop_in_hand(const struct person *p, int side);

/* A bicycle that goes right, its crank where the travel has turned it, made to fit the pose of
 * ACTION_RIDE. */
void bicycle_paint(const struct pen *pen, look_colour colour, double travel);

/* figure_picture.c: a picture as paper. Fitted to the box, never distorted; transparent pictures
 * keep their shape. */
void picture_card(const struct pen *pen, const struct figure_picture *picture,
                  struct figure_box box, double border);
void picture_cutout(const struct pen *pen, const struct figure_picture *picture,
                    struct figure_box box, double border);
/* A product stands on the lower edge of the box: its own outline, or a printed card when the
 * picture is opaque. */
void picture_product(const struct pen *pen, const struct figure_picture *picture,
                     struct figure_box box);
/* Where the picture of a person goes, in head units: cut-outs bring their shoulders. */
struct figure_box picture_head_box(const struct figure_picture *picture);
#define PICTURE_BORDER 0.10
bool picture_is_cut_out(const struct figure_picture *picture);
