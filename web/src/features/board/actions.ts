'use client';
import { MutationObserver, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, ApiError, once, type LipSyncRequest, type Project, type Scene, type SceneEdit } from '@/api/client';
import { notify, notifyProblem } from '@/lib/notify';
import { remember } from '@/lib/undo';
import { inOrder } from './cut';

export const nameOf = (s: Pick<Scene, 'displaySequence'>) => `Scene ${s.displaySequence}`;
type Trim = { in: number; out: number };

/** The scenes in this order. Those that stay where they were stay the same objects, and nobody draws them again. */
function placed(scenes: Scene[], order: number[]): Scene[] {
  const byName = new Map(scenes.map(s => [s.sequence, s]));
  let startTime = 0;
  return order.flatMap((sequence, i) => {
    const s = byName.get(sequence), start = startTime;
    if (!s) return [];
    startTime += s.duration;
    return s.displaySequence === i + 1 && Math.abs(s.startTime - start) < 1e-6 ? s : { ...s, displaySequence: i + 1, startTime: start };
  });
}

/**
 * Sends what is changed by hand, one after the other, so that an older answer never undoes a newer change. When the last is
 * kept the project is asked for anew. Nothing is drawn for it.
 */
function laneOf(client: QueryClient, id: string) {
  const mutationKey = ['project', id], isLast = () => client.isMutating({ mutationKey }) <= 1;
  const lane = new MutationObserver(client, {
    mutationKey, scope: { id },
    mutationFn: (send: () => Promise<unknown>) => send(),
    onSettled: () => { if (isLast()) void client.invalidateQueries({ queryKey: mutationKey }); },
  });
  return { send: async <T>(send: () => Promise<T>) => await lane.mutate(send) as T, isLast };
}

