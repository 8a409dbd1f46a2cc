// The emulator spoken to by Google's own client, and by hand where that client hides the wire.

import assert from 'node:assert/strict';
import test from 'node:test';
import { GoogleGenAI } from '@google/genai';
import { opened } from './opened.mjs';

const client = (emulator, apiKey = 'emulated-gemini-key') =>
    new GoogleGenAI({ apiKey, httpOptions: { baseUrl: `${emulator.origin}/gemini`, retryOptions: { attempts: 1 } } });

const post = (emulator, path, body, headers = {}) => fetch(`${emulator.origin}/gemini${path}`, {
    method: 'POST', body: JSON.stringify(body), headers: { 'x-goog-api-key': 'emulated-gemini-key', 'content-type': 'application/json', ...headers },
});

const get = (emulator, url) => fetch(url.startsWith('http') ? url : `${emulator.origin}/gemini${url}`, { headers: { 'x-goog-api-key': 'emulated-gemini-key' }, redirect: 'manual' });

const SHOTS = { type: 'object', required: ['shots'], properties: { shots: { type: 'array', items: { type: 'object', required: ['title', 'seconds'], properties: { title: { type: 'string' }, seconds: { type: 'integer', minimum: 2 } } } } } };

const ask = { model: 'gemini-3.8-flash', contents: 'Two shots of a boat', config: { responseMimeType: 'application/json', responseJsonSchema: SHOTS } };

const omni = (extra = {}) => ({
    model: 'gemini-omni-1.1-flash', input: [{ type: 'text', text: 'A paper boat drifts down a gutter' }],
    response_format: { type: 'video', aspect_ratio: '16:9', resolution: '720p', duration: '8s', delivery: 'uri' }, store: true, ...extra,
});

test('the official client gets JSON of its schema', opened({}, async (emulator) => {
    const reply = await client(emulator).models.generateContent(ask);
    const { shots } = JSON.parse(reply.text);
    assert.deepEqual(shots[0], { title: 'something plain', seconds: 2 });
    assert.equal(reply.candidates[0].finishReason, 'STOP');
    assert.ok(reply.usageMetadata.totalTokenCount > 0);
    assert.ok(emulator.world.ledger.usd() > 0);
}));

test('the official client gets pictures and speech', opened({}, async (emulator) => {
    const ai = client(emulator);
    const picture = await ai.models.generateContent({ model: 'gemini-3.1-flash-image', contents: [{ inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } }, { text: 'The same person in a tram' }], config: { responseModalities: ['TEXT', 'IMAGE'], imageConfig: { aspectRatio: '16:9', imageSize: '1K' } } });
    const inline = picture.candidates[0].content.parts.find((p) => p.inlineData).inlineData;
    assert.equal(Buffer.from(inline.data, 'base64').toString('latin1', 1, 4), 'PNG');
    const speech = await ai.models.generateContent({ model: 'gemini-3.8-flash-tts', contents: 'Say warmly: the rain has stopped.', config: { responseModalities: ['AUDIO'], speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } } } });
    assert.match(speech.candidates[0].content.parts[0].inlineData.mimeType, /^audio\/L16;codec=pcm;rate=24000$/);
}));

test('the official client lists models and uploads a file', opened({}, async (emulator) => {
    const ai = client(emulator), names = [];
    for await (const model of await ai.models.list()) names.push(model.name);
    assert.ok(names.includes('models/gemini-omni-1.1-flash'));
    const file = await ai.files.upload({ file: new Blob(['abcdef'], { type: 'video/mp4' }), config: { displayName: 'clip.mp4' } });
    assert.deepEqual([file.sizeBytes, file.state, file.source], ['6', 'PROCESSING', 'UPLOADED']);
    emulator.world.calendar.advance(200);
    assert.equal((await ai.files.get({ name: file.name })).state, 'ACTIVE');
    await ai.files.delete({ name: file.name });
    await assert.rejects(ai.files.get({ name: file.name }), /404|not found/i);
}));

test('the official client films with Omni, and the file comes from another host without the key', opened({}, async (emulator) => {
    const made = await client(emulator).interactions.create(omni());
    assert.equal(made.status, 'completed');
    const video = made.steps.flatMap((s) => s.content ?? []).find((c) => c.type === 'video');
    const id = /files\/([^:?]+)/.exec(video.uri)[1];
    emulator.world.calendar.advance(600);
    assert.equal((await (await get(emulator, `/v1beta/files/${id}`)).json()).state, 'ACTIVE');
    const away = await get(emulator, video.uri);
    assert.equal(away.status, 302);
    const bytes = Buffer.from(await (await fetch(away.headers.get('location'))).arrayBuffer());
    assert.equal(bytes.toString('latin1', 4, 8), 'ftyp');
    assert.equal(emulator.world.ledger.of('leak').length, 0);
    assert.ok(Math.abs(emulator.world.ledger.usd() - 0.8) < 0.02);
    await fetch(away.headers.get('location'), { headers: { 'x-goog-api-key': 'emulated-gemini-key' } });
    assert.equal(emulator.world.ledger.of('leak').length, 1);
}));

test('a film comes inline when that is asked, or later when it runs in the background', opened({}, async (emulator) => {
    const inline = await (await post(emulator, '/v1beta/interactions', omni({ response_format: { type: 'video', duration: '4s', delivery: 'inline' } }))).json();
    const video = inline.steps[1].content[0];
    assert.equal(Buffer.from(video.data, 'base64').toString('latin1', 4, 8), 'ftyp');
    const waiting = await (await post(emulator, '/v1beta/interactions', omni({ background: true }))).json();
    assert.equal(waiting.status, 'in_progress');
    emulator.world.calendar.advance(400);
    assert.equal((await (await get(emulator, `/v1beta/interactions/${waiting.id}`)).json()).status, 'completed');
}));

