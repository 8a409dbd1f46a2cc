// DynamoDB and SQS on this machine: dynalite and fauxqs behind a gate that checks signatures, adds what they lack and
// makes trouble when asked to.
//
//     node gate.mjs       prints {"url":...} when it is ready, and ends when its standard input does
//
//     POST /_gate/faults  [{"target":"DynamoDB_20120810.PutItem","count":2,"status":400,"type":"...#...","mode":"..."}]
//                         mode "drop" closes before it is done, "drop-after" does it and closes, "delay" waits `ms`
//     GET  /_gate/seen    how many requests came in by target, and begins to count anew
//
// The key is AKIDTEST with the secret "secret", the region us-east-1.

import http from 'node:http'
import { createRequire, register } from 'node:module'
import { checkSignature } from './sigv4.mjs'
import { makeExtras } from './transactions.mjs'

export const access = { id: 'AKIDTEST', secret: 'secret', region: 'us-east-1' }
const services = { DynamoDB_20120810: 'dynamodb', AmazonSQS: 'sqs' }
const agent = new http.Agent({ keepAlive: true })

const listen = server => new Promise(done => server.listen(0, '127.0.0.1', () => done(server.address().port)))
const read = stream => new Promise((done, fail) => {
    const parts = []
    stream.on('data', part => parts.push(part)).on('end', () => done(Buffer.concat(parts))).on('error', fail)
})

/** Pass a request on; neither emulator looks at the signature, but both want to see one. */
function forward(port, target, body) {
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target,
        'x-amz-date': '20260101T000000Z', 'content-length': body.length,
        authorization: 'AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=host, Signature=b' }
    return new Promise((done, fail) => {
        const request = http.request({ host: '127.0.0.1', port, method: 'POST', path: '/', agent, headers },
            async reply => done({ status: reply.statusCode, headers: reply.headers, body: await read(reply) }))
        request.on('error', fail).end(body)
    })
}

/** fauxqs wants Node 22 for files it would keep; without them any Node will do. */
async function startSqs() {
    if (+process.versions.node.split('.')[0] < 22)
        register('data:text/javascript,' + encodeURIComponent(`export async function resolve(name, context, next) {
            return name === 'node:sqlite'
                ? { url: 'data:text/javascript,export class DatabaseSync {}', shortCircuit: true } : next(name, context) }`))
    const { buildApp } = await import('fauxqs')
    const app = buildApp({ logger: false })
    await app.listen({ port: 0, host: '127.0.0.1' })
    return app.server.address().port
}

export async function startGate({ sqs = false } = {}) {
    const dynalite = createRequire(import.meta.url)('dynalite')
    const times = { createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 }
    const ports = { DynamoDB_20120810: await listen(dynalite(times)), AmazonSQS: sqs ? await startSqs() : 0 }
    const extras = makeExtras(async (operation, json) => {
        const reply = await forward(ports.DynamoDB_20120810, `DynamoDB_20120810.${operation}`, Buffer.from(JSON.stringify(json)))
        return { status: reply.status, json: JSON.parse(reply.body) }
    })
    let faults = [], seen = {}, line = Promise.resolve()

    // One DynamoDB request at a time.
    const inLine = work => {
        const mine = line.then(work, work)
        line = mine.catch(() => {})
        return mine
    }

    async function work(name, operation, target, body) {
        if (name === 'AmazonSQS') return forward(ports.AmazonSQS, target, body)
        return inLine(async () => {
            if (!extras[operation]) return forward(ports.DynamoDB_20120810, target, body)
            const { status, json } = await extras[operation](JSON.parse(body))
            return { status, headers: {}, body: Buffer.from(JSON.stringify(json)) }
        })
    }

    function send(response, status, json, headers = {}) {
        const body = Buffer.isBuffer(json) ? json : Buffer.from(JSON.stringify(json))
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', 'content-length': body.length, ...headers })
        response.end(body)
    }

    async function answer(request, response) {
        const body = await read(request), target = request.headers['x-amz-target'] ?? '', [name, operation] = target.split('.')
        if (request.url === '/_gate/faults') {
            faults = JSON.parse(body)
            return send(response, 200, {})
        }
        if (request.url === '/_gate/seen') {
            send(response, 200, seen)
            seen = {}
            return
        }
        seen[target] = (seen[target] ?? 0) + 1
        if (!ports[name]) return send(response, 400, { __type: 'com.amazon.coral.service#UnknownOperationException' })
        const wrong = checkSignature(request, body,
            { service: services[name], region: access.region, keys: { [access.id]: access.secret } })
        if (wrong) return send(response, wrong.status, { __type: wrong.type, message: wrong.message })
        const fault = faults.find(f => f.count > 0 && (f.target === '*' || f.target === target))
        if (fault) fault.count--
        if (fault?.mode === 'drop') return request.socket.destroy()
        if (fault?.mode === 'delay') await new Promise(done => setTimeout(done, fault.ms))
        else if (fault && fault.mode !== 'drop-after')
            return send(response, fault.status, { __type: fault.type, message: fault.message ?? 'injected' })
        const reply = await work(name, operation, target, body)
        if (fault?.mode === 'drop-after') return request.socket.destroy()
        const query = reply.headers['x-amzn-query-error']
        send(response, reply.status, reply.body, query ? { 'x-amzn-query-error': query } : {})
    }

    const gate = http.createServer((request, response) => answer(request, response).catch(e =>
        send(response, 500, { __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError', message: String(e) })))
    gate.keepAliveTimeout = 60_000
    return `http://127.0.0.1:${await listen(gate)}`
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
    console.log(JSON.stringify({ url: await startGate({ sqs: process.argv.includes('--sqs') }) }))
    process.stdin.resume().on('end', () => process.exit(0))
}
