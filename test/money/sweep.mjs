#!/usr/bin/env node
// The money sweep over the real program: scenes are bought from the emulated Replicate while the server is killed
// (SIGKILL) again and again: at random moments 60 to 300 ms after it listens, and at the k-th write, sync, send,
// receive, link or rename call it makes, for growing k. Meanwhile 30 % of the provider's replies are faulty and its
// list lags. In the end the books are compared:
//
//   - what was billed is what the ledger says was paid, call by call
//   - each paid call made a take, or the ledger names it as wasted
//   - nothing was bought twice, no call is open, every job has ended
//
//   sweep.mjs --program STORYREEL --kill-at kill-at.so [--seconds 6] [--scenes 8] [--stride 45] [--seed 7] [--unprotected]
//
// Until --seconds have passed the scenes are bought again and again, and every --stride-th write is taken, and the rarer kinds denser; then the
// program is left alone and has to come to an end. --unprotected is for the build without protection: there the same
// sweep must find what was bought twice, so that it is known to notice.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compareBooks } from '../emulators/books.mjs';
import { start } from '../emulators/emulator.mjs';

const { values } = parseArgs({ options: {
    program: { type: 'string' }, 'kill-at': { type: 'string' }, seconds: { type: 'string', default: '6' },
    scenes: { type: 'string', default: '8' }, stride: { type: 'string', default: '45' },
    seed: { type: 'string', default: '7' }, unprotected: { type: 'boolean', default: false },
} });
const options = { ...values, seconds: Number(values.seconds), scenes: Number(values.scenes), stride: Number(values.stride) };
// How much rarer than writes these calls are: their k grows by so much less.
const KINDS = { write: 1, sync: 3, send: 8, receive: 8, link: 45, rename: 45 };
const kinds = Object.keys(KINDS);
const FAULTY = 0.3, CALL_MS_MAX = 800, END_MS_MAX = 180_000;

let state = Number(options.seed);
const random = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const is = (job, ...states) => states.includes(job.state);

// Faulty replies of every sort, so that together 30 % of the calls of an operation go wrong; and two answers to orders
// are lost for sure, whatever chance says.
function faults(seed) {
    const plan = {
        'predictions.create': [['drop-after'], ['error-after', { status: 502 }], ['drop-before'], ['rate-limit', { retryAfter: 1 }], ['garbage']],
        'predictions.get': [['html'], ['error-before', { status: 503 }], ['wrong-types'], ['drop-after']],
        'predictions.list': [['error-before', { status: 500 }], ['garbage'], ['drop-after']],
        'delivery.get': [['truncated'], ['error-before', { status: 500 }]],
    };
    const rules = Object.entries(plan).flatMap(([op, kinds]) => kinds.map(([fault, more]) =>
        ({ provider: 'replicate', op, fault, rate: FAULTY / kinds.length, ...more })));
    rules.unshift({ op: 'predictions.create', fault: 'drop-after', nth: [1, 4] });
    rules.push({ op: 'run', model: 'google/veo-3.1-fast', fault: 'failed', rate: 0.05 });
    return { seed, listingLagMs: 300, rules };
}

// The server, killed and started again on one data folder.
class Victim {
    constructor(program, data, env) {
        Object.assign(this, { program, data, env, kills: 0, atCall: Object.fromEntries(kinds.map((k) => [k, 0])) });
    }

    async begin(more = {}) {
        this.child = spawn(this.program, ['serve', '--listen', '127.0.0.1:0', '--data', this.data, '--workers', '1', '--quiet'],
            { env: { ...this.env, ...more }, stdio: ['ignore', 'pipe', 'pipe'] });
        this.log = '';
        this.child.stderr.on('data', (bytes) => (this.log = (this.log + bytes).slice(-20_000)));
        this.ended = new Promise((resolve) => this.child.once('close', (code, signal) => resolve(signal ?? code)));
        this.url = await Promise.race([this.#listens(), this.ended.then(() => undefined)]);
        return this.url !== undefined;
    }

    #listens() {
        return new Promise((resolve) => {
            let said = '';
            this.child.stdout.on('data', (bytes) => {
                const line = /listens on (\S+?)\/?\s/.exec(said += bytes);
                if (line) resolve(line[1]);
            });
        });
    }

    async kill() {
        this.child.kill('SIGKILL');
        await this.#died();
    }

    async #died() {
        const how = await this.ended;
        if (how !== 'SIGKILL') throw new Error(`the server ended with ${how}\n${this.log}`);
        this.kills++;
    }

