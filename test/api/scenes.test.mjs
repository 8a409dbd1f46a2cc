// Scenes: added, read, edited, trimmed, filmed again, chosen among takes, deleted.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { advertisement, client, copy, film, makeFilm, musicVideo, picture, picturePart, server, settled } from './world.mjs';

const of = (p, sequence) => ({ projectId: p.projectId, sequence });

test('a scene is added from an idea, where it is wanted, under a number never used before', async () => {
  const p = await copy();
  const [first] = p.sceneOrder;
  const reply = await client.ask('POST', `/api/mv/projects/${p.projectId}/scenes`, { json: { idea: 'Steam draws a heart on the window', after: first, duration: 1.5 } });
  assert.equal(reply.status, 201);
  const s = reply.json;
  assert.equal(reply.headers.location, `/api/mv/projects/${p.projectId}/scenes/${s.sequence}`);
  assert.equal(s.displaySequence, 2);
  assert.ok(Math.abs(s.duration - 1.5) < 1 / 24);
  assert.match(s.prompt, /steam/i);
  assert.equal(s.selectedTake, 0);
  await client.call('deleteScene', { params: of(p, s.sequence), status: 204 });
  await client.call('getScene', { params: of(p, s.sequence), status: 404 });
  const last = await client.call('addScene', { params: p, json: { idea: 'The kettle is lifted' } });
  assert.ok(last.sequence > s.sequence);
  assert.equal(last.displaySequence, 4);
  const front = await client.call('addScene', { params: p, json: { idea: 'Frost on the glass', after: 0 } });
  assert.equal(front.displaySequence, 1);
  const now = await client.call('getProject', { params: p });
  assert.deepEqual(now.sceneOrder, [front.sequence, ...p.sceneOrder, last.sequence]);
  const refused = await client.call('addScene', { params: p, json: { idea: 'Nowhere', after: 999 }, status: 400 });
  assert.ok(refused.detail);
});

test('an edit of a scene changes what it names; its take stays until a new one is made', async () => {
  const p = await copy();
  const s = p.scenes[1];
  const edited = await client.call('editScene', { params: of(p, s.sequence), json: { prompt: 'The same kettle, in fog', title: 'Fog', needsLipSync: !s.needsLipSync, version: s.version } });
  assert.equal(edited.prompt, 'The same kettle, in fog');
  assert.equal(edited.title, 'Fog');
  assert.equal(edited.needsLipSync, !s.needsLipSync);
  assert.equal(edited.camera, s.camera);
  assert.equal(edited.selectedTake, s.selectedTake);
  assert.equal(edited.artifacts.take.state, 'stale');
  assert.ok(edited.artifacts.take.cause);
  const others = (await client.call('getProject', { params: p })).scenes.filter((o) => o.sequence !== s.sequence);
  assert.ok(others.every((o) => o.artifacts.take.state === 'current'));
});

test('two who edit one scene: one gets 409, no field is lost', async () => {
  const p = await copy();
  const s = p.scenes[0], params = of(p, s.sequence);
  const replies = await Promise.all([{ title: 'By Ada' }, { camera: 'A slow push in, by Bea' }].map((edit) =>
    client.ask('PATCH', `/api/mv/projects/${p.projectId}/scenes/${s.sequence}`, { json: { ...edit, version: s.version } })));
  assert.deepEqual(replies.map((r) => r.status).sort(), [200, 409]);
  const now = await client.call('getScene', { params });
  const won = replies.find((r) => r.status === 200).json;
  assert.deepEqual([now.title, now.camera], [won.title, won.camera]);
  assert.equal((now.title === 'By Ada') !== (now.camera === 'A slow push in, by Bea'), true);
});

test('a trim uses a part of the take, exactly to the frame, and can be undone', async () => {
  const p = await copy();
  const s = p.scenes[0], params = of(p, s.sequence);
  const trimmed = await client.call('trimScene', { params, json: { trimPoints: { in: 0.25, out: 1.25 } } });
  assert.deepEqual(trimmed.trimPoints, { in: 0.25, out: 1.25 });
  assert.equal(trimmed.duration, 1);
  assert.equal(trimmed.takeDuration, s.takeDuration);
  const board = await client.call('getProject', { params: p });
  assert.ok(Math.abs(board.scenes[1].startTime - 1) < 1e-4);
  assert.equal(board.artifacts.film.state, 'stale');
  for (const trimPoints of [{ in: 2, out: 1 }, { in: 0, out: s.takeDuration + 1 }, { in: 0.5, out: 0.5 }]) {
    await client.call('trimScene', { params, json: { trimPoints }, status: 400 });
  }
  const untrimmed = await client.call('untrimScene', { params });
  assert.equal(untrimmed.trimPoints, undefined);
  assert.equal(untrimmed.duration, s.duration);
  assert.equal((await client.call('getProject', { params: p })).artifacts.film.state, 'current');
});

