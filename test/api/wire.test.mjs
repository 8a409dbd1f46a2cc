// What only a raw socket can say: requests meant to be read two ways, headers without end, clients that take their time.
import assert from 'node:assert/strict';
import net from 'node:net';
import { describe, test } from 'node:test';
import { direct, film, pause, server, traces } from './world.mjs';

// Say something, and gather what comes back until the server closes or nothing more comes for `quiet` ms.
function say(pieces, { quiet = 1500, every = 0, limit = 60_000 } = {}) {
  return new Promise((resolve) => {
    const socket = net.connect(server.port, '127.0.0.1'), began = Date.now();
    let text = '', late, closed = false;
    const finish = () => { clearTimeout(late); clearTimeout(end); socket.destroy(); resolve({ text, closed, ms: Date.now() - began, statuses: [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((m) => Number(m[1])) }); };
    const end = setTimeout(finish, limit);
    const rest = () => { clearTimeout(late); late = setTimeout(finish, quiet); };
    socket.on('data', (bytes) => { text += bytes.toString('latin1'); rest(); });
    socket.on('error', () => { closed = true; finish(); });
    socket.on('close', () => { closed = true; finish(); });
    socket.on('connect', async () => {
      for (const piece of [pieces].flat()) {
        if (socket.destroyed) return;
        socket.write(piece);
        if (every) await pause(every);
      }
      if (!every) rest();
    });
  });
}

const host = () => `Host: 127.0.0.1:${server.port}\r\n`;
const json = '{"conceptPrompt":"x","mode":"ad-creative"}';
const post = (headers, body) => `POST /api/mv/projects HTTP/1.1\r\n${host()}Content-Type: application/json\r\n${headers}\r\n${body}`;
const smuggled = () => `GET /healthz HTTP/1.1\r\n${host()}\r\n`;

// A request that could be read two ways is refused, its connection is closed, and what hides in it is never answered.
// (The library writes the header of refusals of its own twice before it closes.)
const twofold = {
  'Content-Length and Transfer-Encoding': () => post('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${smuggled()}`),
  'Transfer-Encoding and Content-Length': () => post('Transfer-Encoding: chunked\r\nContent-Length: 5\r\n', `0\r\n\r\n${smuggled()}`),
  'two lengths': () => post(`Content-Length: 0\r\nContent-Length: ${smuggled().length}\r\n`, smuggled()),
  'the same length twice': () => post(`Content-Length: ${json.length}\r\nContent-Length: ${json.length}\r\n`, json + smuggled()),
  'a list of lengths': () => post(`Content-Length: 0, ${smuggled().length}\r\n`, smuggled()),
  'a signed length': () => post('Content-Length: +5\r\n', `12345${smuggled()}`),
  'a length in hex': () => post('Content-Length: 0x5\r\n', `12345${smuggled()}`),
  'a length with a tail': () => post('Content-Length: 5 5\r\n', `12345${smuggled()}`),
  'a negative length': () => post('Content-Length: -1\r\n', smuggled()),
  'a length past all numbers': () => post('Content-Length: 99999999999999999999999\r\n', smuggled()),
  'an unknown coding': () => post('Transfer-Encoding: xchunked\r\n', smuggled()),
  'a coding after chunked': () => post('Transfer-Encoding: chunked, identity\r\n', `0\r\n\r\n${smuggled()}`),
  'two codings': () => post('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n', `0\r\n\r\n${smuggled()}`),
  'a folded coding': () => post('Transfer-Encoding:\r\n xchunked\r\n', `0\r\n\r\n${smuggled()}`),
  'a space before the colon': () => post('Content-Length : 5\r\n', `12345${smuggled()}`),
  'a tab in a name': () => post('Content-\tLength: 5\r\n', `12345${smuggled()}`),
  'a chunk that lies': () => post('Transfer-Encoding: chunked\r\n', `zz\r\nhello\r\n0\r\n\r\n${smuggled()}`),
  'a chunk too long for its number': () => post('Transfer-Encoding: chunked\r\n', `ffffffffffffffff1\r\nhello\r\n0\r\n\r\n${smuggled()}`),
  'two Hosts': () => `GET /healthz HTTP/1.1\r\n${host()}Host: example.com\r\n\r\n`,
  'a header without a colon': () => `GET /healthz HTTP/1.1\r\n${host()}nonsense\r\n\r\n`,
  'a bare return': () => `GET /healthz HTTP/1.1\r\n${host()}X-A: a\rX-B: b\r\n\r\n`,
  'no Host': () => 'GET /healthz HTTP/1.1\r\n\r\n',
  'no version': () => `GET /healthz\r\n${host()}\r\n`,
  'another version': () => `GET /healthz HTTP/3.0\r\n${host()}\r\n`,
  'a space in the address': () => `GET /health z HTTP/1.1\r\n${host()}\r\n`,
};

for (const [what, request] of Object.entries(twofold)) {
  test(`${what}: refused, and the connection is closed`, async () => {
    const before = traces();
    const answer = await say(request());
    for (const status of answer.statuses) assert.ok(status >= 400 && status < 600, answer.text.slice(0, 600));
    assert.ok(answer.closed, `still open: ${answer.text.slice(0, 300)}`);
    assert.ok(!answer.text.includes('"version"'), 'the hidden request was answered');
    assert.deepEqual(traces(), before);
  });
}

// What RFC 9112 lets a server read in one way (2.2, 5.2) or our library reads past, and in which way it is read here: the
// message ends where it would have ended, and nothing hides in it.
const lenient = {
  'lines that end in a bare line feed': [() => `GET /healthz HTTP/1.1\n${host().replace('\r', '')}\n`, [200]],
  'a folded header is one line': [() => post('Content-Length: 0\r\nX-A: b\r\n c\r\n', smuggled()), [400, 200]],
  'a line without a name is passed over': [() => `GET /healthz HTTP/1.1\r\n${host()}: x\r\n\r\n`, [200]],
  'a value ends at a null byte': [() => `GET /healthz HTTP/1.1\r\n${host()}X-A: a\0Content-Length: 5\r\n\r\n`, [200]],
  'an empty line before the request': [() => `\r\n${smuggled()}`, [200]],
};

for (const [what, [request, statuses]] of Object.entries(lenient)) {
  test(`${what}: read in the one way there is`, async () => {
    assert.deepEqual((await say(request())).statuses, statuses);
  });
}

test('requests in one breath are answered in their order', async () => {
  const requests = ['/healthz', '/api/mv/models', '/healthz', '/api/nothing'].map((path) => `GET ${path} HTTP/1.1\r\n${host()}\r\n`).join('');
  const answer = await say(requests);
  assert.deepEqual(answer.statuses, [200, 200, 200, 404]);
});

test('a body sent byte by byte is a body all the same', async () => {
  const request = `POST /api/session HTTP/1.1\r\n${host()}Content-Type: application/json\r\nContent-Length: 13\r\nConnection: close\r\n\r\n`;
  const answer = await say([request, ...'{"token": "x"}'.slice(0, 13)], { every: 20 });
  assert.deepEqual(answer.statuses, [400]);
  const chunked = `POST /api/mv/projects/x/generate HTTP/1.1\r\n${host()}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`;
  const pieces = await say([chunked, '1;ext=1\r\n{\r\n', '1\r\n}\r\n', '0\r\n', '\r\n'], { every: 20 });
  assert.deepEqual(pieces.statuses, [404]);
});

test('the client that waits to be asked is asked to continue, or refused at once', async () => {
  const go = await say([`POST /api/session HTTP/1.1\r\n${host()}Content-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`, '{}'], { every: 300 });
  assert.equal(go.statuses.at(-1), 400);
  const no = await say(`POST /api/mv/projects HTTP/1.1\r\n${host()}Content-Type: application/json\r\nContent-Length: 99999999\r\nExpect: 100-continue\r\n\r\n`);
  assert.equal(no.statuses[0], 413, no.text.slice(0, 300));
});

// They wait for the server's patience to end, side by side.
describe('clients that take their time', { concurrency: true }, () => {
  test('headers have their limits: 100 fields, 16 KiB', async () => {
    const get = (fields) => say(`GET /healthz HTTP/1.1\r\n${host()}${fields}\r\n`);
    const many = (count) => Array.from({ length: count }, (_, i) => `X-${i}: a\r\n`).join('');
    assert.deepEqual((await get(many(90))).statuses, [200]);
    const tooMany = await get(many(101));
    assert.deepEqual(tooMany.statuses, [431]);
    assert.deepEqual((await get(`X-Long: ${'a'.repeat(8000)}\r\n`)).statuses, [200]);
    for (const fields of [`X-Long: ${'a'.repeat(20_000)}\r\n`, many(20).replaceAll(': a', `: ${'a'.repeat(1000)}`), `${'X'.repeat(20_000)}: a\r\n`]) {
      const tooLong = await get(fields);
      assert.ok(tooLong.statuses.every((s) => s >= 400) && (tooLong.closed || tooLong.statuses.length), tooLong.text.slice(0, 300));
    }
    const address = await say(`GET /${'a'.repeat(40_000)} HTTP/1.1\r\n${host()}\r\n`);
    assert.ok(address.statuses.every((s) => s >= 400) && (address.closed || address.statuses.length), address.text.slice(0, 300));
  });

  test('a client that never finishes its header is sent away within seconds, and does not keep others waiting', async () => {
    await film();
    const slow = Array.from({ length: 50 }, () => say([`GET /healthz HTTP/1.1\r\n${host()}`, ...Array.from({ length: 40 }, (_, i) => `X-${i}: a\r\n`)], { every: 1000, limit: 45_000 }));
    await pause(1000);
    const began = Date.now();
    const reply = await direct.send('GET', '/healthz');
    assert.equal(reply.status, 200);
    assert.ok(Date.now() - began < 1000);
    for (const answer of await Promise.all(slow)) {
      assert.ok(answer.closed && answer.ms < 30_000, `open for ${answer.ms} ms`);
      assert.ok(!answer.statuses.includes(200));
    }
  });

  test('a client that says nothing at all is sent away', async () => {
    const silent = await say('', { quiet: 40_000, limit: 45_000 });
    assert.ok(silent.closed, 'still open after 40 s');
  });
});
