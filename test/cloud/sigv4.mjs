// Does a request carry AWS's signature of what was received? The checking side, from AWS's own description, so that a
// mistake of the signing side does not check itself.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

const SKEW_MS = 5 * 60 * 1000
const coral = 'com.amazon.coral.service#'

const sha256 = data => createHash('sha256').update(data).digest('hex')
const mac = (key, data) => createHmac('sha256', key).update(data).digest()
const refusal = (type, message) => ({ status: 400, type: coral + type, message })

/** "20260101T120000Z" as milliseconds; NaN for anything else. */
function readDate(text) {
    const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? []
    return Date.UTC(year, month - 1, day, hour, minute, second)
}

function readAuthorization(text) {
    const parts = /^AWS4-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/.exec(text)
    if (!parts) return null
    const [id, day, region, service, end] = parts[1].split('/')
    return { id, day, region, service, end, names: parts[2].split(';'), signature: parts[3] }
}

/** What is signed, of a request without a query: JSON services have none. */
function canonicalRequest(request, body, names) {
    const lines = names.map(name => `${name}:${String(request.headers[name] ?? '').trim().replace(/ +/g, ' ')}`)
    return [request.method, request.url, '', ...lines, '', names.join(';'), sha256(body)].join('\n')
}

function signatureOf(canonical, date, a, secret) {
    const scope = `${a.day}/${a.region}/${a.service}/aws4_request`
    const key = [a.day, a.region, a.service, 'aws4_request'].reduce(mac, `AWS4${secret}`)
    return mac(key, ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n'))
}

/** null when it is in order, else { status, type, message } as the services say it. */
export function checkSignature(request, body, { service, region, keys }) {
    const header = request.headers.authorization
    if (!header) return refusal('MissingAuthenticationTokenException', 'Request is missing Authentication Token')
    const a = readAuthorization(header)
    if (!a) return refusal('IncompleteSignatureException', 'Authorization header is out of form')
    const bad = message => refusal('InvalidSignatureException', message)
    const date = request.headers['x-amz-date'] ?? ''
    if (!(Math.abs(Date.now() - readDate(date)) < SKEW_MS)) return bad(`Signature expired: ${date}`)
    if (a.end !== 'aws4_request' || a.service !== service || a.region !== region || a.day !== date.slice(0, 8))
        return bad('Credential should be scoped to a valid region, service and date.')
    if (!a.names.includes('host') || [...a.names].sort().join() !== a.names.join())
        return bad('SignedHeaders must be sorted and name host.')
    const unsigned = Object.keys(request.headers).find(name => name.startsWith('x-amz-') && !a.names.includes(name))
    if (unsigned) return bad(`${unsigned} is not signed`)
    const secret = keys[a.id]
    if (!secret) return refusal('UnrecognizedClientException', 'The security token included in the request is invalid.')
    const expected = signatureOf(canonicalRequest(request, body, a.names), date, a, secret)
    return timingSafeEqual(expected, Buffer.from(a.signature, 'hex')) ? null
        : bad('The request signature we calculated does not match the signature you provided.')
}
