// The whole way, from words to film: a music video and an advertisement, each ordered once on the command line and once
// over HTTP, and everything in them bought from the emulators. Gemini draws the character and writes the scenes; Veo on
// Replicate films them, but one, which it fails for good and Gemini films instead; two scenes have their lips moved.
// Then each film is taken apart: its length, who made what, what was paid, and that every frame is where the board says.
//
// STORYREEL names the program. SHOW_KEEP=FOLDER keeps the films there, to be looked at; SHOW_SIZE=720p makes them larger.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Desk, HERO, KETTLE, pause } from './desk.mjs';
import { start } from './emulator.mjs';

const PROGRAM = process.env.STORYREEL, SIZE = process.env.SHOW_SIZE ?? '480p';
const HERE = dirname(fileURLToPath(import.meta.url)), EXAMPLES = join(HERE, '../../examples');
const skip = PROGRAM ? false : 'STORYREEL names no program';
const RATE = 24, PAINTER = 'gemini-3.1-flash-image', VEO = 'veo-3.1-fast', OMNI = 'gemini-omni', LIPS = 'lipsync-2-pro';
const SECOND_SCENE = 'a single lamp';        // which the planner's part writes into the prompt of the second scene alone

// What is ordered, in the words of the API; by `makers` of scene 1, 2, ... the first filmed, the last is shown.
const WITH_LIPS = [VEO, LIPS];
const FILMS = {
    'music video': {
        wish: { mode: 'music-video', conceptPrompt: 'Mara races the dawn through a rainy city and sings on the bridge', aspect: '16:9',
            lyrics: '[00:00.50] Carry me over the water\n[00:09.20] before the light', wantedScenes: 3 },
        seconds: 10, makers: [WITH_LIPS, [OMNI], WITH_LIPS], syncs: [],     // those who sing are planned
    },
    advertisement: {
        wish: { mode: 'ad-creative', conceptPrompt: 'A cold kitchen before dawn. Mara sings until the kettle does.', aspect: '9:16',
            productDescription: KETTLE, callToAction: 'Wake up warm', targetDuration: 12, wantedScenes: 4 },
        seconds: 12, makers: [WITH_LIPS, [OMNI], WITH_LIPS, ['animatic']], syncs: [1, 3], product: join(EXAMPLES, 'kettle.png'),
    },
};
const ALL = { planner: 'gemini', video: VEO, fallbacks: OMNI, lipsync: LIPS, size: SIZE, budget: 20, characterDescription: HERO, seed: 11 };

const scratch = PROGRAM && mkdtempSync(join(tmpdir(), 'show-'));
after(() => scratch && rmSync(scratch, { recursive: true, force: true }));

function say(program, words, env = {}) {
    const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8', maxBuffer: 64 << 20, env: { ...process.env, HOME: scratch, ...env } });
    assert.equal(status, 0, `${words.join(' ')}: ${stdout}${stderr}`);
    return stdout;
}

let clips;
function clipsToGive() {
    clips ??= join(scratch, 'clips');
    say('sh', [join(HERE, 'make_clips.sh'), PROGRAM, clips, SIZE], { STARTS: '0 2 4', LENGTHS: '4' });
    return clips;
}

function songOf(seconds) {
    const path = join(scratch, `song-${seconds}.wav`);
    say(PROGRAM, ['media', 'cut', join(EXAMPLES, 'song.m4a'), '--in', '0', '--out', String(seconds), '-o', path]);
    return path;
}

// ---- two ways to order a film: each gives its project's id and the finished file ----

const OPTIONS = { conceptPrompt: 'prompt', productDescription: 'product', callToAction: 'call-to-action', targetDuration: 'duration',
    wantedScenes: 'scenes', characterDescription: 'character', fallbacks: 'fallback' };

