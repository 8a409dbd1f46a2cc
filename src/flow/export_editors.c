/* Cuts for editing programs: OpenTimelineIO and Final Cut's XML. See export.h for their sources. */
#include "flow/export_cut.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

#include "base/text.h"

/* ---- OpenTimelineIO ---- */

static json_t *otio_time(int64_t frames)
{
    return json_pack("{ss sf sf}", "OTIO_SCHEMA", "RationalTime.1", "rate", (double)FILM_RATE_HZ,
                     "value", (double)frames);
}

static json_t *otio_range(int64_t start, int64_t frames)
{
    return json_pack("{ss so so}", "OTIO_SCHEMA", "TimeRange.1", "start_time", otio_time(start),
                     "duration", otio_time(frames));
}

/* What every thing on a timeline has. */
static json_t *otio_item(const char *schema, const char *name, json_t *range, json_t *metadata)
{
    return json_pack("{ss ss so so s[] s[] sb}", "OTIO_SCHEMA", schema, "name", name,
                     "source_range", range, "metadata", metadata, "effects", "markers", "enabled",
                     1);
}

/* Clip.1 holds one reference to its media: every release of the library reads it. */
static json_t *otio_clip(const char *name, const char *address, int64_t file_frames, json_t *range,
                         json_t *metadata)
{
    json_t *clip = otio_item("Clip.1", name, range, metadata);
    json_object_set_new(clip, "media_reference",
                        json_pack("{ss ss s{} ss so}", "OTIO_SCHEMA", "ExternalReference.1", "name",
                                  name, "metadata", "target_url", address, "available_range",
                                  otio_range(0, file_frames)));
    return clip;
}

static json_t *otio_scene(const struct cut_event *c)
{
    const struct scene *s = c->scene;
    json_t *range = otio_range(c->in, c->out - c->in);
    json_t *metadata = json_pack("{s{sI sI ss ss ss}}", "storyreel", "sequence",
                                 (json_int_t)s->sequence, "take", (json_int_t)s->selected_take,
                                 "title", s->title, "prompt", s->prompt, "camera", s->camera);
    return *c->file.key ? otio_clip(c->file.name, c->address, c->file_frames, range, metadata)
                        : otio_item("Gap.1", s->title, range, metadata);
}

static json_t *otio_track(const char *kind, json_t *children)
{
    json_t *track = otio_item("Track.1", kind, json_null(), json_object());
    json_object_set_new(track, "kind", json_string(kind));
    json_object_set_new(track, "children", children);
    return track;
}

const char *cut_otio(struct task *t, const struct cut_list *c)
{
    json_t *scenes = json_array(), *tracks = json_array();
    for (size_t i = 0; i < c->count; i++)
        json_array_append_new(scenes, otio_scene(&c->events[i]));
    json_array_append_new(tracks, otio_track("Video", scenes));
    if (*c->track.key) {
        json_t *sound = otio_clip(c->track.name, c->track_address, c->frames,
                                  otio_range(0, c->frames), json_object());
        json_array_append_new(tracks, otio_track("Audio", json_pack("[o]", sound)));
    }
    json_t *stack = otio_item("Stack.1", "tracks", json_null(), json_object());
    json_object_set_new(stack, "children", tracks);
    scoped(json) json_t *timeline =
        json_pack("{ss ss so s{} so}", "OTIO_SCHEMA", "Timeline.1", "name", c->title,
                  "global_start_time", json_null(), "metadata", "tracks", stack);
    char *text = json_dumps(timeline, JSON_INDENT(2));
    const char *out = arena_copy(t->arena, text);
    free(text);
    return out;
}

/* ---- Final Cut ---- */

/* Text inside an attribute. */
static const char *xml(struct task *t, const char *words)
{
    struct text out = text_new(t->arena);
    for (; *words; words++) {
        switch (*words) {
        case '&':  text_append(&out, "&amp;"); break;
        case '<':  text_append(&out, "&lt;"); break;
        case '>':  text_append(&out, "&gt;"); break;
        case '"':  text_append(&out, "&quot;"); break;
        case '\n': text_append(&out, " "); break;
        default:   text_append_n(&out, words, 1);
        }
    }
    return text_end(&out);
}

