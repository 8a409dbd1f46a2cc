// The server is killed (SIGKILL) at random moments of a run with uploads, edits and generation, and started again on
// the same folder: every write that was acknowledged is there, everything finishes, no stray file is left.
// KILLS and SEED say how often and when; a failure names its seed.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Client } from './client.mjs';
import { Server } from './server.mjs';

const kills = Number(process.env.KILLS ?? 10);
const seed = Number(process.env.SEED ?? Date.now() % 100_000);
let state = seed;
const random = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
const pick = (list) => list[Math.floor(random() * list.length)];
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// What was acknowledged, by project and field: the values it may have. A write that was under way at a kill may have
// happened or not, so both its value and the one before are right until the next look settles it.
const known = new Map();
const anything = Symbol('anything');

// Send a write and note what it does to a field; undefined when the server died under it.
async function write(client, method, target, options, projectId, field, value) {
  const fields = known.get(projectId), before = fields?.get(field) ?? [anything];
  if (field) fields.set(field, [...before, value]);
  try {
    const reply = await client.send(method, target, { timeout: 30_000, ...options });
    if (field) fields.set(field, reply.status < 300 ? [value] : before);
    return reply;
  } catch {
    return undefined;
  }
}

const advertisement = {
  mode: 'ad-creative', conceptPrompt: 'A cold kitchen before dawn. The red kettle begins to sing.',
  productDescription: 'Ember, a red enamel kettle', aspect: '1:1', size: '480p', targetDuration: 5, wantedScenes: 3, seed: 7,
};
let made = 0;

const acts = {
  async create(client) {
    const key = `kill-${seed}-${made++}`;
    const reply = await write(client, 'POST', '/api/mv/projects',
      { json: { ...advertisement, title: key, generate: true }, headers: { 'Idempotency-Key': key } });
    if (!reply) return { again: key };
    assert.equal(reply.status, 201, reply.body);
    known.set(reply.json.projectId, new Map([['title', [key]]]));
  },
  async edit(client, project) {
    const scene = pick(project.scenes);
    if (!scene) return;
    const title = `Title ${Math.floor(random() * 1e9)}`;
    await write(client, 'PATCH', `/api/mv/projects/${project.projectId}/scenes/${scene.sequence}`, { json: { title } },
      project.projectId, `title of ${scene.sequence}`, title);
  },
  async trim(client, project) {
    const scene = pick(project.scenes.filter((s) => s.takeDuration > 0.5));
    if (!scene) return;
    const trimPoints = { in: 0.25, out: Math.round(24 * scene.takeDuration - 6 * random()) / 24 };
    await write(client, 'POST', `/api/mv/projects/${project.projectId}/scenes/${scene.sequence}/trim`, { json: { trimPoints } },
      project.projectId, `out of ${scene.sequence}`, trimPoints.out.toFixed(3));
  },
  async reorder(client, project) {
    const order = [...project.sceneOrder].sort(() => random() - 0.5);
    if (!order.length) return;
    await write(client, 'PATCH', `/api/mv/projects/${project.projectId}/scenes/reorder`, { json: { sceneOrder: order } },
      project.projectId, 'order', order.join());
  },
  async upload(client, project, clip) {
    const scene = pick(project.scenes);
    if (!scene || !clip) return;
    const reply = await write(client, 'POST', `/api/mv/projects/${project.projectId}/scenes/${scene.sequence}/upload_video`,
      { form: [{ name: 'video', file: 'clip.mp4', type: 'video/mp4', bytes: clip }] });
    if (reply?.status === 201) known.get(project.projectId).set(`takes of ${scene.sequence}`, [reply.json.takeCount]);
  },
  async regenerate(client, project) {
    const scene = pick(project.scenes);
    if (scene) await write(client, 'POST', `/api/mv/projects/${project.projectId}/scenes/${scene.sequence}/regenerate`, { json: {} });
  },
  async generate(client, project) {
    await write(client, 'POST', `/api/mv/projects/${project.projectId}/generate`, { json: {} });
  },
};

const read = async (client, projectId) => (await client.send('GET', `/api/mv/projects/${projectId}`)).json;

