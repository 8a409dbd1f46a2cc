// A second opinion. Stands between the tests and the server and passes everything on; what went by is then played
// through express-openapi-validator, which knows the contract and nothing of our own checks.
//
// A request the contract refuses has to be refused by the server, and every JSON answer has to be as documented.
import http from 'node:http';
import express from 'express';
import OpenApiValidator from 'express-openapi-validator';
import { document, findOperation } from './contract.mjs';

const BODY_BYTES_MAX = 32 << 20;

export class Proxy {
  constructor(server) {
    this.server = server;
    this.exchanges = [];
    this.deviations = [];
    this.agent = new http.Agent({ keepAlive: true });
  }

  static async start(server) {
    const proxy = new Proxy(server);
    proxy.listener = http.createServer((request, response) => proxy.#pass(request, response));
    await new Promise((resolve) => proxy.listener.listen(0, '127.0.0.1', resolve));
    proxy.url = `http://127.0.0.1:${proxy.listener.address().port}`;
    return proxy;
  }

  // To the server as it came; only our own address becomes the server's.
  #pass(request, response) {
    const ours = new URL(this.url).host, theirs = new URL(this.server.url).host;
    const headers = request.rawHeaders.map((value) => value.split(ours).join(theirs));
    const onward = http.request({ host: '127.0.0.1', port: this.server.port, method: request.method, path: request.url, headers, agent: this.agent, setHost: false });
    const sent = gather(request), exchange = { method: request.method, target: request.url, requestHeaders: request.headers };
    request.pipe(onward);
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    onward.on('response', (answer) => {
      const got = gather(answer);
      response.writeHead(answer.statusCode, answer.rawHeaders);
      response.flushHeaders();
      answer.pipe(response);
      answer.on('close', () => this.exchanges.push({ ...exchange, request: sent(), status: answer.statusCode, headers: answer.headers, body: got() }));
    });
  }

  // Play everything that went by through the validator; the list of what it minds.
  async report() {
    const judge = await Judge.start();
    const found = [];
    let judged = 0;
    for (const exchange of this.exchanges) {
      if (!findOperation(exchange.method, exchange.target) || exchange.status === 304) continue;
      judged++;
      found.push(...await judge.opinion(exchange));
    }
    judge.stop();
    return { judged, found };
  }

  stop() {
    this.agent.destroy();
    this.listener.close();
    this.listener.closeAllConnections?.();
  }
}

function gather(stream) {
  const chunks = [];
  let bytes = 0;
  stream.on('data', (chunk) => { if ((bytes += chunk.length) <= BODY_BYTES_MAX) chunks.push(chunk); });
  return () => Buffer.concat(chunks);
}

// ---- the validator, asked over HTTP as it is meant to be ----

class Judge {
  static async start() {
    const judge = new Judge();
    judge.app = express();
    judge.app.use(judge.#only('json', { validateRequests: true, validateResponses: true }));
    judge.app.use(judge.#only('form', { validateRequests: { coerceTypes: true }, validateResponses: true }));
    judge.app.use(judge.#only('reply', { validateRequests: false, validateResponses: true, fileUploader: false }));
    judge.app.use((request, response) => {
      const { status, headers, body } = judge.exchange;
      response.status(status);
      if (headers['content-type']) response.set('Content-Type', headers['content-type']);
      if (/json/.test(headers['content-type'] ?? '')) response.json(JSON.parse(body));
      else response.send(body);
    });
    judge.app.use((error, request, response, next) => {
      response.set('X-Opinion', encodeURIComponent(`${error.status ?? 500} ${error.message}`)).status(299).end();
      void next;
    });
    await new Promise((resolve) => { judge.listener = judge.app.listen(0, '127.0.0.1', resolve); });
    return judge;
  }

  #only(which, options) {
    const apiSpec = structuredClone(document);
    const chain = express.Router();
    if (which === 'json') chain.use(express.json());
    chain.use(OpenApiValidator.middleware({ apiSpec, validateSecurity: false, validateApiSpec: true, ...options }));
    return (request, response, next) => (request.headers['x-judge'] === which ? chain(request, response, next) : next());
  }

  // What it minds about one exchange, in words.
  async opinion(exchange) {
    this.exchange = exchange;
    const name = `${exchange.method} ${exchange.target} -> ${exchange.status}`;
    const reply = await this.#ask('reply', exchange);
    const found = reply ? [`${name}: ${reply}`] : [];
    if (exchange.status < 400) {
      // The parts of a form are text: numbers among them are read as such.
      const form = /^multipart/.test(exchange.requestHeaders['content-type']);
      const both = await this.#ask(form ? 'form' : 'json', exchange);
      if (both && both !== reply) found.push(`${name}: accepted, though ${both}`);
    }
    return found;
  }

  #ask(which, { method, target, requestHeaders, request }) {
    const path = target.replace(/^\/media\/([^?]*)/, (_, key) => `/media/${encodeURIComponent(decodeURIComponent(key))}`);
    const headers = { ...requestHeaders, 'content-length': String(request.length), 'x-judge': which };
    for (const name of ['transfer-encoding', 'connection', 'host', 'expect', 'if-none-match', 'range']) delete headers[name];
    if (!request.length) { delete headers['content-length']; delete headers['content-type']; }
    return new Promise((resolve, reject) => {
      const asked = http.request({ host: '127.0.0.1', port: this.listener.address().port, method, path, headers });
      asked.on('error', reject);
      asked.on('response', (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.statusCode === 299 ? decodeURIComponent(answer.headers['x-opinion']) : ''));
      });
      asked.end(request);
    });
  }

  stop() {
    this.listener.close();
    this.listener.closeAllConnections?.();
  }
}