test('the order names every scene once, or nothing changes', async () => {
  const p = await copy();
  const [a, b, c] = p.sceneOrder;
  for (const sceneOrder of [[a, b], [a, b, c, 99], [a, a, b], [a, b, b, c]]) {
    const refused = await client.call('reorderScenes', { params: p, json: { sceneOrder }, status: 400 });
    assert.match(refused.errors[0].field, /^sceneOrder/);
  }
  assert.deepEqual((await client.call('getProject', { params: p })).sceneOrder, [a, b, c]);
});

test('a scene is filmed again at once; the old take stays until the new one is there', async () => {
  const p = await copy();
  const s = p.scenes[0], params = of(p, s.sequence);
  const queued = await client.call('regenerateScene', { params, json: { seed: 4711 }, status: 202 });
  assert.equal(queued.selectedTake, 1);
  assert.equal(queued.originalVideoClipUrl, s.originalVideoClipUrl);
  assert.equal(queued.status, 'processing');
  await client.call('regenerateScene', { params, status: 409 });
  const done = (await settled(p.projectId)).scenes[0];
  assert.equal(done.selectedTake, 2);
  assert.equal(done.takeCount, 2);
  const { takes, selectedTake } = await client.call('listTakes', { params });
  assert.equal(selectedTake, 2);
  assert.deepEqual(takes.map((k) => [k.take, k.selected, k.source]), [[1, false, 'generated'], [2, true, 'generated']]);
  assert.equal(takes[1].seed, 4711);
  const back = await client.call('selectTake', { params: { ...params, take: 1 } });
  assert.equal(back.selectedTake, 1);
  assert.equal(back.originalVideoClipUrl.split('?')[0], s.originalVideoClipUrl.split('?')[0]);
  await client.call('selectTake', { params: { ...params, take: 9 }, status: 404 });
});

test('lips move to the song in a take of their own, and rest again', async () => {
  const video = await musicVideo();
  const p = await client.call('duplicateProject', { params: { projectId: video.projectId } });
  const [first, second] = p.scenes, params = of(p, second.sequence);
  assert.equal(second.lipSync, undefined);
  const queued = await client.call('syncLips', { params, json: { temperature: 0.8 }, status: 202 });
  assert.equal(queued.selectedTake, 1);
  assert.equal(queued.lipSync.model, 'animatic-lips');
  assert.equal(queued.lipSync.shown, false);
  await client.call('syncLips', { params, status: 409 });
  await client.call('unsyncLips', { params, status: 409 });
  const synced = (await settled(p.projectId)).scenes[1];
  assert.deepEqual([synced.selectedTake, synced.takeCount, synced.artifacts.lipSync.state], [2, 2, 'current'], JSON.stringify(synced.problem));
  assert.deepEqual([synced.lipSync.shown, synced.lipSync.take, synced.lipSync.madeFrom, synced.lipSync.startTime], [true, 2, 1, second.startTime]);
  assert.equal(synced.duration, second.duration);
  assert.equal(synced.workingVideoClipS3Key, synced.lipSyncedVideoClipS3Key);
  const { takes } = await client.call('listTakes', { params });
  assert.deepEqual(takes.map((k) => [k.source, k.madeFrom, k.selected]), [['generated', undefined, false], ['lip-sync', 1, true]]);
  assert.equal(takes[1].lipSync.temperature, 0.8);
  assert.equal(takes[1].duration, second.duration);
  assert.notEqual(takes[1].url.split('?')[0], takes[0].url.split('?')[0]);

  await client.call('reorderScenes', { params: p, json: { sceneOrder: [second.sequence, first.sequence] } });
  const moved = await client.call('getScene', { params });
  assert.deepEqual([moved.artifacts.lipSync.state, moved.artifacts.lipSync.cause], ['stale', 'offset moved']);
  const rested = await client.call('unsyncLips', { params });
  assert.deepEqual([rested.selectedTake, rested.lipSync, rested.artifacts.lipSync], [1, undefined, undefined]);
});

