'use client';
import { useQueries } from '@tanstack/react-query';
import { ChevronDown } from 'lucide-react';
import Link from 'next/link';
import { lazy, Suspense, useEffect, useState } from 'react';
import { api, type Job, type ProjectSummary } from '@/api/client';
import { isBusy, useLedger, useLibraryLedger, usePrice, useProjectPolling, useProjects } from '@/api/queries';
import { notifyProblem, sentence } from '@/lib/notify';
import { projectPath } from '@/lib/route';
import { ago, took } from '@/lib/time';
import { Button, LinkButton } from '@/ui/button';
import { Poster } from '@/ui/poster';
import { Bone, EmptyState, ErrorNote, Pill, type Sign } from '@/ui/state';
import { signOf, statusWords, titleOf } from '../projects/words';

const PROJECTS_SHOWN = 12;
const signs: Record<Job['state'], Sign> = { queued: 'not-filmed', running: 'working', done: 'ready', failed: 'failed', cancelled: 'blocked' };
const words: Record<Job['state'], string> = { queued: 'Waiting', running: 'Running', done: 'Done', failed: 'Failed', cancelled: 'Stopped' };
const kinds: Record<Job['kind'], string> = {
  music: 'Make the song', 'song-map': 'Listen to the song', plan: 'Write the scenes', take: 'Film', 'lip-sync': 'Move the lips of', voice: 'Speak the words',
  clip: 'Prepare the clip of', poster: 'Still of', track: 'Mix the sound', film: 'Cut the film',
};
const Ledger = lazy(() => import('./ledger').then(m => ({ default: m.Ledger })));

/** What the program does and did: the projects touched last, and the jobs of each. */
export function Activity() {
  const list = useProjects(undefined);
  const projects = (list.data?.pages.flatMap(p => p.projects) ?? []).toSorted((a, b) => b.updatedAt.localeCompare(a.updatedAt)).slice(0, PROJECTS_SHOWN);
  const jobs = useQueries({
    queries: projects.map(p => ({
      queryKey: ['project', p.projectId, 'jobs'],
      queryFn: async ({ signal }: { signal: AbortSignal }) => (await api.GET('/api/mv/projects/{projectId}/jobs', { params: { path: { projectId: p.projectId } }, signal })).data!.jobs,
    })),
  });
  useEffect(() => { document.title = 'Activity · Storyreel'; }, []);
  const running = jobs.flatMap(q => q.data ?? []).filter(j => j.state === 'running').length, waiting = jobs.flatMap(q => q.data ?? []).filter(j => j.state === 'queued').length;
  return (
    <div className="mx-auto max-w-5xl px-4 pt-10 pb-24 sm:px-8 sm:pt-14">
      <h1 className="text-4xl font-semibold tracking-[-0.03em] sm:text-5xl">Activity</h1>
      <p className="mt-3 text-base text-muted tnum" role="status">{running + waiting ? `${running} running, ${waiting} waiting` : 'Nothing is running.'}</p>
      {list.isError && <ErrorNote error={list.error} className="mt-8" onRetry={() => void list.refetch()} />}
      {list.isPending && <Bone className="mt-10 h-64" />}
      {list.isSuccess && projects.length === 0 && <EmptyState title="Nothing has been made yet" action={<LinkButton look="primary" href="/new/">Start from an idea</LinkButton>} />}
      <div className="mt-10 flex flex-col gap-4">{projects.map((p, i) => <ProjectJobs key={p.projectId} project={p} jobs={jobs[i]?.data} />)}</div>
      <Pictures />
    </div>
  );
}

