// Every screen in both themes, on a desk and on a phone: axe finds nothing, nothing scrolls sideways, nothing complains. With
// SCREENSHOTS=FOLDER pictures of them are made on the way, of ONLY=board,film alone if wanted; those of docs/ are from here.
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expect, picture, Server, song, test } from './world';

type Project = { projectId: string; status: string; scenes: { sequence: number }[] };
const pictures = process.env.SCREENSHOTS;
let film = '', ad = '', idea = '', long = '';

async function make(server: Server, fields: Record<string, string>, seconds = 0): Promise<string> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  if (seconds) form.append('audio', new Blob([new Uint8Array(song(seconds))]), 'rain.wav');
  const reply = await fetch(`${server.url}/api/mv/projects`, { method: 'POST', body: form });
  const { projectId } = await reply.json() as Project;
  expect(projectId, String(reply.status)).toBeTruthy();
  await server.rest(projectId);
  return projectId;
}
test.beforeAll(async ({ server }) => {
  test.setTimeout(600_000);
  idea = await make(server, { conceptPrompt: 'An old lighthouse keeper finds a small boat, and rows out to meet the storm that took his brother.', title: 'Out to the Storm', directorConfig: 'david-lean', mode: 'ad-creative' });
  if (pictures) {
    for (const [title, directorConfig, conceptPrompt] of [['Rim of the Earth', 'christopher-nolan', 'Two astronauts dance on an empty space station while the sun comes up.'], ['Sugar and Chrome', 'wes-anderson', 'A waitress paints a diner pink before the first guest comes.']] as const)
      await make(server, { conceptPrompt, title, directorConfig, mode: 'ad-creative', targetDuration: '5', wantedScenes: '2', size: '480p', generate: 'true' });
    ad = await make(server, { conceptPrompt: 'A cold kitchen before dawn. The red kettle begins to sing. The window turns gold.', title: 'Wake Up Warm', mode: 'ad-creative', productDescription: 'Ember, a red enamel kettle', productName: 'Ember', callToAction: 'Wake up warm', aspect: '9:16', size: '720p', targetDuration: '9', wantedScenes: '4', generate: 'true' });
    long = await make(server, { conceptPrompt: 'A cleaner sees two hundred windows in one night. Behind each of them somebody is awake.', title: 'Two Hundred Windows', size: '480p', wantedScenes: '200' }, 200);
    await server.call(`/api/mv/projects/${long}/plan`, {});
    await server.rest(long);
  }
  film = await make(server, { conceptPrompt: 'A courier rides through the rain. She stops on a bridge. She dances in a kitchen.', title: 'Before the light', generate: 'true', ...(pictures ? { size: '720p', wantedScenes: '7' } : { size: '480p', wantedScenes: '2' }) }, pictures ? 18 : 5);
});

