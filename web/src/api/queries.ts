'use client';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useLive } from '@/lib/live';
import { price } from '@/lib/money';
import { api, type Project, type ProjectSummary, type Status } from './client';

const busy = (status: Status | undefined) => status === 'processing';
export const isBusy = (p: Pick<ProjectSummary, 'status'> | undefined) => busy(p?.status);

/** Events carry the news; polling is the net below them, and stops when there is nothing to wait for. */
export function pollInterval(project: Project | undefined, live: boolean): number | false {
  if (!project) return false;
  const running = busy(project.status) || project.scenes.some(s => busy(s.status));
  return running ? (live ? 15_000 : 2_000) : false;
}

export function useProjectPolling(id: string | null) {
  const live = useLive(s => s.live);
  return useQuery({
    queryKey: ['project', id],
    enabled: !!id,
    queryFn: async ({ signal }) => (await api.GET('/api/mv/projects/{projectId}', { params: { path: { projectId: id! } }, signal })).data!,
    refetchInterval: q => pollInterval(q.state.data, live),
  });
}

export function useProjects(status: Status | undefined) {
  const live = useLive(s => s.live);
  return useInfiniteQuery({
    queryKey: ['projects', status ?? 'all'],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) =>
      (await api.GET('/api/mv/projects', { params: { query: { status, limit: 24, cursor: pageParam } }, signal })).data!,
    getNextPageParam: page => page.nextCursor,
    refetchInterval: q => (q.state.data?.pages.some(p => p.projects.some(isBusy)) ? (live ? 15_000 : 3_000) : false),
  });
}

export function useCatalogue() {
  return useQuery({ queryKey: ['catalogue'], staleTime: Infinity, queryFn: async ({ signal }) => (await api.GET('/api/mv/get_director_configs', { signal })).data! });
}

export function useModels() {
  return useQuery({ queryKey: ['models'], staleTime: Infinity, queryFn: async ({ signal }) => (await api.GET('/api/mv/models', { signal })).data! });
}

const byProject = (id: string) => ({ params: { path: { projectId: id } } });

export function useSongMap(id: string | null, key: string | undefined, heard: boolean) {
  return useQuery({
    queryKey: ['song-map', id, key], enabled: !!id && !!key && heard, staleTime: Infinity,
    queryFn: async ({ signal }) => (await api.GET('/api/mv/projects/{projectId}/song-map', { ...byProject(id!), signal })).data!,
  });
}

// Below ['project', id], so that an event about the project renews them too.
export function useTakes(id: string, sequence: number) {
  return useQuery({
    queryKey: ['project', id, 'takes', sequence],
    queryFn: async ({ signal }) => (await api.GET('/api/mv/projects/{projectId}/scenes/{sequence}/takes', { params: { path: { projectId: id, sequence } }, signal })).data!,
  });
}
export function usePlan(id: string, wanted: boolean) {
  return useQuery({ queryKey: ['project', id, 'plan'], enabled: wanted, queryFn: async ({ signal }) => (await api.GET('/api/mv/projects/{projectId}/plan', { ...byProject(id), signal })).data! });
}
export function useLedger(id: string, wanted = true) {
  return useQuery({ queryKey: ['project', id, 'ledger'], enabled: wanted, queryFn: async ({ signal }) => (await api.GET('/api/mv/projects/{projectId}/ledger', { ...byProject(id), signal })).data! });
}
export function useLibraryLedger() {
  return useQuery({ queryKey: ['library', 'ledger'], queryFn: async ({ signal }) => (await api.GET('/api/mv/library/ledger', { signal })).data! });
}
export function useFilm(id: string | null, exists: boolean) {
  return useQuery({ queryKey: ['project', id, 'film'], enabled: !!id && exists, queryFn: async ({ signal }) => (await api.GET('/api/mv/projects/{projectId}/final-video', { ...byProject(id!), signal })).data! });
}
export function useCuts(id: string) {
  return useQuery({ queryKey: ['project', id, 'cuts'], queryFn: async ({ signal }) => (await api.GET('/api/mv/projects/{projectId}/cuts', { ...byProject(id), signal })).data!.cuts });
}
export function useReadiness() {
  return useQuery({
    queryKey: ['ready'], refetchInterval: 15_000, retry: false,
    queryFn: async () => (await fetch('/readyz')).json() as Promise<{ status: string; checks: { name: string; ok: boolean; detail?: string }[] }>,
  });
}
/** How prices are said here: in an emulated world, as what they are not. */
export function usePrice() {
  const emulated = useHealth().data?.emulated ?? false;
  return (usd: number | null | undefined) => price(usd, emulated);
}
export function useHealth() {
  return useQuery({ queryKey: ['health'], staleTime: 60_000, queryFn: async ({ signal }) => (await api.GET('/healthz', { signal })).data! });
}
