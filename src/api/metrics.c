#include "api/metrics.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { CLASSES = 6 }; /* 1xx to 5xx by their first digit; 0 is not used */

struct row {
    _Atomic int64_t answered[CLASSES], took_us;
};

struct metrics {
    size_t count; /* of rows: one a route, and one for what had none */
    struct row rows[];
};

struct metrics *metrics_new(size_t route_count)
{
    struct metrics *m = calloc(1, sizeof *m + (route_count + 1) * sizeof *m->rows);
    if (!m)
        abort();
    m->count = route_count + 1;
    return m;
}

void metrics_free(struct metrics *m)
{
    free(m);
}

void metrics_request(struct metrics *m, int route, int status, int64_t took_us)
{
    struct row *r = &m->rows[route < 0 ? m->count - 1 : (size_t)route];
    int class = status / 100;
    if (class > 0 && class < CLASSES)
        atomic_fetch_add_explicit(&r->answered[class], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&r->took_us, took_us, memory_order_relaxed);
}

static void write_row(const struct row *r, const char *operation, struct text *out)
{
    int64_t all = 0;
    for (int class = 1; class < CLASSES; class++) {
        int64_t n = atomic_load(&((struct row *)r)->answered[class]);
        all += n;
        if (n > 0)
            text_printf(out,
                        "storyreel_http_requests_total{operation=\"%s\",status=\"%dxx\"} %" PRId64
                        "\n",
                        operation, class, n);
    }
    if (all == 0)
        return;
    text_printf(out, "storyreel_http_request_seconds_count{operation=\"%s\"} %" PRId64 "\n",
                operation, all);
    text_printf(out, "storyreel_http_request_seconds_sum{operation=\"%s\"} %.6f\n", operation,
                (double)atomic_load(&((struct row *)r)->took_us) / 1e6);
}

void metrics_write(const struct metrics *m, struct text *out,
                   const char *(*operation)(size_t route))
{
    text_append(out, "# HELP storyreel_http_requests_total Requests answered.\n"
                     "# TYPE storyreel_http_requests_total counter\n"
                     "# HELP storyreel_http_request_seconds Time from the first byte to the "
                     "reply.\n"
                     "# TYPE storyreel_http_request_seconds summary\n");
    for (size_t i = 0; i < m->count; i++)
        write_row(&m->rows[i], i + 1 < m->count ? operation(i) : "none", out);
}
