/*
 * The courier, from the back of her hood to the drops on its rim. The order of the layers is the order of the calls in
 * courier_draw(); everything is symmetrical about the middle of her face but for what makes her someone.
 */

#include "pictures.h"

#include <math.h>

#include "paper.h"

enum {
    COAT = 0xf6b62c, COAT_SHADE = 0xd98a1b, COAT_INSIDE = 0xa65a1a,
    SKIN = 0xd99a6c, SKIN_SHADE = 0xb9734f, BLUSH = 0xe2604a,
    HAIR = 0x2a2136, HAIR_LIGHT = 0x51406a,
    SCARF = 0x1d7d80, SCARF_LIGHT = 0x7fc7b8,
    STRAP = 0x27344f, STRAP_LIGHT = 0x4a5c80,
    EYE = 0x2b1a22, WHITE = 0xfff6e8, LIPS = 0xb8433f, DROP = 0xeaf7ff,
};

#define MIDDLE 512.0

static const struct point shoulders[] = {
    { 40, 1024 }, { 40, 1024 }, { 66, 930 }, { 150, 830 }, { 300, 762 }, { 420, 726 }, { 512, 716 }, { 604, 726 },
    { 724, 762 }, { 874, 830 }, { 958, 930 }, { 984, 1024 }, { 984, 1024 },
};
static const struct point hood_back[] = {
    { 512, 62 }, { 486, 74 }, { 380, 112 }, { 268, 212 }, { 212, 372 }, { 218, 540 }, { 272, 690 }, { 352, 786 },
    { 512, 820 }, { 672, 786 }, { 752, 690 }, { 806, 540 }, { 812, 372 }, { 756, 212 }, { 650, 118 }, { 556, 72 },
};
static const struct point hood_shade[] = {
    { 640, 110 }, { 640, 110 }, { 756, 212 }, { 812, 372 }, { 806, 540 }, { 752, 690 }, { 672, 786 }, { 672, 786 },
    { 730, 660 }, { 764, 530 }, { 764, 384 }, { 716, 230 },
};
static const struct point hood_opening[] = {
    { 512, 168 }, { 410, 190 }, { 332, 268 }, { 296, 390 }, { 298, 530 }, { 338, 652 }, { 418, 742 }, { 512, 770 },
    { 606, 742 }, { 686, 652 }, { 726, 530 }, { 728, 390 }, { 692, 268 }, { 614, 190 },
};
static const struct point hair_back[] = {
    { 512, 176 }, { 392, 208 }, { 322, 318 }, { 300, 470 }, { 308, 604 }, { 346, 690 }, { 346, 690 }, { 430, 716 },
    { 512, 722 }, { 594, 716 }, { 678, 690 }, { 678, 690 }, { 716, 604 }, { 724, 470 }, { 702, 318 }, { 632, 208 },
};
static const struct point neck[] = {
    { 450, 600 }, { 450, 600 }, { 450, 700 }, { 430, 790 }, { 430, 790 }, { 594, 790 }, { 594, 790 }, { 574, 700 },
    { 574, 600 }, { 574, 600 },
};
static const struct point face[] = {
    { 512, 262 }, { 420, 286 }, { 370, 372 }, { 362, 470 }, { 378, 560 }, { 430, 636 }, { 482, 674 }, { 512, 680 },
    { 542, 674 }, { 594, 636 }, { 646, 560 }, { 662, 470 }, { 654, 372 }, { 604, 286 },
};
static const struct point face_shade[] = {
    { 604, 286 }, { 604, 286 }, { 654, 372 }, { 662, 470 }, { 646, 560 }, { 594, 636 }, { 542, 674 }, { 512, 680 },
    { 512, 680 }, { 566, 640 }, { 606, 566 }, { 622, 470 }, { 616, 380 },
};
static const struct point fringe[] = {
    { 512, 214 }, { 410, 236 }, { 346, 330 }, { 334, 452 }, { 340, 520 }, { 340, 520 }, { 372, 462 }, { 386, 404 },
    { 392, 372 }, { 392, 372 }, { 452, 392 }, { 530, 376 }, { 590, 326 }, { 590, 326 }, { 618, 366 }, { 642, 432 },
    { 684, 520 }, { 684, 520 }, { 692, 440 }, { 678, 330 }, { 614, 236 },
};
static const struct point fringe_light[] = {
    { 402, 312 }, { 402, 312 }, { 432, 336 }, { 500, 338 }, { 560, 304 }, { 588, 276 }, { 588, 276 }, { 566, 322 },
    { 510, 358 }, { 438, 360 },
};
static const struct point brow[] = {
    { 398, 424 }, { 398, 424 }, { 426, 404 }, { 464, 410 }, { 478, 420 }, { 478, 420 }, { 440, 416 },
};
static const struct point eye_white[] = {
    { 400, 478 }, { 400, 478 }, { 418, 456 }, { 446, 450 }, { 470, 464 }, { 480, 484 }, { 480, 484 }, { 458, 496 },
    { 424, 494 },
};
static const struct point lid[] = {
    { 388, 478 }, { 388, 478 }, { 412, 450 }, { 446, 441 }, { 474, 458 }, { 484, 486 }, { 484, 486 }, { 466, 466 },
    { 444, 458 }, { 420, 464 }, { 402, 480 },
};
static const struct point nose[] = {
    { 516, 480 }, { 516, 480 }, { 532, 530 }, { 536, 556 }, { 514, 566 }, { 494, 560 }, { 494, 560 }, { 514, 552 },
    { 520, 534 },
};
static const struct point mouth[] = {
    { 466, 606 }, { 466, 606 }, { 490, 601 }, { 504, 598 }, { 513, 602 }, { 522, 598 }, { 540, 600 }, { 566, 600 },
    { 566, 600 }, { 546, 622 }, { 516, 630 }, { 486, 622 },
};
static const struct point scarf[] = {
    { 352, 712 }, { 352, 712 }, { 420, 738 }, { 512, 750 }, { 604, 738 }, { 672, 712 }, { 672, 712 }, { 704, 780 },
    { 690, 838 }, { 612, 876 }, { 512, 888 }, { 412, 876 }, { 334, 838 }, { 320, 780 },
};
static const struct point scarf_fold[] = {
    { 356, 748 }, { 356, 748 }, { 432, 792 }, { 530, 804 }, { 640, 780 }, { 678, 752 }, { 678, 752 }, { 664, 822 },
    { 560, 852 }, { 452, 838 }, { 372, 796 },
};
static const struct point scarf_end[] = {
    { 566, 800 }, { 566, 800 }, { 640, 792 }, { 640, 792 }, { 668, 900 }, { 676, 1024 }, { 676, 1024 }, { 572, 1024 },
    { 572, 1024 }, { 578, 900 },
};
static const struct point lapel[] = {
    { 330, 752 }, { 330, 752 }, { 282, 776 }, { 250, 800 }, { 250, 800 }, { 330, 900 }, { 486, 1024 }, { 486, 1024 },
    { 512, 1024 }, { 512, 1024 }, { 512, 884 }, { 512, 884 }, { 400, 842 },
};
static const struct point strap[] = {
    { 196, 800 }, { 196, 800 }, { 268, 774 }, { 268, 774 }, { 420, 900 }, { 560, 1024 }, { 560, 1024 }, { 456, 1024 },
    { 456, 1024 }, { 330, 912 },
};

