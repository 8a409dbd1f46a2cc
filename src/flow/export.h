#pragma once

/*
 * The cut for other programs: what the board shows, as a list of files and the parts of them that
 * are used, one after the other, on the film's track. The media are named, not changed.
 *
 *   otio    OpenTimelineIO, schema Timeline.1 (opentimelineio.readthedocs.io, "File format")
 *   fcpxml  version 1.9 (developer.apple.com, "FCPXML reference"); also read by Resolve and
 *           Premiere
 *   edl     CMX 3600: cuts at 24 frames, non-drop, the film from 01:00:00:00 on
 *   srt     the lines of the scenes, sung or said, at their time of the film (SubRip)
 *   vtt     the same (w3.org/TR/webvtt1)
 *
 * A scene without a take is a gap. Positions are frames of 1/24 s.
 *
 * Errors  CONFLICT before there are scenes; LIMIT more cuts than an edl can number
 */

#include "flow/flow.h"

enum export_format {
    EXPORT_NOT_SET,
    EXPORT_OTIO,
    EXPORT_FCPXML,
    EXPORT_EDL,
    EXPORT_SRT,
    EXPORT_VTT,
};
extern const char *const export_format_names[]; /* "", "otio", ... */
extern const char *const export_media_types[];  /* "", "application/json", ... */

/* A file that the cut is made of. */
struct export_file {
    const char *key;  /* its blob; "" for none */
    const char *name; /* "scene-003-take-2.mp4", "track.m4a" */
};

/* Where the other program finds it: a path, or an address. In the arena. */
typedef const char *export_address(void *host, struct task *t, const struct export_file *file);

enum err export_write(struct task *t, const struct board *b, int format, export_address *address,
                      void *host, const char **out);

/* Every file that it names, each once. */
enum err export_files(struct task *t, const struct board *b, struct export_file **out,
                      size_t *out_count);

/*
 * Into the file `path`, and what it names into the folder beside it that has its name and "-media"
 * ("cut.otio", "cut-media/scene-003-take-2.mp4"). Captions name nothing.
 */
enum err project_export_cut(const struct flow *f, struct task *t, const char *project_id,
                            int format, const char *path);
