// Google's Gemini API: generateContent (text bound to a schema, pictures, speech), Interactions (Omni
// video), and files. Its refusals come in several shapes, which are faults of a run:
//   generateContent   prompt-block, finish (`reason`), max-tokens, empty, no-content, thoughts,
//                     prose, bad-plan, short-plan, greedy (as dear as it may be: each byte that came is a
//                     token, and it thinks until there is no room left)
//   interactions      refused with `shape` "http", "status" or "empty"; failed; stuck; output

import { randomBytes } from 'node:crypto';
import { Refusal } from './wire.mjs';
import { draft } from './drafts.mjs';

const TEXT = { 'gemini-3.8-flash': [0.75, 3.75], 'gemini-4-argon': [2, 10], 'gemini-3.5-flash-lite': [0.3, 1.2] };
const THOUGHTS = 60;                    // tokens of thinking in each answer, charged for as output
const PICTURE = 1120, PICTURE_MOST = 2240;    // tokens that looking at a picture takes, as a rule and at most
const ROOM = 65536;                     // where an answer ends that was given no end
const IMAGE = { 'gemini-3.1-flash-image': { '512': 0.045, '1K': 0.067, '2K': 0.101, '4K': 0.151 }, 'gemini-nano-banana-2.1': { '1K': 0.0336, '2K': 0.05, '4K': 0.08 }, 'gemini-3-pro-image': { '1K': 0.134, '2K': 0.134, '4K': 0.24 } };
const SPEECH = ['gemini-3.8-flash-tts', 'gemini-3.8-flash-lite-tts'];
const VIDEO = { 'gemini-omni-1.1-flash': { '360p': 0.03, '720p': 5792 * 17.5e-6, '1080p': 0.15, '4k': 0.3 } };     // a second; 5,792 tokens at 720p
const RETIRED = /^(veo-|imagen-|gemini-2\.5-flash-image)/;
const RATIOS = ['1:1', '2:3', '3:2', '3:4', '4:3', '4:5', '5:4', '9:16', '16:9', '21:9'];
const INTERACTION_KEYS = ['model', 'input', 'system_instruction', 'generation_config', 'response_format', 'store', 'background', 'stream',
    'previous_interaction_id', 'service_tier', 'labels', 'tools', 'webhook_config', 'continuation_token', 'safety_settings', 'response_modalities'];
const STATUS = { 400: 'INVALID_ARGUMENT', 403: 'PERMISSION_DENIED', 404: 'NOT_FOUND', 429: 'RESOURCE_EXHAUSTED', 500: 'INTERNAL', 503: 'UNAVAILABLE', 504: 'DEADLINE_EXCEEDED' };
const CODES = { 400: 'invalid_request', 401: 'authentication', 402: 'payment_required', 403: 'permission_denied', 404: 'not_found', 429: 'rate_limit_exceeded', 500: 'api_error', 503: 'service_unavailable', 504: 'deadline_exceeded' };

const classic = (status, message, details) => new Refusal(status, { error: { code: status, message, status: STATUS[status] ?? 'UNKNOWN', ...(details ? { details } : {}) } });
const modern = (status, message, code = CODES[status]) => new Refusal(status, { error: { code, message } });

const camel = (name) => name.replace(/_(.)/g, (_, c) => c.toUpperCase());

// snake_case is accepted too; inside a schema names are the caller's.
function camelKeys(value) {
    if (Array.isArray(value)) return value.map(camelKeys);
    if (!value || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [camel(k), /schema$/i.test(k) ? v : camelKeys(v)]));
}

export class Gemini {
    constructor(world) {
        this.world = world;
        this.interactions = new Map();
        this.files = new Map();
        this.uploads = new Map();
    }