static void lay(cairo_t *cr, struct outline o, uint32_t colour, double lift_px)
{
    outline_path(cr, o);
    paper_lay(cr, colour, lift_px);
}

static void print(cairo_t *cr, struct outline o, uint32_t colour, double alpha)
{
    outline_path(cr, o);
    paper_print(cr, colour, alpha);
}

static void both(cairo_t *cr, struct outline o)
{
    outline_path(cr, o);
    outline_mirrored(cr, o, MIDDLE);
}

static void disc(cairo_t *cr, double x, double y, double radius)
{
    cairo_new_sub_path(cr);
    cairo_arc(cr, x, y, radius, 0, 2 * M_PI);
}

static void draw_coat(cairo_t *cr)
{
    lay(cr, outline_of(shoulders), COAT, 10);
    both(cr, outline_of(lapel));
    paper_print(cr, COAT_SHADE, 0.55);
    cairo_move_to(cr, 236, 1024);
    cairo_curve_to(cr, 226, 980, 210, 950, 186, 922);
    cairo_move_to(cr, 788, 1024);
    cairo_curve_to(cr, 798, 980, 814, 950, 838, 922);
    paper_line(cr, COAT_INSIDE, 0.35, 5);
}

static void draw_eye(cairo_t *cr)
{
    print(cr, outline_of(eye_white), WHITE, 1);
    cairo_save(cr);
    outline_path(cr, outline_of(eye_white));
    cairo_clip(cr);
    disc(cr, 446, 473, 21);
    paper_print(cr, 0x6b3a22, 1);
    disc(cr, 446, 473, 12);
    paper_print(cr, EYE, 1);
    cairo_restore(cr);
    disc(cr, 438, 464, 6);
    paper_print(cr, 0xffffff, 0.95);
    print(cr, outline_of(lid), EYE, 1);
    print(cr, outline_of(brow), HAIR, 1);
}

