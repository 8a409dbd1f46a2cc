// Money as people meet it: what is over a cap is priced and not begun, plans and pictures stand in the ledger like takes,
// cancelling reaches the provider, and what is lost with the provider's hour is named with its cost.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { Desk, HERO } from './desk.mjs';
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
const FILM = ['make', '--mode', 'ad-creative', '--prompt', 'A cold kitchen before dawn', '--duration', '15', '--scenes', '3', '--size', '480p'];

// A model whose three scenes of eight seconds cost 10.88 together.
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
    assert.deepEqual(ledger.entries.map((e) => [e.kind, e.state, e.usd, e.model]), [['plan', 'settled', 0.05, 'gemini']]);
    assert.equal(ledger.usd, 0.05);
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
