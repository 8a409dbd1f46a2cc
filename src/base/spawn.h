#pragma once

/* What every program that is started from here has in common. */

#include <signal.h>
#include <spawn.h>

/*
 * Signals as they are by default, and a group of its own: Ctrl-C on the terminal reaches the
 * program that started it, which decides. An error number, or 0.
 */
static inline int spawn_manners(posix_spawnattr_t *manners)
{
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(manners, &all);
    posix_spawnattr_setsigmask(manners, &none);
    posix_spawnattr_setpgroup(manners, 0);
    return posix_spawnattr_setflags(manners, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
                                                 POSIX_SPAWN_SETPGROUP);
}
