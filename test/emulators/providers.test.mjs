// The program against the emulators: plans and reference pictures, what is billed for them, and
// what becomes of each kind of trouble. STORYREEL names the program; without it nothing is shown.
// In all of it no key may come to light: not in what is printed, not in the data folder.

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { CANARY, Desk, HERO, KETTLE } from './desk.mjs';
import { opened } from './opened.mjs';

const PROGRAM = process.env.STORYREEL;
const EXAMPLES = join(dirname(fileURLToPath(import.meta.url)), '../../examples');

const atDesk = (check, rules = []) => opened({}, async (emulator) => {
    const desk = new Desk(PROGRAM, emulator);
    emulator.world.faults.set({ rules });
    await check(desk);
    desk.close();
});

const skip = PROGRAM ? false : 'STORYREEL names no program';
const shows = (name, check, rules) => test(name, { skip }, atDesk(check, rules));

async function assertPlanned(desk, { code, out, err }) {
    assert.equal(code, 0, err);
    const { projectId } = JSON.parse(out.trim().split('\n').pop());
    assert.match(projectId, /^[0-9A-Z]{26}$/);
    return JSON.parse(out.trim().split('\n').pop());
}

for (const planner of ['gemini', 'openai']) {
    shows(`${planner} writes an advertisement: product and character in their exact words`, async (desk) => {
        await assertPlanned(desk, await desk.plan(planner));
        const prompts = JSON.parse((await desk.plan(planner)).out.trim().split('\n').pop()).scenes.map((s) => s.prompt);
        assert.ok(prompts.every((p) => p.includes(HERO)), prompts[0]);
        assert.ok(prompts.some((p) => p.includes(KETTLE)));
        assert.equal(desk.billed(), 2);
    });

    shows(`${planner}: an answer that cannot be filmed is mended once`, async (desk) => {
        await assertPlanned(desk, await desk.plan(planner));
        assert.equal(desk.billed(), 2);
    }, [{ op: 'run', fault: 'bad-plan' }]);

    shows(`${planner}: one that stays wrong is refused with the reason`, async (desk) => {
        const { code, err } = await desk.plan(planner);
        assert.equal(code, 1);
        assert.match(err, /asked again it was no better/);
        assert.equal(desk.billed(), 2);
    }, [{ op: 'run', fault: 'prose' }]);

    shows(`${planner}: one that is cut off is not read`, async (desk) => {
        const { code, err } = await desk.plan(planner);
        assert.equal(code, 1);
        assert.match(err, /cut off/);
        assert.equal(desk.billed(), 1);
    }, [{ op: 'run', fault: 'max-tokens' }]);
}

shows('fences and thoughts around an answer do no harm', async (desk) => {
    await assertPlanned(desk, await desk.plan('openai'));
    await assertPlanned(desk, await desk.plan('openai', '--seed', '2'));
    assert.equal(desk.billed(), 2);
}, [{ op: 'run', fault: 'fenced', nth: [1] }, { op: 'run', fault: 'think', nth: [1] }]);

shows('a blocked request says so, and nothing is asked again', async (desk) => {
    const { code, err } = await desk.plan('gemini');
    assert.equal(code, 1);
    assert.match(err, /refused the content/);
    assert.equal(desk.emulator.world.ledger.of('fault').length, 0);
}, [{ op: 'run', fault: 'prompt-block' }]);

shows('a plan that may have been paid for is asked for once more, then a person decides', async (desk) => {
    const { code, err } = await desk.plan('gemini');
    assert.equal(code, 4, err);
    assert.match(err, /may have charged/);
    assert.equal(desk.billed(), 2);
}, [{ provider: 'gemini', op: 'generateContent', fault: 'drop-after' }]);

shows('a wrong key names the variable; no key at all too', async (desk) => {
    desk.env.GEMINI_API_KEY = 'wrong';
    assert.match((await desk.plan('gemini')).err, /does not accept the key[\s\S]*GEMINI_API_KEY/);
    delete desk.env.GEMINI_API_KEY;
    assert.match((await desk.plan('gemini')).err, /not configured[\s\S]*GEMINI_API_KEY/);
    assert.equal(desk.billed(), 0);
});

shows('keys in a file count when nobody else can read it', async (desk) => {
    delete desk.env.GEMINI_API_KEY;
    mkdirSync(join(desk.data, 'data'));
    const path = join(desk.data, 'data', 'keys');
    writeFileSync(path, `# mine\nGEMINI_API_KEY=${CANARY}\n`);
    chmodSync(path, 0o644);
    assert.match((await desk.plan('gemini')).err, /others can read the keys[\s\S]*chmod 600/);
    chmodSync(path, 0o600);
    await assertPlanned(desk, await desk.plan('gemini'));
    writeFileSync(path, `GEMINI_KEY=${CANARY}\n`);
    assert.match((await desk.plan('gemini')).err, /means nothing/);
});

shows('models and doctor say what is configured', async (desk) => {
    const models = async () => JSON.parse((await desk.run('models', '--json')).out).models;
    assert.ok((await models()).every((m) => m.configured));
    delete desk.env.GEMINI_API_KEY;
    assert.equal((await models()).find((m) => m.name === 'gemini').configured, false);
    assert.match((await desk.run('doctor')).out, /gemini +not configured.*set GEMINI_API_KEY/);
    desk.env.OPENAI_BASE_URL = 'ftp://nowhere';
    assert.match((await desk.run('doctor')).out, /OPENAI_BASE_URL is not the address/);
});

