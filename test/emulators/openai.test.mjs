// Chat completions by hand, as our driver speaks them, and the ways in which servers differ.

import assert from 'node:assert/strict';
import test from 'node:test';
import { opened } from './opened.mjs';

const SCHEMA = { type: 'object', required: ['shots'], properties: { shots: { type: 'array', items: { type: 'string' } } } };

const chat = (emulator, extra = {}, headers = {}) => fetch(`${emulator.origin}/openai/v1/chat/completions`, {
    method: 'POST', headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: 'qwen3:8b', messages: [{ role: 'user', content: 'Shots' }], response_format: { type: 'json_schema', json_schema: { name: 'shots', strict: true, schema: SCHEMA } }, ...extra }),
});

const content = async (emulator, extra) => (await (await chat(emulator, extra)).json()).choices[0].message.content;

test('a nested schema binds, a flat one is ignored', opened({}, async (emulator) => {
    assert.equal(JSON.parse(await content(emulator)).shots.length, 2);
    const flat = await content(emulator, { response_format: { type: 'json_schema', schema: SCHEMA } });
    assert.throws(() => JSON.parse(flat));
    const models = await (await fetch(`${emulator.origin}/openai/v1/models`)).json();
    assert.equal(models.data[0].id, 'qwen3:8b');
}));

test('refusals of every server', opened({}, async (emulator) => {
    const unknown = await chat(emulator, { model: 'none' });
    assert.deepEqual([unknown.status, (await unknown.json()).error.type], [404, 'not_found_error']);
    assert.equal((await chat(emulator, {}, { authorization: 'Bearer wrong' })).status, 401);
    for (const [shape, read] of [['ollama', (b) => b.error.message], ['text', (b) => b.error], ['vllm', (b) => b.message], ['llama', (b) => b.error.message]]) {
        emulator.world.faults.set({ rules: [{ op: 'chat.completions', fault: 'error-before', status: 503, shape }] });
        assert.equal(read(await (await chat(emulator)).json()), 'Loading model');
    }
}));

const shapes = [
    ['fenced', (c) => assert.match(c, /^```json\n\{/)], ['think', (c) => assert.match(c, /^<think>[\s\S]*<\/think>\s*\{/)],
    ['max-tokens', (c) => assert.throws(() => JSON.parse(c))], ['null-content', (c) => assert.equal(c, null)], ['refused', (c) => assert.equal(c, null)],
];
for (const [fault, check] of shapes) {
    test(`an answer as planned: ${fault}`, opened({}, async (emulator) => {
        emulator.world.faults.set({ rules: [{ op: 'run', fault }] });
        check(await content(emulator));
    }));
}
