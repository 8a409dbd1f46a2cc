import type { Project, Scene } from '@/api/client';
import type { Segment } from '../player/cut';

/** A trim that is being made under the hand: it is shown at once, and sent when the hand lets go. */
export type Draft = { sequence: number; in: number; out: number } | null;

export const usedPart = (s: Scene) => ({ in: s.trimPoints?.in ?? 0, out: s.trimPoints?.out ?? s.duration });

/** What is seen of it: the clip whose lips were moved while it is of exactly this part, as in the film; else the take. */
function footageOf(s: Scene, part: { in: number; out: number }): { url?: string; in: number } {
  const synced = s.lipSync?.shown ? s.lipSync.trimPoints : undefined, same = (a: number, b: number) => Math.abs(a - b) < 1e-4;
  return synced && s.lipSyncedVideoClipUrl && same(synced.in, part.in) && same(synced.out, part.out)
    ? { url: s.lipSyncedVideoClipUrl, in: 0 } : { url: s.originalVideoClipUrl, in: part.in };
}

/** The scenes in the order they are seen, each beginning where the one before ends. */
export function segmentsOf(project: Pick<Project, 'scenes'>, draft: Draft = null): Segment[] {
  let start = 0;
  return inOrder(project.scenes).map(s => {
    const part = draft?.sequence === s.sequence ? draft : usedPart(s);
    const segment = { sequence: s.sequence, start, duration: part.out - part.in, ...footageOf(s, part) };
    start += segment.duration;
    return segment;
  });
}
export const inOrder = (scenes: Scene[]) => [...scenes].sort((a, b) => a.displaySequence - b.displaySequence);
