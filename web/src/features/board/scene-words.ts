import type { Scene } from '@/api/client';
import type { Sign } from '@/ui/state';

/** What a card says of a scene: its state in words, why, and how far it is. */
export type SceneState = { sign: Sign; words: string; cause?: string; next?: string; progress?: number };

export function stateOf(s: Scene): SceneState {
  const { take, clip, lipSync } = s.artifacts;
  if (lipSync?.state === 'running') return { sign: 'working', words: 'Moving lips', progress: lipSync.progress };
  if (take.state === 'running' || s.status === 'processing') return { sign: 'working', words: take.progress !== undefined ? 'Filming' : 'Waiting', progress: take.progress };
  if (take.state === 'failed') return { sign: 'failed', words: 'Failed', cause: take.cause ?? s.problem?.message, next: take.next ?? s.problem?.next };
  if (take.state === 'blocked') return { sign: 'blocked', words: 'Blocked', cause: take.cause, next: take.next };
  if (!s.selectedTake) return { sign: 'not-filmed', words: 'Not filmed' };
  if (take.state === 'stale') return { sign: 'stale', words: 'Out of date', cause: take.cause };
  if (lipSync?.state === 'failed') return { sign: 'failed', words: 'Lip-sync failed', cause: lipSync.cause, next: lipSync.next };
  if (lipSync?.state === 'stale' && s.lipSync?.shown) return { sign: 'stale', words: 'Lips out of step', cause: lipSync.cause };
  if (clip.state === 'failed') return { sign: 'failed', words: 'Failed', cause: clip.cause, next: clip.next };
  if (s.problem) return { sign: 'failed', words: 'Take failed', cause: s.problem.message, next: s.problem.next };
  return { sign: 'ready', words: 'Ready' };
}
