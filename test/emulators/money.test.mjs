// Money as people meet it: what is over a cap is priced and not begun, plans and pictures stand in the ledger like takes,
// cancelling reaches the provider, and what is lost with the provider's hour is named with its cost.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { CANARY, Desk, HERO, KETTLE, pause } from './desk.mjs';
import { opened } from './opened.mjs';

const PROGRAM = process.env.STORYREEL;
const skip = PROGRAM ? false : 'STORYREEL names no program';

const shows = (name, check, rules = [], options = {}) => test(name, { skip }, opened(options, async (emulator) => {
    const desk = new Desk(PROGRAM, emulator);
    emulator.world.faults.set({ rules });
    try {
        await check(desk);
    } finally {
        desk.close();
    }
}));

const accepted = (desk) => desk.emulator.world.ledger.of('accepted').length;
const last = (out) => JSON.parse(out.trim().split('\n').pop());
const FILM = ['make', '--mode', 'ad-creative', '--prompt', 'A cold kitchen before dawn', '--duration', '15', '--scenes', '4', '--size', '480p'];

// A model whose scenes of eight seconds cost 3.6267 each: three of them 10.88. The fourth, the end card, is drawn.
function dearModel(desk) {
    const models = join(desk.data, 'data', 'models');
    mkdirSync(models, { recursive: true });
    writeFileSync(join(models, 'studio.yaml'), 'title: Studio\ndriver: replicate\nversion: "1"\nremote: google/veo-3.1-fast\nlengths: [8]\n' +
        'inputs: { prompt: prompt, seconds: duration, seed: seed }\nusdPerSecond: 0.45333333\nkeepSeconds: 3600\n');
}

shows('a cap of 3.00 and a plan of 10.93: nothing is sent, and the price and cheaper ways are said', async (desk) => {
    dearModel(desk);
    const words = [...FILM, '--planner', 'gemini', '--video', 'studio'];
    const dry = last((await desk.run(...words, '--dry-run', '--json')).out);
    assert.equal(dry.usd.toFixed(2), '10.93');
    const before = accepted(desk);
    const { code, err } = await desk.run(...words, '--budget', '3');
    assert.equal(code, 3, err);
    assert.match(err, /\$3\.00/);
    assert.match(err, /raise the budget to cover \$10\.88/);
    assert.match(err, /film it with veo-3\.1-fast \(\$\d+\.\d\d\)/);
    assert.match(err, /film it with animatic \(free\)/);
    assert.equal(desk.emulator.world.ledger.of('accepted').slice(before).filter((e) => e.provider === 'replicate').length, 0);
});

shows('a plan is reserved, paid and in the ledger; one that the cap does not cover is not asked for', async (desk) => {
    const words = [...FILM, '--planner', 'gemini', '--duration', '5', '--scenes', '2'];
    const poor = await desk.run(...words, '--budget', '0.01');
    assert.equal(poor.code, 3, poor.err);
    assert.equal(desk.billed(), 0);
    const { code, err } = await desk.run(...words, '--budget', '1', '-o', join(desk.data, 'film.mp4'), '--json');
    assert.equal(code, 0, err);
    const { projectId } = last(err);
    const ledger = last((await desk.run('project', 'ledger', projectId, '--json')).out);
    assert.deepEqual(ledger.entries.map((e) => [e.kind, e.state, e.model]), [['plan', 'settled', 'gemini']]);
    const bill = desk.emulator.world.ledger.usd();                // by tokens: not what was reserved
    assert.ok(bill > 0 && bill !== 0.05 && Math.abs(ledger.usd - bill) < 1e-5, `${ledger.usd} in the ledger, ${bill} billed`);
});

