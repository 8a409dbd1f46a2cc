'use client';
import { RotateCcw } from 'lucide-react';
import { useRef, useState } from 'react';
import type { Scene, SongMap } from '@/api/client';
import { FPS, parseTimecode, seconds, timecode, toFrames } from '@/lib/time';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { Filmstrip } from '@/ui/filmstrip';
import { useStableUrl } from '@/ui/poster';
import type { BoardActions } from '../board/actions';
import { usedPart } from '../board/cut';
import { setBoard, useBoard } from '../board/store';
import type { CutPlayer, Segment } from '../player/cut';
import { nextBeat, SHORTEST_S, trimEdge, type Part } from '../timeline/snap';

type Props = { scene: Scene; aspect: string; segment: Segment | undefined; map: SongMap | undefined; player: CutPlayer; actions: BoardActions };

/** Which part of the take is seen: by hand on the filmstrip, by keys on its edges, or by number. */
export function TrimPanel({ scene: s, aspect, segment, map, player, actions }: Props) {
  const draft = useBoard(b => (b.draft?.sequence === s.sequence ? b.draft : null));
  const snap = useBoard(b => b.snap);
  const part = draft ?? usedPart(s);
  const [beat, setBeat] = useState<string>();
  if (!s.selectedTake) return <p className="text-muted">There is nothing to trim until the scene is filmed.</p>;

  const show = (next: Part & { beat?: string }, edge: 'in' | 'out') => {
    setBeat(next.beat);
    setBoard({ draft: { sequence: s.sequence, in: next.in, out: next.out } });
    player.peek(s.sequence, edge === 'in' ? next.in : next.out - 1 / FPS);
  };
  const keep = (next: Part) => {
    setBeat(undefined);
    void actions.trim(s.sequence, { in: next.in, out: next.out }).finally(() => setBoard({ draft: null }));
  };
  return (
    <div className="flex flex-col gap-5">
      <TrimRange scene={s} aspect={aspect} part={part} map={map} start={segment?.start ?? s.startTime} snap={snap && !!map} onShow={show} onKeep={keep} />
      <p className="text-xs text-muted tnum" role="status">Kept {seconds(part.out - part.in)} of {seconds(s.takeDuration)}{beat && <span className="text-accent-text"> · cut on {beat}</span>}</p>
      <div className="grid grid-cols-2 gap-3">
        <Point key={`in${part.in}`} label="In" value={part.in} onSet={t => keep({ in: Math.max(0, Math.min(t, part.out - SHORTEST_S)), out: part.out })} />
        <Point key={`out${part.out}`} label="Out" value={part.out} onSet={t => keep({ in: part.in, out: Math.min(s.takeDuration, Math.max(t, part.in + SHORTEST_S)) })} />
      </div>
      <Button onPress={() => void actions.trim(s.sequence, undefined)} isDisabled={!s.trimPoints}><RotateCcw className="size-4" />As it was planned</Button>
      <p className="text-xs text-faint">The take itself is never cut: every trim can be undone. Hold Alt while dragging to leave the beats.</p>
    </div>
  );
}

function Point({ label, value, onSet }: { label: string; value: number; onSet(t: number): void }) {
  const [text, setText] = useState(timecode(value));
  const time = parseTimecode(text);
  const commit = () => { if (time === null) setText(timecode(value)); else if (toFrames(time) !== toFrames(value)) onSet(toFrames(time) / FPS); };
  return (
    <form onSubmit={e => { e.preventDefault(); commit(); }}>
      <Field label={label} value={text} onChange={setText} onBlur={commit} mono error={time === null ? 'For example 00:02:12.' : undefined} />
    </form>
  );
}

type RangeProps = { scene: Scene; aspect: string; part: Part; map: SongMap | undefined; start: number; snap: boolean; onShow(p: Part & { beat?: string }, edge: 'in' | 'out'): void; onKeep(p: Part): void };
const SNAP_PX = 7, KEY_PAUSE_MS = 500, HEIGHT_PX = 64, WIDTH_PX = 330;     // as wide as the inspector lets it be, about

