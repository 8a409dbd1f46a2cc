// What dynalite does not do: transactions, time to live, backups. Requests are made one at a time, so that nobody sees
// a transaction half made.

import { createHash } from 'node:crypto'

const TOKEN_MS = 10 * 60 * 1000
const api = 'com.amazonaws.dynamodb.v20120810#'
const validation = 'com.amazon.coral.validate#ValidationException'
const single = { Put: 'PutItem', Delete: 'DeleteItem', Update: 'UpdateItem' }

const answer = json => ({ status: 200, json })
const refuse = (type, message, more) => ({ status: 400, json: { __type: type, message, ...more } })

/** `call(operation, json)` asks dynalite and gives { status, json }. */
export function makeExtras(call) {
    const keyNames = new Map(), tokens = new Map(), lives = new Map(), backups = new Map()

    async function namesOfKey(table) {
        if (!keyNames.has(table)) {
            const reply = await call('DescribeTable', { TableName: table })
            if (reply.status !== 200) return null
            keyNames.set(table, reply.json.Table.KeySchema.map(k => k.AttributeName))
        }
        return keyNames.get(table)
    }

    async function read(write) {
        const kind = Object.keys(write)[0], body = write[kind], names = await namesOfKey(body.TableName)
        if (!names) return null
        const key = Object.fromEntries(names.map(n => [n, (body.Key ?? body.Item)[n]]))
        const before = await call('GetItem', { TableName: body.TableName, Key: key, ConsistentRead: true })
        return { kind, body, key, before: before.json.Item, id: JSON.stringify([body.TableName, key]) }
    }

    // A check alone: what would the condition say? A put of what is there already, or a delete of what is not.
    function check({ body, key, before }) {
        const more = { TableName: body.TableName, ConditionExpression: body.ConditionExpression,
            ExpressionAttributeNames: body.ExpressionAttributeNames, ExpressionAttributeValues: body.ExpressionAttributeValues }
        return before ? call('PutItem', { ...more, Item: before }) : call('DeleteItem', { ...more, Key: key })
    }

    function undo({ body, key, before }) {
        return before ? call('PutItem', { TableName: body.TableName, Item: before })
            : call('DeleteItem', { TableName: body.TableName, Key: key })
    }

    function reason(reply) {
        const type = String(reply.json.__type ?? '').split('#')[1]
        if (reply.status === 200) return { Code: 'None' }
        if (type === 'ConditionalCheckFailedException')
            return { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' }
        return { Code: 'ValidationError', Message: reply.json.message }
    }

    async function make(writes) {
        const replies = await Promise.all(writes.map(w =>
            w.kind === 'ConditionCheck' ? check(w) : call(single[w.kind], w.body)))
        const reasons = replies.map(reason)
        if (reasons.every(r => r.Code === 'None')) return answer({})
        await Promise.all(writes.map((w, i) => replies[i].status === 200 && w.kind !== 'ConditionCheck' && undo(w)))
        return refuse(`${api}TransactionCanceledException`, `Transaction cancelled, please refer cancellation reasons for ` +
            `specific reasons [${reasons.map(r => r.Code).join(', ')}]`, { CancellationReasons: reasons })
    }

    async function TransactWriteItems({ TransactItems: items = [], ClientRequestToken: token }) {
        if (items.length < 1 || items.length > 100) return refuse(validation, 'a transaction has 1 to 100 items')
        const print = createHash('sha256').update(JSON.stringify(items)).digest('hex'), known = token && tokens.get(token)
        if (known && Date.now() - known.at < TOKEN_MS)
            return known.print === print ? answer({})
                : refuse(`${api}IdempotentParameterMismatchException`, 'the token was used with other parameters')
        const writes = await Promise.all(items.map(read))
        if (writes.includes(null)) return refuse(`${api}ResourceNotFoundException`, 'Requested resource not found')
        if (new Set(writes.map(w => w.id)).size < writes.length)
            return refuse(validation, 'Transaction request cannot include multiple operations on one item')
        const reply = await make(writes)
        if (token && reply.status === 200) tokens.set(token, { print, at: Date.now() })
        return reply
    }

    async function TransactGetItems({ TransactItems: items }) {
        const replies = await Promise.all(items.map(i => call('GetItem', { ...i.Get, ConsistentRead: true })))
        return replies.find(r => r.status !== 200) ?? answer({ Responses: replies.map(r => r.json) })
    }

    return {
        TransactWriteItems,
        TransactGetItems,
        UpdateTimeToLive({ TableName, TimeToLiveSpecification: s }) {
            lives.set(TableName, s)
            return answer({ TimeToLiveSpecification: s })
        },
        DescribeTimeToLive({ TableName }) {
            const s = lives.get(TableName)
            return answer({ TimeToLiveDescription: s?.Enabled
                ? { TimeToLiveStatus: 'ENABLED', AttributeName: s.AttributeName } : { TimeToLiveStatus: 'DISABLED' } })
        },
        UpdateContinuousBackups({ TableName, PointInTimeRecoverySpecification: s }) {
            backups.set(TableName, s.PointInTimeRecoveryEnabled)
            return this.DescribeContinuousBackups({ TableName })
        },
        DescribeContinuousBackups({ TableName }) {
            return answer({ ContinuousBackupsDescription: { ContinuousBackupsStatus: 'ENABLED',
                PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: backups.get(TableName) ? 'ENABLED' : 'DISABLED' } } })
        },
    }
}
