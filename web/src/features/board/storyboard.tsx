'use client';
import clsx from 'clsx';
import { Plus } from 'lucide-react';
import { memo, useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type MouseEvent, type PointerEvent } from 'react';
import type { Scene } from '@/api/client';
import { Button, IconButton } from '@/ui/button';
import type { CutPlayer } from '../player/cut';
import type { BoardActions } from './actions';
import { SceneCard } from './card';
import { useCarry, type Carry } from './carry';
import { pick } from './pick';
import { useSight } from './sight';
import { setBoard, useBoard } from './store';
import { along, down, drawnPlaces, lengthOf, placeIn, startOf, untilSeen, type Strip } from './strip';

const LINE_PX = 4, PAGE = 5;

type Props = { projectId: string; scenes: Scene[]; aspect: string; wide: boolean; busy: boolean; player: CutPlayer; actions: BoardActions };

/**
 * The scenes in their order: a strip beside wide pictures, a list on a phone. Of a long board only the cards in sight are
 * drawn, and the one that is selected, which has the focus when one of them has it.
 */
export const Storyboard = memo(function Storyboard({ projectId, scenes, aspect, wide, busy, player, actions }: Props) {
  const box = useRef<HTMLDivElement>(null), strip = wide ? along : down, count = scenes.length;
  const selected = useSelected(scenes), place = scenes.findIndex(s => s.sequence === selected);
  const [said, say] = useState('');
  const sight = useSight(box, strip, count);
  const { carry, press, lift, choose, leave } = useCarry({ box, strip, count, onDrop: c => putDown(c, scenes, actions) });
  const drawn = drawnPlaces(sight, [place, carry?.from ?? -1], count);

  // What is selected is brought into sight, and the focus goes with it when it is on another card.
  useLayoutEffect(() => {
    const list = box.current, row = list?.querySelector<HTMLElement>('[aria-selected=true]');
    if (!list || !row) return;
    if (strip.along) list.scrollLeft += untilSeen(strip, place, list.scrollLeft, list.clientWidth);
    if (!list.contains(document.activeElement) || row.contains(document.activeElement)) return;
    row.focus({ preventScroll: true });
    if (!strip.along) row.scrollIntoView({ block: 'nearest' });
  }, [selected, place, strip]);

  const cardOf = (target: EventTarget) => {
    const card = (target as Element).closest<HTMLElement>('[data-scene]'), at = scenes.findIndex(s => s.sequence === Number(card?.dataset.scene));
    return card && at >= 0 ? { card, at, scene: scenes[at]! } : null;
  };
  const onPointerDown = (e: PointerEvent) => {
    const on = cardOf(e.target), button = (e.target as Element).closest('button'), handle = button?.hasAttribute('data-handle');
    if (on && e.button === 0 && (handle || (!button && e.pointerType === 'mouse'))) press(e, on.card, on.scene.sequence, on.at);
  };
  const onClick = (e: MouseEvent) => {
    const on = cardOf(e.target), button = (e.target as Element).closest('button');
    if (on && !button) return pick(on.scene.sequence, scenes, player);
    if (!on || e.detail !== 0 || !button?.hasAttribute('data-handle')) return;     // a key pressed it, not a pointer
    say(carry?.lifted ? '' : `Scene ${on.scene.displaySequence} is lifted. Arrows choose its place, Enter puts it there, Escape leaves it where it was.`);
    lift(on.scene.sequence, on.at);
  };
  const onKeyDown = (e: KeyboardEvent) => {
    const on = cardOf(e.target);
    if (on && (carry?.lifted ? carryByKey(e.key) : walkByKey(e, on.at))) e.preventDefault();
  };
  const carryByKey = (key: string) => {
    if (key === 'Escape') { leave(); say('It stays where it was.'); return true; }
    const to = choose(key);
    if (to === null) return false;
    say(`Place ${to + 1} of ${count}`);
    if (strip.along && box.current) box.current.scrollLeft += untilSeen(strip, to, box.current.scrollLeft, box.current.clientWidth);
    return true;
  };
  const walkByKey = (e: KeyboardEvent, at: number) => {
    const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, PageUp: -PAGE, PageDown: PAGE, Home: -count, End: count, Enter: 0 }[e.key];
    if (by === undefined || e.ctrlKey || e.metaKey || e.shiftKey || (by === 0 && (e.target as Element).closest('button'))) return false;
    if (!e.altKey) pick(scenes[Math.max(0, Math.min(at + by, count - 1))]!.sequence, scenes, player);
    else if (by === 1 || by === -1) actions.move(scenes[at]!.sequence, by);
    return true;
  };

  return (
    <section aria-label="Storyboard" className={clsx('isolate shrink-0 border-line bg-canvas', wide && 'flex border-t')}>
      <div ref={box} role="grid" aria-label="Scenes" aria-rowcount={count} onPointerDown={onPointerDown} onClick={onClick} onKeyDown={onKeyDown} onBlur={carry?.lifted ? leave : undefined} onDragStart={e => e.preventDefault()}
        className={clsx('scroll-quiet relative', wide ? 'h-[12.25rem] min-w-0 flex-1 overflow-x-auto overflow-y-hidden' : 'w-full')}>
        <div role="presentation" className="relative" style={wide ? { width: lengthOf(strip, count), height: '100%' } : { height: lengthOf(strip, count) }}>
          {drawn.map(i => <SceneCard key={scenes[i]!.sequence} projectId={projectId} scene={scenes[i]!} place={i} count={count} strip={strip} selected={i === place} carried={scenes[i]!.sequence === carry?.sequence} aspect={aspect} busy={busy} player={player} actions={actions} />)}
          {carry && placeIn(carry.gap, carry.from) !== carry.from && <DropLine strip={strip} gap={carry.gap} />}
        </div>
      </div>
      <p role="status" className="sr-only">{said}</p>
      {wide && (
        <div className="flex border-l border-line p-2">
          <IconButton label="Add a scene after this one" keys="N" className="h-full! w-10!" isDisabled={busy} onPress={() => setBoard({ adding: selected ?? scenes.at(-1)?.sequence ?? 0 })}><Plus className="size-5" /></IconButton>
        </div>
      )}
      {!wide && <div className="px-3 pb-6"><Button className="w-full" onPress={() => setBoard({ adding: scenes.at(-1)?.sequence ?? 0 })} isDisabled={busy}><Plus className="size-4" />Add a scene</Button></div>}
    </section>
  );
});

