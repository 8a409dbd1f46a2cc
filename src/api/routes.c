/* Every operation of the contract, one row each. */
#include "api/routes.h"

#include <string.h>

#include "api/server.h"
#include "base/text.h"

#define P "/api/mv/projects"
#define ID P "/{projectId}"
#define SCENE ID "/scenes/{sequence}"

/* The first row that fits wins: "reorder" stands before "{sequence}". */
const struct route routes[] = {
    { "GET", P, list_projects, "listProjects", ROUTE_QUICK, NULL },
    { "POST", P, create_project, "createProject", ROUTE_KEYED | ROUTE_JSON | ROUTE_FORM,
      " audio images images characterImage productImage " },
    { "GET", ID, get_project, "getProject", ROUTE_QUICK, NULL },
    { "PATCH", ID, edit_project, "editProject", ROUTE_JSON, NULL },
    { "DELETE", ID, delete_project, "deleteProject", 0, NULL },
    { "POST", ID "/duplicate", duplicate_project, "duplicateProject", ROUTE_KEYED | ROUTE_JSON,
      NULL },
    { "GET", ID "/plan", get_plan, "getPlan", ROUTE_QUICK, NULL },
    { "POST", ID "/plan", draft_plan, "draftPlan", ROUTE_KEYED | ROUTE_JSON, NULL },
    { "POST", ID "/generate", generate_film, "generateFilm", ROUTE_KEYED | ROUTE_JSON, NULL },
    { "POST", ID "/compose", compose_film, "composeFilm", ROUTE_KEYED | ROUTE_JSON, NULL },
    { "POST", ID "/cancel", cancel_project, "cancelProject", ROUTE_KEYED | ROUTE_JSON, NULL },
    { "GET", ID "/final-video", get_final_video, "getFinalVideo", 0, NULL },
    { "GET", ID "/cuts", list_cuts, "listCuts", ROUTE_QUICK, NULL },
    { "GET", ID "/export/{format}", export_project, "exportProject", 0, NULL },
    { "GET", ID "/events", follow_project, "followProject", ROUTE_SIGNED, NULL },
    { "GET", "/api/mv/events", follow_projects, "followProjects", ROUTE_QUICK | ROUTE_SIGNED,
      NULL },
    { "GET", ID "/jobs", list_jobs, "listJobs", ROUTE_QUICK, NULL },
    { "GET", ID "/ledger", get_ledger, "getLedger", ROUTE_QUICK, NULL },
    { "GET", ID "/ledger/{entryId}", get_ledger_entry, "getLedgerEntry", 0, NULL },
    { "POST", ID "/ledger/{entryId}/decide", decide_entry, "decideEntry", ROUTE_KEYED | ROUTE_JSON,
      NULL },
    { "GET", ID "/song-map", get_song_map, "getSongMap", ROUTE_QUICK, NULL },
    { "POST", ID "/scenes", add_scene, "addScene", ROUTE_KEYED | ROUTE_JSON, NULL },
    { "PATCH", ID "/scenes/reorder", reorder_scenes, "reorderScenes", ROUTE_JSON, NULL },
    { "GET", SCENE, get_scene, "getScene", ROUTE_QUICK, NULL },
    { "PATCH", SCENE, edit_scene, "editScene", ROUTE_JSON, NULL },
    { "DELETE", SCENE, delete_scene, "deleteScene", 0, NULL },
    { "POST", SCENE "/regenerate", regenerate_scene, "regenerateScene", ROUTE_KEYED | ROUTE_JSON,
      NULL },
    { "POST", SCENE "/rewrite", rewrite_scene, "rewriteScene", ROUTE_KEYED | ROUTE_JSON, NULL },
    { "POST", SCENE "/trim", trim_scene, "trimScene", ROUTE_KEYED | ROUTE_JSON, NULL },
    { "DELETE", SCENE "/trim", untrim_scene, "untrimScene", 0, NULL },
    { "POST", SCENE "/upload_video", upload_take, "uploadTake", ROUTE_KEYED | ROUTE_FORM,
      " video " },
    { "GET", SCENE "/takes", list_takes, "listTakes", ROUTE_QUICK, NULL },
    { "POST", SCENE "/takes/{take}/select", select_take, "selectTake", ROUTE_KEYED | ROUTE_JSON,
      NULL },
    { "POST", ID "/lipsync/{sequence}", sync_lips, "syncLips", ROUTE_KEYED | ROUTE_JSON, NULL },
    { "DELETE", ID "/lipsync/{sequence}", unsync_lips, "unsyncLips", 0, NULL },
    { "POST", "/api/mv/generate_character_reference", generate_reference, "generateReference",
      ROUTE_KEYED | ROUTE_JSON, NULL },
    { "POST", "/api/mv/upload_character_reference", upload_reference, "uploadReference",
      ROUTE_KEYED | ROUTE_JSON | ROUTE_FORM, " image " },
    { "GET", "/api/mv/get_character_reference/{referenceId}", get_reference, "getReference", 0,
      NULL },
    { "GET", "/api/mv/library/ledger", get_library_ledger, "getLibraryLedger", 0, NULL },
    { "GET", "/api/mv/library/ledger/{entryId}", get_library_ledger_entry, "getLibraryLedgerEntry",
      0, NULL },
    { "POST", "/api/audio/analyze", analyze_audio, "analyzeAudio",
      ROUTE_KEYED | ROUTE_JSON | ROUTE_FORM, " audio " },
    { "POST", "/api/audio/generate-music", generate_music, "generateMusic",
      ROUTE_KEYED | ROUTE_JSON, NULL },
    { "GET", "/api/mv/get_director_configs", list_director_configs, "listDirectorConfigs", 0,
      NULL },
    { "GET", "/api/mv/models", list_models, "listModels", 0, NULL },
    { "POST", "/api/session", sign_in, "signIn", ROUTE_OPEN | ROUTE_QUICK | ROUTE_JSON, NULL },
    { "DELETE", "/api/session", sign_out, "signOut", ROUTE_OPEN | ROUTE_QUICK, NULL },
    { "POST", "/api/webhooks/replicate/{callToken}", receive_hint, "receiveHint",
      ROUTE_OPEN | ROUTE_JSON, NULL },
    { "GET", "/api/openapi.yaml", get_contract, "getContract", ROUTE_QUICK, NULL },
    { "GET", "/api/", get_reference_page, "getReferencePage", ROUTE_QUICK, NULL },
    { "GET", "/healthz", get_health, "getHealth", ROUTE_OPEN | ROUTE_QUICK, NULL },
    { "GET", "/readyz", get_readiness, "getReadiness", ROUTE_OPEN, NULL },
    { "GET", "/metrics", get_metrics, "getMetrics", 0, NULL },
    { "GET", "/media/{key...}", get_media, "getMedia", ROUTE_OPEN | ROUTE_QUICK, NULL },
    { "GET", "/{page...}", get_page, "getPage", ROUTE_OPEN | ROUTE_QUICK, NULL },
};
const size_t route_count = sizeof routes / sizeof *routes;

