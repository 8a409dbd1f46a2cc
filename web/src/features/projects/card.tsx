'use client';
import { CopyPlus, Ellipsis, Pencil, Trash2 } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, once, type ProjectSummary } from '@/api/client';
import { notify, notifyProblem } from '@/lib/notify';
import { projectPath } from '@/lib/route';
import { ago, clock } from '@/lib/time';
import { Button, IconButton } from '@/ui/button';
import { Field } from '@/ui/field';
import { Confirm, Dialog, Item, Menu, MenuTrigger, Rule } from '@/ui/overlay';
import { Poster } from '@/ui/poster';
import { Pill } from '@/ui/state';
import { modeWords, signOf, statusWords, titleOf } from './words';

export const factsOf = (p: ProjectSummary) => [modeWords(p.mode), p.duration > 0 && clock(p.duration), p.aspect !== '16:9' && p.aspect].filter(Boolean).join(' · ');

export function ProjectCard({ project: p }: { project: ProjectSummary }) {
  return (
    <article className="group relative">
      <Link href={projectPath(p.projectId)} prefetch={false} className="block rounded-card outline-offset-4">
        <Poster url={p.posterUrl} tall={p.aspect !== '16:9'} className="aspect-video rounded-card ring-1 ring-line transition duration-150 group-hover:ring-line-strong" />
        {p.status !== 'completed' && <span className="absolute top-3 left-3"><Pill sign={signOf[p.status]} solid>{statusWords(p)}</Pill></span>}
        <h3 className="mt-3 truncate pr-8 text-base font-semibold tracking-tight">{titleOf(p)}</h3>
        <p className="mt-0.5 truncate text-xs text-faint tnum">{factsOf(p)} · {ago(p.updatedAt)}</p>
      </Link>
      <ProjectMenu project={p} />
    </article>
  );
}

type Window = 'rename' | 'delete' | null;

function ProjectMenu({ project: p }: { project: ProjectSummary }) {
  const [window, show] = useState<Window>(null);
  const client = useQueryClient();
  const path = { params: { path: { projectId: p.projectId } } };
  const renew = () => client.invalidateQueries({ queryKey: ['projects'] });
  const copy = useMutation({
    mutationFn: () => api.POST('/api/mv/projects/{projectId}/duplicate', { params: { ...path.params, header: once() } }),
    onSuccess: () => notify('The copy is there.'), onError: notifyProblem, onSettled: renew,
  });
  const remove = useMutation({
    mutationFn: () => api.DELETE('/api/mv/projects/{projectId}', path),
    onSuccess: () => { show(null); notify('Deleted.'); }, onError: notifyProblem, onSettled: renew,
  });
  return (
    <div className="absolute right-0 bottom-1.5">
      <MenuTrigger>
        <IconButton label={`More for ${titleOf(p)}`} size="small"><Ellipsis className="size-4" /></IconButton>
        <Menu label="Project">
          <Item icon={<Pencil className="size-4" />} onAction={() => show('rename')}>Rename</Item>
          <Item icon={<CopyPlus className="size-4" />} onAction={() => copy.mutate()}>Duplicate</Item>
          <Rule />
          <Item icon={<Trash2 className="size-4" />} danger isDisabled={p.status === 'processing'} onAction={() => show('delete')}>Delete</Item>
        </Menu>
      </MenuTrigger>
      {window === 'rename' && <Rename project={p} onClose={() => show(null)} onDone={renew} />}
      <Confirm title={`Delete “${titleOf(p)}”?`} action="Delete" open={window === 'delete'} onClose={() => show(null)} onConfirm={() => remove.mutate()} pending={remove.isPending}>
        Its scenes, takes and films go with it. This cannot be taken back.
      </Confirm>
    </div>
  );
}

function Rename({ project: p, onClose, onDone }: { project: ProjectSummary; onClose(): void; onDone(): void }) {
  const [title, setTitle] = useState(titleOf(p));
  const save = useMutation({
    mutationFn: () => api.PATCH('/api/mv/projects/{projectId}', { params: { path: { projectId: p.projectId } }, body: { title: title.trim() } }),
    onSuccess: onClose, onError: notifyProblem, onSettled: onDone,
  });
  return (
    <Dialog title="Rename" open onClose={onClose}>
      <form onSubmit={e => { e.preventDefault(); save.mutate(); }}>
        <Field label="Title" value={title} onChange={setTitle} max={200} autoFocus />
        <div className="mt-6 flex justify-end gap-2"><Button look="ghost" onPress={onClose}>Cancel</Button><Button look="primary" type="submit" isPending={save.isPending}>Rename</Button></div>
      </form>
    </Dialog>
  );
}
