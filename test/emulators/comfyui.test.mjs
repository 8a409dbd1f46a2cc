// ComfyUI by hand: a graph that is run, one that is refused, one that is stopped, and files.

import assert from 'node:assert/strict';
import test from 'node:test';
import { opened } from './opened.mjs';

const graph = (change = {}) => ({
    1: { class_type: 'UNETLoader', inputs: { unet_name: 'wan2.2_ti2v_5B_fp16.safetensors', weight_dtype: 'default' } },
    3: { class_type: 'VAELoader', inputs: { vae_name: 'wan2.2_vae.safetensors' } },
    7: { class_type: 'Wan22ImageToVideoLatent', inputs: { vae: ['3', 0], width: 1280, height: 704, length: 97, batch_size: 1 } },
    9: { class_type: 'VAEDecode', inputs: { samples: ['7', 0], vae: ['3', 0] } },
    10: { class_type: 'CreateVideo', inputs: { images: ['9', 0], fps: 24.0 } },
    11: { class_type: 'SaveVideo', inputs: { video: ['10', 0], filename_prefix: 'video/shot', format: 'auto', codec: 'auto' } }, ...change,
});

const call = (emulator, path, body) => fetch(`${emulator.origin}/comfyui${path}`, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) });
const json = async (emulator, path, body) => (await call(emulator, path, body)).json();

test('a graph is run and its file seen', opened({}, async (emulator) => {
    const { prompt_id: id, node_errors: errors } = await json(emulator, '/prompt', { prompt: graph(), client_id: 'c', prompt_id: '0f9b7a52-6c1f-4b7e-9d21-3a0f4a6e1c55' });
    assert.equal(id, '0f9b7a52-6c1f-4b7e-9d21-3a0f4a6e1c55');
    assert.deepEqual([errors, await json(emulator, `/history/${id}`)], [{}, {}]);
    assert.equal((await json(emulator, '/queue')).queue_running[0][1], id);
    emulator.world.calendar.advance(400);
    const done = (await json(emulator, `/api/history/${id}`))[id], file = done.outputs['11'].images[0];
    assert.equal(done.status.status_str, 'success');
    const view = await call(emulator, `/view?${new URLSearchParams(file)}`);
    assert.equal(Buffer.from(await view.arrayBuffer()).toString('latin1', 4, 8), 'ftyp');
    assert.equal((await call(emulator, '/view?filename=../secret')).status, 400);
}));

test('wrong graphs are refused by node and input', opened({}, async (emulator) => {
    const cases = [
        [{}, 'no_prompt'], [{ prompt: { 1: { class_type: 'Nothing', inputs: {} } } }, 'invalid_prompt'],
        [{ prompt: { 3: graph()[3] } }, 'prompt_no_outputs'],
        [{ prompt: graph({ 3: { class_type: 'VAELoader', inputs: { vae_name: 'other' } } }) }, 'prompt_outputs_failed_validation', ['3', 'value_not_in_list']],
        [{ prompt: graph({ 9: { class_type: 'VAEDecode', inputs: { samples: ['99', 0], vae: ['3', 0] } } }) }, 'prompt_outputs_failed_validation', ['9', 'bad_linked_input']],
        [{ prompt: graph({ 7: { class_type: 'Wan22ImageToVideoLatent', inputs: { ...graph()[7].inputs, width: 9 } } }) }, 'prompt_outputs_failed_validation', ['7', 'value_smaller_than_min']],
    ];
    for (const [body, type, node] of cases) {
        const reply = await call(emulator, '/prompt', body), said = await reply.json();
        assert.deepEqual([reply.status, said.error.type], [400, type]);
        if (node) assert.equal(said.node_errors[node[0]].errors[0].type, node[1]);
    }
}));

test('one runs at a time; what waits can be taken back, what runs be interrupted', opened({}, async (emulator) => {
    const ids = [];
    for (let i = 0; i < 3; i++) ids.push((await json(emulator, '/prompt', { prompt: graph() })).prompt_id);
    assert.equal((await json(emulator, '/queue')).queue_pending.length, 2);
    await call(emulator, '/queue', { delete: [ids[1]] });
    await call(emulator, '/interrupt', { prompt_id: ids[0] });
    assert.equal((await json(emulator, `/history/${ids[0]}`))[ids[0]].status.messages[1][0], 'execution_interrupted');
    emulator.world.calendar.advance(400);
    assert.deepEqual(await json(emulator, `/history/${ids[1]}`), {});
    assert.equal((await json(emulator, `/history/${ids[2]}`))[ids[2]].status.completed, true);
}));

test('an upload of the same name is renamed, of the same bytes kept', opened({}, async (emulator) => {
    const upload = async (text) => {
        const form = new FormData();
        form.append('image', new Blob([text]), 'hero.png');
        return (await fetch(`${emulator.origin}/comfyui/upload/image`, { method: 'POST', body: form })).json();
    };
    assert.deepEqual(await upload('a'), { name: 'hero.png', subfolder: '', type: 'input' });
    assert.equal((await upload('b')).name, 'hero (1).png');
    assert.equal((await upload('a')).name, 'hero.png');
}));

test('what goes wrong inside', opened({}, async (emulator) => {
    emulator.world.faults.set({ rules: [{ op: 'run', fault: 'failed', nth: [1] }, { op: 'run', fault: 'gifs', nth: [1] }, { op: 'run', fault: 'vanished', nth: [1] }] });
    const run = async () => {
        const { prompt_id: id } = await json(emulator, '/prompt', { prompt: graph() });
        emulator.world.calendar.advance(400);
        return (await json(emulator, `/history/${id}`))[id];
    };
    assert.equal((await run()).status.messages[1][1].exception_message, 'CUDA out of memory');
    assert.equal((await run()).outputs['11'].gifs[0].subfolder, 'video');
    assert.equal(await run(), undefined);
}));
