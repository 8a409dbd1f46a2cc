// The whole story as a person lives it, offline: an idea and a song become a film, which is then cut by hand.
import type { Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { expect, song, test, type Server } from './world';

type Scene = { sequence: number; displaySequence: number; duration: number; takeDuration: number; takeCount: number; selectedTake: number; originalVideoClipUrl: string; trimPoints?: { in: number; out: number } };
type Project = { status: string; projectId: string; scenes: Scene[]; sceneOrder: number[]; finalOutputUrl: string };

const idOf = (page: Page) => new URL(page.url()).pathname.split('/')[2]!;
const read = (server: Server, page: Page) => server.call<Project>(`/api/mv/projects/${idOf(page)}`);
const card = (page: Page, n: number) => page.getByRole('row', { name: new RegExp(`^Scene ${n},`) });
const status = (page: Page) => page.locator('header').getByRole('status');

test.describe.configure({ mode: 'serial' });
let path = '';

test('a song and an idea become a film, and the scenes arrive while one looks', async ({ page, server }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'Your first film begins with a sentence' })).toBeVisible();
  await page.getByRole('main').getByRole('link', { name: 'Start from an idea' }).click();

  await page.getByRole('button', { name: 'Write the storyboard' }).click();
  await expect(page.getByText('Say what the film is about.')).toBeVisible();
  await expect(page.getByLabel('What the film is about')).toBeFocused();
  await page.getByLabel('What the film is about').fill('A night courier rides her bicycle through a rainy city. She stops on the long bridge at dawn. She dances in a small kitchen.');
  await page.locator('input[type=file][accept="audio/*"]').setInputFiles({ name: 'rain.wav', mimeType: 'audio/wav', buffer: song(9) });
  await expect(page.getByText(/beats a minute · 18 beats/)).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('What the film is about')).toHaveValue(/night courier/);
  await page.getByText('Noir', { exact: true }).click();
  await page.getByRole('radio', { name: '480p' }).check();
  await page.getByText('Title, number of scenes, seed, cap').click();
  await page.getByLabel('Scenes', { exact: true }).fill('4');
  await page.getByRole('button', { name: 'Write the storyboard' }).click();

  await expect(page).toHaveURL(/\/projects\/[0-9A-Z]{26}\/$/);
  path = new URL(page.url()).pathname;
  await expect(page.getByRole('row')).toHaveCount(4);
  await expect(card(page, 1)).toContainText('Not filmed');
  await page.getByRole('button', { name: /^Film 4 scenes · free$/ }).click();
  await expect(status(page)).toContainText(/Filming|Cutting|Ready/);
  await expect(card(page, 4)).toContainText('Ready', { timeout: 90_000 });
  await expect(status(page)).toContainText('Ready', { timeout: 60_000 });
  const project = await read(server, page);
  expect(project.scenes.every(s => s.selectedTake === 1)).toBe(true);
});

test('the cut plays from scene to scene, on the song', async ({ page }) => {
  await page.goto(path);
  const position = page.getByLabel('Position in the film');
  await expect.poll(() => page.locator('video').evaluateAll(all => all.some(v => (v as HTMLVideoElement).readyState >= 2 && (v as HTMLElement).style.visibility === 'visible'))).toBe(true);
  await page.keyboard.press('BracketRight');
  const cut = Number(await position.inputValue());
  expect(cut).toBeGreaterThan(24);
  for (let i = 0; i < 12; i++) await page.keyboard.press('Comma');
  expect(Number(await position.inputValue())).toBe(cut - 12);
  await page.keyboard.press('Space');
  await expect.poll(async () => Number(await position.inputValue())).toBeGreaterThan(cut + 6);
  const media = await page.evaluate(() => ({ song: document.querySelector('audio')!.currentTime, video: [...document.querySelectorAll('video')].find(v => v.style.visibility === 'visible')!.currentTime, at: Number((document.querySelector('[aria-label="Position in the film"]') as HTMLInputElement).value) / 24 }));
  expect(Math.abs(media.song - media.at)).toBeLessThan(0.2);
  expect(media.video).toBeLessThan(2);
  await page.keyboard.press('KeyK');
  await page.keyboard.press('Home');
  await expect(position).toHaveValue('0');
});

test('scenes are reordered by keyboard and by mouse, and it can be undone', async ({ page, server }) => {
  await page.goto(path);
  await card(page, 1).click({ position: { x: 80, y: 60 } });
  await page.keyboard.press('Alt+ArrowRight');
  await page.keyboard.press('Alt+ArrowRight');
  await expect.poll(async () => (await read(server, page)).sceneOrder).toEqual([2, 3, 1, 4]);
  await page.keyboard.press('Control+KeyZ');
  await expect.poll(async () => (await read(server, page)).sceneOrder).toEqual([2, 1, 3, 4]);

  await card(page, 4).hover();
  const handle = (await card(page, 4).getByRole('button', { name: 'Move scene 4' }).boundingBox())!, first = (await card(page, 1).boundingBox())!;
  await page.mouse.move(handle.x + 8, handle.y + 8);
  await page.mouse.down();
  await page.mouse.move(handle.x - 20, handle.y + 10, { steps: 4 });
  await page.mouse.move(first.x + 10, first.y + 50, { steps: 8 });
  await page.mouse.up();
  await expect.poll(async () => (await read(server, page)).sceneOrder).toEqual([4, 2, 1, 3]);
  await page.reload();
  await expect(card(page, 1).getByRole('button', { name: 'Move scene 1' })).toBeAttached();
  expect((await read(server, page)).sceneOrder).toEqual([4, 2, 1, 3]);

  // lifted by keyboard alone: the handle takes Enter, arrows choose the place, Enter drops
  await card(page, 1).getByRole('button', { name: 'Move scene 1' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await read(server, page)).sceneOrder).not.toEqual([4, 2, 1, 3]);
});

