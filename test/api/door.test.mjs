// The door: who may come in, by which name, and what every answer carries.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { address, operations } from './contract.mjs';
import { Client, Events } from './client.mjs';
import { Server } from './server.mjs';
import { advertisement, client, direct, film, nowhere, program, server } from './world.mjs';

const token = 'open-sesame-0123456789';
const guarded = await Server.start({ args: ['--token', token] });
const stranger = new Client(guarded.url);
const guest = new Client(guarded.url, { headers: { Authorization: `Bearer ${token}` } });
after(async () => { stranger.close(); guest.close(); await guarded.stop(); });

const at = (o) => address(o.id, { projectId: nowhere, sequence: 1, take: 1, referenceId: nowhere, entryId: nowhere, format: 'otio', key: 'a/b', callToken: 'x' });
const body = (o) => (o.json.requestBody ? { json: {} } : {});

for (const o of operations.filter((one) => one.responses[401] && one.id !== 'signIn')) {
  test(`${o.id}: without the token, or with a wrong one, 401`, async () => {
    for (const headers of [{}, { Authorization: 'Bearer wrong' }, { Authorization: `Bearer ${token}x` }, { Authorization: `Basic ${token}` }, { 'X-API-Key': 'wrong' }, { Cookie: 'storyreel_session=wrong' }]) {
      const reply = await stranger.ask(o.method, at(o), { ...body(o), headers });
      assert.equal(reply.status, 401, JSON.stringify(headers));
      assert.ok(!reply.body.includes(token));
    }
  });
}