const all = [
  { name: 'dark desk', colorScheme: 'dark', viewport: { width: 1440, height: 900 } },
  { name: 'light desk', colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { name: 'dark phone', colorScheme: 'dark', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  { name: 'light phone', colorScheme: 'light', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
] as const;
// Two of the four show every colour and every layout; all of them are looked at when pictures are taken.
const looks = pictures ? all : all.filter(l => l.name === 'dark desk' || l.name === 'light phone');

type Screen = { name: string; path(): string; there: string; act?(page: Page, phone: boolean): Promise<void> };
const atBoard = (name: string, act?: Screen['act'], path = () => `/projects/${film}/`, there = 'Before the light'): Screen => ({ name, path, there, act });
const inspect = (tab: RegExp, there: (page: Page) => Locator): Screen['act'] => async (page, phone) => {
  if (phone) await page.getByRole('button', { name: /^Edit scene/ }).click();
  await page.getByRole('tab', { name: tab }).click();
  await expect(there(page)).toBeVisible();
};
const press = (name: string, there: (page: Page) => Locator): Screen['act'] => async page => { await page.getByRole('button', { name }).click(); await expect(there(page)).toBeVisible(); };

/** Path, what shows that it is there, and what is done on it first. */
const screens: Screen[] = [
  { name: 'home', path: () => '/', there: 'Before the light' },
  { name: 'new', path: () => '/new/', there: 'Wes Anderson' },
  atBoard('board'),
  atBoard('board-takes', inspect(/^Takes/, page => page.getByRole('button', { name: /^Take 1/ }))),
  atBoard('board-trim', inspect(/^Trim/, page => page.getByRole('slider', { name: 'In point' }))),
  atBoard('board-lips', inspect(/^Lip-sync/, page => page.getByText(/^Heard here/))),
  atBoard('board-idea', undefined, () => `/projects/${idea}/`, 'The storyboard comes first'),
  atBoard('board-plan', press('What will be done', page => page.getByText('What happens next'))),
  atBoard('board-makers', press('Who makes this film', page => page.getByRole('radiogroup', { name: 'Films them' }))),
  atBoard('board-keys', async (page, phone) => { if (!phone) await press('Keys', p => p.getByRole('dialog'))!(page, phone); }),
  atBoard('board-words', async (page, phone) => {
    await inspect(/^Scene/, p => p.getByRole('button', { name: 'Other words…' }))!(page, phone);
    await page.getByRole('button', { name: 'Other words…' }).click();
    await page.getByLabel('What shall be otherwise').fill('closer, at night');
    await page.getByRole('button', { name: /^Propose/ }).click();
    await expect(page.getByRole('button', { name: 'Take these words' })).toBeVisible();
  }),
  { name: 'film', path: () => `/projects/${film}/film/`, there: 'Download' },
  { name: 'film-exports', path: () => `/projects/${film}/film/`, there: 'Download', act: page => page.getByText('Where it fits').evaluate(e => e.scrollIntoView()) },
  ...(pictures ? [
    atBoard('board-ad', undefined, () => `/projects/${ad}/`, 'Wake Up Warm'),
    atBoard('board-long', async page => { await page.keyboard.press('ArrowDown'); await expect(page.getByRole('row', { selected: true })).toHaveAccessibleName(/^Scene 2,/); }, () => `/projects/${long}/`, 'Two Hundred Windows'),
    { name: 'film-ad', path: () => `/projects/${ad}/film/`, there: 'Download', act: async (page: Page) => { await page.getByRole('button', { name: 'Show what it covers' }).first().click(); } },
  ] : []),
  { name: 'activity', path: () => '/activity/', there: 'Before the light' },
  { name: 'settings', path: () => '/settings/', there: 'Animatic' },
  { name: 'sign-in', path: () => '/sign-in/', there: 'Enter' },
];

async function fit(page: Page, screen: string) {
  const { violations, passes } = await new AxeBuilder({ page }).analyze();
  expect(passes.length).toBeGreaterThan(5);
  expect.soft(violations.map(v => `${screen}: ${v.id} ${v.nodes.map(n => n.html.slice(0, 140)).join(' | ')}`)).toEqual([]);
  expect.soft(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), `${screen} scrolls sideways`).toBeLessThanOrEqual(0);
}

for (const { name: look, ...options } of looks) {
  test.describe(look, () => {
    test.use(options);
    test(`every screen is fit to be used, ${look}`, async ({ page }) => {
      test.setTimeout(pictures ? 900_000 : 300_000);
      for (const screen of screens.filter(s => !process.env.ONLY || process.env.ONLY.split(',').includes(s.name))) {
        await page.goto(screen.path());
        await expect(page.getByText(screen.there).first()).toBeVisible();
        await screen.act?.(page, 'isMobile' in options);
        await page.evaluate(() => Promise.all(document.getAnimations().map(a => a.finished.catch(() => {}))));
        await fit(page, screen.name);
        await picture(page, `${screen.name}-${look.replace(' ', '-')}`);
      }
    });

    test(`what is empty, on its way, locked or gone looks meant, ${look}`, async ({ page, complaints }) => {
      complaints.allow = [/./];
      const place = look.replace(' ', '-'), own = await new Server().start(), locked = await new Server(['--token', 'open-sesame']).start();
      try {
        await page.goto(`${own.url}/`);
        await expect(page.getByRole('heading', { name: 'Your first film begins with a sentence' })).toBeVisible();
        await fit(page, 'home-empty');
        await picture(page, `home-empty-${place}`);

        const { projectId } = await own.call<Project>('/api/mv/projects', { conceptPrompt: 'A kettle sings.', mode: 'ad-creative' });
        for (const [name, path] of [['home-loading', '/'], ['board-loading', `/projects/${projectId}/`]] as const) {
          let answer = () => {};
          const answered = new Promise<void>(done => { answer = done; });
          await page.route(/\/api\/mv\/projects(\?|\/[0-9A-Z]{26}$)/, async route => { await answered; await route.continue().catch(() => {}); });
          await page.goto(own.url + path);
          await expect(page.locator('.animate-pulse').first()).toBeVisible();
          await fit(page, name);
          await picture(page, `${name}-${place}`);
          answer();
          await expect(page.locator('.animate-pulse')).toHaveCount(0);
          await page.unrouteAll({ behavior: 'ignoreErrors' });
        }

        await page.goto(`${own.url}/`);
        await own.stop();
        await page.getByRole('radio', { name: 'Ready' }).click();
        await expect(page.getByText(/The server cannot be reached\. Trying again/)).toBeVisible();
        await fit(page, 'home-gone');
        await picture(page, `home-gone-${place}`);

        await page.goto(`${locked.url}/`);
        await expect(page).toHaveURL(/\/sign-in\//);
        await expect(page.getByLabel('Token')).toBeVisible();
        await fit(page, 'signed-out');
        await picture(page, `signed-out-${place}`);
      } finally { await own.remove(); await locked.remove(); }
    });
  });
}
