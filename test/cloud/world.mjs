// A small cloud on this machine for one test: DynamoDB, SQS and S3 behind their gates, a real Redis, and the program in its
// roles, each process with a folder of its own as on a machine of its own. Everything is started on free ports of
// loopback and ended by its process id.

import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DeleteItemCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import { GetQueueUrlCommand, PurgeQueueCommand, SQSClient } from '@aws-sdk/client-sqs'
import { access, startGate, stopGate } from './gate.mjs'
import { S3Gate, bucket } from './s3_gate.mjs'

const program = process.env.STORYREEL
/** Another version of it that is to take part, if any; see begin(). */
export const older = process.env.STORYREEL_OLDER
const alive = new Set()
process.on('exit', () => alive.forEach(child => child.kill('SIGKILL')))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))

export const pause = ms => new Promise(done => setTimeout(done, ms))

const freePort = () => new Promise(done => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
        const { port } = probe.address()
        probe.close(() => done(port))
    })
})

// Debian's redis-tools has the server in it, under another name.
const redisProgram = ['/usr/bin/redis-server', '/usr/bin/redis-check-rdb'].find(existsSync)
export const hasRedis = redisProgram !== undefined

function start(file, args, options) {
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
    alive.add(child)
    child.log = ''
    child.said = ''
    child.stdout.on('data', bytes => { child.said += bytes })
    child.stderr.on('data', bytes => { child.log = (child.log + bytes).slice(-50_000) })
    child.ended = new Promise(done => child.once('close', (code, signal) => {
        alive.delete(child)
        done(signal ?? code)
    }))
    return child
}

async function said(child, pattern, ms = 60_000) {
    for (const late = Date.now() + ms; Date.now() < late && child.exitCode === null; await pause(20)) {
        const found = pattern.exec(child.said)
        if (found) return found[1]
    }
    throw new Error(`${child.spawnargs.join(' ')} did not start: ${child.said}${child.log}`)
}

export async function startRedis(port) {
    port ??= await freePort()
    const child = start(redisProgram, ['--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
        { argv0: 'redis-server' })
    await said(child, /(Ready to accept)/)
    return { child, port, url: `redis://127.0.0.1:${port}/0` }
}

/** One command without an answer worth having, in Redis's inline form. */
export const tellRedis = (redis, command) => new Promise((done, fail) => {
    const socket = net.connect(redis.port, '127.0.0.1', () => socket.write(`${command}\r\n`))
    socket.once('data', bytes => { socket.end(); done(String(bytes)) }).once('error', fail)
})

export class Cloud {
    /** `s3`: media lies there; else in a folder all share. */
    static async start({ table = 'reels', s3 = false, redis = true, env = {} } = {}) {
        const cloud = new Cloud()
        cloud.gate = await startGate()
        if (redis) cloud.redis = await startRedis()
        cloud.data = mkdtempSync(join(tmpdir(), 'storyreel-cloud-'))
        cloud.s3 = s3 ? await S3Gate.start(join(cloud.data, 's3')) : undefined
        cloud.env = { ...process.env, AWS_ACCESS_KEY_ID: access.id, AWS_SECRET_ACCESS_KEY: access.secret,
            AWS_REGION: access.region, AWS_ENDPOINT_URL: cloud.gate, AWS_EC2_METADATA_DISABLED: 'true',
            STORYREEL_STORE: `dynamodb://${table}`, STORYREEL_QUEUE: cloud.redis?.url, STORYREEL_TOKEN: '',
            STORYREEL_SIGNING_KEY: 'what all servers of this test have in common', TMPDIR: cloud.#temporary(),
            ...s3 && { AWS_ENDPOINT_URL_S3: cloud.s3.url, STORYREEL_BLOBS: `s3://${bucket}/films` }, ...env }
        return cloud
    }

    /** One of the services behind the gate answers nothing but 503, until it is told to be there again. */
    async away(service, isAway = true) {
        const fault = { target: service, count: 1e9, status: 503, type: 'com.amazon.coral.service#ServiceUnavailable' }
        await fetch(`${this.gate}/_gate/faults`, { method: 'POST', body: JSON.stringify(isAway ? [fault] : []) })
    }

    /** All the queue knows is gone, as after a power cut. */
    async wipeQueue() {
        if (this.redis) return tellRedis(this.redis, 'FLUSHALL')
        const options = { endpoint: this.gate, region: access.region,
            credentials: { accessKeyId: access.id, secretAccessKey: access.secret } }
        const name = this.env.STORYREEL_QUEUE.slice('sqs://'.length), table = `${name}-queue`
        const bells = new SQSClient(options), list = new DynamoDBClient(options)
        for (const lane of ['light', 'cpu', 'wait']) {
            const { QueueUrl } = await bells.send(new GetQueueUrlCommand({ QueueName: `${name}-${lane}` }))
            await bells.send(new PurgeQueueCommand({ QueueUrl }))
        }
        for (const { lane, job } of (await list.send(new ScanCommand({ TableName: table }))).Items)
            await list.send(new DeleteItemCommand({ TableName: table, Key: { lane, job } }))
        bells.destroy()
        list.destroy()
    }

    #temporary() {
        this.scratch = join(this.data, 'tmp')
        mkdirSync(this.scratch)
        return this.scratch
    }

    /** The folder of one process; media that is not in S3 is in one that all share. */
    folder(name) { return this.s3 ? join(this.data, name) : this.data }

    /** A command to its end: { status, stdout, stderr }. */
    async run(args, env = {}) {
        const child = this.begin(args, env)
        const status = await child.ended
        return { status, stdout: child.said, stderr: child.log }
    }

    /** A command that is to be interfered with: a process with `said`, `log` and `ended`; of another version by `file`. */
    begin(args, env = {}, file = program) { return start(file, args, { env: { ...this.env, ...env } }) }

    /** storyreel serve without workers. */
    async serve(name = 'server', args = ['--workers', '0'], file = program) {
        const child = this.begin(['serve', '--listen', '127.0.0.1:0', '--data', this.folder(name), '--quiet', ...args], {}, file)
        child.url = await said(child, /listens on (http:\/\/\S+?)\/?\s/)
        return child
    }

    async work(name = 'worker', args = [], file = program) {
        const child = this.begin(['work', '--data', this.folder(name), ...args], {}, file)
        child.worker = await said(child, /works as (\S+)/)
        return child
    }

    /** A folder with a film of our own, for a provider to give out. */
    async clips(seconds = 5) {
        const folder = join(this.data, 'clips'), film = join(this.data, 'clip.mp4')
        const { status, stdout, stderr } = await this.run(['make', '--mode', 'ad-creative', '--prompt', 'A cold kitchen before dawn',
            '--product', 'Ember, a kettle', '--duration', String(seconds), '--scenes', '1', '--size', '480p', '--data', join(this.data, 'making'),
            '-o', film], { STORYREEL_STORE: '', STORYREEL_QUEUE: '', STORYREEL_BLOBS: '' })
        if (status !== 0) throw new Error(`there are no clips: ${stdout}${stderr}`)
        mkdirSync(folder)
        renameSync(film, join(folder, 'clip.mp4'))
        return folder
    }

    async stop() {
        alive.forEach(child => child.kill('SIGKILL'))
        stopGate()
        await this.s3?.stop()
        rmSync(this.data, { recursive: true, force: true })
    }
}
