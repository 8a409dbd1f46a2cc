// What goes wrong, and what a person sees of it.
import { card } from './steps';
import { drop, expect, keep, listen, Server, test } from './world';

type Project = { projectId: string; scenes: { sequence: number }[]; sceneOrder: number[] };

test('what is not there is said, and leads back', async ({ page, complaints }) => {
  complaints.allow = [/404/];
  await page.goto('/projects/01JD8K3M9Q2V7X4T6B5N0C1ARF/');
  await expect(page.getByRole('heading', { name: 'This project is not here' })).toBeVisible();
  await page.goto('/nowhere/');
  await expect(page.getByRole('heading', { name: 'There is nothing here' })).toBeVisible();
  await page.getByRole('link', { name: 'To the projects' }).click();
  await expect(page).toHaveURL(/:\d+\/$/);
  await expect(page.getByRole('link', { name: 'Projects' }).first()).toBeVisible();
  await page.waitForLoadState();
  await page.goto('/create');
  await expect(page).toHaveURL(/\/new\/$/);
});

test('a file that is no song is refused in words', async ({ page, complaints }) => {
  complaints.allow = [/4\d\d/];
  await page.goto('/new/');
  await page.locator('input[type=file][accept="audio/*"]').setInputFiles({ name: 'letter.mp3', mimeType: 'audio/mpeg', buffer: Buffer.from('this is a letter, not a song. '.repeat(50)) });
  await expect(page.getByText(/letter\.mp3: .*sound/i)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Choose a file' })).toBeEnabled();
});

test('two windows show one board: a change in one appears in the other', async ({ page, server, context, complaints }) => {
  const { projectId } = await server.call<Project>('/api/mv/projects', { conceptPrompt: 'A kettle sings. A cat listens.', mode: 'ad-creative', targetDuration: 8, wantedScenes: 3 });
  await server.call(`/api/mv/projects/${projectId}/plan`, {});
  const { sceneOrder } = await server.rest<Project & { status: string }>(projectId);
  const other = await context.newPage();
  listen(other, server, complaints);
  await page.goto(`/projects/${projectId}/`);
  await other.goto(`/projects/${projectId}/`);
  await expect(other.getByRole('row')).toHaveCount(sceneOrder.length);
  const second = (await page.getByRole('row').nth(1).getAttribute('aria-label')) ?? '';
  await page.getByRole('row').first().click({ position: { x: 80, y: 60 } });
  await page.keyboard.press('Alt+ArrowRight');
  await expect(other.getByRole('row').first()).toHaveAccessibleName(new RegExp(second.replace(/^Scene 2/, 'Scene 1').replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));

  // words are kept as they are typed, and the other window shows them
  await page.getByLabel('Title', { exact: true }).fill('The cat pays attention');
  await expect(page.getByText(/^Saved/)).toBeVisible();
  await expect(other.getByText('The cat pays attention').first()).toBeVisible();
  await page.getByLabel('Title', { exact: true }).fill('The cat turns its head');
  await page.getByRole('row').nth(0).click({ position: { x: 80, y: 60 } });     // before it was kept
  await expect(other.getByText('The cat turns its head').first()).toBeVisible();

  await page.bringToFront();
  // a scene is added, deleted and brought back before it is gone
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Add a scene after this one' }).click();
  await page.getByLabel('What should be seen').fill('The cat falls asleep beside the stove');
  await page.getByRole('button', { name: 'Add the scene' }).click();
  await expect(page.getByRole('row')).toHaveCount(sceneOrder.length + 1);
  await page.getByRole('row').nth(1).click({ position: { x: 80, y: 60 } });
  await page.keyboard.press('Delete');
  await expect(page.getByRole('row')).toHaveCount(sceneOrder.length);
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(page.getByRole('row')).toHaveCount(sceneOrder.length + 1);
});

test('a server that goes away and comes back is waited for', async ({ page, complaints }) => {
  complaints.allow = [/./];
  const own = await new Server().start();
  try {
    const { projectId } = await own.call<Project>('/api/mv/projects', { conceptPrompt: 'A kettle sings.', mode: 'ad-creative', title: 'The kettle' });
    await page.goto(`${own.url}/`);
    await expect(page.getByText('The kettle').first()).toBeVisible();
    const port = own.port;
    await own.stop('SIGKILL');
    await page.getByRole('radio', { name: 'Ready' }).click();
    await expect(page.getByText(/The server cannot be reached\. Trying again/)).toBeVisible();
    await own.start(port);
    await expect(page.getByText(/The server cannot be reached\. Trying again/)).toBeHidden({ timeout: 20_000 });
    await page.goto(`${own.url}/projects/${projectId}/`);
    await expect(page.getByRole('heading', { name: 'The storyboard comes first' })).toBeVisible();
  } finally { await own.remove(); }
});

test('a server that is killed while it films comes back, and so does the film', async ({ page, complaints }) => {
  complaints.allow = [/./];
  const own = await new Server().start();
  try {
    const { projectId } = await own.call<Project>('/api/mv/projects', { conceptPrompt: 'A kettle sings. A cat listens.', mode: 'ad-creative', targetDuration: 5, wantedScenes: 2, size: '480p', generate: true });
    await page.goto(`${own.url}/projects/${projectId}/`);
    await expect(card(page, 2)).toContainText(/Filming|Waiting/);
    const port = own.port;
    await own.stop('SIGKILL');
    await own.start(port);
    await expect(page.locator('header').getByRole('link', { name: 'Watch the film' })).toBeVisible({ timeout: 90_000 });
  } finally { await own.remove(); }
});

// The first request for the clip is held until the server has a newer address for it, and is refused then. By that time the
// page may have heard of the newer one, or has to ask for it.
test('an address that has grown too old is renewed while one looks', async ({ page, complaints }) => {
  complaints.allow = [/./];
  const own = await new Server(['--url-seconds', '4']).start();
  try {
    const { projectId } = await own.call<Project>('/api/mv/projects', { conceptPrompt: 'A kettle sings.', mode: 'ad-creative', targetDuration: 5, wantedScenes: 1, size: '480p', generate: true });
    await own.rest(projectId);
    const path = `/api/mv/projects/${projectId}`, address = (p: { scenes: { originalVideoClipUrl: string }[] }) => p.scenes[0]!.originalVideoClipUrl;
    for (const heard of [true, false]) {
      let asked = 0;
      await page.route(/\/media\/.*\.mp4/, async route => {
        const url = new URL(route.request().url()), old = url.pathname + url.search;
        if (asked++) return route.continue();
        while (address(await own.call(path)) === old) await new Promise(r => setTimeout(r, 50));
        if (heard) {
          await own.call(path, { title: 'A newer name' }, 'PATCH');     // what shows it was said after, with the newer address
          await expect(page.getByText('A newer name').first()).toBeVisible();
        }
        url.searchParams.set('e', '1');
        await route.continue({ url: url.href });
      });
      await page.goto(`${own.url}/projects/${projectId}/`);
      await expect.poll(() => page.locator('video').evaluateAll(all => all.some(v => (v as HTMLVideoElement).readyState >= 2))).toBe(true);
      expect(asked).toBeGreaterThan(1);
      await page.unrouteAll({ behavior: 'wait' });
    }
  } finally { await own.remove(); }
});

test('a file dropped in the wrong place is refused in words', async ({ page, server, complaints }) => {
  complaints.allow = [/4\d\d/];
  await page.goto('/new/');
  await drop(page.getByText('or drop one'), keep(server, 'letter.png', Buffer.from('this is a letter, not a picture. '.repeat(50))));
  await expect(page.getByRole('alert').filter({ hasText: /picture|PNG|image/i })).toBeVisible();
});

test('a locked server asks for its token once', async ({ page, complaints }) => {
  complaints.allow = [/./];
  const own = await new Server(['--token', 'open-sesame']).start();
  try {
    await page.goto(`${own.url}/settings/`);
    await expect(page).toHaveURL(/\/sign-in\/\?next=/);
    await page.getByLabel('Token').fill('wrong');
    await page.getByRole('button', { name: 'Enter' }).click();
    await expect(page.getByLabel('Token')).toHaveAttribute('aria-invalid', 'true');
    await page.getByLabel('Token').fill('open-sesame');
    await page.getByRole('button', { name: 'Enter' }).click();
    await expect(page).toHaveURL(/\/settings\/$/);
    await expect(page.getByText('Animatic', { exact: true })).toBeVisible();
  } finally { await own.remove(); }
});
