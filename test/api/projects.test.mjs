// Projects: made, listed, read, edited, copied, deleted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advertisement, client, copy, film, nowhere, picturePart, pause, settled, songPart, traces } from './world.mjs';

test('a project is made from JSON and is pending', async () => {
  const reply = await client.ask('POST', '/api/mv/projects', { json: advertisement });
  assert.equal(reply.status, 201);
  const p = reply.json;
  assert.equal(reply.headers.location, `/api/mv/projects/${p.projectId}`);
  assert.equal(p.status, 'pending');
  assert.equal(p.progress, 0);
  assert.equal(p.artifacts.film.state === 'missing' || p.artifacts.film.state === 'blocked', true);
  for (const [name, value] of Object.entries(advertisement)) assert.deepEqual(p[name], value, name);
  assert.deepEqual([p.width, p.height], [480, 480]);
  assert.deepEqual(await client.call('getProject', { params: p }), p);
});

test('a form brings a song and pictures; they are kept byte for byte', async () => {
  const song = songPart(3), picture = picturePart();
  const p = await client.call('createProject', { status: 201, form: [
    { name: 'conceptPrompt', value: 'A courier races the dawn – über die Brücke 🌉' }, { name: 'wantedScenes', value: 2 },
    { name: 'overlay', value: true }, { name: 'size', value: '480p' }, song, picture, picture,
  ] });
  assert.equal(p.mode, 'music-video');
  assert.equal(p.conceptPrompt, 'A courier races the dawn – über die Brücke 🌉');
  assert.equal(p.wantedScenes, 2);
  assert.equal(p.overlay, true);
  assert.equal(p.audioName, 'song.wav');
  assert.equal(p.artifacts.songMap.state, 'missing');
  for (const [url, bytes] of [[p.audioBackingTrackUrl, song.bytes], [p.characterImageUrl, picture.bytes], [p.productImageUrl, picture.bytes]]) {
    const file = await client.ask('GET', url);
    assert.deepEqual(file.body, bytes);
  }
});

test('a song may be made and words be spoken: priced, and not bought before it is asked for', async () => {
  const wish = { conceptPrompt: 'A courier races the dawn', musicPrompt: 'a waltz', targetDuration: 10, voiceOver: 'Warm before the sun is up.' };
  const p = await client.call('createProject', { status: 201, json: wish });
  assert.deepEqual([p.musicPrompt, p.musicModel, p.voiceOver, p.voiceModel], ['a waltz', 'elevenlabs-music', wish.voiceOver, 'gemini-speech']);
  assert.deepEqual([p.artifacts.music.state, p.artifacts.music.usd, p.artifacts.songMap], ['missing', 0.083, undefined]);
  const other = await client.call('editProject', { params: p, json: { musicPrompt: 'a march', musicModel: 'lyria-2' } });
  assert.deepEqual([other.musicPrompt, other.artifacts.music.usd], ['a march', 0.06]);
  for (const [json, field] of [[{ musicModel: 'nobody' }, 'musicModel'], [{ voiceModel: 'lyria-2' }, 'voiceModel'], [{ voiceOver: 'word '.repeat(200) }, 'voiceOver']]) {
    const refused = await client.ask('PATCH', `/api/mv/projects/${p.projectId}`, { json });
    assert.ok([400, 422].includes(refused.status), refused.status);
    assert.equal(refused.json.errors[0].field, field);
  }
});

test('pictures may be named', async () => {
  const p = await client.call('createProject', { status: 201, form: [
    ...Object.entries(advertisement).map(([name, value]) => ({ name, value })), picturePart('productImage'),
  ] });
  assert.ok(p.productImageUrl);
  assert.equal(p.characterImageUrl, undefined);
});

test('projects are listed newest first, by pages and by status', async () => {
  const ids = [];
  for (let i = 0; i < 3; i++) ids.unshift((await client.call('createProject', { json: { ...advertisement, title: `Number ${i}` } })).projectId);
  const first = await client.call('listProjects', { query: { limit: 2 } });
  assert.deepEqual(first.projects.map((p) => p.projectId), ids.slice(0, 2));
  const second = await client.call('listProjects', { query: { limit: 2, cursor: first.nextCursor } });
  assert.equal(second.projects[0].projectId, ids[2]);
  const all = [];
  for (let cursor; ;) {
    const page = await client.call('listProjects', { query: { limit: 3, ...(cursor && { cursor }) } });
    all.push(...page.projects);
    if (!(cursor = page.nextCursor)) break;
  }
  assert.equal(new Set(all.map((p) => p.projectId)).size, all.length);
  assert.deepEqual(all.map((p) => p.createdAt), all.map((p) => p.createdAt).sort().reverse());
  await film();
  const completed = await client.call('listProjects', { query: { status: 'completed', limit: 100 } });
  assert.ok(completed.projects.length > 0);
  assert.ok(completed.projects.every((p) => p.status === 'completed'));
  const pending = await client.call('listProjects', { query: { status: 'pending', limit: 100 } });
  assert.ok(ids.every((id) => pending.projects.some((p) => p.projectId === id)));
});

