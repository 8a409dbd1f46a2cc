import type { Scene } from '@/api/client';
import { helpFor } from '@/lib/here';
import type { Sign } from '@/ui/state';

/** What a card says of a scene: its state in words, why, and how far it is. */
export type SceneState = { sign: Sign; words: string; cause?: string; next?: string; progress?: number };

const failed = (words: string, cause: string | undefined, next: string | undefined): SceneState => (helpFor(next) === 'decide' ? { sign: 'held', words: 'Needs you', cause, next } : { sign: 'failed', words, cause, next });

export function stateOf(s: Scene): SceneState {
  const { take, clip, lipSync } = s.artifacts;
  if (lipSync?.state === 'running') return { sign: 'working', words: 'Moving lips', progress: lipSync.progress };
  if (take.state === 'running' || s.status === 'processing') return { sign: 'working', words: take.progress !== undefined ? 'Filming' : 'Waiting', progress: take.progress };
  if (take.state === 'failed') return failed('Failed', take.cause ?? s.problem?.message, take.next ?? s.problem?.next);
  if (take.state === 'blocked') return { sign: 'blocked', words: 'Blocked', cause: take.cause, next: take.next };
  if (!s.selectedTake) return { sign: 'not-filmed', words: 'Not filmed' };
  if (take.state === 'stale') return { sign: 'stale', words: 'Out of date', cause: take.cause };
  if (lipSync?.state === 'failed') return failed('Lip-sync failed', lipSync.cause, lipSync.next);
  if (lipSync?.state === 'stale' && s.lipSync?.shown) return { sign: 'stale', words: 'Lips out of step', cause: lipSync.cause };
  if (clip.state === 'failed') return failed('Failed', clip.cause, clip.next);
  if (s.problem) return failed('Take failed', s.problem.message, s.problem.next);
  return { sign: 'ready', words: 'Ready' };
}
