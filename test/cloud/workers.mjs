#!/usr/bin/env node
// Two worker processes against one, where the work waits on a provider: workers.mjs (STORYREEL names the program).
//
// The emulated Replicate answers every call after CALL_MS, so that what a worker process does is wait: it has six threads
// for that. A film of SCENES scenes is bought by one worker, and another one by two; what counts is how many scenes a
// second each had. Promised: two do at least 1.8 times as much as one.

import { start as startEmulator } from '../emulators/emulator.mjs'
import { Cloud, hasRedis, pause } from './world.mjs'

const SCENES = 44, CALL_MS = 1500, RATIO = 1.8
if (!hasRedis) {
    console.log('left out: redis-tools is not installed')
    process.exit(0)
}

const slow = ['predictions.create', 'predictions.get', 'delivery.get'].map(op => ({ provider: 'replicate', op, fault: 'delay', ms: CALL_MS }))
let cloud, emulator, server

async function ask(method, path, json) {
    const reply = await fetch(server.url + path, { method, body: json && JSON.stringify(json), headers: json ? { 'content-type': 'application/json' } : {} })
    if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`)
    return reply.json()
}

async function planned(number) {
    const { projectId } = await ask('POST', '/api/mv/projects', { mode: 'ad-creative', conceptPrompt: `Courier ${number} crosses a city before dawn`,
        productDescription: 'Ember, a kettle', targetDuration: 4 * SCENES, wantedScenes: SCENES, size: '480p', aspect: '16:9', seed: number,
        video: 'veo-3.1-fast', budget: 1000 })
    await ask('POST', `/api/mv/projects/${projectId}/plan`, {})
    for (;;) {
        const project = await ask('GET', `/api/mv/projects/${projectId}`)
        if (project.status !== 'processing') return project
        await pause(100)
    }
}

/** Scenes a second, with so many workers. */
async function measure(count, number) {
    const planner = await cloud.work('planner', ['--lanes', 'light'])
    const project = await planned(number)
    const workers = await Promise.all([...Array(count).keys()].map(i => cloud.work(`worker-${i}`, ['--lanes', 'wait'])))
    const billed = () => emulator.world.ledger.of('billed').length
    const before = billed(), began = Date.now()
    await ask('POST', `/api/mv/projects/${project.projectId}/generate`, { scenes: project.sceneOrder })
    for (let open = SCENES; open > 0; await pause(100)) {
        if (billed() - before < SCENES / 2) continue            // asking costs it something too
        const { entries } = await ask('GET', `/api/mv/projects/${project.projectId}/ledger`)
        open = entries.filter(e => !['settled', 'released'].includes(e.state)).length
    }
    const rate = (billed() - before) / (Date.now() - began) * 1000
    for (const child of [planner, ...workers]) {
        child.kill('SIGTERM')
        await child.ended
    }
    return rate
}

let kept = false
try {
    cloud = await Cloud.start({ env: { STORYREEL_LOOK_SECONDS: '0.5' } })
    emulator = await startEmulator({ clips: await cloud.clips(), faults: { rules: slow }, latencyMs: 1000, bootMs: 0 })
    Object.assign(cloud.env, { STORYREEL_REPLICATE_URL: `${emulator.origin}/replicate`, REPLICATE_API_TOKEN: 'r8_emulated' })
    await cloud.run(['store', 'init'])
    server = await cloud.serve()
    const one = await measure(1, 1), two = await measure(2, 2)
    kept = two >= RATIO * one
    console.log(`scenes a second where a call takes ${CALL_MS / 1000} s: one worker ${one.toFixed(2)}, two ${two.toFixed(2)}: ` +
        `${(two / one).toFixed(2)} times as many (promised ${RATIO})${kept ? '' : '   NOT KEPT'}`)
} finally {
    await emulator?.close()
    await cloud?.stop()
}
process.exit(kept ? 0 : 1)
