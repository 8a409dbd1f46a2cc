// Two servers and three workers on one table, one Redis and one folder of media make films at once, while workers are
// killed and paused past their lease and Redis forgets everything: every film is finished once, no job is stuck, and the
// other server hears of it all. Then Amazon's own client reads what was written.
//
// FILMS and SEED say how many films and how the trouble falls; a failure names its seed.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb'
import { access } from './gate.mjs'
import { Cloud, hasRedis, pause, tellRedis } from './world.mjs'

const films = Number(process.env.FILMS ?? 3)
const seed = Number(process.env.SEED ?? Date.now() % 100_000)
const lease = 6
const skip = hasRedis ? false : 'redis-tools is not installed'
let state = seed
const random = () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648

const advertisement = { mode: 'ad-creative', conceptPrompt: 'A cold kitchen before dawn. The red kettle begins to sing.',
    productDescription: 'Ember, a red enamel kettle', aspect: '1:1', size: '480p', targetDuration: 5, wantedScenes: 3,
    generate: true }

let cloud, first, second, workers, ids
const heard = new Set()

async function ask(server, method, path, json) {
    const reply = await fetch(server.url + path, { method, body: json && JSON.stringify(json),
        headers: json ? { 'content-type': 'application/json' } : {} })
    const text = await reply.text()
    return { status: reply.status, json: text.startsWith('{') ? JSON.parse(text) : undefined, text }
}
const project = async id => (await ask(second, 'GET', `/api/mv/projects/${id}`)).json

/** What a server's stream says, for as long as it lives. */
async function listen(server) {
    const link = (await ask(server, 'GET', `/api/mv/projects/${ids[0]}`)).json.eventsUrl ?? `/api/mv/projects/${ids[0]}/events`
    const reply = await fetch(server.url + link, { headers: { accept: 'text/event-stream' } })
    assert.equal(reply.status, 200)
    for await (const part of reply.body.pipeThrough(new TextDecoderStream()))
        for (const [, name] of part.matchAll(/^event: (\w+)$/gm)) heard.add(name)
}

before(async () => {
    if (skip) return
    cloud = await Cloud.start({ env: { STORYREEL_LEASE_SECONDS: String(lease) } })
    assert.equal((await cloud.run(['store', 'check'])).status, 1)
    const init = await cloud.run(['store', 'init'])
    assert.equal(init.status, 0, init.stderr)
    first = await cloud.serve()
    second = await cloud.serve()
    workers = await Promise.all([cloud.work(), cloud.work(), cloud.work(['--lanes', 'cpu'])])
})
after(() => cloud?.stop())

/** One piece of bad luck; returns what happened. */
async function trouble(round) {
    const who = Math.floor(random() * workers.length), child = workers[who]
    if (round % 3 === 0) {
        child.kill('SIGKILL')
        await child.ended
        workers[who] = await cloud.work()
        return `worker ${who} was killed`
    }
    if (round % 3 === 1) {
        await tellRedis(cloud.redis, 'FLUSHALL')
        return 'Redis was flushed'
    }
    child.kill('SIGSTOP')
    setTimeout(() => child.kill('SIGCONT'), (lease + 2) * 1000)
    return `worker ${who} was paused`
}

test('films are finished once whoever dies', { skip, timeout: 280_000 }, async t => {
    ids = []
    for (let i = 0; i < films; i++) {
        const reply = await ask(first, 'POST', '/api/mv/projects', { ...advertisement, title: `Film ${i}`, seed: 7 + i })
        assert.equal(reply.status, 201, reply.text)
        ids.push(reply.json.projectId)
        // The other server knows it at once, not a second later.
        assert.equal((await project(ids[i])).title, `Film ${i}`)
    }
    listen(second).catch(() => {})
    let open = ids
    for (let round = 0; open.length; round++) {
        await pause(round < 6 ? 1000 : 500)
        if (round < 6) t.diagnostic(await trouble(round))
        const now = await Promise.all(ids.map(project))
        for (const p of now) assert.notEqual(p.status, 'failed', `${p.problem?.message ?? p.errorMessage} (SEED=${seed})`)
        open = now.filter(p => p.status !== 'completed')
    }
    for (const id of ids) {
        const jobs = (await ask(second, 'GET', `/api/mv/projects/${id}/jobs`)).json.jobs
        assert.ok(jobs.length >= 7, `${jobs.length} jobs`)
        // One that was queued for inputs that have changed since gives way to the next; none is stuck, none failed.
        for (const job of jobs) assert.ok(['done', 'cancelled'].includes(job.state), `${job.kind} is ${job.state} (SEED=${seed})`)
        assert.equal(jobs.filter(j => j.kind === 'film' && j.state === 'done').length, 1, `SEED=${seed}`)
        const link = (await ask(first, 'GET', `/api/mv/projects/${id}/final-video`)).json
        const film = await fetch(first.url + (link.url ?? link.finalVideoUrl))
        assert.equal(film.status, 200)
        assert.equal(Buffer.from(await film.arrayBuffer()).toString('latin1', 4, 8), 'ftyp')
    }
    assert.ok(heard.has('project'), 'the other server heard nothing')
})

