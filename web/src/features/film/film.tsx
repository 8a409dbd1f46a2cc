'use client';
import { Download, History, Scissors } from 'lucide-react';
import { useState } from 'react';
import { ApiError, fileOf, type Project } from '@/api/client';
import { useFilm, useLedger, usePrice, useProjectPolling } from '@/api/queries';
import { bytes } from '@/lib/money';
import { notifyProblem, sentence } from '@/lib/notify';
import { useProjectId } from '@/lib/route';
import { clock } from '@/lib/time';
import { Button, buttonClass, LinkButton } from '@/ui/button';
import { useStableUrl } from '@/ui/poster';
import { Bone, EmptyState, ErrorNote, Progress } from '@/ui/state';
import { useBoardActions } from '../board/actions';
import { NoProject } from '../board/board';
import { nextStep, RunButton } from '../board/run';
import { ProjectBar } from '../project/bar';
import { modeWords, stageWords, titleOf } from '../projects/words';
import { projectPath } from '@/lib/route';

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

const fileName = (p: Project) => `${titleOf(p).toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '') || 'film'}_${p.aspect.replace(':', 'x')}.mp4`;

function Showing({ project: p }: { project: Project }) {
  const film = useFilm(p.projectId, true), ledger = useLedger(p.projectId), price = usePrice();
  const url = useStableUrl(p.finalOutputUrl), poster = useStableUrl(p.posterUrl);
  const [w, h] = p.aspect.split(':').map(Number) as [number, number];
  const f = film.data;
  return (
    <>
      <div className="bg-well py-6 sm:py-10">
        <div className="relative mx-auto overflow-hidden" style={{ aspectRatio: `${w}/${h}`, width: `min(94vw, 72rem, calc(68dvh * ${w / h}))` }}>
          <video key={fileOf(url)} src={url} poster={poster} controls playsInline preload="metadata" aria-label={`The film ${titleOf(p)}`} className="absolute inset-0 size-full rounded-card object-contain" />
        </div>
      </div>
      <div className="mx-auto w-full max-w-[76rem] px-5 pb-24 sm:px-8">
        {f && f.state !== 'current' && <Stale project={p} cause={f.cause} />}
        <div className="mt-8 flex flex-wrap items-end gap-6">
          <div className="min-w-0 flex-1 basis-80">
            <h2 className="text-3xl font-semibold tracking-[-0.025em] sm:text-4xl">{titleOf(p)}</h2>
            {p.logline && <p className="mt-2 max-w-2xl text-base text-pretty text-muted">{p.logline}</p>}
          </div>
          <div className="flex gap-2">
            <a href={url} download={fileName(p)} className={buttonClass('primary', 'large')}><Download className="size-4" aria-hidden />Download{f && <span className="font-normal opacity-75 tnum">{bytes(f.bytes)}</span>}</a>
            {poster && <a href={poster} download={fileName(p).replace('.mp4', '.jpg')} className={buttonClass('secondary', 'large')}>Poster</a>}
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
        <Shapes project={p} />
      </div>
    </>
  );
}

function Stale({ project: p, cause }: { project: Project; cause: string | undefined }) {
  const actions = useBoardActions(p.projectId);
  const [pending, setPending] = useState(false);
  const busy = p.status === 'processing', price = usePrice();
  return (
    <div role="status" className="mt-6 flex flex-wrap items-center gap-4 rounded-card border border-warn/35 bg-warn-soft px-5 py-4">
      <History className="size-5 text-warn" aria-hidden />
      <p className="min-w-0 flex-1 basis-64">{busy ? 'A newer cut is being made; this is the one before.' : <>This is the cut before your last change. {cause && <span className="text-muted">{sentence(cause)}</span>}</>}</p>
      {!busy && <Button isPending={pending} onPress={() => { setPending(true); actions.compose().catch(notifyProblem).finally(() => setPending(false)); }}><Scissors className="size-4" />Cut it again · {price(p.artifacts.film.usd)}</Button>}
    </div>
  );
}

function Shapes({ project: p }: { project: Project }) {
  return (
    <section className="mt-12">
      <h3 className="text-lg font-semibold tracking-tight">Other shapes and captions</h3>
      <p className="mt-1 max-w-2xl text-muted">This film is {p.aspect}. For another shape, duplicate the project and choose it there: every scene is framed anew instead of being cropped. The server does not export captions or files for editors yet.</p>
    </section>
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
