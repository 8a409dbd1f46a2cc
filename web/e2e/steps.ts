// What a person does on the board, whichever film it is.
import type { Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { expect, type Server } from './world';

export type Scene = { sequence: number; displaySequence: number; prompt: string; duration: number; takeDuration: number; takeCount: number; selectedTake: number; endCard: boolean; originalVideoClipUrl: string; trimPoints?: { in: number; out: number }; lipSync?: { shown: boolean } };
export type Project = { status: string; projectId: string; aspect: string; width: number; height: number; scenes: Scene[]; sceneOrder: number[]; finalOutputUrl: string; captions?: string };

export const idOf = (page: Page) => new URL(page.url()).pathname.split('/')[2]!;
export const read = (server: Server, page: Page) => server.call<Project>(`/api/mv/projects/${idOf(page)}`);
export const card = (page: Page, n: number) => page.getByRole('row', { name: new RegExp(`^Scene ${n},`) });
export const status = (page: Page) => page.locator('header').getByRole('status');
/** What is beside the board follows the selection when there is time; a key or a button of it means the scene that it shows. */
export async function pick(page: Page, n: number) {
  await card(page, n).click({ position: { x: 80, y: 60 } });
  await expect(card(page, n)).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('complementary', { name: 'Scene' }).getByText(`Scene ${n}`, { exact: true })).toBeVisible();
}
/** What can be taken back is the last change that was kept; before it is there the button takes back the one before. */
const takeBack = (page: Page, change: string) => page.getByRole('button', { name: `Undo: ${change}`, exact: true }).click();
const inOrder = (scenes: Scene[]) => [...scenes].sort((a, b) => a.displaySequence - b.displaySequence);
const order = async (server: Server, page: Page) => (await read(server, page)).sceneOrder;
const nth = async (server: Server, page: Page, n: number) => (await read(server, page)).scenes.find(s => s.displaySequence === n)!;

/** Until the board shows the order that the server has: a scene that is picked by its number is then the same on both. */
const inStep = (page: Page, server: Server) => expect(async () => {
  const shown = await page.getByRole('row').evaluateAll(rows => rows.map(row => Number(row.dataset.scene)));
  expect(shown).toEqual(await order(server, page));
}).toPass();

/** Scenes arrive on the board one after the other while one looks, and each says how long it takes. */
export async function filmAll(page: Page, button: RegExp, last: number) {
  const told = await page.evaluateHandle(listenForTimes);
  await page.getByRole('button', { name: button }).click();
  await expect(status(page)).toContainText(/Filming|Cutting|Ready/);
  await expect(card(page, last)).toContainText('Ready', { timeout: 90_000 });
  await expect(status(page)).toContainText('Ready', { timeout: 60_000 });
  expect(await told.evaluate(all => [...all])).not.toEqual([]);
}

/** In the page: what its cards say of the time that has gone or is left, for as long as it is looked at. */
function listenForTimes() {
  const told = new Set<string>();
  const listen = () => { for (const card of document.querySelectorAll('[role=row]')) { const said = /for \d+ (s|min)|about \d+ (s|min) left|nearly done|taking longer than usual/.exec(card.textContent); if (said) told.add(said[0]); } };
  new MutationObserver(listen).observe(document.body, { subtree: true, childList: true, characterData: true });
  return told;
}

