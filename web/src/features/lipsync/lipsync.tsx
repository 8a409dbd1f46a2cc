'use client';
import clsx from 'clsx';
import { History, Mic, Play, RotateCcw, Square } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState, type CSSProperties, type ReactNode } from 'react';
import { once, type LipSyncModel, type Project, type Scene, type SongMap } from '@/api/client';
import { useModels, usePrice } from '@/api/queries';
import { helpFor } from '@/lib/here';
import { notify, notifyProblem, sentence } from '@/lib/notify';
import { usePending } from '@/lib/pending';
import { useShade } from '@/lib/theme';
import { timecode } from '@/lib/time';
import { Button } from '@/ui/button';
import { Choice } from '@/ui/choice';
import { Switch } from '@/ui/switch';
import { Bone, Progress } from '@/ui/state';
import type { BoardActions } from '../board/actions';
import { usedPart } from '../board/cut';
import type { CutPlayer } from '../player/cut';
import { paintSong } from '../timeline/paint';
import { Wipe } from './wipe';

type Props = { project: Project; scene: Scene; map: SongMap | undefined; player: CutPlayer; actions: BoardActions };

/** Why lips cannot be moved here; null when they can. */
export function whyNot(p: Pick<Project, 'audioBackingTrackUrl'>, s: Pick<Scene, 'selectedTake' | 'artifacts'>, models: LipSyncModel[]): string | null {
  if (!p.audioBackingTrackUrl) return 'This film has no song, so there is nothing for the lips to follow.';
  if (!s.selectedTake) return 'There is no take yet. Film the scene first.';
  if (s.artifacts.take.state === 'running') return 'The scene is being filmed. The lips come after it.';
  if (!models.some(m => m.configured)) return models.length ? `Nobody here moves lips yet: ${models.map(m => `${m.title} needs ${m.lacks}`).join(', ')}.` : 'This server knows no model that moves lips.';
  return null;
}

export function LipSync({ project: p, scene: s, map, player, actions }: Props) {
  const models = useModels().data?.lipsyncModels;
  if (!models) return <Bone className="h-40" />;
  const reason = whyNot(p, s, models), shown = s.lipSync?.shown && s.lipSyncedVideoClipUrl, state = s.artifacts.lipSync;
  return (
    <div className="flex flex-col gap-6">
      {p.audioBackingTrackUrl && <Heard project={p} scene={s} map={map} player={player} />}
      {state?.state === 'stale' && shown && <p role="status" className="flex gap-2.5 rounded-card border border-warn/35 bg-warn-soft px-4 py-3"><History className="mt-0.5 size-4 shrink-0 text-warn" aria-hidden /><span>The lips no longer fit: {sentence(staleWords(state.cause))}</span></p>}
      {shown && <Wipe project={p} scene={s} />}
      {reason
        ? <p className="flex gap-3 rounded-card border border-line bg-inset p-4 text-muted"><Mic className="mt-0.5 size-4 shrink-0" aria-hidden />{reason}</p>
        : <Ask key={s.lipSync?.take ?? 0} project={p} scene={s} models={models.filter(m => m.configured)} actions={actions} />}
    </div>
  );
}

const staleWords = (cause: string | undefined) => (cause === 'offset moved' ? 'the scene begins at another moment of the song' : (cause ?? 'something changed since'));

/** The part of the song that is heard with this scene, and its words. */
function Heard({ project: p, scene: s, map, player }: { project: Project; scene: Scene; map: SongMap | undefined; player: CutPlayer }) {
  const canvas = useRef<HTMLCanvasElement>(null), audio = useRef<HTMLAudioElement>(null);
  const [width, setWidth] = useState(0), [playing, setPlaying] = useState(false);
  const shade = useShade(), start = s.startTime, end = s.startTime + s.duration;
  useEffect(() => {
    const box = canvas.current!.parentElement!, watch = new ResizeObserver(() => setWidth(box.clientWidth));
    watch.observe(box);
    return () => watch.disconnect();
  }, []);
  useLayoutEffect(() => {
    const scale = width / (end - start);
    if (width) paintSong(canvas.current!, map, { width, height: 72, scroll: start * scale, scale }, 22);
  }, [map, width, start, end, shade]);
  const hear = () => {
    const a = audio.current!;
    if (!a.paused) return a.pause();
    player.pause();
    a.currentTime = start;
    void a.play().catch(notifyProblem);
  };
  return (
    <section aria-label="Heard here">
      <div className="mb-2 flex items-center gap-3">
        <p className="flex-1 text-xs text-muted">Heard here: <span className="font-mono text-fg tnum">{timecode(start)} – {timecode(end)}</span> of the song</p>
        <Button size="small" onPress={hear}>{playing ? <Square className="size-3 fill-current" /> : <Play className="size-3 fill-current" />}{playing ? 'Stop' : 'Hear it'}</Button>
      </div>
      <div className="relative h-18 overflow-hidden rounded-[8px] bg-inset ring-1 ring-line"><canvas ref={canvas} aria-hidden className="absolute inset-0" style={{ width, height: 72 }} /></div>
      {s.line && <p className="mt-2 text-base text-pretty italic">“{s.line}”</p>}
      <audio ref={audio} src={p.audioBackingTrackUrl} preload="none" onPlay={() => setPlaying(true)} onPause={() => setPlaying(false)} onTimeUpdate={e => { if (e.currentTarget.currentTime >= end) e.currentTarget.pause(); }} />
    </section>
  );
}

