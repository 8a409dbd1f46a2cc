// What DynamoDB would bill for a request, in its units, by the rules of its guide ("DynamoDB throughput capacity"): a read
// unit for 4 KB, half of it when it may be a moment late; a write unit for 1 KB, twice in a transaction, and the same
// once more for the index where the item is in it.

const bytesOf = text => Buffer.byteLength(text)

function valueSize(value) {
    const [kind, held] = Object.entries(value)[0]
    if (kind === 'S') return bytesOf(held)
    if (kind === 'N') return Math.ceil(held.replace(/\D/g, '').length / 2) + 1
    if (kind === 'M') return 3 + Object.entries(held).reduce((sum, [name, v]) => sum + 1 + bytesOf(name) + valueSize(v), 0)
    if (kind === 'L') return 3 + held.reduce((sum, v) => sum + 1 + valueSize(v), 0)
    return 1
}
const itemSize = item => Object.entries(item ?? {}).reduce((sum, [name, v]) => sum + bytesOf(name) + valueSize(v), 0)

const readUnits = (bytes, consistent) => Math.max(1, Math.ceil(bytes / 4096)) * (consistent ? 1 : 0.5)
const writeUnits = item => Math.max(1, Math.ceil(itemSize(item) / 1024)) * (item?.GSI1PK ? 2 : 1)

const rules = {
    GetItem: (ask, reply) => ({ read: readUnits(itemSize(reply.Item), ask.ConsistentRead) }),
    Query: (ask, reply) => ({ read: readUnits((reply.Items ?? []).reduce((sum, i) => sum + itemSize(i), 0), ask.ConsistentRead) }),
    PutItem: ask => ({ write: writeUnits(ask.Item) }),
    DeleteItem: () => ({ write: 1 }),
    TransactWriteItems: ask => ({ write: ask.TransactItems.reduce((sum, w) => sum + 2 * writeUnits(w.Put?.Item), 0) }),
}

export class Capacity {
    constructor() { this.take() }

    /** What has come together since this was asked last. */
    take() {
        const before = { read: this.read ?? 0, write: this.write ?? 0 }
        this.read = this.write = 0
        return before
    }

    count(operation, ask, reply) {
        const { read = 0, write = 0 } = rules[operation]?.(ask, reply) ?? {}
        this.read += read
        this.write += write
    }
}
