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
  if (seconds) form.append('audio', new Blob([new Uint8Array(song(seconds, !!pictures))]), 'rain.wav');
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
    long = await make(server, { conceptPrompt: 'A cleaner sees a hundred windows in one night. Behind each of them somebody is awake. A courier passes below. A robot dances on a rooftop.', title: 'A Hundred Windows', directorConfig: 'noir', size: '480p', wantedScenes: '64', generate: 'true' }, 64);
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

/** A screen, what shows that it is there, and its states: what is done one after the other, and what is new then. */
type State = { name: string; act(page: Page, phone: boolean): Promise<void>; part?: string; looked?: true };
type Screen = { name: string; path(): string; there: string; states?: State[] };
const tab = (name: string, tab: RegExp, there: (page: Page) => Locator): State => ({ name, part: '[role=tabpanel]', act: async (page, phone) => {
  if (phone && !await page.getByRole('dialog').isVisible()) await page.getByRole('button', { name: /^Edit scene/ }).click();
  await page.getByRole('tab', { name: tab }).click();
  await expect(there(page)).toBeVisible();
} });
const away = async (page: Page) => { await page.keyboard.press('Escape'); await expect(page.getByRole('dialog')).toHaveCount(0); };
const opened = (name: string, button: string, there: (page: Page) => Locator): State => ({ name, part: '[role=dialog]', act: async page => {
  await away(page);
  await page.getByRole('button', { name: button }).click();
  await expect(there(page)).toBeVisible();
} });
const words: State = { name: 'board-words', part: '[role=dialog]', act: async (page, phone) => {
  await away(page);
  await tab('', /^Scene/, p => p.getByRole('button', { name: 'Other words…' })).act(page, phone);
  await page.getByRole('button', { name: 'Other words…' }).click();
  await page.getByLabel('What shall be otherwise').fill('closer, at night');
  await page.getByRole('button', { name: /^Propose/ }).click();
  await expect(page.getByRole('button', { name: 'Take these words' })).toBeVisible();
} };
/** Looked at by people only: nothing is in it that was not checked. */
const scrolled = (name: string, to: string): State => ({ name, looked: true, act: page => page.getByRole('heading', { name: to, exact: true }).evaluate(e => e.scrollIntoView({ block: 'start' })) });
const covered: State = { name: 'film-ad', act: async page => { await page.getByRole('button', { name: 'Show what it covers' }).first().click(); } };

const screens: Screen[] = [
  { name: 'home', path: () => '/', there: 'Before the light' },
  { name: 'new', path: () => '/new/', there: 'Wes Anderson', states: pictures ? [scrolled('new-song', 'Song'), scrolled('new-style', 'Style'), scrolled('new-shape', 'Shape')] : [] },
  { name: 'board', path: () => `/projects/${film}/`, there: 'Before the light', states: [
    tab('board-takes', /^Takes/, page => page.getByRole('button', { name: /^Take 1/ })),
    tab('board-trim', /^Trim/, page => page.getByRole('slider', { name: 'In point' })),
    tab('board-lips', /^Lip-sync/, page => page.getByText(/^Heard here/)),
    opened('board-plan', 'What will be done', page => page.getByText('What happens next')),
    opened('board-makers', 'Who makes this film', page => page.getByRole('radiogroup', { name: 'Films them' })),
    ...(pictures ? [{ name: 'board-keys', act: async (page: Page, phone: boolean) => { if (!phone) await opened('', 'Keys', p => p.getByRole('dialog')).act(page, phone); } }] : []),
    words,
  ] },
  { name: 'board-idea', path: () => `/projects/${idea}/`, there: 'The storyboard comes first' },
  { name: 'film', path: () => `/projects/${film}/film/`, there: 'Download', states: pictures ? [scrolled('film-exports', 'Where it fits')] : [] },
  ...(pictures ? [
    { name: 'board-ad', path: () => `/projects/${ad}/`, there: 'Wake Up Warm' },
    { name: 'board-long', path: () => `/projects/${long}/`, there: 'A Hundred Windows', states: [{ name: 'board-long-middle', act: async (page: Page) => { for (let i = 0; i < 30; i++) await page.keyboard.press('ArrowDown'); await expect(page.getByRole('row', { selected: true })).toHaveAccessibleName(/^Scene 31,/); } }] },
    { name: 'film-ad-plain', path: () => `/projects/${ad}/film/`, there: 'Download', states: [covered] },
  ] : []),
  { name: 'activity', path: () => '/activity/', there: 'Before the light' },
  { name: 'settings', path: () => '/settings/', there: 'Animatic', states: pictures ? [scrolled('settings-program', 'The program')] : [] },
  { name: 'sign-in', path: () => '/sign-in/', there: 'Enter' },
];

/** Until all of it has come and nothing that will come to rest moves; what turns for as long as work is under way does not. */
async function still(page: Page) {
  await expect(page.locator('.animate-pulse')).toHaveCount(0);
  await page.evaluate(() => Promise.all(document.getAnimations().filter(a => Number.isFinite(a.effect?.getComputedTiming().endTime)).map(a => a.finished.catch(() => {}))));
}

/** What is on a screen, or what is new in a part of it. */
async function fit(page: Page, screen: string, part?: string) {
  const axe = new AxeBuilder({ page });
  const { violations, passes } = await (part ? axe.include(part) : axe).analyze();
  expect(passes.length).toBeGreaterThan(5);
  expect.soft(violations.map(v => `${screen}: ${v.id} ${v.nodes.map(n => n.html.slice(0, 140)).join(' | ')}`)).toEqual([]);
  expect.soft(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), `${screen} scrolls sideways`).toBeLessThanOrEqual(0);
}

for (const { name: look, ...options } of looks) {
  test.describe(look, () => {
    test.use(options);
    test(`every screen is fit to be used, ${look}`, async ({ page }) => {
      test.setTimeout(pictures ? 900_000 : 300_000);
      for (const { name, path, there, states = [] } of screens.filter(s => !process.env.ONLY || process.env.ONLY.split(',').includes(s.name))) {
        await page.goto(path());
        await expect(page.getByText(there).first()).toBeVisible();
        for (const state of [{ name, act: async () => {} } as State, ...states]) {
          await state.act(page, 'isMobile' in options);
          await still(page);
          if (!state.looked) await fit(page, state.name, state.part);
          await picture(page, `${state.name}-${look.replace(' ', '-')}`);
        }
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
