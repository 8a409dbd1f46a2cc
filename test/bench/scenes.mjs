#!/usr/bin/env node
// Two hundred scenes at a provider at once, on one process: scenes.mjs STORYREEL [LATENCY-SECONDS].
//
// The emulated Replicate takes LATENCY (10 s; what is promised is measured at 60) for each run and runs any number at once; six hundred
// orders a minute are allowed, a tenth of them at once. So the ideal is the time the last order may leave, and one latency. Promised:
// all takes are there within 1.05 of the ideal at 60 s, which leaves 3.7 s for orders, downloads and commits, whatever the latency; no
// more than 64 MB above idle; and no thread that waits for a scene.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start } from '../emulators/emulator.mjs';

const [program, latency = '10'] = process.argv.slice(2);
const SCENES = 200, LATENCY_S = Number(latency), MEMORY_MB = 64;
const LIMIT_S = (SCENES - 61) / 10, SLACK_S = 0.05 * (60 + LIMIT_S);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const freePort = () => new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
        const { port } = probe.address();
        probe.close(() => resolve(port));
    });
});

// {threads, mb} of the process now.
function size(pid) {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const number = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)[1]);
    return { threads: number('Threads'), mb: number('VmRSS') / 1024 };
}

async function makeClips(folder) {
    const film = join(folder, 'film.mp4'), clips = join(folder, 'clips');
    const child = spawn(program, ['make', '--mode', 'ad-creative', '--prompt', 'A cold kitchen before dawn', '--product', 'Ember, a kettle',
        '--duration', '8', '--scenes', '1', '--size', '480p', '--data', join(folder, 'first'), '-o', film], { stdio: 'ignore' });
    await new Promise((resolve) => child.once('close', resolve));
    mkdirSync(clips);
    copyFileSync(film, join(clips, 'clip.mp4'));
    return clips;
}

async function serve(folder, emulator) {
    const port = await freePort();
    const child = spawn(program, ['serve', '--listen', `127.0.0.1:${port}`, '--data', join(folder, 'data'), '--workers', '1', '--quiet'], {
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { ...process.env, STORYREEL_TOKEN: '', STORYREEL_REPLICATE_URL: `${emulator.origin}/replicate`, REPLICATE_API_TOKEN: 'r8_emulated',
            STORYREEL_PUBLIC_URL: `http://127.0.0.1:${port}` },
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const ask = async (method, path, body) => {
        const reply = await fetch(`http://127.0.0.1:${port}/api/mv${path}`,
            { method, ...(body instanceof FormData ? { body } : body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }) });
        if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
        return reply.json();
    };
    return { child, ask };
}

// A song with a click each half second, as long as two hundred scenes of four seconds.
function song() {
    const rate = 8000, count = 4 * SCENES * rate, wav = Buffer.alloc(44 + 2 * count);
    wav.write('RIFF', 0), wav.writeUInt32LE(36 + 2 * count, 4), wav.write('WAVEfmt ', 8), wav.writeUInt32LE(16, 16);
    wav.writeUInt16LE(1, 20), wav.writeUInt16LE(1, 22), wav.writeUInt32LE(rate, 24), wav.writeUInt32LE(2 * rate, 28);
    wav.writeUInt16LE(2, 32), wav.writeUInt16LE(16, 34), wav.write('data', 36), wav.writeUInt32LE(2 * count, 40);
    for (let i = 0; i < count; i++) {
        const beat = (i / rate) % 0.5;
        wav.writeInt16LE(Math.round(20000 * Math.exp(-beat * 40) * Math.sin(2 * Math.PI * 90 * beat)), 44 + 2 * i);
    }
    return new Blob([wav], { type: 'audio/wav' });
}

async function planned(ask) {
    const form = new FormData();
    const words = { conceptPrompt: 'A robot dances on a rooftop', wantedScenes: SCENES, size: '480p', aspect: '16:9', video: 'veo-3.1-fast' };
    for (const [name, value] of Object.entries(words)) form.append(name, String(value));
    form.append('audio', song(), 'song.wav');
    const { projectId } = await ask('POST', '/projects', form);
    await ask('POST', `/projects/${projectId}/plan`, {});
    for (;;) {
        const project = await ask('GET', `/projects/${projectId}`);
        if (project.status !== 'processing') return project;
        await pause(100);
    }
}

// Until every take is paid for and kept; the most that the process was meanwhile.
async function film(server, project) {
    const most = { threads: 0, mb: 0 }, began = Date.now();
    await server.ask('POST', `/projects/${project.projectId}/generate`, { scenes: project.sceneOrder });
    for (let settled = 0; settled < project.sceneOrder.length; await pause(200)) {
        const now = size(server.child.pid);
        most.threads = Math.max(most.threads, now.threads);
        most.mb = Math.max(most.mb, now.mb);
        if (Date.now() - began < LATENCY_S * 1000) continue;         // asking costs it something too
        const { entries } = await server.ask('GET', `/projects/${project.projectId}/ledger`);
        settled = entries.filter((e) => e.state === 'settled').length;
        if (Date.now() - began > (LATENCY_S + 120) * 1000) throw new Error(`only ${settled} takes after ${LATENCY_S + 120} s`);
    }
    return { ...most, seconds: (Date.now() - began) / 1000 };
}

const folder = mkdtempSync(join(tmpdir(), 'storyreel-scenes-'));
const emulator = await start({ clips: await makeClips(folder), latencyMs: LATENCY_S * 1000, bootMs: 0 });
const server = await serve(folder, emulator);
let kept = false;
try {
    const project = await planned(server.ask), idle = size(server.child.pid);
    const most = await film(server, project), count = project.sceneOrder.length;
    const mb = most.mb - idle.mb, threads = most.threads - idle.threads, ideal = LATENCY_S + LIMIT_S, over = most.seconds - ideal;
    const sent = emulator.world.ledger.of('accepted').map((e) => Date.parse(e.at));
    kept = over <= SLACK_S && mb <= MEMORY_MB && threads <= 2 && sent.length === count;
    console.log(`${count} scenes at once, ${LATENCY_S} s each: ${most.seconds.toFixed(1)} s (ideal ${ideal.toFixed(1)}; ordered in ` +
        `${((Math.max(...sent) - Math.min(...sent)) / 1000).toFixed(1)} s; over by ${over.toFixed(1)} s of ${SLACK_S.toFixed(1)}), ` +
        `${mb.toFixed(1)} MB above idle (promised ${MEMORY_MB}), ${threads} more threads than idle${kept ? '' : '   NOT KEPT'}`);
} finally {
    server.child.kill('SIGKILL');
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
}
process.exit(kept ? 0 : 1);
