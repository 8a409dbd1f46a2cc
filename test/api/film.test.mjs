// From the plan to the film: priced, made, cut, watched.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { advertisement, client, copy, film, frames, makeFilm, musicVideo, settled, songPart } from './world.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'storyreel-film-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

async function download(url, name) {
  const reply = await client.ask('GET', url);
  assert.equal(reply.status, 200);
  const path = join(scratch, name);
  writeFileSync(path, reply.body);
  return path;
}

test('a plan says what there is to make; drafting writes the scenes and films nothing', async () => {
  const p = await client.call('createProject', { json: advertisement });
  const before = await client.call('getPlan', { params: p });
  assert.equal(before.artifacts.find((a) => a.kind === 'plan').state, 'missing');
  await client.call('draftPlan', { params: p, status: 202 });
  const drafted = await settled(p.projectId);
  assert.equal(drafted.scenes.length, 3);
  assert.equal(drafted.artifacts.plan.state, 'current');
  assert.ok(drafted.scenes.every((s) => s.takeCount === 0 && s.artifacts.take.state === 'missing'));
  const plan = await client.call('getPlan', { params: p });
  assert.equal(plan.usd, 0);
  assert.ok(Math.abs(plan.filmDuration - 5) < 1 / 24);
  assert.equal(plan.artifacts.filter((a) => a.kind === 'take').length, 3);
  assert.ok(plan.artifacts.filter((a) => a.kind === 'take').every((a) => a.ready));
  await client.call('draftPlan', { params: p, status: 409 });
  await client.call('composeFilm', { params: p, status: 409 });
  await client.call('draftPlan', { params: p, json: { again: true }, status: 202 });
  const again = await settled(p.projectId);
  assert.equal(again.scenes.length, 3);
});

test('only the takes asked for are made; compose cuts what is there', async () => {
  const p = await client.call('createProject', { json: { ...advertisement, seed: 3 } });
  await client.call('generateFilm', { params: p, json: { scenes: [1] }, status: 409 });
  await client.call('draftPlan', { params: p });
  const drafted = await settled(p.projectId);
  const [first, second] = drafted.sceneOrder;
  const refused = await client.call('generateFilm', { params: p, json: { scenes: [first, 99] }, status: 400 });
  assert.match(refused.errors[0].field, /^scenes/);
  const some = await makeFilm(p.projectId, { scenes: [second] });
  assert.deepEqual(some.scenes.map((s) => s.takeCount), [0, 1, 0]);
  const missing = await client.call('composeFilm', { params: p, status: 409 });
  assert.match(missing.detail, /\b1\b/);
  await makeFilm(p.projectId, { scenes: drafted.sceneOrder });
  await client.call('composeFilm', { params: p, status: 202 });
  const whole = await settled(p.projectId);
  assert.equal(whole.status, 'completed');
  assert.equal(whole.artifacts.film.state, 'current');
});

test('a partial cut has cards for what was not filmed, and says so', async () => {
  const made = await client.call('createProject', { json: { ...advertisement, seed: 23 } }), p = { projectId: made.projectId };
  await client.call('draftPlan', { params: p, json: {} });
  const { sceneOrder: [first, second, third] } = await settled(p.projectId);
  await client.call('composeFilm', { params: p, json: { partial: true }, status: 409 });      // of nothing at all
  await client.call('generateFilm', { params: p, json: { scenes: [second] } });
  await settled(p.projectId);
  await client.call('composeFilm', { params: p, status: 409 });
  await client.call('composeFilm', { params: p, json: { partial: true } });
  const cut = await settled(p.projectId);
  assert.equal(cut.status, 'pending', JSON.stringify(cut.problem));
  assert.deepEqual(cut.missingScenes, [first, third]);
  assert.match(cut.finalOutputS3Key, /film\/partial-/);
  const video = await client.call('getFinalVideo', { params: p });
  assert.deepEqual([video.partial, video.missingScenes, video.frames], [true, [first, third], 120]);
  const to = await client.ask('GET', `/api/mv/projects/${p.projectId}/final-video?download=1`);
  assert.match(to.headers.location, /partial\.mp4/);
  assert.deepEqual(cut.scenes.map((s) => s.takeCount), [0, 1, 0]);
  await client.call('generateFilm', { params: p, json: {} });
  const whole = await settled(p.projectId);
  assert.equal(whole.status, 'completed');
  assert.equal(whole.missingScenes, undefined);
  const newest = await client.call('getFinalVideo', { params: p });
  assert.equal(newest.partial, false);

  // the cut before can still be watched
  const { cuts } = await client.call('listCuts', { params: p });
  assert.deepEqual(cuts.map((c) => [c.partial, c.shown, c.frames]), [[false, true, 120], [true, false, 120]]);
  assert.equal(cuts[0].url.split('?')[0], newest.url.split('?')[0]);
  for (const cut of cuts) assert.equal(frames(await download(cut.url, 'cut.mp4')).length, 120);
  assert.deepEqual((await client.ask('HEAD', cuts[1].url)).headers['content-length'], String(cuts[1].bytes));
  assert.equal((await client.ask('GET', cuts[1].posterUrl)).headers['content-type'], 'image/jpeg');
});