// Every acknowledged write is there. What was open is settled by what is seen.
async function check(client) {
  for (const [projectId, fields] of known) {
    const p = await read(client, projectId);
    assert.equal(p.projectId, projectId, `project ${projectId} is gone (SEED=${seed}): ${JSON.stringify(p)}`);
    const found = (field) => {
      const scene = p.scenes.find((s) => s.sequence === Number(field.split(' of ')[1]));
      if (field === 'title') return p.title;
      if (field === 'order') return p.sceneOrder.join();
      if (field.startsWith('title of')) return scene.title;
      if (field.startsWith('out of')) return scene.trimPoints?.out.toFixed(3);
      return scene.takeCount;
    };
    for (const [field, values] of fields) {
      const now = found(field);
      // A scene that is filmed again loses its trim, and gets takes that nobody acknowledged.
      const fine = values.includes(anything) || values.includes(now) ||
        (field.startsWith('takes of') && now > values[0]) || (field.startsWith('out of') && now === undefined);
      assert.ok(fine, `${field} of ${projectId} is ${now}, not ${values.map(String).join(' or ')} (SEED=${seed})`);
      fields.set(field, [now]);
    }
  }
}

// Make again, under its key, what may or may not have been made when the server died.
async function heal(client, open) {
  for (const key of open.splice(0)) {
    const reply = await client.send('POST', '/api/mv/projects',
      { json: { ...advertisement, title: key, generate: true }, headers: { 'Idempotency-Key': key } });
    assert.equal(reply.status, 201, `${reply.body} (SEED=${seed})`);
    known.set(reply.json.projectId, new Map([['title', [key]]]));
  }
}

async function busy(client, until, open, clip) {
  while (!until.over) {
    const ids = [...known.keys()];
    const act = ids.length === 0 || (ids.length < 3 && random() < 0.2) ? 'create' : pick(Object.keys(acts).slice(1));
    try {
      const project = act === 'create' ? undefined : await read(client, pick(ids));
      const result = await acts[act](client, project, clip);
      if (result?.again) open.push(result.again);
    } catch (e) {
      if (e.code === 'ERR_ASSERTION') throw e;
    }
  }
}

async function finishedClip(client) {
  for (const projectId of known.keys()) {
    const p = await read(client, projectId);
    if (p?.scenes?.[0]?.originalVideoClipUrl) {
      const reply = await client.send('GET', p.scenes[0].originalVideoClipUrl);
      if (reply.status === 200) return reply.body;
    }
  }
}

async function finish(client) {
  for (const projectId of known.keys()) {
    for (let tries = 0; ; tries++) {
      const p = await read(client, projectId);
      if (p.status === 'completed' && p.artifacts.film.state === 'current') break;
      assert.ok(tries < 1200, `${projectId} does not finish: ${p.status} ${p.stage} ${JSON.stringify(p.problem)} (SEED=${seed})`);
      if (p.status !== 'processing') await client.send('POST', `/api/mv/projects/${projectId}/generate`, { json: {} });
      await pause(200);
    }
  }
}

test(`after ${kills} kills all that was acknowledged is there and everything finishes`, async () => {
  const server = await Server.start();
  const client = new Client(server.url);
  const open = [];
  let clip;
  for (let n = 0; n < kills; n++) {
    const until = {};
    const work = busy(client, until, open, clip);
    await pause(50 + 900 * random());
    until.over = true;
    await server.crash();
    await work;
    await server.run(server.port);
    await heal(client, open);
    await check(client);
    clip ??= await finishedClip(client);
  }
  await finish(client);
  await check(client);
  for (const projectId of known.keys()) {
    const reply = await client.send('DELETE', `/api/mv/projects/${projectId}`);
    assert.equal(reply.status, 204, `${reply.body} (SEED=${seed})`);
  }
  client.close();
  await server.restart();             // what is swept at start-up is swept
  const left = readdirSync(join(server.data, 'media'), { recursive: true, withFileTypes: true }).filter((f) => f.isFile());
  assert.deepEqual(left.map((f) => join(f.parentPath ?? f.path, f.name)), [], `stray files (SEED=${seed})`);
  await server.stop();
  console.log(`# ${kills} kills, ${known.size} projects, seed ${seed}`);
});
