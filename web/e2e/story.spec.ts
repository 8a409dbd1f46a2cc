// The story without a key and without a network: an idea and a song become a film, filmed by the animatic.
import { card, composeAndDownload, exportCut, filmAll, pick, read, watchEarlierCut } from './steps';
import { draw, expect, listen, song, test } from './world';

test.describe.configure({ mode: 'serial' });
let path = '';

test('a song and an idea become a storyboard', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('link', { name: 'New project' }).first().click();

  await page.getByRole('button', { name: 'Write the storyboard' }).click();
  await expect(page.getByText('Say what the film is about.')).toBeVisible();
  await expect(page.getByLabel('What the film is about')).toBeFocused();
  await page.getByLabel('What the film is about').fill('A night courier rides her bicycle through a rainy city. She stops on the long bridge at dawn.');
  await page.locator('input[type=file][accept="audio/*"]').setInputFiles({ name: 'rain.wav', mimeType: 'audio/wav', buffer: song(5) });
  await expect(page.getByText(/beats a minute · 10 beats/)).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('What the film is about')).toHaveValue(/night courier/);
  await page.getByText('Noir', { exact: true }).click();
  await page.getByRole('radio', { name: '480p' }).check();
  await page.getByText('Title, number of scenes, seed, cap').click();
  await page.getByLabel('Scenes', { exact: true }).fill('2');
  await page.getByRole('radio', { name: 'For players to show' }).check();
  await page.getByRole('button', { name: 'Write the storyboard' }).click();

  await expect(page).toHaveURL(/\/projects\/[0-9A-Z]{26}\/$/);
  path = new URL(page.url()).pathname;
  await expect(page.getByRole('row')).toHaveCount(2);
  await expect(card(page, 1)).toContainText('Not filmed');
});

test('other words for a scene are shown beside its own, and taken or left', async ({ page, server }) => {
  await page.goto(path);
  await pick(page, 1);
  const prompt = async () => (await read(server, page)).scenes.find(s => s.displaySequence === 1)!.prompt, before = await prompt();
  const propose = async () => {
    await page.getByRole('button', { name: 'Other words…' }).click();
    await page.getByLabel('What shall be otherwise').fill('closer, at night');
    await page.getByRole('button', { name: 'Propose · free' }).click();
    await expect(page.getByRole('dialog').getByRole('region', { name: 'What is seen' }).locator('ins').first()).toBeVisible();
  };
  await propose();
  await page.getByRole('button', { name: 'Keep mine' }).click();
  expect(await prompt()).toBe(before);
  await propose();
  const proposed = page.getByRole('dialog').getByRole('region', { name: 'What is seen' }).locator('p').last();
  const words = (await proposed.innerText()).replace(/^Proposed\s*/, '').trim();
  await page.getByRole('button', { name: 'Take these words' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  expect((await prompt()).replace(/\s+/g, ' ')).toBe(words.replace(/\s+/g, ' '));
  expect(words).toMatch(/night/i);
  await expect(page.getByLabel('What is seen')).toHaveValue(await prompt());
});

test('the scenes are filmed while one looks', async ({ page, server }) => {
  await page.goto(path);
  await filmAll(page, /^Film 2 scenes · free$/, 2);
  expect((await read(server, page)).scenes.every(s => s.selectedTake === 1)).toBe(true);
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

test('on a phone a finger moves scenes, the playhead and the edges of a trim', async ({ browser, server, complaints }) => {
  const phone = await browser.newContext({ baseURL: server.url, viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: 'en-US' }), page = await phone.newPage();
  listen(page, server, complaints);
  await page.goto(path);
  const order = async () => (await read(server, page)).sceneOrder, first = async () => (await read(server, page)).scenes.find(s => s.sequence === 1)!;
  await expect(card(page, 2)).toBeVisible();

  // by its handle, and back with the menu; a finger on the card itself scrolls and moves nothing
  await draw(card(page, 2).getByRole('button', { name: 'Move scene 2' }), { x: 0, y: -140 });
  await expect.poll(order).toEqual([2, 1]);
  await expect(page.getByRole('row').first()).toHaveAttribute('data-scene', '2');
  await draw(card(page, 2), { x: 0, y: -140 }, { x: 250, y: 60 });
  await card(page, 1).getByRole('button', { name: 'More for scene 1' }).tap();
  await page.getByRole('menuitem', { name: 'Move later' }).tap();
  await expect.poll(order).toEqual([1, 2]);
  await expect(page.getByRole('row').first()).toHaveAttribute('data-scene', '1');

  // along the timeline
  const position = page.getByLabel('Position in the film');
  await draw(page.locator('[data-block]').first(), { x: 120, y: 0 }, { x: 20, y: 20 });
  expect(Number(await position.inputValue())).toBeGreaterThan(24);
  await expect(async () => { await page.locator('[data-block]').first().tap(); await expect(position).toHaveValue('0', { timeout: 1000 }); }).toPass();     // a browser may take a tap that comes soon for the end of a fling

  // the edges, while the picture is in sight
  await page.getByRole('button', { name: 'Edit scene 1' }).tap();
  await page.getByRole('tab', { name: 'Trim' }).tap();
  const out = page.getByRole('slider', { name: 'Out point' }), whole = Number(await out.getAttribute('aria-valuenow'));
  await expect(out).toBeInViewport();
  await draw(out, { x: -90, y: 0 });
  await expect(page.getByText('Scene 1 trimmed.')).toBeVisible();
  await expect(out).toHaveAttribute('aria-valuenow', String(Math.round((await first()).trimPoints!.out * 24)));
  expect(Number(await out.getAttribute('aria-valuenow'))).toBeLessThan(whole - 12);
  await expect(async () => {
    if ((await first()).trimPoints) await page.getByRole('button', { name: 'As it was planned' }).tap({ timeout: 1000 });
    await expect.poll(async () => (await first()).trimPoints, { timeout: 3000 }).toBeUndefined();
  }).toPass();
  await phone.close();
});

test('the order is turned round, the film follows, is downloaded, and goes on to other programs', async ({ page, server }) => {
  await page.goto(path);
  await card(page, 1).click({ position: { x: 80, y: 60 } });
  await page.keyboard.press('Alt+ArrowRight');
  await expect.poll(async () => (await read(server, page)).sceneOrder).toEqual([2, 1]);
  await composeAndDownload(page, server);
  await watchEarlierCut(page, server);
  await exportCut(page, server);
});
