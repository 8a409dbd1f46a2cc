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

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

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

    #spawn(words, more = {}) {
        const env = { PATH: process.env.PATH, HOME: this.data, ASAN_OPTIONS: process.env.ASAN_OPTIONS, LSAN_OPTIONS: process.env.LSAN_OPTIONS, ...more, ...this.env };
        return spawn(this.program, [...words, '--data', join(this.data, 'data')], { env: Object.fromEntries(Object.entries(env).filter(([, v]) => v !== undefined)) });
    }

    // {code, out, err} of the program with these words.
    async run(...words) {
        const child = this.#spawn(words);
        let out = '', err = '';
        child.stdout.on('data', (d) => (out += d));
        child.stderr.on('data', (d) => (err += d));
        const code = await new Promise((resolve) => child.on('close', resolve));
        this.said += out + err;
        return { code, out, err: out + err };          // with --json a problem is on standard output
    }

    // What `check` makes of a server at this desk: it is given a way to ask, and the server's process.
    async serve(check) {
        const child = this.#spawn(['serve', '--listen', '127.0.0.1:0'], { STORYREEL_LOOK_SECONDS: '0.3' });
        const ended = new Promise((resolve) => child.once('close', resolve));
        let said = '';
        for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (said += bytes, this.said += bytes));
        try {
            while (!/listens on (\S+?)\/?\s/.test(said) && child.exitCode === null) await pause(20);
            const url = /listens on (\S+?)\/?\s/.exec(said)?.[1];
            assert.ok(url, said);
            return await check((...request) => this.#ask(url, ...request), child.pid);
        } finally {
            child.kill('SIGTERM');
            await ended;
        }
    }

    // `body` is a form, or becomes JSON.
    async #ask(url, method, path, body) {
        const form = body instanceof FormData, key = { 'x-api-key': this.env.STORYREEL_TOKEN ?? '' };
        const reply = await fetch(url + path, { method, body: form || !body ? body : JSON.stringify(body), headers: form || !body ? key : { ...key, 'content-type': 'application/json' } });
        const bytes = Buffer.from(await reply.arrayBuffer()), type = reply.headers.get('content-type') ?? '';
        const text = /^video|^image|^audio/.test(type) ? '' : bytes.toString();
        this.said += `${[...reply.headers].join('\n')}\n${text}`;
        return { status: reply.status, bytes, text, json: /json/.test(type) ? JSON.parse(text) : undefined };
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
