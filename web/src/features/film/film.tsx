'use client';
import clsx from 'clsx';
import { CopyPlus, Download, FileDown, History as Clock, Play, Scissors, Smartphone } from 'lucide-react';
import { useRef, useState } from 'react';
import { api, ApiError, fileOf, once, type Cut, type Project } from '@/api/client';
import { useCuts, useFilm, useLedger, usePrice, useProjectPolling } from '@/api/queries';
import { bytes } from '@/lib/money';
import { notifyProblem, sentence } from '@/lib/notify';
import { projectPath, useNavigate, useProjectId } from '@/lib/route';
import { ago, clock } from '@/lib/time';
import { Button, buttonClass, LinkButton } from '@/ui/button';
import { Poster, useMediaUrl, useStableUrl } from '@/ui/poster';
import { Bone, EmptyState, ErrorNote, Progress } from '@/ui/state';
import { useBoardActions } from '../board/actions';
import { NoProject } from '../board/board';
import { nextStep, RunButton } from '../board/run';
import { ProjectBar } from '../project/bar';
import { modeWords, stageWords, titleOf } from '../projects/words';
import { asOf, misfit, platforms, type Platform } from './platforms';

const shapes = { '16:9': 'h-4 w-7', '9:16': 'h-7 w-4', '1:1': 'size-5' } as const;

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

const slug = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
const fileName = (p: Project, cut: string) => `${slug(titleOf(p)) || 'film'}_${p.aspect.replace(':', 'x')}${cut && `_${slug(cut)}`}.mp4`;

/** A cut and what it is called: they are numbered as they were made. */
type Numbered = Cut & { name: string };
const numbered = (cuts: Cut[] | undefined): Numbered[] => (cuts ?? []).map((c, i, all) => ({ ...c, name: `Cut ${all.length - i}` }));

function Showing({ project: p }: { project: Project }) {
  const film = useFilm(p.projectId, true), ledger = useLedger(p.projectId), cuts = numbered(useCuts(p.projectId).data), price = usePrice();
  const [picked, pick] = useState<string | null>(null), [marks, setMarks] = useState<Platform | null>(null);
  const earlier = cuts.find(c => !c.shown && fileOf(c.url) === picked);
  const f = earlier ?? film.data;
  const { src: url, onError } = useMediaUrl(earlier?.url ?? p.finalOutputUrl), poster = useStableUrl(earlier?.posterUrl ?? p.posterUrl), at = useRef(0);
  const [w, h] = earlier ? [earlier.width, earlier.height] : (p.aspect.split(':').map(Number) as [number, number]);
  const show = (c: Numbered | null) => { at.current = 0; pick(c && !c.shown ? fileOf(c.url) : null); setMarks(null); scrollTo({ top: 0, behavior: 'smooth' }); };
  return (
    <>
      <div className="bg-well py-6 sm:py-10">
        <div className="relative mx-auto overflow-hidden" style={{ aspectRatio: `${w}/${h}`, width: `min(94vw, 72rem, calc(68dvh * ${w / h}))` }}>
          <video key={fileOf(url)} src={url} poster={poster} controls playsInline autoPlay={picked !== null} preload="metadata" onTimeUpdate={e => { at.current = e.currentTarget.currentTime; }} onError={onError} onLoadedMetadata={e => { if (at.current) e.currentTarget.currentTime = at.current; }} aria-label={`The film ${titleOf(p)}${earlier ? `, ${earlier.name}` : ''}`} className="absolute inset-0 size-full rounded-card object-contain" />
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
        <Exports project={p} />
        <History project={p} cuts={cuts} picked={picked} onPick={show} />
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
      <Clock className="size-5 text-warn" aria-hidden />
      <p className="min-w-0 flex-1 basis-64">{busy ? 'A newer cut is being made; this is the one before.' : <>This is the cut before your last change. {cause && <span className="text-muted">{sentence(cause)}</span>}</>}</p>
      {!busy && <Button isPending={pending} onPress={() => { setPending(true); actions.compose().catch(notifyProblem).finally(() => setPending(false)); }}><Scissors className="size-4" />Cut it again · {price(p.artifacts.film.usd)}</Button>}
    </div>
  );
}