test('wrong requests are named in the shape of their endpoint', opened({}, async (emulator) => {
    await assert.rejects(client(emulator, 'wrong').models.generateContent(ask), (e) => e.status === 400 && /API_KEY_INVALID/.test(e.message));
    const cases = [
        [omni({ aspectRatio: '16:9' }), 400, 'parameter_unknown'],
        [omni({ response_format: { type: 'video', duration: '12s' } }), 400, 'invalid_request'],
        [omni({ model: 'veo-3.1-generate-preview' }), 404, 'model_not_found'],
        [omni({ generation_config: { video_config: { task: 'image_to_video' } } }), 400, 'invalid_request'],
        [omni({ system_instruction: 'Be brief.' }), 400, 'invalid_request'],
    ];
    for (const [body, status, code] of cases) {
        const reply = await post(emulator, '/v1beta/interactions', body);
        assert.deepEqual([reply.status, (await reply.json()).error.code], [status, code]);
    }
    assert.equal((await post(emulator, '/v1beta/interactions', omni(), { 'x-goog-api-key': 'no' })).status, 401);
    const old = await post(emulator, '/v1beta/models/veo-3.1-generate-preview:predictLongRunning', {});
    assert.deepEqual([old.status, (await old.json()).error.status], [404, 'NOT_FOUND']);
    assert.equal(emulator.world.ledger.of('accepted').length, 0);
}));

const blocked = [
    [{ fault: 'prompt-block' }, (r) => assert.equal(r.promptFeedback.blockReason, 'PROHIBITED_CONTENT')],
    [{ fault: 'finish', reason: 'RECITATION' }, (r) => assert.deepEqual([r.candidates[0].finishReason, r.candidates[0].content], ['RECITATION', undefined])],
    [{ fault: 'max-tokens' }, (r) => assert.throws(() => JSON.parse(r.candidates[0].content.parts.map((p) => p.text).join('')))],
    [{ fault: 'empty' }, (r) => assert.equal(r.candidates[0].content.parts[0].text, '')],
    [{ fault: 'no-content' }, (r) => assert.equal(r.candidates[0].content, undefined)],
    [{ fault: 'thoughts' }, (r) => assert.equal(r.candidates[0].content.parts[0].thought, true)],
];
for (const [fault, check] of blocked) {
    test(`an answer as planned: ${JSON.stringify(fault)}`, opened({}, async (emulator) => {
        emulator.world.faults.set({ rules: [{ ...fault, provider: 'gemini', op: 'run' }] });
        const { contents, config } = ask;
        check(await (await post(emulator, '/v1beta/models/gemini-3.8-flash:generateContent', { contents: [{ parts: [{ text: contents }] }], generationConfig: config })).json());
    }));
}

test('a film is refused in three shapes', opened({}, async (emulator) => {
    const shapes = {
        http: (status, body) => assert.deepEqual([status, body.error.code], [400, 'prohibited_content']),
        status: (status, body) => assert.deepEqual([status, body.status, body.errors[0].code], [200, 'failed', 'prohibited_content']),
        empty: (status, body) => assert.deepEqual([status, body.status, body.steps[1].content[0].type], [200, 'completed', 'text']),
    };
    for (const [shape, check] of Object.entries(shapes)) {
        emulator.world.faults.set({ rules: [{ op: 'run', fault: 'refused', shape }] });
        const reply = await post(emulator, '/v1beta/interactions', omni());
        check(reply.status, await reply.json());
    }
}));

test('too many requests: how long to wait stands in the body, or nowhere', opened({}, async (emulator) => {
    emulator.world.faults.set({ rules: [{ op: 'generateContent', fault: 'rate-limit', retryAfterBody: '3.5', nth: [1] }, { op: 'generateContent', fault: 'rate-limit', daily: true, nth: [1] }] });
    const body = { contents: [{ parts: [{ text: 'x' }] }] };
    const first = await (await post(emulator, '/v1beta/models/gemini-3.8-flash:generateContent', body)).json();
    assert.equal(first.error.details[1].retryDelay, '3.5s');
    const second = await (await post(emulator, '/v1beta/models/gemini-3.8-flash:generateContent', body)).json();
    assert.match(second.error.details[0].violations[0].quotaId, /PerDay/);
    assert.equal(emulator.world.ledger.of('billed').length, 0);
}));

test('an upload in pieces minds its offsets', opened({}, async (emulator) => {
    const start = await post(emulator, '/upload/v1beta/files', { file: { display_name: 'a.mp4' } }, { 'x-goog-upload-command': 'start', 'x-goog-upload-header-content-length': '6', 'x-goog-upload-header-content-type': 'video/mp4' });
    const url = start.headers.get('x-goog-upload-url'), headers = { 'x-goog-api-key': 'emulated-gemini-key' };
    const send = (offset, command, body) => fetch(url, { method: 'POST', body, headers: { ...headers, 'x-goog-upload-offset': String(offset), 'x-goog-upload-command': command } });
    assert.equal((await send(0, 'upload', 'abc')).headers.get('x-goog-upload-status'), 'active');
    assert.equal((await send(0, 'upload, finalize', 'def')).status, 400);
    assert.equal((await (await send(3, 'upload, finalize', 'def')).json()).file.sizeBytes, '6');
}));
