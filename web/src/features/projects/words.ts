import type { ProjectSummary, Status } from '@/api/client';
import { clock } from '@/lib/time';
import type { Sign } from '@/ui/state';

export const stageWords: Record<string, string> = {
  composing: 'Making the song', listening: 'Listening to the song', planning: 'Writing the scenes', filming: 'Filming', syncing: 'Moving lips', speaking: 'Speaking the words',
  mixing: 'Mixing', cutting: 'Cutting the film',
};
export const signOf: Record<Status, Sign> = { pending: 'not-filmed', processing: 'working', completed: 'ready', failed: 'failed' };

export function statusWords(p: Pick<ProjectSummary, 'status' | 'stage'>): string {
  if (p.status === 'processing') return (p.stage && stageWords[p.stage]) || 'In the making';
  return { pending: 'Not filmed', completed: 'Ready', failed: 'Stopped' }[p.status];
}

export const modeWords = (mode: string) => ({ 'music-video': 'Music video', 'ad-creative': 'Advertisement' })[mode] ?? mode;
export const titleOf = (p: Pick<ProjectSummary, 'title' | 'conceptPrompt'>) => p.title || p.conceptPrompt.split(/[.\n]/)[0]!.slice(0, 60) || 'Untitled';
export const factsOf = (p: ProjectSummary) => [modeWords(p.mode), p.duration > 0 && clock(p.duration), p.aspect !== '16:9' && p.aspect].filter(Boolean).join(' · ');