/** Where it fits, and another shape for where it does not: framed anew, not cropped. */
function Shapes({ project: p, marks, onMarks }: { project: Project; marks: Platform | null; onMarks(platform: Platform | null): void }) {
  const navigate = useNavigate(), [pending, setPending] = useState<string | null>(null);
  const reshape = (aspect: Project['aspect']) => {
    setPending(aspect);
    api.POST('/api/mv/projects/{projectId}/duplicate', { params: { path: { projectId: p.projectId }, header: once() } })
      .then(async ({ data }) => { await api.PATCH('/api/mv/projects/{projectId}', { params: { path: { projectId: data!.projectId } }, body: { aspect, title: `${titleOf(p)}, ${aspect}` } }); navigate(projectPath(data!.projectId)); })
      .catch(notifyProblem).finally(() => setPending(null));
  };
  return (
    <section className="mt-14">
      <h3 className="text-lg font-semibold tracking-tight">Where it fits</h3>
      <ul className="mt-4 grid gap-3 sm:grid-cols-2 lg:grid-cols-5">
        {platforms.map(to => {
          const why = misfit(to, p), other = to.aspect !== p.aspect;
          return (
            <li key={to.name} className="flex flex-col rounded-card border border-line bg-surface p-4">
              <div className="flex items-center gap-3"><span className={clsx('rounded-[3px] border-2', shapes[to.aspect], why ? 'border-line-strong' : 'border-ok bg-ok/15')} aria-hidden /><span className="font-medium">{to.name}</span></div>
              <p className="mt-2 flex-1 text-xs text-muted">{why ? sentence(why) : `Fits as it is${to.best && p.duration > 30 ? `, ${to.best}` : ''}.`}</p>
              {other && <Button size="small" className="mt-3 self-start" isPending={pending === to.aspect} isDisabled={pending !== null} onPress={() => reshape(to.aspect)}><CopyPlus className="size-3.5" />A copy in {to.aspect}</Button>}
              {!why && to.covered && <Button size="small" className="mt-3 self-start" aria-pressed={marks === to} onPress={() => { onMarks(marks === to ? null : to); scrollTo({ top: 0, behavior: 'smooth' }); }}><Smartphone className="size-3.5" />{marks === to ? 'Hide' : 'Show'} what it covers</Button>}
            </li>
          );
        })}
      </ul>
      <p className="mt-3 text-xs text-faint">Limits as of {asOf}. In a copy of another shape every scene is framed and filmed anew.</p>
    </section>
  );
}

const editors = [
  { format: 'otio', name: 'OpenTimelineIO', for: 'Resolve, Hiero, Blender' },
  { format: 'fcpxml', name: 'Final Cut XML', for: 'Final Cut, Resolve' },
  { format: 'edl', name: 'EDL', for: 'any editing program' },
  { format: 'srt', name: 'SubRip captions', for: 'the lines of the scenes' },
  { format: 'vtt', name: 'WebVTT captions', for: 'the same, for the web' },
] as const;

/** The cut as other programs read it: the takes and the parts of them that are used. */
function Exports({ project: p }: { project: Project }) {
  const spoken = p.scenes.some(s => s.line), base = `/api/mv/projects/${p.projectId}/export/`;
  return (
    <section className="mt-14">
      <h3 className="text-lg font-semibold tracking-tight">Cut it further elsewhere</h3>
      <ul className="mt-4 flex flex-wrap gap-3">
        {editors.filter(e => spoken || (e.format !== 'srt' && e.format !== 'vtt')).map(e => (
          <li key={e.format}>
            <a href={base + e.format} download className="flex items-center gap-3 rounded-card border border-line bg-surface px-4 py-3 hover:border-line-strong">
              <FileDown className="size-4 text-faint" aria-hidden />
              <span><span className="block font-medium">{e.name}</span><span className="block text-xs text-muted">{e.for}</span></span>
            </a>
          </li>
        ))}
      </ul>
      <p className="mt-3 text-xs text-faint">They name the clips by addresses of this server that live for a while. With the clips beside the file: <code>storyreel project export {p.projectId} --as otio</code></p>
    </section>
  );
}

