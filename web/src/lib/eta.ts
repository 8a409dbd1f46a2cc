'use client';
import { useEffect, useState } from 'react';

/** How far something was, and when. */
export type Sample = { at: number; share: number };
const WINDOW_MS = 60_000, ENOUGH_MS = 4_000, ENOUGH_SHARE = 0.05, STILL_MS = 45_000;

/** The samples with one more; those of an earlier run, or too old to tell of the pace, are gone. */
export function sampled(samples: Sample[], next: Sample): Sample[] {
  const last = samples.at(-1);
  if (last && next.share < last.share) return [next];
  if (last && next.share === last.share) return samples;
  return [...samples.filter(s => next.at - s.at <= WINDOW_MS), next];
}

/** "about 40 s left", by the pace so far; nothing while that is a guess, and no promise that is kept up past its time. */
export function timeLeft(samples: Sample[], now: number): string | null {
  const first = samples[0], last = samples.at(-1);
  if (!first || !last) return null;
  if (now - last.at > STILL_MS && samples.length > 1) return 'taking longer than usual';
  const time = last.at - first.at, share = last.share - first.share;
  if (time < ENOUGH_MS || share < ENOUGH_SHARE) return null;
  return leftWords(((1 - last.share) * time) / share / 1000 - (now - last.at) / 1000);
}
const leftWords = (seconds: number) => (seconds < 2 ? 'nearly done' : seconds < 90 ? `about ${Math.ceil(seconds / 5) * 5} s left` : `about ${Math.round(seconds / 60)} min left`);

/** Work of one kind that is under way since then, or was done. Moments in milliseconds. */
export type Work = { since: number; until?: number };
const USUAL_OF = 2, LATE = 1.5;

/**
 * The same of work whose pace cannot be seen: by how long its like took, once there were two of them; before that, how
 * long it has been going on.
 */
export function usualLeft(mine: Work, others: Work[], now: number): string {
  const took = others.flatMap(o => (o.until ? [o.until - o.since] : [])).sort((a, b) => a - b), spent = Math.max(0, now - mine.since);
  if (took.length < USUAL_OF) return `for ${spent < 90_000 ? `${Math.round(spent / 1000)} s` : `${Math.round(spent / 60_000)} min`}`;
  const usual = took[took.length >> 1]!;
  return spent > usual * LATE ? 'taking longer than usual' : leftWords((usual - spent) / 1000);
}

/** Of what is under way; null at rest. Leaving the page forgets the pace. */
export function useTimeLeft(share: number | undefined): string | null {
  const [samples, set] = useState<Sample[]>([]), running = share !== undefined, now = useNow(running);
  useEffect(() => { set(all => (share === undefined ? [] : sampled(all, { at: Date.now(), share }))); }, [share]);
  return running ? timeLeft(samples, now) : null;
}

/** The time, once a second while somebody waits. */
export function useNow(wanted: boolean): number {
  const [now, tick] = useState(() => Date.now());
  useEffect(() => {
    if (!wanted) return;
    const timer = setInterval(() => tick(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [wanted]);
  return now;
}