async function onTheCommandLine(desk, { wish, syncs, product }, song) {
    const run = async (...words) => {
        const { code, out, err } = await desk.run(...words);
        assert.equal(code, 0, err);
        return out;
    };
    const pictures = join(desk.data, 'pictures'), path = join(desk.data, 'film.mp4'), lyrics = join(desk.data, 'lyrics.lrc');
    await run('reference', 'generate', HERO, '--model', PAINTER, '-o', pictures);
    writeFileSync(lyrics, wish.lyrics ?? '');
    const said = Object.entries({ ...ALL, ...wish, lyrics }).flatMap(([name, value]) => [`--${OPTIONS[name] ?? name}`, String(value)]);
    const files = ['--audio', song, '--character-image', join(pictures, '3.png'), ...product ? ['--product-image', product] : []];
    const made = await run('make', ...said, ...files, '-o', path, '--json');
    const { projectId } = JSON.parse(made.trim().split('\n').pop());
    for (const scene of syncs) await run('project', 'lipsync', projectId, String(scene));
    if (syncs.length) await run('project', 'generate', projectId, '-o', path);
    return { projectId, path };
}

const overHttp = (desk, { wish, syncs, product }, song) => desk.serve(async (ask) => {
    const get = async (status, ...request) => {
        const reply = await ask(...request);
        assert.equal(reply.status, status, reply.text);
        return reply.json;
    };
    const { references } = await get(201, 'POST', '/api/mv/generate_character_reference', { description: HERO, model: PAINTER });
    const form = new FormData(), at = '/api/mv/projects';
    for (const [name, value] of Object.entries({ ...ALL, ...wish, characterReferenceId: references[2].referenceId })) form.append(name, String(value));
    form.append('audio', new Blob([readFileSync(song)]), 'song.wav');
    if (product) form.append('productImage', new Blob([readFileSync(product)]), 'kettle.png');
    const { projectId } = await get(201, 'POST', at, form);
    const settled = async () => {
        let project;
        do await pause(100); while ((project = await get(200, 'GET', `${at}/${projectId}`)).status === 'processing');
        assert.equal(project.problem, undefined, JSON.stringify(project.problem));
        return project;
    };
    await get(202, 'POST', `${at}/${projectId}/generate`, {});
    let project = await settled();
    for (const scene of syncs) {
        await get(202, 'POST', `${at}/${projectId}/lipsync/${scene}`, {});
        await settled();
    }
    if (syncs.length) {
        await get(202, 'POST', `${at}/${projectId}/generate`, {});
        project = await settled();
    }
    const path = join(desk.data, 'film.mp4');
    writeFileSync(path, (await ask('GET', project.finalOutputUrl)).bytes);
    return { projectId, path };
});

// ---- what it has to be ----

const read = async (desk, ...words) => JSON.parse((await desk.run(...words, '--json')).out);

async function assertLength(desk, path, { seconds, wish }) {
    const found = await read(desk, 'media', 'probe', path), frames = seconds * RATE;
    assert.deepEqual([found.frames, found.samples], [frames, frames * 2000]);
    assert.ok(wish.aspect === '16:9' ? found.width > found.height : found.height > found.width);
    const check = await read(desk, 'media', 'check', path);
    assert.ok(!check.silent && check.fastStart, JSON.stringify(check));
}

async function assertMakers(desk, project, { makers }) {
    assert.equal(project.scenes.length, makers.length);
    for (const [i, scene] of project.scenes.entries()) {
        const { takes, selectedTake } = await read(desk, 'project', 'takes', project.projectId, String(scene.sequence));
        assert.deepEqual(takes.map((take) => take.model), makers[i], `scene ${i + 1}`);
        assert.equal(selectedTake, takes.at(-1).take);
        for (const take of takes) assert.equal(/^Veo 3\.1 Fast: .*E003/.test(take.instead ?? ''), take.model === OMNI, take.instead);
    }
}

// Sent was the part of the song that is heard during that scene, and so long was the clip.
function assertLips(desk, project, { makers }) {
    const given = desk.emulator.world.ledger.of('given'), length = (scene) => Math.round(scene.duration * RATE);
    const synced = project.scenes.filter((_, i) => makers[i].includes(LIPS)).map(length).sort();
    assert.deepEqual(given.map((g) => Math.round(g.audio.seconds * RATE)).sort(), synced);
    assert.deepEqual(given.map((g) => Math.round(g.video.seconds * RATE)).sort(), synced);
}

