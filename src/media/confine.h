#pragma once

/*
 * What a media child may still do once it reads what came from outside: compute, use the
 * descriptors it was given, start threads, end. No socket, no program, no other process, no memory
 * that is both data and code; no path either, but for what draws: that may read the system's fonts.
 *
 * Two walls. The filter of system calls (seccomp) kills the process at a call that no operation has
 * any use for, and refuses (EACCES, EPERM) what libraries try and can do without. Landlock denies
 * every file by its path, fonts apart.
 *
 * Depends on nothing of ours, so that its test can be built without sanitizers. A build with
 * sanitizers opens what they need themselves: reading /proc, ptrace, clone.
 *
 * Source  seccomp(2), landlock(7), seccomp_rule_add(3)
 */

#include <stdbool.h>

enum confine_reads { CONFINE_READS_NOTHING = 1, CONFINE_READS_FONTS };

/* For this thread and all that come after it, for good. False when this kernel has no such filter:
 * nothing is confined. */
bool confine_self(enum confine_reads reads);
