// Every screen in both themes, on a desk and on a phone: axe finds nothing, nothing scrolls sideways, nothing complains. With
// SCREENSHOTS=FOLDER the pictures of docs/ are made on the way.
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, song, test, type Server } from './world';

type Project = { projectId: string; status: string; scenes: { sequence: number }[] };
let film = '';

async function makeFilm(server: Server): Promise<string> {
  const form = new FormData();
  form.append('conceptPrompt', 'A courier rides through the rain. She stops on a bridge. She dances in a kitchen.');
  for (const [name, value] of Object.entries({ size: '480p', wantedScenes: '3', title: 'Before the light' })) form.append(name, value);
  form.append('audio', new Blob([new Uint8Array(song(7))]), 'rain.wav');
  form.append('generate', 'true');
  const reply = await fetch(`${server.url}/api/mv/projects`, { method: 'POST', body: form });
  const { projectId } = await reply.json() as Project;
  expect(projectId, String(reply.status)).toBeTruthy();
  await server.rest(projectId);
  return projectId;
}
test.beforeAll(async ({ server }) => { film = await makeFilm(server); });

const all = [
  { name: 'dark desk', colorScheme: 'dark', viewport: { width: 1440, height: 900 } },
  { name: 'light desk', colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { name: 'dark phone', colorScheme: 'dark', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  { name: 'light phone', colorScheme: 'light', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
] as const;
// Two of the four show every colour and every layout; all of them are looked at when pictures are taken.
const looks = process.env.SCREENSHOTS ? all : all.filter(l => l.name === 'dark desk' || l.name === 'light phone');

/** Path, what shows that it is there, and what is done on it first. */
const screens: { name: string; path(): string; there: string; act?(page: Page, phone: boolean): Promise<void> }[] = [
  { name: 'home', path: () => '/', there: 'Before the light' },
  { name: 'new', path: () => '/new/', there: 'Wes Anderson' },
  { name: 'board', path: () => `/projects/${film}/`, there: 'Before the light' },
  { name: 'board-takes', path: () => `/projects/${film}/`, there: 'Before the light', act: async (page, phone) => { if (phone) await page.getByRole('button', { name: /^Edit scene/ }).click(); await page.getByRole('tab', { name: /^Takes/ }).click(); await expect(page.getByRole('button', { name: /^Take 1/ })).toBeVisible(); } },
  { name: 'board-trim', path: () => `/projects/${film}/`, there: 'Before the light', act: async (page, phone) => { if (phone) await page.getByRole('button', { name: /^Edit scene/ }).click(); await page.getByRole('tab', { name: 'Trim' }).click(); await expect(page.getByRole('slider', { name: 'In point' })).toBeVisible(); } },
  { name: 'board-plan', path: () => `/projects/${film}/`, there: 'Before the light', act: async page => { await page.getByRole('button', { name: 'What will be done' }).click(); await expect(page.getByText('What happens next')).toBeVisible(); } },
  { name: 'board-keys', path: () => `/projects/${film}/`, there: 'Before the light', act: async (page, phone) => { if (phone) return; await page.getByRole('button', { name: 'Keys' }).click(); await expect(page.getByRole('dialog')).toBeVisible(); } },
  { name: 'film', path: () => `/projects/${film}/film/`, there: 'Download' },
  { name: 'activity', path: () => '/activity/', there: 'Before the light' },
  { name: 'settings', path: () => '/settings/', there: 'Animatic' },
  { name: 'sign-in', path: () => '/sign-in/', there: 'Enter' },
];

for (const { name: look, ...options } of looks) {
  test.describe(look, () => {
    test.use(options);
    test(`every screen is fit to be used, ${look}`, async ({ page }) => {
      for (const screen of screens) {
        await page.goto(screen.path());
        await expect(page.getByText(screen.there).first()).toBeVisible();
        await screen.act?.(page, 'isMobile' in options);
        await page.evaluate(() => Promise.all(document.getAnimations().map(a => a.finished.catch(() => {}))));
        const { violations, passes } = await new AxeBuilder({ page }).analyze();
        expect(passes.length).toBeGreaterThan(5);
        expect.soft(violations.map(v => `${screen.name}: ${v.id} ${v.nodes.map(n => n.html.slice(0, 140)).join(' | ')}`)).toEqual([]);
        expect.soft(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), `${screen.name} scrolls sideways`).toBeLessThanOrEqual(0);
        if (process.env.SCREENSHOTS) { await page.waitForTimeout(1500); await page.screenshot({ path: `${process.env.SCREENSHOTS}/${screen.name}-${look.replace(' ', '-')}.png` }); }
      }
    });
  });
}
