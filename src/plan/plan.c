/* The plan as a document, and the front door of the planners. */
#include "plan/plan.h"

#include "base/text.h"
#include "plan/premise.h"

static const struct field cut_fields[] = {
    FIELD_INT(struct cut, start_frame, "startFrame", .min = 0, .max = 1e9),
    FIELD_INT(struct cut, frame_count, "frames", .required = true, .min = 1, .max = 1e9),
    FIELD_INT(struct cut, film_frames, "filmFrames", .min = 0, .max = 1e9),
    FIELDS_END
};

static const struct field planned_scene_fields[] = {
    FIELD_TEXT(struct planned_scene, title, "title", .required = true, .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct planned_scene, prompt, "prompt", .required = true),
    FIELD_TEXT(struct planned_scene, negative_prompt, "negativePrompt"),
    FIELD_TEXT(struct planned_scene, camera, "camera", .bytes_max = 400),
    FIELD_TEXT(struct planned_scene, action, "action", .bytes_max = 1000),
    FIELD_TEXT(struct planned_scene, story_beat, "storyBeat", .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct planned_scene, section, "section", .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct planned_scene, line, "line"),
    FIELD_OBJECT(struct planned_scene, cut, "cut", cut_fields),
    FIELD_OBJECT(struct planned_scene, look, "look", look_fields),
    FIELD_NUMBER(struct planned_scene, energy, "energy", .min = 0, .max = 1),
    FIELD_BOOL(struct planned_scene, lips_move, "lipsMove"),
    FIELD_BOOL(struct planned_scene, product_shot, "productShot"),
    FIELD_BOOL(struct planned_scene, end_card, "endCard"),
    FIELD_TEXT(struct planned_scene, card_title, "cardTitle", .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct planned_scene, card_line, "cardLine", .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct planned_scene, card_action, "cardAction", .bytes_max = NAME_BYTES_MAX),
    FIELDS_END
};

const struct field plan_fields[] = {
    FIELD_TEXT(struct plan, title, "title", .bytes_max = NAME_BYTES_MAX),
    FIELD_TEXT(struct plan, logline, "logline", .bytes_max = 1000),
    FIELD_OBJECTS(struct plan, scenes, scene_count, "scenes", planned_scene_fields,
                  .required = true, .count_max = SCENES_MAX),
    FIELDS_END
};

const char *plan_hero_name(struct task *t, const struct plan_request *request)
{
    return text_is_empty(request->character)
               ? "" : subject_from_description(t->arena, request->character, "the hero").cast.name;
}

enum err plan_draft(struct task *t, const struct planner_driver *planner,
                    const struct plan_request *request, struct plan *out)
{
    struct plan plan = { 0 };
    enum err e = planner->draft(t, request, &plan);
    if (!e)
        e = plan_check(t, request, &plan);
    if (e)
        return e;
    *out = plan;
    return OK;
}

static enum err check_and_give(struct task *t, const struct plan_request *film,
                               const struct planned_scene *scene, struct planned_scene *out)
{
    enum err e = plan_check_scene(t, film, scene);
    if (!e)
        *out = *scene;
    return e;
}

enum err plan_idea(struct task *t, const struct planner_driver *planner,
                   const struct idea_request *request, struct planned_scene *out)
{
    struct planned_scene scene;
    enum err e = planner->idea(t, request, &scene);
    return e ? e : check_and_give(t, request->film, &scene, out);
}

enum err plan_rewrite(struct task *t, const struct planner_driver *planner,
                      const struct rewrite_request *request, struct planned_scene *out)
{
    struct planned_scene scene;
    enum err e = planner->rewrite(t, request, &scene);
    return e ? e : check_and_give(t, request->film, &scene, out);
}
