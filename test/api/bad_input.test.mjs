// Bad input gets its documented answer, says what is wrong and where, and leaves no file and no record behind.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { test } from 'node:test';
import { address, operations, resolve } from './contract.mjs';
import { multipart } from './client.mjs';
import { advertisement, client, film, nowhere, pause, picture, picturePart, server, song, songPart, traces } from './world.mjs';

const MIB = 1 << 20;
const bodies = operations.filter((o) => o.json.requestBody);
const ofJson = bodies.filter((o) => o.json.requestBody.content['application/json'] && o.id !== 'receiveHint');   // signed bytes: hints.test.mjs
const ofForms = bodies.filter((o) => o.json.requestBody.content['multipart/form-data']);

// A test whose requests must change nothing at all.
function harmless(title, work) {
  test(title, async () => {
    const p = await film();
    await pause(50);
    const before = traces();
    await work(p);
    await pause(50);
    assert.deepEqual(traces(), before, 'something was left behind');
  });
}

const at = (o, p) => address(o.id, { projectId: p.projectId, sequence: p.sceneOrder[0], take: 1, referenceId: nowhere, entryId: nowhere });

// A body each operation would accept, to be spoilt.
const valid = {
  createProject: advertisement, editProject: { title: 'A' }, draftPlan: { again: true }, generateFilm: { scenes: [1] },
  addScene: { idea: 'A' }, reorderScenes: { sceneOrder: [1, 2, 3] }, editScene: { title: 'A' }, regenerateScene: { seed: 2 },
  rewriteScene: { instruction: 'closer' }, syncLips: { temperature: 0.5 }, composeFilm: { partial: false },
  decideEntry: { decision: 'wait' }, trimScene: { trimPoints: { in: 0, out: 1 } }, generateReference: { description: 'A' },
  uploadReference: { url: 'https://example.com/a.png' }, analyzeAudio: { url: 'https://example.com/a.wav' }, signIn: { token: 'A' },
  generateMusic: { projectId: nowhere, prompt: 'A' },
};

for (const o of ofJson) {
  harmless(`${o.id}: what is not its JSON is refused`, async (p) => {
    const headers = { 'Content-Type': 'application/json' };
    const cases = {
      'cut short': '{"title": "a', 'two values': '{} {}', 'a list': '[]', 'a text': '"x"', 'a comma too many': '{"a": 1,}', 'not a number': '{"seed": NaN}',
      'a name twice': '{"version": 1, "version": 2}', 'bytes that are no UTF-8': Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
      'a lone surrogate': '{"title": "\\ud800"}', 'nothing but spaces': '   ', 'deep nesting': '['.repeat(5000) + ']'.repeat(5000), 'a null byte': '{"title": "a\\u0000b"}',
    };
    for (const [what, body] of Object.entries(cases)) {
      const reply = await client.ask(o.method, at(o, p), { body, headers });
      assert.equal(reply.status, 400, `${what}: ${reply.body}`);
      assert.ok(reply.json.detail, what);
    }
  });

  harmless(`${o.id}: a member it does not know is named`, async (p) => {
    const reply = await client.ask(o.method, at(o, p), { json: { ...valid[o.id], promtp: 'x' } });
    assert.equal(reply.status, 400, `${reply.body}`);
    assert.match(reply.json.errors[0].field, /promtp/);
  });

  harmless(`${o.id}: more than 1 MiB of JSON is too much`, async (p) => {
    const reply = await client.ask(o.method, at(o, p), { json: { ...valid[o.id], filler: 'x'.repeat(MIB) } });
    assert.equal(reply.status, 413, `${reply.body}`);
  });

  harmless(`${o.id}: a body of another type is refused`, async (p) => {
    for (const type of ['text/plain', 'application/xml', 'application/x-www-form-urlencoded']) {
      const reply = await client.ask(o.method, at(o, p), { body: JSON.stringify(valid[o.id]), headers: { 'Content-Type': type } });
      assert.equal(reply.status, 415, `${type}: ${reply.body}`);
    }
  });

  harmless(`${o.id}: members of the wrong type, range or length are named`, async (p) => {
    for (const [member, wrong] of spoilt(o)) {
      const reply = await client.ask(o.method, at(o, p), { json: { ...valid[o.id], [member]: wrong } });
      assert.equal(reply.status, 400, `${member} ${JSON.stringify(wrong)?.slice(0, 80)}: ${reply.body}`);
      assert.ok(reply.json.errors?.some((e) => e.field.startsWith(member)), `${member}: ${reply.body}`);
    }
  });
}