export async function reorderByKeyboard(page: Page, server: Server) {
  const [a, b, c, ...rest] = await order(server, page);
  await pick(page, 1);
  await page.keyboard.press('Alt+ArrowRight');
  await page.keyboard.press('Alt+ArrowRight');
  await expect.poll(() => order(server, page)).toEqual([b, c, a, ...rest]);
  await page.keyboard.press('Control+KeyZ');
  await expect.poll(() => order(server, page)).toEqual([b, a, c, ...rest]);
  await inStep(page, server);
  // lifted by keyboard alone: the handle takes Enter, arrows choose the place, Enter drops
  await card(page, 1).getByRole('button', { name: 'Move scene 1' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect.poll(() => order(server, page)).not.toEqual([b, a, c, ...rest]);
  await inStep(page, server);
}

/** The last of `count` scenes is dragged before the first. */
export async function reorderByMouse(page: Page, server: Server, count: number) {
  const before = await order(server, page);
  await card(page, count).hover();
  const handle = (await card(page, count).getByRole('button', { name: `Move scene ${count}` }).boundingBox())!, first = (await card(page, 1).boundingBox())!;
  await page.mouse.move(handle.x + 8, handle.y + 8);
  await page.mouse.down();
  await page.mouse.move(handle.x - 20, handle.y + 10, { steps: 4 });
  await page.mouse.move(first.x + 10, first.y + 50, { steps: 8 });
  await page.mouse.up();
  const wanted = [before.at(-1)!, ...before.slice(0, -1)];
  await expect.poll(() => order(server, page)).toEqual(wanted);
  await page.reload();
  await inStep(page, server);
  expect(await order(server, page)).toEqual(wanted);
}

/** By hand on the timeline, by key and by number; and back. `beats`: where the edge may come to rest when it snaps, in seconds of the film. */
export async function trim(page: Page, server: Server, n: number, beats?: number[]) {
  await inStep(page, server);
  await pick(page, n);
  const scene = () => nth(server, page, n), before = await scene();
  const block = page.locator('[data-block]').nth(n - 1);
  const edge = (await block.locator('[data-edge=out]').boundingBox())!, width = (await block.boundingBox())!.width;
  const x = edge.x + edge.width / 2, y = edge.y + edge.height / 2;
  // to a place a few points beside the beat that is a third of the way back
  const scale = width / before.duration, start = (await read(server, page)).scenes.filter(s => s.displaySequence < n).reduce((t, s) => t + s.duration, 0);
  const beat = beats?.findLast(b => b < start + before.duration * 0.75);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - (beat === undefined ? width * 0.3 : (start + before.duration - beat) * scale - 4), y, { steps: 6 });
  await page.mouse.up();
  await expect.poll(async () => (await scene()).duration).toBeLessThan(before.duration - 0.2);
  if (beat !== undefined) expect(Math.abs(start + (await scene()).duration - beat)).toBeLessThan(1 / 24);
  await expect(page.getByText(`Scene ${n} trimmed.`)).toBeVisible();

  await page.keyboard.press('KeyT');
  const out = page.getByRole('slider', { name: 'Out point' }), at = Math.round((await scene()).trimPoints!.out * 24);
  await expect(out).toHaveAttribute('aria-valuenow', String(at));
  await out.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(async () => Math.round((await scene()).trimPoints!.out * 24)).toBe(at - 2);
  const into = page.getByLabel('In', { exact: true });
  await into.fill('00:00:06');
  await into.press('Enter');
  await expect.poll(async () => Math.round((await scene()).trimPoints!.in * 24)).toBe(6);
  await expect(into).toHaveValue('00:00:06');
  await page.getByRole('button', { name: 'As it was planned' }).click();
  await expect.poll(async () => (await scene()).trimPoints).toBeUndefined();
  await expect(into).toHaveValue('00:00:00');
  await takeBack(page, `Scene ${n} as it was planned`);
  await expect.poll(async () => Math.round(((await scene()).trimPoints?.in ?? 0) * 24)).toBe(6);
  await expect(into).toHaveValue('00:00:06');
}

/** A second take is made, and the first is chosen back. */
export async function retake(page: Page, server: Server, n: number, button: RegExp) {
  const takes = async () => Object.fromEntries((await read(server, page)).scenes.map(s => [s.sequence, s.takeCount]));
  await inStep(page, server);
  const { sequence } = await nth(server, page, n), before = await takes();
  await pick(page, n);
  await page.keyboard.press('KeyR');
  await page.getByRole('button', { name: button }).click();
  await expect.poll(takes, { timeout: 60_000 }).toEqual({ ...before, [sequence]: 2 });
  await expect(page.getByRole('button', { name: 'Take 2, in the film' })).toBeVisible();
  await page.getByRole('button', { name: 'Compare side by side' }).click();
  await expect(page.getByRole('dialog').locator('video')).toHaveCount(2);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Take 1: use it' }).click();
  await expect.poll(async () => (await nth(server, page, n)).selectedTake).toBe(1);
  await expect(page.getByRole('button', { name: 'Take 1, in the film' })).toBeVisible();
}

/** The lips follow the part of the song that is heard with the scene; both are compared, and the first one can be had back. */
export async function moveLips(page: Page, server: Server, n: number, button: RegExp) {
  await pick(page, n);
  await page.keyboard.press('KeyY');
  await expect(page.getByText(/^Heard here: \d\d:\d\d:\d\d – \d\d:\d\d:\d\d of the song$/)).toBeVisible();
  await page.getByRole('slider', { name: 'Expression' }).fill('0.7');
  await page.getByRole('button', { name: button }).click();
  await expect(page.getByRole('region', { name: 'Before and after' })).toBeVisible({ timeout: 60_000 });
  const shown = async () => (await nth(server, page, n)).lipSync?.shown ?? false;
  expect(await shown()).toBe(true);
  const line = page.getByRole('slider', { name: 'Line between before and after' });
  await line.fill('20');
  await page.keyboard.press('KeyX');
  await expect(line).toHaveValue('100');
  await page.getByRole('button', { name: 'Back to the original' }).click();
  await expect.poll(shown).toBe(false);
  await takeBack(page, `Scene ${n}: lips at rest`);
  await expect.poll(shown).toBe(true);
  await server.rest(idOf(page));     // while they are still being made a scene that moves has them made again
}

/** The film is cut, plays, is downloaded, and its frames are in the order of the board. */
export async function composeAndDownload(page: Page, server: Server) {
  await server.rest(idOf(page));
  await page.getByRole('button', { name: /^(Cut the film|Film \d|Sync \d)/ }).click();
  const watch = page.locator('header').getByRole('link', { name: 'Watch the film' });
  await expect(watch).toBeVisible({ timeout: 90_000 });
  await watch.click();
  await expect(page).toHaveURL(/\/film\/$/);
  const film = page.getByLabel(/^The film/);
  await expect.poll(() => film.evaluate(v => (v as HTMLVideoElement).readyState)).toBeGreaterThanOrEqual(1);
  await film.evaluate(v => (v as HTMLVideoElement).play());
  await expect.poll(() => film.evaluate(v => (v as HTMLVideoElement).currentTime)).toBeGreaterThan(0.2);

  const project = await read(server, page), board = inOrder(project.scenes);
  const length = board.reduce((sum, s) => sum + s.duration, 0);
  expect(Math.abs(await film.evaluate(v => (v as HTMLVideoElement).duration) - length)).toBeLessThan(0.1);
  expect(await film.evaluate(v => [(v as HTMLVideoElement).videoWidth, (v as HTMLVideoElement).videoHeight])).toEqual([project.width, project.height]);

  const { name, order } = await downloadFilm(page, /^Download(?! Cut)/, board);
  expect(name).toMatch(new RegExp(`_${project.aspect.replace(':', 'x')}\\.mp4$`));
  expect(order).toEqual(board.map((_, i) => i));
}

/** The file behind a link. */
async function download(page: Page, link: RegExp) {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: link }).click()]);
  return { name: file.suggestedFilename(), bytes: readFileSync((await file.path())!) };
}

