'use client';
import { PenLine, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { api, once, type PieceModel, type Project, type Scene, type SceneProposal } from '@/api/client';
import { useModels, usePrice } from '@/api/queries';
import { wordDiff } from '@/lib/diff';
import { notify } from '@/lib/notify';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { Dialog } from '@/ui/overlay';
import { Bone, ErrorNote } from '@/ui/state';
import type { BoardActions } from './actions';

type Props = { project: Project; scene: Scene; actions: BoardActions; onClose(): void };
const parts = [['prompt', 'What is seen'], ['action', 'Action'], ['camera', 'Camera'], ['negativePrompt', 'Not to be seen']] as const;
const priceOf = (planners: PieceModel[] | undefined, name: string) => planners?.find(m => m.name === name)?.usdEach;

/** Other words for a scene, beside those that are there. Nothing is changed until they are taken. */
export function Rewrite({ project: p, scene: s, actions, onClose }: Props) {
  const usd = priceOf(useModels().data?.planners, p.planner), price = usePrice();
  const [instruction, setInstruction] = useState(''), [proposal, setProposal] = useState<SceneProposal | null>(null);
  const [pending, setPending] = useState<'ask' | 'take' | null>(null), [error, setError] = useState<unknown>(null);
  const run = (what: 'ask' | 'take', work: () => Promise<void>) => { setPending(what); setError(null); work().catch(setError).finally(() => setPending(null)); };
  const ask = (seed?: number) => run('ask', async () => {
    const { data } = await api.POST('/api/mv/projects/{projectId}/scenes/{sequence}/rewrite', { params: { path: { projectId: p.projectId, sequence: s.sequence }, header: once() }, body: { instruction: instruction.trim() || undefined, seed } });
    setProposal(data!);
  });
  const take = (now: SceneProposal) => run('take', async () => {
    await actions.edit(s.sequence, { ...now.proposed, version: now.version });
    notify('The scene has its new words.');
    onClose();
  });
  return (
    <Dialog title={`Other words for scene ${s.displaySequence}`} open onClose={onClose} wide={proposal !== null}>
      <form className="flex flex-wrap items-end gap-2" onSubmit={e => { e.preventDefault(); ask(); }}>
        <div className="min-w-0 flex-1 basis-64"><Field label="What shall be otherwise" value={instruction} onChange={setInstruction} max={2000} placeholder="Closer, at night; or nothing, to have it said anew" autoFocus /></div>
        <Button type="submit" look={proposal ? 'secondary' : 'primary'} isPending={pending === 'ask'} isDisabled={pending !== null}><PenLine className="size-4" />Propose{usd !== undefined && ` · ${price(usd)}`}</Button>
      </form>
      {error !== null && <ErrorNote error={error} className="mt-4" />}
      {pending === 'ask' && !proposal && <Bone className="mt-5 h-48" />}
      {proposal && (
        <>
          <div className="mt-6 flex flex-col gap-5">
            {parts.filter(([key]) => proposal.was[key] !== proposal.proposed[key]).map(([key, label]) => <Compared key={key} label={label} before={proposal.was[key]} after={proposal.proposed[key]} />)}
            {parts.every(([key]) => proposal.was[key] === proposal.proposed[key]) && <p className="text-muted">These are the words that are there. Say what shall be otherwise, or ask for others.</p>}
          </div>
          <div className="mt-6 flex flex-wrap justify-end gap-2">
            <Button look="ghost" isDisabled={pending !== null} isPending={pending === 'ask'} onPress={() => ask((proposal.seed % 2147483646) + 1)}><RefreshCw className="size-4" />Others</Button>
            <Button onPress={onClose}>Keep mine</Button>
            <Button look="primary" isDisabled={pending !== null} isPending={pending === 'take'} onPress={() => take(proposal)}>Take these words</Button>
          </div>
        </>
      )}
    </Dialog>
  );
}

/** The old words and the new ones, side by side; what went and what came is marked, not by colour alone. */
function Compared({ label, before, after }: { label: string; before: string; after: string }) {
  const all = wordDiff(before, after);
  return (
    <section aria-label={label}>
      <h3 className="mb-2 text-xs font-medium text-muted">{label}</h3>
      <div className="grid gap-px overflow-hidden rounded-card border border-line bg-line sm:grid-cols-2">
        <p className="bg-inset p-4 leading-6 text-pretty text-muted"><span className="mb-1 block text-2xs text-faint">Now</span>{all.filter(x => x.kind !== 'new').map((x, i) => (x.kind === 'gone' ? <del key={i}>{x.text}</del> : x.text))}{!before && 'Nothing'}</p>
        <p className="bg-surface p-4 leading-6 text-pretty"><span className="mb-1 block text-2xs text-faint">Proposed</span>{all.filter(x => x.kind !== 'gone').map((x, i) => (x.kind === 'new' ? <ins key={i} className="rounded-[3px] bg-accent-soft decoration-accent-text underline-offset-4">{x.text}</ins> : x.text))}{!after && 'Nothing'}</p>
      </div>
    </section>
  );
}