shows('a server that calls itself emulated starts with no real service', async (desk) => {
    delete desk.env.STORYREEL_REPLICATE_URL;
    const { code, err } = await desk.run('serve', '--emulated', '--listen', '127.0.0.1:0');
    assert.notEqual(code, 0);
    assert.match(err, /Replicate is at https:\/\/api\.replicate\.com[\s\S]*STORYREEL_REPLICATE_URL/);
});

shows('doctor --online asks without spending: what answers, a wrong key, no credit, nobody there, a retired model', async (desk) => {
    const checks = async (...more) => Object.fromEntries(JSON.parse((await desk.run('doctor', '--online', '--json', ...more)).out.split('\n')[0]).checks.map((c) => [c.check, c]));
    const fine = await checks();
    for (const name of ['gemini', 'replicate', 'openai', 'comfyui']) assert.ok(fine[name].ok && /^answers at/.test(fine[name].says), JSON.stringify(fine[name]));
    assert.ok(!fine['gemini-omni'], 'what is there is not worth a line');

    const models = join(desk.data, 'data', 'models');
    mkdirSync(models, { recursive: true });
    writeFileSync(join(models, 'old-veo.yaml'), 'title: Old\ndriver: gemini\nversion: "1"\nremote: veo-3.1-generate-preview\nlengths: [8]\n');
    desk.emulator.world.faults.set({ rules: [{ op: 'account.get', fault: 'no-credit' }] });
    Object.assign(desk.env, { OPENAI_BASE_URL: 'http://127.0.0.1:9', COMFYUI_URL: '' });
    const ill = await checks();
    assert.match(ill['old-veo'].says + ill['old-veo'].next, /veo-3.1-generate-preview is not there any more.*old-veo.yaml/);
    assert.match(ill.replicate.says + ill.replicate.next, /402.*add credit/);
    assert.match(ill.openai.says + ill.openai.next, /could not be talked to.*OPENAI_BASE_URL/);
    assert.deepEqual([ill.comfyui.ok, ill.comfyui.next], [true, 'set COMFYUI_URL to use it']);

    Object.assign(desk.env, { GEMINI_API_KEY: 'wrong', REPLICATE_API_TOKEN: 'wrong' });
    desk.emulator.world.faults.set({});
    const wrong = await checks();
    assert.match(wrong.gemini.says + wrong.gemini.next, /does not accept the key.*GEMINI_API_KEY/);
    assert.match(wrong.replicate.says + wrong.replicate.next, /401.*REPLICATE_API_TOKEN/);
    assert.equal((await desk.run('doctor', '--online')).code, 1);
    assert.equal(desk.emulator.world.ledger.lines.filter((line) => line.event !== 'fault').length, 0);
});

shows('a model of the user\'s own needs a file, not a build', async (desk) => {
    mkdirSync(join(desk.data, 'data', 'models'), { recursive: true });
    writeFileSync(join(desk.data, 'data', 'models', 'big-llama.yaml'), 'title: Big\nmakes: text\ndriver: openai\nversion: "1"\nremote: llama3.3:70b\n');
    await assertPlanned(desk, await desk.plan('big-llama'));
    assert.equal(desk.emulator.world.ledger.of('billed')[0].model, 'llama3.3:70b');
    assert.match((await desk.plan('bigllama')).err, /no planner/);
});

for (const model of ['gemini-3.1-flash-image', 'nano-banana-2', 'flux-2-pro']) {
    const draw = (desk, ...more) => desk.run('reference', 'generate', HERO, '--model', model, '--json', ...more);
    const count = (desk) => desk.emulator.world.ledger.of('billed').length;

    shows(`${model}: four pictures, one like a picture of the user's, none paid for twice`, async (desk) => {
        const first = JSON.parse((await draw(desk)).out).references;
        assert.deepEqual(first.map((r) => [r.width, r.height]), Array(4).fill([1024, 1024]));
        assert.equal(new Set(first.map((r) => r.hash)).size, 4);
        assert.equal(count(desk), 4);
        assert.deepEqual(JSON.parse((await draw(desk)).out).references.map((r) => r.hash), first.map((r) => r.hash));
        assert.equal(count(desk), 4);
        const own = JSON.parse((await desk.run('reference', 'upload', join(EXAMPLES, 'courier.png'), '--json')).out);
        const like = JSON.parse((await draw(desk, '--like', own.referenceId)).out).references;
        assert.ok(like.every((r) => first.every((f) => f.hash !== r.hash)));
        assert.equal(count(desk), 8);
    });
}

shows('a picture that may have been paid for is not asked for again unasked', async (desk) => {
    const { code, err } = await desk.run('reference', 'generate', HERO, '--model', 'gemini-3.1-flash-image');
    assert.equal(code, 4);
    assert.match(err, /not known whether the picture was made/);
    assert.equal(desk.billed(), 3);
    assert.equal((await desk.run('reference', 'generate', HERO, '--model', 'gemini-3.1-flash-image')).code, 0);
    assert.equal(desk.billed(), 5);
}, [{ provider: 'gemini', op: 'generateContent', fault: 'drop-after', nth: [3] }]);

shows('words instead of a picture are a refusal', async (desk) => {
    const { code, err } = await desk.run('reference', 'generate', HERO, '--model', 'gemini-3.1-flash-image');
    assert.equal(code, 1);
    assert.match(err, /refused the content/);
}, [{ op: 'run', fault: 'finish', reason: 'NO_IMAGE' }]);
