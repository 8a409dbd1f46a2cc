// A paid call that nobody can tell the end of is a person's to decide, over HTTP as well: with a server that buys from the
// emulated Replicate, whose first answer is lost and whose list cannot be read.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, test } from 'node:test';
import { start } from '../emulators/emulator.mjs';
import { Client } from './client.mjs';
import { Server } from './server.mjs';
import { advertisement, settled } from './world.mjs';

const rules = [
  { provider: 'replicate', op: 'predictions.create', fault: 'drop-after', nth: [1] },
  { provider: 'replicate', op: 'predictions.list', fault: 'error-before', status: 400 },
  { provider: 'replicate', op: 'run', fault: 'stuck' },      // there are no clips here to give out
];
const emulator = await start({ faults: { rules } });
const server = await Server.start({ env: {
  STORYREEL_REPLICATE_URL: `${emulator.origin}/replicate`, REPLICATE_API_TOKEN: 'r8_emulated',
  STORYREEL_SETTLE_SECONDS: '1', STORYREEL_LOOK_SECONDS: '0.2',
} });
const client = new Client(server.url);

after(async () => {
  client.close();
  await server.stop();
  await emulator.close();
});

test('what becomes of a held call is decided once, and then there is nothing to decide', async () => {
  const made = await client.call('createProject', { json: { ...advertisement, video: 'veo-3.1-fast', budget: 5 } });
  const p = { projectId: made.projectId };
  await client.call('draftPlan', { params: p, json: {} });
  const drafted = await settled(p.projectId, { by: client });
  await client.call('generateFilm', { params: p, json: { scenes: [drafted.sceneOrder[0]] } });
  const stopped = await settled(p.projectId, { by: client });
  assert.equal(stopped.problem.code, 'RECONCILE', JSON.stringify(stopped.problem));
  const held = async () => (await client.call('getLedger', { params: p })).entries[0];
  const { id: entryId, state, usd } = await held();
  assert.equal(state, 'held');
  assert.ok(usd > 0 && (await client.call('getLedger', { params: p })).held === usd, 'it counts as spent');

  // What the service really said: it broke off the call, and its list was an error.
  const { entry, turns } = await client.call('getLedgerEntry', { params: { ...p, entryId } });
  assert.deepEqual([entry.id, turns.map((turn) => turn.turn)], [entryId, ['sent', 'found']]);
  const [sent, listed] = turns.map((turn) => turn.answers.at(-1));
  assert.deepEqual([sent.call.slice(0, 4), sent.status, listed.status], ['POST', undefined, 400]);
  assert.match(`${sent.body} ${listed.body}`, /could not be talked to.*Internal server error/);
  await client.call('getLedgerEntry', { params: { ...p, entryId: 'nothing' }, status: 404 });

  const params = { ...p, entryId }, headers = { 'Idempotency-Key': randomUUID() };
  await client.call('decideEntry', { params, json: { decision: 'wait' }, headers, status: 202 });
  await client.call('decideEntry', { params, json: { decision: 'forget' }, headers, status: 422 });
  await settled(p.projectId, { by: client });
  assert.equal((await held()).state, 'held', 'the list still cannot be read');
  await client.call('decideEntry', { params, json: { decision: 'forget' }, status: 202 });
  assert.equal((await held()).state, 'wasted');
  const refused = await client.call('decideEntry', { params, json: { decision: 'wait' }, status: 409 });
  assert.match(refused.detail, /nothing to decide/);
  const ledger = emulator.world.ledger;
  assert.equal(ledger.of('accepted').length, 1, 'nothing was bought again');
});

test('a song is made of words once, within the cap, and is the project\'s song from then on', async () => {
  emulator.world.faults.set({ rules: [] });
  const billed = () => emulator.world.ledger.of('billed').length, before = billed();
  const { projectId } = await client.call('createProject', { json: { ...advertisement, budget: 0.1 } });
  const wish = { projectId, prompt: 'warm analog synths', duration: 12 }, by = (json, status) => client.call('generateMusic', { json: { ...wish, ...json }, status });
  const dear = await by({ duration: 15 }, 402);
  assert.deepEqual([dear.errors[0].field, (await client.call('getProject', { params: wish })).musicPrompt], ['budget', undefined], 'nothing is kept of it');
  assert.equal((await by({ model: 'lyria-2', duration: 40 }, 422)).errors[0].field, 'duration');
  assert.equal((await by({ model: 'nobody' }, 400)).errors[0].field, 'model');
  assert.equal((await by({ projectId: 'nobody' }, 400)).errors[0].field, 'projectId');

  const begun = await by({}, 202);
  assert.deepEqual([begun.status, begun.stage, begun.artifacts.music.state], ['processing', 'composing', 'running']);
  await by({}, 409);
  const made = await settled(projectId, { by: client });
  assert.equal(made.problem, undefined, JSON.stringify(made.problem));
  assert.deepEqual([made.status, made.sceneCount, made.musicPrompt, made.artifacts.music.state, made.artifacts.songMap.state], ['pending', 0, wish.prompt, 'current', 'current']);
  assert.match(made.audioName, /warm analog synths, by ElevenLabs/);
  assert.ok((await client.ask('GET', made.audioBackingTrackUrl)).body.length > 1000);
  assert.ok(Math.abs((await client.call('getSongMap', { params: wish })).duration - 12) < 0.1);

  await by({}, 202);                                        // the same words: it is there
  await settled(projectId, { by: client });
  const { entries } = await client.call('getLedger', { params: wish });
  assert.deepEqual(entries.map((e) => [e.kind, e.state, e.usd]), [['music', 'settled', 0.0996]]);
  assert.equal(billed() - before, 1);
  await by({ prompt: 'a march' }, 402);
});

test('a song that came and is of no use says why and what it cost, is kept for a look and not bought again by itself', async () => {
  const { projectId } = await client.call('createProject', { json: { ...advertisement, budget: 1 } }), p = { projectId };
  const billed = () => emulator.world.ledger.of('billed').length, before = billed();
  const cases = { silent: /music that came is silent/, short: /music that came is 4\.0 s long and 11\.5 s are needed/, 'not-video': /music that came is of no use/ };
  for (const [output, cause] of Object.entries(cases)) {
    emulator.world.faults.set({ rules: [{ provider: 'replicate', op: 'run', fault: 'output', output }] });
    await client.call('generateMusic', { json: { ...p, prompt: `a waltz, ${output}`, duration: 12 }, status: 202 });
    const failed = await settled(projectId, { by: client });
    assert.deepEqual([failed.status, failed.problem.code, failed.audioBackingTrackUrl], ['failed', 'MEDIA', undefined], output);
    assert.match(failed.problem.message, cause);
    assert.match(failed.problem.message, /\$0\.10 was paid for it/);
    assert.ok(failed.problem.next);
    const { entries } = await client.call('getLedger', { params: p });
    assert.equal((await client.ask('GET', entries.at(-1).keptUrl)).status, 200, output);
  }
  assert.equal(billed() - before, 3, 'one for each time it was asked for');
});
