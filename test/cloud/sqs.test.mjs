// A film over Amazon SQS: one server and one worker that share a table and the bells. Amazon's own client sees what is
// rung; a purge, a queue that is gone and a wrong key are borne or told; and it is counted what a job asks for.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb'
import { DeleteQueueCommand, GetQueueAttributesCommand, GetQueueUrlCommand, PurgeQueueCommand, ReceiveMessageCommand,
    SQSClient } from '@aws-sdk/client-sqs'
import { access } from './gate.mjs'
import { Cloud, pause } from './world.mjs'

const name = 'night', lanes = ['light', 'cpu', 'wait']
const credentials = secretAccessKey => ({ accessKeyId: access.id, secretAccessKey })
const advertisement = { mode: 'ad-creative', conceptPrompt: 'A cold kitchen before dawn. The red kettle begins to sing.',
    productDescription: 'Ember, a red enamel kettle', aspect: '1:1', size: '480p', targetDuration: 5, wantedScenes: 3,
    generate: true, seed: 7 }

let cloud, server, worker, sqs, id

async function ask(method, path, json) {
    const reply = await fetch(server.url + path, { method, body: json && JSON.stringify(json),
        headers: json ? { 'content-type': 'application/json' } : {} })
    const text = await reply.text()
    return { status: reply.status, text, json: text.startsWith('{') ? JSON.parse(text) : undefined }
}

const client = (secret = access.secret) => new SQSClient({ endpoint: cloud.gate, region: access.region,
    credentials: credentials(secret), maxAttempts: 1 })
const urlOf = async lane => (await sqs.send(new GetQueueUrlCommand({ QueueName: `${name}-${lane}` }))).QueueUrl

/** How many bells there are, heard or not, or to be heard later. */
async function bells(lane) {
    const { Attributes: all } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: await urlOf(lane), AttributeNames: ['All'] }))
    return ['', 'NotVisible', 'Delayed'].reduce((sum, kind) => sum + Number(all[`ApproximateNumberOfMessages${kind}`]), 0)
}

const seen = async () => (await fetch(`${cloud.gate}/_gate/seen`)).json()

async function until(what, ms, met) {
    for (const late = Date.now() + ms; Date.now() < late; await pause(50)) {
        const found = await met()
        if (found) return found
    }
    assert.fail(`${what} in vain: ${worker?.log}${server?.log}`)
}

before(async () => {
    cloud = await Cloud.start({ redis: false, env: { STORYREEL_QUEUE: `sqs://${name}` } })
    sqs = client()
})
after(() => {
    sqs?.destroy()
    cloud?.stop()
})

test('what is missing is named, made and then in order', async () => {
    const missing = await cloud.run(['store', 'check'])
    assert.equal(missing.status, 1)
    assert.deepEqual([...missing.stdout.matchAll(/^BAD +(.*?) {2,}missing: storyreel store init/gm)].map(found => found[1].trim()),
        ['table', `table ${name}-queue`, `queue ${name}-dead`, ...lanes.map(lane => `queue ${name}-${lane}`)])
    const early = await cloud.run(['doctor', '--data', cloud.data])
    assert.match(early.stdout, /BAD +data +there is no table[^;]*; make it with: storyreel store init/)
    const made = await cloud.run(['store', 'init'])
    assert.equal(made.status, 0, made.stderr)
    const again = await cloud.run(['store', 'check', '--json'])
    assert.equal(again.status, 0, again.stdout)
    assert.ok(JSON.parse(again.stdout).findings.every(f => f.ok))
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: await urlOf('cpu'), AttributeNames: ['RedrivePolicy'] }))
    assert.match(JSON.parse(Attributes.RedrivePolicy).deadLetterTargetArn, new RegExp(`:${name}-dead$`))
})

test("Amazon's client sees who rings and what for", async () => {
    server = await cloud.serve()
    const reply = await ask('POST', '/api/mv/projects', advertisement)
    assert.equal(reply.status, 201, reply.text)
    id = reply.json.projectId
    await until('a bell was waited for', 5000, () => bells('light'))
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: await urlOf('light'), VisibilityTimeout: 0 }))
    const body = JSON.parse(Messages[0].Body)
    assert.equal(body.lane, 'light')
    assert.match(body.job, new RegExp(`^${id}/JOB#plan#`))

    const table = new DynamoDBClient({ endpoint: cloud.gate, region: access.region, credentials: credentials(access.secret) })
    const listed = await table.send(new QueryCommand({ TableName: `${name}-queue`, IndexName: 'due', ConsistentRead: true,
        KeyConditionExpression: 'lane = :l', ExpressionAttributeValues: { ':l': { S: 'light' } } }))
    assert.deepEqual(listed.Items.map(i => i.job.S), [body.job])
    table.destroy()
    const thief = client('guessed')
    await assert.rejects(thief.send(new GetQueueUrlCommand({ QueueName: `${name}-cpu` })), /signature/)
    thief.destroy()
})

