'use client';
import { ChevronDown, Clapperboard, Film, PenLine, Play, Scissors, Square } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { Artifact, Project } from '@/api/client';
import { usePrice } from '@/api/queries';
import { price as money } from '@/lib/money';
import { usePending } from '@/lib/pending';
import { projectPath } from '@/lib/route';
import { Button, IconButton, LinkButton } from '@/ui/button';
import { factsOf, stageWords } from '../projects/words';
import type { BoardActions } from './actions';

/** What there is to do next, as one button that says what it does and what it costs. */
export function nextStep(p: Project, price: (usd: number | null) => string): { kind: 'write' | 'film' | 'cut' | 'watch'; words: string } {
  if (p.scenes.length === 0) return { kind: 'write', words: 'Write the storyboard · free' };
  const open = (a: Artifact | undefined) => !!a && a.state !== 'current', scenes = (n: number) => (n === 1 ? '1 scene' : `${n} scenes`);
  const wanted = p.scenes.filter(s => open(s.artifacts.take)).length, lips = p.scenes.filter(s => open(s.artifacts.lipSync)).length;
  const cost = price(p.usd);
  if (wanted) return { kind: 'film', words: `Film ${scenes(wanted)} · ${cost}` };
  if (lips) return { kind: 'film', words: `Sync ${scenes(lips)}, cut · ${cost}` };
  if (p.artifacts.film.state !== 'current') return { kind: 'cut', words: `Cut the film · ${cost}` };
  return { kind: 'watch', words: 'Watch the film' };
}
const PlanMenu = lazy(() => import('./plan-sheet').then(m => ({ default: m.PlanMenu })));
export const moreClass = 'w-8! rounded-l-none! border-l border-accent-fg/20';
const icons = { write: PenLine, film: Film, cut: Scissors, watch: Play };

export function RunButton({ project: p, actions }: { project: Project; actions: BoardActions }) {
  const { pending, run } = usePending(), go = (work: () => Promise<unknown>) => () => run(work);
  const step = nextStep(p, usePrice()), Icon = icons[step.kind];
  const [wanted, want] = useState(false);
  const more = <IconButton label="What will be done" look="primary" className={moreClass} onPress={() => want(true)}><ChevronDown className="size-4" /></IconButton>;
  const short = { write: 'Write', film: 'Film', cut: 'Cut', watch: 'Watch' }[step.kind], cost = step.kind === 'film' && p.usd ? money(p.usd) : '';
  if (p.status === 'processing') return <Button look="secondary" onPress={go(actions.cancel)} isPending={pending !== null}><Square className="size-3.5 fill-current" /><span>Stop</span></Button>;
  return (
    <div className="flex items-center">
      {step.kind === 'watch'
        ? <LinkButton look="primary" href={projectPath(p.projectId, 'film/')} className="rounded-r-none!"><Icon className="size-4 fill-current" /><span className="max-md:hidden">{step.words}</span><span className="max-sm:sr-only md:hidden">{short}</span></LinkButton>
        : <Button look="primary" className="rounded-r-none!" aria-label={step.words} onPress={go(step.kind === 'write' ? () => actions.write(false) : () => actions.film())} isPending={pending !== null}><Icon className="size-4" /><span className="max-md:hidden tnum">{step.words}</span><span className="tnum md:hidden" aria-hidden><span className="max-sm:hidden">{short} </span>{cost}</span></Button>}
      {wanted ? <Suspense fallback={more}><PlanMenu project={p} actions={actions} go={go} /></Suspense> : more}
    </div>
  );
}

/** Before there is anything on the board. */
export function NoScenes({ project: p, actions }: { project: Project; actions: BoardActions }) {
  const { pending, run } = usePending<'write' | 'film'>(), busy = p.status === 'processing';
  return (
    <div className="mx-auto flex min-h-[70dvh] max-w-2xl flex-col items-center justify-center px-6 py-16 text-center">
      <StyleFrame key={p.directorConfig} style={p.directorConfig} />
      <h2 className="mt-7 text-3xl font-semibold tracking-tight">{busy ? (stageWords[p.stage ?? ''] ?? 'In the making') : 'The storyboard comes first'}</h2>
      <p className="mt-3 text-base text-pretty text-muted">{busy ? 'The scenes appear here as soon as they are written. You can leave this page; the work goes on.' : p.conceptPrompt}</p>
      {!busy && (
        <div className="mt-8 flex flex-wrap justify-center gap-3">
          <Button look="primary" size="large" onPress={() => run(() => actions.write(false), 'write')} isPending={pending === 'write'} isDisabled={pending === 'film'}><PenLine className="size-4" />Write the storyboard</Button>
          <Button size="large" onPress={() => run(() => actions.film(), 'film')} isPending={pending === 'film'} isDisabled={pending === 'write'}><Film className="size-4" />Make the whole film</Button>
        </div>
      )}
      <p className="mt-6 text-xs text-faint tnum">{factsOf(p)}{p.aspect === '16:9' && ` · ${p.aspect}`} · {p.size}</p>
    </div>
  );
}

/** A frame in the style that was chosen; a style of one's own has none. */
function StyleFrame({ style }: { style: string }) {
  const [missing, miss] = useState(false);
  if (missing) return <Clapperboard className="size-12 text-accent-text" strokeWidth={1.25} aria-hidden />;
  return <img src={`/styles/${style}.jpg`} alt="" width={480} height={270} onError={() => miss(true)} className="aspect-video w-80 max-w-full rounded-card object-cover ring-1 ring-line" />;
}