/** The film behind a link on its page: its name, and the scenes of the board in the order they are seen in it. */
async function downloadFilm(page: Page, link: RegExp, board: Scene[]) {
  const { name, bytes } = await download(page, link);
  expect(bytes.subarray(4, 8).toString()).toBe('ftyp');
  const clips = board.map(s => ({ url: s.originalVideoClipUrl, in: s.trimPoints?.in ?? 0, duration: s.duration }));
  return { name, order: await page.evaluate(orderOfFrames, { base64: bytes.toString('base64'), clips }) };
}

/** From the film's page to other programs: the cut in the order of the board, and what is said in it as captions, once something is. */
export async function exportCut(page: Page, server: Server) {
  const { scenes, projectId } = await read(server, page), board = inOrder(scenes);
  const otio = await download(page, /^OpenTimelineIO/), { tracks } = JSON.parse(otio.bytes.toString()) as { tracks: { children: { children: { source_range: { duration: { value: number } }; metadata: { storyreel: { sequence: number } } }[] }[] } };
  expect(otio.name).toMatch(/\.otio$/);
  expect(tracks.children[0]!.children.map(c => [c.metadata.storyreel.sequence, c.source_range.duration.value])).toEqual(board.map(s => [s.sequence, Math.round(s.duration * 24)]));

  await expect(page.getByRole('link', { name: /captions/ })).toHaveCount(0);
  const wish = async () => (await read(server, page)).captions, choose = (name: string) => page.getByRole('radio', { name }).click();
  expect(await wish()).toBe('track');
  await choose('None');
  await expect.poll(wish).toBeUndefined();
  await choose('For players to show');
  await expect.poll(wish).toBe('track');
  await server.call(`/api/mv/projects/${projectId}/scenes/${board[1]!.sequence}`, { line: 'Wait for the light' }, 'PATCH');
  const srt = await download(page, /^SubRip captions/), times = [board[0]!.duration, board[0]!.duration + board[1]!.duration];
  expect(srt.name).toMatch(/\.srt$/);
  expect(srt.bytes.toString().replace(/\r/g, '')).toBe(`1\n${times.map(t => `00:00:${t.toFixed(3).padStart(6, '0').replace('.', ',')}`).join(' --> ')}\nWait for the light\n\n`);
}

