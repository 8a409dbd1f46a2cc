// The media that is given out as results. Videos are files of a folder (made by our own animatic),
// chosen by length, shape and seed; pictures and sounds come from the same folder or are made here.

import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from './deflate.mjs';

const TYPES = {
    mp4: 'video/mp4', png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', wav: 'audio/wav', mp3: 'audio/mpeg',
};

export const typeOf = (name) => TYPES[name.split('.').pop().toLowerCase()] ?? 'application/octet-stream';

const RATIOS = (text) => {
    const [w, h] = String(text ?? '').split(/[:x]/).map(Number);
    return w > 0 && h > 0 ? w / h : 16 / 9;
};

// The boxes of an MP4 at one level: [type, body].
function* boxes(bytes) {
    for (let at = 0; at + 8 <= bytes.length;) {
        let size = bytes.readUInt32BE(at), head = 8;
        if (size === 1) [size, head] = [Number(bytes.readBigUInt64BE(at + 8)), 16];
        if (size === 0) size = bytes.length - at;
        if (size < head) return;
        yield [bytes.toString('latin1', at + 4, at + 8), bytes.subarray(at + head, at + size)];
        at += size;
    }
}

const find = (bytes, type) => [...boxes(bytes)].find(([name]) => name === type)?.[1] ?? Buffer.alloc(0);

// Length and size of a clip, from its movie and track headers.
export function probe(bytes) {
    const moov = find(bytes, 'moov'), mvhd = find(moov, 'mvhd');
    if (mvhd.length < 20) return undefined;
    const wide = mvhd[0] === 1;
    const scale = mvhd.readUInt32BE(wide ? 20 : 12);
    const length = wide ? Number(mvhd.readBigUInt64BE(24)) : mvhd.readUInt32BE(16);
    let width = 0, height = 0;
    for (const [name, trak] of boxes(moov)) {
        const tkhd = name === 'trak' ? find(trak, 'tkhd') : Buffer.alloc(0);
        if (tkhd.length < 84) continue;
        width = Math.max(width, tkhd.readUInt32BE(tkhd.length - 8) >>> 16);
        height = Math.max(height, tkhd.readUInt32BE(tkhd.length - 4) >>> 16);
    }
    return { seconds: length / scale, width, height };
}

// Length of a WAV, from its header.
export function wavSeconds(bytes) {
    if (bytes.length < 44 || bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE') return undefined;
    return bytes.readUInt32LE(40) / bytes.readUInt32LE(28);
}

// The same words give the same number in every run.
const pick = (words, count) => createHash('sha256').update(words).digest().readUInt32BE(0) % count;

export class Clips {
    constructor(folder) {
        this.videos = [];
        this.pictures = [];
        this.told = new Map();
        for (const name of folder ? readdirSync(folder).sort() : []) {
            const path = join(folder, name), bytes = /\.(mp4|png)$/.test(name) ? readFileSync(path) : undefined;
            const shape = name.endsWith('.mp4') ? probe(bytes) : undefined;
            if (shape) this.videos.push({ path, given: 0, ...shape });
            if (name.endsWith('.png')) this.pictures.push({ path, width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) });
        }
    }

    // A clip of that length and shape; `output` is a fault's wish ("short", "wrong-size", "not-video").
    video({ seconds, ratio, words, output }) {
        if (output === 'not-video') return { type: 'text/html', bytes: Buffer.from('<html>Not here any more</html>') };
        if (this.videos.length === 0) throw new Error('there are no clips: start with --clips FOLDER');
        const wanted = output === 'wrong-size' ? 1 / RATIOS(ratio) : RATIOS(ratio);
        const shaped = nearest(this.videos, (v) => Math.abs(Math.log(v.width / v.height / wanted)));
        const length = output === 'short' ? 0 : seconds;
        const long = shaped.filter((v) => v.seconds >= length - 0.05);
        const fit = nearest(long.length ? long : shaped, (v) => Math.abs(v.seconds - length));
        const clip = this.#next(fit, words);
        return { type: 'video/mp4', seconds: clip.seconds, bytes: readFileSync(clip.path) };
    }

    // The same words get the same clip again; others one that was given out least, so that scenes differ.
    #next(fit, words) {
        const before = fit.find((clip) => clip.path === this.told.get(words));
        const least = Math.min(...fit.map((clip) => clip.given));
        const clip = before ?? fit.find((c) => c.given === least);
        this.told.set(words, clip.path);
        clip.given += 1;
        return clip;
    }

    // A picture of the folder that has this shape and is large enough, else one drawn here.
    picture({ ratio, words, long = 1024 }) {
        const r = RATIOS(ratio);
        const fit = this.pictures.filter((p) => Math.abs(Math.log(p.width / p.height / r)) < 0.02 && Math.max(p.width, p.height) >= long);
        if (fit.length) return { type: 'image/png', bytes: readFileSync(fit[pick(words, fit.length)].path) };
        const [width, height] = r >= 1 ? [long, Math.round(long / r)] : [Math.round(long * r), long];
        return { type: 'image/png', bytes: drawPicture(width, height, words) };
    }

    // Speech-like sound: syllables of a gliding voice, as long as the words take to say.
    sound({ words, rate = 24000, seconds }) {
        const pcm = speak(words, rate, seconds ?? Math.max(1, words.length / 15));
        return { type: 'audio/wav', pcm, rate, bytes: Buffer.concat([wavHeader(pcm.length, rate), pcm]) };
    }
}

