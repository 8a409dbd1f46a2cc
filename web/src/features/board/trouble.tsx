'use client';
import { Hand, TriangleAlert } from 'lucide-react';
import type { LedgerEntry, Project } from '@/api/client';
import { useLedger, usePrice } from '@/api/queries';
import { sentence } from '@/lib/notify';
import { usePending } from '@/lib/pending';
import { Button } from '@/ui/button';
import type { BoardActions } from './actions';

type Decision = 'wait' | 'try-again' | 'forget';
type Props = { project: Project; actions: BoardActions };

/** Why the film is at rest, and calls of which only a person can say what became of them. */
export function Trouble({ project: p, actions }: Props) {
  const held = (useLedger(p.projectId, p.video !== 'animatic').data?.entries ?? []).filter(e => e.state === 'held');
  const problem = p.status !== 'processing' && p.problem;
  if (!problem && !held.length) return null;
  return (
    <div className="scroll-quiet flex max-h-48 shrink-0 flex-col overflow-y-auto border-b border-line">
      {held.map(e => <Held key={e.id} entry={e} project={p} actions={actions} />)}
      {problem && !held.length && (
        <div role="alert" className="flex items-start gap-3 bg-danger-soft/60 px-4 py-2.5 sm:px-5">
          <TriangleAlert className="mt-0.5 size-4 shrink-0 text-danger" aria-hidden />
          <p className="min-w-0 flex-1"><span className="font-medium">{sentence(problem.message)}</span> {problem.next && <span className="text-muted">{sentence(problem.next)}</span>}</p>
        </div>
      )}
    </div>
  );
}

function Held({ entry: e, project: p, actions }: Props & { entry: LedgerEntry }) {
  const price = usePrice(), { pending, run } = usePending<Decision>();
  const scene = p.scenes.find(s => s.sequence === e.sequence);
  const button = (decision: Decision, words: string) => <Button size="small" isPending={pending === decision} isDisabled={pending !== null} onPress={() => run(() => actions.decide(e.id, decision), decision)}>{words}</Button>;
  return (
    <div role="alert" className="flex flex-wrap items-center gap-3 bg-warn-soft px-4 py-2.5 sm:px-5">
      <Hand className="size-4 shrink-0 text-warn" aria-hidden />
      <p className="min-w-0 flex-1 basis-80"><span className="font-medium">{scene ? `Scene ${scene.displaySequence}` : 'A call'} needs you.</span> <span className="text-muted">{e.provider} may have charged {price(e.usd)} for it. It was asked, and does not know.</span></p>
      {button('wait', 'Look again')}{button('try-again', 'It did not arrive: buy it')}{button('forget', 'Leave it')}
    </div>
  );
}
