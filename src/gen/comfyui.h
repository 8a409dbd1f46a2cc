#pragma once

/*
 * ComfyUI, a server of one's own that runs graphs of nodes: files for them, runs, their results.
 *
 * A run has an id of our choosing, so that one whose answer was lost can be looked for by it. The
 * server forgets its history when it is started again. A call may be repeated unless it says
 * otherwise; each takes 15 s at most. Errors are those of service_refusal().
 *
 * Source  github.com/comfyanonymous/ComfyUI, server.py and execution.py, as of 2026-11
 */

#include "net/service.h"

/* A file into its input folder; *out_name is what a graph calls it. IMPOSSIBLE no picture. */
enum err comfyui_upload(const struct services *all, struct task *t, struct bytes file,
                        const char **out_name);

/*
 * Sent once: not to be repeated unless the outcome is NET_NOT_CREATED. A graph that would be run in
 * part only counts as refused: it is taken back.
 *
 * id      a lower-case UUID, unlike any before
 * Errors  IMPOSSIBLE names the node that is wrong, and what to do
 */
enum err comfyui_run(const struct services *all, struct task *t, const json_t *graph,
                     const char *id, enum net_outcome *outcome);

enum comfyui_state {
    COMFYUI_RUNNING = 1, /* or waiting for its turn */
    COMFYUI_SUCCEEDED,
    COMFYUI_FAILED,
    COMFYUI_INTERRUPTED,
    COMFYUI_UNKNOWN, /* it has not got it: it never came, was taken back, or all was forgotten */
};

struct comfyui_result {
    enum comfyui_state state;
    const char *video;  /* succeeded: the path of the first video it left; "" for none */
    const char *words;  /* failed: its words */
    int64_t clock_us;   /* wall time there */
};

enum err comfyui_look(const struct services *all, struct task *t, const char *id,
                      struct comfyui_result *out);

/* Whether it waits, runs or has ended. */
enum err comfyui_cancel(const struct services *all, struct task *t, const char *id);

/* What a path leads to, into `out`. NOT_FOUND when it is not there any more. */
enum err comfyui_fetch(const struct services *all, struct task *t, const char *path,
                       int64_t bytes_max, int out);
