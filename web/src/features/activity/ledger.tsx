'use client';
import clsx from 'clsx';
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { api, type LedgerEntry } from '@/api/client';
import { bytes, price } from '@/lib/money';
import { sentence } from '@/lib/notify';
import { providerName } from '@/lib/provider';
import { ago } from '@/lib/time';
import { Button, buttonClass } from '@/ui/button';
import { Dialog } from '@/ui/overlay';
import { Bone, ErrorNote } from '@/ui/state';

const kinds: Record<LedgerEntry['kind'], string> = { music: 'The song', plan: 'The storyboard', take: 'Film', 'lip-sync': 'Lips of', voice: 'The voice-over', rewrite: 'Other words for', idea: 'A new scene', reference: 'A picture' };
const states: Record<LedgerEntry['state'], string> = {
  reserved: 'set aside', intent: 'being sent', bound: 'under way', ambiguous: 'being looked for', held: 'needs you', settled: 'paid', released: 'not paid', wasted: 'paid for nothing',
};
/** Something was sent, so something may have been said. */
const wasAnswered = (e: LedgerEntry) => e.state !== 'reserved' && e.state !== 'intent';

/** What was paid, to whom, and what they really said. `project` absent: pictures, which belong to no project. */
export function Ledger({ entries, project, places }: { entries: LedgerEntry[]; project?: string; places?: Map<number, number> }) {
  const [asked, ask] = useState<LedgerEntry | null>(null);
  const nameOf = (e: LedgerEntry) => `${kinds[e.kind]}${e.sequence ? ` scene ${places?.get(e.sequence) ?? e.sequence}` : ''}`;
  return (
    <>
      <ul>
        {entries.toReversed().map(e => (
          <li key={e.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 rounded-control px-2 py-2 hover:bg-raised">
            <span className="min-w-0 flex-1 basis-48">{nameOf(e)}<span className="text-faint"> · {e.model}{e.attempt > 1 && ` · attempt ${e.attempt}`}</span>{e.why && <span className="block text-xs text-muted">{sentence(e.why)}</span>}</span>
            <span className={clsx('text-xs tnum', e.state === 'wasted' ? 'text-danger' : e.state === 'held' ? 'text-warn' : 'text-faint')}>{states[e.state]}</span>
            <span className="font-mono text-xs text-muted tnum sm:w-16 sm:text-right">{price(e.state === 'released' ? 0 : e.usd)}</span>
            <span className="w-24 text-right text-xs text-faint max-sm:hidden">{ago(e.at)}</span>
            {e.keptUrl && <a href={e.keptUrl} target="_blank" rel="noreferrer" className={buttonClass('ghost', 'small')}>What came</a>}
            {wasAnswered(e) ? <Button size="small" look="ghost" onPress={() => ask(e)}>Answers<span className="sr-only"> to {nameOf(e)}</span></Button> : <span className="w-20 max-sm:hidden" />}
          </li>
        ))}
      </ul>
      {asked && <Answers entry={asked} name={nameOf(asked)} project={project} onClose={() => ask(null)} />}
    </>
  );
}

const turns = { sent: 'The call', found: 'Looking for it', ended: 'How it ended', fetched: 'The download' } as const;

/** As it came: keys are blanked out, and the middle of what is long is left out. */
function Answers({ entry: e, name, project, onClose }: { entry: LedgerEntry; name: string; project?: string; onClose(): void }) {
  const raw = project ? `/api/mv/projects/${project}/ledger/${e.id}` : `/api/mv/library/ledger/${e.id}`;
  const said = useQuery({
    queryKey: ['answers', project, e.id],
    queryFn: async ({ signal }) => (project ? await api.GET('/api/mv/projects/{projectId}/ledger/{entryId}', { params: { path: { projectId: project, entryId: e.id } }, signal }) : await api.GET('/api/mv/library/ledger/{entryId}', { params: { path: { entryId: e.id } }, signal })).data!,
  });
  return (
    <Dialog title={name} open onClose={onClose} wide>
      <p className="flex flex-wrap items-center gap-3 text-muted"><span className="min-w-0 flex-1 basis-64">What {providerName(e.provider)} really said{e.ticket && <> of <code className="font-mono text-xs break-all">{e.ticket}</code></>}. Keys are blanked out.</span><a href={raw} target="_blank" rel="noreferrer" className={buttonClass('secondary', 'small')}>As JSON</a></p>
      {said.isPending && <Bone className="mt-5 h-48" />}
      {said.isError && <ErrorNote error={said.error} className="mt-5" onRetry={() => void said.refetch()} />}
      {said.data?.turns.length === 0 && <p className="mt-5 text-muted">Nothing was kept of it.</p>}
      {said.data?.turns.map((t, i) => (
        <section key={i} className="mt-6">
          <h3 className="font-semibold tracking-tight">{turns[t.turn]}<span className="ml-2 text-xs font-normal text-faint">{new Date(t.at).toLocaleString()}</span></h3>
          {t.answers.map((a, n) => (
            <div key={n} className="mt-2 overflow-hidden rounded-card border border-line bg-inset">
              <p className="flex flex-wrap gap-x-4 border-b border-line px-4 py-2 font-mono text-xs tnum"><span className="min-w-0 flex-1 break-all">{a.call}</span><span className={clsx((a.status ?? 0) >= 400 || !a.status ? 'text-danger' : 'text-ok')}>{a.status ?? 'no answer'}</span><span className="text-faint">{bytes(a.bytes)}</span></p>
              <pre tabIndex={0} aria-label={`Answer to ${a.call}`} className="scroll-quiet max-h-64 overflow-auto px-4 py-3 font-mono text-xs leading-5 whitespace-pre-wrap wrap-anywhere text-muted">{pretty(a.body)}</pre>
            </div>
          ))}
        </section>
      ))}
    </Dialog>
  );
}

/** Indented where it is JSON that came whole. */
function pretty(body: string): string {
  try { return JSON.stringify(JSON.parse(body), null, 2); } catch { return body; }
}
