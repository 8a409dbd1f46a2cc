// Whole films of models elsewhere, bought by the program from the emulators: what is billed, what is
// held, what fails alone. The last scene of each is its end card, which is drawn and not bought. STORYREEL names the program. Money at Replicate has its own sweep
// (test/cli/money.sh).

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { compareBooks } from './books.mjs';
import { Desk, pause } from './desk.mjs';
import { start } from './emulator.mjs';

const PROGRAM = process.env.STORYREEL;
const EXAMPLES = join(dirname(fileURLToPath(import.meta.url)), '../../examples');
const AD = ['--mode', 'ad-creative', '--prompt', 'A cold kitchen before dawn', '--product', 'Ember, a red enamel kettle', '--size', '480p', '--duration', '12'];

let folder;

after(() => folder && rmSync(folder, { recursive: true, force: true }));

// Spans of a film of our own, to give out.
function clips() {
    if (folder) return folder;
    folder = mkdtempSync(join(tmpdir(), 'films-'));
    const say = (...words) => assert.equal(spawnSync(PROGRAM, words, { env: { ...process.env, HOME: folder } }).status, 0, words.join(' '));
    const film = join(folder, 'film.mp4');
    say('make', ...AD, '--data', join(folder, 'data'), '-o', film);
    for (const length of [3, 4, 5, 6, 8]) say('media', 'trim', film, '--in', '0', '--out', String(length), '-o', join(folder, `wide-${length}s.mp4`));
    rmSync(film);
    rmSync(join(folder, 'data'), { recursive: true });
    return folder;
}

const skip = PROGRAM ? false : 'STORYREEL names no program';

const shows = (name, check, rules = []) => test(name, { skip }, async () => {
    const emulator = await start({ clips: clips(), latencyMs: 300, faults: { rules } });
    const desk = new Desk(PROGRAM, emulator);
    desk.env.STORYREEL_LOOK_SECONDS = '1';
    try {
        await check(desk);
    } finally {
        desk.close();
        await emulator.close();
    }
});

const film = (desk) => join(desk.data, 'film.mp4');
const make = (desk, video, ...more) => desk.run('make', ...AD, '--video', video, '-o', film(desk), '--json', ...more);
const lines = (desk, kind) => desk.emulator.world.ledger.of(kind);

async function assertHeard(desk) {
    const check = JSON.parse((await desk.run('media', 'check', film(desk), '--json')).out);
    assert.ok(!check.silent && check.loudness > -30, JSON.stringify(check));
}

async function ledgerOf(desk) {
    const { projects } = JSON.parse((await desk.run('project', 'list', '--json')).out);
    return JSON.parse((await desk.run('project', 'ledger', projects[0].projectId, '--json')).out);
}

// Status and title of what the program complains of with --json.
const problemOf = (err) => {
    const { status, title } = JSON.parse(err.trim().split('\n').findLast((line) => line.includes('"about:blank"')));
    return [status, title];
};

shows('Gemini Omni films an advertisement; what was billed is what the ledger says', async (desk) => {
    const { code, err } = await make(desk, 'gemini-omni', '--scenes', '4', '--budget', '5', '--product-image', join(EXAMPLES, 'kettle.png'));
    assert.equal(code, 0, err);
    assert.ok(statSync(film(desk)).size > 50000);
    const usd = lines(desk, 'billed').reduce((sum, line) => sum + line.usd, 0), { entries } = await ledgerOf(desk);
    assert.equal(lines(desk, 'billed').length, 3);
    assert.deepEqual(entries.map((e) => e.state), ['settled', 'settled', 'settled']);
    assert.ok(Math.abs(entries.reduce((sum, e) => sum + e.usd, 0) - usd) < 0.02 * usd, 'price and bill agree');
    assert.equal(lines(desk, 'leak').length, 0);
}, [{ provider: 'gemini', op: 'interactions.create', fault: 'rate-limit', retryAfter: 2, nth: [2] }]);

shows('a lost answer is held and nothing is bought twice; a refused scene fails alone', async (desk) => {
    const { code, err } = await make(desk, 'gemini-omni', '--scenes', '5', '--budget', '9');
    assert.ok(code === 1 || code === 4, err);             // of two that failed either may be named
    const { entries } = await ledgerOf(desk), count = (state) => entries.filter((e) => e.state === state).length;
    assert.deepEqual([count('held'), count('settled')], [1, 2], JSON.stringify(entries));
    assert.equal(lines(desk, 'accepted').length, 4);
    assert.match(err, /blocked by the content filter|cannot be told whether/);
}, [
    { provider: 'gemini', op: 'interactions.create', fault: 'drop-after', nth: [2] },
    { provider: 'gemini', op: 'run', fault: 'refused', shape: 'status', nth: [3] },
]);

