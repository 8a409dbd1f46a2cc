// Words for one scene: other words as a proposal, without a key and by the emulated Gemini, which is paid once for each.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { start } from '../emulators/emulator.mjs';
import { Client } from './client.mjs';
import { Server } from './server.mjs';
import { advertisement, client, copy, settled } from './world.mjs';

const of = (p, sequence) => ({ projectId: p.projectId, sequence });

test('other words for a scene are proposed and change nothing until they are sent', async () => {
  const p = await copy();
  const s = p.scenes[0], params = of(p, s.sequence);
  const offer = await client.call('rewriteScene', { params, json: { instruction: 'closer, at night' } });
  assert.equal(offer.was.prompt, s.prompt);
  assert.notEqual(offer.proposed.prompt, s.prompt);
  assert.match(offer.proposed.prompt, /at night/i);
  assert.deepEqual([offer.version, offer.planner, offer.usd], [s.version, 'offline', 0]);
  assert.deepEqual(await client.call('getScene', { params }), s);
  assert.deepEqual(await client.call('rewriteScene', { params, json: { instruction: 'closer, at night' } }), offer);
  const other = await client.call('rewriteScene', { params, json: { instruction: 'closer, at night', seed: 77 } });
  assert.notEqual(other.proposed.prompt, offer.proposed.prompt);
  const edited = await client.call('editScene', { params, json: { ...offer.proposed, version: offer.version } });
  assert.equal(edited.prompt, offer.proposed.prompt);
  assert.equal(edited.artifacts.take.state, 'stale');
  await client.call('editScene', { params, json: { ...offer.proposed, version: offer.version }, status: 409 });
});

test('a proposal is refused for scenes that are not there and for words that are none', async () => {
  const p = await copy();
  await client.call('rewriteScene', { params: of(p, 999), json: {}, status: 404 });
  const params = of(p, p.sceneOrder[0]);
  for (const json of [{ instruction: 'x'.repeat(2001) }, { seed: 0 }, { words: 'closer' }])
    await client.call('rewriteScene', { params, json, status: 400 });
});

// ---- by a language model ----

async function bought(rules, budget, use) {
  const emulator = await start({ faults: { rules: [] } });
  const server = await Server.start({ env: { STORYREEL_GEMINI_URL: `${emulator.origin}/gemini`, GEMINI_API_KEY: emulator.world.keys.gemini } });
  const own = new Client(server.url);
  try {
    const { projectId } = await own.call('createProject', { json: { ...advertisement, planner: 'gemini', budget } });
    await own.call('draftPlan', { params: { projectId }, json: {} });
    const p = await settled(projectId, { by: own });
    assert.equal(p.problem, undefined, JSON.stringify(p.problem));
    emulator.world.faults.set({ rules });
    const paid = () => emulator.world.ledger.of('billed').length;
    await use({ p, own, paid, params: of(p, p.sceneOrder[1]), rows: async () => (await own.call('getLedger', { params: p })).entries });
  } finally {
    own.close();
    await server.stop();
    await emulator.close();
  }
}

test('a language model proposes, is paid once for each proposal, and keeps wordings as they are', () => bought([], 1, async ({ own, paid, params, rows }) => {
  const before = paid();
  const send = { params, json: { instruction: 'in the fog' } };
  const [one, two] = await Promise.all([own.ask('POST', `/api/mv/projects/${params.projectId}/scenes/${params.sequence}/rewrite`, send), own.ask('POST', `/api/mv/projects/${params.projectId}/scenes/${params.sequence}/rewrite`, send)]);
  assert.ok([one, two].every((r) => [200, 503].includes(r.status)), `${one.body} ${two.body}`);
  const offer = await own.call('rewriteScene', send);
  assert.match(offer.proposed.prompt, /in the fog/);
  assert.equal(offer.usd, 0, 'it was paid for before');
  assert.equal(paid(), before + 1, 'asked three times, paid once');
  const entry = (await rows()).find((e) => e.kind === 'rewrite');
  assert.deepEqual([entry.state, entry.sequence], ['settled', params.sequence]);
  const { turns } = await own.call('getLedgerEntry', { params: { ...params, entryId: entry.id.slice(0, 20) } });
  assert.match(turns[0].answers[0].body, /promptTokenCount/, 'as it was said, and by the beginning of its id');
  const other = await own.call('rewriteScene', { params, json: { instruction: 'in the fog', seed: 5 } });
  assert.ok(other.usd > 0);
  assert.equal(paid(), before + 2);
  if (offer.was.prompt.includes(advertisement.productDescription)) assert.ok(offer.proposed.prompt.includes(advertisement.productDescription));
}));

