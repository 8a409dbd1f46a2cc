// What the tests share: an emulator that lives as long as a test, with the clips of STORYREEL_CLIPS,
// or with one black clip made here when there are none, so that these tests need no other program.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start } from './emulator.mjs';

const box = (type, ...bodies) => {
    const body = Buffer.concat(bodies), head = Buffer.alloc(8);
    head.writeUInt32BE(body.length + 8, 0);
    head.write(type, 4, 'latin1');
    return Buffer.concat([head, body]);
};

const words = (...values) => Buffer.concat(values.map((value) => {
    const b = Buffer.alloc(4);
    b.writeUInt32BE(value >>> 0);
    return b;
}));

// A movie header without samples: enough to be chosen by its length and shape.
function emptyClip(seconds, width, height) {
    const matrix = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000];
    const mvhd = box('mvhd', words(0, 0, 0, 1000, seconds * 1000, 0x10000, 0x1000000, 0, 0, ...matrix, 0, 0, 0, 0, 0, 0, 2));
    const tkhd = box('tkhd', words(3, 0, 0, 1, 0, seconds * 1000, 0, 0, 0, 0, ...matrix, width << 16, height << 16));
    return Buffer.concat([box('ftyp', Buffer.from('isom\0\0\0\0isom')), box('moov', mvhd, box('trak', tkhd))]);
}

function clipsFolder() {
    if (process.env.STORYREEL_CLIPS && existsSync(process.env.STORYREEL_CLIPS)) return process.env.STORYREEL_CLIPS;
    const folder = mkdtempSync(join(tmpdir(), 'emulator-clips-'));
    for (const seconds of [4, 6, 8, 10]) {
        writeFileSync(join(folder, `wide-${seconds}.mp4`), emptyClip(seconds, 1280, 720));
        writeFileSync(join(folder, `tall-${seconds}.mp4`), emptyClip(seconds, 720, 1280));
    }
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    return folder;
}

let clips;

export const opened = (options, check) => async () => {
    clips ??= clipsFolder();
    const emulator = await start({ clips, latencyMs: 300, bootMs: 50, ...options });
    try {
        await check(emulator);
    } finally {
        await emulator.close();
    }
};