// Wrong values for every member of an operation's body, read off the contract.
function* spoilt(o) {
  const { properties } = resolved(o.json.requestBody.content['application/json'].schema);
  for (const [member, node] of Object.entries(properties)) {
    const s = resolved(node);
    yield [member, null];
    yield [member, s.type === 'object' ? 'x' : { a: 1 }];
    if (s.type === 'string') yield [member, 5];
    else yield [member, 'x'];
    if (s.type === 'string' && s.maxLength) yield [member, 'x'.repeat(s.maxLength + 1)];
    if (s.type === 'string' && s.minLength) yield [member, ''];
    if (s.enum) yield [member, 'neither'];
    if (s.type === 'integer') yield [member, 1.5];
    if (s.maximum !== undefined) yield [member, s.maximum + 1];
    if (s.minimum !== undefined) yield [member, s.minimum - 1];
    if (s.exclusiveMinimum !== undefined) yield [member, s.exclusiveMinimum];
    if (s.type === 'array') { yield [member, []]; yield [member, ['x']]; yield [member, Array(s.maxItems + 1).fill(1)]; }
  }
}

function resolved(node) {
  const whole = resolve(node);
  return Object.assign({}, ...(whole.allOf ?? []).map(resolved), whole);
}

// ---- things that are not there ----

for (const o of operations.filter((one) => one.path.includes('{') && !['getMedia', 'receiveHint'].includes(one.id))) {
  harmless(`${o.id}: an id of nothing, or of no kind, is 404`, async (p) => {
    const form = o.json.requestBody && !o.json.requestBody.content['application/json'];
    const send = form ? { form: [{ name: 'video', file: 'a', type: 'video/mp4', bytes: picture }] } : { json: valid[o.id] };
    const ids = [nowhere, 'x', '%00', '..%2f..%2fetc', '%F0%9F%92%A9', `${nowhere}0`, nowhere.toLowerCase(), "'--", 'A'.repeat(300)];
    for (const id of ids) {
      const target = o.path.replace(/\{(projectId|referenceId)\}/, id).replace('{sequence}', '1').replace('{take}', '1').replace('{entryId}', nowhere);
      const reply = await client.ask(o.method, target, send);
      assert.equal(reply.status, 404, `${id}: ${reply.body}`);
    }
    if (!o.path.includes('{sequence}')) return;
    for (const sequence of ['99', '0', '-1', '1.5', 'x', '99999999999999999999', '1%20']) {
      const target = o.path.replace('{projectId}', p.projectId).replace('{sequence}', sequence).replace('{take}', '1');
      const reply = await client.ask(o.method, target, send);
      assert.equal(reply.status, 404, `${sequence}: ${reply.body}`);
    }
  });
}

harmless('an entry that is not in the ledger cannot be decided', async (p) => {
  for (const entryId of [nowhere, 'x', 'A'.repeat(64)]) await client.call('decideEntry', { params: { projectId: p.projectId, entryId }, json: { decision: 'forget' }, status: 404 });
});

harmless('lists have their bounds', async () => {
  for (const query of ['limit=0', 'limit=101', 'limit=x', 'limit=-1', 'limit=', 'status=done', 'cursor=nonsense', `cursor=${'x'.repeat(600)}`]) {
    const reply = await client.ask('GET', `/api/mv/projects?${query}`);
    assert.equal(reply.status, 400, `${query}: ${reply.body}`);
    assert.equal(reply.json.errors[0].field, query.split('=')[0]);
  }
  const p = await film();
  assert.equal((await client.ask('GET', `/api/mv/projects/${p.projectId}/final-video?download=yes`)).status, 400);
});

harmless('what leads nowhere on the API is a problem, never a page', async () => {
  for (const target of ['/api/nothing', '/api/mv', '/api/mv/projects/', '/api/mv/project', '/api//mv/projects', `/api/mv/projects/${nowhere}/nothing`]) {
    const reply = await client.send('GET', target);
    assert.equal(reply.status, 404, target);
    assert.equal(reply.headers['content-type'], 'application/problem+json');
    assert.equal(reply.json.status, 404);
  }
  for (const [method, target] of [['PUT', '/api/mv/projects'], ['DELETE', '/api/mv/projects'], ['POST', '/healthz'], ['PATCH', '/api/openapi.yaml'], ['TRACE', '/api/mv/projects']]) {
    const reply = await client.send(method, target);
    assert.equal(reply.status, 405, `${method} ${target}`);
    assert.match(reply.headers.allow, /[A-Z]/);
    assert.equal(reply.headers['content-type'], 'application/problem+json');
  }
});