/** What a platform lays over the picture. */
function Covered({ by }: { by: Platform }) {
  const c = by.covered!, part = (n: number) => `${n * 100}%`;
  return (
    <div className="pointer-events-none absolute inset-0" aria-hidden>
      {[{ top: 0, left: 0, right: 0, height: part(c.top) }, { bottom: 0, left: 0, right: 0, height: part(c.bottom) }, { top: part(c.top), bottom: part(c.bottom), left: 0, width: part(c.left) }, { top: part(c.top), bottom: part(c.bottom), right: 0, width: part(c.right) }]
        .map((style, i) => <div key={i} className="absolute bg-danger/45" style={style} />)}
      <div className="absolute border border-dashed border-white/80" style={{ top: part(c.top), bottom: part(c.bottom), left: part(c.left), right: part(c.right) }} />
    </div>
  );
}

function Before({ cut, onBack }: { cut: Numbered; onBack(): void }) {
  return (
    <div role="status" className="mt-6 flex flex-wrap items-center gap-4 rounded-card border border-line bg-surface px-5 py-4">
      <Clock className="size-5 text-faint" aria-hidden />
      <p className="min-w-0 flex-1 basis-64">{cut.name}, as it was {ago(cut.madeAt)}.</p>
      <Button onPress={onBack}>Back to the newest</Button>
    </div>
  );
}

/** Every cut that was made, newest first: a film that is cut again does not replace the one before. */
function History({ project: p, cuts, picked, onPick }: { project: Project; cuts: Numbered[]; picked: string | null; onPick(cut: Numbered): void }) {
  if (cuts.length < 2) return null;
  return (
    <section className="mt-14">
      <h3 className="text-lg font-semibold tracking-tight">Cuts so far</h3>
      <p className="mt-1 text-muted">A new cut never replaces an old one.</p>
      <ol className="mt-4 divide-y divide-line border-y border-line">
        {cuts.map(c => {
          const playing = c.shown ? picked === null : picked === fileOf(c.url);
          return (
            <li key={fileOf(c.url)} className="flex items-center gap-4 py-3">
              <Poster url={c.posterUrl} tall={c.height > c.width} className="h-[3.375rem] w-24 shrink-0 rounded-control" />
              <div className="min-w-0 flex-1">
                <p className="font-medium tnum">{c.name}{c.shown && <span className="ml-2 rounded-full bg-raised px-2 py-0.5 text-2xs font-medium text-muted">newest</span>}{c.partial && <span className="ml-2 text-2xs font-medium text-warn">with cards for what was not filmed</span>}</p>
                <p className="mt-0.5 truncate text-xs text-faint tnum">{ago(c.madeAt)} · {clock(c.duration)} · {c.width} × {c.height} · {bytes(c.bytes)}</p>
              </div>
              <Button size="small" look={playing ? 'secondary' : 'ghost'} aria-pressed={playing} onPress={() => onPick(c)}><Play className="size-3.5" />{playing ? 'On the screen' : 'Play'}<span className="sr-only"> {c.name}</span></Button>
              <a href={c.url} download={fileName(p, c.name)} aria-label={`Download ${c.name}`} className={clsx(buttonClass('ghost', 'small'), 'max-sm:hidden')}><Download className="size-3.5" aria-hidden />Download</a>
            </li>
          );
        })}
      </ol>
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
