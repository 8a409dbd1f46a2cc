// The real program on a data folder of its own, and a page that must not complain: no error in the console, no request that
// fails, none to another host.
import { test as base, expect, type Locator, type Page } from '@playwright/test';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = new URL('../../', import.meta.url).pathname;
const program = process.env.STORYREEL ?? join(root, 'build/storyreel');

export class Server {
  readonly data = mkdtempSync(join(tmpdir(), 'storyreel-web-'));
  url = '';
  private child: ChildProcess | undefined;
  private emulators = '';
  constructor(private readonly more: string[] = [], private readonly emulated = false) {}

  private command(port: number): [string, string[]] {
    const options = ['--listen', `127.0.0.1:${port}`, '--web', join(root, 'web/out'), '--quiet', ...this.more];
    if (!this.emulated) return [program, ['serve', '--data', this.data, ...options]];
    return [process.execPath, [join(root, 'test/emulators/serve.mjs'), '--program', program, '--folder', this.data, '--clips', join(dirname(program), 'emulated-clips'), '--clip-size', '480p', '--latency-ms', '500', '--boot-ms', '50', '--', ...options]];
  }

  async start(port = 0): Promise<this> {
    const child = spawn(...this.command(port), { env: { ...process.env, STORYREEL_TOKEN: '', STORYREEL_SETTLE_SECONDS: '1', STORYREEL_LOOK_SECONDS: '0.5', STARTS: '0 2 4 6 8', LENGTHS: '4' }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    let said = '';
    this.url = await new Promise<string>((resolve, reject) => {
      child.stdout!.on('data', (bytes: Buffer) => {
        said += bytes.toString();
        const line = /listens on (http:\/\/\S+?)\/?\s/.exec(said);
        this.emulators = /stand-ins at (http:\S+)/.exec(said)?.[1] ?? '';
        if (line) resolve(line[1]!);
      });
      child.stderr!.on('data', (bytes: Buffer) => { said += bytes.toString(); });
      child.once('exit', code => reject(new Error(`the program ended with ${code}: ${said}`)));
      child.once('error', reject);
    });
    return this;
  }
  get port() { return Number(new URL(this.url).port); }
  async stop(signal: NodeJS.Signals = 'SIGTERM') {
    const child = this.child;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise(done => child.once('exit', done));
    child.kill(signal);
    await gone;
  }
  /** What the stand-ins do wrong from now on; see test/emulators/faults.mjs. */
  async faults(...rules: Record<string, unknown>[]) { await fetch(`${this.emulators}/control/faults`, { method: 'PUT', body: JSON.stringify({ rules }) }); }
  async remove() { await this.stop(); rmSync(this.data, { recursive: true, force: true }); }

  async call<T = Record<string, unknown>>(path: string, body?: unknown, method = body ? 'POST' : 'GET'): Promise<T> {
    const reply = await fetch(this.url + path, { method, body: body === undefined ? undefined : JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
    return (reply.status === 204 ? null : await reply.json()) as T;
  }
  /** The project when nothing of it runs any more. */
  async rest<T extends { status: string }>(id: string): Promise<T> {
    for (;;) {
      const project = await this.call<T>(`/api/mv/projects/${id}`);
      if (project.status !== 'processing') return project;
      await new Promise(r => setTimeout(r, 200));
    }
  }
}

type Complaints = { list: string[]; allow: RegExp[] };
export const test = base.extend<{ complaints: Complaints }, { emulated: boolean; server: Server }>({
  emulated: [false, { option: true, scope: 'worker' }],
  server: [async ({ emulated }, use) => { const server = await new Server([], emulated).start(); await use(server); await server.remove(); }, { scope: 'worker', timeout: 120_000 }],
  baseURL: async ({ server }, use) => use(server.url),
  complaints: [async ({ page, server }, use) => {
    const found: Complaints = { list: [], allow: [] };
    listen(page, server, found);
    await use(found);
    expect(found.list.filter(c => !found.allow.some(r => r.test(c)))).toEqual([]);
  }, { auto: true }],
});

export function listen(page: Page, server: Server, found: Complaints) {
  page.on('console', m => { if (m.type() === 'error' || m.type() === 'warning') found.list.push(`console: ${m.text()}`); });
  page.on('pageerror', e => found.list.push(`page: ${e.message}`));
  page.on('response', r => { if (r.status() >= 400) found.list.push(`${r.status()} ${r.url()}`); });
  page.on('request', r => { const url = new URL(r.url()); if (/^https?:/.test(url.protocol) && url.origin !== server.url) found.list.push(`foreign: ${r.url()}`); });
}

/** A picture of the page as it is, where SCREENSHOTS names a folder for them; those of docs/ are from here. */
export async function picture(page: Page, name: string) {
  if (!process.env.SCREENSHOTS) return;
  await page.mouse.move(0, 0);
  await page.waitForTimeout(700);
  await page.waitForFunction(() => [...document.images].every(i => i.complete || !i.checkVisibility() || i.getBoundingClientRect().top > innerHeight || i.getBoundingClientRect().left > innerWidth));
  await page.screenshot({ path: `${process.env.SCREENSHOTS}/${name}.jpg`, type: 'jpeg', quality: 72 });
}

/** The same page in every theme and on both sizes of screen, where pictures are wanted. */
export async function everyLook(page: Page, name: string) {
  if (!process.env.SCREENSHOTS) return;
  const client = await page.context().newCDPSession(page), desk = page.viewportSize()!;
  for (const [place, viewport] of [['desk', desk], ['phone', { width: 390, height: 844 }]] as const) {
    await page.setViewportSize(viewport);
    await client.send('Emulation.setTouchEmulationEnabled', { enabled: place === 'phone' });
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      await picture(page, `${name}-${colorScheme}-${place}`);
    }
  }
  await client.send('Emulation.setTouchEmulationEnabled', { enabled: false });
  await client.detach();
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize(desk);
}

/** A finger on an element, drawn along, held still and lifted, so that nothing is flung: pixels from where it was put down. */
export async function draw(on: Locator, by: { x: number; y: number }, at?: { x: number; y: number }) {
  const box = (await on.boundingBox())!, from = { x: box.x + (at?.x ?? box.width / 2), y: box.y + (at?.y ?? box.height / 2) }, steps = 10, still = 10, STEP_S = 0.03;
  const client = await on.page().context().newCDPSession(on.page()), begun = Date.now() / 1000 - (steps + still + 1) * STEP_S;
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', i: number, share: number) => client.send('Input.dispatchTouchEvent', { type, timestamp: begun + i * STEP_S, touchPoints: type === 'touchEnd' ? [] : [{ x: from.x + by.x * share, y: from.y + by.y * share }] });
  await touch('touchStart', 0, 0);
  for (let i = 1; i <= steps + still; i++) await touch('touchMove', i, Math.min(1, i / steps));
  await touch('touchEnd', steps + still + 1, 1);
  await client.detach();
}

/** A file let go over an element, as from a folder beside the window. */
export async function drop(target: Locator, path: string) {
  await target.scrollIntoViewIfNeeded();
  const box = (await target.boundingBox())!, client = await target.page().context().newCDPSession(target.page());
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2, data: { items: [], files: [path], dragOperationsMask: 1 } };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await client.send('Input.dispatchDragEvent', { type, ...at });
  await client.detach();
}
export const example = (name: string) => join(root, 'examples', name);
/** The same as a file, beside the server's data. */
export function keep(server: Server, name: string, bytes: Buffer) { const path = join(server.data, name); writeFileSync(path, bytes); return path; }

/** A song with a click on every beat at 120 a minute, louder in its second half: WAV, mono, 16 bit. `full`: with a chord that
 *  breathes between the beats, as songs that are looked at do. */
export function song(seconds: number, full = false): Buffer {
  const rate = 22050, count = Math.round(seconds * rate), wav = Buffer.alloc(44 + count * 2);
  wav.write('RIFF', 0); wav.writeUInt32LE(36 + count * 2, 4); wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16); wav.writeUInt16LE(1, 20); wav.writeUInt16LE(1, 22); wav.writeUInt32LE(rate, 24); wav.writeUInt32LE(rate * 2, 28); wav.writeUInt16LE(2, 32); wav.writeUInt16LE(16, 34);
  wav.write('data', 36); wav.writeUInt32LE(count * 2, 40);
  for (let i = 0; i < count; i++) {
    const t = i / rate, beat = t % 0.5, loud = t > seconds / 2 ? 0.8 : 0.5, bar = Math.floor(t / 0.5) % 4 === 0 ? 1 : 0.6;
    const click = Math.exp(-beat * 30) * Math.sin(2 * Math.PI * (bar === 1 ? 110 : 220) * t) * bar, tone = full ? 0.5 * (1 - Math.exp(-beat * 7)) * (0.6 + 0.4 * Math.sin(t / 1.3)) * (Math.sin(2 * Math.PI * 165 * t) + 0.7 * Math.sin(2 * Math.PI * 247 * t)) : 0.15 * Math.sin(2 * Math.PI * 165 * t);
    wav.writeInt16LE(Math.round(Math.max(-1, Math.min(1, loud * (click + tone))) * 32000), 44 + i * 2);
  }
  return wav;
}
export { expect };
