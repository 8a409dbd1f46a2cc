import { describe, expect, it } from 'vitest';
import { ago, clock, parseTimecode, timecode } from '@/lib/time';

describe('timecodes', () => {
  it.each([[0, '00:00:00'], [1 / 24, '00:00:01'], [23 / 24, '00:00:23'], [1, '00:01:00'], [62.5, '01:02:12'], [3599 + 23 / 24, '59:59:23']])('%f s is %s', (s, text) => expect(timecode(s)).toBe(text));
  it.each([['00:02:12', 2.5], ['1:02:00', 62], ['4.5', 4.5], ['4,5', 4.5], ['1:30', 90]])('%s is read as %f s', (text, s) => expect(parseTimecode(text)).toBeCloseTo(s, 9));
  it.each(['', 'soon', '1:2:24', '1::2', '-3', '1:2:3:4'])('%j is none', text => expect(parseTimecode(text)).toBeNull());
  it('every frame of a minute comes back as itself', () => {
    for (let f = 0; f < 24 * 60; f++) expect(Math.round(parseTimecode(timecode(f / 24))! * 24)).toBe(f);
  });
});

it('lengths are said in minutes and seconds', () => { expect(clock(36.2)).toBe('0:36'); expect(clock(3599.6)).toBe('60:00'); });

it('moments are said from now', () => {
  const now = Date.parse('2026-11-22T12:00:00Z');
  expect(ago('2026-11-22T11:59:50Z', now)).toBe('just now');
  expect(ago('2026-11-22T11:57:00Z', now)).toMatch(/3/);
  expect(ago('2026-11-20T12:00:00Z', now)).toMatch(/2|before/);
});