shows('pictures count on the day, and four that do not fit are not begun', async (desk) => {
    desk.env.STORYREEL_DAY_BUDGET = '0.30';
    const draw = (words) => desk.run('reference', 'generate', words, '--model', 'gemini-3.1-flash-image', '--json');
    assert.equal((await draw(HERO)).code, 0);                     /* 4 x 0.067 */
    const { code, err } = await draw('A red enamel kettle');
    assert.equal(code, 3, err);
    assert.match(err, /\$0\.27.*\$0\.30/);
    assert.equal(desk.billed(), 4);
});

// ---- a server at the desk ----

// What may become of a plan, each time it is asked for: as dear as it can be, of no use, cut off, lost, blocked, broken.
const ENDS = [
    [], [{ op: 'run', fault: 'greedy' }], [{ op: 'run', fault: 'bad-plan', nth: [1] }, { op: 'run', fault: 'greedy' }], [{ op: 'run', fault: 'prose' }],
    [{ op: 'run', fault: 'max-tokens' }], [{ op: 'generateContent', fault: 'drop-after', nth: [1] }, { op: 'run', fault: 'greedy' }],
    [{ op: 'generateContent', fault: 'drop-after' }, { op: 'run', fault: 'greedy' }], [{ op: 'run', fault: 'prompt-block' }], [{ op: 'generateContent', fault: 'error-after' }],
];
const paidFor = (e) => ['settled', 'wasted', 'held'].includes(e.state);

// A plan, and other words for a scene of it, as far as the cap goes.
async function drafted(ask, budget) {
    const { projectId: id } = (await ask('POST', '/api/mv/projects', { mode: 'ad-creative', conceptPrompt: 'A cold kitchen before dawn', planner: 'gemini',
        productDescription: KETTLE, targetDuration: 8, wantedScenes: 3, size: '480p', budget })).json;
    await ask('POST', `/api/mv/projects/${id}/plan`, {});
    let project;
    do await pause(20); while ((project = (await ask('GET', `/api/mv/projects/${id}`)).json).status === 'processing');
    const reworded = project.sceneOrder.length && await ask('POST', `/api/mv/projects/${id}/scenes/${project.sceneOrder[0]}/rewrite`, {});
    return { project, reworded, ledger: (await ask('GET', `/api/mv/projects/${id}/ledger`)).json };
}

shows('whatever an answer uses was reserved before: the ledger is never above it, and no cap is passed', (desk) => desk.serve(async (ask) => {
    const { ledger, faults } = desk.emulator.world;
    let refused = 0, said = 0;
    for (const rules of ENDS) {
        for (const cap of [0.06, 0.1, 0.5]) {
            faults.set({ rules });
            const before = ledger.usd(), { project, reworded, ledger: { entries, usd, held } } = await drafted(ask, cap), billed = ledger.usd() - before;
            const told = JSON.stringify({ rules, cap, billed, entries });
            for (const e of entries) assert.ok(e.usd <= e.reserved, told);
            assert.ok(billed <= cap && usd + held <= cap + 1e-9, told);
            assert.ok(billed <= entries.filter(paidFor).reduce((sum, e) => sum + e.usd, 0) + 1e-9, told);
            refused += reworded.status === 402 || project.problem?.code === 'BUDGET';
            said += /needs up to \$0\.\d\d reserved/.test(`${reworded?.text} ${project.problem?.message}`);
        }
    }
    assert.ok(refused >= ENDS.length && said === refused, `${refused} were over the cap, of ${said} it was said by how much`);
}));

// Two scenes that are being filmed at Replicate; the third is the end card.
async function filming(desk, ask) {
    const { projectId } = (await ask('POST', '/api/mv/projects', { mode: 'ad-creative', conceptPrompt: 'A cold kitchen before dawn',
        productDescription: 'Ember, a kettle', targetDuration: 8, wantedScenes: 3, size: '480p', video: 'veo-3.1-fast' })).json;
    await ask('POST', `/api/mv/projects/${projectId}/plan`, {});
    while ((await ask('GET', `/api/mv/projects/${projectId}`)).json.status === 'processing') await pause(50);
    await ask('POST', `/api/mv/projects/${projectId}/generate`, { scenes: [1, 2] });
    for (let bound = 0; bound < 2; await pause(50))
        bound = (await ask('GET', `/api/mv/projects/${projectId}/ledger`)).json.entries.filter((e) => e.state !== 'reserved' && e.state !== 'intent').length;
    return projectId;
}