harmless('sense is checked too', async (p) => {
  const wrong = {
    'a mode there is not': [{ ...advertisement, mode: 'opera' }, 400, 'mode'],
    'a style there is not': [{ ...advertisement, directorConfig: 'noire' }, 400, 'directorConfig'],
    'a style that is a path': [{ ...advertisement, directorConfig: '../../etc/passwd' }, 400, 'directorConfig'],
    'a model there is not': [{ ...advertisement, video: 'veo-99' }, 400, 'video'],
    'a planner there is not': [{ ...advertisement, planner: 'nobody' }, 400, 'planner'],
    'an advertisement of half an hour': [{ ...advertisement, targetDuration: 1800 }, 422, undefined],
    'a music video without a song': [{ conceptPrompt: 'x' }, 400, 'audio'],
    'a concept of spaces': [{ ...advertisement, conceptPrompt: '   ' }, 400, 'conceptPrompt'],
    'a webhook that is no web address': [{ ...advertisement, webhookUrl: 'ftp://example.com/' }, 400, 'webhookUrl'],
  };
  for (const [what, [json, status, field]] of Object.entries(wrong)) {
    const reply = await client.ask('POST', '/api/mv/projects', { json });
    assert.equal(reply.status, status, `${what}: ${reply.body}`);
    if (field) assert.equal(reply.json.errors[0].field, field, what);
    assert.ok(reply.json.next, `${what}: ${reply.body}`);
  }
  const clash = await client.ask('PATCH', `/api/mv/projects/${p.projectId}`, { json: { targetDuration: 1800 } });
  assert.equal(clash.status, 422, `${clash.body}`);
  const scene = `/api/mv/projects/${p.projectId}/scenes`;
  for (const reply of [await client.ask('POST', scene, { json: { idea: 'Dawn', duration: 600 } }),
    await client.ask('PATCH', `${scene}/${p.sceneOrder[0]}`, { json: { duration: 600 } })]) {
    assert.equal(reply.status, 422, `${reply.body}`);
    assert.equal(reply.json.errors[0].field, 'duration');
  }
});

// ---- forms ----

const part = { createProject: songPart(2), uploadTake: { ...songPart(2), name: 'video' }, uploadReference: picturePart('image'), analyzeAudio: songPart(2) };
const texts = { createProject: [{ name: 'conceptPrompt', value: 'A' }], uploadTake: [], uploadReference: [], analyzeAudio: [] };

for (const o of ofForms) {
  harmless(`${o.id}: forms that are broken, lie or lack something are refused`, async (p) => {
    const target = at(o, p), file = part[o.id];
    const whole = multipart([...texts[o.id], file]);
    const asForm = (body, type = whole.type) => client.ask(o.method, target, { body, headers: { 'Content-Type': type } });
    const wants = (reply, statuses, what) => assert.ok(statuses.includes(reply.status), `${what}: ${reply.status} ${reply.body.subarray(0, 300)}`);
    wants(await asForm(whole.body.subarray(0, whole.body.length - 200)), [400], 'cut short');
    wants(await asForm(whole.body, 'multipart/form-data'), [400], 'no boundary');
    wants(await asForm(whole.body, 'multipart/form-data; boundary=other'), [400], 'another boundary');
    wants(await asForm(Buffer.alloc(0)), [400], 'nothing');
    wants(await asForm(whole.body, 'application/octet-stream'), [415], 'another type');
    wants(await client.ask(o.method, target, { form: [...texts[o.id], { name: 'other', value: 'x' }] }), [400], 'a part it does not know');
    wants(await client.ask(o.method, target, { form: [...texts[o.id], file, file] }), [400], 'a file twice');
    wants(await client.ask(o.method, target, { form: [...texts[o.id], { ...file, bytes: Buffer.alloc(0) }] }), [400, 422], 'an empty file');
    wants(await client.ask(o.method, target, { form: [...texts[o.id], { ...file, bytes: Buffer.from('<html>no</html>') }] }), [422], 'a file that lies');
    wants(await client.ask(o.method, target, { form: [...texts[o.id], { ...file, bytes: file.bytes.subarray(0, 30) }] }), [422], 'a file cut short');
    wants(await client.ask(o.method, target, { form: [...texts[o.id], { ...file, file: '../../../etc/cron.d/x', bytes: Buffer.from('x') }] }), [422], 'a name that is a path');
    wants(await client.ask(o.method, target, { form: Array.from({ length: 200 }, (_, i) => ({ name: `p${i}`, value: 'x' })) }), [400, 413], '200 parts');
  });
}

