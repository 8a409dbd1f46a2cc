'use client';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import type { ProjectSummary } from '@/api/client';
import { projectPath } from './route';

/** Whether this browser may show notices of the system: not everywhere, and only when the person said so. */
export type Allowed = NotificationPermission | 'unavailable';
const listeners = new Set<() => void>();
const allowed = (): Allowed => (typeof Notification === 'undefined' || !isSecureContext ? 'unavailable' : Notification.permission);
export const useNotices = () => useSyncExternalStore(f => { listeners.add(f); return () => { listeners.delete(f); }; }, allowed, () => 'unavailable' as Allowed);
export async function askForNotices() {
  await Notification.requestPermission();
  listeners.forEach(f => f());
}

const nameOf = (p: ProjectSummary) => p.title || p.conceptPrompt.slice(0, 60);
const wordsOf = (p: ProjectSummary) => (p.status === 'completed' ? `${nameOf(p)} is ready` : `${nameOf(p)} has stopped`);

/** Says in the title, and as the system says things, what came to an end while nobody looked. */
function tell(p: ProjectSummary) {
  if (document.visibilityState === 'visible') return;
  document.title = `${wordsOf(p)} · Storyreel`;
  if (allowed() !== 'granted') return;
  const notice = new Notification(wordsOf(p), { body: p.status === 'completed' ? (p.logline ?? '') : (p.problem?.message ?? ''), tag: p.projectId });
  notice.onclick = () => { window.focus(); location.assign(projectPath(p.projectId, p.status === 'completed' && p.finalOutputUrl ? 'film/' : '')); };
}

function watch(client: QueryClient) {
  const running = new Set<string>();
  const look = (p: ProjectSummary | undefined) => {
    if (!p?.projectId) return;
    if (p.status === 'processing') running.add(p.projectId);
    else if (running.delete(p.projectId)) tell(p);
  };
  return client.getQueryCache().subscribe(event => {
    if (event.type !== 'updated' || event.action.type !== 'success') return;
    const [kind, , part] = event.query.queryKey, data: unknown = event.query.state.data;
    if (kind === 'project' && part === undefined) look(data as ProjectSummary);
    if (kind === 'projects') for (const page of (data as { pages: { projects: ProjectSummary[] }[] }).pages) page.projects.forEach(look);
  });
}

export function useFinished() {
  const client = useQueryClient();
  useEffect(() => watch(client), [client]);
}