static void draw_cheek(cairo_t *cr, double x, double y)
{
    for (int i = 6; i > 0; i--) {
        disc(cr, x, y, 8.0 * i);
        paper_print(cr, BLUSH, 0.07);
    }
}

static void draw_freckles(cairo_t *cr)
{
    static const struct point at[] = {
        { 462, 538 }, { 446, 530 }, { 430, 540 }, { 450, 552 }, { 562, 538 }, { 578, 530 }, { 594, 541 }, { 574, 552 },
    };
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        disc(cr, at[i].x, at[i].y, 3.1);
        paper_print(cr, 0x8a4b30, 0.6);
    }
}

static void draw_face(cairo_t *cr)
{
    lay(cr, outline_of(neck), SKIN_SHADE, 4);
    lay(cr, outline_of(face), SKIN, 7);
    print(cr, outline_of(face_shade), SKIN_SHADE, 0.55);
    draw_cheek(cr, 424, 560);
    draw_cheek(cr, 600, 560);
    draw_freckles(cr);
    print(cr, outline_of(nose), SKIN_SHADE, 0.9);
    draw_eye(cr);
    cairo_save(cr);                               /* the other eye: mirrored, its light from the same side */
    cairo_translate(cr, 2 * MIDDLE, 0);
    cairo_scale(cr, -1, 1);
    draw_eye(cr);
    cairo_restore(cr);
    print(cr, outline_of(mouth), LIPS, 1);
    cairo_move_to(cr, 466, 606);
    cairo_curve_to(cr, 490, 614, 540, 613, 566, 600);
    paper_line(cr, 0x7c2530, 0.9, 4);
}

static void draw_hair(cairo_t *cr)
{
    lay(cr, outline_of(fringe), HAIR, 9);
    print(cr, outline_of(fringe_light), HAIR_LIGHT, 0.85);
}

static void draw_scarf(cairo_t *cr)
{
    lay(cr, outline_of(scarf_end), SCARF, 9);
    for (int i = 0; i < 3; i++) {
        cairo_rectangle(cr, 560, 916 + 36 * i, 130, 12);
        cairo_save(cr);
        cairo_path_t *stripe = cairo_copy_path(cr);
        cairo_new_path(cr);
        outline_path(cr, outline_of(scarf_end));
        cairo_clip(cr);
        cairo_append_path(cr, stripe);
        paper_print(cr, SCARF_LIGHT, 0.9);
        cairo_path_destroy(stripe);
        cairo_restore(cr);
    }
    lay(cr, outline_of(scarf), SCARF, 12);
    lay(cr, outline_of(scarf_fold), 0x239497, 6);
}

