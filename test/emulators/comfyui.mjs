// ComfyUI's HTTP API: graphs that are checked, queued one at a time, and leave files behind. Faults of
// a run: failed (a node breaks), stuck, vanished (a restart: history and queue forget it), gifs (the
// output stands under another key), partial (one output is refused), output.

import { randomUUID } from 'node:crypto';
import { Refusal, multipart, sha256 } from './wire.mjs';
import { typeOf } from './clips.mjs';

// Node classes that are known: what their inputs must be, and whether they leave files.
const NODES = {
    UNETLoader: { unet_name: ['wan2.2_ti2v_5B_fp16.safetensors'], weight_dtype: ['default'] },
    CLIPLoader: { clip_name: ['umt5_xxl_fp8_e4m3fn_scaled.safetensors'], type: ['wan'] },
    VAELoader: { vae_name: ['wan2.2_vae.safetensors'] },
    CLIPTextEncode: { text: 'STRING', clip: 'LINK' },
    LoadImage: { image: 'FILE' },
    LoadAudio: { audio: 'FILE' },
    Wan22ImageToVideoLatent: { vae: 'LINK', width: [32, 8192], height: [32, 8192], length: [1, 8192], batch_size: [1, 64] },
    KSampler: { model: 'LINK', seed: [0, 2 ** 64], steps: [1, 10000], cfg: [0, 100], sampler_name: ['uni_pc', 'euler'], scheduler: ['simple'], positive: 'LINK', negative: 'LINK', latent_image: 'LINK', denoise: [0, 1] },
    VAEDecode: { samples: 'LINK', vae: 'LINK' },
    CreateVideo: { images: 'LINK', fps: [1, 120] },
    SaveVideo: { video: 'LINK', filename_prefix: 'STRING', format: ['auto', 'mp4'], codec: ['auto', 'h264'] },
    SaveImage: { images: 'LINK', filename_prefix: 'STRING' },
};
const OUTPUTS = new Set(['SaveVideo', 'SaveImage']);

const isLink = (value) => Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && Number.isInteger(value[1]);

export class ComfyUi {
    constructor(world) {
        this.world = world;
        this.queue = [];                          // jobs, the running one first
        this.history = new Map();
        this.inputs = new Map();
        this.saved = new Map();
        this.number = 0;
    }

    routes = [
        ['POST', /^(?:\/api)?\/prompt$/, 'prompt.create', (x) => this.submit(x)],
        ['GET', /^(?:\/api)?\/prompt$/, 'prompt.get', () => ({ body: { exec_info: { queue_remaining: this.queue.length } } })],
        ['GET', /^(?:\/api)?\/history\/([^/]+)$/, 'history.get', (x) => ({ body: this.history.has(x.at[0]) ? { [x.at[0]]: this.history.get(x.at[0]) } : {} })],
        ['GET', /^(?:\/api)?\/history$/, 'history.list', () => ({ body: Object.fromEntries(this.history) })],
        ['GET', /^(?:\/api)?\/queue$/, 'queue.get', () => ({ body: this.showQueue() })],
        ['POST', /^(?:\/api)?\/queue$/, 'queue.change', (x) => this.forget(x)],
        ['POST', /^(?:\/api)?\/interrupt$/, 'interrupt', (x) => this.interrupt(x)],
        ['POST', /^(?:\/api)?\/upload\/image$/, 'upload', (x) => this.upload(x)],
        ['GET', /^(?:\/api)?\/view$/, 'view', (x) => this.view(x)],
        ['GET', /^(?:\/api)?\/object_info\/([^/]+)$/, 'object_info', (x) => ({ body: NODES[x.at[0]] ? { [x.at[0]]: { input: { required: NODES[x.at[0]] } } } : {} })],
        ['GET', /^(?:\/api)?\/system_stats$/, 'system_stats', () => ({ body: { system: { comfyui_version: '0.3.64', os: 'posix' }, devices: [{ name: 'cpu', type: 'cpu', vram_total: 0, vram_free: 0 }] } })],
    ];

    door() {}

    modelOf() {
        return '';
    }

    refusal(kind, fault = {}) {
        return new Refusal({ 'not-found': 404, 'rate-limit': 429 }[kind] ?? fault.status ?? 500, '');
    }

    invalid(type, message, details = '', nodes = {}) {
        return new Refusal(400, { error: { type, message, details, extra_info: {} }, node_errors: nodes });
    }

    // ---- graphs ----