static const char *frames_text(struct task *t, int64_t frames)
{
    return arena_format(t->arena, "%" PRId64 "/%ds", frames, FILM_RATE_HZ);
}

/* Resources: "r1" is the format, "r2" the track, then one a scene. */
enum { FIRST_SCENE_RESOURCE = 3 };

static void fcpxml_asset(struct task *t, struct text *out, size_t id,
                         const struct export_file *file, const char *address, int64_t frames,
                         const char *attributes)
{
    text_printf(out,
                "    <asset id=\"r%zu\" name=\"%s\" start=\"0s\" duration=\"%s\" %s>\n"
                "      <media-rep kind=\"original-media\" src=\"%s\"/>\n"
                "    </asset>\n",
                id, xml(t, file->name), frames_text(t, frames), attributes, xml(t, address));
}

static void fcpxml_resources(struct task *t, struct text *out, const struct cut_list *c)
{
    text_printf(out,
                "  <resources>\n"
                "    <format id=\"r1\" frameDuration=\"1/%ds\" width=\"%" PRId64
                "\" height=\"%" PRId64 "\"/>\n",
                FILM_RATE_HZ, c->width_px, c->height_px);
    if (*c->track.key)
        fcpxml_asset(t, out, 2, &c->track, c->track_address, c->frames,
                     "hasAudio=\"1\" audioSources=\"1\" audioChannels=\"2\" audioRate=\"48000\"");
    for (size_t i = 0; i < c->count; i++) {
        const struct cut_event *event = &c->events[i];
        if (*event->file.key)
            fcpxml_asset(t, out, FIRST_SCENE_RESOURCE + i, &event->file, event->address,
                         event->file_frames, "hasVideo=\"1\" format=\"r1\"");
    }
    text_append(out, "  </resources>\n");
}

/* The track hangs on the first thing of the spine, in whose own time its offset is. */
static void fcpxml_track(struct task *t, struct text *out, const struct cut_list *c)
{
    const struct cut_event *first = &c->events[0];
    if (*c->track.key)
        text_printf(out,
                    "              <asset-clip ref=\"r2\" lane=\"-1\" offset=\"%s\" name=\"%s\" "
                    "duration=\"%s\"/>\n",
                    frames_text(t, *first->file.key ? first->in : 0), c->track.name,
                    frames_text(t, c->frames));
}

static void fcpxml_event(struct task *t, struct text *out, const struct cut_list *c, size_t i)
{
    const struct cut_event *event = &c->events[i];
    const char *element = *event->file.key ? "asset-clip" : "gap";
    text_printf(out, "            <%s ", element);
    if (*event->file.key)
        text_printf(out, "ref=\"r%zu\" ", FIRST_SCENE_RESOURCE + i);
    text_printf(out, "name=\"%s\" offset=\"%s\" start=\"%s\" duration=\"%s\">\n",
                xml(t, event->scene->title), frames_text(t, event->at),
                frames_text(t, *event->file.key ? event->in : 0),
                frames_text(t, event->out - event->in));
    if (i == 0)
        fcpxml_track(t, out, c);
    text_printf(out, "            </%s>\n", element);
}

const char *cut_fcpxml(struct task *t, const struct cut_list *c)
{
    struct text out = text_new(t->arena);
    const char *title = xml(t, c->title);
    text_append(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE fcpxml>\n"
                      "<fcpxml version=\"1.9\">\n");
    fcpxml_resources(t, &out, c);
    text_printf(&out,
                "  <library>\n    <event name=\"%s\">\n      <project name=\"%s\">\n"
                "        <sequence format=\"r1\" duration=\"%s\" tcStart=\"0s\" tcFormat=\"NDF\" "
                "audioLayout=\"stereo\" audioRate=\"48k\">\n          <spine>\n",
                title, title, frames_text(t, c->frames));
    for (size_t i = 0; i < c->count; i++)
        fcpxml_event(t, &out, c, i);
    text_append(&out, "          </spine>\n        </sequence>\n      </project>\n    </event>\n"
                      "  </library>\n</fcpxml>\n");
    return text_end(&out);
}