function ProjectJobs({ project: p, jobs }: { project: ProjectSummary; jobs: Job[] | undefined }) {
  const [open, setOpen] = useState(isBusy(p));
  const failed = (jobs ?? []).filter(j => j.state === 'failed').length;
  return (
    <details className="group rounded-card border border-line bg-surface" open={open} onToggle={e => setOpen(e.currentTarget.open)}>
      <summary className="flex cursor-pointer items-center gap-4 rounded-card p-3">
        <Poster url={p.posterUrl} tall={p.aspect !== '16:9'} className="aspect-video w-24 shrink-0 rounded-[8px]" />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-semibold tracking-tight">{titleOf(p)}</span>
          <span className="block text-xs text-faint tnum">{ago(p.updatedAt)}{jobs && ` · ${jobs.length} steps`}{failed > 0 && <span className="text-danger"> · {failed} failed</span>}</span>
          <span className="mt-1 block sm:hidden"><Pill sign={signOf[p.status]}>{statusWords(p)}</Pill></span>
        </span>
        <span className="max-sm:hidden"><Pill sign={signOf[p.status]}>{statusWords(p)}</Pill></span>
        <ChevronDown className="mr-1 size-4 shrink-0 text-faint transition-transform group-open:rotate-180" aria-hidden />
      </summary>
      {open && <Inside project={p} jobs={jobs ?? []} />}
    </details>
  );
}

/** The steps of a project and what was paid for them; scenes are called by their places on the board. */
function Inside({ project: p, jobs }: { project: ProjectSummary; jobs: Job[] }) {
  const places = new Map(useProjectPolling(p.projectId).data?.scenes.map(s => [s.sequence, s.displaySequence]));
  const paid = useLedger(p.projectId).data, price = usePrice();
  const nameOf = (j: Job) => `${kinds[j.kind]}${j.sequence ? ` scene ${places.get(j.sequence) ?? j.sequence}` : ''}`;
  return (
    <div className="border-t border-line px-3 pt-2 pb-3">
      <div className="mb-1 flex items-center gap-2 py-1.5 pl-2">
        <Link href={projectPath(p.projectId)} prefetch={false} className="text-xs font-medium text-accent-text hover:underline">Open the board</Link>
        {isBusy(p) && <Button size="small" className="ml-auto" onPress={() => void api.POST('/api/mv/projects/{projectId}/cancel', { params: { path: { projectId: p.projectId } } }).catch(notifyProblem)}>Stop</Button>}
      </div>
      <ul>
        {jobs.filter(j => (j.kind !== 'poster' && j.kind !== 'clip') || j.state === 'failed').map(j => (
          <li key={`${j.kind}${j.sequence ?? ''}${j.createdAt}`} className="flex items-center gap-4 rounded-control px-2 py-2 hover:bg-raised">
            <span className="w-24 shrink-0"><Pill sign={signs[j.state]}>{words[j.state]}</Pill></span>
            <span className="min-w-0 flex-1">{nameOf(j)}{j.attempt > 1 && <span className="text-faint"> · attempt {j.attempt}</span>}{j.problem && <span className="block text-xs text-danger">{sentence(j.problem.message)}</span>}</span>
            <span className="text-xs text-faint tnum max-sm:hidden">{j.reused ? 'found, not made again' : j.tookMs !== undefined && took(j.tookMs)}</span>
            <span className="w-24 text-right text-xs text-faint max-sm:hidden">{ago(j.createdAt)}</span>
          </li>
        ))}
      </ul>
      {!!paid?.entries.length && (
        <section aria-label="Paid" className="mt-3 border-t border-line pt-3">
          <h3 className="mb-1 flex gap-4 px-2 font-medium"><span className="flex-1">Paid</span><span className="font-normal text-muted tnum">{price(paid.usd)}</span></h3>
          <Suspense fallback={<Bone className="h-24" />}><Ledger entries={paid.entries} project={p.projectId} places={places} /></Suspense>
        </section>
      )}
    </div>
  );
}

/** What was paid for pictures, which belong to no project. */
function Pictures() {
  const paid = useLibraryLedger().data, price = usePrice();
  if (!paid?.entries.length) return null;
  return (
    <section aria-label="Pictures" className="mt-4 rounded-card border border-line bg-surface p-3">
      <h2 className="mb-1 flex gap-4 px-2 font-semibold"><span className="flex-1">Pictures that were drawn</span><span className="font-normal text-muted tnum">{price(paid.usd)}</span></h2>
      <Suspense fallback={<Bone className="h-24" />}><Ledger entries={paid.entries} /></Suspense>
    </section>
  );
}
