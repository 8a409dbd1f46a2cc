'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Project } from '@/api/client';
import { notifyProblem } from '@/lib/notify';
import { Switch } from '@/ui/switch';
import { ExportLink } from './exports';

export const isSpoken = (p: Project) => p.scenes.some(s => s.line);

/** What is sung or said, in the film or beside it. */
export function Captions({ project: p }: { project: Project }) {
  const client = useQueryClient(), key = ['project', p.projectId];
  const keep = useMutation({
    mutationFn: async (captions: 'none' | 'track') => (await api.PATCH('/api/mv/projects/{projectId}', { params: { path: { projectId: p.projectId } }, body: { captions } })).data!,
    onSuccess: now => client.setQueryData(key, now), onError: notifyProblem, onSettled: () => client.invalidateQueries({ queryKey: key }),
  });
  const inFilm = (keep.isPending ? keep.variables : p.captions) === 'track', spoken = isSpoken(p);
  return (
    <section className="mt-14">
      <h3 className="text-lg font-semibold tracking-tight">Captions</h3>
      <p className="mt-1 text-muted">{spoken ? 'What is sung or said in the scenes.' : 'No scene has words that are sung or said. On the board each has a field for them.'}</p>
      <div className="mt-5"><Switch label="In the film" help="A track of text that players show to those who want it. It is there with the next cut." isSelected={inFilm} isDisabled={p.status === 'processing'} onChange={on => keep.mutate(on ? 'track' : 'none')} /></div>
      {spoken && (
        <ul className="mt-5 grid gap-3 sm:grid-cols-3">
          <li><ExportLink project={p} format="srt" name="SubRip captions" for="a file beside the film" /></li>
          <li><ExportLink project={p} format="vtt" name="WebVTT captions" for="the same, for the web" /></li>
        </ul>
      )}
    </section>
  );
}
