'use client';
import clsx from 'clsx';
import { Magnet, Minus, Plus, Scan } from 'lucide-react';
import { memo, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Scene, SongMap } from '@/api/client';
import { useShade } from '@/lib/theme';
import { clock, timecode } from '@/lib/time';
import { IconButton } from '@/ui/button';
import { Filmstrip } from '@/ui/filmstrip';
import { useStableUrl } from '@/ui/poster';
import type { BoardActions } from '../board/actions';
import { usedPart } from '../board/cut';
import { stateOf } from '../board/scene-words';
import { pickAt } from '../board/pick';
import { setBoard, useBoard } from '../board/store';
import type { CutPlayer, Segment } from '../player/cut';
import { paintSong } from './paint';
import { trimEdge } from './snap';

const SNAP_PX = 7, DRAW_PX = 5, MAX_SCALE = 240, LANE_TOP = 24, LANE_HEIGHT = 56, WAVE_HEIGHT = 48, BELOW = 10;

type Props = { scenes: Scene[]; segments: Segment[]; map: SongMap | undefined; player: CutPlayer; actions: BoardActions; aspect: string; wide: boolean; song: boolean };

/** The cut to scale: the song with its beats and sections below, the scenes as blocks whose edges are dragged. */
export const Timeline = memo(function Timeline({ scenes, segments, map, player, actions, aspect, wide, song }: Props) {
  const box = useRef<HTMLDivElement>(null), canvas = useRef<HTMLCanvasElement>(null), head = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0), [zoom, setZoom] = useState(1);
  const shade = useShade();
  const snap = useBoard(s => s.snap);
  const film = segments.at(-1) ? segments.at(-1)!.start + segments.at(-1)!.duration : 0;
  const length = Math.max(film, map?.duration ?? 0, 1);
  const fit = Math.max(1, width - 32) / length, scale = Math.min(MAX_SCALE, fit * zoom);
  const height = LANE_TOP + LANE_HEIGHT + (song ? (wide ? WAVE_HEIGHT : WAVE_HEIGHT / 2) : BELOW);

  useEffect(() => {
    const b = box.current;
    if (!b) return;
    const watch = new ResizeObserver(() => setWidth(b.clientWidth));
    watch.observe(b);
    return () => watch.disconnect();
  }, []);
  const paint = useCallback(() => {
    if (canvas.current && width) paintSong(canvas.current, map, { width, height, scroll: (box.current?.scrollLeft ?? 0) - 16, scale }, LANE_TOP + LANE_HEIGHT + 4);
  }, [map, width, height, scale]);
  useLayoutEffect(paint, [paint, shade]);

  useEffect(() => player.onTick(t => {
    const b = box.current, x = t * scale + 16;
    if (head.current) head.current.style.transform = `translateX(${x}px)`;
    if (b && player.snapshot().playing && (x < b.scrollLeft || x > b.scrollLeft + b.clientWidth - 40)) b.scrollLeft = x - 80;
  }), [player, scale]);

  const zoomBy = useCallback((factor: number, anchor?: number) => {
    const b = box.current;
    if (!b) return;
    const x = anchor ?? b.clientWidth / 2, t = (b.scrollLeft + x - 16) / scale;
    const next = Math.max(1, Math.min(MAX_SCALE / fit, zoom * factor));
    setZoom(next);
    requestAnimationFrame(() => { b.scrollLeft = t * fit * next + 16 - x; });
  }, [scale, fit, zoom]);
  useEffect(() => {
    const b = box.current;
    if (!b) return;
    const wheel = (e: WheelEvent) => { if (e.ctrlKey || e.metaKey) { e.preventDefault(); zoomBy(Math.exp(-e.deltaY / 300), e.clientX - b.getBoundingClientRect().left); } };
    b.addEventListener('wheel', wheel, { passive: false });
    return () => b.removeEventListener('wheel', wheel);
  }, [zoomBy]);
  useEffect(() => {
    const press = (e: Event) => zoomBy({ in: 1.5, out: 1 / 1.5, fit: 0 }[(e as CustomEvent<'in' | 'out' | 'fit'>).detail]);
    document.addEventListener('timeline-zoom', press);
    return () => document.removeEventListener('timeline-zoom', press);
  }, [zoomBy]);

  // A press beside the scenes goes there at once. On a phone a finger moves the playhead wherever it is drawn along; a tap picks.
  const scrub = (e: React.PointerEvent) => {
    const on = (e.target as Element).closest('[data-block],[role=slider]');
    if (e.button !== 0 || (on && wide)) return;
    const b = box.current!, target = e.currentTarget as HTMLElement, from = e.clientX, stop = new AbortController(), { signal } = stop;
    const to = (x: number) => player.seek((x - b.getBoundingClientRect().left + b.scrollLeft - 16) / scale);
    let drawn = false;
    const draw = (x: number) => {
      if (!drawn) target.setPointerCapture(e.pointerId);
      drawn = true;
      to(x);
    };
    if (!on) draw(from);
    target.addEventListener('pointermove', m => { if (drawn || Math.abs(m.clientX - from) > DRAW_PX) draw(m.clientX); }, { signal });
    for (const end of ['pointerup', 'pointercancel']) target.addEventListener(end, () => stop.abort(), { signal });
  };

  return (
    <section aria-label="Timeline" className="isolate shrink-0 border-t border-line bg-surface">
      {wide && (
        <div className="flex h-9 items-center gap-1 px-3">
          <span className="flex-1 text-xs text-faint tnum">{map ? `${Math.round(map.tempo)} beats a minute · ${clock(map.duration)}` : song ? '' : `${scenes.length} scenes · ${clock(film)}`}</span>
          <IconButton size="small" label={snap ? 'Edges snap to beats' : 'Edges move freely'} keys="S" aria-pressed={snap} className={snap && map ? 'text-accent-text!' : ''} isDisabled={!map} onPress={() => setBoard({ snap: !snap })}><Magnet className="size-4" /></IconButton>
          <IconButton size="small" label="Zoom out" keys="−" onPress={() => zoomBy(1 / 1.5)} isDisabled={zoom <= 1}><Minus className="size-4" /></IconButton>
          <IconButton size="small" label="Zoom in" keys="+" onPress={() => zoomBy(1.5)}><Plus className="size-4" /></IconButton>
          <IconButton size="small" label="Fit" keys="Shift+Z" onPress={() => setZoom(1)} isDisabled={zoom <= 1}><Scan className="size-4" /></IconButton>
        </div>
      )}
      <div ref={box} onScroll={paint} onPointerDown={scrub} className={clsx('scroll-quiet relative overflow-x-auto overflow-y-hidden', !wide && 'touch-pan-y')} style={{ height }}>
        <div className="relative" style={{ width: Math.max(width, length * scale + 32), height }}>
          <canvas ref={canvas} aria-hidden className="pointer-events-none sticky left-0 block" style={{ width, height }} />
          <div className="absolute inset-y-0 left-4">
            {map?.sections.map(s => (
              <span key={s.start} className="pointer-events-none absolute top-0.5 truncate pl-2.5 text-2xs font-medium text-muted capitalize" style={{ left: s.start * scale, maxWidth: (s.end - s.start) * scale }}>{s.label}</span>
            ))}
            {segments.map((segment, i) => <Block key={segment.sequence} scene={scenes[i]!} start={segment.start} duration={segment.duration} scale={scale} map={snap ? map : undefined} player={player} actions={actions} aspect={aspect} wide={wide} />)}
          </div>
          <div ref={head} className="pointer-events-none absolute inset-y-0 left-0 z-10 w-px bg-accent" aria-hidden><div className="absolute top-0 -left-[5px] h-2.5 w-[11px] rounded-b-[6px] bg-accent" /></div>
        </div>
      </div>
    </section>
  );
});

