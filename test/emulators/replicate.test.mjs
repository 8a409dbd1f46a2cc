// The emulator spoken to by Replicate's own client, and by hand where that client hides the wire.
// Shows that what our drivers are tested against is what the provider's own library accepts.

import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { createServer } from 'node:http';
import test from 'node:test';
import Client, { validateWebhook } from 'replicate';
import { opened } from './opened.mjs';

const veo = { prompt: 'A paper boat drifts down a gutter', duration: 4, aspect_ratio: '16:9', seed: 11 };

const client = (emulator, auth = 'r8_emulated') =>
    new Client({ auth, baseUrl: `${emulator.origin}/replicate/v1`, useFileOutput: false });

const raw = (emulator, path, options = {}) => fetch(`${emulator.origin}/replicate/v1${path}`, {
    method: options.body ? 'POST' : 'GET', ...options, body: options.body && JSON.stringify(options.body),
    headers: { authorization: 'Bearer r8_emulated', 'content-type': 'application/json', ...options.headers },
});

const createVeo = (emulator, extra = {}, headers = {}) =>
    raw(emulator, '/models/google/veo-3.1-fast/predictions', { body: { input: veo, ...extra }, headers });

async function ended(emulator, id) {
    for (;;) {
        const run = await (await raw(emulator, `/predictions/${id}`)).json();
        if (!['starting', 'processing'].includes(run.status)) return run;
        emulator.world.calendar.advance(100);
    }
}

const run = async (emulator) => ended(emulator, (await (await createVeo(emulator)).json()).id);

test('the official client runs a model and downloads a film', opened({}, async (emulator) => {
    const output = await client(emulator).run('google/veo-3.1-fast', { input: veo });
    const file = await fetch(output);
    assert.equal(file.headers.get('content-type'), 'video/mp4');
    assert.equal((await file.arrayBuffer()).byteLength, Number(file.headers.get('content-length')));
    assert.equal(emulator.world.ledger.usd(), 4 * 0.15);
}));

test('the official client creates, waits, lists, cancels', opened({ latencyMs: 60000 }, async (emulator) => {
    const replicate = client(emulator);
    const made = await replicate.predictions.create({ model: 'google/veo-3.1', input: { ...veo, duration: 8 }, wait: false });
    assert.equal(made.status, 'starting');
    assert.equal((await replicate.predictions.get(made.id)).id, made.id);
    assert.equal((await replicate.predictions.list()).results[0].input.seed, 11);
    emulator.world.calendar.advance(30200);
    const stopped = await replicate.predictions.cancel(made.id);
    assert.equal(stopped.status, 'canceled');
    assert.ok(Math.abs(emulator.world.ledger.usd() - 8 * 0.4 / 2) < 0.05, 'half of the time is billed');
}));

test('the official client uploads files, reads models and the account', opened({}, async (emulator) => {
    const replicate = client(emulator);
    const file = await replicate.files.create(new Blob(['abc'], { type: 'image/png' }), { scene: 3 });
    assert.deepEqual([file.size, file.content_type, file.metadata.scene], [3, 'image/png', 3]);
    assert.equal((await replicate.files.get(file.id)).id, file.id);
    const model = await replicate.models.get('sync', 'lipsync-2-pro');
    assert.deepEqual(model.latest_version.openapi_schema.components.schemas.Input.required, ['video', 'audio']);
    assert.equal((await replicate.accounts.current()).type, 'user');
    const byVersion = await replicate.predictions.create({ version: model.latest_version.id, input: { video: file.urls.get, audio: file.urls.get } });
    assert.equal(byVersion.model, 'sync/lipsync-2-pro');
    await replicate.files.delete(file.id);
    await assert.rejects(replicate.files.get(file.id), /404/);
}));

test('a lip-sync is as long as its sync mode says, and that is what it costs', opened({}, async (emulator) => {
    const replicate = client(emulator), { clips, ledger } = emulator.world;
    const upload = (bytes, type) => replicate.files.create(new Blob([bytes], { type })).then((file) => file.urls.get);
    const video = await upload(clips.video({ seconds: 4, words: 'a' }).bytes, 'video/mp4');
    const audio = await upload(clips.sound({ words: 'la', seconds: 6 }).bytes, 'audio/wav');
    for (const [sync_mode, seconds] of [['loop', 6], ['cut_off', 4], ['silence', 6]]) {
        const run = await replicate.predictions.create({ model: 'sync/lipsync-2-pro', input: { video, audio, sync_mode } });
        assert.equal((await ended(emulator, run.id)).status, 'succeeded');
        const billed = ledger.of('billed').find((line) => line.id === run.id);
        assert.ok(Math.abs(billed.usd - seconds * 0.08325) < 1e-9, `${sync_mode}: ${billed.usd}`);
    }
}));

