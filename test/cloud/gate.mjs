// DynamoDB and SQS on this machine: dynalite and fauxqs behind a gate that checks signatures, adds what they lack and
// makes trouble when asked to. fauxqs is started by the first who asks for it.
//
//     node gate.mjs       prints {"url":...} when it is ready, and ends when its standard input does
//
//     POST /_gate/faults  [{"target":"DynamoDB_20120810.PutItem","count":2,"status":400,"type":"...#...","mode":"..."}]
//                         target "DynamoDB_20120810" or "AmazonSQS" is all of that service, "*" both of them; mode "drop" closes before it is done, "drop-after" does it and closes, "delay" waits `ms`
//     GET  /_gate/seen    how many requests came in by target, and by target and table ("DynamoDB_20120810.Query reels");
//                         begins to count anew
//
// The key is AKIDTEST with the secret "secret", the region us-east-1.

import http from 'node:http'
import { createRequire, register } from 'node:module'
import { Capacity } from './capacity.mjs'
import { checkSignature } from './sigv4.mjs'
import { makeExtras } from './transactions.mjs'

export const access = { id: 'AKIDTEST', secret: 'secret', region: 'us-east-1' }
const dynamo = 'DynamoDB_20120810', sqs = 'AmazonSQS'
const signedFor = { [dynamo]: 'dynamodb', [sqs]: 'sqs' }
const agent = new http.Agent({ keepAlive: true })

/** What DynamoDB would bill for what went through. */
export const capacity = new Capacity()

const servers = []
const listen = server => new Promise(done => {
    servers.push(server)
    server.listen(0, '127.0.0.1', () => done(server.address().port))
})

/** Nothing of it keeps this process alive any more. */
export function stopGate() {
    agent.destroy()
    for (const server of servers.splice(0)) {
        server.close()
        server.closeAllConnections?.()
    }
}

const read = stream => new Promise((done, fail) => {
    const parts = []
    stream.on('data', part => parts.push(part)).on('end', () => done(Buffer.concat(parts))).on('error', fail)
})

/** Pass a request on; dynalite does not look at the signature, but wants to see one. `asker` may go away meanwhile. */
function forward(port, target, body, asker) {
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target,
        'x-amz-date': '20260101T000000Z', 'content-length': body.length,
        authorization: 'AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=host, Signature=b' }
    return new Promise((done, fail) => {
        const request = http.request({ host: '127.0.0.1', port, method: 'POST', path: '/', agent, headers },
            async reply => done({ status: reply.statusCode, body: await read(reply) }))
        request.on('error', fail).end(body)
        asker?.once('close', () => request.destroy())
    })
}

/** fauxqs keeps nothing on disk here, so that a Node without the database it may use for that will do. */
const noDatabase = `export const resolve = (name, context, next) => name === 'node:sqlite'
    ? { url: 'data:text/javascript,export class DatabaseSync {}', shortCircuit: true } : next(name, context)`

async function startSqs() {
    if (Number(process.versions.node.split('.')[0]) < 22) register(`data:text/javascript,${encodeURIComponent(noDatabase)}`)
    const { buildApp } = await import('fauxqs')
    const app = buildApp({ logger: false })
    await app.listen({ port: 0, host: '127.0.0.1' })
    // Its own way of closing ends the polls that wait.
    servers.push({ close: () => app.close(), closeAllConnections: () => app.server.closeAllConnections() })
    return app.server.address().port
}

export async function startGate() {
    const dynalite = createRequire(import.meta.url)('dynalite')
    const times = { createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 }
    const port = await listen(dynalite(times))
    const extras = makeExtras(async (operation, json) => {
        const reply = await forward(port, `${dynamo}.${operation}`, Buffer.from(JSON.stringify(json)))
        return { status: reply.status, json: JSON.parse(reply.body) }
    })
    let faults = [], seen = {}, line = Promise.resolve(), sqsPort

    // One DynamoDB request at a time.
    const inLine = work => {
        const mine = line.then(work, work)
        line = mine.catch(() => {})
        return mine
    }

    const workDynamo = (operation, target, body) => inLine(async () => {
        if (!extras[operation]) return forward(port, target, body)
        const { status, json } = await extras[operation](JSON.parse(body))
        return { status, body: Buffer.from(JSON.stringify(json)) }
    })

    // Polls wait, so they are not put in line.
    const workSqs = async (operation, target, body, asker) => forward(await (sqsPort ??= startSqs()), target, body, asker)
    const workers = { [dynamo]: workDynamo, [sqs]: workSqs }

    function send(response, status, json) {
        const body = Buffer.isBuffer(json) ? json : Buffer.from(JSON.stringify(json))
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', 'content-length': body.length })
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
        const table = /"TableName":"([^"]+)"/.exec(body)?.[1]
        for (const what of table ? [target, `${target} ${table}`] : [target]) seen[what] = (seen[what] ?? 0) + 1
        if (!workers[name]) return send(response, 400, { __type: 'com.amazon.coral.service#UnknownOperationException' })
        const wrong = checkSignature(request, body,
            { service: signedFor[name], region: access.region, keys: { [access.id]: access.secret } })
        if (wrong) return send(response, wrong.status, { __type: wrong.type, message: wrong.message })
        const fault = faults.find(f => f.count > 0 && ['*', name, target].includes(f.target))
        if (fault) fault.count--
        if (fault?.mode === 'drop') return request.socket.destroy()
        if (fault?.mode === 'delay') await new Promise(done => setTimeout(done, fault.ms))
        else if (fault && fault.mode !== 'drop-after')
            return send(response, fault.status, { __type: fault.type, message: fault.message ?? 'injected' })
        const reply = await workers[name](operation, target, body, request.socket)
        if (name === dynamo && reply.status === 200) capacity.count(operation, JSON.parse(body), JSON.parse(reply.body))
        if (fault?.mode === 'drop-after') return request.socket.destroy()
        send(response, reply.status, reply.body)
    }

    const gate = http.createServer((request, response) => answer(request, response).catch(e =>
        send(response, 500, { __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError', message: String(e) })))
    gate.keepAliveTimeout = 60_000
    return `http://127.0.0.1:${await listen(gate)}`
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
    console.log(JSON.stringify({ url: await startGate() }))
    process.stdin.resume().on('end', () => process.exit(0))
}
