// Idempotency-Key: sent again it is answered again and done once, also after a restart.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { operations } from './contract.mjs';
import { advertisement, client, copy, film, musicVideo, picturePart, server, settled, songPart } from './world.mjs';

const keyed = operations.filter((o) => o.parameters.some((p) => p.name === 'Idempotency-Key'))
  .map((o) => o.id).filter((id) => id !== 'decideEntry');        // wants a paid call that was lost: money.test.mjs

// For each operation that makes something: a request, another under the same key, and how to count what was made.
async function request(id) {
  const p = ['duplicateProject', 'getFinalVideo'].includes(id) ? await film() : await copy();
  const scene = { projectId: p.projectId, sequence: p.sceneOrder[0] };
  const clip = async () => (await client.ask('GET', p.scenes[0].originalVideoClipUrl)).body;
  const takes = async () => (await client.call('listTakes', { params: scene })).takes.length;
  const projects = async () => (await client.call('listProjects', { query: { limit: 100 } })).projects.length;
  const requests = {
    createProject: () => ({ send: { json: advertisement }, other: { json: { ...advertisement, seed: 8 } }, count: projects }),
    duplicateProject: () => ({ params: p, send: {}, count: projects }),
    draftPlan: () => ({ params: p, send: { json: { again: true } }, other: { json: {} } }),
    generateFilm: () => ({ params: p, send: { json: {} }, other: { json: { scenes: [scene.sequence] } } }),
    composeFilm: () => ({ params: p, send: {} }),
    addScene: () => ({ params: p, send: { json: { idea: 'Rain on the sill' } }, other: { json: { idea: 'Snow on the sill' } }, count: async () => (await client.call('getProject', { params: p })).scenes.length }),
    regenerateScene: () => ({ params: scene, send: { json: { seed: 5 } }, other: { json: { seed: 6 } }, count: takes }),
    rewriteScene: () => ({ params: scene, send: { json: { instruction: 'closer' } }, other: { json: { instruction: 'wider' } } }),
    syncLips: async () => {
      const { projectId, sceneOrder: [sequence] } = await client.call('duplicateProject', { params: { projectId: (await musicVideo()).projectId } });
      return { params: { projectId, sequence }, send: { json: { temperature: 0.7 } }, other: { json: { temperature: 0.3 } }, count: async () => (await client.call('listTakes', { params: { projectId, sequence } })).takes.length };
    },
    uploadTake: async () => ({ params: scene, send: { form: [{ name: 'video', file: 'a.mp4', type: 'video/mp4', bytes: await clip() }] }, other: { form: [picturePart('video')] }, count: takes }),
    generateReference: () => ({ send: { json: { description: 'Mara' } }, other: { json: { description: 'Milo' } } }),
    uploadReference: () => ({ send: { form: [picturePart('image')] }, other: { form: [picturePart('image'), { name: 'name', value: 'B' }] } }),
    generateMusic: () => ({ send: { json: { projectId: p.projectId, prompt: 'a waltz' } }, other: { json: { projectId: p.projectId, prompt: 'a march' } } }),
    analyzeAudio: () => ({ send: { form: [songPart(2)] }, other: { form: [songPart(2.5)] } }),
  };
  return requests[id]();
}

// What an answer names; addresses may be signed anew and work goes on meanwhile.
const name = ({ projectId, sequence, referenceId, audioId, references }) => ({ projectId, sequence, referenceId, audioId, references: references?.map((r) => r.referenceId) });

for (const id of keyed) {
  test(`${id}: the same key gives the same answer and does it once, also after a restart`, async () => {
    const { params, send, other, count } = await request(id);
    const o = operations.find((one) => one.id === id);
    const headers = { 'Idempotency-Key': randomUUID() };
    const first = await client.call(id, { params, ...send, headers });
    if (params?.projectId && first.status === 'processing') await settled(params.projectId);
    const made = await count?.();
    const again = await client.call(id, { params, ...send, headers });
    assert.deepEqual(name(again), name(first));
    if (id === keyed[0] || id === 'addScene' || id === 'uploadReference') {
      await server.restart();
      assert.deepEqual(name(await client.call(id, { params, ...send, headers })), name(first));
    }
    assert.equal(await count?.(), made);
    // Another body under the key, or the same of another thing where there is no body.
    const elsewhere = other ? params : await copy();
    const refused = await client.ask(o.method, o.path.replace(/\{(\w+)\}/g, (_, n) => elsewhere[n]), { ...other, headers });
    assert.equal(refused.status, 422, `${refused.body}`);
    assert.match(refused.json.detail, /key/i);
    if (params?.projectId) await settled(params.projectId);
  });
}

test('a refused request does not use its key up', async () => {
  const headers = { 'Idempotency-Key': randomUUID() };
  await client.call('createProject', { json: { ...advertisement, aspect: '5:4' }, headers, status: 400 });
  await client.call('createProject', { json: advertisement, headers, status: 201 });
});

test('keys have their limits', async () => {
  for (const id of keyed) {
    const { params, send } = await request(id);
    const o = operations.find((one) => one.id === id), target = o.path.replace(/\{(\w+)\}/g, (_, n) => params[n]);
    for (const key of ['x'.repeat(201), 'caf\u00e9']) {
      const reply = await client.ask(o.method, target, { ...send, headers: { 'Idempotency-Key': key } });
      assert.equal(reply.status, 400, `${id}: ${reply.body}`);
    }
  }
  await client.call('createProject', { json: advertisement, headers: { 'Idempotency-Key': 'x'.repeat(200) }, status: 201 });
});

test('ten at once under one key make one', async () => {
  const before = (await client.call('listProjects', { query: { limit: 100 } })).projects.length;
  const headers = { 'Idempotency-Key': randomUUID() };
  const replies = await Promise.all(Array.from({ length: 10 }, () => client.send('POST', '/api/mv/projects', { json: { ...advertisement, title: 'Once' }, headers })));
  const ids = new Set(replies.filter((r) => r.status === 201).map((r) => r.json.projectId));
  assert.equal(ids.size, 1);
  assert.ok(replies.every((r) => [201, 409].includes(r.status)), replies.map((r) => r.status).join());
  const after = (await client.call('listProjects', { query: { limit: 100 } })).projects.length;
  assert.equal(after - before, before >= 100 ? 0 : 1);
});
