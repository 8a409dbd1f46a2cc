#!/usr/bin/env node
// The whole product against the stand-ins, without an account: what `./do serve --emulated` runs.
//
//   node serve.mjs --program STORYREEL --folder FOLDER [--clips FOLDER] [--clip-size 720p] [--faults FILE]
//                  [--latency-ms 6000] [-- OPTIONS OF storyreel serve]
//
// Below FOLDER lie the clips that are given out, the stand-ins' ledger and, unless the options name another
// place, the data. No key of the environment reaches the program: each is replaced by a stand-in's.

import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { start } from './emulator.mjs';

const texts = (...names) => Object.fromEntries(names.map((name) => [name, { type: 'string' }]));

function readArguments() {
    const { values, positionals } = parseArgs({
        options: texts('program', 'folder', 'clips', 'clip-size', 'faults', 'latency-ms', 'boot-ms'), allowPositionals: true,
    });
    if (!values.program || !values.folder) throw new Error('--program and --folder are wanted');
    return { ...values, clips: values.clips ?? join(values.folder, 'clips'), more: positionals };
}

function makeClips({ program, clips, 'clip-size': size = '720p' }) {
    const script = fileURLToPath(new URL('make_clips.sh', import.meta.url));
    const { status } = spawnSync('sh', [script, program, clips, size], { stdio: ['ignore', 'ignore', 'inherit'] });
    if (status !== 0) throw new Error('the clips to give out could not be made; the reason is above');
}

const variables = (origin, keys) => ({
    STORYREEL_REPLICATE_URL: `${origin}/replicate`, REPLICATE_API_TOKEN: keys.replicate,
    STORYREEL_GEMINI_URL: `${origin}/gemini`, GEMINI_API_KEY: keys.gemini,
    OPENAI_BASE_URL: `${origin}/openai/v1`, OPENAI_API_KEY: keys.openai,
    COMFYUI_URL: `${origin}/comfyui`,
});

const options = readArguments();
mkdirSync(options.folder, { recursive: true });
makeClips(options);
const emulator = await start({
    clips: options.clips, ledger: join(options.folder, 'emulated-ledger.jsonl'), keys: {},
    faults: options.faults ? JSON.parse(readFileSync(options.faults, 'utf8')) : undefined,
    latencyMs: Number(options['latency-ms'] ?? 6000), bootMs: Number(options['boot-ms'] ?? 400),
});
console.log(`EMULATED: Replicate, Gemini, OpenAI and ComfyUI are stand-ins at ${emulator.origin}`);

const program = spawn(options.program, ['serve', '--emulated', '--data', join(options.folder, 'data'), ...options.more], {
    stdio: 'inherit', env: { ...process.env, ...variables(emulator.origin, emulator.world.keys) },
});
// The program ends in good order and takes the stand-ins with it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => program.kill(signal));
program.once('error', (error) => { console.error(error.message); process.exit(1); });
program.once('exit', async (code) => { await emulator.close(); process.exit(code ?? 1); });