test('the queue is empty and everything is well', { skip }, async () => {
    const metrics = (await ask(second, 'GET', '/metrics')).text
    for (const lane of ['light', 'cpu', 'wait'])
        assert.match(metrics, new RegExp(`^storyreel_queue_jobs\\{lane="${lane}",state="dead"\\} 0$`, 'm'))
    assert.equal((await ask(second, 'GET', '/readyz')).status, 200)
})

test('readiness names what is away, and work waits for it', { skip }, async () => {
    cloud.redis.child.kill('SIGSTOP')
    const reply = await ask(second, 'GET', '/readyz')
    cloud.redis.child.kill('SIGCONT')
    assert.equal(reply.status, 503)
    assert.deepEqual(reply.json.checks.filter(c => !c.ok).map(c => c.name), ['queue'])
    assert.ok(workers.every(w => w.exitCode === null), 'a worker ended')
})

test("Amazon's client reads the status index, and all scenes in one query", { skip }, async () => {
    const client = new DynamoDBClient({ endpoint: cloud.gate, region: access.region,
        credentials: { accessKeyId: access.id, secretAccessKey: access.secret } })
    const index = await client.send(new QueryCommand({ TableName: 'reels', IndexName: 'status-createdAt',
        KeyConditionExpression: 'GSI1PK = :s', ExpressionAttributeValues: { ':s': { S: 'completed' } } }))
    assert.deepEqual(index.Items.map(i => i.PK.S), ids.map(id => `PROJECT#${id}`))   // oldest first
    assert.ok(index.Items.every(i => i.status.S === 'completed' && i.GSI1SK.S.startsWith(i.createdAt.S)))

    const scenes = await client.send(new QueryCommand({ TableName: 'reels', ConsistentRead: true,
        KeyConditionExpression: 'PK = :p AND begins_with(SK, :s)',
        ExpressionAttributeValues: { ':p': { S: `PROJECT#${ids[0]}` }, ':s': { S: 'SCENE#' } } }))
    assert.equal(scenes.LastEvaluatedKey, undefined)
    assert.deepEqual(scenes.Items.map(i => i.SK.S), ['SCENE#001', 'SCENE#002', 'SCENE#003'])
    const shown = (await project(ids[0])).scenes
    assert.deepEqual(scenes.Items.map(i => i.prompt.S).sort(), shown.map(s => s.prompt).sort())

    const thief = new DynamoDBClient({ endpoint: cloud.gate, region: access.region,
        credentials: { accessKeyId: access.id, secretAccessKey: 'guessed' } })
    await assert.rejects(thief.send(new GetItemCommand({ TableName: 'reels', Key: { PK: { S: 'a' }, SK: { S: 'b' } } })),
        { name: 'InvalidSignatureException' })
})

test('a wrong key or a missing table is told at the start', { skip }, async () => {
    const wrong = await cloud.run(['project', 'list', '--data', cloud.data], { AWS_SECRET_ACCESS_KEY: 'guessed' })
    assert.equal(wrong.status, 1)
    assert.match(wrong.stderr, /InvalidSignatureException/)
    assert.doesNotMatch(wrong.stderr, /guessed/)
    // A folder of its own: else the command would ask the server that announces itself in this one.
    const missing = await cloud.run(['project', 'list', '--data', `${cloud.data}/elsewhere`], { STORYREEL_STORE: 'dynamodb://nowhere' })
    assert.match(missing.stderr, /no table "nowhere"[^]*storyreel store init/)
    const list = await cloud.run(['project', 'list', '--data', cloud.data])
    assert.equal(list.status, 0, list.stderr)
    assert.match(list.stdout, /Film 0/)
})

test('the house is moved to a folder and back, and what was cut off is carried on', { skip }, async () => {
    const folder = `${cloud.data}/moved`, here = `dynamodb://reels,${cloud.data}`
    const out = await cloud.run(['store', 'copy', '--from', here, '--to', folder, '--json', '--data', folder])
    assert.equal(out.status, 0, out.stderr)
    const moved = JSON.parse(out.stdout)
    assert.ok(moved.complete && moved.files >= 4 * films && moved.records >= 15 * films, out.stdout)
    const again = JSON.parse((await cloud.run(['store', 'copy', '--from', here, '--to', folder, '--json', '--data', folder])).stdout)
    assert.deepEqual([again.files, again.records, again.recordsThere], [0, 0, moved.records])

    // In the folder, with nothing of the cloud set, the films are there and need no work.
    const alone = { STORYREEL_STORE: '', STORYREEL_QUEUE: '' }
    const shown = JSON.parse((await cloud.run(['project', 'show', ids[0], '--json', '--data', folder], alone)).stdout)
    assert.equal((shown.project ?? shown).status, 'completed')

    assert.equal((await cloud.run(['store', 'init', '--table', 'second'])).status, 0)
    const there = `dynamodb://second,${cloud.data}/third`
    const back = await cloud.run(['store', 'copy', '--from', folder, '--to', there, '--json', '--data', `${cloud.data}/third`])
    assert.equal(back.status, 0, back.stderr)
    assert.equal(JSON.parse(back.stdout).records, moved.records)
})

test('SIGTERM ends servers and workers in order', { skip }, async () => {
    for (const child of [...workers, first, second]) child.kill('SIGTERM')
    assert.deepEqual(await Promise.all([...workers, first, second].map(c => c.ended)), [0, 0, 0, 0, 0])
})
