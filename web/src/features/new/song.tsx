'use client';
import clsx from 'clsx';
import { AudioLines, Pause, Play, X } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { DropZone, FileTrigger, type FileDropItem } from 'react-aria-components';
import type { Audio, SongMap } from '@/api/client';
import { sentence } from '@/lib/notify';
import { useShade } from '@/lib/theme';
import { clock } from '@/lib/time';
import { upload, type Upload } from '@/lib/upload';
import { Button, IconButton } from '@/ui/button';
import { Progress } from '@/ui/state';
import { TriggerButton } from '@/ui/trigger';
import { paintSong } from '../timeline/paint';

const SONG_BYTES_MAX = 2 * 1024 ** 3;

/** A song is listened to as soon as it is dropped: its beats, bars and sections are there before anything is made. */
export function SongDrop({ song, onSong, error, optional }: { song: Audio | undefined; onSong(song: Audio | undefined): void; error?: string; optional?: boolean }) {
  const [share, setShare] = useState<number | null>(null), [fault, setFault] = useState<string>();
  const running = useRef<Upload<Audio>>(undefined);
  const send = (file: File | undefined) => {
    if (!file) return;
    if (file.size > SONG_BYTES_MAX) return setFault('Songs up to 2 GiB are taken.');
    const form = new FormData();
    form.append('audio', file);
    setFault(undefined); setShare(0);
    running.current = upload<Audio>('/api/audio/analyze', form, setShare);
    running.current.done.then(onSong)
      .catch(e => { if ((e as Error).name !== 'AbortError') setFault(sentence((e as Error).message)); })
      .finally(() => setShare(null));
  };
  useEffect(() => () => running.current?.cancel(), []);
  if (song) return <Song song={song} onRemove={() => onSong(undefined)} />;
  return (
    <div>
      <DropZone aria-label="Song" onDrop={async e => { const item = e.items.find((i): i is FileDropItem => i.kind === 'file'); send(await item?.getFile()); }}
        className={clsx('flex flex-col items-center justify-center gap-3 rounded-card border border-dashed px-6 py-10 text-center transition-colors drop-target:border-accent drop-target:bg-accent-soft', error || fault ? 'border-danger' : 'border-line-strong/70 hover:border-line-strong')}>
        <AudioLines className="size-8 text-audio" strokeWidth={1.5} aria-hidden />
        {share === null
          ? <><p className="text-base text-muted">Drop a song here{optional && ', if there is one'}</p><FileTrigger acceptedFileTypes={['audio/*']} onSelect={f => send(f?.[0])}><TriggerButton>Choose a file</TriggerButton></FileTrigger><p className="text-xs text-faint">WAV, MP3, M4A, FLAC, Ogg or Opus, up to an hour</p></>
          : <div className="w-full max-w-sm"><p className="mb-3 text-muted">{share < 1 ? 'Sending' : 'Listening for beats and sections'}</p><Progress value={share < 1 ? share : undefined} label="Song" /><Button look="ghost" size="small" className="mt-3" onPress={() => running.current?.cancel()}>Cancel</Button></div>}
      </DropZone>
      {(fault || error) && <p role="alert" className="mt-2 text-xs text-danger">{fault ?? error}</p>}
    </div>
  );
}

function Song({ song, onRemove }: { song: Audio; onRemove(): void }) {
  const audio = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const map = song.songMap;
  const sections = map.sections.map(s => s.label);
  return (
    <div className="overflow-hidden rounded-card border border-line bg-inset">
      <div className="flex items-center gap-3 px-4 pt-3.5">
        <IconButton label={playing ? 'Pause' : 'Play the song'} look="secondary" className="rounded-full!" onPress={() => { const a = audio.current!; if (a.paused) void a.play(); else a.pause(); }}>{playing ? <Pause className="size-4 fill-current" /> : <Play className="size-4 translate-x-px fill-current" />}</IconButton>
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium">{song.name}</p>
          <p className="text-xs text-faint tnum">{clock(song.duration)}{map.tempo > 0 && ` · ${Math.round(map.tempo)} beats a minute`} · {map.beats.length} beats · {sections.length} sections</p>
        </div>
        <IconButton label="Another song" onPress={onRemove}><X className="size-4" /></IconButton>
      </div>
      <SongPicture map={map} audio={audio} />
      <audio ref={audio} src={song.url} preload="metadata" onPlay={() => setPlaying(true)} onPause={() => setPlaying(false)} onEnded={() => setPlaying(false)} />
    </div>
  );
}

/** The waveform with its sections and bars; a click goes there. */
export function SongPicture({ map, audio }: { map: SongMap; audio?: React.RefObject<HTMLAudioElement | null> }) {
  const canvas = useRef<HTMLCanvasElement>(null), head = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const shade = useShade();
  useEffect(() => {
    const watch = new ResizeObserver(() => setWidth(canvas.current?.parentElement?.clientWidth ?? 0));
    watch.observe(canvas.current!.parentElement!);
    return () => watch.disconnect();
  }, []);
  useLayoutEffect(() => { if (width) paintSong(canvas.current!, map, { width, height: 104, scroll: 0, scale: width / map.duration }, 22); }, [map, width, shade]);
  useEffect(() => {
    if (!audio) return;
    let frame = requestAnimationFrame(function tick() {
      const t = audio.current?.currentTime ?? 0;
      if (head.current) { head.current.style.transform = `translateX(${(t / map.duration) * width}px)`; head.current.hidden = t === 0; }
      frame = requestAnimationFrame(tick);
    });
    return () => cancelAnimationFrame(frame);
  }, [audio, map, width]);
  return (
    <div className="relative mx-4 mt-2 mb-3 h-26" onClick={e => { if (audio?.current) { audio.current.currentTime = ((e.clientX - e.currentTarget.getBoundingClientRect().left) / width) * map.duration; } }}>
      <canvas ref={canvas} className="absolute inset-0" style={{ width, height: 104 }} aria-hidden />
      {map.sections.map(s => <span key={s.start} className="absolute top-0.5 truncate pl-1 text-2xs font-medium text-muted capitalize" style={{ left: `${(s.start / map.duration) * 100}%`, maxWidth: `${((s.end - s.start) / map.duration) * 100}%` }}>{s.label}</span>)}
      <div ref={head} hidden className="pointer-events-none absolute inset-y-0 left-0 w-px bg-accent" />
    </div>
  );
}