harmless('a form without what is needed is refused by name', async () => {
  const bare = await client.ask('POST', '/api/mv/projects', { form: [songPart(2)] });
  assert.equal(bare.status, 400);
  assert.equal(bare.json.errors[0].field, 'conceptPrompt');
  const silent = await client.ask('POST', '/api/mv/projects', { form: [{ name: 'conceptPrompt', value: 'x' }] });
  assert.equal(silent.status, 400);
  assert.equal(silent.json.errors[0].field, 'audio');
  for (const [name, value, field] of [['seed', 'x', 'seed'], ['overlay', 'maybe', 'overlay'], ['targetDuration', '1e999', 'targetDuration'], ['aspect', '5:4', 'aspect'], ['conceptPrompt', 'again', 'conceptPrompt']]) {
    const reply = await client.ask('POST', '/api/mv/projects', { form: [{ name: 'conceptPrompt', value: 'x' }, songPart(2), { name, value }] });
    assert.equal(reply.status, 400, `${name}: ${reply.body}`);
    assert.equal(reply.json.errors[0].field, field);
  }
  const bytes = await client.ask('POST', '/api/mv/projects', { form: [{ name: 'conceptPrompt', file: 'x', type: 'text/plain', bytes: Buffer.from([0xc3, 0x28]) }, songPart(2)] });
  assert.equal(bytes.status, 400, `${bytes.body}`);
});

harmless('a song with a picture in its place, and a picture with a song, are told apart by what is in them', async () => {
  for (const [name, bytes] of [['audio', picture], ['images', song(2)]]) {
    const rest = name === 'audio' ? [] : [songPart(2)];
    const reply = await client.ask('POST', '/api/mv/projects', { form: [{ name: 'conceptPrompt', value: 'x' }, ...rest, { name, file: 'a', type: name === 'audio' ? 'audio/wav' : 'image/png', bytes }] });
    assert.equal(reply.status, 422, `${name}: ${reply.body}`);
    assert.ok(reply.json.next);
  }
});

// ---- sizes and streams that never end ----

// Begin a request and see what is answered, however much of the body was sent.
function begin(method, target, headers, feed) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port: server.port, method, path: target, headers });
    request.on('error', (error) => (request.answered ? undefined : reject(error)));
    request.on('response', (response) => {
      request.answered = true;
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', () => {});
      response.on('close', () => { request.destroy(); resolve({ status: response.statusCode, body: Buffer.concat(chunks).toString() }); });
    });
    request.flushHeaders();
    feed?.(request);
  });
}

harmless('2 GiB and one byte are refused before they are sent', async (p) => {
  for (const o of ofForms) {
    const headers = { 'Content-Type': 'multipart/form-data; boundary=b', 'Content-Length': String(2 ** 31 + 1 + 65536) };
    const reply = await begin(o.method, at(o, p), headers);
    assert.equal(reply.status, 413, `${o.id}: ${reply.body}`);
  }
  const json = await begin('POST', '/api/mv/projects', { 'Content-Type': 'application/json', 'Content-Length': String(8 * MIB) });
  assert.equal(json.status, 413);
});

// Said on a bare socket: what a client hears that goes on sending is up to its kernel, what the server takes is not.
harmless('a body without an end is cut off at its limit', async () => {
  const socket = net.connect(server.port, '127.0.0.1');
  let sent = 0, heard = '';
  socket.on('data', (bytes) => { heard += bytes; });
  socket.on('error', () => {});
  socket.write(`POST /api/mv/projects HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`);
  const chunk = Buffer.from(`10000\r\n${' '.repeat(65536)}\r\n`);
  while (!socket.destroyed && sent < 256 * MIB) {
    if (!socket.write(chunk)) await Promise.race([once(socket, 'drain'), once(socket, 'close')].map((event) => event.catch(() => {})));
    sent += 65536;
  }
  assert.ok(sent < 32 * MIB, `${sent} bytes were taken`);
  if (heard) assert.match(heard, /^HTTP\/1\.1 413 /);
});

harmless('a client that goes away in the middle of an upload leaves nothing', async () => {
  const { body, type } = multipart([{ name: 'conceptPrompt', value: 'x' }, songPart(6)]);
  await Promise.all([0.1, 0.5, 0.99].map((share) => new Promise((resolve) => {
    const request = http.request({ host: '127.0.0.1', port: server.port, method: 'POST', path: '/api/mv/projects', headers: { 'Content-Type': type, 'Content-Length': body.length } });
    request.on('error', () => {});
    request.on('close', resolve);
    request.write(body.subarray(0, Math.floor(body.length * share)), () => setTimeout(() => request.destroy(), 50));
  })));
  await pause(300);
});