    // Runs until its k-th call of that kind; false when there is none in time.
    async runInto(kind, k) {
        await this.begin({ LD_PRELOAD: options['kill-at'], KILL_AT: `${kind}:${k}${random() < 0.5 ? '+' : ''}` });
        const late = setTimeout(() => this.child.kill('SIGKILL'), CALL_MS_MAX), began = Date.now();
        await this.#died();
        clearTimeout(late);
        const reached = Date.now() - began < CALL_MS_MAX - 50;
        this.atCall[kind] += reached;
        return reached;
    }

    async ask(method, path, json) {
        const reply = await fetch(`${this.url}/api/mv${path}`, { method, body: json && JSON.stringify(json),
            headers: json ? { 'content-type': 'application/json' } : {} });
        const body = await reply.text();
        if (reply.status >= 300) throw Object.assign(new Error(`${method} ${path}: ${reply.status} ${body}`), { status: reply.status });
        return body ? JSON.parse(body) : undefined;
    }

    async stop() {
        this.child.kill('SIGTERM');
        await this.ended;
    }
}

async function run(program, words, env) {
    const child = spawn(program, words, { env, stdio: 'ignore' });
    const code = await new Promise((resolve) => child.once('close', resolve));
    if (code !== 0) throw new Error(`${words[0]} ended with ${code}`);
}

// One short film of our own is what the provider gives out.
async function makeClips(folder, env) {
    const film = join(folder, 'film.mp4'), clips = join(folder, 'clips');
    await run(options.program, ['make', '--mode', 'ad-creative', '--prompt', 'A cold kitchen before dawn', '--product', 'Ember, a kettle',
        '--duration', '8', '--scenes', '1', '--size', '480p', '--data', join(folder, 'first'), '-o', film], env);
    mkdirSync(clips);
    copyFileSync(film, join(clips, 'clip.mp4'));
    return clips;
}

const takes = async (victim, id) => (await victim.ask('GET', `/projects/${id}/jobs`)).jobs.filter((j) => j.kind === 'take');

async function until(what, ready) {
    for (const began = Date.now(); !(await ready()); await pause(100))
        if (Date.now() - began > END_MS_MAX) throw new Error(`${what}: not in ${END_MS_MAX / 1000} s`);
}

async function planned(victim) {
    const { projectId } = await victim.ask('POST', '/projects', { mode: 'ad-creative', conceptPrompt: 'A cold kitchen before dawn',
        productDescription: 'Ember, a kettle', targetDuration: 5 * (options.scenes + 1), wantedScenes: options.scenes + 1, size: '480p',
        aspect: '16:9', video: 'veo-3.1-fast', budget: 100_000 });
    await victim.ask('POST', `/projects/${projectId}/plan`, {});
    await until('the plan', async () => (await victim.ask('GET', `/projects/${projectId}`)).status !== 'processing');
    return projectId;
}

// Every scene that is not being bought is bought once more; but the end card, which is drawn for nothing.
async function order(victim, id) {
    const scenes = (await victim.ask('GET', `/projects/${id}`)).scenes.filter((s) => !s.endCard);
    const open = new Set((await takes(victim, id)).filter((j) => is(j, 'queued', 'running')).map((j) => j.sequence));
    const idle = scenes.map((s) => s.sequence).filter((n) => !open.has(n));
    const fresh = scenes.filter((s) => !s.takeCount && idle.includes(s.sequence)).map((s) => s.sequence);
    const refused = (e) => { if (![409, 422].includes(e.status)) throw e; };
    if (fresh.length) await victim.ask('POST', `/projects/${id}/generate`, { scenes: fresh }).catch(refused);
    for (const n of idle.filter((n) => !fresh.includes(n))) await victim.ask('POST', `/projects/${id}/scenes/${n}/regenerate`, {}).catch(refused);
}

