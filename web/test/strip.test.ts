import { describe, expect, it } from 'vitest';
import { along, down, drawnPlaces, gapAt, gapTo, inSight, lengthOf, placeIn, startOf, untilSeen } from '@/features/board/strip';

describe.each([['along', along], ['down', down]] as const)('a strip %s', (_name, s) => {
  const middle = (place: number) => startOf(s, place) + s.size / 2;

  it('ends as far behind its last card as it begins before its first', () => {
    expect(lengthOf(s, 7) - (startOf(s, 6) + s.size)).toBe(startOf(s, 0));
  });
  it('draws what is in sight and a few more, and no places that are not there', () => {
    const { first, end } = inSight(s, startOf(s, 20), startOf(s, 26), 60);
    expect([first, end]).toEqual([17, 29]);
    expect(inSight(s, -400, 300, 2)).toEqual({ first: 0, end: 2 });
    expect(inSight(s, 1e6, 2e6, 60)).toEqual({ first: 60, end: 60 });
  });
  it('falls before a card on its first half and behind it on its second', () => {
    expect(gapAt(s, middle(4) - 5, 60)).toBe(4);
    expect(gapAt(s, middle(4) + 5 + s.gap, 60)).toBe(5);
    expect([gapAt(s, -500, 60), gapAt(s, 1e6, 60)]).toEqual([0, 60]);
  });
  it('scrolls no further than a card needs', () => {
    const length = 4 * (s.size + s.gap);
    expect(untilSeen(s, 1, 0, length)).toBe(0);
    const on = untilSeen(s, 10, 0, length);
    expect(untilSeen(s, 10, on, length)).toBe(0);
    expect(untilSeen(s, 9, on, length)).toBe(0);
    expect(untilSeen(s, 2, on, length)).toBeLessThan(0);
    expect(untilSeen(s, 0, on, length)).toBe(-on);
  });
});

it('keeps a card that is out of sight in its order, and none that is not there', () => {
  expect(drawnPlaces({ first: 4, end: 7 }, [1, 5, -1, 60], 60)).toEqual([1, 4, 5, 6]);
  expect(drawnPlaces({ first: 0, end: 12 }, [], 3)).toEqual([0, 1, 2]);
});

describe('a gap', () => {
  it('leads to the place it was asked for, from wherever the card was', () => {
    for (let from = 0; from < 5; from++) for (let place = 0; place < 5; place++) expect(placeIn(gapTo(place, from), from)).toBe(place);
  });
  it('on either side of a card leaves it where it is', () => expect([placeIn(3, 3), placeIn(4, 3)]).toEqual([3, 3]));
});
