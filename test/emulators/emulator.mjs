#!/usr/bin/env node
// Stand-ins for the services Storyreel buys from, on one loopback port, a path a provider:
//
//   node emulator.mjs --clips FOLDER [--port 0] [--ledger FILE] [--faults FILE] [--latency-ms 1500]
//                     [--boot-ms 200] [--retention-ms 3600000] [--creates-per-minute 600]
//
// The first line of output is the origin: "http://127.0.0.1:34567". README.md says which variables
// point Storyreel at it. For tests there is a door of its own, /control/: time can be moved on, the
// fault plan replaced and the ledger read.

import { createServer } from 'node:http';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Calendar } from './calendar.mjs';
import { Clips } from './clips.mjs';
import { ComfyUi } from './comfyui.mjs';
import { Faults } from './faults.mjs';
import { Gemini } from './gemini.mjs';
import { Ledger } from './ledger.mjs';
import { OpenAi } from './openai.mjs';
import { Replicate } from './replicate.mjs';
import { Refusal, htmlError, readBody, send, spoil } from './wire.mjs';

const KEYS = { replicate: 'r8_emulated', gemini: 'emulated-gemini-key', openai: 'emulated-openai-key' };

const PROVIDERS = { comfyui: ComfyUi, gemini: Gemini, openai: OpenAi, replicate: Replicate };

export async function start(options = {}) {
    const calendar = new Calendar();
    const world = {
        calendar, keys: { ...KEYS, ...options.keys },
        options: { latencyMs: 1500, bootMs: 200, retentionMs: 3600e3, createsPerMinute: 600, ...options },
        ledger: new Ledger(options.ledger, calendar), faults: new Faults(options.faults), clips: new Clips(options.clips),
        origin: () => `http://127.0.0.1:${server.address().port}`,
    };
    const providers = Object.fromEntries(Object.entries(PROVIDERS).map(([name, Provider]) => [name, new Provider(world)]));
    const server = createServer((request, response) => {
        answer(world, providers, request, response).catch((error) => {
            console.error(error);
            response.destroy();
        });
    });
    server.requestTimeout = 0;
    await new Promise((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
    const close = () => {
        calendar.close();
        server.closeAllConnections?.();
        return new Promise((resolve) => server.close(resolve));
    };
    return { origin: world.origin(), world, providers, close };
}

async function answer(world, providers, request, response) {
    const url = new URL(request.url, 'http://emulator');
    const [, name, path] = /^\/([a-z]+)(\/.*)$/.exec(url.pathname) ?? [];
    const bytes = await readBody(request);
    const x = { request, response, bytes, json: readJson(bytes), query: url.searchParams, path };
    if (name === 'control') return send(request, response, control(world, x), undefined, world.calendar);
    const provider = providers[name];
    const route = provider?.routes.find(([method, pattern]) => method === request.method && pattern.test(path));
    if (!route) return send(request, response, provider ? provider.refusal('not-found', {}).reply : htmlError(404), undefined, world.calendar);
    if (Object.values(world.keys).some((key) => request.url.includes(key))) world.ledger.write('leak', { provider: name, header: 'address' });
    Object.assign(x, { op: route[2], at: route[1].exec(path).slice(1).map(decodeURIComponent) });
    const fault = world.faults.draw(name, x.op, provider.modelOf(x));
    if (fault) world.ledger.write('fault', { provider: name, op: x.op, fault: fault.fault });
    return deliver(world, provider, x, route[3], fault);
}

async function deliver(world, provider, x, handle, fault) {
    const { request, response } = x;
    if (fault?.fault === 'drop-before') return request.socket.destroy();
    let reply = refusedBefore(provider, fault, x);
    if (!reply) {
        try {
            provider.door(x);
            reply = await handle(x);
        } catch (error) {
            if (!(error instanceof Refusal)) throw error;
            reply = error.reply;
        }
    }
    if (fault?.fault === 'drop-after') return request.socket.destroy();
    if (fault?.fault === 'delay') await world.calendar.sleep(fault.ms ?? 1000);
    if (fault?.fault === 'error-after') fault.reply = provider.refusal('broken', fault, x).reply;
    reply.status ??= 200;
    reply.headers = { date: new Date(world.calendar.now()).toUTCString(), ...reply.headers };
    return send(request, response, spoil(reply, fault), fault, world.calendar);
}

// Refusals that come before anything is done.
function refusedBefore(provider, fault, x) {
    switch (fault?.fault) {
    case 'rate-limit': case 'no-credit': case 'bad-key':
        return provider.refusal(fault.fault, fault, x).reply;
    case 'error-before':
        return fault.html ? htmlError(fault.status ?? 500) : provider.refusal('broken', fault, x).reply;
    default:
        return undefined;
    }
}

function readJson(bytes) {
    try {
        return JSON.parse(bytes.toString());
    } catch {
        return undefined;
    }
}

function control(world, x) {
    switch (`${x.request.method} ${x.path}`) {
    case 'GET /ledger':
        return { status: 200, body: { usd: world.ledger.usd(), lines: world.ledger.lines } };
    case 'PUT /faults':
        world.faults.set(x.json ?? {});
        return { status: 200, body: { rules: world.faults.rules.length } };
    case 'POST /advance':
        world.calendar.advance(Number(x.json?.ms ?? 0));
        return { status: 200, body: { now: world.calendar.iso() } };
    default:
        return { status: 404, body: { detail: 'GET /control/ledger, PUT /control/faults, POST /control/advance {"ms"}' } };
    }
}

const OPTIONS = ['port', 'clips', 'ledger', 'faults', 'latency-ms', 'boot-ms', 'retention-ms', 'creates-per-minute'];

function readArguments() {
    const { values } = parseArgs({ options: Object.fromEntries(OPTIONS.map((name) => [name, { type: 'string' }])) });
    const options = { clips: values.clips, ledger: values.ledger };
    for (const name of OPTIONS.filter((n) => /port|-ms|-per-/.test(n) && values[n] !== undefined))
        options[name.replace(/-(.)/g, (_, c) => c.toUpperCase())] = Number(values[name]);
    if (values.faults) options.faults = JSON.parse(readFileSync(values.faults));
    if (values.clips && !existsSync(values.clips)) throw new Error(`there is no folder ${values.clips}`);
    return options;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
    const emulator = await start(readArguments());
    console.log(emulator.origin);
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => emulator.close().then(() => process.exit(0)));
}
