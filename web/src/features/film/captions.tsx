'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Project } from '@/api/client';
import { captionWishes, isSpoken, type CaptionWish } from '@/lib/captions';
import { notifyProblem } from '@/lib/notify';
import { Choice } from '@/ui/choice';
import { ExportLink } from './exports';

/** What is sung or said, in the film or beside it. */
export function Captions({ project: p }: { project: Project }) {
  const client = useQueryClient(), key = ['project', p.projectId];
  const keep = useMutation({
    mutationFn: async (captions: CaptionWish) => (await api.PATCH('/api/mv/projects/{projectId}', { params: { path: { projectId: p.projectId } }, body: { captions } })).data!,
    onSuccess: now => client.setQueryData(key, now), onError: notifyProblem, onSettled: () => client.invalidateQueries({ queryKey: key }),
  });
  const wish = (keep.isPending ? keep.variables : p.captions) ?? 'none', spoken = isSpoken(p);
  return (
    <section className="mt-14">
      <h3 className="text-lg font-semibold tracking-tight">Captions</h3>
      <p className="mt-1 text-muted">{spoken ? 'What is sung or said.' : 'No scene has words that are sung or said. On the board each has a field for them.'}</p>
      <div className="mt-5"><Choice label="In the film, with the next cut" value={wish} isDisabled={p.status === 'processing'} onChange={captions => keep.mutate(captions)} options={captionWishes} /></div>
      {spoken && (
        <ul className="mt-5 grid gap-3 sm:grid-cols-3">
          <li><ExportLink project={p} format="srt" name="SubRip captions" for="a file beside the film" /></li>
          <li><ExportLink project={p} format="vtt" name="WebVTT captions" for="the same, for the web" /></li>
        </ul>
      )}
    </section>
  );
}
