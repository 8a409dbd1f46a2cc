#include "draw/draw.h"

#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>

void draw_forget(void)
{
    pango_cairo_font_map_set_default(NULL);
    cairo_debug_reset_static_data();
    FcFini();
}
