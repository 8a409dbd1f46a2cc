// Two films as a person makes them, filmed by a model that costs money elsewhere: the services are stand-ins, which every page
// says. First a music video from a dropped song and picture, then an advertisement for phones.
import { card, composeAndDownload, filmAll, moveLips, read, reorderByKeyboard, reorderByMouse, retake, trim } from './steps';
import { drop, example, expect, keep, song, test } from './world';

test.use({ emulated: true });
test.describe.configure({ mode: 'serial' });
let video = '', ad = '';

test('a dropped song and a picture become a storyboard, priced before anything is filmed', async ({ page, server }) => {
  await page.goto('/new/');
  await expect(page.getByLabel('Emulated')).toContainText('no price is real money');
  await page.getByLabel('What the film is about').fill('A night courier rides her bicycle through a rainy city. She stops on the long bridge at dawn. She dances in a small kitchen.');
  await drop(page.getByText('or drop one'), example('courier.png'));
  await expect(page.getByRole('img', { name: /courier/ })).toBeVisible();
  await drop(page.getByText('Drop a song here'), keep(server, 'rain.wav', song(9)));
  await expect(page.getByText(/beats a minute · 18 beats/)).toBeVisible();
  await page.getByRole('radio', { name: '480p' }).check();
  await page.getByRole('radio', { name: /^Veo 3\.1 Fast \$0\.10, not real money a second$/ }).check();
  await page.getByText('Title, number of scenes, seed, cap').click();
  await page.getByLabel('Scenes', { exact: true }).fill('4');
  await expect(page.getByRole('button', { name: 'Make the film · $1.60, not real money' })).toBeVisible();
  await page.getByRole('button', { name: 'Write the storyboard' }).click();
  await expect(page).toHaveURL(/\/projects\/[0-9A-Z]{26}\/$/);
  video = new URL(page.url()).pathname;
  await expect(page.getByRole('row')).toHaveCount(4);
  await expect(card(page, 1)).toContainText('Not filmed');
});

test('the scenes arrive while one looks, each bought once', async ({ page, server }) => {
  await page.goto(video);
  await filmAll(page, /^Film 4 scenes · \$1\.60, not real money$/, 4);
  const project = await read(server, page);
  expect(project.scenes.every(s => s.selectedTake === 1)).toBe(true);
  const { entries, usd } = await server.call<{ entries: { state: string }[]; usd: number }>(`/api/mv/projects/${project.projectId}/ledger`);
  expect(entries.map(e => e.state)).toEqual(['settled', 'settled', 'settled', 'settled']);
  expect(usd).toBeCloseTo(1.6);
});

test('the order is changed by keyboard and by mouse', async ({ page, server }) => {
  await page.goto(video);
  await reorderByMouse(page, server, 4);
  await reorderByKeyboard(page, server);
});

test('a scene is trimmed to a beat by hand, then by key and by number', async ({ page, server }) => {
  await page.goto(video);
  await trim(page, server, 2, Array.from({ length: 18 }, (_, i) => i / 2));
});

test('a scene is filmed again for its price, and the first take is chosen back', async ({ page, server }) => {
  await page.goto(video);
  await retake(page, server, 1, /^New take · \$0\.40, not real money$/);
});

test('the lips of a scene follow the song, and fall out of step when the scene is moved', async ({ page, server }) => {
  await page.goto(video);
  await moveLips(page, server, 2, /^Sync lips · \$\d+\.\d\d, not real money$/);
  await page.keyboard.press('Alt+ArrowRight');
  await expect(card(page, 3)).toContainText('Lips out of step');
  await expect(page.getByText('The lips no longer fit: The scene begins at another moment of the song.')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Sync 1 scene, cut · \$/ })).toBeVisible();
});

test('the film is cut, plays and is downloaded in the order of the board', async ({ page, server }) => {
  await page.goto(video);
  await composeAndDownload(page, server);
  const { usd } = await server.call<{ usd: number }>(`/api/mv/projects/${(await read(server, page)).projectId}/ledger`);
  expect(usd).toBeGreaterThan(2);
  await expect(page.getByText(`$${usd.toFixed(2)}, not real money`)).toBeVisible();
});

test('an advertisement for phones: a product, its line, 9:16', async ({ page }) => {
  await page.goto('/new/');
  await page.getByRole('radio', { name: 'Advertisement' }).check();
  await page.getByLabel('What the film is about').fill('A cold kitchen before dawn. The red kettle begins to sing. The window turns gold.');
  await page.getByLabel('What it is for').fill('Ember, a red enamel kettle with a wooden handle');
  await drop(page.getByText('or drop one').last(), example('kettle.png'));
  await expect(page.getByRole('img', { name: /kettle/ })).toBeVisible();
  await page.getByLabel('Its name on the end card').fill('Ember');
  await page.getByLabel('The last line').fill('Wake up warm');
  await page.getByRole('radio', { name: '9:16' }).check();
  await page.getByRole('radio', { name: '480p' }).check();
  await page.getByRole('radio', { name: '15 s' }).check();
  await page.getByRole('radio', { name: /^Veo 3\.1 Fast/ }).check();
  await page.getByText('Title, number of scenes, seed, cap').click();
  await page.getByLabel('Scenes', { exact: true }).fill('5');
  await page.getByRole('button', { name: 'Write the storyboard' }).click();
  await expect(page).toHaveURL(/\/projects\/[0-9A-Z]{26}\/$/);
  ad = new URL(page.url()).pathname;
  await expect(page.getByRole('row')).toHaveCount(5);
});

test('it is filmed, put in another order, taken again, trimmed, cut and downloaded', async ({ page, server }) => {
  await page.goto(ad);
  await filmAll(page, /^Film 5 scenes · \$1\.60, not real money$/, 5); // four at 0.40; the end card is drawn
  await reorderByKeyboard(page, server);
  await retake(page, server, 2, /^New take/);
  await trim(page, server, 3);
  await composeAndDownload(page, server);
});

test('without a song at hand one is made, for a price that was said before', async ({ page, server }) => {
  await page.goto('/new/');
  await page.getByLabel('What the film is about').fill('A robot dances on a rooftop.');
  await page.getByRole('button', { name: 'Have one made' }).click();
  await page.getByLabel('What the song is like').fill('Warm analog synths at 120 beats a minute');
  await page.getByRole('radio', { name: '480p' }).check();
  await page.getByText('Title, number of scenes, seed, cap').click();
  await page.getByLabel('Scenes', { exact: true }).fill('5');
  await page.getByRole('button', { name: 'Write the storyboard · $0.25, not real money' }).click();
  await expect(page).toHaveURL(/\/projects\/[0-9A-Z]{26}\/$/);
  await expect(page.getByRole('row')).toHaveCount(5, { timeout: 60_000 });
  const { entries } = await server.call<{ entries: { kind: string; state: string }[] }>(`/api/mv/projects/${(await read(server, page)).projectId}/ledger`);
  expect(entries.map(e => [e.kind, e.state])).toEqual([['music', 'settled']]);
});
