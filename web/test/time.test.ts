import { describe, expect, it } from 'vitest';
import { ago, clock, parseTimecode, timecode } from '@/lib/time';
import { misfit, platforms } from '@/features/film/platforms';
import { sampled, timeLeft, usualLeft, type Sample } from '@/lib/eta';

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

describe('the time left', () => {
  const run = (shares: number[], every = 2000) => shares.reduce<Sample[]>((all, share, i) => sampled(all, { at: i * every, share }), []);
  it('follows the pace, once there is one', () => {
    expect(timeLeft([], 0)).toBeNull();
    expect(timeLeft(run([0.1, 0.12]), 2000)).toBeNull();
    expect(timeLeft(run([0.1, 0.2, 0.3, 0.4]), 6000)).toBe('about 15 s left');
    expect(timeLeft(run([0.1, 0.11, 0.15, 0.16, 0.17], 20_000), 80_000)).toBe('about 14 min left');
    expect(timeLeft(run([0.5, 0.7, 0.9, 0.99]), 6000)).toBe('nearly done');
  });
  it.each([
    [[], 5_000, 'for 5 s'],
    [[40_000], 100_000, 'for 2 min'],
    [[40_000, 60_000], 10_000, 'about 50 s left'],
    [[40_000, 60_000, 90_000], 10_000, 'about 50 s left'],
    [[300_000, 300_000], 20_000, 'about 5 min left'],
    [[40_000, 60_000], 59_000, 'nearly done'],
    [[40_000, 60_000], 95_000, 'taking longer than usual'],
  ])('is guessed by what its like took (%j, %i ms in): %s', (took, spent, words) =>
    expect(usualLeft({ since: 1_000 }, took.map(t => ({ since: 0, until: t })), 1_000 + spent)).toBe(words));
  it('makes no promise when nothing moves', () => expect(timeLeft(run([0.1, 0.2, 0.3]), 60_000)).toBe('taking longer than usual'));
  it('begins again with another run', () => expect(run([0.4, 0.8, 0.1])).toHaveLength(1));
});

describe('where a film fits', () => {
  const fits = (aspect: string, duration: number) => platforms.filter(p => misfit(p, { aspect, duration }) === null).map(p => p.name);
  it('goes by shape and length', () => {
    expect(fits('16:9', 500)).toEqual(['YouTube']);
    expect(fits('9:16', 30)).toEqual(['Shorts', 'Reels', 'TikTok']);
    expect(fits('9:16', 200)).toEqual(['Reels', 'TikTok']);
    expect(misfit(platforms[1]!, { aspect: '9:16', duration: 200 })).toBe('takes 3 minutes at most');
  });
});
