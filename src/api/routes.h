#pragma once

/* The handlers, by the operationId of api/openapi.yaml. */

#include "api/exchange.h"

handler list_projects, create_project, get_project, edit_project, delete_project,
    duplicate_project, get_plan, draft_plan, generate_film, compose_film, cancel_project,
    get_final_video, list_cuts, export_project, follow_project, follow_projects, list_jobs,
    get_ledger, get_ledger_entry, decide_entry, get_song_map;
handler add_scene, reorder_scenes, get_scene, edit_scene, delete_scene, regenerate_scene,
    rewrite_scene, trim_scene, untrim_scene, upload_take, list_takes, select_take, sync_lips,
    unsync_lips;
handler generate_reference, upload_reference, get_reference, get_library_ledger,
    get_library_ledger_entry, analyze_audio, generate_music, list_director_configs,
    list_models;
handler sign_in, sign_out, receive_hint, get_contract, get_reference_page, get_health,
    get_readiness, get_metrics, get_media, get_page;
