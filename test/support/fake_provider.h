#pragma once

/*
 * A provider that films nothing and keeps honest books: what arrived, what it would have charged, what it lists. All
 * of it lies in memory that outlives forked processes. It follows a plan of what goes wrong.
 */

#include "gen/video.h"

enum { FAKE_CALLS_MAX = 64, FAKE_FAULTS_MAX = 16 };

enum fake_fault {
    FAKE_FINE,
    /* sending */
    FAKE_DROP_BEFORE,      /* the connection breaks and it did not arrive */
    FAKE_DROP_AFTER,       /* it breaks after it arrived */
    FAKE_BROKEN_AFTER,     /* 5xx after it arrived */
    FAKE_RATE,             /* 429 */
    FAKE_NO_CREDIT,        /* 402 */
    /* filming */
    FAKE_CONTENT,          /* refused by the filter */
    FAKE_BUSY,             /* "high demand": may work again */
    FAKE_STUCK,            /* never ends by itself */
    FAKE_SHORT,            /* a clip of half the length */
    /* fetching */
    FAKE_GONE,             /* the output is deleted before its time */
    FAKE_NO_CLIP,          /* what comes is not a clip */
    FAKE_CUT_OFF,          /* the download breaks, once */
};

struct fake_call {
    char    id[16], token[40], input[2048];
    int64_t created_us, finished_us, frames;
    int     fault;
    bool    cancelled, failed, billed, cut_off;
};

struct fake_provider {
    int64_t          now_us;                   /* the provider's clock is the test's */
    int64_t          films_us;                 /* how long a run takes */
    int64_t          lag_us;                   /* the list shows a call so much later */
    int64_t          keeps_us;                 /* outputs are deleted after */
    enum fake_fault  faults[FAKE_FAULTS_MAX];  /* of the n-th call that is sent */
    int              blind, mute;              /* so many listings fail, so many questions after one call */
    int              too_large;                /* so many looks at what came are more than we can do */
    int              sends, cancels, listings, polls, fetches;
    int              call_count;
    struct fake_call calls[FAKE_CALLS_MAX];
    int              ops, end_at;              /* at this operation the process ends: */
    void           (*end)(void);
};

/* The one the driver speaks to; zeroed by fake_provider_new(). */
extern struct fake_provider *fake_provider;
void fake_provider_new(void);

extern const struct video_driver video_fake;

int fake_billed(void);                         /* calls that were charged for */