/*
 * Does `path` fit `pattern`, where "{name}" stands for a part that is not empty and "{name...}" for
 * all that is left? Arguments go to x->args.
 */
static bool fits(struct exchange *x, const char *pattern, const char *path)
{
    size_t count = 0;
    while (*pattern) {
        if (*pattern != '{') {
            if (*pattern++ != *path++)
                return false;
            continue;
        }
        const char *close = strchr(pattern, '}');
        bool rest = close[-1] == '.';
        size_t bytes = rest ? strlen(path) : strcspn(path, "/");
        if (bytes == 0 && !rest)
            return false;
        x->args[count++] = arena_copy_n(x->task.arena, path, bytes);
        path += bytes;
        pattern = close + 1;
    }
    return !*path;
}

static bool method_is(const struct route *r, const char *method)
{
    return text_equal(r->method, method) ||
           (text_equal(r->method, "GET") && text_equal(method, "HEAD"));
}

static bool is_page(const struct route *r)
{
    return r->handle == get_page;
}

/* Only the dashboard's pages have a page that says "not found"; what programs ask for has not. */
static bool is_for_programs(const char *path)
{
    return text_starts(path, "/api/") || text_starts(path, "/media/") || text_equal(path, "/api");
}

enum err route_find(struct exchange *x)
{
    struct text allowed = text_new(x->task.arena);
    for (size_t i = 0; i < route_count; i++) {
        const struct route *r = &routes[i];
        if ((is_page(r) && (is_for_programs(x->path) || allowed.length)) ||
            !fits(x, r->path, x->path))
            continue;
        if (method_is(r, x->method)) {
            x->route = r;
            return OK;
        }
        text_printf(&allowed, "%s%s", allowed.length ? ", " : "", r->method);
    }
    if (!allowed.length)
        return refuse(&x->task, ERR_NOT_FOUND, "GET /api/ lists what there is",
                      "there is nothing at this address");
    x->reply.allow = text_end(&allowed);
    return fail(&x->task, ERR_METHOD, "%s is not among what can be done here: %s",
                text_is_clean_utf8(x->method, strlen(x->method)) ? x->method : "this",
                x->reply.allow);
}