test('a scene is trimmed by hand to a beat, by key and by number', async ({ page, server }) => {
  await page.goto(path);
  await card(page, 2).click({ position: { x: 80, y: 60 } });
  const scene = async () => (await read(server, page)).scenes.find(s => s.displaySequence === 2)!;
  const before = await scene();
  const block = page.locator('[data-block]').nth(1);
  const edge = (await block.locator('[data-edge=out]').boundingBox())!, width = (await block.boundingBox())!.width;
  const x = edge.x + edge.width / 2, y = edge.y + edge.height / 2;
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - width * 0.3, y, { steps: 6 });
  await page.mouse.up();
  await expect.poll(async () => (await scene()).trimPoints?.out ?? before.duration).toBeLessThan(before.duration - 0.2);
  await expect(page.getByText('Scene 2 trimmed.')).toBeVisible();

  await page.keyboard.press('KeyT');
  const out = page.getByRole('slider', { name: 'Out point' });
  await out.focus();
  const at = Number(await out.getAttribute('aria-valuenow'));
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(async () => Math.round((await scene()).trimPoints!.out * 24)).toBe(at - 2);
  await page.getByLabel('In', { exact: true }).fill('00:00:06');
  await page.getByLabel('In', { exact: true }).press('Enter');
  await expect.poll(async () => Math.round((await scene()).trimPoints!.in * 24)).toBe(6);
  await page.getByRole('button', { name: 'As it was planned' }).click();
  await expect.poll(async () => (await scene()).trimPoints).toBeUndefined();
  await page.getByRole('button', { name: /^Undo:/ }).click();
  await expect.poll(async () => Math.round(((await scene()).trimPoints?.in ?? 0) * 24)).toBe(6);
});

test('a scene is taken again, and the first take is chosen back', async ({ page, server }) => {
  await page.goto(path);
  await card(page, 1).click({ position: { x: 80, y: 60 } });
  await page.keyboard.press('KeyR');
  await page.getByRole('button', { name: 'New take · free' }).click();
  const scene = async () => (await read(server, page)).scenes.find(s => s.displaySequence === 1)!;
  await expect.poll(async () => (await scene()).takeCount, { timeout: 60_000 }).toBe(2);
  await expect(page.getByRole('button', { name: 'Take 2, in the film' })).toBeVisible();
  await page.getByRole('button', { name: 'Compare side by side' }).click();
  await expect(page.getByRole('dialog').locator('video')).toHaveCount(2);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Take 1: use it' }).click();
  await expect.poll(async () => (await scene()).selectedTake).toBe(1);
});

test('the film is cut, plays, is downloaded, and its frames are in the order of the board', async ({ page, server }) => {
  await page.goto(path);
  await server.rest(idOf(page));
  await page.getByRole('button', { name: /^(Cut the film|Film \d)/ }).click();
  await expect(page.locator('header').getByRole('link', { name: 'Watch the film' })).toBeVisible({ timeout: 90_000 });
  await page.locator('header').getByRole('link', { name: 'Watch the film' }).click();
  await expect(page).toHaveURL(/\/film\/$/);
  const film = page.getByLabel(/^The film/);
  await expect.poll(() => film.evaluate(v => (v as HTMLVideoElement).readyState)).toBeGreaterThanOrEqual(1);

  const project = await read(server, page), board = [...project.scenes].sort((a, b) => a.displaySequence - b.displaySequence);
  const length = board.reduce((sum, s) => sum + s.duration, 0);
  expect(Math.abs(await film.evaluate(v => (v as HTMLVideoElement).duration) - length)).toBeLessThan(0.1);
  expect(await page.evaluate(orderOfFrames, { film: project.finalOutputUrl, clips: board.map(s => ({ url: s.originalVideoClipUrl, in: s.trimPoints?.in ?? 0, duration: s.duration })) })).toEqual(board.map((_, i) => i));

  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download' }).click()]);
  expect(download.suggestedFilename()).toMatch(/_16x9\.mp4$/);
  expect(readFileSync((await download.path())!).subarray(4, 8).toString()).toBe('ftyp');
});

/** In the page: for the middle of every scene of the film, which clip's middle looks most like it. */
async function orderOfFrames({ film, clips }: { film: string; clips: { url: string; in: number; duration: number }[] }) {
  async function picture(url: string, at: number) {
    const v = document.createElement('video');
    v.muted = true; v.preload = 'auto'; v.src = url;
    await new Promise(r => { v.onloadeddata = r; });
    await new Promise(r => { v.onseeked = r; v.currentTime = at; });
    const c = document.createElement('canvas');
    c.width = 32; c.height = 18;
    const pen = c.getContext('2d')!;
    pen.drawImage(v, 0, 0, 32, 18);
    return pen.getImageData(0, 0, 32, 18).data;
  }
  const wanted = [];
  for (const c of clips) wanted.push(await picture(c.url, c.in + c.duration / 2));
  const order = [];
  let start = 0;
  for (const c of clips) {
    const seen = await picture(film, start + c.duration / 2);
    const far = wanted.map(w => w.reduce((sum, value, i) => sum + Math.abs(value - seen[i]!), 0));
    order.push(far.indexOf(Math.min(...far)));
    start += c.duration;
  }
  return order;
}