static void draw_strap(cairo_t *cr)
{
    lay(cr, outline_of(strap), STRAP, 10);
    cairo_move_to(cr, 226, 800);
    cairo_line_to(cr, 360, 914);
    cairo_line_to(cr, 486, 1024);
    cairo_set_dash(cr, (double[]){ 13, 11 }, 2, 0);
    paper_line(cr, STRAP_LIGHT, 1, 4);
    cairo_set_dash(cr, NULL, 0, 0);
}

/* The front of the hood: a ring, so that its shadow falls on her hair and brow. */
static void draw_hood_front(cairo_t *cr)
{
    cairo_set_fill_rule(cr, CAIRO_FILL_RULE_EVEN_ODD);
    outline_path(cr, outline_of(hood_back));
    outline_path(cr, outline_of(hood_opening));
    paper_lay(cr, COAT, 15);
    cairo_set_fill_rule(cr, CAIRO_FILL_RULE_WINDING);
    print(cr, outline_of(hood_shade), COAT_SHADE, 0.6);
    outline_path(cr, outline_of(hood_opening));
    paper_line(cr, COAT_SHADE, 0.8, 16);
    outline_path(cr, outline_of(hood_opening));
    paper_line(cr, 0xffdc7d, 0.9, 4);
    cairo_move_to(cr, 514, 70);
    cairo_curve_to(cr, 522, 100, 522, 130, 518, 158);
    paper_line(cr, COAT_INSIDE, 0.4, 4);
}

/* A drop hangs from a point; the light comes through it and gathers at its lower end. */
static void draw_drop(cairo_t *cr, double x, double y, double size)
{
    cairo_save(cr);
    cairo_translate(cr, x, y);
    cairo_scale(cr, size, size);
    cairo_move_to(cr, 0, -2.1);
    cairo_curve_to(cr, 0.35, -1.0, 1, -0.6, 1, 0.15);
    cairo_curve_to(cr, 1, 1.35, -1, 1.35, -1, 0.15);
    cairo_curve_to(cr, -1, -0.6, -0.35, -1.0, 0, -2.1);
    paper_print(cr, COAT_SHADE, 0.9);
    disc(cr, 0.12, 0.42, 0.5);
    paper_print(cr, 0xffe39a, 0.9);
    disc(cr, -0.38, -0.2, 0.24);
    paper_print(cr, DROP, 1);
    cairo_restore(cr);
}

static void draw_drops(cairo_t *cr)
{
    static const struct { double x, y, size; } drops[] = {
        { 322, 236, 10 }, { 270, 330, 7 }, { 248, 452, 11 }, { 282, 596, 8 }, { 402, 152, 8 }, { 604, 136, 9 },
        { 700, 214, 7 }, { 752, 400, 9 }, { 742, 566, 7 }, { 132, 920, 10 }, { 860, 884, 9 }, { 772, 842, 7 },
        { 904, 976, 11 },
    };
    for (size_t i = 0; i < sizeof drops / sizeof *drops; i++)
        draw_drop(cr, drops[i].x, drops[i].y, drops[i].size);
}

/* Her head leans a little to one side, which is most of her character. */
static void lean(cairo_t *cr)
{
    cairo_translate(cr, MIDDLE, 800);
    cairo_rotate(cr, -0.065);
    cairo_translate(cr, -MIDDLE, -800);
}

void courier_draw(cairo_t *cr)
{
    cairo_save(cr);
    lean(cr);
    outline_path(cr, outline_of(hood_back));
    paper_lay(cr, COAT_INSIDE, 0.5);
    lay(cr, outline_of(hair_back), HAIR, 6);
    cairo_restore(cr);

    draw_coat(cr);

    cairo_save(cr);
    lean(cr);
    draw_face(cr);
    draw_hair(cr);
    draw_hood_front(cr);
    cairo_restore(cr);

    draw_scarf(cr);
    draw_strap(cr);
    draw_drops(cr);
}
