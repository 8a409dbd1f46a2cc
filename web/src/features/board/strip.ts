/** Cards of one size, one behind the other: along a strip, or down a page. Pixels; places count from 0. */
export type Strip = { along: boolean; size: number; gap: number; padding: number };
export const along: Strip = { along: true, size: 176, gap: 10, padding: 14 }, down: Strip = { along: false, size: 104, gap: 4, padding: 12 };

const MORE = 3;   // cards on either side of those in sight, so that none is missing while one scrolls
const within = (n: number, most: number) => Math.max(0, Math.min(n, most));
const pitch = (s: Strip) => s.size + s.gap;

export const startOf = (s: Strip, place: number) => s.padding + place * pitch(s);
export const lengthOf = (s: Strip, count: number) => count * pitch(s) - s.gap + 2 * s.padding;

/** The places to be drawn when this part is in sight: the first, and the one behind the last. */
export type Sight = { first: number; end: number };
export function inSight(s: Strip, from: number, to: number, count: number): Sight {
  return { first: within(Math.floor((from - s.padding) / pitch(s)) - MORE, count), end: within(Math.ceil((to - s.padding) / pitch(s)) + MORE, count) };
}

/** Those places in their order, and others that are kept wherever they are; what is no place is none here either. */
export function drawnPlaces({ first, end }: Sight, kept: number[], count: number): number[] {
  const all = new Set(kept);
  for (let i = first; i < end; i++) all.add(i);
  return [...all].filter(i => i >= 0 && i < count).sort((a, b) => a - b);
}

/** The gap nearest to a position: 0 is before the first card, `count` behind the last. */
export const gapAt = (s: Strip, at: number, count: number) => within(Math.round((at - s.padding + s.gap / 2) / pitch(s)), count);

/** The gap that leads from one place to another; a card takes the one before it on its way back, the one behind on its way on. */
export const gapTo = (place: number, from: number) => (place > from ? place + 1 : place);
export const placeIn = (gap: number, from: number) => (gap > from ? gap - 1 : gap);

/** How far a scroller has to go until the card can be seen whole; 0 when it can. */
export function untilSeen(s: Strip, place: number, scroll: number, length: number) {
  const start = startOf(s, place) - s.padding, end = startOf(s, place) + s.size + s.padding;
  return start < scroll ? start - scroll : end > scroll + length ? end - scroll - length : 0;
}
