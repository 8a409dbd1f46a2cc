// S3 on this machine: Ceph's gateway (s3_server.sh) behind a gate that counts what is asked of it and can be told to
// answer 503 for a while, as S3 does when it wants its clients to slow down. Signatures go through as they are.

import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { access } from './gate.mjs'

export const bucket = 'media'

const script = fileURLToPath(new URL('s3_server.sh', import.meta.url))
const programs = ['radosgw', 'radosgw-admin', 'ceph', 'ceph-mon', 'ceph-osd', 'monmaptool', 'curl']
const slowDown = '<?xml version="1.0"?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>'

const isThere = name => (process.env.PATH ?? '').split(delimiter).some(folder => existsSync(join(folder, name)))
export const hasS3 = programs.every(isThere)

const isFree = port => new Promise(done => {
    const probe = net.createServer().once('error', () => done(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => done(true)))
})

/** Two neighbours that are free now; somebody may take them before us, hence the tries in start(). */
async function freePair() {
    for (;;) {
        const port = 20_000 + Math.floor(Math.random() * 12_000)
        if (await isFree(port) && await isFree(port + 1)) return port
    }
}

const env = { ...process.env, S3_KEY: access.id, S3_SECRET: access.secret, S3_BUCKET: bucket }
const run = (...words) => new Promise(done => spawn('sh', [script, ...words], { stdio: 'ignore', env }).once('close', done))

export class S3Gate {
    static async start(folder) {
        const gate = new S3Gate()
        gate.folder = folder
        for (let tries = 1; ; tries++) {
            gate.port = await freePair()
            if (await run('start', folder, gate.port) === 0) break
            await run('stop', folder)
            if (tries === 3) throw new Error('the S3 server did not start')
        }
        await gate.#open()
        // Its servers are nobody's children: whatever ends this process ends them first.
        process.on('exit', () => existsSync(folder) && spawnSync('sh', [script, 'stop', folder], { stdio: 'ignore' }))
        return gate
    }

    async #open() {
        this.agent = new http.Agent({ keepAlive: true })
        this.awayUntil = 0
        this.refused = 0
        this.server = http.createServer((request, response) => this.#answer(request, response))
        this.server.keepAliveTimeout = 60_000
        await new Promise(done => this.server.listen(0, '127.0.0.1', done))
        this.url = `http://127.0.0.1:${this.server.address().port}`
        this.seen = {}
    }

    /** From now on, for so long, every answer is 503. */
    away(ms) { this.awayUntil = Date.now() + ms }

    #count(request) {
        const kind = request.method === 'GET' && request.url.includes('list-type=') ? 'LIST' : request.method
        const seen = this.seen[kind] ??= { requests: 0, bytesIn: 0, bytesOut: 0 }
        seen.requests++
        return seen
    }

    #answer(request, response) {
        const seen = this.#count(request)
        request.on('data', part => { seen.bytesIn += part.length })
        if (Date.now() < this.awayUntil) {
            this.refused++
            request.resume().once('end', () => response.writeHead(503, { 'content-type': 'application/xml' }).end(slowDown))
            return
        }
        const headers = { ...request.headers }
        delete headers.expect                       // this gate has said 100 already
        const passed = http.request({ host: '127.0.0.1', port: this.port, method: request.method, path: request.url, headers,
            agent: this.agent }, reply => {
            reply.on('data', part => { seen.bytesOut += part.length })
            response.writeHead(reply.statusCode, reply.headers)
            reply.pipe(response)
        })
        passed.once('error', () => response.destroy())
        request.pipe(passed)
    }

    async stop() {
        this.agent.destroy()
        this.server.close()
        this.server.closeAllConnections?.()
        await run('stop', this.folder)
    }
}
