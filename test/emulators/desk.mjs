// The program at a desk of its own: a data folder, keys and addresses that lead to an emulator. The
// keys are canaries: when the desk is closed none may have come to light, not in what was printed,
// not in the data folder.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const CANARY = 'canary-9f31c0ffee7a';
export const HERO = 'Mara, a young night courier in a yellow raincoat', KETTLE = 'Ember, a red enamel kettle';
const AD = ['--mode', 'ad-creative', '--duration', '15', '--prompt', 'A cold kitchen before dawn', '--product', KETTLE, '--character', HERO];

function* filesIn(folder) {
    for (const name of readdirSync(folder)) {
        const path = join(folder, name);
        if (statSync(path).isDirectory()) yield* filesIn(path);
        else yield path;
    }
}

export class Desk {
    constructor(program, emulator) {
        this.program = program;
        this.emulator = emulator;
        emulator.world.keys = { gemini: CANARY, replicate: CANARY, openai: CANARY };
        this.data = mkdtempSync(join(tmpdir(), 'desk-'));
        this.said = '';
        const origin = emulator.origin;
        this.env = {
            STORYREEL_GEMINI_URL: `${origin}/gemini`, GEMINI_API_KEY: CANARY, STORYREEL_REPLICATE_URL: `${origin}/replicate`,
            REPLICATE_API_TOKEN: CANARY, OPENAI_BASE_URL: `${origin}/openai/v1`, OPENAI_API_KEY: CANARY, COMFYUI_URL: `${origin}/comfyui`,
        };
    }

    // {code, out, err} of the program with these words.
    async run(...words) {
        const env = { PATH: process.env.PATH, HOME: this.data, ASAN_OPTIONS: process.env.ASAN_OPTIONS, LSAN_OPTIONS: process.env.LSAN_OPTIONS, ...this.env };
        const child = spawn(this.program, [...words, '--data', join(this.data, 'data')], { env: Object.fromEntries(Object.entries(env).filter(([, v]) => v !== undefined)) });
        let out = '', err = '';
        child.stdout.on('data', (d) => (out += d));
        child.stderr.on('data', (d) => (err += d));
        const code = await new Promise((resolve) => child.on('close', resolve));
        this.said += out + err;
        return { code, out, err: out + err };          // with --json a problem is on standard output
    }

    plan(planner, ...more) {
        return this.run('make', '--planner', planner, ...AD, '--dry-run', '--json', ...more);
    }

    billed() {
        return this.emulator.world.ledger.of('billed').length;
    }

    close() {
        assert.ok(!this.said.includes(CANARY), 'a key was printed');
        for (const path of filesIn(this.data))
            if (!path.endsWith('/keys')) assert.ok(!readFileSync(path).includes(CANARY), `a key is in ${path}`);
        rmSync(this.data, { recursive: true });
    }
}