test('pictures by an image model keep to one of your own, and what they cost can be read', () => bought([], 1, async ({ own, paid }) => {
  const { references: [like] } = await own.call('generateReference', { json: { description: 'Mara' } });
  const before = paid(), none = await own.call('getLibraryLedger', {});
  assert.deepEqual(none, { entries: [], usd: 0, held: 0 });
  const wish = { description: 'Mara, a courier in yellow', model: 'gemini-3.1-flash-image', like: like.referenceId };
  const { references } = await own.call('generateReference', { json: wish });
  assert.ok(references.every((r) => r.model === wish.model));
  assert.equal(paid(), before + 4);
  const { entries, usd } = await own.call('getLibraryLedger', {});
  assert.deepEqual(entries.map((e) => [e.kind, e.state]), Array(4).fill(['reference', 'settled']));
  assert.ok(usd > 0);
  const { turns: [{ answers: [said] }] } = await own.call('getLibraryLedgerEntry', { params: { entryId: entries[0].id } });
  assert.deepEqual([said.status, said.bytes > said.body.length], [200, true], 'the picture itself is left out');
  assert.match(said.body, /Here is your picture.*bytes are left out here.*usageMetadata/s);
  await own.call('getLibraryLedgerEntry', { params: { entryId: 'nothing' }, status: 404 });
  for (const wrong of [{ model: 'nobody' }, { like: 'nothing' }]) {
    const refused = await own.call('generateReference', { json: { ...wish, ...wrong }, status: 400 });
    assert.equal(refused.errors[0].field, Object.keys(wrong)[0]);
  }
}));

test('a lost answer is not bought again unasked, a second one is held, and deciding buys nothing', () =>
  bought([{ provider: 'gemini', op: 'generateContent', fault: 'drop-after' }], 1, async ({ p, own, paid, params, rows }) => {
    const before = paid();
    const lost = await own.ask('POST', `/api/mv/projects/${p.projectId}/scenes/${params.sequence}/rewrite`, { json: {} });
    assert.ok(lost.status >= 500, lost.body);
    assert.equal(paid(), before + 1);
    await own.call('rewriteScene', { params, json: {}, status: 409 });
    assert.equal(paid(), before + 2);
    await own.call('rewriteScene', { params, json: {}, status: 409 });
    assert.equal(paid(), before + 2, 'held');
    const held = (await rows()).find((e) => e.state === 'held');
    await own.call('decideEntry', { params: { ...p, entryId: held.id }, json: { decision: 'try-again' }, headers: { 'Idempotency-Key': randomUUID() }, status: 202 });
    const now = await settled(p.projectId, { by: own });
    assert.equal(paid(), before + 2);
    assert.ok(now.scenes.every((s) => s.selectedTake === 0), 'nothing was filmed');
  }));

// It covers what such words cost as a rule and not the most they may cost, and the refusal says by how much.
test('what the budget does not cover is not asked', () => bought([], 1, async ({ p, own, paid, params, rows }) => {
  const before = paid(), entries = await rows();
  assert.ok(entries.every((e) => e.usd < e.reserved), JSON.stringify(entries));
  await own.call('editProject', { params: p, json: { budget: 0.06 } });
  const refused = await own.call('rewriteScene', { params, json: {}, status: 402 });
  assert.match(refused.detail, /costs about \$0\.05, needs up to \$0\.0\d reserved/);
  assert.equal(paid(), before);
}));

test('an answer that is of no use twice is refused with the reasons', () =>
  bought([{ provider: 'gemini', op: 'run', fault: 'prose' }], 1, async ({ own, params, rows }) => {
    const refused = await own.call('rewriteScene', { params, json: {}, status: 422 });
    assert.match(refused.detail, /cannot be filmed/);
    const entries = (await rows()).filter((e) => e.kind === 'rewrite');
    assert.deepEqual(entries.map((e) => e.state), ['settled', 'wasted'], 'each asking is paid for');
    assert.match(entries[0].why, /asked to mend it/);
  }));

test('a scene from an idea is told by the language model, paid once, and kept when its answer was lost', () =>
  bought([], 1, async ({ p, own, paid, params, rows }) => {
    const before = paid(), headers = { 'Idempotency-Key': randomUUID() };
    const idea = { idea: '{product} steams on the sill, {character} out of focus behind', after: params.sequence, duration: 2 };
    const s = await own.call('addScene', { params: p, json: idea, headers });
    assert.match(s.prompt, /steams on the sill/);
    assert.ok(s.prompt.includes(advertisement.productDescription), s.prompt);
    assert.equal(s.displaySequence, 3);
    assert.equal((await own.call('addScene', { params: p, json: idea, headers })).sequence, s.sequence);
    assert.equal(paid(), before + 1);
    await own.call('addScene', { params: p, json: idea, status: 422 });       // the emulator has one title for it: told twice, it is refused
    const entries = (await rows()).filter((e) => e.kind === 'idea');
    assert.deepEqual(entries.map((e) => e.state).sort(), ['settled', 'settled', 'wasted']);      // the second was asked to mend it
  }));