test('lips that cannot move are refused with the reason', async () => {
  const video = await musicVideo(), silent = await film();
  const params = of(video, video.sceneOrder[0]);
  const refused = await client.call('syncLips', { params, json: { occlusionDetection: true }, status: 422 });
  assert.match(refused.detail, /occlusion/);
  assert.equal(refused.errors[0].field, 'occlusionDetection');
  assert.equal((await client.call('syncLips', { params, json: { model: 'veo-3.1' }, status: 400 })).errors[0].field, 'model');
  assert.match((await client.call('syncLips', { params: of(silent, silent.sceneOrder[0]), status: 422 })).detail, /no sound/);
  await client.call('syncLips', { params: of(video, 99), status: 404 });
  await client.call('unsyncLips', { params: of(video, 99), status: 404 });
  const { lipsyncModels } = await client.call('listModels', {});
  const pro = lipsyncModels.find((m) => m.name === 'lipsync-2-pro');
  assert.deepEqual([pro.temperature, pro.activeSpeaker, pro.syncMode, pro.occlusionDetection], [true, true, true, false]);
});

test('filming again that fails leaves the scene as it was, and says why', async () => {
  const made = await client.call('createProject', { form: [
    ...Object.entries({ ...advertisement, wantedScenes: 2, characterDescription: 'Mara, a courier with silver hair' }).map(([name, value]) => ({ name, value })),
    picturePart('characterImage'),
  ] });
  const p = await makeFilm(made.projectId);
  assert.equal(p.status, 'completed', JSON.stringify(p.problem));
  // Somebody damages the picture on disk: whatever shows it can no longer be drawn.
  writeFileSync(join(server.data, 'media', p.characterImageS3Key), 'no picture');
  for (const s of p.scenes) await client.call('regenerateScene', { params: of(p, s.sequence), json: { prompt: 'Mara looks up', seed: 99 } });
  const after = await settled(p.projectId);
  const { jobs } = await client.call('listJobs', { params: p });
  const failed = jobs.filter((j) => j.kind === 'take' && j.state === 'failed');
  assert.ok(failed.length > 0, JSON.stringify(jobs));
  assert.ok(failed.every((j) => j.problem.message));
  for (const { sequence } of failed) {
    const [was, is] = [p, after].map((project) => project.scenes.find((s) => s.sequence === sequence));
    for (const member of ['prompt', 'seed', 'title', 'camera', 'selectedTake', 'takeCount', 'originalVideoClipS3Key', 'workingVideoClipS3Key', 'duration']) {
      assert.deepEqual(is[member], was[member], member);
    }
  }
  assert.equal(after.finalOutputS3Key, p.finalOutputS3Key);
});

test('a clip of one\'s own becomes a take and is selected', async () => {
  const p = await copy();
  const s = p.scenes[2], params = of(p, s.sequence);
  const clip = await client.ask('GET', p.scenes[0].originalVideoClipUrl);
  const reply = await client.ask('POST', `/api/mv/projects/${p.projectId}/scenes/${s.sequence}/upload_video`,
    { form: [{ name: 'video', file: 'mine.mp4', type: 'video/mp4', bytes: clip.body }] });
  assert.equal(reply.status, 201);
  assert.ok(reply.headers.location);
  assert.equal(reply.json.selectedTake, 2);
  const { takes } = await client.call('listTakes', { params });
  assert.equal(takes[1].source, 'uploaded');
  const kept = await client.ask('GET', takes[1].url);
  assert.deepEqual(kept.body, clip.body);
  const lie = await client.ask('POST', `/api/mv/projects/${p.projectId}/scenes/${s.sequence}/upload_video`,
    { form: [{ name: 'video', file: 'mine.mp4', type: 'video/mp4', bytes: Buffer.from('this is no film') }] });
  assert.equal(lie.status, 422);
  const still = await client.ask('POST', `/api/mv/projects/${p.projectId}/scenes/${s.sequence}/upload_video`,
    { form: [{ name: 'video', file: 'mine.mp4', type: 'video/mp4', bytes: picture }] });
  assert.equal(still.status, 422);
});

test('the only scene is not deleted, and nothing is edited while it is being made', async () => {
  const p = await client.call('createProject', { json: { ...advertisement, wantedScenes: 1, seed: 5 } });
  await client.call('draftPlan', { params: p });
  const drafted = await settled(p.projectId);
  for (const extra of drafted.sceneOrder.slice(1)) await client.call('deleteScene', { params: of(p, extra) });
  const [only] = drafted.sceneOrder;
  await client.call('deleteScene', { params: of(p, only), status: 409 });
  await client.call('generateFilm', { params: p, json: {} });
  await client.call('editScene', { params: of(p, only), json: { title: 'No' }, status: 409 });
  await client.call('addScene', { params: p, json: { idea: 'No' }, status: 409 });
  await settled(p.projectId);
  assert.equal((await film()).scenes.length, 3);
});
