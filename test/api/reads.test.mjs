// Reading costs nothing while nothing changed, addresses stay, and news comes by itself.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Events } from './client.mjs';
import { deviations, operations, schema, text } from './contract.mjs';
import { advertisement, client, copy, direct, film, makeFilm, musicVideo, nowhere, pause, settled } from './world.mjs';

const tagged = operations.filter((o) => o.method === 'GET' && o.responses[304]).map((o) => o.id).filter((id) => id !== 'getMedia');

async function paramsFor(id) {
  if (id === 'getSongMap') return musicVideo();
  if (id === 'getReference') return (await client.call('generateReference', { json: { description: 'Mara' } })).references[0];
  const p = await film();
  return { projectId: p.projectId, sequence: p.sceneOrder[0] };
}

for (const id of tagged) {
  test(`${id}: the same answer has the same ETag, and is not sent twice`, async () => {
    const params = await paramsFor(id);
    const o = operations.find((one) => one.id === id);
    const target = o.path.replace(/\{(\w+)\}/g, (_, name) => params[name]);
    const [first, second] = [await client.ask('GET', target), await client.ask('GET', target)];
    assert.equal(first.status, 200);
    assert.equal(second.headers.etag, first.headers.etag);
    for (const known of [first.headers.etag, `"other", ${first.headers.etag}`, `W/${first.headers.etag.replace(/^W\//, '')}`, '*']) {
      const reply = await client.ask('GET', target, { headers: { 'If-None-Match': known } });
      assert.equal(reply.status, 304, known);
      assert.equal(reply.body.length, 0);
      assert.equal(reply.headers.etag, first.headers.etag);
    }
    assert.equal((await client.ask('GET', target, { headers: { 'If-None-Match': '"other"' } })).status, 200);
    const head = await client.ask('HEAD', target);
    assert.equal(head.status, 200);
    assert.equal(head.headers.etag, first.headers.etag);
    assert.equal(head.headers['content-length'], String(first.body.length));
  });
}

test('a change makes another ETag', async () => {
  const p = await copy();
  const target = `/api/mv/projects/${p.projectId}`;
  const before = await client.ask('GET', target);
  await client.call('editProject', { params: p, json: { title: 'Another' } });
  const after = await client.ask('GET', target, { headers: { 'If-None-Match': before.headers.etag } });
  assert.equal(after.status, 200);
  assert.equal(after.json.title, 'Another');
});

test('addresses of media stay the same from one reply to the next', async () => {
  const p = await film();
  const [a, b] = [await client.call('getProject', { params: p }), await client.call('getProject', { params: p })];
  assert.equal(a.finalOutputUrl, b.finalOutputUrl);
  assert.deepEqual(a.scenes.map((s) => s.originalVideoClipUrl), b.scenes.map((s) => s.originalVideoClipUrl));
  assert.equal(a.eventsUrl, b.eventsUrl);
});

test('the contract that is served is the one in the repository', async () => {
  const served = await client.ask('GET', '/api/openapi.yaml');
  assert.equal(served.body.toString(), text);
  const page = await client.ask('GET', '/api/');
  assert.match(page.headers['content-type'], /^text\/html; charset=utf-8/i);
  for (const { id } of operations) assert.ok(page.body.includes(`id="${id}"`), id);
  assert.ok(!/<script/i.test(page.body));
});