type BlockProps = { scene: Scene; start: number; duration: number; scale: number; map: SongMap | undefined; player: CutPlayer; actions: BoardActions; aspect: string; wide: boolean };
const HANDLES_PX = 14;     // narrower blocks are trimmed after zooming in

const Block = memo(function Block({ scene: s, start, duration, scale, map, player, actions, aspect, wide }: BlockProps) {
  const selected = useBoard(b => b.selected === s.sequence);
  const drafted = useBoard(b => (b.draft?.sequence === s.sequence ? b.draft : null));
  const [beat, setBeat] = useState<string>();
  const strip = useStableUrl(s.filmstripUrl);
  const state = stateOf(s), part = drafted ?? usedPart(s);
  const width = duration * scale;

  const drag = (edge: 'in' | 'out') => (e: React.PointerEvent) => {
    if (e.button !== 0) return;
    e.preventDefault(); e.stopPropagation();
    setBoard({ selected: s.sequence });
    const from = e.clientX, part = usedPart(s), target = e.currentTarget as HTMLElement;
    let last = part;
    const move = (m: PointerEvent) => {
      const by = (m.clientX - from) / scale;
      const next = trimEdge(edge, part[edge] + by, part, s.takeDuration, start, m.altKey ? undefined : map, SNAP_PX / scale);
      last = { in: next.in, out: next.out };
      setBeat(next.beat);
      setBoard({ draft: { sequence: s.sequence, ...last } });
      player.peek(s.sequence, edge === 'in' ? last.in : last.out - 1 / 24);
    };
    const end = () => {
      target.removeEventListener('pointermove', move);
      setBeat(undefined);
      if (last === part) return setBoard({ draft: null });
      void actions.trim(s.sequence, last).finally(() => setBoard({ draft: null }));
    };
    target.setPointerCapture(e.pointerId);
    target.addEventListener('pointermove', move);
    target.addEventListener('pointerup', end, { once: true });
    target.addEventListener('pointercancel', end, { once: true });
  };

  return (
    <div data-block={s.sequence} className="absolute px-px" style={{ left: start * scale, width, top: LANE_TOP, height: LANE_HEIGHT }}>
      <button type="button" tabIndex={-1} onClick={() => pickAt(s.sequence, start, player)} aria-label={`Scene ${s.displaySequence}, ${s.title}`}
        className={clsx('relative block size-full overflow-hidden rounded-[5px] bg-raised text-left', selected ? 'ring-2 ring-accent' : 'ring-1 ring-line hover:ring-line-strong', !s.selectedTake && 'bg-[repeating-linear-gradient(135deg,transparent_0_6px,var(--line)_6px_7px)]')}>
        {strip && s.selectedTake > 0 && <Filmstrip url={strip} aspect={aspect} width={width} height={LANE_HEIGHT} from={part.in / s.takeDuration} to={part.out / s.takeDuration} />}
        {width > 26 && <span className="absolute bottom-1 left-1 rounded-chip bg-black/70 px-1 font-mono text-2xs text-white tnum">{s.displaySequence}</span>}
        {state.sign !== 'ready' && width > 60 && <span className={clsx('absolute top-1 right-1 size-2 rounded-full', { working: 'bg-processing', stale: 'bg-warn', failed: 'bg-danger', held: 'bg-warn', blocked: 'bg-warn', 'not-filmed': 'bg-pending' }[state.sign])} aria-hidden />}
      </button>
      {wide && width >= HANDLES_PX && s.selectedTake > 0 && (['in', 'out'] as const).map(edge => (
        <span key={edge} onPointerDown={drag(edge)} data-edge={edge} aria-hidden
          className={clsx('absolute inset-y-0 z-[5] flex w-3 cursor-ew-resize touch-none items-center justify-center', edge === 'in' ? 'left-0' : 'right-0', selected ? 'opacity-100' : 'opacity-0 hover:opacity-100')}>
          <span className="h-6 w-1 rounded-full bg-accent shadow-[0_0_0_1px_rgb(0_0_0/.5)]" />
        </span>
      ))}
      {drafted && <span className="absolute -top-6 right-0 z-20 rounded-chip bg-accent px-1.5 font-mono text-2xs whitespace-nowrap text-accent-fg tnum">{timecode(drafted.out - drafted.in)}{beat && ` · ${beat}`}</span>}
    </div>
  );
});