    routes = [
        ['POST', /^\/v1(?:beta)?\/models\/([^/:]+):generateContent$/, 'generateContent', (x) => this.generate(x)],
        ['GET', /^\/v1(?:beta)?\/models$/, 'models.list', () => ({ body: { models: this.listed().map((name) => this.showModel(name)) } })],
        ['GET', /^\/v1(?:beta)?\/models\/([^/:]+)$/, 'models.get', (x) => ({ body: this.showModel(this.known(x.at[0])) })],
        ['POST', /^\/v1(?:beta)?\/interactions$/, 'interactions.create', (x) => this.interact(x)],
        ['GET', /^\/v1(?:beta)?\/interactions\/([^/]+)$/, 'interactions.get', (x) => ({ body: this.show(this.interaction(x.at[0])) })],
        ['POST', /^\/v1(?:beta)?\/interactions\/([^/]+)\/cancel$/, 'interactions.cancel', (x) => this.cancel(x)],
        ['DELETE', /^\/v1(?:beta)?\/interactions\/([^/]+)$/, 'interactions.delete', (x) => (this.interaction(x.at[0]), this.interactions.delete(x.at[0]), { body: {} })],
        ['POST', /^\/upload\/v1(?:beta)?\/files$/, 'files.upload', (x) => this.upload(x)],
        ['GET', /^\/v1(?:beta)?\/files$/, 'files.list', () => ({ body: { files: [...this.files.values()].map((f) => this.showFile(f)) } })],
        ['GET', /^\/v1(?:beta)?\/files\/([^/:]+):download$/, 'files.download', (x) => this.download(x)],
        ['GET', /^\/v1(?:beta)?\/files\/([^/:]+)$/, 'files.get', (x) => ({ body: this.showFile(this.file(x.at[0])) })],
        ['DELETE', /^\/v1(?:beta)?\/files\/([^/:]+)$/, 'files.delete', (x) => (this.file(x.at[0]), this.files.delete(x.at[0]), { body: {} })],
        ['GET', /^\/stored\/([^/]+)$/, 'stored.get', (x) => this.stored(x)],
        ['POST', /^\/v1(?:beta)?\/models\/([^/:]+):predictLongRunning$/, 'predictLongRunning', (x) => { throw this.gone(x.at[0]); }],
    ];

    // Which error shape a call answers with: that of Interactions, or the classic one.
    isModern(x) {
        return x.op.startsWith('interactions');
    }

    door(x) {
        const { headers } = x.request, key = headers['x-goog-api-key'] ?? x.query.get('key');
        if (x.op === 'stored.get') {
            if (key) this.world.ledger.write('leak', { provider: 'gemini', header: 'x-goog-api-key' });
        } else if (key !== this.world.keys.gemini) {
            throw this.refusal('bad-key', {}, x);
        }
    }

    modelOf(x) {
        return x.op === 'generateContent' ? x.at[0] : String(x.json?.model ?? '');
    }

