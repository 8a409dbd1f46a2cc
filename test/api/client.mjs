// Speaks HTTP to the server, notes which answers of which operations were seen, and holds every one to the contract.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { address, findOperation, operation, replyDeviations } from './contract.mjs';

export const seen = new Set();          // "createProject 201"

// [{name, value} or {name, file, type, bytes}] as multipart/form-data.
export function multipart(parts) {
  const boundary = `storyreel-${randomUUID()}`;
  const pieces = parts.map(({ name, value, file, type, bytes }) => Buffer.concat([
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"` +
      (bytes ? `; filename="${file}"\r\nContent-Type: ${type}` : '') + '\r\n\r\n'),
    bytes ?? Buffer.from(String(value)),
    Buffer.from('\r\n'),
  ]));
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]),
  };
}

export class Client {
  constructor(url, { headers = {} } = {}) {
    this.url = url;
    this.headers = headers;
    this.agent = new http.Agent({ keepAlive: true });
  }

  close() { this.agent.destroy(); }

  // Send anything anywhere. json, form, or body (Buffer or text) with its type in headers.
  send(method, target, { json, form, body, headers = {}, timeout = 120_000 } = {}) {
    const url = new URL(this.url);
    const all = { ...this.headers, ...headers };
    if (json !== undefined) { body = JSON.stringify(json); all['Content-Type'] ??= 'application/json'; }
    if (form) { const made = multipart(form); body = made.body; all['Content-Type'] = made.type; }
    if (body !== undefined && !all['Transfer-Encoding']) all['Content-Length'] ??= Buffer.byteLength(body);
    return new Promise((resolve, reject) => {
      const request = http.request({ host: url.hostname, port: url.port, method, path: target, headers: all, agent: this.agent, timeout });
      request.on('timeout', () => request.destroy(new Error(`no answer to ${method} ${target}`)));
      request.on('error', reject);
      request.on('response', (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve(this.#reply(method, response, Buffer.concat(chunks))));
      });
      request.end(body);
    });
  }

  #reply(method, response, body) {
    const reply = { status: response.statusCode, headers: response.headers, body, head: method === 'HEAD' };
    if (/json/.test(reply.headers['content-type'] ?? '')) {
      try { reply.json = JSON.parse(body); } catch { /* the check says so */ }
    }
    return reply;
  }

  // Send, and hold the answer to the contract.
  async ask(method, target, options = {}) {
    const o = findOperation(method === 'HEAD' ? 'GET' : method, target);
    assert.ok(o, `the contract has nothing at ${method} ${target}`);
    const reply = await this.send(method, target, options);
    const wrong = replyDeviations(o, reply);
    assert.deepEqual(wrong, [], `${method} ${target} answered ${reply.status}: ${reply.body.subarray(0, 2000)}`);
    seen.add(`${o.id} ${reply.status}`);
    return reply;
  }

  // By operation; `status` is what has to come (any success otherwise). Gives the JSON, or the reply when there is none.
  async call(id, { params, query, status, ...options } = {}) {
    const reply = await this.ask(operation(id).method, address(id, params, query), options);
    if (status) assert.equal(reply.status, status, `${id}: ${reply.body.subarray(0, 2000)}`);
    else assert.ok(reply.status < 400, `${id} answered ${reply.status}: ${reply.body.subarray(0, 2000)}`);
    return reply.json ?? reply;
  }
}

// ---- events ----

export class Events {
  constructor(client, target, headers = {}) {
    this.all = [];
    this.comments = 0;
    this.waiters = new Set();
    const url = new URL(client.url);
    this.request = http.request({ host: url.hostname, port: url.port, path: target, headers: { Accept: 'text/event-stream', ...client.headers, ...headers } });
    this.opened = new Promise((resolve, reject) => {
      this.request.on('response', (response) => { this.#read(response); resolve(response); });
      this.request.on('error', reject);
    });
    this.opened.catch(() => {});
    this.request.end();
  }

  static async open(client, target = '/api/mv/events', headers) {
    const events = new Events(client, target, headers);
    events.response = await events.opened;
    const o = findOperation('GET', target);
    const reply = { status: events.response.statusCode, headers: events.response.headers, body: Buffer.alloc(0) };
    assert.deepEqual(replyDeviations(o, reply), [], `GET ${target} answered ${reply.status}`);
    seen.add(`${o.id} ${reply.status}`);
    return events;
  }

  #read(response) {
    let text = '';
    response.setEncoding('utf8');
    response.on('error', () => {});
    response.on('close', () => { this.closed = true; this.#wake(); });
    response.on('data', (chunk) => {
      text += chunk;
      const blocks = text.split('\n\n');
      text = blocks.pop();
      blocks.forEach((block) => this.#block(block));
      this.#wake();
    });
  }

  #block(block) {
    const event = { event: 'message', data: '' };
    for (const line of block.split('\n')) {
      if (line.startsWith(':')) { this.comments++; continue; }
      const at = line.indexOf(':');
      const [name, value] = [line.slice(0, at), line.slice(at + 1).replace(/^ /, '')];
      if (name === 'retry') this.retry = Number(value);
      else if (name === 'data') event.data += value;
      else event[name] = value;
    }
    if (event.data) this.all.push({ ...event, data: JSON.parse(event.data) });
  }

  #wake() { this.waiters.forEach((check) => check()); }

  // The first event from number `from` on that fits.
  wait(fits, { from = 0, timeout = 60_000 } = {}) {
    return new Promise((resolve, reject) => {
      const done = (settle, value) => { clearTimeout(late); this.waiters.delete(check); settle(value); };
      const check = () => {
        const event = this.all.slice(from).find(fits);
        if (event) done(resolve, event);
        else if (this.closed) done(reject, new Error('the stream ended'));
      };
      const late = setTimeout(() => done(reject, new Error(`no such event; there were ${JSON.stringify(this.all.slice(-5))}`)), timeout);
      this.waiters.add(check);
      check();
    });
  }

  close() { this.request.destroy(); }
}
