// What all suites share: one server, the second opinion before it, a song, a picture, and a film made once.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from './client.mjs';
import { Proxy } from './proxy.mjs';
import { Server } from './server.mjs';

export const program = process.env.STORYREEL;
export const examples = fileURLToPath(new URL('../../examples/', import.meta.url));
export const picture = readFileSync(join(examples, 'courier.png'));

export const server = await Server.start();
export const proxy = await Proxy.start(server);
export const client = new Client(proxy.url);        // how suites speak: every exchange gets a second opinion
export const direct = new Client(server.url);       // for what a proxy would mend: raw bodies, foreign Hosts

export async function leave() {
  client.close();
  direct.close();
  proxy.stop();
  await server.stop();
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// ---- media ----

// A song with a beat, 16-bit mono WAV: a click each half second over a soft chord.
export function song(seconds = 6, rate = 24000) {
  const count = Math.round(seconds * rate), wav = Buffer.alloc(44 + 2 * count);
  wav.write('RIFF', 0); wav.writeUInt32LE(36 + 2 * count, 4); wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16); wav.writeUInt16LE(1, 20); wav.writeUInt16LE(1, 22); wav.writeUInt32LE(rate, 24);
  wav.writeUInt32LE(2 * rate, 28); wav.writeUInt16LE(2, 32); wav.writeUInt16LE(16, 34);
  wav.write('data', 36); wav.writeUInt32LE(2 * count, 40);
  for (let i = 0; i < count; i++) {
    const t = i / rate, beat = t % 0.5;
    const click = Math.exp(-beat * 40) * Math.sin(2 * Math.PI * 90 * beat);
    const chord = 0.15 * (Math.sin(2 * Math.PI * 220 * t) + Math.sin(2 * Math.PI * 277.2 * t));
    wav.writeInt16LE(Math.round(20000 * Math.max(-1, Math.min(1, click + chord))), 44 + 2 * i);
  }
  return wav;
}

export const songPart = (seconds) => ({ name: 'audio', file: 'song.wav', type: 'audio/wav', bytes: song(seconds) });
export const picturePart = (name = 'images') => ({ name, file: 'courier.png', type: 'image/png', bytes: picture });

// The hash of every frame of a film or clip.
export function frames(path) {
  const run = spawnSync(program, ['media', 'frames', path], { encoding: 'utf8', maxBuffer: 64 << 20 });
  if (run.status !== 0) throw new Error(`media frames ${path}: ${run.stderr}`);
  return run.stdout.trim().split('\n').map((line) => line.split(' ')[1]);
}

// ---- what is kept: every file of the data folder, and every record ----

export function traces(folder = server.data) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((f) => f.isFile())
    .map((f) => join(f.parentPath ?? f.path, f.name).slice(folder.length + 1)).filter((name) => !/\.db|sqlite/.test(name));
  return { files: files.sort(), records: records(folder) };
}

function records(folder) {
  const script = `import glob, sqlite3, sys
for path in sorted(glob.glob(sys.argv[1] + '/*')):
    try: rows = sqlite3.connect('file:' + path + '?mode=ro', uri=True).execute("SELECT pk, sk, version FROM item ORDER BY pk, sk").fetchall()
    except sqlite3.Error: continue
    for row in rows: print(*row)`;
  const run = spawnSync('python3', ['-c', script, folder], { encoding: 'utf8', maxBuffer: 64 << 20 });
  if (run.status !== 0) throw new Error(run.stderr);
  return run.stdout.trim().split('\n');
}

// ---- projects ----

export const advertisement = {
  mode: 'ad-creative', conceptPrompt: 'A cold kitchen before dawn. The red kettle begins to sing.',
  productDescription: 'Ember, a red enamel kettle', productName: 'Ember', callToAction: 'Wake up warm',
  aspect: '1:1', size: '480p', targetDuration: 5, wantedScenes: 3, seed: 7,
};

// Asks until the project is no longer being made.
export async function settled(projectId, { by = client, timeout = 240_000 } = {}) {
  const end = Date.now() + timeout;
  for (;;) {
    const project = await by.call('getProject', { params: { projectId } });
    if (project.status !== 'processing') return project;
    if (Date.now() > end) throw new Error(`${projectId} is still ${project.stage} after ${timeout} ms`);
    await pause(200);
  }
}

export async function makeFilm(projectId, body = {}) {
  await client.call('generateFilm', { params: { projectId }, json: body });
  return settled(projectId);
}

let made;
// A finished film of three scenes, made once; not to be changed: see copy().
export function film() {
  made ??= client.call('createProject', { json: { ...advertisement, generate: true } }).then((p) => settled(p.projectId));
  return made;
}

let sung;
// A finished music video of two scenes over a song of 5 s, made once.
export function musicVideo() {
  sung ??= client.call('createProject', { form: [
    { name: 'conceptPrompt', value: 'A robot dances on a rooftop' }, { name: 'size', value: '480p' }, { name: 'aspect', value: '1:1' },
    { name: 'wantedScenes', value: 2 }, songPart(5),
  ] }).then((p) => makeFilm(p.projectId));
  return sung;
}

// A finished film to do with as one likes.
export async function copy() {
  const original = await film();
  return client.call('duplicateProject', { params: { projectId: original.projectId } });
}

export const nowhere = '01JD8K3M9Q2V7X4T6B5N0C1ARF';      // an id nothing has
