import { describe, expect, it } from 'vitest';
import { beatName, nextBeat, SHORTEST_S, snapToBeat, trimEdge } from '@/features/timeline/snap';
import type { SongMap } from '@/api/client';

// 120 beats a minute, four to a bar.
const beats = Array.from({ length: 40 }, (_, i) => i / 2);
const map = { beats, bars: beats.filter((_, i) => i % 4 === 0), duration: 20, peaks: [], sections: [], tempo: 120, confidence: 1, loudness: -14 } satisfies SongMap;

describe('snapping', () => {
  it('pulls to the nearest beat within reach, from both sides', () => {
    expect(snapToBeat(3.04, map, 0.1)).toEqual({ at: 3, beat: 'bar 2, beat 3' });
    expect(snapToBeat(2.96, map, 0.1).at).toBe(3);
  });
  it('leaves what is out of reach, on a frame', () => expect(snapToBeat(3.24, map, 0.1)).toEqual({ at: 78 / 24 }));
  it('needs no song', () => expect(snapToBeat(1.01, undefined, 1)).toEqual({ at: 1 }));
  it('names beats by bar', () => { expect(beatName(0, map)).toBe('bar 1, beat 1'); expect(beatName(19.5, map)).toBe('bar 10, beat 4'); });
  it('walks beat by beat', () => { expect(nextBeat(3, beats, 1)).toBe(3.5); expect(nextBeat(3, beats, -1)).toBe(2.5); expect(nextBeat(19.5, beats, 1)).toBeUndefined(); });
});

describe('an edge that is dragged', () => {
  const part = { in: 1, out: 4 };
  it('out: the cut after the scene falls on a beat of the film', () => {
    // the scene begins at 7.25 s, so its end (10.19 s) is pulled to 10 s
    const next = trimEdge('out', 3.94, part, 6, 7.25, map, 0.2);
    expect(7.25 + next.out - next.in).toBeCloseTo(10, 9);
    expect(next.beat).toBe('bar 6, beat 1');
  });
  it('in: the scene stays where it begins, so its end moves, and falls on a beat', () => {
    const next = trimEdge('in', 1.3, part, 6, 7.25, map, 0.2);
    expect(next.out).toBe(4);
    expect(7.25 + next.out - next.in).toBeCloseTo(10, 9);
  });
  it('stays within the take and keeps some frames', () => {
    expect(trimEdge('out', 99, part, 6, 0, undefined, 0).out).toBe(6);
    expect(trimEdge('in', -1, part, 6, 0, undefined, 0).in).toBe(0);
    expect(trimEdge('in', 5, part, 6, 0, undefined, 0).in).toBeCloseTo(4 - SHORTEST_S, 9);
  });
  it('a beat that lies outside the take is not named', () => expect(trimEdge('out', 6, part, 5.9, 0.02, map, 0.2).beat).toBeUndefined());
});
