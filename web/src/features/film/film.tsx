'use client';
import { Download, History as Clock, Scissors } from 'lucide-react';
import { useRef, useState } from 'react';
import { ApiError, fileOf, type Project } from '@/api/client';
import { useCuts, useFilm, useLedger, usePrice, useProjectPolling } from '@/api/queries';
import { sidesOf } from '@/lib/aspect';
import { isSpoken } from '@/lib/captions';
import { bytes } from '@/lib/money';
import { sentence } from '@/lib/notify';
import { usePending } from '@/lib/pending';
import { projectPath, useProjectId } from '@/lib/route';
import { clock } from '@/lib/time';
import { Button, buttonClass, LinkButton } from '@/ui/button';
import { useMediaUrl, useStableUrl } from '@/ui/poster';
import { Bone, EmptyState, ErrorNote, Progress } from '@/ui/state';
import { useBoardActions } from '../board/actions';
import { nextStep, RunButton } from '../board/run';
import { ProjectBar } from '../project/bar';
import { NoProject } from '../project/missing';
import { modeWords, stageWords, titleOf } from '../projects/words';
import { Before, Cuts, fileName, numbered, type Numbered } from './cuts';
import { Captions } from './captions';
import { Exports, exportOf } from './exports';
import type { Platform } from './platforms';
import { Covered, Shapes } from './shapes';

export function Film() {
  const id = useProjectId(), project = useProjectPolling(id);
  if (project.error instanceof ApiError && project.error.status === 404) return <NoProject />;
  if (project.isError && !project.data) return <div className="mx-auto max-w-xl p-8 pt-32"><ErrorNote error={project.error} onRetry={() => void project.refetch()} /></div>;
  if (!project.data) return <div className="p-8"><Bone className="mx-auto mt-14 aspect-video max-w-5xl" /></div>;
  return <Screen project={project.data} />;
}

function Screen({ project: p }: { project: Project }) {
  const actions = useBoardActions(p.projectId);
  return (
    <div className="flex min-h-dvh flex-col">
      <ProjectBar project={p} here="film/">{nextStep(p, String).kind !== 'watch' && <RunButton project={p} actions={actions} />}</ProjectBar>
      {p.finalOutputUrl ? <Showing project={p} /> : <NoFilm project={p} />}
    </div>
  );
}

