import type { Project, Scene } from '@/api/client';
import type { Segment } from '../player/cut';

/** A trim that is being made under the hand: it is shown at once, and sent when the hand lets go. */
export type Draft = { sequence: number; in: number; out: number } | null;

export const usedPart = (s: Scene) => ({ in: s.trimPoints?.in ?? 0, out: s.trimPoints?.out ?? s.duration });

/** The scenes in the order they are seen, each beginning where the one before ends. */
export function segmentsOf(project: Pick<Project, 'scenes'>, draft: Draft = null): Segment[] {
  let start = 0;
  return inOrder(project.scenes).map(s => {
    const part = draft?.sequence === s.sequence ? draft : usedPart(s);
    const segment = { sequence: s.sequence, start, duration: part.out - part.in, url: s.originalVideoClipUrl, in: part.in };
    start += segment.duration;
    return segment;
  });
}
export const inOrder = (scenes: Scene[]) => [...scenes].sort((a, b) => a.displaySequence - b.displaySequence);
