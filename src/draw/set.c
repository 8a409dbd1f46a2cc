#include "draw/set.h"

#include <stddef.h>

const struct set *set_of(enum look_place place)
{
    const struct set *families[] = { sets_city, sets_nature, sets_water, sets_travel,
                                     sets_home, sets_shows,  sets_beyond };

    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        for (const struct set *s = families[i]; s->place; s++)
            if (s->place == place)
                return s;
    return NULL;
}