test('a wrong key, a wrong input and an unknown model are told apart', opened({}, async (emulator) => {
    await assert.rejects(client(emulator, 'r8_wrong').accounts.current(), (e) => e.response.status === 401);
    for (const [input, type] of [[{}, 'required'], [{ prompt: 'x', duration: 5 }, 'enum'], [{ prompt: 7 }, 'invalid_type'], [{ prompt: 'x', token: 'y' }, 'additional_property_not_allowed']]) {
        const reply = await raw(emulator, '/models/google/veo-3.1/predictions', { body: { input } });
        assert.equal(reply.status, 422);
        assert.equal((await reply.json()).invalid_fields[0].type, type);
    }
    assert.equal((await raw(emulator, '/models/some/one/predictions', { body: { input: {} } })).status, 404);
    assert.equal(emulator.world.ledger.of('accepted').length, 0);
}));

test('Prefer: wait holds the answer until the end, Cancel-After ends a run', opened({ latencyMs: 300 }, async (emulator) => {
    const done = await (await createVeo(emulator, {}, { prefer: 'wait=5' })).json();
    assert.equal(done.status, 'succeeded');
    const made = await (await createVeo(emulator, {}, { 'cancel-after': '1m5s' })).json();
    assert.equal(Date.parse(made.deadline) - Date.parse(made.created_at), 65000);
    emulator.world.faults.set({ rules: [{ op: 'run', fault: 'stuck' }] });
    const stuck = await (await createVeo(emulator, {}, { 'cancel-after': '5' })).json();
    emulator.world.calendar.advance(1000);
    assert.equal((await (await raw(emulator, `/predictions/${stuck.id}`)).json()).status, 'processing');
    emulator.world.calendar.advance(5000);
    assert.equal((await (await raw(emulator, `/predictions/${stuck.id}`)).json()).status, 'canceled');
    assert.equal((await createVeo(emulator, {}, { 'cancel-after': 'soon' })).status, 400);
}));

test('outputs and inputs are gone after an hour', opened({}, async (emulator) => {
    const done = await run(emulator);
    assert.equal((await fetch(done.output)).status, 200);
    emulator.world.calendar.advance(3600e3);
    assert.equal((await fetch(done.output)).status, 404);
    const late = await (await raw(emulator, `/predictions/${done.id}`)).json();
    assert.deepEqual([late.output, late.data_removed, late.status], [null, true, 'succeeded']);
}));

test('a listing has pages of a hundred, newest first, and may lag', opened({ createsPerMinute: 1e6 }, async (emulator) => {
    const ids = [];
    for (let i = 0; i < 230; i++) ids.unshift((await (await createVeo(emulator)).json()).id);
    const seen = [], sizes = [];
    for (let url = `${emulator.origin}/replicate/v1/predictions`; url;) {
        const page = await (await fetch(url, { headers: { authorization: 'Bearer r8_emulated' } })).json();
        seen.push(...page.results.map((r) => r.id));
        sizes.push(page.results.length);
        url = page.next;
    }
    assert.deepEqual(sizes, [100, 100, 30]);
    assert.deepEqual(seen, ids);
    emulator.world.faults.set({ listingLagMs: 5000 });
    const late = await (await createVeo(emulator)).json();
    const first = async () => (await (await raw(emulator, '/predictions')).json()).results[0]?.id;
    assert.notEqual(await first(), late.id);
    emulator.world.calendar.advance(5000);
    assert.equal(await first(), late.id);
    assert.equal((await (await raw(emulator, `/predictions?created_after=${late.created_at}`)).json()).results.length, 1);
}));

