// HTTP as the emulator needs it: bodies read with a ceiling, multipart forms, replies sent whole or
// broken as a fault says. A reply is {status, headers, body}; a body is an object (JSON), a text or
// bytes. Handlers may throw one as a Refusal.

import { createHash } from 'node:crypto';

const BODY_BYTES_MAX = 256 << 20;

export class Refusal extends Error {
    constructor(status, body, headers = {}) {
        super(`refused with ${status}`);
        this.reply = { status, body, headers };
    }
}

export async function readBody(request) {
    const chunks = [];
    let bytes = 0;
    for await (const chunk of request) {
        bytes += chunk.length;
        if (bytes > BODY_BYTES_MAX) throw new Refusal(413, { detail: 'Payload too large' });
        chunks.push(chunk);
    }
    return Buffer.concat(chunks);
}

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

// The parts of a multipart/form-data body: {name, filename, type, bytes}.
export function multipart(body, contentType) {
    const boundary = /boundary="?([^";]+)/.exec(contentType ?? '')?.[1];
    if (!boundary) return [];
    const mark = Buffer.from(`--${boundary}`);
    const parts = [];
    for (let at = body.indexOf(mark); at >= 0;) {
        const next = body.indexOf(mark, at + mark.length);
        if (next < 0) break;
        const part = body.subarray(at + mark.length + 2, next - 2);
        const split = part.indexOf('\r\n\r\n');
        if (split >= 0) parts.push(readPart(part.subarray(0, split).toString(), part.subarray(split + 4)));
        at = next;
    }
    return parts;
}

function readPart(head, bytes) {
    return {
        name: /name="([^"]*)"/.exec(head)?.[1] ?? '',
        filename: /filename="([^"]*)"/.exec(head)?.[1],
        type: /content-type: *([^\r\n]+)/i.exec(head)?.[1] ?? '',
        bytes,
    };
}

function encode(body) {
    if (body === undefined || body === null) return [Buffer.alloc(0), undefined];
    if (Buffer.isBuffer(body)) return [body, 'application/octet-stream'];
    if (typeof body === 'string') return [Buffer.from(body), 'text/html; charset=utf-8'];
    return [Buffer.from(JSON.stringify(body)), 'application/json'];
}

// One byte range of a body, as a file server answers it.
function cutRange(reply, bytes, range) {
    const asked = /^bytes=(\d*)-(\d*)$/.exec(range ?? '');
    if (!asked || reply.status !== 200 || !reply.ranges) return bytes;
    const first = asked[1] === '' ? Math.max(0, bytes.length - Number(asked[2])) : Number(asked[1]);
    const last = asked[1] === '' || asked[2] === '' ? bytes.length - 1 : Math.min(Number(asked[2]), bytes.length - 1);
    if (first > last) {
        reply.status = 416;
        reply.headers['content-range'] = `bytes */${bytes.length}`;
        return Buffer.alloc(0);
    }
    reply.status = 206;
    reply.headers['content-range'] = `bytes ${first}-${last}/${bytes.length}`;
    return bytes.subarray(first, last + 1);
}

// Twists the JSON type of members: texts become numbers, numbers texts, lists objects.
export function wrongTypes(value, members, name) {
    const twisted = name !== undefined && (!members || members.includes(name));
    if (Array.isArray(value)) {
        const items = value.map((item) => wrongTypes(item, members));
        return twisted ? Object.assign({}, items) : items;
    }
    if (value && typeof value === 'object') {
        if (twisted && members) return JSON.stringify(value);
        return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, wrongTypes(v, members, k)]));
    }
    if (!twisted) return value;
    return typeof value === 'string' ? value.length : typeof value === 'number' ? String(value) : [value];
}

const PAGE = '<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>';

// A reply as a fault of the wire would have it.
export function spoil(reply, fault) {
    switch (fault?.fault) {
    case 'html':
        return { status: 200, headers: {}, body: PAGE };
    case 'garbage':
        return { ...reply, headers: { 'content-type': 'application/json' }, body: '{"id": "q7m2", "status": "star' };
    case 'wrong-types':
        return { ...reply, body: wrongTypes(reply.body, fault.members) };
    case 'redirect':
        return { status: 302, headers: { location: fault.to }, body: undefined };
    case 'error-after':
        return fault.html ? { status: fault.status ?? 500, headers: {}, body: PAGE } : fault.reply;
    default:
        return reply;
    }
}

export const htmlError = (status) => ({ status, headers: {}, body: PAGE });

export async function send(request, response, reply, fault, calendar) {
    const out = { status: reply.status ?? 200, headers: { ...reply.headers }, ranges: reply.ranges };
    const [whole, type] = encode(reply.body);
    const bytes = cutRange(out, whole, request.headers.range);
    if (type && !out.headers['content-type']) out.headers['content-type'] = type;
    if (out.status !== 204) out.headers['content-length'] = bytes.length;
    response.writeHead(out.status, out.headers);
    if (request.method === 'HEAD') return response.end();
    if (fault?.fault === 'truncated') {
        response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
        return undefined;
    }
    if (fault?.fault === 'slow') return dribble(response, bytes, fault.ms ?? 2000, calendar);
    return response.end(bytes);
}

async function dribble(response, bytes, ms, calendar) {
    const steps = 20, size = Math.max(1, Math.ceil(bytes.length / steps));
    for (let at = 0; at < bytes.length && !response.destroyed; at += size) {
        response.write(bytes.subarray(at, at + size));
        await calendar.sleep(ms / steps);
    }
    response.end();
}
