'use client';
import type { LedgerEntry, Project } from '@/api/client';
import { useLedger, usePrice } from '@/api/queries';
import { helpFor } from '@/lib/here';
import { usePending } from '@/lib/pending';
import { providerName } from '@/lib/provider';
import { Button } from '@/ui/button';
import type { BoardActions } from './actions';

type Decision = 'wait' | 'try-again' | 'forget';
const boughtByTheFilm = new Set<LedgerEntry['kind']>(['take', 'lip-sync', 'music', 'voice', 'plan']);     // and not by a person who waits for it
const subjects: Record<LedgerEntry['kind'], string> = { music: 'The song', plan: 'The storyboard', take: 'A scene', 'lip-sync': 'A lip-sync', voice: 'The voice-over', rewrite: 'A rewriting', idea: 'A new scene', reference: 'A picture' };

/** Does anybody who works on this film ask for money? */
const isPaid = (p: Project) => p.video !== 'animatic' || p.planner !== 'offline' || !!p.musicPrompt || !!p.voiceOver || (p.lipsync ?? 'animatic') !== 'animatic' || helpFor(p.problem?.next) === 'decide';

/** Calls of which nobody can tell whether they arrived: a person has to say what becomes of them. */
export function useHeld(p: Project): LedgerEntry[] {
  return (useLedger(p.projectId, isPaid(p)).data?.entries ?? []).filter(e => e.state === 'held');
}

export function Question({ entry: e, project: p }: { entry: LedgerEntry; project: Project }) {
  const price = usePrice(), scene = p.scenes.find(s => s.sequence === e.sequence);
  return <><span className="font-medium">{scene ? `Scene ${scene.displaySequence}` : subjects[e.kind]} needs you.</span> <span className="text-muted">{providerName(e.provider)} may have charged for it: {price(e.usd)}. It was asked, and does not know.</span></>;
}

/** What can become of it. Only what the film itself bought can be looked for, or bought again without being asked for. */
export function Decide({ entry: e, actions }: { entry: LedgerEntry; actions: BoardActions }) {
  const { pending, run } = usePending<Decision>(), again = boughtByTheFilm.has(e.kind);
  const button = (decision: Decision, words: string) => <Button size="small" isPending={pending === decision} isDisabled={pending !== null} onPress={() => run(() => actions.decide(e.id, decision), decision)}>{words}</Button>;
  return <div className="flex flex-wrap gap-2">{again && e.kind !== 'plan' && button('wait', 'Look again')}{again && button('try-again', 'It did not arrive: buy it')}{button('forget', 'Leave it')}</div>;
}