shows('cancelling reaches the provider within two seconds and says what may still be charged', (desk) => desk.serve(async (ask) => {
    const id = await filming(desk, ask), began = Date.now();
    const { code, out } = await desk.run('project', 'cancel', id);
    assert.equal(code, 0, out);
    assert.match(out, /scene 1 may still cost \$\d\.\d\d: bound at replicate/);
    assert.match(out, /scene 2 may still cost/);
    const stopped = () => desk.emulator.world.ledger.of('billed').length;
    while (stopped() < 2 && Date.now() - began < 10_000) await pause(20);
    assert.equal(stopped(), 2);
    const late = Math.max(...desk.emulator.world.ledger.of('billed').map((e) => Date.parse(e.at))) - began;
    assert.ok(late < 2000, `the provider heard of it after ${late} ms`);
    for (let open = 2; open > 0; await pause(100))
        open = (await ask('GET', `/api/mv/projects/${id}/ledger`)).json.entries.filter((e) => e.state !== 'wasted').length;
}), [], { latencyMs: 60_000 });

// Beside the keys of providers: what clients must know, and what our own messages are signed with.
const TOKEN = 'canary-token-51b0ad', SIGNING = Buffer.from('canary of our messages').toString('base64');

// What can be read of the program and its children while they run.
function* processesOf(pid) {
    yield pid;
    for (const task of readdirSync(`/proc/${pid}/task`))
        for (const child of readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean)) yield* processesOf(Number(child));
}

function exposed(server) {
    const found = [];
    try {
        for (const pid of processesOf(server)) {
            const argv = readFileSync(`/proc/${pid}/cmdline`, 'latin1'), environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
            if ([CANARY, TOKEN, SIGNING].some((key) => argv.includes(key))) found.push(`a key is in ${argv}`);
            if (argv.includes('\0serve\0')) continue;            // the server, or a child of it the moment before it becomes itself
            found.push('child');
            if ([CANARY, TOKEN, SIGNING].some((key) => environment.includes(key))) found.push(`a key is in the environment of ${argv}`);
        }
    } catch { /* it has ended meanwhile */ }
    return found;
}

shows('no key comes to light: not in replies, logs, records, addresses, arguments or a child\'s environment', (desk) => Object.assign(desk, { env: { ...desk.env, STORYREEL_TOKEN: TOKEN,
    STORYREEL_WEBHOOK_SECRET: `whsec_${SIGNING}` } }).serve(async (ask, pid) => {
    const seen = new Set();
    const watch = setInterval(() => exposed(pid).forEach((what) => seen.add(what)), 5);
    desk.emulator.world.faults.set({ rules: [{ op: 'predictions.get', fault: 'bad-key', nth: [2] }, { op: 'webhooks.secret', fault: 'bad-key' }] });
    const id = await filming(desk, ask);
    for (let open = 2; open > 0; await pause(100))
        open = (await ask('GET', `/api/mv/projects/${id}/jobs`)).json.jobs.filter((j) => ['queued', 'running'].includes(j.state)).length;
    clearInterval(watch);
    for (const path of ['', '/plan', '/jobs', '/ledger', '/scenes/1', '/scenes/1/takes']) await ask('GET', `/api/mv/projects/${id}${path}`);
    for (const path of ['/api/mv/models', '/metrics', '/readyz', '/healthz']) await ask('GET', path);
    await desk.run('doctor');
    assert.deepEqual([...seen], ['child'], 'children were seen, and nothing with them');
    assert.equal(desk.emulator.world.ledger.of('leak').length, 0);
    assert.ok(![TOKEN, SIGNING].some((key) => desk.said.includes(key)), 'a secret was printed or answered');
}));
