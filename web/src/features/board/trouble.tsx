'use client';
import { Hand, TriangleAlert } from 'lucide-react';
import type { Project, Scene } from '@/api/client';
import { helpFor } from '@/lib/here';
import { sentence } from '@/lib/notify';
import { Button } from '@/ui/button';
import { nameOf, type BoardActions } from './actions';
import { inOrder } from './cut';
import { Decide, Question, useHeld } from './decide';
import { stateOf } from './scene-words';
import { setBoard } from './store';

const failedOf = (p: Project) => { const all = inOrder(p.scenes).filter(s => stateOf(s).sign === 'failed'); return all.length ? all : null; };
const failedWords = (all: Scene[]) => `${nameOf(all[0]!)}${all.length > 1 ? ` and ${all.length - 1} more` : ''}: ${stateOf(all[0]!).cause ?? 'it failed'}`;

/** Why the film is at rest, and calls of which only a person can say what became of them. */
export function Trouble({ project: p, actions, onShow: show }: { project: Project; actions: BoardActions; onShow(scene: Scene): void }) {
  const held = useHeld(p), failed = failedOf(p);
  const problem = p.status !== 'processing' && p.problem, help = problem ? helpFor(problem.next) : undefined;
  if (!problem && !held.length) return null;
  return (
    <div className="scroll-quiet flex max-h-48 shrink-0 flex-col overflow-y-auto border-b border-line">
      {held.map(e => (
        <div key={e.id} role="alert" className="flex flex-wrap items-center gap-3 bg-warn-soft px-4 py-2.5 sm:px-5">
          <Hand className="size-4 shrink-0 text-warn" aria-hidden />
          <p className="min-w-0 flex-1 basis-64"><Question entry={e} project={p} /></p>
          <Decide entry={e} actions={actions} />
        </div>
      ))}
      {problem && !held.length && help !== 'decide' && (
        <div role="alert" className="flex flex-wrap items-center gap-x-3 gap-y-2 bg-danger-soft/60 px-4 py-2.5 sm:px-5">
          <TriangleAlert className="size-4 shrink-0 text-danger" aria-hidden />
          <p className="min-w-0 flex-1 basis-64"><span className="font-medium">{sentence(failed ? failedWords(failed) : problem.message)}</span> {problem.next && <span className="text-muted">{sentence(problem.next)}</span>}</p>
          {failed && <Button size="small" onPress={() => show(failed[0]!)}>Show {nameOf(failed[0]!).toLowerCase()}</Button>}
          {help === 'makers' && <Button size="small" onPress={() => setBoard({ makers: true })}>Who makes this film</Button>}
        </div>
      )}
    </div>
  );
}