    submit(x) {
        const body = x.json;
        if (!body || typeof body !== 'object') throw new Refusal(500, '500 Internal Server Error');
        if (!body.prompt) throw this.invalid('no_prompt', 'No prompt provided', 'No prompt provided');
        for (const [id, node] of Object.entries(body.prompt))
            if (!node?.class_type || !NODES[node.class_type]) throw this.invalid('invalid_prompt', node?.class_type ? `Cannot execute because node ${node.class_type} does not exist.` : 'Cannot execute because a node is missing the class_type property.', `Node ID '#${id}'`);
        const outputs = Object.keys(body.prompt).filter((id) => OUTPUTS.has(body.prompt[id].class_type));
        if (outputs.length === 0) throw this.invalid('prompt_no_outputs', 'Prompt has no outputs');
        const errors = this.check(body.prompt, outputs);
        if (Object.keys(errors).length) throw this.invalid('prompt_outputs_failed_validation', 'Prompt outputs failed validation', '', errors);
        return { body: this.enqueue(body, outputs) };
    }

    check(graph, outputs) {
        const errors = {};
        for (const [id, node] of Object.entries(graph)) {
            const found = Object.entries(NODES[node.class_type]).map(([name, rule]) => this.checkInput(graph, node, name, rule)).filter(Boolean);
            if (found.length) errors[id] = { class_type: node.class_type, dependent_outputs: outputs, errors: found };
        }
        return errors;
    }

    checkInput(graph, node, name, rule) {
        const value = node.inputs?.[name];
        const wrong = (type, message, details) => ({ type, message, details: `${name}: ${details}`, extra_info: { input_name: name, received_value: value } });
        if (value === undefined) return wrong('required_input_missing', 'Required input is missing', name);
        if (rule === 'LINK') return isLink(value) && graph[value[0]] ? undefined : wrong('bad_linked_input', 'Bad linked input, must be a length-2 list of [node_id, slot_index]', String(value));
        if (rule === 'STRING' || isLink(value)) return undefined;
        if (rule === 'FILE') return this.inputs.has(String(value)) ? undefined : wrong('custom_validation_failed', 'Custom validation failed for node', `Invalid image file: ${value}`);
        if (typeof rule[0] === 'string') return rule.includes(value) ? undefined : wrong('value_not_in_list', 'Value not in list', `'${value}' not in ${JSON.stringify(rule)}`);
        const number = Number(value);
        if (Number.isNaN(number)) return wrong('invalid_input_type', 'Failed to convert an input value to a number', String(value));
        if (number < rule[0]) return wrong('value_smaller_than_min', `Value ${number} smaller than min of ${rule[0]}`, String(value));
        return number > rule[1] ? wrong('value_bigger_than_max', `Value ${number} bigger than max of ${rule[1]}`, String(value)) : undefined;
    }

    // ---- the queue: one runs at a time ----

    enqueue(body, outputs) {
        const { faults, ledger } = this.world;
        const job = { id: body.prompt_id ?? randomUUID(), number: this.number++, graph: body.prompt, outputs, extra: { client_id: body.client_id ?? '' }, fate: faults.draw('comfyui', 'run') ?? {} };
        ledger.write('accepted', { provider: 'comfyui', id: job.id, model: 'graph', usd: 0 });
        this.queue.push(job);
        if (this.queue.length === 1) this.run(job);
        const partial = job.fate.fault === 'partial' ? { [outputs[0]]: { class_type: 'SaveVideo', dependent_outputs: outputs, errors: [{ type: 'value_not_in_list', message: 'Value not in list', details: '', extra_info: {} }] } } : {};
        return { prompt_id: job.id, number: job.number, node_errors: partial };
    }

    run(job) {
        if (job.fate.fault !== 'stuck') job.callOff = this.world.calendar.after(this.world.options.latencyMs, () => this.end(job, job.fate.fault === 'failed' ? 'execution_error' : 'execution_success'));
    }

    end(job, how) {
        job.callOff?.();
        this.queue = this.queue.filter((other) => other !== job);
        if (job.fate.fault !== 'vanished') this.history.set(job.id, this.record(job, how));
        this.world.ledger.write(how === 'execution_success' ? 'billed' : 'unbilled', { provider: 'comfyui', id: job.id, model: 'graph', usd: 0 });
        if (this.queue[0]) this.run(this.queue[0]);
    }

