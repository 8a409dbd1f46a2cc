import { describe, expect, it, vi } from 'vitest';
import type { Project, Scene } from '@/api/client';
import { pollInterval } from '@/api/queries';
import { segmentsOf } from '@/features/board/cut';
import { nextStep } from '@/features/board/run';
import { stateOf } from '@/features/board/scene-words';
import { blank, faultsOf, projectOf } from '@/features/new/draft';
import { price, takeCost } from '@/lib/money';
import { remember, redo, undo, useUndo } from '@/lib/undo';

vi.mock('sonner', () => ({ toast: Object.assign(vi.fn(), { error: vi.fn(), dismiss: vi.fn() }) }));

const artifact = (state: Scene['artifacts']['take']['state']) => ({ state, usd: 0 });
const scene = (sequence: number, part: Partial<Scene> = {}): Scene => ({
  sequence, displaySequence: sequence, status: 'completed', title: '', prompt: 'p', camera: '', duration: 2, startTime: 0, takeDuration: 4, selectedTake: 1, takeCount: 1, needsLipSync: false,
  productShot: false, endCard: false, seed: 1, artifacts: { take: artifact('current'), clip: artifact('current') }, version: 1, originalVideoClipUrl: `/media/${sequence}.mp4?s=1`, ...part,
});
const project = (scenes: Scene[], part: Partial<Project> = {}) => ({ scenes, status: 'completed', usd: 0, artifacts: { plan: artifact('current'), film: artifact('current') }, ...part }) as Project;

describe('the cut', () => {
  const scenes = [scene(1, { displaySequence: 2 }), scene(2, { displaySequence: 1, trimPoints: { in: 1, out: 2.5 }, duration: 1.5 })];
  it('follows the display order, in and out points and all', () => {
    expect(segmentsOf({ scenes })).toEqual([{ sequence: 2, start: 0, duration: 1.5, url: '/media/2.mp4?s=1', in: 1 }, { sequence: 1, start: 1.5, duration: 2, url: '/media/1.mp4?s=1', in: 0 }]);
  });
  it('shows a trim that is under the hand', () => expect(segmentsOf({ scenes }, { sequence: 2, in: 0, out: 3 }).map(s => s.start)).toEqual([0, 3]));
});

describe('what a scene says', () => {
  it.each([
    [{ selectedTake: 0, artifacts: { take: artifact('missing'), clip: artifact('missing') } }, 'Not filmed'],
    [{ artifacts: { take: { ...artifact('stale'), cause: 'the prompt changed' }, clip: artifact('current') } }, 'Out of date'],
    [{ artifacts: { take: { ...artifact('running'), progress: 0.4 }, clip: artifact('missing') } }, 'Filming'],
    [{ artifacts: { take: artifact('failed'), clip: artifact('missing') } }, 'Failed'],
    [{ artifacts: { take: { ...artifact('failed'), next: 'storyreel project decide 01JD8K 01JD9A try-again|wait|forget' }, clip: artifact('missing') } }, 'Needs you'],
    [{}, 'Ready'],
  ] as [Partial<Scene>, string][])('%j: %s', (part, words) => expect(stateOf(scene(1, part)).words).toBe(words));
});

describe('the next step', () => {
  it('writes, films, cuts, shows', () => {
    const stale = { take: artifact('stale'), clip: artifact('stale') };
    expect(nextStep(project([]), price).kind).toBe('write');
    expect(nextStep(project([scene(1), scene(2, { artifacts: stale }), scene(3, { artifacts: stale })], { usd: 1.5 }), price).words).toMatch(/Film 2 scenes · \$1\.50/);
    expect(nextStep(project([scene(1)], { artifacts: { plan: artifact('current'), film: artifact('stale') } }), price).kind).toBe('cut');
    expect(nextStep(project([scene(1)]), price).kind).toBe('watch');
  });
});

describe('a price', () => {
  it('is that of the length the model films', () => {
    const veo = { usdPerSecond: 0.1, lengths: [4, 6, 8] };
    expect(takeCost(veo, 2)).toBeCloseTo(0.4);
    expect(takeCost(veo, 6)).toBeCloseTo(0.6);
    expect(takeCost(veo, 12)).toBeCloseTo(0.8);
    expect(takeCost({ usdPerSecond: 0, secondsMin: 0.5 }, 3)).toBe(0);
    expect(takeCost({ usdPerSecond: null }, 3)).toBeNull();
  });
  it('says when it is not real', () => {
    expect([price(0), price(null), price(1.6), price(1.6, true), price(0, true)]).toEqual(['free', 'price unknown', '$1.60', '$1.60, not real money', 'free']);
  });
});

describe('polling', () => {
  it('stops when nothing runs, and is slow while events arrive', () => {
    expect(pollInterval(undefined, false)).toBe(false);
    expect(pollInterval(project([scene(1)]), false)).toBe(false);
    expect(pollInterval(project([], { status: 'processing' }), false)).toBe(2000);
    expect(pollInterval(project([scene(1, { status: 'processing' })]), true)).toBe(15000);
  });
});

describe('a new film', () => {
  it('needs its idea, and a song when it is a music video', () => {
    expect(Object.keys(faultsOf(blank, true))).toEqual(['conceptPrompt', 'song']);
    expect(faultsOf({ ...blank, conceptPrompt: 'x' }, false)).toEqual({});
    expect(faultsOf({ ...blank, conceptPrompt: 'x', wantedScenes: '2.5', budget: 'much' }, false)).toHaveProperty('wantedScenes');
  });
  it('sends what was said, and of the other mode nothing', () => {
    const sent = projectOf({ ...blank, conceptPrompt: ' x ', productName: 'Ember', targetDuration: '15', budget: '2,5' }, false);
    expect(sent).toMatchObject({ conceptPrompt: 'x', budget: 2.5, mode: 'music-video' });
    expect(sent.productName).toBeUndefined();
  });
});

describe('undo', () => {
  it('takes back and does again, in order; a new change forgets what was undone', async () => {
    const said: string[] = [];
    const change = (n: number) => ({ label: `c${n}`, undo: async () => said.push(`-${n}`), redo: async () => said.push(`+${n}`) });
    remember('p', change(1)); remember('p', change(2));
    await undo('p'); await undo('p'); await undo('p'); await redo('p');
    expect(said).toEqual(['-2', '-1', '+1']);
    remember('p', change(3));
    expect(useUndo.getState().p!.undone).toEqual([]);
  });
});