test('an edit changes what it names, makes stale what depends on it and nothing else', async () => {
  const p = await copy();
  const edited = await client.call('editProject', { params: p, json: { title: 'Ember at Dawn', directorConfig: 'noir', version: p.version } });
  assert.equal(edited.title, 'Ember at Dawn');
  assert.equal(edited.directorConfig, 'noir');
  assert.equal(edited.conceptPrompt, p.conceptPrompt);
  assert.ok(edited.version > p.version);
  assert.equal(p.artifacts.film.state, 'current');
  assert.equal(edited.artifacts.plan.state, 'stale');
  assert.match(edited.artifacts.plan.cause, /style/);
  const renamed = await client.call('editProject', { params: p, json: { title: '' } });
  assert.equal(renamed.title, '');
});

test('two who edit one project: the second is told, and no field is lost', async () => {
  const p = await copy();
  await client.call('editProject', { params: p, json: { title: 'First', version: p.version } });
  const second = await client.call('editProject', { params: p, json: { callToAction: 'Second', version: p.version }, status: 409 });
  assert.match(second.detail, /version/);
  assert.ok(second.next);
  const now = await client.call('getProject', { params: p });
  assert.equal(now.title, 'First');
  assert.equal(now.callToAction, p.callToAction);
});

test('the songs and pictures of an edit come from the library', async () => {
  const p = await copy();
  const reference = await client.call('uploadReference', { form: [picturePart('image'), { name: 'kind', value: 'product' }] });
  const edited = await client.call('editProject', { params: p, json: { productReferenceId: reference.referenceId } });
  assert.ok(edited.productImageUrl);
  await client.call('editProject', { params: p, json: { productReferenceId: nowhere }, status: 400 });
});

test('while it is being made, a project is neither edited nor deleted nor copied', async () => {
  const p = await client.call('createProject', { json: { ...advertisement, seed: 11, generate: true } });
  assert.equal(p.status, 'processing');
  const refused = await client.call('editProject', { params: p, json: { title: 'No' }, status: 409 });
  assert.ok(refused.next);
  await client.call('deleteProject', { params: p, status: 409 });
  await client.call('duplicateProject', { params: p, status: 409 });
  await client.call('composeFilm', { params: p, status: 409 });
  await client.call('draftPlan', { params: p, status: 409 });
  const stopped = await client.call('cancelProject', { params: p, status: 202 });
  assert.ok(['processing', 'pending', 'failed', 'completed'].includes(stopped.status));
  const rested = await settled(p.projectId);
  assert.notEqual(rested.status, 'processing');
  await client.call('cancelProject', { params: p, status: 409 });
  await client.call('deleteProject', { params: p, status: 204 });
});

test('a copy has everything and shares nothing', async () => {
  const original = await film();
  const p = await client.call('duplicateProject', { params: original, status: 201 });
  assert.notEqual(p.projectId, original.projectId);
  assert.equal(p.status, 'completed');
  assert.deepEqual(p.sceneOrder, original.sceneOrder);
  assert.deepEqual(p.scenes.map((s) => s.prompt), original.scenes.map((s) => s.prompt));
  assert.equal(p.artifacts.film.state, 'current');
  await client.call('deleteProject', { params: p, status: 204 });
  const still = await client.ask('GET', original.finalOutputUrl);
  assert.equal(still.status, 200);
});

test('what is deleted is gone: records, files and addresses', async () => {
  const before = traces();
  const p = await copy();
  assert.ok(traces().files.length > before.files.length);
  const poster = await client.ask('GET', p.scenes[0].posterUrl);
  assert.equal(poster.status, 200);
  await client.call('deleteProject', { params: p, status: 204 });
  await client.call('getProject', { params: p, status: 404 });
  await client.call('deleteProject', { params: p, status: 404 });
  const file = await client.ask('GET', p.finalOutputUrl);
  assert.equal(file.status, 404);
  await pause(100);
  assert.deepEqual(traces(), before);
});