function Showing({ project: p }: { project: Project }) {
  const film = useFilm(p.projectId, true), ledger = useLedger(p.projectId), cuts = numbered(useCuts(p.projectId).data), price = usePrice();
  const [picked, pick] = useState<string | null>(null), [marks, setMarks] = useState<Platform | null>(null);
  const earlier = cuts.find(c => !c.shown && fileOf(c.url) === picked);
  const f = earlier ?? film.data;
  const { src: url, onError } = useMediaUrl(earlier?.url ?? p.finalOutputUrl), poster = useStableUrl(earlier?.posterUrl ?? p.posterUrl), at = useRef(0);
  const [w, h] = earlier ? [earlier.width, earlier.height] : sidesOf(p.aspect);
  const show = (c: Numbered | null) => { at.current = 0; pick(c && !c.shown ? fileOf(c.url) : null); setMarks(null); scrollTo({ top: 0, behavior: 'smooth' }); };
  return (
    <>
      <div className="bg-well py-6 sm:py-10">
        <div className="relative mx-auto overflow-hidden rounded-card" style={{ aspectRatio: `${w}/${h}`, width: `min(94vw, 72rem, calc(68dvh * ${w / h}))` }}>
          <video key={fileOf(url)} src={url} poster={poster} controls playsInline autoPlay={picked !== null} preload="metadata" onTimeUpdate={e => { at.current = e.currentTarget.currentTime; }} onError={onError} onLoadedMetadata={e => { if (at.current) e.currentTarget.currentTime = at.current; }} aria-label={`The film ${titleOf(p)}${earlier ? `, ${earlier.name}` : ''}`} className="absolute inset-0 size-full object-contain">
            {!earlier && film.data?.state === 'current' && p.captions !== 'burned' && isSpoken(p) && <track kind="captions" label="Captions" src={exportOf(p, 'vtt')} />}
          </video>
          {marks && <Covered by={marks} />}
        </div>
      </div>
      <div className="mx-auto w-full max-w-[76rem] px-5 pb-24 sm:px-8">
        {earlier ? <Before cut={earlier} onBack={() => show(null)} /> : film.data && film.data.state !== 'current' && <Stale project={p} cause={film.data.cause} />}
        <div className="mt-8 flex flex-wrap items-end gap-6">
          <div className="min-w-0 flex-1 basis-80">
            <h2 className="text-3xl font-semibold tracking-[-0.025em] sm:text-4xl">{titleOf(p)}</h2>
            {p.logline && <p className="mt-2 max-w-2xl text-base text-pretty text-muted">{p.logline}</p>}
          </div>
          <div className="flex gap-2">
            <a href={url} download={fileName(p, earlier?.name ?? '')} className={buttonClass('primary', 'large')}><Download className="size-4" aria-hidden />Download{f && <span className="font-normal opacity-75 tnum">{bytes(f.bytes)}</span>}</a>
            {poster && <a href={poster} download={fileName(p, earlier?.name ?? '').replace('.mp4', '.jpg')} className={buttonClass('secondary', 'large')}>Poster</a>}
          </div>
        </div>
        {film.isError && <ErrorNote error={film.error} className="mt-6" onRetry={() => void film.refetch()} />}
        {f && (
          <dl className="mt-10 grid grid-cols-2 gap-px overflow-hidden rounded-card border border-line bg-line sm:grid-cols-3 lg:grid-cols-6">
            {([['Length', clock(f.duration)], ['Frames', new Intl.NumberFormat().format(f.frames)], ['Picture', `${f.width} × ${f.height}`], ['Scenes', String(p.scenes.length)], ['Kind', modeWords(p.mode)], ['Paid', ledger.data ? (ledger.data.usd ? price(ledger.data.usd) : 'nothing') : '…']] as const).map(([name, value]) => (
              <div key={name} className="bg-surface px-5 py-4"><dt className="text-xs text-faint">{name}</dt><dd className="mt-1 text-lg font-medium tracking-tight tnum">{value}</dd></div>
            ))}
          </dl>
        )}
        <Shapes project={p} marks={marks} onMarks={setMarks} />
        <Captions project={p} />
        <Exports project={p} />
        <Cuts project={p} cuts={cuts} picked={picked} onPick={show} />
      </div>
    </>
  );
}

function Stale({ project: p, cause }: { project: Project; cause: string | undefined }) {
  const actions = useBoardActions(p.projectId);
  const busy = p.status === 'processing', price = usePrice(), { pending, run } = usePending();
  return (
    <div role="status" className="mt-6 flex flex-wrap items-center gap-4 rounded-card border border-warn/35 bg-warn-soft px-5 py-4">
      <Clock className="size-5 text-warn" aria-hidden />
      <p className="min-w-0 flex-1 basis-64">{busy ? 'A newer cut is being made; this is the one before.' : <>This is the cut before your last change. {cause && <span className="text-muted">{sentence(cause)}</span>}</>}</p>
      {!busy && <Button isPending={pending !== null} onPress={() => run(actions.compose)}><Scissors className="size-4" />Cut it again · {price(p.artifacts.film.usd)}</Button>}
    </div>
  );
}

function NoFilm({ project: p }: { project: Project }) {
  const busy = p.status === 'processing';
  return (
    <EmptyState title={busy ? (stageWords[p.stage ?? ''] ?? 'In the making') : 'The film is not cut yet'} action={<LinkButton look={busy ? 'secondary' : 'primary'} href={projectPath(p.projectId)}>To the board</LinkButton>}>
      {busy ? <><span>It plays here as soon as it is done. You can leave this page; the work goes on.</span><Progress value={p.progress} label="The film" className="mt-6" /></> : 'Film the scenes on the board, then cut them together.'}
    </EmptyState>
  );
}