// ---- media ----

harmless('parts of a file: exact, and outside it 416', async (p) => {
  const whole = await client.ask('GET', p.finalOutputUrl), n = whole.body.length;
  assert.equal(whole.headers['accept-ranges'], 'bytes');
  assert.equal(whole.headers['content-type'], 'video/mp4');
  assert.equal(whole.headers['x-content-type-options'], 'nosniff');
  assert.match(whole.headers['cache-control'], /immutable/);
  const parts = { 'bytes=0-0': [0, 0], 'bytes=0-': [0, n - 1], 'bytes=10-19': [10, 19], 'bytes=-5': [n - 5, n - 1], [`bytes=${n - 1}-${n + 100}`]: [n - 1, n - 1], [`bytes=-${n + 100}`]: [0, n - 1] };
  for (const [range, [first, last]] of Object.entries(parts)) {
    const reply = await client.ask('GET', p.finalOutputUrl, { headers: { Range: range } });
    assert.equal(reply.status, 206, range);
    assert.equal(reply.headers['content-range'], `bytes ${first}-${last}/${n}`);
    assert.deepEqual(reply.body, whole.body.subarray(first, last + 1));
    const head = await client.ask('HEAD', p.finalOutputUrl, { headers: { Range: range } });
    assert.ok([200, 206].includes(head.status) && head.body.length === 0);
  }
  for (const range of [`bytes=${n}-`, `bytes=${n + 5}-${n + 9}`, 'bytes=-0', 'bytes=99999999999999999999-']) {
    const reply = await client.ask('GET', p.finalOutputUrl, { headers: { Range: range } });
    assert.equal(reply.status, 416, range);
    assert.equal(reply.headers['content-range'], `bytes */${n}`);
  }
  for (const range of ['bytes=5-2', 'bytes=a-b', 'lines=1-2', 'bytes', 'bytes=', 'bytes=1-2,5-6']) {
    const reply = await client.ask('GET', p.finalOutputUrl, { headers: { Range: range } });
    assert.equal(reply.status, 200, range);
    assert.equal(reply.body.length, n);
  }
  const same = await client.ask('GET', p.finalOutputUrl, { headers: { Range: 'bytes=0-3', 'If-Range': whole.headers.etag } });
  assert.equal(same.status, 206);
  const changed = await client.ask('GET', p.finalOutputUrl, { headers: { Range: 'bytes=0-3', 'If-Range': '"other"' } });
  assert.equal(changed.status, 200);
  const kept = await client.ask('GET', p.finalOutputUrl, { headers: { 'If-None-Match': whole.headers.etag } });
  assert.equal(kept.status, 304);
});

harmless('an address that was altered, has expired or is unsigned is 403 and says nothing', async (p) => {
  const url = new URL(p.finalOutputUrl, 'http://a'), key = url.pathname;
  const e = url.searchParams.get('e'), s = url.searchParams.get('s');
  const flip = (text) => (text[5] === 'A' ? 'B' : 'A');
  const cases = [key, `${key}?e=${e}`, `${key}?s=${s}`, `${key}?e=${Number(e) + 1}&s=${s}`, `${key}?e=1&s=${s}`, `${key}?e=${e}&s=${s.slice(0, 5)}${flip(s)}${s.slice(6)}`,
    `${key}?e=${e}&s=${s}A`, `${key}?e=${e}&s=`, `${key}?e=x&s=${s}`, `${key}x?e=${e}&s=${s}`, `${key.replace('film', 'audio')}?e=${e}&s=${s}`,
    `/media/mv/projects/${p.projectId}/film/../../../../store.db?e=${e}&s=${s}`, `/media/..%2f..%2fetc%2fpasswd?e=${e}&s=${s}`, `/media/%00?e=${e}&s=${s}`,
    `/media/${nowhere}?e=${e}&s=${s}`];
  const answers = new Set();
  for (const target of cases) {
    const reply = await client.ask('GET', target);
    assert.ok([403, 404].includes(reply.status), `${target}: ${reply.status}`);
    if (reply.status === 403) answers.add(reply.json.detail);
    assert.ok(!reply.body.includes(p.projectId) && !reply.body.includes('/media/'), `${reply.body}`);
  }
  assert.equal(answers.size, 1, [...answers].join(' | '));
});
