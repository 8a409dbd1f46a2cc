// Word from Replicate: signed by the account and sent lately it wakes the job that waits, and nothing else ever does. The
// emulated Replicate sends it; the server only asks by itself after a minute here.
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { start } from '../emulators/emulator.mjs';
import { Client } from './client.mjs';
import { Server } from './server.mjs';
import { advertisement, client, film, settled } from './world.mjs';

const freePort = () => new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});

// A server that knows where the world reaches it, and a Replicate to buy from.
async function town(t, { replicate, clips } = {}) {
  const emulator = await start({ clips, latencyMs: 300, bootMs: 50 });
  const port = await freePort();
  const server = new Server({ env: {
    STORYREEL_PUBLIC_URL: `http://127.0.0.1:${port}`, STORYREEL_REPLICATE_URL: replicate ?? `${emulator.origin}/replicate`,
    REPLICATE_API_TOKEN: 'r8_emulated', STORYREEL_LOOK_SECONDS: '60', STORYREEL_SETTLE_SECONDS: '300',
  } });
  await server.run(port);
  const by = new Client(server.url);
  t.after(async () => { by.close(); await server.stop(); await emulator.close(); });
  return { emulator, by };
}

async function secretOf(emulator) {
  const reply = await fetch(`${emulator.origin}/replicate/v1/webhooks/default/secret`, { headers: { authorization: 'Bearer r8_emulated' } });
  return Buffer.from((await reply.json()).key.slice('whsec_'.length), 'base64');
}

const now = () => Math.floor(Date.now() / 1000);

function message(key, { id = `msg_${randomUUID()}`, at = now(), body = '{"id":"q7m2kx5vd1rj60cabc9te4hw8s","status":"succeeded"}' } = {}) {
  const signature = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64');
  return { body, headers: { 'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': `v1,${signature}` } };
}

const without = ({ body, headers }, name) => ({ body, headers: Object.fromEntries(Object.entries(headers).filter(([n]) => n !== name)) });
const params = { callToken: '0123456789abcdef0123456789abcdef' };

test('only what the account has signed, and lately, is taken', async (t) => {
  const { emulator, by } = await town(t);
  const key = await secretOf(emulator), right = message(key);
  const cases = {
    'right, of a call that has ended': [204, right],
    'the same once more': [204, right],
    'one of two signatures fits': [204, ((m) => (m.headers['webhook-signature'] = `v1,bm9uZQ== ${m.headers['webhook-signature']}`, m))(message(key))],
    'signed with another key': [403, message(Buffer.from('another key'))],
    'another body than was signed': [403, { ...message(key), body: '{"id":"another"}' }],
    'another id than was signed': [403, { ...right, headers: { ...right.headers, 'webhook-id': 'msg_other' } }],
    'kept for six minutes': [403, message(key, { at: now() - 360 })],
    'from six minutes ahead': [403, message(key, { at: now() + 360 })],
    'without a signature': [400, without(message(key), 'webhook-signature')],
    'without an id': [400, without(message(key), 'webhook-id')],
    'when is no number': [400, message(key, { at: 'yesterday' })],
    'no JSON': [400, message(key, { body: 'succeeded' })],
    'a form': [415, { form: [{ name: 'id', value: 'x' }] }],
    'too large': [413, message(key, { body: JSON.stringify({ id: 'x', logs: 'x'.repeat(1 << 20) }) })],
  };
  for (const [name, [status, options]] of Object.entries(cases)) {
    const reply = await by.ask('POST', `/api/webhooks/replicate/${params.callToken}`, options);
    assert.equal(reply.status, status, `${name}: ${reply.body}`);
  }
});

test('without the key it cannot be told, and without an address nobody is listened to', async (t) => {
  const { by } = await town(t, { replicate: `http://127.0.0.1:${await freePort()}` });
  await by.call('receiveHint', { params, ...message(Buffer.from('any')), status: 503 });
  await client.call('receiveHint', { params, ...message(Buffer.from('any')), status: 404 });
});

async function clipsOf(project) {
  assert.equal(project.status, 'completed', JSON.stringify(project.problem));
  const folder = mkdtempSync(join(tmpdir(), 'storyreel-clips-'));
  writeFileSync(join(folder, 'clip.mp4'), (await client.send('GET', project.finalOutputUrl)).body);
  return folder;
}

test('takes are fetched when Replicate says so; a lost order is found by its message', async (t) => {
  const clips = await clipsOf(await film());
  t.after(() => rmSync(clips, { recursive: true }));
  const { emulator, by } = await town(t, { clips });
  emulator.world.faults.set({ rules: [
    { op: 'predictions.create', fault: 'drop-after', nth: [2] },
    { op: 'predictions.list', fault: 'error-before', status: 500 },
    { op: 'webhook', fault: 'duplicate' },
  ] });
  const { projectId } = await by.call('createProject', { json: { ...advertisement, wantedScenes: 4, video: 'veo-3.1-fast' } });
  await by.call('draftPlan', { params: { projectId }, json: {} });
  await settled(projectId, { by });
  await by.call('generateFilm', { params: { projectId }, json: { scenes: [1, 2, 3] } });     // the fourth is the end card
  const began = Date.now();
  for (let filmed = 0; filmed < 3;) {
    const { entries } = await by.call('getLedger', { params: { projectId } });
    filmed = entries.filter((e) => e.state === 'settled').length;
    assert.ok(Date.now() - began < 50_000, `only ${filmed} of 3 in time: ${JSON.stringify(entries)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const orders = emulator.world.ledger.of('accepted');
  assert.equal(orders.length, 3, 'nothing was ordered twice');
  assert.ok(orders.every((o) => /^http:.*\/api\/webhooks\/replicate\/[0-9a-f]{32}$/.test(o.webhook)), JSON.stringify(orders));
});
