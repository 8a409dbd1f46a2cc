'use client';
import clsx from 'clsx';
import { Film, Hand, PenLine, TriangleAlert, UsersRound } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Project, Scene } from '@/api/client';
import { usePrice } from '@/api/queries';
import { helpFor } from '@/lib/here';
import { sentence } from '@/lib/notify';
import { usePending } from '@/lib/pending';
import { Button } from '@/ui/button';
import type { BoardActions } from './actions';
import { Decide, Question, useHeld } from './decide';
import type { SceneState } from './scene-words';
import { setBoard } from './store';

type Props = { project: Project; scene: Scene; state: SceneState; busy: boolean; actions: BoardActions };

/** Why a scene is not ready, in plain words, with the buttons that help. */
export function SceneNote({ project, scene: s, state, busy, actions }: Props) {
  const held = useHeld(project).find(e => e.sequence === s.sequence);
  if (state.sign === 'held' && held) return <Panel warn icon={<Hand className="size-4 text-warn" aria-hidden />} words={<Question entry={held} project={project} />}><Decide entry={held} actions={actions} /></Panel>;
  if (!state.cause) return null;
  if (state.sign !== 'failed') return <p className="mt-2 text-xs text-muted">{sentence(state.cause)} {state.next && sentence(state.next)}</p>;
  return (
    <Panel icon={<TriangleAlert className="size-4 text-danger" aria-hidden />} words={<>{sentence(state.cause)} {state.next && <span className="text-muted">{sentence(state.next)}</span>}</>}>
      <Again scene={s} busy={busy} actions={actions} next={state.next} />
    </Panel>
  );
}

function Panel({ warn, icon, words, children }: { warn?: boolean; icon: ReactNode; words: ReactNode; children: ReactNode }) {
  return (
    <div className={clsx('mt-3 flex gap-2.5 rounded-card border p-3.5', warn ? 'border-warn/35 bg-warn-soft' : 'border-danger/35 bg-danger-soft/60')}>
      <span className="mt-0.5 shrink-0">{icon}</span>
      <div className="min-w-0 flex-1"><p className="text-pretty wrap-break-word">{words}</p><div className="mt-3 flex flex-wrap gap-2">{children}</div></div>
    </div>
  );
}

/** What was refused for its words needs others; all else may do better the next time, or with somebody else. */
function Again({ scene: s, busy, actions, next }: Pick<Props, 'scene' | 'busy' | 'actions'> & { next?: string }) {
  const price = usePrice(), { pending, run } = usePending(), lips = s.artifacts.take.state === 'current';
  if (lips) return <Button size="small" onPress={() => setBoard({ tab: 'lips' })}>Lip-sync…</Button>;
  return (
    <>
      {helpFor(next) === 'words' && <Button size="small" onPress={() => setBoard({ tab: 'takes' })}><PenLine className="size-3.5" />Other words</Button>}
      <Button size="small" isDisabled={busy} isPending={pending !== null} onPress={() => run(() => actions.film([s.sequence]))}><Film className="size-3.5" />Try again · {price(s.artifacts.take.usd)}</Button>
      {helpFor(next) === 'makers' && <Button size="small" onPress={() => setBoard({ makers: true })}><UsersRound className="size-3.5" />Who makes this film</Button>}
    </>
  );
}
