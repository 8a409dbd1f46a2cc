#!/usr/bin/env node
// What a film costs at AWS beside the models, from requests counted at the gates: cost.mjs (STORYREEL names the program).
// Prints docs/deploy.md's table. Two ads of SCENES scenes are made, one drawn and one bought; what processes ask for
// when nothing is to be done is counted first and taken off.

import { start as startEmulator } from '../emulators/emulator.mjs'
import { capacity } from './gate.mjs'
import { Cloud, pause } from './world.mjs'

// us-east-1, on demand, in dollars each: DynamoDB units, S3 standard requests, gigabyte-months.
const prices = { write: 0.625e-6, read: 0.125e-6, put: 5e-6, get: 0.4e-6, gbMonth: 0.023 }
const SCENES = 12, IDLE_MS = 10_000

const cloud = await Cloud.start({ s3: true, env: { STORYREEL_LOOK_SECONDS: '5' } })
const emulator = await startEmulator({ clips: await cloud.clips(8), latencyMs: 4000, bootMs: 0 })
Object.assign(cloud.env, { STORYREEL_REPLICATE_URL: `${emulator.origin}/replicate`, REPLICATE_API_TOKEN: 'r8_emulated' })
await cloud.run(['store', 'init'])
const server = await cloud.serve('server'), worker = await cloud.work('worker')

async function ask(method, path, json) {
    const reply = await fetch(server.url + path, { method, body: json && JSON.stringify(json), headers: json ? { 'content-type': 'application/json' } : {} })
    return reply.json()
}

function take() {
    const s3 = cloud.s3.seen
    cloud.s3.seen = {}
    const of = (...kinds) => kinds.reduce((sum, kind) => sum + (s3[kind]?.requests ?? 0), 0)
    return { ...capacity.take(), put: of('PUT', 'POST', 'LIST'), get: of('GET', 'HEAD'), bytes: s3.PUT?.bytesIn ?? 0 }
}

async function idle() {
    take()
    await pause(IDLE_MS)
    const { read, write } = take()
    return { read: read / IDLE_MS, write: write / IDLE_MS }
}

async function film(more, resting) {
    take()
    const began = Date.now()
    const { projectId } = await ask('POST', '/api/mv/projects', { mode: 'ad-creative', conceptPrompt: 'A courier crosses a city before dawn',
        productDescription: 'Ember, a kettle', targetDuration: 4 * SCENES, wantedScenes: SCENES, size: '480p', aspect: '16:9', generate: true, ...more })
    while ((await ask('GET', `/api/mv/projects?limit=1`)).projects[0].status === 'processing') await pause(5000)
    const project = await ask('GET', `/api/mv/projects/${projectId}`)
    if (project.status !== 'completed') throw new Error(JSON.stringify(project.problem))
    const took = Date.now() - began, used = take()
    return { ...used, read: used.read - resting.read * took, write: used.write - resting.write * took, seconds: took / 1000 }
}

function tell(name, f) {
    const each = kind => 1000 * f[kind] / SCENES, gb = each('bytes') / 1e9
    const usd = Object.keys(prices).filter(k => k !== 'gbMonth').map(k => each(k) * prices[k])
    console.log(`${name}: ${f.seconds.toFixed(0)} s; a thousand scenes: ${Math.round(each('write'))} write units $${usd[0].toFixed(3)}, ` +
        `${Math.round(each('read'))} read units $${usd[1].toFixed(3)}, ${Math.round(each('put'))} put/list $${usd[2].toFixed(3)}, ` +
        `${Math.round(each('get'))} get/head $${usd[3].toFixed(4)}, ${gb.toFixed(3)} GB $${(gb * prices.gbMonth).toFixed(4)} a month; ` +
        `together $${usd.reduce((a, b) => a + b).toFixed(3)}`)
}

try {
    const resting = await idle(), month = 1000 * 86400 * 30
    console.log(`a server and a worker at rest: ${(resting.read * 1000).toFixed(2)} read and ${(resting.write * 1000).toFixed(2)} write units a second, ` +
        `$${(month * (resting.read * prices.read + resting.write * prices.write)).toFixed(2)} a month`)
    tell('drawn', await film({ seed: 1 }, resting))
    tell('bought', await film({ seed: 2, video: 'veo-3.1-fast', budget: 100 }, resting))
} finally {
    worker.kill('SIGKILL')
    await emulator.close()
    await cloud.stop()
}
process.exit(0)