test('webhooks are signed as the official client checks them, and come in order', opened({ latencyMs: 900 }, async (emulator) => {
    const came = [];
    let told;
    const all = new Promise((resolve) => (told = resolve));
    const receiver = createServer(async (request, response) => {
        const chunks = [];
        for await (const chunk of request) chunks.push(chunk);
        came.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
        response.end();
        if (came.length === 3) told();
    });
    await new Promise((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const webhook = `http://127.0.0.1:${receiver.address().port}/hook?token=abc`;
    await createVeo(emulator, { webhook, webhook_events_filter: ['start', 'output', 'completed'] });
    await all;
    receiver.close();
    const { key } = await client(emulator).webhooks.default.secret.get();
    const bodies = came.map((c) => JSON.parse(c.body).status);
    assert.deepEqual([bodies[0], bodies[2]], ['processing', 'succeeded']);
    for (const { headers, body } of came) {
        const parts = { id: headers['webhook-id'], timestamp: headers['webhook-timestamp'], body, signature: headers['webhook-signature'], secret: key };
        assert.ok(await validateWebhook(parts, webcrypto));
        assert.equal(await validateWebhook({ ...parts, body: body + ' ' }, webcrypto), false);
    }
    assert.equal((await createVeo(emulator, { webhook: 'http://app.example/hook' })).status, 422);
}));

test('connections dropped before and after: only the second has made and billed a run', opened({}, async (emulator) => {
    emulator.world.faults.set({ rules: [{ op: 'predictions.create', fault: 'drop-before', nth: [1] }, { op: 'predictions.create', fault: 'drop-after', nth: [1] }] });
    await assert.rejects(createVeo(emulator));
    assert.equal(emulator.world.ledger.of('accepted').length, 0);
    await assert.rejects(createVeo(emulator));
    assert.equal(emulator.world.ledger.of('accepted').length, 1);
    assert.equal((await createVeo(emulator)).status, 201);
}));

const answers = [
    [{ fault: 'rate-limit' }, 429, { retryAfter: null }],
    [{ fault: 'rate-limit', retryAfter: 7 }, 429, { retryAfter: '7' }],
    [{ fault: 'rate-limit', retryAfterBody: 7 }, 429, { retryAfter: null, body: /~7s/ }],
    [{ fault: 'no-credit' }, 402, { body: /Insufficient credit/ }],
    [{ fault: 'error-before', status: 503 }, 503, { body: /Internal server error/ }],
    [{ fault: 'error-after', status: 500 }, 500, { accepted: 1 }],
    [{ fault: 'error-after', status: 502, html: true }, 502, { accepted: 1, body: /<html>/ }],
    [{ fault: 'html' }, 200, { accepted: 1, body: /<html>/ }],
    [{ fault: 'garbage' }, 201, { accepted: 1, body: /"star$/ }],
    [{ fault: 'wrong-types', members: ['id'] }, 201, { accepted: 1, body: /"id":26/ }],
];
for (const [fault, status, { accepted = 0, body = /./, ...rest }] of answers) {
    test(`a fault as planned: ${JSON.stringify(fault)}`, opened({}, async (emulator) => {
        emulator.world.faults.set({ rules: [{ ...fault, op: 'predictions.create' }] });
        const reply = await createVeo(emulator);
        assert.equal(reply.status, status);
        if ('retryAfter' in rest) assert.equal(reply.headers.get('retry-after'), rest.retryAfter);
        assert.match(await reply.text(), body);
        assert.equal(emulator.world.ledger.of('accepted').length, accepted);
    }));
}

test('a truncated answer ends too early, a slow one comes in pieces', opened({}, async (emulator) => {
    emulator.world.faults.set({ rules: [{ op: 'predictions.create', fault: 'truncated', nth: [1] }, { op: 'predictions.create', fault: 'slow', ms: 60 }] });
    await assert.rejects(createVeo(emulator).then((r) => r.text()));
    const began = Date.now();
    assert.equal((await (await createVeo(emulator)).json()).status, 'starting');
    assert.ok(Date.now() - began >= 50);
}));

const fates = [
    [{ fault: 'refused' }, 'failed', /E005/, 'unbilled'],
    [{ fault: 'failed' }, 'failed', /E003/, 'unbilled'],
    [{ fault: 'aborted' }, 'aborted', null, 'unbilled'],
    [{ fault: 'unknown-status' }, 'rendering', null, null],
    [{ fault: 'expired-output' }, 'succeeded', null, 'billed'],
];
for (const [fault, status, error, event] of fates) {
    test(`a run that ends as planned: ${fault.fault}`, opened({}, async (emulator) => {
        emulator.world.faults.set({ rules: [{ ...fault, op: 'run', nth: [1] }] });
        const made = await (await createVeo(emulator)).json();
        emulator.world.calendar.advance(300);
        const end = status === 'rendering' ? await (await raw(emulator, `/predictions/${made.id}`)).json() : await ended(emulator, made.id);
        assert.equal(end.status, status);
        if (error) assert.match(end.error, error);
        if (event) assert.equal(emulator.world.ledger.of(event).length, 1);
        if (fault.fault === 'expired-output') assert.deepEqual([end.output, end.data_removed], [null, true]);
        assert.equal((await run(emulator)).status, 'succeeded');
    }));
}

test('outputs that are not what was asked', opened({}, async (emulator) => {
    emulator.world.faults.set({ rules: [{ op: 'run', output: 'not-video', nth: [1] }, { op: 'run', output: 'none', nth: [1] }, { op: 'run', output: 'wrong-size', nth: [1] }] });
    assert.match((await fetch((await run(emulator)).output)).headers.get('content-type'), /html/);
    assert.equal((await run(emulator)).output, null);
    assert.match((await run(emulator)).output, /\.mp4$/);
}));

test('more creations than a minute allows are throttled', opened({ createsPerMinute: 2 }, async (emulator) => {
    assert.deepEqual([(await createVeo(emulator)).status, (await createVeo(emulator)).status], [201, 201]);
    const third = await createVeo(emulator);
    assert.equal(third.status, 429);
    assert.equal(third.headers.get('retry-after'), String((await third.json()).retry_after));
    emulator.world.calendar.advance(60000);
    assert.equal((await createVeo(emulator)).status, 201);
}));

test('outputs are served in ranges and must not be shown the key', opened({}, async (emulator) => {
    const { output } = await run(emulator);
    const part = await fetch(output, { headers: { range: 'bytes=4-7' } });
    assert.deepEqual([part.status, await part.text()], [206, 'ftyp']);
    await fetch(output, { headers: { authorization: 'Bearer r8_emulated' } });
    assert.equal(emulator.world.ledger.of('leak').length, 1);
}));
