'use client';
import { ChevronFirst, ChevronLast, Clapperboard, Keyboard, Maximize, Pause, Play, Repeat2, StepBack, StepForward, Volume2, VolumeX } from 'lucide-react';
import { memo, useEffect, useRef, useState, useSyncExternalStore, type ReactNode } from 'react';
import type { Scene } from '@/api/client';
import { sidesOf } from '@/lib/aspect';
import { FPS, timecode, toFrames } from '@/lib/time';
import { IconButton } from '@/ui/button';
import type { CutPlayer } from './cut';

/** The picture and, below it, what moves it. `empty` stands in for a scene that is not filmed. */
export const PlayerView = memo(function PlayerView({ player, aspect, scenes, onKeys, empty }: { player: CutPlayer; aspect: string; scenes: Scene[]; onKeys(): void; empty(scene: Scene): ReactNode }) {
  const one = useRef<HTMLVideoElement>(null), two = useRef<HTMLVideoElement>(null), song = useRef<HTMLAudioElement>(null), stage = useRef<HTMLDivElement>(null);
  const [sequence, setSequence] = useState<number | null>(null);
  useEffect(() => player.attach([one.current!, two.current!], song.current!), [player]);
  useEffect(() => player.onScene(setSequence), [player]);
  const scene = scenes.find(s => s.sequence === sequence);
  const [w, h] = sidesOf(aspect);
  const video = 'invisible absolute inset-0 size-full object-contain';
  return (
    <section aria-label="Player" ref={stage} className="flex min-h-0 flex-1 flex-col bg-well text-white" data-theme="dark">
      <div className="relative flex min-h-0 flex-1 items-center justify-center [container-type:size] max-lg:aspect-video max-lg:max-h-[46dvh] max-lg:flex-none" onClick={() => player.toggle()}>
        <div className="relative overflow-hidden" style={{ aspectRatio: `${w}/${h}`, width: `min(100cqw, calc(100cqh * ${w / h}))` }}>
          <video ref={one} className={video} playsInline preload="auto" aria-label={scene ? `Scene ${scene.displaySequence}: ${scene.title}` : 'The cut'} tabIndex={-1} />
          <video ref={two} className={video} playsInline preload="auto" aria-hidden tabIndex={-1} />
          {scene && !scene.originalVideoClipUrl && <div className="absolute inset-0 bg-well">{empty(scene)}</div>}
          {!scenes.length && <Clapperboard className="absolute inset-0 m-auto size-12 text-white/20" strokeWidth={1} aria-hidden />}
        </div>
        <audio ref={song} preload="auto" />
      </div>
      <Scrubber player={player} />
      <Transport player={player} scenes={scenes} onFull={() => void (document.fullscreenElement ? document.exitFullscreen() : stage.current?.requestFullscreen())} onKeys={onKeys} />
    </section>
  );
});

function Scrubber({ player }: { player: CutPlayer }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => player.onTick(t => {
    const i = input.current;
    if (!i) return;
    i.max = String(toFrames(player.duration));
    i.value = String(toFrames(t));
    i.style.setProperty('--done', `${player.duration ? (t / player.duration) * 100 : 0}%`);
    i.setAttribute('aria-valuetext', timecode(t));
  }), [player]);
  return (
    <input ref={input} type="range" min={0} step={1} defaultValue={0} aria-label="Position in the film" onChange={e => player.seek(Number(e.target.value) / FPS)}
      onKeyDown={e => { if (!/^(Arrow|Home|End|Page)/.test(e.key)) e.preventDefault(); }}
      className="scrubber h-3 w-full shrink-0 cursor-pointer appearance-none bg-transparent" />
  );
}

function Timecode({ player }: { player: CutPlayer }) {
  const now = useRef<HTMLSpanElement>(null), all = useRef<HTMLSpanElement>(null);
  useEffect(() => player.onTick(t => {
    if (now.current) now.current.textContent = timecode(t);
    if (all.current) all.current.textContent = timecode(player.duration);
  }), [player]);
  return <div className="font-mono text-sm tnum" aria-hidden><span ref={now} className="text-white">00:00:00</span><span className="text-white/50 max-sm:hidden"> / <span ref={all}>00:00:00</span></span></div>;
}

export function jump(player: CutPlayer, scenes: Scene[], direction: 1 | -1) {
  let start = 0;
  const cuts = [0];
  for (const s of scenes) cuts.push(start += s.duration);
  const slack = 1.5 / FPS, to = direction > 0 ? cuts.find(c => c > player.time + slack) : cuts.findLast(c => c < player.time - slack);
  player.seek(to ?? (direction > 0 ? start : 0));
}

function Transport({ player, scenes, onFull, onKeys }: { player: CutPlayer; scenes: Scene[]; onFull(): void; onKeys(): void }) {
  const s = useSyncExternalStore(player.onChange, player.snapshot, player.snapshot);
  return (
    <div className="flex h-12 shrink-0 items-center gap-0.5 px-2 sm:px-4">
      <div className="flex flex-1 items-center gap-3"><Timecode player={player} />{s.playing && s.rate !== 1 && <span className="rounded-chip bg-white/10 px-1.5 font-mono text-xs">{s.rate}×</span>}</div>
      <IconButton label="Previous cut" keys="[" onPress={() => jump(player, scenes, -1)}><ChevronFirst className="size-4" /></IconButton>
      <IconButton label="One frame back" keys="," onPress={() => player.step(-1)} className="max-sm:hidden"><StepBack className="size-4" /></IconButton>
      <IconButton label={s.playing ? 'Pause' : 'Play the cut'} keys="Space" look="primary" size="large" className="mx-1.5 h-10! w-10! rounded-full!" onPress={() => player.toggle()}>
        {s.playing ? <Pause className="size-5 fill-current" /> : <Play className="size-5 translate-x-px fill-current" />}
      </IconButton>
      <IconButton label="One frame on" keys="." onPress={() => player.step(1)} className="max-sm:hidden"><StepForward className="size-4" /></IconButton>
      <IconButton label="Next cut" keys="]" onPress={() => jump(player, scenes, 1)}><ChevronLast className="size-4" /></IconButton>
      <div className="flex flex-1 items-center justify-end gap-0.5">
        <IconButton label={s.loop ? 'Stop looping' : 'Loop this scene'} keys="Shift+L" aria-pressed={s.loop} className={s.loop ? 'text-accent-text!' : ''} onPress={() => toggleLoop(player, scenes)}><Repeat2 className="size-4" /></IconButton>
        <IconButton label={s.muted ? 'Sound on' : 'Mute'} keys="M" onPress={() => player.mute(!s.muted)}>{s.muted ? <VolumeX className="size-4" /> : <Volume2 className="size-4" />}</IconButton>
        <IconButton label="Full screen" keys="F" onPress={onFull}><Maximize className="size-4" /></IconButton>
        <IconButton label="Keys" keys="?" onPress={onKeys} className="max-lg:hidden"><Keyboard className="size-4" /></IconButton>
      </div>
    </div>
  );
}

export function toggleLoop(player: CutPlayer, scenes: Scene[]) {
  if (player.snapshot().loop) return player.loopOver(null);
  let start = 0;
  for (const s of scenes) {
    if (player.time < start + s.duration - 0.5 / FPS) return player.loopOver({ start, end: start + s.duration });
    start += s.duration;
  }
}
