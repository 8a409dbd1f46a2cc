// What a service may refuse, and what a person sees of it and does about it. The services are stand-ins that are told what to do wrong.
import type { Page } from '@playwright/test';
import { card, pick, read, status } from './steps';
import { expect, test, type Server } from './world';

test.use({ emulated: true });
type Project = { projectId: string; status: string; scenes: { sequence: number; selectedTake: number }[] };

let boards = 0;
/** An advertisement of three scenes, written and not filmed; like no other, or its takes would be found among those made before. */
async function board(server: Server, page: Page, more: Record<string, unknown> = {}) {
  await server.faults();
  const { projectId } = await server.call<Project>('/api/mv/projects', { conceptPrompt: 'A kettle sings. A cat listens. The window turns gold.', mode: 'ad-creative', targetDuration: 9, wantedScenes: 3, size: '480p', video: 'veo-3.1-fast', seed: 100 * ++boards, ...more });
  await server.call(`/api/mv/projects/${projectId}/plan`, {});
  await server.rest(projectId);
  await page.goto(`/projects/${projectId}/`);
  await expect(page.getByRole('row')).toHaveCount(3);
  return projectId;
}
const film = (page: Page) => page.getByRole('button', { name: /^Film \d scenes? · \$\d\.\d\d, not real money$/ });

test('one scene is refused: the others are filmed, and other words help', async ({ page, server }) => {
  await board(server, page);
  await server.faults({ op: 'run', fault: 'refused', nth: [1] });
  await film(page).click();
  await expect(status(page)).toContainText(/Stopped|Ready/, { timeout: 60_000 });
  const bad = (await read(server, page)).scenes.find(s => !s.selectedTake)!;
  expect((await read(server, page)).scenes.filter(s => s.selectedTake).length).toBe(2);
  await expect(card(page, bad.displaySequence)).toContainText('Failed');
  await pick(page, bad.displaySequence);
  await expect(page.getByRole('complementary', { name: 'Scene' })).toContainText(/flagged as sensitive.*Change the prompt/);
  await page.keyboard.press('KeyR');
  await page.getByLabel('Words', { exact: true }).fill('A cat listens by the stove.');
  await page.getByRole('button', { name: /^Film · \$/ }).click();
  await expect(card(page, bad.displaySequence)).toContainText('Ready', { timeout: 60_000 });
});

test('without credit the film rests and says so, and goes on when there is some', async ({ page, server }) => {
  await board(server, page);
  await server.faults({ op: 'predictions.create', fault: 'no-credit' });
  await film(page).click();
  await expect(page.getByRole('alert').filter({ hasText: /credit/i }).first()).toBeVisible({ timeout: 60_000 });
  expect((await read(server, page)).scenes.some(s => s.selectedTake)).toBe(false);
  await server.faults();
  await film(page).click();
  await expect(card(page, 3)).toContainText('Ready', { timeout: 60_000 });
});

test('a cap is kept: nothing is sent beyond it, and it is raised where it is said', async ({ page, server, complaints }) => {
  complaints.allow = [/402|422|409/];
  const id = await board(server, page, { budget: 0.5 });
  await film(page).click();
  await expect(page.getByText(/\$0\.50/).first()).toBeVisible();
  expect((await server.call<{ entries: unknown[] }>(`/api/mv/projects/${id}/ledger`)).entries).toEqual([]);
  await page.getByRole('button', { name: 'What will be done' }).click();
  await page.getByLabel('What it may cost, in dollars').fill('5');
  await page.getByRole('button', { name: 'Set the cap' }).click();
  await expect(page.getByText('The cap holds from now on.')).toBeVisible();
  await page.keyboard.press('Escape');
  await film(page).click();
  await expect(card(page, 3)).toContainText('Ready', { timeout: 60_000 });
});

test('a call of which nobody knows is a question to a person, in plain words', async ({ page, server }) => {
  const id = await board(server, page), asked: unknown[] = [];
  // it takes minutes until a service's own list has been asked often enough to give up: the answer stands in for them
  await page.route('**/ledger', route => route.fulfill({ json: { usd: 0, held: 0.4, entries: [{ id: '01JD8K3M9Q2V7X4T6B5N0C1ARF', at: new Date().toISOString(), kind: 'take', sequence: 2, provider: 'replicate', model: 'veo-3.1-fast', attempt: 1, state: 'held', usd: 0.4 }] } }));
  await page.route('**/decide', route => { asked.push(route.request().postDataJSON()); return route.fulfill({ status: 202, json: {} }); });
  await page.goto(`/projects/${id}/`);
  const question = page.getByRole('alert').filter({ hasText: 'Scene 2 needs you.' });
  await expect(question).toContainText('replicate may have charged $0.40, not real money for it.');
  await question.getByRole('button', { name: 'Look again' }).click();
  await expect.poll(() => asked).toEqual([{ decision: 'wait' }]);
});