// Killed in turn at a random moment and at the next k of each kind, until the time is over.
async function storm(victim, id) {
    const over = Date.now() + options.seconds * 1000;
    const next = Object.fromEntries(kinds.map((kind) => [kind, 1]));
    for (let turn = 0; Date.now() < over; turn++) {
        if (turn % 3 === 0 && await victim.begin()) {
            await order(victim, id);
            await pause(60 + 240 * random());
            await victim.kill();
        }
        const kind = kinds[turn % kinds.length], stride = Math.ceil(options.stride / KINDS[kind]);
        next[kind] = await victim.runInto(kind, next[kind]) ? next[kind] + stride : 1 + turn % stride;
    }
}

const compare = (ledger, entries, jobs) => ({ ...compareBooks(ledger, entries), jobs: jobs.length,
    unfinished: jobs.filter((j) => is(j, 'queued', 'running')).length });

async function books(victim, id, emulator) {
    await until('the end of every take', async () => (await takes(victim, id)).every((j) => !is(j, 'queued', 'running')));
    const { entries } = await victim.ask('GET', `/projects/${id}/ledger`);
    return compare(emulator.world.ledger, entries, await takes(victim, id));
}

let tests = 0, failed = 0;
function check(name, fine) {
    failed += fine ? 0 : 1;
    console.log(`${fine ? 'ok' : 'not ok'} ${++tests} - ${name}`);
}

function report(found, victim) {
    const calls = kinds.map((kind) => `${victim.atCall[kind]} at a ${kind}`).join(', ');
    console.log(`# ${found.jobs} jobs, ${victim.kills} kills (${calls}), ${found.faults} faulty replies, ${found.charges} charges, ` +
        `${found.wasted} recorded as waste, ${found.duplicates} duplicates`);
    if (options.unprotected) return check('without protection there are duplicates', found.duplicates > 0);
    check('what was billed is what the ledger says', found.unknown === 0 && found.invented === 0);
    check('nothing was bought twice', found.duplicates === 0);
    check('no call is open and every job has ended', found.open === 0 && found.unfinished === 0);
    check('it was killed, and something was bought', victim.kills > 3 && found.charges >= options.scenes / 2);
    if (failed) found.twice.forEach((line) => console.log(`# bought twice: ${line}`));
    if (failed) console.log(`# ${JSON.stringify({ ...found, twice: undefined })}; --seed ${options.seed}`);
}

async function sweep(folder) {
    const plain = { PATH: process.env.PATH, HOME: folder, ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:verify_asan_link_order=0`,
        LSAN_OPTIONS: process.env.LSAN_OPTIONS ?? '' };
    const emulator = await start({ clips: await makeClips(folder, plain), faults: faults(Number(options.seed)), latencyMs: 400, bootMs: 50,
        createsPerMinute: 1e6 });
    const victim = new Victim(options.program, join(folder, 'data'), { ...plain, STORYREEL_REPLICATE_URL: `${emulator.origin}/replicate`,
        REPLICATE_API_TOKEN: 'r8_emulated', STORYREEL_SETTLE_SECONDS: '2', STORYREEL_LOOK_SECONDS: '0.5' });
    try {
        await victim.begin();
        const id = await planned(victim);
        await order(victim, id);
        await victim.kill();
        await storm(victim, id);
        await victim.begin();
        report(await books(victim, id, emulator), victim);
        await victim.stop();
    } finally {
        victim.child?.kill('SIGKILL');
        await emulator.close();
    }
}

const folder = mkdtempSync(join(tmpdir(), 'storyreel-money-'));
try {
    await sweep(folder);
} catch (error) {
    check(`the sweep came to an end: ${error.message}`, false);
} finally {
    rmSync(folder, { recursive: true, force: true });
}
console.log(`1..${tests}`);
process.exit(failed ? 1 : 0);
