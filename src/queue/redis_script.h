#pragma once

/*
 * What the queue does inside Redis, as one Lua script: every operation is one call, so that it
 * happens whole or not at all.
 *
 * KEYS  due       sorted set of what waits, by due time
 *       leased    sorted set of what is leased, by the end of the lease
 *       book      hash of key -> "order visible again receipt deliveries lapses entry", the fields
 *                 queue_memory.c tells of, and the stream entry of the delivery under way
 *       counters  hash: the last order and the last receipt given out
 *       stream    deliveries under way, read by the consumer group "workers": XPENDING and XINFO
 *                 tell an operator who works on what, since when and how often
 *       dead      stream of what was set aside after LAPSES_MAX leases in a row lapsed
 * and a channel, "bell" beside them, on which something empty is said when a message is due within
 * two seconds that was not before
 * ARGV  operation, wall time in microseconds, and what the operation needs
 *
 * Members of the sorted sets are the order of pushing in 16 digits and the key, so that equals come
 * in that order. Times are below 2^53: a Lua number holds them exactly.
 */
extern const char redis_script[];
