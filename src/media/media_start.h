#pragma once

/*
 * What `storyreel media-child` does: load storyreel-media.so from where the program lives and hand
 * the process over to it. Returns the exit status; a module that cannot be found or loaded is said
 * on standard error.
 */
int media_child_start(void);