/** How the lips are moved, for what price. */
function Ask({ project: p, scene: s, models, actions }: { project: Project; scene: Scene; models: LipSyncModel[]; actions: BoardActions }) {
  const price = usePrice(), before = s.lipSync;
  const [name, setName] = useState(() => [before?.model, p.lipsync].find(n => models.some(m => m.name === n)) ?? models.find(m => (m.usdPerSecond === 0) === (p.video === 'animatic'))?.name ?? models[0]!.name);
  const [temperature, setTemperature] = useState(before?.temperature ?? 0.5), [speaker, setSpeaker] = useState(before?.activeSpeaker ?? true), [occlusion, setOcclusion] = useState(before?.occlusionDetection ?? false);
  const { pending, run } = usePending<'sync' | 'rest'>(), [key] = useState(() => ({ current: once() }));
  const model = models.find(m => m.name === name)!, part = usedPart(s), running = s.artifacts.lipSync?.state === 'running';
  const cost = model.usdPerSecond === null ? null : model.usdPerSecond * (part.out - part.in);
  const sync = () => run(() => actions.syncLips(s.sequence, {
    model: name, ...(model.temperature ? { temperature } : {}), ...(model.activeSpeaker ? { activeSpeaker: speaker } : {}), ...(model.occlusionDetection ? { occlusionDetection: occlusion } : {}),
  }, key.current).then(() => { key.current = once(); notify('The lips are being moved. The take stays until that is done.'); }), 'sync');
  return (
    <section aria-label="Settings of the lip-sync" className="flex flex-col gap-5">
      {models.length > 1 && <Choice label="Moved by" value={name} onChange={setName} options={models.map(m => ({ value: m.name, label: m.title }))} />}
      {model.temperature && (
        <Setting title="Expression" words="How far the mouth opens.">
          <div className="flex items-center gap-3 text-xs text-faint"><span>calm</span>
            <input type="range" min={0} max={1} step={0.05} value={temperature} onChange={e => setTemperature(Number(e.target.value))} aria-label="Expression" aria-valuetext={temperature.toFixed(2)} style={{ '--done': `${temperature * 100}%` } as CSSProperties} className="slider min-w-0 flex-1" />
            <span>lively</span><span className="w-9 text-right font-mono text-fg tnum">{temperature.toFixed(2)}</span></div>
        </Setting>
      )}
      {model.activeSpeaker && <Switch label="Find the face that speaks" help="Where several are seen, the one whose mouth moves is taken." isSelected={speaker} onChange={setSpeaker} />}
      {model.occlusionDetection && <Switch label="Something covers the face" help="Hands, microphones, hair. Slower." isSelected={occlusion} onChange={setOcclusion} />}
      <div className="flex flex-wrap items-center gap-2">
        <Button look="primary" onPress={sync} isPending={pending === 'sync'} isDisabled={running || pending !== null}><Mic className="size-4" />{before?.shown ? 'Sync again' : 'Sync lips'} · {price(cost)}</Button>
        {before?.shown && <Button onPress={() => run(() => actions.restLips(s.sequence), 'rest')} isPending={pending === 'rest'} isDisabled={running || pending !== null}><RotateCcw className="size-4" />Back to the original</Button>}
      </div>
      {running && <div role="status"><p className="mb-2 text-processing">The lips are being moved.</p><Progress value={s.artifacts.lipSync?.progress} label="Lip-sync" /></div>}
      {s.artifacts.lipSync?.state === 'failed' && helpFor(s.artifacts.lipSync.next) !== 'decide' && <p role="alert" className="rounded-card border border-danger/35 bg-danger-soft/60 p-3.5">{sentence(s.artifacts.lipSync.cause ?? 'The lips could not be moved')} {s.artifacts.lipSync.next && <span className="text-muted">{sentence(s.artifacts.lipSync.next)}</span>}</p>}
      <p className="text-xs text-faint">Works poorly on faces that do not move, and on silence.</p>
    </section>
  );
}

function Setting({ title, words, children, className }: { title: string; words: string; children: ReactNode; className?: string }) {
  return <div className={clsx(className)}><p className="text-xs font-medium text-muted">{title}</p>{children}<p className="mt-0.5 text-xs text-faint">{words}</p></div>;
}