// Every call that was charged for is a row, at the price that was charged, and no other row is paid.
async function assertPaid(desk, project, { makers }) {
    const { ledger } = desk.emulator.world, drawn = await read(desk, 'reference', 'ledger');
    const { entries, usd } = await read(desk, 'project', 'ledger', project.projectId), paid = entries.filter((e) => e.state === 'settled');
    const by = (model) => makers.flat().filter((name) => name === model).length;
    const rows = [['plan', 'gemini', 1], ['take', VEO, by(VEO)], ['take', OMNI, by(OMNI)], ['lip-sync', LIPS, by(LIPS)]];
    for (const [kind, model, count] of rows) assert.equal(paid.filter((e) => e.kind === kind && e.model === model).length, count, JSON.stringify(entries));
    assert.deepEqual([paid.length, drawn.entries.length], [rows.reduce((sum, [, , count]) => sum + count, 0), 4]);
    assert.ok(entries.every((e) => e.state === 'settled' || (e.state === 'released' && e.model === VEO && e.sequence === 2)), JSON.stringify(entries));
    assert.equal(entries.length - paid.length, ledger.of('unbilled').length);

    const charged = ledger.of('billed').filter((line) => line.id !== 'generateContent');
    assert.deepEqual(paid.filter((e) => e.kind !== 'plan').map((e) => e.ticket).sort(), charged.map((line) => line.id).sort());
    for (const line of charged) assert.ok(Math.abs(paid.find((e) => e.ticket === line.id).usd / line.usd - 1) < 0.01, JSON.stringify(line));
    assert.ok(Math.abs((usd + drawn.usd) / ledger.usd() - 1) < 0.01, `${usd} and ${drawn.usd} in the ledger, ${ledger.usd()} billed`);
    assert.equal(ledger.of('leak').length, 0);
}

// The character's picture went to whoever filmed her.
function assertShown(desk) {
    const runs = [...desk.emulator.providers.replicate.runs.values()].filter((run) => run.model === 'google/veo-3.1-fast');
    assert.ok(runs.length > 0 && runs.every((run) => run.input.image && run.input.prompt.includes(HERO)));
}

// The frames of the film are those of the scenes' clips, one behind the other, and no two scenes look alike.
function assertOrder(desk, project, path) {
    const frames = (file) => say(PROGRAM, ['media', 'frames', file]).trim().split('\n').map((line) => line.split(' ')[1]);
    const parts = project.scenes.map((scene) => frames(join(desk.data, 'data/media', scene.clip.key)));
    assert.deepEqual(parts.map((part) => part.length), project.scenes.map((scene) => Math.round(scene.duration * RATE)));
    assert.deepEqual(frames(path), parts.flat());
    assert.equal(new Set(parts.map((part) => part[0])).size, parts.length, 'scenes that look alike prove no order');
}

for (const [name, film] of Object.entries(FILMS)) {
    for (const order of [onTheCommandLine, overHttp]) {
        const title = `${name}, ${order === overHttp ? 'over HTTP' : 'on the command line'}`;
        test(`from words to film: ${title}`, { skip }, async () => {
            const rules = [{ provider: 'replicate', op: 'run', model: 'google/veo-3.1-fast', words: SECOND_SCENE, fault: 'failed' }];
            const emulator = await start({ clips: clipsToGive(), latencyMs: 200, bootMs: 50, faults: { rules } });
            const desk = new Desk(PROGRAM, emulator);
            desk.env.STORYREEL_LOOK_SECONDS = '0.3';
            try {
                const { projectId, path } = await order(desk, film, songOf(film.seconds));
                const project = await read(desk, 'project', 'show', projectId);
                if (process.env.SHOW_KEEP) {
                    mkdirSync(process.env.SHOW_KEEP, { recursive: true });
                    copyFileSync(path, join(process.env.SHOW_KEEP, `${title.replace(/\W+/g, '-')}.mp4`));
                }
                await assertLength(desk, path, film);
                await assertMakers(desk, project, film);
                assertLips(desk, project, film);
                await assertPaid(desk, project, film);
                assertShown(desk);
                assertOrder(desk, project, path);
            } finally {
                desk.close();
                await emulator.close();
            }
        });
    }
}