/** Everything that changes a project's board. What loses nothing is remembered, so that it can be taken back. */
export function useBoardActions(id: string) {
  const client = useQueryClient();
  return useMemo(() => {
    const lane = laneOf(client, id);
    const key = ['project', id];
    const scenePath = (sequence: number) => ({ path: { projectId: id, sequence } });
    const project = () => client.getQueryData<Project>(key);
    const scene = (sequence: number) => project()?.scenes.find(s => s.sequence === sequence);
    const renew = () => client.invalidateQueries({ queryKey: key });
    const replace = (s: Scene) => client.setQueryData<Project>(key, p => p && { ...p, scenes: p.scenes.map(o => (o.sequence === s.sequence ? s : o)) });
    const patch = (sequence: number, part: Partial<Scene>) => { const s = scene(sequence); if (s) replace({ ...s, ...part }); };

    // Read from the cache when the key is pressed, not from what was drawn: fast keys would be lost otherwise.
    const currentOrder = () => inOrder(project()?.scenes ?? []).map(s => s.sequence);
    const applyOrder = (wanted: number[]) => {
      void client.cancelQueries({ queryKey: key, exact: true });
      client.setQueryData<Project>(key, p => p && { ...p, scenes: placed(p.scenes, wanted), sceneOrder: wanted });
      void lane.send(() => api.PATCH('/api/mv/projects/{projectId}/scenes/reorder', { params: { path: { projectId: id } }, body: { sceneOrder: wanted } })).catch(notifyProblem);
    };
    const reorder = (wanted: number[], label: string) => {
      const before = currentOrder();
      if (before.join() === wanted.join()) return;
      applyOrder(wanted);
      remember(id, { label, undo: async () => applyOrder(before), redo: async () => applyOrder(wanted) });
    };
    const move = (sequence: number, by: 1 | -1) => {
      const wanted = currentOrder(), from = wanted.indexOf(sequence), to = from + by;
      if (from < 0 || to < 0 || to >= wanted.length) return;
      wanted.splice(from, 1);
      wanted.splice(to, 0, sequence);
      reorder(wanted, `Moved to place ${to + 1}`);
    };

    const sendTrim = (sequence: number, points: Trim | undefined) => {
      void client.cancelQueries({ queryKey: key, exact: true });
      if (points) patch(sequence, { trimPoints: points, duration: points.out - points.in });
      return lane.send(async () => {
        const { data } = points
          ? await api.POST('/api/mv/projects/{projectId}/scenes/{sequence}/trim', { params: scenePath(sequence), body: { trimPoints: points } })
          : await api.DELETE('/api/mv/projects/{projectId}/scenes/{sequence}/trim', { params: scenePath(sequence) });
        if (data && lane.isLast()) replace(data);
      });
    };
    const trim = async (sequence: number, points: Trim | undefined) => {
      const s = scene(sequence), before = s?.trimPoints;
      if (!s) return;
      const send = (p: Trim | undefined) => sendTrim(sequence, p);
      await send(points).then(() => remember(id, { label: points ? `${nameOf(s)} trimmed` : `${nameOf(s)} as it was planned`, undo: () => send(before), redo: () => send(points) })).catch(notifyProblem);
    };

    const sendSelect = async (sequence: number, take: number) => {
      const { data } = await api.POST('/api/mv/projects/{projectId}/scenes/{sequence}/takes/{take}/select', { params: { path: { projectId: id, sequence, take } } });
      if (data) replace(data);
      await renew();
    };
    const selectTake = async (sequence: number, take: number) => {
      const s = scene(sequence), before = s?.selectedTake;
      if (!s || before === take) return;
      const undo = before ? () => sendSelect(sequence, before) : async () => {};
      await sendSelect(sequence, take).then(() => remember(id, { label: `${nameOf(s)}: take ${take} in the film`, undo, redo: () => sendSelect(sequence, take) })).catch(notifyProblem);
    };

    /** Resolves to the scene as it is now. Throws 409 when it was changed elsewhere, or while the film is being made. */
    const edit = async (sequence: number, part: SceneEdit) => {
      const { data } = await api.PATCH('/api/mv/projects/{projectId}/scenes/{sequence}', { params: scenePath(sequence), body: part });
      replace(data!);
      void renew();
      return data!;
    };

    const add = async (idea: string, after: number, duration?: number, rest?: SceneEdit) => {
      const { data } = await api.POST('/api/mv/projects/{projectId}/scenes', { params: { path: { projectId: id }, header: once() }, body: { idea, after, duration } });
      if (rest) await api.PATCH('/api/mv/projects/{projectId}/scenes/{sequence}', { params: scenePath(data!.sequence), body: rest });
      await renew();
      return data!;
    };
    const duplicate = async (sequence: number) => {
      const s = scene(sequence);
      if (!s) return;
      const words = { prompt: s.prompt, negativePrompt: s.negativePrompt ?? '', title: s.title, camera: s.camera, action: s.action ?? '', line: s.line ?? '', needsLipSync: s.needsLipSync };
      await add(s.prompt, sequence, s.duration, words).then(() => notify(`${nameOf(s)} is there twice.`)).catch(notifyProblem);
    };

    // A deleted scene cannot be brought back, so it is only hidden while it can be regretted; leaving the page sends it.
    const remove = (sequence: number, hide: (sequence: number, hidden: boolean) => void) => {
      const s = scene(sequence);
      if (!s) return;
      const url = `/api/mv/projects/${encodeURIComponent(id)}/scenes/${sequence}`;
      const leaving = () => { clearTimeout(timer); void fetch(url, { method: 'DELETE', keepalive: true }); };
      const timer = setTimeout(() => {
        removeEventListener('pagehide', leaving);
        api.DELETE('/api/mv/projects/{projectId}/scenes/{sequence}', { params: scenePath(sequence) }).catch(e => { hide(sequence, false); notifyProblem(e); }).finally(() => void renew());
      }, 8000);
      addEventListener('pagehide', leaving);
      hide(sequence, true);
      notify(`${nameOf(s)} deleted.`, { label: 'Undo', run: () => { clearTimeout(timer); removeEventListener('pagehide', leaving); hide(sequence, false); } });
    };

    const regenerate = async (sequence: number, body: { prompt?: string; seed?: number }, header = once()) => {
      const { data } = await api.POST('/api/mv/projects/{projectId}/scenes/{sequence}/regenerate', { params: { ...scenePath(sequence), header }, body });
      replace(data!);
      void renew();
    };
    const syncLips = async (sequence: number, body: LipSyncRequest, header = once()) => {
      const { data } = await api.POST('/api/mv/projects/{projectId}/lipsync/{sequence}', { params: { ...scenePath(sequence), header }, body });
      replace(data!);
      void renew();
    };
    const restLips = async (sequence: number) => {
      const s = scene(sequence), synced = s?.lipSync?.take;
      const rest = async () => { const { data } = await api.DELETE('/api/mv/projects/{projectId}/lipsync/{sequence}', { params: scenePath(sequence) }); replace(data!); await renew(); };
      await rest();
      if (s && synced) remember(id, { label: `${nameOf(s)}: lips at rest`, undo: () => sendSelect(sequence, synced), redo: rest });
    };
    const film = async (scenes?: number[]) => {
      await api.POST('/api/mv/projects/{projectId}/generate', { params: { path: { projectId: id }, header: once() }, body: scenes ? { scenes } : {} });
      await renew();
    };
    const decide = async (entryId: string, decision: 'wait' | 'try-again' | 'forget') => { await api.POST('/api/mv/projects/{projectId}/ledger/{entryId}/decide', { params: { path: { projectId: id, entryId }, header: once() }, body: { decision } }); await renew(); };
    const allow = async (budget: number) => { await api.PATCH('/api/mv/projects/{projectId}', { params: { path: { projectId: id } }, body: { budget } }); await renew(); };
    const compose = async () => { await api.POST('/api/mv/projects/{projectId}/compose', { params: { path: { projectId: id }, header: once() } }); await renew(); };
    const write = async (again: boolean) => { await api.POST('/api/mv/projects/{projectId}/plan', { params: { path: { projectId: id }, header: once() }, body: { again } }); await renew(); };
    const cancel = async () => { await api.POST('/api/mv/projects/{projectId}/cancel', { params: { path: { projectId: id } } }); await renew(); };
    return { currentOrder, reorder, move, trim, selectTake, edit, add, duplicate, remove, regenerate, syncLips, restLips, film, decide, allow, compose, write, cancel, renew };
  }, [client, id]);
}
export type BoardActions = ReturnType<typeof useBoardActions>;
export const isConflict = (e: unknown) => e instanceof ApiError && e.status === 409;