test('health, readiness and metrics', async () => {
  assert.equal((await client.call('getHealth')).status, 'ok');
  const ready = await client.call('getReadiness', { status: 200 });
  assert.equal(ready.status, 'ready');
  assert.ok(ready.checks.length > 0 && ready.checks.every((c) => c.ok));
  const metrics = (await client.ask('GET', '/metrics')).body.toString();
  assert.match(metrics, /^# TYPE \S+ (counter|gauge|histogram)$/m);
  for (const line of metrics.trim().split('\n')) assert.match(line, /^(#.*|[a-zA-Z_:][\w:]*(\{[^}]*\})? [-+.\deE]+(Inf|NaN)?)$/, line);
  assert.match(metrics, /operation="getHealth"/);
  assert.match(metrics, /^storyreel_queue_jobs\{lane="cpu",state="waiting"\} \d+$/m);
  assert.match(metrics, /^storyreel_queue_oldest_due_seconds\{lane="wait"\} \d+\.\d+$/m);
});

// ---- events ----

const events = { project: 'ProjectEvent', progress: 'ProgressEvent', deleted: 'DeletedEvent' };

test('a film is followed from the first word to completed, and its progress with it', async () => {
  const stream = await Events.open(client);
  const p = await client.call('createProject', { json: { ...advertisement, seed: 21 } });
  await stream.wait((e) => e.event === 'project' && e.data.id === p.projectId);
  await client.call('generateFilm', { params: p });
  await stream.wait((e) => e.event === 'project' && e.data.id === p.projectId && e.data.status === 'processing');
  await stream.wait((e) => e.event === 'project' && e.data.id === p.projectId && e.data.status === 'completed', { timeout: 240_000 });
  for (const e of stream.all) {
    assert.ok(events[e.event], e.event);
    assert.deepEqual(deviations(schema(events[e.event]), e.data), [], JSON.stringify(e));
    assert.ok(e.id);
  }
  const versions = stream.all.map((e) => e.data.version);
  assert.deepEqual(versions, [...versions].sort((a, b) => a - b));
  assert.ok(stream.all.some((e) => e.event === 'progress' && e.data.kind === 'take'));
  assert.ok(stream.retry >= 2000 && stream.retry <= 7000, `retry ${stream.retry}`);
  await client.call('deleteProject', { params: p });
  await stream.wait((e) => e.event === 'deleted' && e.data.id === p.projectId);
  stream.close();
});

test('one project\'s stream tells of that project only, and lets a player in by its signed address', async () => {
  const [mine, other] = [await copy(), await copy()];
  const stream = await Events.open(client, `/api/mv/projects/${mine.projectId}/events`);
  const signed = await Events.open(client, mine.eventsUrl);
  await client.call('editProject', { params: other, json: { title: 'Not mine' } });
  await client.call('editProject', { params: mine, json: { title: 'Mine' } });
  for (const s of [stream, signed]) {
    await s.wait((e) => e.data.id === mine.projectId);
    assert.ok(s.all.every((e) => e.data.id === mine.projectId));
    s.close();
  }
  await client.call('followProject', { params: { projectId: nowhere }, status: 404 });
});

test('who comes back with Last-Event-ID gets what was missed, once and in order', async () => {
  const p = await copy();
  const stream = await Events.open(client);
  await client.call('editProject', { params: p, json: { title: '1' } });
  const seen = await stream.wait((e) => e.data.id === p.projectId);
  stream.close();
  for (const title of ['2', '3', '4']) await client.call('editProject', { params: p, json: { title } });
  const again = await Events.open(client, '/api/mv/events', { 'Last-Event-ID': seen.id });
  await client.call('editProject', { params: p, json: { title: '5' } });
  await pause(300);
  const versions = again.all.filter((e) => e.event === 'project' && e.data.id === p.projectId).map((e) => e.data.version);
  assert.ok(versions.length >= 4, JSON.stringify(again.all));
  assert.ok(versions.every((v) => v > seen.data.version));
  assert.equal(new Set(versions).size, versions.length);
  again.close();
});

test('an id that is not known, or was lost with a restart, is answered with resync', async () => {
  for (const id of ['nonsense', '01JD8K3M9Q-1', '999999999999']) {
    const stream = await Events.open(client, '/api/mv/events', { 'Last-Event-ID': id });
    await stream.wait((e) => e.event === 'resync', { timeout: 5000 });
    stream.close();
  }
});

test('a quiet stream has a heartbeat every 15 seconds', async () => {
  const stream = await Events.open(direct, '/api/mv/events');
  const before = stream.comments;
  const started = Date.now();
  while (stream.comments === before && Date.now() - started < 20_000) await pause(100);
  assert.ok(stream.comments > before, 'no comment line in 20 s');
  stream.close();
});

test('polling sees the same as the events do', async () => {
  const p = await client.call('createProject', { json: { ...advertisement, seed: 31, wantedScenes: 2 } });
  const done = await makeFilm(p.projectId);
  assert.equal(done.status, 'completed');
  assert.equal((await settled(p.projectId)).progress, 1);
});
