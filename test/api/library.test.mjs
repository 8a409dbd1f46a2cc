// What is brought or made before there is a project: references and songs; and what there is to choose from.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advertisement, client, picture, picturePart, song, songPart, nowhere } from './world.mjs';

test('four pictures are drawn to choose from; one of them makes it into a project', async () => {
  const { references } = await client.call('generateReference', { status: 201, json: { description: 'Mara, a courier with short silver hair and a yellow raincoat', style: 'noir', seed: 5 } });
  assert.equal(new Set(references.map((r) => r.referenceId)).size, 4);
  const bodies = [];
  for (const r of references) {
    assert.deepEqual([r.kind, r.source], ['character', 'generated']);
    assert.ok(r.width >= 256 && r.height >= 256);
    const image = await client.ask('GET', r.url);
    assert.match(image.headers['content-type'], /^image\//);
    bodies.push(image.body.toString('base64'));
  }
  assert.equal(new Set(bodies).size, 4, 'four different pictures');
  assert.deepEqual(await client.call('getReference', { params: references[2] }), references[2]);
  const p = await client.call('createProject', { json: { ...advertisement, characterReferenceId: references[2].referenceId }, status: 201 });
  const inside = await client.ask('GET', p.characterImageUrl);
  assert.equal(inside.body.toString('base64'), bodies[2]);
});

test('a product is drawn as well', async () => {
  const { references } = await client.call('generateReference', { json: { description: 'A red enamel kettle', kind: 'product' } });
  assert.ok(references.every((r) => r.kind === 'product'));
});

test('a picture of one\'s own is kept byte for byte', async () => {
  const reply = await client.ask('POST', '/api/mv/upload_character_reference', { form: [picturePart('image'), { name: 'name', value: 'The courier' }] });
  assert.equal(reply.status, 201);
  const r = reply.json;
  assert.equal(reply.headers.location, `/api/mv/get_character_reference/${r.referenceId}`);
  assert.deepEqual([r.name, r.source, r.kind, r.width, r.height], ['The courier', 'uploaded', 'character', 1024, 1024]);
  assert.deepEqual((await client.ask('GET', r.url)).body, picture);
  await client.call('getReference', { params: { referenceId: nowhere }, status: 404 });
});

test('addresses inside the house are not fetched', async () => {
  const inside = ['http://127.0.0.1/a.png', 'https://127.0.0.1/a.png', 'https://[::1]/a.png', 'https://169.254.169.254/latest/meta-data', 'https://10.0.0.1/a.png',
    'https://localhost/a.png', 'ftp://example.com/a.png', 'file:///etc/passwd', 'https://user:pass@example.com:8443/a.png'];
  for (const url of inside) {
    for (const id of ['uploadReference', 'analyzeAudio']) {
      const reply = await client.ask('POST', id === 'analyzeAudio' ? '/api/audio/analyze' : '/api/mv/upload_character_reference', { json: { url } });
      assert.ok([400, 403, 422].includes(reply.status), `${url}: ${reply.status} ${reply.body}`);
    }
  }
});

test('a song is listened to once and makes it into a project', async () => {
  const a = await client.call('analyzeAudio', { form: [songPart(4)], status: 201 });
  assert.equal(a.name, 'song');
  assert.ok(Math.abs(a.duration - 4) < 0.01);
  assert.ok(Math.abs(a.songMap.tempo - 120) < 1, `${a.songMap.tempo}`);
  assert.ok(a.songMap.beats.length >= 7);
  assert.deepEqual((await client.ask('GET', a.url)).body, song(4));
  const p = await client.call('createProject', { json: { conceptPrompt: 'A robot dances', audioId: a.audioId, size: '480p' }, status: 201 });
  assert.ok(p.audioBackingTrackUrl);
  const refused = await client.call('createProject', { json: { conceptPrompt: 'A robot dances', audioId: nowhere }, status: 400 });
  assert.equal(refused.errors[0].field, 'audioId');
  const bare = await client.call('createProject', { json: advertisement });
  await client.call('getSongMap', { params: bare, status: 404 });
});

test('the catalogue says what can be chosen', async () => {
  const { directorConfigs, modes } = await client.call('listDirectorConfigs');
  assert.ok(directorConfigs.length >= 10);
  assert.ok(directorConfigs.some((d) => d.name === 'noir'));
  assert.deepEqual(directorConfigs.map((d) => d.name), directorConfigs.map((d) => d.name).sort());
  assert.equal(modes.find((m) => m.name === 'music-video').needsSong, true);
  assert.equal(modes.find((m) => m.name === 'ad-creative').needsSong, false);
  const { models, planners, imageModels, musicModels, voiceModels } = await client.call('listModels');
  assert.equal(models.find((m) => m.name === 'animatic').usdPerSecond, 0);
  assert.deepEqual([planners[0], imageModels[0]].map((m) => [m.name, m.usdEach, m.configured]), [['offline', 0, true], ['card', 0, true]]);
  const gemini = planners.find((m) => m.name === 'gemini'), painted = imageModels.find((m) => m.name === 'nano-banana-2');
  assert.ok(gemini.usdEach > 0 && !gemini.configured && /KEY|TOKEN/.test(gemini.lacks));
  assert.ok(painted.usdEach > 0 && painted.lacks);
  assert.deepEqual(musicModels.find((m) => m.name === 'lyria-2').lengths, [30]);
  assert.ok([...musicModels, ...voiceModels].every((m) => m.usdPerSecond > 0 && m.lacks));
});