/** The cut before the order was turned round is on the film's page, plays, is downloaded, and still has the old order. */
export async function watchEarlierCut(page: Page, server: Server) {
  const { scenes } = await read(server, page);
  const cuts = page.getByRole('listitem').filter({ has: page.getByRole('button', { name: /Cut \d$/ }) });
  await expect(cuts).toHaveText([/^Cut 2newest.*On the screen/, /^Cut 1.*Play/]);
  await page.getByRole('button', { name: 'Play Cut 1' }).click();
  const film = page.getByLabel(/^The film .*, Cut 1$/);
  await expect.poll(() => film.evaluate(v => (v as HTMLVideoElement).currentTime)).toBeGreaterThan(0.2);
  await expect(page.getByText(/^Cut 1, as it was/)).toBeVisible();
  const { name, order } = await downloadFilm(page, /^Download Cut 1$/, inOrder(scenes));
  expect(name).toMatch(/_cut-1\.mp4$/);
  expect(order).toEqual(scenes.map((_, i) => i).reverse());
  await page.getByRole('button', { name: 'Back to the newest' }).click();
  await expect(page.getByLabel(/^The film [^,]*$/)).toBeVisible();
}

/** In the page: for the middle of every scene of the downloaded film, which clip's middle looks most like it. */
async function orderOfFrames({ base64, clips }: { base64: string; clips: { url: string; in: number; duration: number }[] }) {
  const film = URL.createObjectURL(new Blob([Uint8Array.from(atob(base64), c => c.charCodeAt(0))], { type: 'video/mp4' }));
  async function picture(url: string, at: number) {
    const v = document.createElement('video');
    v.muted = true; v.preload = 'auto'; v.src = url;
    await new Promise((done, failed) => { v.onloadeddata = done; v.onerror = failed; });
    // that a seek is over does not say that its frame is the one that is drawn: the frame itself does
    await new Promise<void>(done => {
      const look = (_: number, { mediaTime }: { mediaTime: number }) => { if (Math.abs(mediaTime - at) < 1.5 / 24) done(); else v.requestVideoFrameCallback(look); };
      v.requestVideoFrameCallback(look);
      v.currentTime = at;
    });
    const c = document.createElement('canvas');
    c.width = 32; c.height = 32;
    const pen = c.getContext('2d')!;
    pen.drawImage(v, 0, 0, 32, 32);
    v.removeAttribute('src'); v.load();
    return pen.getImageData(0, 0, 32, 32).data;
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
