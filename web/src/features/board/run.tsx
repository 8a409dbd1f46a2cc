'use client';
import { ChevronDown, Clapperboard, Film, PenLine, Play, Scissors, Square } from 'lucide-react';
import { useState } from 'react';
import type { Plan, Project } from '@/api/client';
import { usePlan } from '@/api/queries';
import { price } from '@/lib/money';
import { notifyProblem, sentence } from '@/lib/notify';
import { projectPath } from '@/lib/route';
import { clock } from '@/lib/time';
import { Button, IconButton, LinkButton } from '@/ui/button';
import { DialogTrigger, Popover } from '@/ui/overlay';
import { Bone, ErrorNote, Pill, type Sign } from '@/ui/state';
import { stageWords } from '../projects/words';
import type { BoardActions } from './actions';

/** What there is to do next, as one button that says what it does and what it costs. */
export function nextStep(p: Project): { kind: 'write' | 'film' | 'cut' | 'watch'; words: string } {
  if (p.scenes.length === 0) return { kind: 'write', words: 'Write the storyboard · free' };
  const wanted = p.scenes.filter(s => s.artifacts.take.state !== 'current').length;
  const cost = price(p.usd);
  if (wanted) return { kind: 'film', words: `Film ${wanted === 1 ? '1 scene' : `${wanted} scenes`} · ${cost}` };
  if (p.artifacts.film.state !== 'current') return { kind: 'cut', words: `Cut the film · ${cost}` };
  return { kind: 'watch', words: 'Watch the film' };
}
const icons = { write: PenLine, film: Film, cut: Scissors, watch: Play };

export function RunButton({ project: p, actions }: { project: Project; actions: BoardActions }) {
  const [pending, setPending] = useState(false);
  const go = (work: () => Promise<unknown>) => () => { setPending(true); work().catch(notifyProblem).finally(() => setPending(false)); };
  const step = nextStep(p), Icon = icons[step.kind];
  const short = { write: 'Write', film: 'Film', cut: 'Cut', watch: 'Watch' }[step.kind];
  if (p.status === 'processing') return <Button look="secondary" onPress={go(actions.cancel)} isPending={pending}><Square className="size-3.5 fill-current" /><span>Stop</span></Button>;
  return (
    <div className="flex items-center">
      {step.kind === 'watch'
        ? <LinkButton look="primary" href={projectPath(p.projectId, 'film/')} className="rounded-r-none!"><Icon className="size-4 fill-current" /><span className="max-md:hidden">{step.words}</span><span className="md:hidden">{short}</span></LinkButton>
        : <Button look="primary" className="rounded-r-none!" onPress={go(step.kind === 'write' ? () => actions.write(false) : () => actions.film())} isPending={pending}><Icon className="size-4" /><span className="max-md:hidden tnum">{step.words}</span><span className="md:hidden">{short}</span></Button>}
      <DialogTrigger>
        <IconButton label="What will be done" look="primary" className="w-8! rounded-l-none! border-l border-accent-fg/20"><ChevronDown className="size-4" /></IconButton>
        <Popover className="w-[min(26rem,92vw)]"><PlanSheet project={p} actions={actions} go={go} /></Popover>
      </DialogTrigger>
    </div>
  );
}

const words: Record<string, string> = { 'song-map': 'Song map', plan: 'Storyboard', track: 'Sound', film: 'The film' };
const signs: Record<string, Sign> = { missing: 'not-filmed', current: 'ready', stale: 'stale', blocked: 'blocked', running: 'working', failed: 'failed' };
const states: Record<string, string> = { missing: 'to be made', current: 'there', stale: 'out of date', blocked: 'blocked', running: 'being made', failed: 'failed' };

/** Clips and posters follow from their takes without being asked for: a person is told of takes. */
const told = (plan: Plan) => plan.artifacts.filter(a => a.kind !== 'clip' && a.kind !== 'poster');

function PlanSheet({ project: p, actions, go }: { project: Project; actions: BoardActions; go(work: () => Promise<unknown>): () => void }) {
  const plan = usePlan(p.projectId, true);
  const places = new Map(p.scenes.map(s => [s.sequence, s.displaySequence]));
  const stuck = p.scenes.some(s => !s.selectedTake);
  return (
    <div className="p-5">
      <h2 className="text-lg font-semibold tracking-tight">What happens next</h2>
      {plan.isPending && <Bone className="mt-4 h-40" />}
      {plan.isError && <ErrorNote error={plan.error} className="mt-4" />}
      {plan.data && (
        <>
          <p className="mt-1 text-muted tnum">{clock(plan.data.filmDuration)} of film · {price(plan.data.usd)}{p.budget !== undefined && ` · cap ${price(p.budget)}`}</p>
          <ul className="scroll-quiet -mx-2 mt-4 max-h-72 overflow-y-auto">
            {told(plan.data).map(a => (
              <li key={`${a.kind}${a.sequence ?? ''}`} className="flex items-center gap-3 rounded-control px-2 py-1.5">
                <span className="w-24 shrink-0 tnum">{a.sequence ? `Scene ${places.get(a.sequence) ?? '–'}` : words[a.kind]}</span>
                <span className="min-w-0 flex-1"><Pill sign={signs[a.state] ?? 'not-filmed'}>{states[a.state]}</Pill>{a.cause && <span className="mt-0.5 block truncate text-xs text-faint" title={a.cause}>{sentence(a.cause)}</span>}</span>
                <span className="font-mono text-xs text-faint tnum">{a.state === 'current' ? '' : price(a.usd)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <div className="mt-4 flex flex-wrap gap-2 border-t border-line pt-4">
        <Button size="small" onPress={go(actions.compose)} isDisabled={stuck || p.scenes.length === 0 || p.artifacts.film.state === 'current'}><Scissors className="size-3.5" />Cut with the takes that are there</Button>
        <Button size="small" onPress={go(() => actions.write(true))} isDisabled={p.scenes.length === 0}><PenLine className="size-3.5" />Write the scenes again</Button>
      </div>
    </div>
  );
}

/** Before there is anything on the board. */
export function NoScenes({ project: p, actions }: { project: Project; actions: BoardActions }) {
  const [pending, setPending] = useState(false);
  const busy = p.status === 'processing';
  const start = (work: () => Promise<unknown>) => () => { setPending(true); work().catch(notifyProblem).finally(() => setPending(false)); };
  return (
    <div className="mx-auto flex min-h-[70dvh] max-w-2xl flex-col items-center justify-center px-6 py-16 text-center">
      <Clapperboard className="size-12 text-accent-text" strokeWidth={1.25} aria-hidden />
      <h2 className="mt-6 text-3xl font-semibold tracking-tight">{busy ? (stageWords[p.stage ?? ''] ?? 'In the making') : 'The storyboard comes first'}</h2>
      <p className="mt-3 text-base text-pretty text-muted">{busy ? 'The scenes appear here as soon as they are written. You can leave this page; the work goes on.' : p.conceptPrompt}</p>
      {p.problem && !busy && <div className="mt-6 w-full text-left"><ErrorNote error={new Error([p.problem.message, p.problem.next].filter(Boolean).map(t => sentence(t!)).join(' '))} /></div>}
      {!busy && (
        <div className="mt-8 flex flex-wrap justify-center gap-3">
          <Button look="primary" size="large" onPress={start(() => actions.write(false))} isPending={pending}><PenLine className="size-4" />Write the storyboard</Button>
          <Button size="large" onPress={start(() => actions.film())} isDisabled={pending}><Film className="size-4" />Make the whole film</Button>
        </div>
      )}
    </div>
  );
}