/** What is selected. Of what is gone its neighbour is; of nothing the first. */
function useSelected(scenes: Scene[]): number | null {
  const selected = useBoard(s => s.selected), last = useRef<{ sequence: number | null; place: number }>({ sequence: null, place: 0 });
  useEffect(() => {
    const place = scenes.findIndex(s => s.sequence === selected);
    if (place >= 0) last.current = { sequence: selected, place };
    else if (scenes.length && selected === last.current.sequence) setBoard({ selected: scenes[Math.min(last.current.place, scenes.length - 1)]!.sequence });
  }, [selected, scenes]);
  return selected;
}

function putDown({ sequence, gap }: Carry, scenes: Scene[], actions: BoardActions) {
  const next = scenes.slice(gap).find(s => s.sequence !== sequence)?.sequence, rest = actions.currentOrder().filter(n => n !== sequence);
  const at = next === undefined ? rest.length : rest.indexOf(next);
  actions.reorder([...rest.slice(0, at), sequence, ...rest.slice(at)], `Moved to place ${at + 1}`);
}

function DropLine({ strip, gap }: { strip: Strip; gap: number }) {
  const at = startOf(strip, gap) - (strip.gap + LINE_PX) / 2, ends = strip.padding;
  return <span aria-hidden className="absolute z-20 rounded-full bg-accent" style={strip.along ? { left: at, width: LINE_PX, top: ends, bottom: ends } : { top: at, height: LINE_PX, left: ends, right: ends }} />;
}
