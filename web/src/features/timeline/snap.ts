import type { SongMap } from '@/api/client';
import { FPS } from '@/lib/time';

/** A moment of the film that was pulled to a beat: which one, for people. */
export type Snapped = { at: number; beat?: string };

/** The beat nearest to a moment within `reach` seconds, or the moment itself; both to the frame. */
export function snapToBeat(at: number, map: Pick<SongMap, 'beats' | 'bars'> | undefined, reach: number): Snapped {
  const toFrame = (t: number) => Math.round(t * FPS) / FPS;
  const beats = map?.beats ?? [];
  let low = 0, high = beats.length;
  while (low < high) { const middle = (low + high) >> 1; if (beats[middle]! < at) low = middle + 1; else high = middle; }
  const near = [beats[low - 1], beats[low]].filter(b => b !== undefined).sort((a, b) => Math.abs(a - at) - Math.abs(b - at))[0];
  if (near === undefined || Math.abs(near - at) > reach) return { at: toFrame(at) };
  return { at: toFrame(near), beat: beatName(near, map!) };
}

export function beatName(beat: number, { beats, bars }: Pick<SongMap, 'beats' | 'bars'>): string {
  const after = bars.findIndex(b => b > beat + 1e-3), bar = after < 0 ? bars.length - 1 : after - 1;
  const first = bars[bar] ?? 0, place = beats.filter(b => b >= first - 1e-3 && b <= beat + 1e-3).length;
  return `bar ${bar + 1}, beat ${Math.max(1, place)}`;
}

export type Part = { in: number; out: number };
export const SHORTEST_S = 6 / FPS;

/**
 * A new in or out point for a scene that begins at `start` of the film. Scenes ripple: its beginning stays where it is, so
 * both points move its end, and it is the end, the next cut, that is pulled to a beat.
 */
export function trimEdge(edge: 'in' | 'out', to: number, part: Part, take: number, start: number, map: SongMap | undefined, reach: number): Part & { beat?: string } {
  const clamp = (t: number) => edge === 'in' ? Math.max(0, Math.min(t, part.out - SHORTEST_S)) : Math.max(part.in + SHORTEST_S, Math.min(t, take));
  const wanted = clamp(to);
  const end = edge === 'in' ? start + part.out - wanted : start + wanted - part.in;
  const snapped = snapToBeat(end, map, reach);
  const kept = snapped.at - start;
  const exact = clamp(Math.round((edge === 'in' ? part.out - kept : part.in + kept) * FPS) / FPS);
  const result = edge === 'in' ? { in: exact, out: part.out } : { in: part.in, out: exact };
  return Math.abs(result.out - result.in - kept) < 0.5 / FPS ? { ...result, beat: snapped.beat } : result;
}

/** The beat after or before a moment. */
export function nextBeat(at: number, beats: number[], direction: 1 | -1): number | undefined {
  return direction > 0 ? beats.find(b => b > at + 0.5 / FPS) : beats.findLast(b => b < at - 0.5 / FPS);
}