test('the film is made, bells purged on the way, and every bell is answered', { timeout: 200_000 }, async t => {
    await seen()
    worker = await cloud.work()
    await until('scenes were waited for', 60_000, async () => (await ask('GET', `/api/mv/projects/${id}`)).json.scenes?.length)
    await sqs.send(new PurgeQueueCommand({ QueueUrl: await urlOf('cpu') }))
    await until('the film was waited for', 150_000, async () => {
        const { json } = await ask('GET', `/api/mv/projects/${id}`)
        assert.notEqual(json.status, 'failed', json.errorMessage)
        return json.status === 'completed'
    })
    const jobs = (await ask('GET', `/api/mv/projects/${id}/jobs`)).json.jobs.length, counts = await seen()
    const of = (service, table = '') => Object.entries(counts).filter(([what]) => what.startsWith(service) && what.endsWith(table))
    t.diagnostic(`${jobs} jobs: ${JSON.stringify(Object.fromEntries([...of('DynamoDB', ` ${name}-queue`), ...of('AmazonSQS')]))}`)
    await until('the bells were not answered', 30_000, async () => !(await Promise.all(lanes.map(bells))).some(n => n))
    const { text } = await ask('GET', '/metrics')
    for (const lane of lanes)
        assert.match(text, new RegExp(`^storyreel_queue_jobs\\{lane="${lane}",state="waiting"\\} 0$`, 'm'))
})

test('who has nothing to do asks nobody but for the bell', async t => {
    await pause(500)                                   // the last of the film's own
    await seen()
    await pause(4000)
    const counts = await seen()
    t.diagnostic(`in 4 s: ${JSON.stringify(counts)}`)
    // A look and a poll of each lane may fall into any four seconds, and no more.
    for (const what of ['AmazonSQS.ReceiveMessage', `DynamoDB_20120810.Query ${name}-queue`])
        assert.ok((counts[what] ?? 0) <= lanes.length, JSON.stringify(counts))
    const { json } = await ask('GET', '/readyz')
    assert.ok(json.checks.find(c => c.name === 'queue').ok)
})

test('readiness names SQS when it alone is away', async () => {
    await cloud.away('AmazonSQS')
    const { status, json } = await ask('GET', '/readyz'), failing = json.checks.filter(c => !c.ok)
    await cloud.away('AmazonSQS', false)
    assert.deepEqual([status, ...failing.map(c => c.name)], [503, 'queue'])
    assert.match(failing[0].detail, /^SQS would not/)
    assert.equal((await ask('GET', '/readyz')).status, 200)
})

test('what another process pushes is taken up in a moment', { timeout: 60_000 }, async t => {
    const reply = await ask('POST', `/api/mv/projects/${id}/scenes/1/regenerate`)
    assert.ok(reply.status < 300, reply.text)
    const began = Date.now()
    await until('nobody took it', 10_000, async () => (await ask('GET', `/api/mv/projects/${id}/jobs`)).json.jobs
        .some(job => job.state === 'running' || job.createdAt > new Date(began - 2000).toISOString() && job.state === 'done'))
    t.diagnostic(`taken up after ${Date.now() - began} ms`)
    await until('the film was waited for', 50_000, async () => (await ask('GET', `/api/mv/projects/${id}`)).json.status === 'completed')
})

test('a queue that is gone is named, and work goes on without it', { timeout: 60_000 }, async () => {
    await sqs.send(new DeleteQueueCommand({ QueueUrl: await urlOf('cpu') }))
    const doctor = await cloud.run(['doctor', '--data', `${cloud.data}/elsewhere`])
    assert.equal(doctor.status, 1)
    assert.match(doctor.stdout, new RegExp(`there is no queue "${name}-cpu"[^;]*; make it with: storyreel store init`))
    assert.equal(worker.exitCode, null)
    assert.equal((await cloud.run(['store', 'init'])).status, 0)
    const wrong = await cloud.run(['project', 'list', '--data', `${cloud.data}/elsewhere`], { AWS_SECRET_ACCESS_KEY: 'guessed' })
    assert.match(wrong.stderr, /InvalidSignatureException/)
    assert.doesNotMatch(wrong.stderr, /guessed/)
})

test('SIGTERM ends both in order', async () => {
    for (const child of [worker, server]) child.kill('SIGTERM')
    assert.deepEqual(await Promise.all([worker.ended, server.ended]), [0, 0])
})