test('the finished film is as long as it should be, seekable, and named in every reply', async () => {
  const p = await film();
  assert.equal(p.status, 'completed');
  assert.equal(p.progress, 1);
  assert.equal(p.usd, 0);
  assert.ok(p.scenes.every((s) => s.status === 'completed' && s.selectedTake === 1 && s.posterUrl && s.filmstripUrl));
  assert.deepEqual(p.scenes.map((s) => s.displaySequence), [1, 2, 3]);
  const listed = await client.call('listProjects', { query: { limit: 100 } });
  assert.equal(listed.projects.find((one) => one.projectId === p.projectId).sceneCount, 3);
  let start = 0;
  for (const s of p.scenes) {
    assert.ok(Math.abs(s.startTime - start) < 1e-4);
    start += s.duration;
  }
  const video = await client.call('getFinalVideo', { params: p });
  assert.equal(video.state, 'current');
  assert.equal(video.frames, 120);
  assert.deepEqual([video.width, video.height], [480, 480]);
  const to = await client.ask('GET', `/api/mv/projects/${p.projectId}/final-video?download=1`);
  assert.equal(to.status, 302);
  const path = await download(to.headers.location, 'film.mp4');
  assert.equal(frames(path).length, 120);
  for (const url of [video.posterUrl, p.posterUrl, p.scenes[0].posterUrl, p.scenes[1].filmstripUrl]) {
    const image = await client.ask('GET', url);
    assert.equal(image.headers['content-type'], 'image/jpeg');
    assert.equal(image.body.readUInt16BE(0), 0xffd8);
  }
});

test('the cut goes to other programs with addresses that they can fetch', async () => {
  const p = await film();
  const otio = await client.call('exportProject', { params: { ...p, format: 'otio' } });
  const [pictures, sound] = otio.tracks.children;
  assert.deepEqual(pictures.children.map((c) => c.source_range.duration.value), p.scenes.map((s) => Math.round(s.duration * 24)));
  assert.equal(sound.children[0].source_range.duration.value, 120);
  for (const clip of [pictures.children[1], sound.children[0]]) {
    const got = await fetch(clip.media_reference.target_url);
    assert.equal(got.status, 200);
    assert.ok((await got.arrayBuffer()).byteLength > 1000);
  }
  for (const [format, begins] of [['edl', 'TITLE: '], ['fcpxml', '<?xml '], ['vtt', 'WEBVTT'], ['srt', '']]) {
    const reply = await client.ask('GET', `/api/mv/projects/${p.projectId}/export/${format}`);
    assert.equal(reply.status, 200);
    assert.ok(reply.body.toString().startsWith(begins), format);
    assert.match(reply.headers['content-disposition'], new RegExp(`\\.${format}"$`));
  }
  await client.call('exportProject', { params: { ...p, format: 'mxf' }, status: 404 });
  const bare = await client.call('createProject', { json: advertisement });
  await client.call('exportProject', { params: { ...bare, format: 'otio' }, status: 409 });
});

test('jobs tell what was done, the ledger that animatics are free', async () => {
  const p = await film();
  const { jobs } = await client.call('listJobs', { params: p });
  assert.equal(jobs.filter((j) => j.kind === 'take').length, 3);
  assert.ok(jobs.every((j) => j.state === 'done' && j.finishedAt));
  assert.ok(jobs.some((j) => j.tookMs > 0));
  assert.deepEqual(await client.call('getLedger', { params: p }), { entries: [], usd: 0, held: 0 });
});

test('a music video is cut on the song it was given', async () => {
  const unheard = await client.call('createProject', { form: [{ name: 'conceptPrompt', value: 'A robot dances' }, songPart(2)] });
  await client.call('getSongMap', { params: unheard, status: 409 });
  const p = await musicVideo();
  assert.equal(p.status, 'completed', JSON.stringify(p.problem));
  const map = await client.call('getSongMap', { params: p, status: 200 });
  assert.ok(Math.abs(map.duration - 5) < 0.02);
  assert.ok(map.beats.length > 4 && map.peaks.length > 10 && map.sections.length > 0);
  assert.equal(map.sections[0].start, 0);
  const video = await client.call('getFinalVideo', { params: p });
  assert.equal(video.frames, 120);
  const cut = p.scenes[1].startTime;
  assert.ok(Math.min(...map.beats.map((b) => Math.abs(b - cut))) < 1 / 24, `the cut at ${cut} is on no beat`);
});

test('there is no final video before there is one, and after an edit it says what changed', async () => {
  const bare = await client.call('createProject', { json: advertisement });
  await client.call('getFinalVideo', { params: bare, status: 404 });
  const p = await copy();
  const [a, b, c] = p.sceneOrder;
  await client.call('reorderScenes', { params: p, json: { sceneOrder: [c, a, b] } });
  const video = await client.call('getFinalVideo', { params: p });
  assert.equal(video.state, 'stale');
  assert.ok(video.cause);
});

test('reordered on the API and composed, the frames of the film are in that order', async () => {
  const p = await copy();
  const before = frames(await download(p.finalOutputUrl, 'before.mp4'));
  const parts = new Map();
  for (const s of p.scenes) {
    const at = Math.round(s.startTime * 24);
    parts.set(s.sequence, before.slice(at, at + Math.round(s.duration * 24)));
  }
  const order = [p.sceneOrder[2], p.sceneOrder[0], p.sceneOrder[1]];
  const changed = await client.call('reorderScenes', { params: p, json: { sceneOrder: order } });
  assert.deepEqual(changed.sceneOrder, order);
  assert.deepEqual(changed.scenes.map((s) => [s.sequence, s.displaySequence]), order.map((n, i) => [n, i + 1]));
  assert.ok(changed.scenes.every((s) => s.artifacts.take.state === 'current'));
  await client.call('composeFilm', { params: p });
  const done = await settled(p.projectId);
  assert.notEqual(done.finalOutputUrl, p.finalOutputUrl);
  assert.deepEqual(frames(await download(done.finalOutputUrl, 'after.mp4')), order.flatMap((n) => parts.get(n)));
});
