'use client';
import { ArrowRight, Play, Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { api, once, type ProjectSummary, type Status } from '@/api/client';
import { useProjects } from '@/api/queries';
import { notifyProblem } from '@/lib/notify';
import { projectPath, useNavigate } from '@/lib/route';
import { Button, LinkButton } from '@/ui/button';
import { Choice, inputClass } from '@/ui/choice';
import { Poster } from '@/ui/poster';
import { Bone, ErrorNote, Pill } from '@/ui/state';
import { ProjectCard } from './card';
import { sample } from './sample';
import { factsOf, signOf, statusWords, titleOf } from './words';

const filters: { value: Status | 'all'; label: string }[] = [
  { value: 'all', label: 'All' }, { value: 'processing', label: 'In the making' }, { value: 'completed', label: 'Ready' }, { value: 'pending', label: 'Not filmed' }, { value: 'failed', label: 'Stopped' },
];
const grid = 'grid grid-cols-1 gap-x-6 gap-y-9 sm:grid-cols-2 lg:grid-cols-3 2xl:grid-cols-4';
const page = 'mx-auto max-w-[1500px] px-4 pb-24 sm:px-8';

export function Projects() {
  const [status, setStatus] = useState<Status | 'all'>('all');
  const [words, setWords] = useState('');
  const list = useProjects(status === 'all' ? undefined : status);
  const all = list.data?.pages.flatMap(p => p.projects) ?? [];
  const found = all.filter(p => `${p.title} ${p.conceptPrompt} ${p.logline ?? ''}`.toLowerCase().includes(words.trim().toLowerCase()));
  const plain = status === 'all' && !words;
  useEffect(() => { document.title = 'Projects · Storyreel'; }, []);

  if (list.isSuccess && plain && all.length === 0) return <FirstTime />;
  const [latest, ...rest] = found;
  return (
    <div className={page}>
      <h1 className="sr-only">Projects</h1>
      {plain && (latest ? <Latest project={latest} /> : list.isPending && <Bone className="mt-6 h-[26rem] max-sm:h-80" />)}
      <div className="mt-10 mb-6 flex flex-wrap items-center gap-3">
        <Choice label="Status" hidden value={status} onChange={s => setStatus(s)} options={filters} />
        <label className="relative min-w-48 flex-1 sm:max-w-72 sm:ml-auto">
          <span className="sr-only">Search titles and ideas</span>
          <Search className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-faint" aria-hidden />
          <input type="search" value={words} onChange={e => setWords(e.target.value)} placeholder="Search titles and ideas" className={`${inputClass} hit h-9 pl-9`} />
        </label>
      </div>
      {list.isError && <ErrorNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <div className={grid}>{[0, 1, 2].map(n => <Bone key={n} className="aspect-video" />)}</div>}
      {list.isSuccess && found.length === 0 && <p className="py-16 text-center text-base text-muted">{words ? 'No project has these words.' : 'No project is in this state.'}</p>}
      <div className={grid}>{(plain ? rest : found).map(p => <ProjectCard key={p.projectId} project={p} />)}</div>
      {list.hasNextPage && <div className="mt-10 text-center"><Button onPress={() => void list.fetchNextPage()} isPending={list.isFetchingNextPage}>Show older ones</Button></div>}
    </div>
  );
}

/** The film that was touched last, as large as it deserves. */
function Latest({ project: p }: { project: ProjectSummary }) {
  const tall = p.aspect !== '16:9';
  return (
    <section aria-label="Latest project" className="relative mt-4 overflow-hidden rounded-dialog bg-well ring-1 ring-line sm:mt-6">
      <Poster url={p.posterUrl} tall={tall} beside eager className="h-80 sm:h-[27rem] xl:h-[31rem]" />
      <div className="absolute inset-0 bg-gradient-to-t from-black/85 via-black/30 to-transparent" aria-hidden />
      <div className="absolute inset-x-0 bottom-0 p-5 text-white sm:p-10">
        {p.status !== 'completed' && <div data-theme="dark" className="mb-3"><Pill sign={signOf[p.status]} solid>{statusWords(p)}</Pill></div>}
        <h2 className="max-w-3xl text-3xl leading-tight font-semibold tracking-[-0.025em] sm:text-5xl">{titleOf(p)}</h2>
        <p className="mt-2 line-clamp-2 max-w-xl text-base text-pretty text-white/80">{p.logline ?? p.conceptPrompt}</p>
        <div className="mt-5 flex flex-wrap items-center gap-3">
          <LinkButton look="primary" size="large" href={projectPath(p.projectId)}>Open the board<ArrowRight className="size-4" /></LinkButton>
          {p.finalOutputUrl && (
            <LinkButton size="large" href={projectPath(p.projectId, 'film/')} className="border-white/25! bg-white/15! text-white! backdrop-blur-sm hover:bg-white/25!"><Play className="size-4 fill-current" />Watch</LinkButton>
          )}
          <span className="text-xs text-white/75 tnum sm:ml-2">{factsOf(p)}</span>
        </div>
      </div>
    </section>
  );
}

function FirstTime() {
  const navigate = useNavigate();
  const make = useMutation({
    mutationFn: async () => (await api.POST('/api/mv/projects', { params: { header: once() }, body: sample })).data!,
    onSuccess: p => navigate(projectPath(p.projectId)), onError: notifyProblem,
  });
  return (
    <div className={page}>
      <section className="relative mt-4 overflow-hidden rounded-dialog bg-well ring-1 ring-line animate-appear sm:mt-6">
        <div className="grid h-[30rem] grid-cols-2 sm:h-[34rem] sm:grid-cols-4" aria-hidden>
          {manners.map(name => <div key={name} className="min-h-0 overflow-hidden"><img src={`/styles/${name}.jpg`} alt="" className="size-full scale-[1.06] object-cover" /></div>)}
        </div>
        <div className="absolute inset-0 bg-gradient-to-t from-black via-black/70 to-black/10" aria-hidden />
        <div className="absolute inset-x-0 bottom-0 p-6 text-white sm:p-12">
          <h1 className="max-w-2xl text-4xl leading-[1.05] font-semibold tracking-[-0.03em] sm:text-6xl">Your first film begins with a sentence</h1>
          <p className="mt-4 max-w-xl text-base text-pretty text-white/80 sm:text-lg sm:leading-7">The sample is fifteen seconds long, costs nothing and is yours to take apart.</p>
          <div className="mt-7 flex flex-wrap gap-3">
            <LinkButton look="primary" size="large" href="/new/">Start from an idea</LinkButton>
            <Button size="large" onPress={() => make.mutate()} isPending={make.isPending} className="border-white/25! bg-white/15! text-white! backdrop-blur-sm hover:bg-white/25!">Make the sample film</Button>
          </div>
        </div>
      </section>
      <ol className="mt-10 grid gap-x-10 gap-y-8 sm:grid-cols-3">
        {steps.map(([title, words], i) => <li key={title} className="border-t border-line pt-5"><span className="font-mono text-xs text-accent-text tnum">{i + 1}</span><h2 className="mt-2 text-lg font-semibold tracking-tight">{title}</h2><p className="mt-1 max-w-sm text-pretty text-muted">{words}</p></li>)}
      </ol>
    </div>
  );
}
const manners = ['noir', 'wes-anderson', 'anime', 'tim-burton'];
const steps = [
  ['Say what it is about', 'And drop a song: its beats and sections become the places where the film is cut.'],
  ['Watch the scenes arrive', 'Each is written first and filmed after. What it costs is said before, and the animatic costs nothing.'],
  ['Cut it as you like', 'Reorder, trim to the beat, take again, go back. Nothing you had is ever lost.'],
] as const;
