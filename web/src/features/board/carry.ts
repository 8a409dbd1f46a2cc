/*
 * A card on its way to another place: dragged by mouse or finger, or lifted with the keyboard. React is told only when
 * the gap changes into which it would fall; that the card follows the hand is between the hand and the card.
 */
'use client';
import { useEffect, useRef, useState, type PointerEvent as ReactPointerEvent, type RefObject } from 'react';
import { gapAt, gapTo, placeIn, type Strip } from './strip';

/** Which scene is carried, from which place, and the gap it would fall into. */
export type Carry = { sequence: number; from: number; gap: number; lifted: boolean };

const START_PX = 5, EDGE_PX = 56, FASTEST_PX = 16;

/** Pixels a frame by which a strip moves on while a card is held at its edge. */
function pull(at: number, begin: number, end: number) {
  const before = begin + EDGE_PX - at, after = at - (end - EDGE_PX);
  const depth = before > 0 ? -before : Math.max(0, after);
  return (Math.max(-EDGE_PX, Math.min(EDGE_PX, depth)) / EDGE_PX) * FASTEST_PX;
}

/** What a drag does is over at once: the click that ends it is not meant for what lies there. */
function swallowClick() {
  const stop = (e: Event) => e.stopPropagation();
  addEventListener('click', stop, { capture: true, once: true });
  setTimeout(() => removeEventListener('click', stop, true));
}

type Options = { box: RefObject<HTMLElement | null>; strip: Strip; count: number; onDrop(carry: Carry): void };

export function useCarry({ box, strip, count, onDrop }: Options) {
  const [carry, draw] = useState<Carry | null>(null), now = useRef<Carry>(null), stop = useRef<AbortController>(undefined), tell = useRef(onDrop);
  useEffect(() => { tell.current = onDrop; });
  useEffect(() => () => stop.current?.abort(), []);

  const set = (next: Carry | null) => { now.current = next; draw(next); };
  const leave = () => { stop.current?.abort(); set(null); };
  const drop = () => {
    const c = now.current;
    leave();
    if (c && placeIn(c.gap, c.from) !== c.from) tell.current(c);
  };

  /** A press on a card, of which a drag may become: with the mouse anywhere on it, with a finger on its handle. */
  const press = (e: ReactPointerEvent, card: HTMLElement, sequence: number, from: number) => {
    const list = box.current!, { along } = strip, begin = { x: e.clientX, y: e.clientY }, listening = new AbortController(), { signal } = listening;
    const scrolled = () => (along ? list.scrollLeft : scrollY), scroll0 = scrolled();
    let hand = begin, dragged = false;
    const follow = () => {
      const r = list.getBoundingClientRect(), by = (along ? hand.x - begin.x : hand.y - begin.y) + scrolled() - scroll0;
      card.style.translate = along ? `${by}px` : `0 ${by}px`;
      const gap = gapAt(strip, along ? hand.x - r.left + list.scrollLeft : hand.y - r.top, count);
      if (now.current?.gap !== gap) set({ sequence, from, gap, lifted: false });
    };
    const creep = () => {
      if (signal.aborted) return;
      const r = list.getBoundingClientRect(), by = along ? pull(hand.x, r.left, r.right) : pull(hand.y, 0, innerHeight);
      if (by) { if (along) list.scrollLeft += by; else scrollBy(0, by); follow(); }
      requestAnimationFrame(creep);
    };
    const move = (m: PointerEvent) => {
      hand = { x: m.clientX, y: m.clientY };
      if (!dragged && Math.hypot(hand.x - begin.x, hand.y - begin.y) < START_PX) return;
      if (!dragged) { dragged = true; requestAnimationFrame(creep); }
      follow();
    };
    stop.current?.abort();
    stop.current = listening;
    signal.addEventListener('abort', () => { card.style.translate = ''; });
    addEventListener('pointermove', move, { signal });
    addEventListener('pointerup', () => { if (dragged) { swallowClick(); drop(); } else listening.abort(); }, { signal });
    addEventListener('pointercancel', leave, { signal });
    addEventListener('keydown', k => { if (dragged && k.key === 'Escape') { k.preventDefault(); leave(); } }, { signal, capture: true });
  };

  /** Lifted by keyboard; lifted again it is put down. */
  const lift = (sequence: number, from: number) => {
    if (now.current?.lifted) return drop();
    set({ sequence, from, gap: from, lifted: true });
  };
  /** A key while a card is lifted; the place it would have then, or null when the key means nothing here. */
  const choose = (key: string): number | null => {
    const c = now.current;
    if (!c?.lifted) return null;
    const place = placeIn(c.gap, c.from), to = { ArrowLeft: place - 1, ArrowUp: place - 1, ArrowRight: place + 1, ArrowDown: place + 1, Home: 0, End: count - 1 }[key];
    if (to === undefined) return null;
    const kept = Math.max(0, Math.min(to, count - 1));
    set({ ...c, gap: gapTo(kept, c.from) });
    return kept;
  };
  return { carry, press, lift, choose, leave };
}
