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
  const seconds = ((1 - last.share) * time) / share / 1000 - (now - last.at) / 1000;
  if (seconds < 2) return 'nearly done';
  return seconds < 90 ? `about ${Math.ceil(seconds / 5) * 5} s left` : `about ${Math.round(seconds / 60)} min left`;
}

/** Of what is under way; null at rest. Leaving the page forgets the pace. */
export function useTimeLeft(share: number | undefined): string | null {
  const [samples, set] = useState<Sample[]>([]), [now, tick] = useState(() => Date.now());
  useEffect(() => { set(all => (share === undefined ? [] : sampled(all, { at: Date.now(), share }))); }, [share]);
  const running = share !== undefined;
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => tick(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [running]);
  return running ? timeLeft(samples, now) : null;
}