function TrimRange({ scene: s, aspect, part, map, start, snap, onShow, onKeep }: RangeProps) {
  const box = useRef<HTMLDivElement>(null), timer = useRef<ReturnType<typeof setTimeout>>(undefined), latest = useRef(part);
  const strip = useStableUrl(s.filmstripUrl);
  const at = (t: number) => `${(t / s.takeDuration) * 100}%`;

  const drag = (edge: 'in' | 'out') => (e: React.PointerEvent<HTMLElement>) => {
    if (e.button !== 0) return;
    const from = e.clientX, scale = box.current!.clientWidth / s.takeDuration, target = e.currentTarget;
    let last: Part = part, moved = false;
    target.setPointerCapture(e.pointerId);
    const move = (m: PointerEvent) => {
      const next = trimEdge(edge, part[edge] + (m.clientX - from) / scale, part, s.takeDuration, start, snap && !m.altKey ? map : undefined, SNAP_PX / scale);
      last = next; moved = true;
      onShow(next, edge);
    };
    target.addEventListener('pointermove', move);
    const end = () => { target.removeEventListener('pointermove', move); if (moved) onKeep(last); };
    target.addEventListener('pointerup', end, { once: true });
    target.addEventListener('pointercancel', end, { once: true });
  };

  // Keys are kept when the fingers rest: a run of presses is one trim.
  const press = (edge: 'in' | 'out') => (e: React.KeyboardEvent) => {
    const current = latest.current.in === part.in && latest.current.out === part.out ? part : latest.current;
    const value = current[edge], step = e.shiftKey ? 1 : 1 / FPS;
    const cut = edge === 'out' ? 1 : -1, end = start + current.out - current.in;
    const toBeat = (d: 1 | -1) => { const b = nextBeat(end, map?.beats ?? [], (d * cut) as 1 | -1); return b === undefined ? value : value + cut * (b - end); };
    const to = { ArrowLeft: value - step, ArrowDown: value - step, ArrowRight: value + step, ArrowUp: value + step, Home: edge === 'in' ? 0 : current.in + SHORTEST_S, End: edge === 'in' ? current.out - SHORTEST_S : s.takeDuration, PageUp: toBeat(1), PageDown: toBeat(-1) }[e.key];
    if (to === undefined || e.altKey || e.ctrlKey || e.metaKey) return;
    e.preventDefault(); e.stopPropagation();
    const next = trimEdge(edge, to, current, s.takeDuration, start, undefined, 0);
    latest.current = next;
    onShow(next, edge);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onKeep(latest.current), KEY_PAUSE_MS);
  };

  const thumb = (edge: 'in' | 'out') => (
    <span role="slider" tabIndex={0} aria-label={edge === 'in' ? 'In point' : 'Out point'} aria-orientation="horizontal" aria-valuemin={0} aria-valuemax={toFrames(s.takeDuration)} aria-valuenow={toFrames(part[edge])} aria-valuetext={timecode(part[edge])}
      onPointerDown={drag(edge)} onKeyDown={press(edge)} data-trim={edge}
      className="absolute inset-y-0 z-10 flex w-6 -translate-x-1/2 cursor-ew-resize touch-none items-center justify-center rounded-chip pointer-coarse:w-11" style={{ left: at(part[edge]) }}>
      <span className={`h-full w-2.5 bg-accent ${edge === 'in' ? '-translate-x-[5px] rounded-l-[6px]' : 'translate-x-[5px] rounded-r-[6px]'}`} />
    </span>
  );
  return (
    <div role="group" aria-label="Kept range" className="px-3">
      <div ref={box} className="relative" style={{ height: HEIGHT_PX }}>
        <div className="absolute inset-0 overflow-hidden rounded-chip bg-inset" aria-hidden>
          {strip && <Filmstrip url={strip} aspect={aspect} width={WIDTH_PX} height={HEIGHT_PX} />}
          <div className="absolute inset-y-0 left-0 bg-canvas/75" style={{ width: at(part.in) }} />
          <div className="absolute inset-y-0 right-0 bg-canvas/75" style={{ width: `calc(100% - ${at(part.out)})` }} />
          <div className="absolute inset-y-0 border-y-2 border-accent" style={{ left: at(part.in), right: `calc(100% - ${at(part.out)})` }} />
        </div>
        {thumb('in')}{thumb('out')}
      </div>
    </div>
  );
}
