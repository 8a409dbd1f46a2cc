// A film that gets ready while one does something else: the title says so, and the system does where it is allowed to.
import { expect, test } from './world';

type Told = { title: string; body: string; open(): void };
declare global { interface Window { told: Told[] } }

test('what got ready while nobody looked is told by the system, and leads to the film', async ({ page, context, server }) => {
  await context.grantPermissions(['notifications']);
  // the system's notices cannot be seen from here: what is handed to it is kept instead
  await page.addInitScript(() => {
    window.told = [];
    window.Notification = class { static permission = 'granted'; onclick = () => {}; constructor(title: string, { body = '' } = {}) { window.told.push({ title, body, open: () => this.onclick() }); } } as unknown as typeof Notification;
  });
  const { projectId } = await server.call<{ projectId: string }>('/api/mv/projects', { conceptPrompt: 'A kettle sings.', title: 'The singing kettle', mode: 'ad-creative', targetDuration: 5, wantedScenes: 1, size: '480p', seed: 41 });
  await page.goto(`/projects/${projectId}/`);
  await page.getByRole('button', { name: 'Make the whole film' }).click();
  await expect(page.locator('header').getByRole('status')).toContainText(/%/);
  await page.evaluate(() => Object.defineProperty(document, 'visibilityState', { get: () => 'hidden', configurable: true }));
  await expect.poll(() => page.evaluate(() => window.told.map(t => t.title)), { timeout: 90_000 }).toEqual(['The singing kettle is ready']);
  await page.evaluate(() => window.told[0]!.open());
  await expect(page).toHaveURL(new RegExp(`/projects/${projectId}/film/$`));
});