    record(job, how) {
        const timestamp = this.world.calendar.now(), success = how === 'execution_success', node = job.outputs[0];
        const message = { prompt_id: job.id, timestamp };
        if (how !== 'execution_success') Object.assign(message, { node_id: node, node_type: job.graph[node].class_type, executed: [] });
        if (how === 'execution_error') Object.assign(message, { exception_message: 'CUDA out of memory', exception_type: 'torch.OutOfMemoryError', traceback: ['Traceback\n'], current_inputs: {}, current_outputs: [] });
        return {
            prompt: [job.number, job.id, job.graph, job.extra, job.outputs], outputs: success ? Object.fromEntries(job.outputs.map((id) => [id, this.save(job, id)])) : {},
            status: { status_str: success ? 'success' : 'error', completed: success, messages: [['execution_start', { prompt_id: job.id, timestamp }], [how, message]] },
            meta: Object.fromEntries(job.outputs.map((id) => [id, { node_id: id, display_node: id, parent_node: null, real_node_id: id }])),
        };
    }

    save(job, id) {
        const { clips } = this.world, node = job.graph[id], video = node.class_type === 'SaveVideo';
        const latent = Object.values(job.graph).find((n) => n.inputs?.length !== undefined)?.inputs ?? {}, fps = Object.values(job.graph).find((n) => n.class_type === 'CreateVideo')?.inputs.fps ?? 24;
        const ratio = `${latent.width ?? 16}:${latent.height ?? 9}`, words = JSON.stringify(job.graph);
        const media = video ? clips.video({ seconds: Number(latent.length ?? 121) / Number(fps), ratio, words, output: job.fate.output }) : clips.picture({ ratio, words });
        const prefix = String(node.inputs.filename_prefix), at = prefix.lastIndexOf('/');
        const file = { filename: `${prefix.slice(at + 1)}_${String(this.saved.size + 1).padStart(5, '0')}_.${video ? 'mp4' : 'png'}`, subfolder: at < 0 ? '' : prefix.slice(0, at), type: 'output' };
        this.saved.set(`${file.type}/${file.subfolder}/${file.filename}`, media.bytes);
        if (job.fate.fault === 'gifs') return { gifs: [{ ...file, format: 'video/h264-mp4' }] };
        return video ? { images: [file], animated: [true] } : { images: [file] };
    }

    showQueue() {
        const show = (job) => [job.number, job.id, job.graph, job.extra, job.outputs];
        return { queue_running: this.queue.slice(0, 1).map(show), queue_pending: this.queue.slice(1).map(show) };
    }

    forget(x) {
        const gone = x.json?.clear ? this.queue.slice(1).map((job) => job.id) : x.json?.delete ?? [];
        this.queue = this.queue.filter((job, place) => place === 0 || !gone.includes(job.id));
        return { body: '' };
    }

    interrupt(x) {
        const running = this.queue[0];
        if (running && (!x.json?.prompt_id || x.json.prompt_id === running.id)) this.end(running, 'execution_interrupted');
        return { body: '' };
    }

    // ---- files ----

    upload(x) {
        const parts = multipart(x.bytes, x.request.headers['content-type']), image = parts.find((p) => p.name === 'image');
        const word = (name) => parts.find((p) => p.name === name)?.bytes.toString() ?? '';
        if (!image?.filename || /\.\.|^\//.test(image.filename + word('subfolder'))) throw new Refusal(400, '');
        const subfolder = word('subfolder'), folder = subfolder ? `${subfolder}/` : '', overwrite = /^(true|1)$/.test(word('overwrite'));
        const [, stem, extension] = /^(.*?)(\.[^.]*)?$/.exec(image.filename), hash = sha256(image.bytes);
        let name = image.filename;
        for (let n = 1; !overwrite && this.inputs.has(folder + name) && this.inputs.get(folder + name).hash !== hash; n++) name = `${stem} (${n})${extension ?? ''}`;
        this.inputs.set(folder + name, { hash, bytes: Buffer.from(image.bytes) });
        return { body: { name, subfolder, type: word('type') || 'input' } };
    }

    view(x) {
        const name = x.query.get('filename') ?? '';
        if (!name || /^\/|\.\./.test(name)) throw new Refusal(400, '');
        const bytes = this.saved.get(`${x.query.get('type') ?? 'output'}/${x.query.get('subfolder') ?? ''}/${name}`);
        if (!bytes) throw new Refusal(404, '');
        return { body: bytes, ranges: true, headers: { 'content-type': typeOf(name), 'content-disposition': `filename="${name}"` } };
    }
}
