'use client';
import { ChevronDown, CircleCheck, PenLine, Scissors } from 'lucide-react';
import { useState } from 'react';
import type { Plan, Project } from '@/api/client';
import { usePlan, usePrice } from '@/api/queries';
import { notify, sentence } from '@/lib/notify';
import { usePending } from '@/lib/pending';
import { clock } from '@/lib/time';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { DialogTrigger, Popover } from '@/ui/overlay';
import { Bone, ErrorNote, Pill, type Sign } from '@/ui/state';
import { TriggerIcon } from '@/ui/trigger';
import type { BoardActions } from './actions';
import { moreClass } from './run';

type Props = { project: Project; actions: BoardActions; go(work: () => Promise<unknown>): () => void };

/** What will be done and what it costs. Opens at once: it was asked for before it was there. */
export function PlanMenu(props: Props) {
  return (
    <DialogTrigger defaultOpen>
      <TriggerIcon label="What will be done" look="primary" className={moreClass}><ChevronDown className="size-4" /></TriggerIcon>
      <Popover className="w-[min(26rem,92vw)]"><PlanSheet {...props} /></Popover>
    </DialogTrigger>
  );
}

const words: Record<string, string> = { music: 'Music', voice: 'Voice-over', 'song-map': 'Song map', plan: 'Storyboard', track: 'Sound', film: 'The film' };
const signs: Record<string, Sign> = { missing: 'not-filmed', current: 'ready', stale: 'stale', blocked: 'blocked', running: 'working', failed: 'failed' };
const states: Record<string, string> = { missing: 'to be made', current: 'there', stale: 'out of date', blocked: 'blocked', running: 'being made', failed: 'failed' };

/** Clips and posters follow from their takes without being asked for: a person is told of takes, and of those that are not there. */
const told = (plan: Plan) => plan.artifacts.filter(a => a.kind !== 'clip' && a.kind !== 'poster');
const open = (plan: Plan) => told(plan).filter(a => a.state !== 'current');
function thereWords(plan: Plan): string {
  const left = open(plan).length, there = told(plan).length - left;
  if (!left) return 'Everything is there, as the board shows it.';
  return there ? `${there} of ${told(plan).length} parts are there.` : 'Nothing is there yet.';
}

function PlanSheet({ project: p, actions, go }: Props) {
  const plan = usePlan(p.projectId, true), price = usePrice();
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
          <p className="mt-4 flex items-center gap-2">{!open(plan.data).length && <CircleCheck className="size-4 text-ok" aria-hidden />}{thereWords(plan.data)}</p>
          {open(plan.data).length > 0 && <ul tabIndex={0} aria-label="What is to be made" className="scroll-quiet -mx-2 mt-2 max-h-72 overflow-y-auto rounded-control">
            {open(plan.data).map(a => (
              <li key={`${a.kind}${a.sequence ?? ''}`} className="flex items-center gap-3 rounded-control px-2 py-1.5">
                <span className="w-24 shrink-0 tnum">{a.sequence ? `${a.kind === 'lip-sync' ? 'Lips of' : 'Scene'} ${places.get(a.sequence) ?? '–'}` : words[a.kind]}</span>
                <span className="min-w-0 flex-1"><Pill sign={signs[a.state] ?? 'not-filmed'}>{states[a.state]}</Pill>{a.cause && <span className="mt-0.5 block truncate text-xs text-faint" title={a.cause}>{sentence(a.cause)}</span>}</span>
                <span className="font-mono text-xs text-faint tnum">{price(a.usd)}</span>
              </li>
            ))}
          </ul>}
        </>
      )}
      {p.video !== 'animatic' && <Cap project={p} actions={actions} />}
      <div className="mt-4 flex flex-wrap gap-2 border-t border-line pt-4">
        <Button size="small" onPress={go(actions.compose)} isDisabled={stuck || p.scenes.length === 0 || p.artifacts.film.state === 'current'}><Scissors className="size-3.5" />Cut with the takes that are there</Button>
        <Button size="small" onPress={go(() => actions.write(true))} isDisabled={p.scenes.length === 0}><PenLine className="size-3.5" />Write the scenes again</Button>
      </div>
    </div>
  );
}

/** What the film may cost; nothing is sent that goes beyond it. */
function Cap({ project: p, actions }: Pick<Props, 'project' | 'actions'>) {
  const [text, setText] = useState(p.budget === undefined ? '' : String(p.budget)), { pending, run } = usePending();
  const usd = Number(text.replace(',', '.')), bad = text.trim() !== '' && !(usd >= 0);
  const save = () => run(() => actions.allow(usd).then(() => notify('The cap holds from now on.')));
  return (
    <form className="mt-4 flex items-end gap-2 border-t border-line pt-4" onSubmit={e => { e.preventDefault(); if (text.trim() && !bad) save(); }}>
      <div className="flex-1"><Field label="What it may cost, in dollars" value={text} onChange={setText} mono inputMode="decimal" placeholder="No cap" error={bad ? 'An amount, for example 5.' : undefined} /></div>
      <Button type="submit" isPending={pending !== null} isDisabled={!text.trim() || bad}>Set the cap</Button>
    </form>
  );
}
