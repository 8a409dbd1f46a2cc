// What a service may refuse, and what a person sees of it and does about it. The services are stand-ins that are told what to do wrong.
import type { Page } from '@playwright/test';
import { card, pick, read, status } from './steps';
import { everyLook, expect, test, type Server } from './world';

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
  await expect(page.getByRole('complementary', { name: 'Scene' })).toContainText(/flagged as sensitive.*Say it in other words/);
  await expect(page.getByRole('alert').getByRole('button', { name: `Show scene ${bad.displaySequence}` })).toBeVisible();
  await everyLook(page, 'board-trouble');
  await page.keyboard.press('KeyR');
  await page.getByLabel('Words', { exact: true }).fill('A cat listens by the stove.');
  await page.getByRole('button', { name: /^Film · \$/ }).click();
  await expect(card(page, bad.displaySequence)).toContainText('Ready', { timeout: 60_000 });
});

test('who films is chosen with its price, and who steps in when that fails', async ({ page, server }) => {
  await board(server, page);
  await page.getByRole('button', { name: 'Who makes this film' }).click();
  const dialog = page.getByRole('dialog'), films = dialog.getByRole('radiogroup', { name: 'Films them' });
  await expect(films.getByRole('radio', { name: /^Veo 3\.1 Fast/ })).toBeChecked();
  await films.getByRole('radio', { name: /^Gemini Omni.*\$\d+\.\d\d, not real money a second.*\$\d+\.\d\d, not real money$/ }).check();
  const steps = dialog.getByRole('region', { name: 'Steps in when that fails' });
  for (const name of [/^Animatic/, /^Veo 3\.1 Fast/]) await steps.getByRole('button', { name }).first().click();
  await expect(steps.getByRole('listitem')).toHaveText([/Animatic/, /Veo 3\.1 Fast/]);
  await steps.getByRole('button', { name: 'Veo 3.1 Fast earlier' }).click();
  await expect.poll(async () => { const p = await read(server, page) as { video?: string; fallbacks?: string }; return [p.video, p.fallbacks]; }).toEqual(['gemini-omni', 'veo-3.1-fast,animatic']);
  for (const name of ['Without Veo 3.1 Fast', 'Without Animatic']) await steps.getByRole('button', { name }).click();
  await expect.poll(async () => (await read(server, page) as { fallbacks?: string }).fallbacks ?? '').toBe('');
  await films.getByRole('radio', { name: /^Veo 3\.1 Fast/ }).check();
  await steps.getByRole('button', { name: /^Animatic/ }).click();
  await expect(steps.getByRole('listitem')).toHaveCount(1);
  // the button that was pressed is gone, and its focus takes a moment to be where keys are heard
  await expect(async () => { await page.keyboard.press('Escape'); await expect(dialog).toBeHidden({ timeout: 500 }); }).toPass();

  // the one who steps in films, and the take says so
  await server.faults({ op: 'predictions.create', fault: 'no-credit' });
  await film(page).click();
  await expect(card(page, 1)).toContainText('Ready', { timeout: 90_000 });
  await pick(page, 1);
  await page.keyboard.press('KeyR');
  await expect(page.getByText(/^instead of Veo 3\.1 Fast/i).first()).toBeVisible();
});

test('without credit the film rests and says so, and goes on when there is some', async ({ page, server }) => {
  await board(server, page);
  await server.faults({ op: 'predictions.create', fault: 'no-credit' });
  await film(page).click();
  await expect(page.getByRole('alert').filter({ hasText: /credit/i }).first()).toBeVisible({ timeout: 60_000 });
  expect((await read(server, page)).scenes.filter(s => s.selectedTake).every(s => s.endCard)).toBe(true); // which is drawn, for nothing
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
  const id = await board(server, page);
  type Entry = { sequence: number; state: string; usd: number };
  const entries = async () => (await server.call<{ entries: Entry[] }>(`/api/mv/projects/${id}/ledger`)).entries;
  // the answer to the first call is lost on its way, and the service's own list of calls cannot be read
  await server.faults({ op: 'predictions.create', fault: 'drop-after', nth: [1] }, { op: 'predictions.list', fault: 'error-before', status: 400 });
  await film(page).click();
  const question = page.getByRole('alert').filter({ hasText: /^Scene \d needs you\./ });
  await expect(question).toBeVisible({ timeout: 60_000 });
  const held = (await entries()).find(e => e.state === 'held')!, { scenes } = await read(server, page);
  await expect(question).toContainText(`Scene ${scenes.find(s => s.sequence === held.sequence)!.displaySequence} needs you. Replicate may have charged for it: $${held.usd.toFixed(2)}, not real money.`);
  await expect.poll(async () => (await read(server, page)).scenes.filter(s => s.selectedTake).length, { timeout: 60_000 }).toBe(2);

  // at the scene it is the same question; nobody is told to type a command
  await pick(page, scenes.find(s => s.sequence === held.sequence)!.displaySequence);
  const inspector = page.getByRole('complementary', { name: 'Scene' });
  await expect(inspector).toContainText('It was asked, and does not know.');
  await expect(inspector.getByRole('button', { name: 'It did not arrive: buy it' })).toBeVisible();
  await expect(page.locator('body')).not.toContainText(/storyreel [a-z]|try-again/);
  await everyLook(page, 'board-held');

  // asked again it still does not know; once its list can be read the call is found there, and nothing is bought twice
  const lookAgain = () => Promise.all([page.waitForResponse(r => r.url().endsWith('/decide') && r.status() === 202), question.getByRole('button', { name: 'Look again' }).click()]);
  await lookAgain();
  await expect.poll(async () => (await entries()).find(e => e.sequence === held.sequence)!.state).toBe('held');
  await expect(question).toBeVisible();
  await server.faults();
  await lookAgain();
  await expect(card(page, scenes.find(s => s.sequence === held.sequence)!.displaySequence)).toContainText('Ready', { timeout: 60_000 });
  await expect(question).toBeHidden();
  expect((await entries()).map(e => e.state)).toEqual(['settled', 'settled']); // the end card is drawn

  // what was paid is told where the work is, with what the service said to it
  await page.goto('/activity/');
  await page.getByText(/steps/).first().click();
  const paid = page.getByRole('region', { name: 'Paid' });
  await expect(paid.getByRole('listitem')).toHaveCount(2);
  await paid.getByRole('button', { name: /^Answers/ }).first().click();
  await expect(page.getByRole('dialog').getByText(/predictions/).first()).toBeVisible();
  await expect(page.getByRole('link', { name: 'As JSON' })).toHaveAttribute('href', new RegExp(`/api/mv/projects/${id}/ledger/`));
  await everyLook(page, 'activity-answers');
});