function nearest(items, distance) {
    const least = Math.min(...items.map(distance));
    return items.filter((item) => distance(item) <= least + 0.06);
}

// ---- pictures: a sky, a sun and a figure in the words' colours ----

function drawPicture(width, height, words) {
    const c = createHash('sha256').update(words).digest();
    const sky = [c[0], c[1], c[2]], ground = [c[3] >> 1, c[4] >> 1, c[5] >> 1], coat = [c[6], c[7] >> 1, c[8]];
    const rows = Buffer.alloc((width * 3 + 1) * height);
    const sunX = width * (0.2 + 0.6 * c[9] / 255), sunY = height * 0.28, sun = Math.min(width, height) * 0.11;
    const manX = width * (0.3 + 0.4 * c[10] / 255), headY = height * 0.5, head = Math.min(width, height) * 0.055;
    for (let y = 0, at = 0; y < height; y++) {
        rows[at++] = 0;
        const up = y / height;
        for (let x = 0; x < width; x++) {
            const dx = x - manX, inHead = Math.hypot(dx, y - headY) < head;
            const inCoat = y > headY + head && y < height * 0.86 && Math.abs(dx) < head * (0.9 + (y - headY) / head / 5);
            const colour = inHead ? [226, 178, 148] : inCoat ? coat : Math.hypot(x - sunX, y - sunY) < sun
                ? [255, 236, 180] : up > 0.74 ? ground : sky.map((s) => s + (255 - s) * up * 0.7);
            for (const part of colour) rows[at++] = part;
        }
    }
    return encodePng(width, height, rows);
}

function pngChunk(type, body) {
    const out = Buffer.alloc(body.length + 12);
    out.writeUInt32BE(body.length, 0);
    out.write(type, 4, 'latin1');
    body.copy(out, 8);
    out.writeUInt32BE(crc32(out.subarray(4, body.length + 8)), body.length + 8);
    return out;
}

function encodePng(width, height, rows) {
    const head = Buffer.alloc(13);
    head.writeUInt32BE(width, 0);
    head.writeUInt32BE(height, 4);
    head.set([8, 2, 0, 0, 0], 8);
    return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), pngChunk('IHDR', head),
        pngChunk('IDAT', deflateSync(rows, { level: 3 })), pngChunk('IEND', Buffer.alloc(0))]);
}

// ---- sounds ----

function speak(words, rate, seconds) {
    const samples = Math.round(rate * seconds), pcm = Buffer.alloc(samples * 2);
    const base = 110 + pick(words, 90);
    for (let i = 0, phase = 0; i < samples; i++) {
        const s = i / rate, syllable = s * 4.5, within = syllable % 1;
        phase += 2 * Math.PI * base * (1 + 0.12 * Math.sin(syllable)) / rate;
        const voice = Math.sin(phase) + 0.5 * Math.sin(2 * phase) + 0.3 * Math.sin(3 * phase + Math.floor(syllable));
        pcm.writeInt16LE(Math.round(9000 * Math.sin(Math.PI * within) ** 2 * voice / 1.8), i * 2);
    }
    return pcm;
}

function wavHeader(bytes, rate) {
    const h = Buffer.alloc(44);
    h.write('RIFF', 0), h.writeUInt32LE(36 + bytes, 4), h.write('WAVEfmt ', 8), h.writeUInt32LE(16, 16);
    h.writeUInt16LE(1, 20), h.writeUInt16LE(1, 22), h.writeUInt32LE(rate, 24), h.writeUInt32LE(rate * 2, 28);
    h.writeUInt16LE(2, 32), h.writeUInt16LE(16, 34), h.write('data', 36), h.writeUInt32LE(bytes, 40);
    return h;
}