    refusal(kind, fault = {}, x) {
        const modernShape = x !== undefined && this.isModern(x);
        switch (kind) {
        case 'bad-key':
            return modernShape ? modern(401, 'API key not valid. Please pass a valid API key.')
                : classic(400, 'API key not valid. Please pass a valid API key.', [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID', domain: 'googleapis.com' }]);
        case 'no-credit':
            return modernShape ? modern(402, 'Your prepaid credit is used up.') : classic(400, 'Billing account is not active.', undefined);
        case 'rate-limit':
            return this.throttled(fault, modernShape);
        case 'not-found':
            return modernShape ? modern(404, 'Requested entity was not found.') : classic(404, 'Requested entity was not found.');
        default:
            return modernShape ? modern(fault.status ?? 500, 'An internal error has occurred.') : classic(fault.status ?? 500, 'An internal error has occurred.');
        }
    }

    throttled(fault, modernShape) {
        const headers = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
        if (modernShape) return new Refusal(429, { error: { code: fault.daily ? 'quota_exceeded' : 'rate_limit_exceeded', message: 'Quota exceeded for this model.' } }, headers);
        const details = [{ '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaMetric: 'generativelanguage.googleapis.com/generate_content_requests', quotaId: `GenerateRequestsPer${fault.daily ? 'Day' : 'Minute'}PerProjectPerModel` }] }];
        if (fault.retryAfterBody !== undefined) details.push({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${fault.retryAfterBody}s` });
        const refusal = classic(429, 'Quota exceeded for this model.', details);
        Object.assign(refusal.reply.headers, headers);
        return refusal;
    }

    gone(model) {
        return classic(404, `models/${model} is no longer available. Please use a newer model.`);
    }

    // ---- models ----

    listed() {
        return [...Object.keys(TEXT), ...Object.keys(IMAGE), ...SPEECH, ...Object.keys(VIDEO)];
    }

    known(model) {
        if (RETIRED.test(model)) throw this.gone(model);
        if (!this.listed().includes(model)) throw classic(404, `models/${model} is not found for API version v1beta, or is not supported for generateContent.`);
        return model;
    }

    showModel(name) {
        return { name: `models/${name}`, displayName: name, inputTokenLimit: 1048576, outputTokenLimit: 65536, supportedGenerationMethods: VIDEO[name] ? ['interactions'] : ['generateContent', 'countTokens'] };
    }

    // ---- generateContent ----

    generate(x) {
        const model = this.known(x.at[0]), body = camelKeys(x.json);
        if (!Array.isArray(body?.contents)) throw classic(400, 'contents is not specified');
        const config = body.generationConfig ?? {}, fate = this.world.faults.draw('gemini', 'run', model) ?? {};
        if (config.responseSchema && config.responseJsonSchema) throw classic(400, 'Only one of responseSchema and responseJsonSchema may be set.');
        const parts = body.contents.flatMap((c) => c.parts ?? []);
        for (const { inlineData } of parts) if (inlineData && !/^[a-z]+\/[\w.+-]+$/.test(inlineData.mimeType ?? '')) throw classic(400, 'Invalid inlineData mimeType');
        if (fate.fault === 'prompt-block') return { body: { promptFeedback: { blockReason: fate.reason ?? 'PROHIBITED_CONTENT' }, usageMetadata: { promptTokenCount: 9, totalTokenCount: 9 }, modelVersion: model, responseId: 'r-1' } };
        const made = IMAGE[model] ? this.picture(model, config, parts) : SPEECH.includes(model) ? this.speech(config, parts) : this.words(body, config, fate);
        return { body: this.answer(model, made, { tokensIn: this.tokensOf(body, fate), fate }) };
    }

    // Texts by their bytes, pictures by the piece.
    tokensOf(body, fate) {
        const parts = [...(body.systemInstruction?.parts ?? []), ...body.contents.flatMap((c) => c.parts ?? [])], config = body.generationConfig ?? {};
        const texts = [...parts.map((p) => p.text ?? ''), JSON.stringify(config.responseJsonSchema ?? config.responseSchema ?? '')].join('');
        const pictures = parts.filter((p) => p.inlineData).length, greedy = fate.fault === 'greedy';
        return greedy ? Buffer.byteLength(texts) + pictures * PICTURE_MOST : Math.ceil(Buffer.byteLength(texts) / 4) + pictures * PICTURE;
    }

    words(body, config, fate) {
        const schema = config.responseMimeType === 'application/json' ? config.responseJsonSchema ?? config.responseSchema : undefined;
        const prompt = body.contents.flatMap((c) => c.parts ?? []).map((p) => p.text ?? '').join('\n');
        const repair = body.contents.some((c) => c.role === 'model');
        let text = draft(schema, prompt, { fault: fate.fault, repair });
        const room = config.maxOutputTokens ?? ROOM, cut = fate.fault === 'max-tokens' || Math.ceil(text.length / 4) + THOUGHTS > room;
        if (cut) text = text.slice(0, Math.min(text.length * 0.6, (room - THOUGHTS) * 4));
        const half = text.length >> 1, said = fate.fault === 'thoughts' ? [{ text: 'Thinking about light.', thought: true }] : [];
        const tokens = Math.ceil(text.length / 4), thoughts = cut || fate.fault === 'greedy' ? room - tokens : THOUGHTS;
        return { parts: [...said, { text: text.slice(0, half) }, { text: text.slice(half) }], tokens, thoughts, cut, modality: 'TEXT' };
    }

    picture(model, config, parts) {
        const size = config.imageConfig?.imageSize ?? '1K', ratio = config.imageConfig?.aspectRatio ?? '1:1';
        if (!config.responseModalities?.includes('IMAGE')) throw classic(400, `models/${model} only answers with pictures`);
        if (!IMAGE[model][size]) throw classic(400, `Invalid imageSize ${size}`);
        if (!RATIOS.includes(ratio)) throw classic(400, `Invalid aspectRatio ${ratio}`);
        const words = parts.map((p) => p.text ?? p.inlineData?.data.slice(0, 64) ?? '').join('|') + (config.seed ?? '');
        const { bytes } = this.world.clips.picture({ ratio, words, long: { '512': 512, '1K': 1024, '2K': 1536, '4K': 2048 }[size] });
        return { parts: [{ text: 'Here is your picture.' }, { inlineData: { mimeType: 'image/png', data: bytes.toString('base64') } }], tokens: 1290, modality: 'IMAGE', usd: IMAGE[model][size] };
    }

    speech(config, parts) {
        if (!config.responseModalities?.includes('AUDIO')) throw classic(400, 'The requested combination of response modalities is not supported by the model.');
        const text = parts.map((p) => p.text ?? '').join(' '), { pcm, rate } = this.world.clips.sound({ words: text });
        return { parts: [{ inlineData: { mimeType: `audio/L16;codec=pcm;rate=${rate}`, data: pcm.toString('base64') } }], tokens: Math.ceil(pcm.length / rate * 12), modality: 'AUDIO', usd: pcm.length / rate / 2 * 0.0003 };
    }

    answer(model, made, { tokensIn, fate }) {
        const [usdIn, usdOut] = TEXT[model] ?? [0, 0], thoughts = made.thoughts ?? THOUGHTS;
        this.world.ledger.write('billed', { provider: 'gemini', id: 'generateContent', model, usd: made.usd ?? (tokensIn * usdIn + (made.tokens + thoughts) * usdOut) / 1e6 });
        const reason = made.cut ? 'MAX_TOKENS' : fate.fault === 'finish' ? fate.reason ?? 'SAFETY' : 'STOP';
        const candidate = { index: 0, finishReason: reason, content: { role: 'model', parts: made.parts } };
        if (fate.fault === 'finish' || fate.fault === 'no-content') delete candidate.content;
        if (fate.fault === 'finish') candidate.finishMessage = fate.message ?? 'The response was stopped by a filter.';
        if (fate.fault === 'empty') candidate.content = { role: 'model', parts: [{ text: '' }] };
        return {
            candidates: fate.fault === 'no-candidates' ? [] : [candidate], modelVersion: model, responseId: `r-${this.world.ledger.lines.length}`,
            usageMetadata: { promptTokenCount: tokensIn, candidatesTokenCount: made.tokens, thoughtsTokenCount: thoughts, totalTokenCount: tokensIn + made.tokens + thoughts, candidatesTokensDetails: [{ modality: made.modality, tokenCount: made.tokens }] },
        };
    }

    // ---- interactions: Omni video ----

    async interact(x) {
        const body = x.json, unknown = Object.keys(body ?? {}).find((key) => !INTERACTION_KEYS.includes(key));
        if (!body || typeof body !== 'object') throw modern(400, 'The request body is not JSON.');
        if (unknown) throw modern(400, `Unknown parameter: ${unknown}`, 'parameter_unknown');
        if (RETIRED.test(body.model) || !this.listed().includes(body.model)) throw modern(404, `The model ${body.model} was not found.`, 'model_not_found');
        if (body.input === undefined) throw modern(400, 'input is required.');
        if (SPEECH.includes(body.model)) return { body: this.say(body) };
        if (!VIDEO[body.model]) return { body: this.talk(body) };
        const made = this.beginVideo(body);
        if (body.background) return { body: this.show(made) };
        await made.over;
        if (made.refusal) throw made.refusal;
        return { body: this.show(made) };
    }

    // A model of words over the same call.
    talk(body) {
        const text = typeof body.input === 'string' ? body.input : JSON.stringify(body.input), format = [body.response_format].flat()[0];
        const made = this.keep(body, { seconds: 0, usd: 0.0001 });
        made.content = [{ type: 'text', text: draft(format?.schema, text) }];
        this.finish(made, 'completed');
        return this.show(made);
    }

    // Spoken words: there at once, and to be had again while they are kept.
    say(body) {
        const { clips, ledger } = this.world, words = typeof body.input === 'string' ? body.input : JSON.stringify(body.input);
        if ([body.response_format].flat()[0]?.type !== 'audio') throw modern(400, 'The requested response_format is not supported by the model.');
        if (!words.trim()) throw modern(400, 'A text is required.');
        const sound = clips.sound({ words }), seconds = sound.pcm.length / sound.rate / 2;
        const made = this.keep(body, { seconds: 0, usd: seconds * 0.0006 });
        ledger.write('accepted', { provider: 'gemini', id: made.id, model: made.model, usd: made.usd, seed: null });
        made.content = [{ type: 'audio', mime_type: sound.type, data: sound.bytes.toString('base64') }];
        this.finish(made, 'completed');
        return this.show(made);
    }

    checkVideo(body) {
        const format = body.response_format ?? {}, content = Array.isArray(body.input) ? body.input : [{ type: 'text', text: String(body.input) }];
        const seconds = Number(/^(\d+)s$/.exec(format.duration ?? '8s')?.[1]), task = body.generation_config?.video_config?.task;
        if (body.system_instruction) throw modern(400, 'system_instruction is not supported by this model.');
        if (!(seconds >= 3 && seconds <= 10)) throw modern(400, 'response_format.duration must be between 3s and 10s.');
        if (format.aspect_ratio && !['16:9', '9:16'].includes(format.aspect_ratio)) throw modern(400, 'response_format.aspect_ratio must be 16:9 or 9:16.');
        if (format.resolution && !VIDEO[body.model][format.resolution]) throw modern(400, 'response_format.resolution is not supported.');
        if (task && !['text_to_video', 'image_to_video', 'reference_to_video', 'edit', 'extend'].includes(task)) throw modern(400, 'video_config.task is not supported.');
        if (!content.some((c) => c.type === 'text' && c.text?.trim())) throw modern(400, 'A text prompt is required.');
        if (task === 'image_to_video' && !content.some((c) => c.type === 'image')) throw modern(400, 'image_to_video needs an image.');
        if (format.delivery === 'uri' && body.store === false) throw modern(400, 'delivery uri needs store.');
        return { seconds, ratio: format.aspect_ratio ?? '16:9', delivery: format.delivery ?? 'inline', words: JSON.stringify(content).slice(0, 5000), resolution: format.resolution ?? '720p' };
    }

    keep(body, asked) {
        const { calendar } = this.world;
        const made = { id: `v1_${randomBytes(12).toString('hex')}`, body, asked, model: body.model, status: 'in_progress', createdMs: calendar.now(), updatedMs: calendar.now(), content: [], errors: [], usd: asked.usd };
        made.over = new Promise((resolve) => (made.resolveOver = resolve));
        this.interactions.set(made.id, made);
        return made;
    }

    beginVideo(body) {
        const asked = this.checkVideo(body), { calendar, ledger, faults, options } = this.world;
        asked.usd = asked.seconds * VIDEO[body.model][asked.resolution];
        const made = this.keep(body, asked);
        made.fate = faults.draw('gemini', 'run', body.model, asked.words) ?? {};
        ledger.write('accepted', { provider: 'gemini', id: made.id, model: body.model, usd: asked.usd, seed: body.generation_config?.seed ?? null });
        if (made.fate.fault !== 'stuck') calendar.after(options.latencyMs, () => this.render(made));
        return made;
    }

    render(made) {
        const { clips } = this.world, { fate, asked } = made;
        if (made.status !== 'in_progress') return;
        if (fate.fault === 'refused' && (fate.shape ?? 'http') === 'http') made.refusal = modern(400, 'The prompt was blocked by the content filter.', 'prohibited_content');
        if (fate.fault === 'refused' && fate.shape !== 'empty') {
            made.errors = [{ code: 'prohibited_content', message: 'The prompt was blocked by the content filter.' }];
            return this.finish(made, 'failed');
        }
        if (fate.fault === 'failed') {
            made.errors = [{ code: 'api_error', message: 'Internal error while generating the video.' }];
            return this.finish(made, 'failed');
        }
        if (fate.fault === 'refused') {
            made.content = [{ type: 'text', text: 'I cannot make this video.' }];
            return this.finish(made, 'completed');
        }
        const media = clips.video({ ...asked, output: fate.output });
        made.content = [asked.delivery === 'inline' ? { type: 'video', mime_type: media.type, data: media.bytes.toString('base64') } : { type: 'video', mime_type: media.type, uri: this.keepFile(media) }];
        return this.finish(made, 'completed');
    }

    finish(made, status) {
        const { ledger, calendar } = this.world, entry = { provider: 'gemini', id: made.id, model: made.model };
        made.status = status;
        made.updatedMs = calendar.now();
        if (status === 'completed') ledger.write('billed', { ...entry, usd: made.usd });
        else ledger.write('unbilled', { ...entry, why: status });
        made.resolveOver();
    }

    interaction(id) {
        const made = this.interactions.get(id);
        if (!made) throw modern(404, 'The interaction was not found.');
        return made;
    }

    cancel(x) {
        const made = this.interaction(x.at[0]);
        if (made.status === 'in_progress') this.finish(made, 'cancelled');
        return { body: this.show(made) };
    }

    show(made) {
        const { calendar } = this.world, iso = (ms) => calendar.iso(ms).replace(/\.\d+Z$/, 'Z');
        const input = Array.isArray(made.body.input) ? made.body.input.map((c) => (c.data ? { ...c, data: undefined } : c)) : [{ type: 'text', text: made.body.input }];
        const steps = [{ type: 'user_input', content: input }];
        if (made.content.length || made.errors.length) steps.push({ type: 'model_output', content: made.content, ...(made.errors.length ? { error: { code: 3, message: made.errors[0].message, details: [] } } : {}) });
        return {
            id: made.id, object: 'interaction', status: made.status, model: made.model, created: iso(made.createdMs), updated: iso(made.updatedMs), steps,
            ...(made.errors.length ? { errors: made.errors } : {}), service_tier: 'standard',
            usage: { total_input_tokens: 20, total_output_tokens: made.status === 'completed' ? Math.round((made.asked.seconds ?? 0) * 5792) : 0, total_tokens: 20 },
        };
    }

    // ---- files ----

    keepFile(media) {
        const id = randomBytes(8).toString('hex'), { calendar, options } = this.world;
        this.files.set(id, { id, ...media, source: 'GENERATED', name: 'video.mp4', createdMs: calendar.now(), activeMs: calendar.now() + Math.min(500, options.latencyMs / 3) });
        return `${this.world.origin()}/gemini/v1beta/files/${id}:download?alt=media`;
    }

    file(id) {
        const file = this.files.get(id);
        if (!file || this.world.calendar.now() > file.createdMs + 48 * 3600e3) throw classic(404, `files/${id} is not found or has expired.`);
        return file;
    }

    showFile(file) {
        const { calendar } = this.world, iso = (ms) => calendar.iso(ms), active = calendar.now() >= file.activeMs;
        const base = `${this.world.origin()}/gemini/v1beta/files/${file.id}`;
        return {
            name: `files/${file.id}`, displayName: file.name, mimeType: file.type, sizeBytes: String(file.bytes.length), createTime: iso(file.createdMs), updateTime: iso(file.createdMs),
            expirationTime: iso(file.createdMs + 48 * 3600e3), state: active ? 'ACTIVE' : 'PROCESSING', source: file.source, uri: base, ...(file.source === 'GENERATED' ? { downloadUri: `${base}:download?alt=media` } : {}),
        };
    }

    // Two steps: a start that names a place, then bytes at offsets.
    upload(x) {
        const { headers } = x.request, command = headers['x-goog-upload-command'] ?? '';
        if (command === 'start') {
            const id = randomBytes(8).toString('hex');
            this.uploads.set(id, { size: Number(headers['x-goog-upload-header-content-length']), type: headers['x-goog-upload-header-content-type'], name: x.json?.file?.display_name ?? x.json?.file?.displayName ?? '', chunks: [], bytes: 0 });
            return { body: {}, headers: { 'x-goog-upload-url': `${this.world.origin()}/gemini/upload/v1beta/files?upload_id=${id}`, 'x-goog-upload-status': 'active' } };
        }
        const id = x.query.get('upload_id'), going = this.uploads.get(id);
        if (!going) throw classic(404, 'There is no such upload.');
        if (Number(headers['x-goog-upload-offset']) !== going.bytes) throw classic(400, `Expected offset ${going.bytes}.`);
        going.chunks.push(x.bytes);
        going.bytes += x.bytes.length;
        if (!/finalize/.test(command)) return { body: '', headers: { 'x-goog-upload-status': 'active' } };
        if (going.bytes !== going.size) throw classic(400, `${going.bytes} bytes came; ${going.size} were announced.`);
        const { calendar } = this.world;
        const file = { id, type: going.type, name: going.name, bytes: Buffer.concat(going.chunks), source: 'UPLOADED', createdMs: calendar.now(), activeMs: calendar.now() + 100 };
        this.files.set(id, file);
        return { body: { file: this.showFile(file) }, headers: { 'x-goog-upload-status': 'final' } };
    }

    // Given out from another host, which must not be shown the key.
    download(x) {
        const file = this.file(x.at[0]);
        if (file.source !== 'GENERATED') throw classic(403, 'Only generated files can be downloaded.');
        if (this.world.calendar.now() < file.activeMs) throw classic(400, 'The file is not ACTIVE yet.');
        return { status: 302, headers: { location: `${this.world.origin().replace('127.0.0.1', 'localhost')}/gemini/stored/${file.id}` } };
    }

    stored(x) {
        const file = this.file(x.at[0]);
        return { body: file.bytes, ranges: true, headers: { 'content-type': file.type } };
    }
}
