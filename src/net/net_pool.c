/*
 * A small stack: the connection used last is the one most surely still open. curl itself looks at
 * the age of a connection before it uses it again (two minutes).
 */
#include "net/net_pool.h"

#include <pthread.h>
#include <stdlib.h>

enum { KEPT_MAX = 32 }; /* as many as threads may call one service at once; more are closed */

struct net_pool {
    pthread_mutex_t lock; /* guards all below */
    const struct curl_library *curl;
    CURL *kept[KEPT_MAX];
    int count;
};

struct net_pool *net_pool_new(void)
{
    struct net_pool *p = calloc(1, sizeof *p);
    if (!p)
        abort();
    pthread_mutex_init(&p->lock, NULL);
    return p;
}

void net_pool_free(struct net_pool *p)
{
    if (!p)
        return;
    while (p->count > 0)
        p->curl->curl_easy_cleanup(p->kept[--p->count]);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

CURL *net_pool_take(struct net_pool *p, const struct curl_library *curl)
{
    CURL *easy = NULL;
    if (p) {
        pthread_mutex_lock(&p->lock);
        p->curl = curl;
        easy = p->count > 0 ? p->kept[--p->count] : NULL;
        pthread_mutex_unlock(&p->lock);
    }
    if (!easy && !(easy = curl->curl_easy_init()))
        abort();
    return easy;
}

void net_pool_give(struct net_pool *p, const struct curl_library *curl, CURL *easy, bool good)
{
    if (p && good) {
        curl->curl_easy_reset(easy);
        pthread_mutex_lock(&p->lock);
        if (p->count < KEPT_MAX) {
            p->kept[p->count++] = easy;
            easy = NULL;
        }
        pthread_mutex_unlock(&p->lock);
    }
    if (easy)
        curl->curl_easy_cleanup(easy);
}