shows('ComfyUI films with a picture; lost answers are found by their id, what it forgets is run again', async (desk) => {
    const { code, err } = await make(desk, 'wan-2.2', '--scenes', '5', '--budget', '0.01', '--product-image', join(EXAMPLES, 'kettle.png'));
    assert.equal(code, 0, err);
    assert.ok(statSync(film(desk)).size > 50000);
    const { entries } = await ledgerOf(desk);
    assert.equal(entries.filter((e) => e.state === 'settled').length, 4, JSON.stringify(entries));
    assert.equal(entries.filter((e) => e.state === 'released').length, 1);         // the one that was forgotten
    assert.equal(lines(desk, 'accepted').length, 5);
    assert.equal(new Set(lines(desk, 'accepted').map((line) => line.id)).size, 5);
}, [
    { provider: 'comfyui', op: 'prompt.create', fault: 'drop-after', nth: [1] },
    { provider: 'comfyui', op: 'run', fault: 'vanished', nth: [2] },
]);

shows('a workflow of one\'s own that is wrong says which node, and nothing is run', async (desk) => {
    const models = join(desk.data, 'data', 'models'), nodes = { 1: { class_type: 'UNETLoader', inputs: { unet_name: 'mine.safetensors', weight_dtype: 'default' } } };
    mkdirSync(join(models, 'workflows'), { recursive: true });
    writeFileSync(join(models, 'mine.yaml'), 'title: Mine\ndriver: comfyui\nversion: "1"\nworkflow: mine.json\nsecondsMin: 1\nsecondsMax: 5\nusdPerSecond: 0\n');
    const say = async (graph) => {
        writeFileSync(join(models, 'workflows', 'mine.json'), JSON.stringify(graph));
        return (await make(desk, 'mine', '--scenes', '3')).err;
    };
    assert.match(await say({ ...nodes, 2: { class_type: 'SaveVideo', inputs: { video: ['1', 0], filename_prefix: '{{prefix}}', format: 'auto', codec: 'auto' } } }), /node 1 \(UNETLoader\).*mine.safetensors.*put the file it names/s);
    assert.match(await say({ nodes: [], links: [] }), /editor's form.*Export \(API\)/s);
    assert.match(await say({ ...nodes, 2: { class_type: 'SaveVideo', inputs: { video: ['1', 0], filename_prefix: '{{prefx}}' } } }), /placeholder \{\{prefx\}\}/);
    assert.equal(lines(desk, 'accepted').length, 0);
});

shows('a song is made for a film that has none, and bought once', async (desk) => {
    const words = ['make', '--prompt', 'A courier races the dawn', '--music', 'warm analog synths, 90 bpm', '--duration', '10', '--size', '480p', '--budget', '1', '-o', film(desk), '--json'];
    const { code, err } = await desk.run(...words);
    assert.equal(code, 0, err);
    await assertHeard(desk);
    const { entries } = await ledgerOf(desk), [billed] = lines(desk, 'billed');
    assert.deepEqual(entries.map((e) => [e.kind, e.state, e.model]), [['music', 'settled', 'elevenlabs-music']]);
    assert.deepEqual([lines(desk, 'billed').length, billed.model], [1, 'elevenlabs/music']);
    assert.ok(entries[0].usd >= billed.usd && entries[0].usd < billed.usd * 1.2, `${entries[0].usd} for ${billed.usd}`);
    const { projects } = JSON.parse((await desk.run('project', 'list', '--json')).out), id = projects[0].projectId;
    assert.match((await desk.run('project', 'show', id)).out, /music/);
    assert.equal((await desk.run('project', 'generate', id, '-o', film(desk))).code, 0);
    assert.equal(lines(desk, 'billed').length, 1);
});

shows('an advertisement is spoken over; too many words and too little money are said before', async (desk) => {
    const ad = (...more) => desk.run('make', ...AD, '--voice-over', 'Ember. Warm before the sun is up.', '-o', film(desk), '--json', ...more);
    const { code, err } = await ad('--budget', '1');
    assert.equal(code, 0, err);
    await assertHeard(desk);
    const { entries } = await ledgerOf(desk);
    assert.deepEqual(entries.map((e) => [e.kind, e.state]), [['voice', 'settled']]);
    assert.equal(lines(desk, 'billed').length, 1);
    assert.match((await ad('--voice-over', 'A word and another word. '.repeat(20))).err, /takes about 36 seconds and the film has 12/);
    assert.match((await ad('--voice-model', 'nobody')).err, /no voice model/);
    assert.match((await ad('--music', 'a waltz', '--music-model', 'lyria-2', '--audio', join(EXAMPLES, 'song.m4a'))).err, /one is to be made/);
    assert.match((await desk.run('make', '--prompt', 'x', '--music', 'a waltz', '--music-model', 'lyria-2', '--duration', '60')).err, /30 seconds of music at most/);
    assert.match((await desk.run('make', '--prompt', 'x', '--music', 'a waltz', '--dry-run')).err, /paid for before there is a plan/);
    assert.equal((await desk.run('make', '--prompt', 'x', '--music', 'a waltz', '--budget', '0.01', '--json')).code, 3);
    assert.equal(lines(desk, 'billed').length, 1);
});

shows('what comes and is no clip, or too short, fails its scene alone and says what it cost; the rest is made', async (desk) => {
    const { code, err } = await make(desk, 'gemini-omni', '--duration', '20', '--scenes', '4', '--budget', '9');
    assert.equal(code, 1, err);
    const { entries } = await ledgerOf(desk), why = (state) => entries.filter((e) => e.state === state).map((e) => e.why ?? '').join();
    assert.equal(entries.length, 3, 'nothing is bought again');
    assert.match(why('wasted'), /of no use: .*\(\$0\.\d\d was paid for it\)/, JSON.stringify(entries));
    assert.ok(entries.every((e) => e.kept || e.state !== 'wasted'), JSON.stringify(entries));
    assert.match(why('settled'), /s long and the scene needs/, JSON.stringify(entries));
    assert.equal(lines(desk, 'billed').length, 3);
    const { projects } = JSON.parse((await desk.run('project', 'list', '--json')).out), lost = entries.find((e) => e.state === 'wasted');
    const { out } = await desk.run('project', 'ledger', projects[0].projectId, lost.id);
    for (const said of [/ sent  POST \/\S*interactions/, / ended .*200/s, / fetched /, /"status":\s*"completed"/]) assert.match(out, said);
}, [
    { provider: 'gemini', op: 'run', fault: 'output', output: 'not-video', nth: [1] },
    { provider: 'gemini', op: 'run', fault: 'output', output: 'short', nth: [2] },
]);

shows('a model that was retired is named, with what to do', async (desk) => {
    const models = join(desk.data, 'data', 'models');
    mkdirSync(models, { recursive: true });
    writeFileSync(join(models, 'gemini-omni.yaml'), 'title: Omni\ndriver: gemini\nversion: "1"\nremote: gemini-omni-0.9\nlengths: [4, 6, 8]\nusdPerSecond: 0.1\n');
    const { code, err } = await make(desk, 'gemini-omni', '--budget', '9');
    assert.equal(code, 1);
    assert.deepEqual(problemOf(err), [404, 'there is no such thing']);
    assert.match(err, /404.*providers retire models; storyreel models lists them/s);
    assert.equal(lines(desk, 'accepted').length, 0);
});

// ---- a program that stands still ----

// It is stopped, for longer than its leases, while one of its calls of each of these kinds is under way.
const FREEZES = ['predictions.create', 'predictions.get', 'delivery.get'], FROZEN_MS = 2500;

shows('a program that is stopped in the middle of paid calls, past its leases, goes on as if nothing had been', async (desk) => {
    desk.env.STORYREEL_LEASE_SECONDS = '2';
    const { ledger } = desk.emulator.world;
    await desk.serve(async (ask, pid) => {
        const at = '/api/mv/projects', get = async (path) => (await ask('GET', `${at}/${path}`)).json;
        const { projectId: id } = (await ask('POST', at, { mode: 'ad-creative', conceptPrompt: 'A cold kitchen before dawn', productDescription: 'Ember, a kettle',
            targetDuration: 12, wantedScenes: 4, size: '480p', video: 'veo-3.1-fast', budget: 9, generate: true })).json;
        for (const op of FREEZES) {
            while (!lines(desk, 'fault').some((line) => line.op === op)) await pause(1);
            process.kill(pid, 'SIGSTOP');
            await pause(FROZEN_MS);
            process.kill(pid, 'SIGCONT');
        }
        let project;
        do await pause(100); while ((project = await get(id)).status === 'processing');
        assert.equal(project.status, 'completed', JSON.stringify(project.problem));
        const { entries } = await get(`${id}/ledger`), { jobs } = await get(`${id}/jobs`), books = compareBooks(ledger, entries);
        assert.deepEqual(books.twice, []);
        assert.deepEqual([books.charges, books.unknown, books.invented, books.open, books.wasted], [3, 0, 0, 0, 0], JSON.stringify(entries));
        assert.ok(jobs.every((job) => ['done', 'cancelled'].includes(job.state)), JSON.stringify(jobs));
        assert.deepEqual(project.scenes.map((scene) => scene.takeCount), [1, 1, 1, 1]);
    });
}, FREEZES.map((op) => ({ provider: 'replicate', op, fault: 'delay', ms: 300, nth: [2] })));
