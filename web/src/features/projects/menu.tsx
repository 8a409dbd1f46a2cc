'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CopyPlus, Ellipsis, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { api, once, type ProjectSummary } from '@/api/client';
import { notify, notifyProblem } from '@/lib/notify';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { Confirm, Dialog, Item, Menu, MenuTrigger, Rule } from '@/ui/overlay';
import { TriggerIcon } from '@/ui/trigger';
import { titleOf } from './words';

type Window = 'rename' | 'delete' | null;

/** Opens at once: it was asked for before it was there. */
export function ProjectMenu({ project: p }: { project: ProjectSummary }) {
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
    <>
      <MenuTrigger defaultOpen>
        <TriggerIcon label={`More for ${titleOf(p)}`} size="small"><Ellipsis className="size-4" /></TriggerIcon>
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
    </>
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