test('the token is taken in both ways, and traded for a cookie', async () => {
  assert.equal((await guest.ask('GET', '/api/mv/projects')).status, 200);
  assert.equal((await stranger.ask('GET', '/api/mv/projects', { headers: { 'X-API-Key': token } })).status, 200);
  await stranger.call('signIn', { json: { token: 'wrong' }, status: 401 });
  const signed = await stranger.ask('POST', '/api/session', { json: { token } });
  assert.equal(signed.status, 204);
  const cookie = [signed.headers['set-cookie']].flat()[0];
  assert.match(cookie, /HttpOnly/i);
  assert.match(cookie, /SameSite=Strict/i);
  assert.match(cookie, /Path=\//i);
  assert.ok(!cookie.includes(token));
  const headers = { Cookie: cookie.split(';')[0] };
  assert.equal((await stranger.ask('GET', '/api/mv/projects', { headers })).status, 200);
  const stream = await Events.open(new Client(guarded.url, { headers }));
  stream.close();
  const out = await stranger.ask('DELETE', '/api/session', { headers });
  assert.equal(out.status, 204);
  for (const spoilt of [headers.Cookie.slice(0, -1), `${headers.Cookie}x`]) {
    assert.equal((await stranger.ask('GET', '/api/mv/projects', { headers: { Cookie: spoilt } })).status, 401);
  }
});

test('health and readiness need no token; signed addresses are their own', async () => {
  for (const target of ['/healthz', '/readyz']) assert.equal((await stranger.ask('GET', target)).status, 200);
  const p = await guest.call('createProject', { json: advertisement });
  const stream = await Events.open(stranger, p.eventsUrl);
  stream.close();
  assert.equal((await stranger.ask('GET', '/media/mv/projects/x')).status, 403);
});

for (const o of operations) {
  test(`${o.id}: under a foreign name, or from a foreign page, 403`, async () => {
    const cases = [{ Host: 'evil.example' }, { Host: `evil.example:${server.port}` }, { Host: '127.0.0.1.evil.example' }, { Host: 'localhost.evil.example' }, { Host: 'localhost:80x' }];
    if (o.method !== 'GET') cases.push({ Origin: 'https://evil.example' }, { Origin: 'null' }, { 'Sec-Fetch-Site': 'cross-site' }, { 'Sec-Fetch-Site': 'same-site' }, { Origin: `http://127.0.0.1:${server.port + 1}` });
    for (const headers of cases) {
      const reply = await direct.ask(o.method, at(o), { ...body(o), headers });
      assert.equal(reply.status, 403, JSON.stringify(headers));
    }
  });
}

test('loopback has its names, and our own pages may ask', async () => {
  for (const Host of [`localhost:${server.port}`, `127.0.0.1:${server.port}`, `[::1]:${server.port}`]) {
    assert.equal((await direct.ask('GET', '/api/mv/models', { headers: { Host } })).status, 200, Host);
  }
  const own = `http://127.0.0.1:${server.port}`;
  for (const headers of [{ Origin: own }, { 'Sec-Fetch-Site': 'same-origin', Origin: own }, { 'Sec-Fetch-Site': 'none' }]) {
    const reply = await direct.ask('POST', '/api/mv/projects', { json: advertisement, headers });
    assert.equal(reply.status, 201, JSON.stringify(headers));
  }
  const asked = await direct.send('OPTIONS', '/api/mv/projects', { headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' } });
  assert.equal(asked.headers['access-control-allow-origin'], undefined);
});

test('every kind of answer carries the security headers, none says what we are made of', async () => {
  const p = await film();
  for (const target of ['/', '/api/', '/api/mv/projects', '/api/nothing', '/healthz', '/nothing', p.finalOutputUrl, p.posterUrl, '/media/x', '/api/openapi.yaml']) {
    for (const method of ['GET', 'HEAD']) {
      const { headers } = await client.send(method, target);
      assert.equal(headers['x-content-type-options'], 'nosniff', target);
      assert.match(headers['referrer-policy'] ?? '', /^(same-origin|no-referrer)$/, target);
      assert.equal(headers['cross-origin-opener-policy'], 'same-origin', target);
      assert.match(headers['content-security-policy'] ?? '', /frame-ancestors 'none'/, target);
      assert.ok(headers['x-request-id'], target);
      assert.equal(headers.server, undefined);
      assert.equal(headers['access-control-allow-origin'], undefined);
    }
  }
});

test('a browser page is given at /, HEAD says the same without a body, unknown pages are 404 and no JSON', async () => {
  const page = await client.send('GET', '/');
  assert.equal(page.status, 200);
  assert.match(page.headers['content-type'], /^text\/html; charset=utf-8/i);
  assert.match(page.body.toString(), /Storyreel/);
  const head = await client.send('HEAD', '/');
  assert.equal(head.status, 200);
  assert.equal(head.body.length, 0);
  assert.equal(head.headers['content-length'], page.headers['content-length']);
  assert.equal((await client.send('GET', '/', { headers: { 'If-None-Match': page.headers.etag } })).status, 304);
  for (const target of ['/nothing', '/nothing.js', '/..%2f..%2fetc/passwd', '/%00', '/a/../../b', '/.git/config']) {
    const reply = await client.send('GET', target);
    assert.equal(reply.status, 404, target);
    assert.ok(!/json/.test(reply.headers['content-type']), target);
  }
});

test('beyond loopback a token is wanted at the start', () => {
  const run = spawnSync(program, ['serve', '--listen', '0.0.0.0:0', '--data', join(guarded.data, 'other')], { encoding: 'utf8', timeout: 30_000, env: { ...process.env, STORYREEL_TOKEN: '' } });
  assert.equal(run.signal, null, 'it kept running');
  assert.notEqual(run.status, 0);
  assert.match(run.stderr, /token/);
});

test('the token comes from the environment as well', async () => {
  const other = await Server.start({ env: { STORYREEL_TOKEN: token } });
  const one = new Client(other.url);
  assert.equal((await one.ask('GET', '/api/mv/models')).status, 401);
  assert.equal((await one.ask('GET', '/api/mv/models', { headers: { 'X-API-Key': token } })).status, 200);
  one.close();
  assert.equal(await other.stop(), 0, 'SIGTERM ends it in good order');
});
