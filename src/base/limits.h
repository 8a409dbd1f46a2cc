#pragma once

/*
 * Every ceiling of the program, one line each with its reason. What a user may want to change is
 * configuration and lives in app/; what protects the program lives here.
 */

enum {
    /* a page of text; video models take 1,000 to 5,000 characters */
    PROMPT_BYTES_MAX        = 8000,
    NAME_BYTES_MAX          = 200,          /* titles, names: one line on a card */
    /* a feature-length music video at 4 s a scene is about 1,000 */
    SCENES_MAX              = 1000,
    /* scenes plus title cards; also bounded by RLIMIT_NOFILE */
    CLIPS_MAX               = 1200,
    /* references of one scene: what the most generous model takes */
    PICTURES_MAX            = 8,
    CAST_MAX                = 6,            /* figures one picture can hold and still be read */
    BEATS_MAX               = 60000,        /* six hours at 160 beats a minute */
    SECTIONS_MAX            = 64,
    PEAKS_MAX               = 20000,        /* waveform bins: more than any screen is wide */
    JSON_BYTES_MAX          = 8 << 20,      /* one record or one message of the media child */
    JSON_DEPTH_MAX          = 32,
    YAML_BYTES_MAX          = 256 << 10,    /* a style or a model descriptor is a page */
    FRAME_SIDE_MAX_PX       = 8192,
    FRAME_PIXELS_MAX        = 33 << 20,     /* an 8K frame; bounds decoder memory */
    STREAMS_MAX             = 16,
    JOB_ATTEMPTS_MAX        = 5,            /* free steps; a paid attempt is sent once */
    KEY_BYTES_MAX           = 512,          /* blob and record keys */
    /* DynamoDB's item ceiling of 400 KB less what its attributes are called, kept on every store */
    RECORD_BYTES_MAX        = 398 << 10,
    LIST_ITEMS_MAX          = 100000,       /* one listing of a partition */
};

#define SONG_US_MAX    (INT64_C(3600) * 1000000)        /* an hour: longer is a mix or a mistake */
#define MEDIA_US_MAX   (INT64_C(6) * 3600 * 1000000)    /* any clip we open */
#define PICTURE_BYTES_MAX (INT64_C(64) << 20)           /* a reference picture file */
#define MEDIA_BYTES_MAX   (INT64_C(2) << 30)            /* an uploaded song or clip */
