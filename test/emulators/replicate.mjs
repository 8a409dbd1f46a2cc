// Replicate's HTTP API: predictions that start, process and end, their listing, files, webhooks and
// outputs that are deleted after an hour.

import { createHmac, randomBytes } from 'node:crypto';
import { Refusal, multipart, sha256 } from './wire.mjs';
import { probe, typeOf, wavSeconds } from './clips.mjs';
import { MODELS, checkInput, openapiSchema } from './replicate_models.mjs';

const PAGE_SIZE = 100, FILE_BYTES_MAX = 100e6, WEBHOOK_GAP_MS = 500;
const ENDED = new Set(['succeeded', 'failed', 'canceled', 'aborted']);
const EVENTS = ['start', 'output', 'logs', 'completed'];
const SECRET = 'whsec_' + Buffer.from('storyreel emulator signing key 01').toString('base64');

const newId = () => [...randomBytes(26)].map((b) => 'abcdefghjkmnpqrstvwxyz0123456789'[b & 31]).join('');

const notFound = (detail = 'The requested resource could not be found.') =>
    new Refusal(404, { detail, status: 404 }, { 'content-type': 'application/problem+json' });

function unprocessable(fields) {
    const detail = fields.map((f) => `- ${f.field || 'input'}: ${f.description}\n`).join('');
    return new Refusal(422, { title: 'Input validation failed', status: 422, detail, invalid_fields: fields });
}

// "1h30m45s", "90" -> milliseconds.
function readDuration(words) {
    const parts = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?$/.exec(words);
    const [h, m, s] = (parts ?? []).slice(1).map((n) => Number(n ?? 0));
    const ms = ((h * 60 + m) * 60 + s) * 1000;
    return ms >= 5000 ? ms : undefined;
}

export class Replicate {
    constructor(world) {
        this.world = world;
        this.runs = new Map();
        this.files = new Map();
        this.outputs = new Map();
        this.created = [];                       // instants of creations, for the limit a minute
    }

    routes = [
        ['POST', /^\/v1\/predictions$/, 'predictions.create', (x) => this.createByVersion(x)],
        ['POST', /^\/v1\/models\/([^/]+)\/([^/]+)\/predictions$/, 'predictions.create', (x) => this.createByModel(x)],
        ['GET', /^\/v1\/predictions$/, 'predictions.list', (x) => this.list(x)],
        ['GET', /^\/v1\/predictions\/([^/]+)$/, 'predictions.get', (x) => ({ body: this.show(this.run(x.at[0])) })],
        ['POST', /^\/v1\/predictions\/([^/]+)\/cancel$/, 'predictions.cancel', (x) => this.cancel(x)],
        ['POST', /^\/v1\/files$/, 'files.create', (x) => this.upload(x)],
        ['GET', /^\/v1\/files$/, 'files.list', () => ({ body: { next: null, previous: null, results: [...this.files.values()].map((f) => f.shown).reverse() } })],
        ['GET', /^\/v1\/files\/([^/]+)$/, 'files.get', (x) => ({ body: this.file(x.at[0]).shown })],
        ['DELETE', /^\/v1\/files\/([^/]+)$/, 'files.delete', (x) => (this.file(x.at[0]), this.files.delete(x.at[0]), { status: 204 })],
        ['GET', /^\/v1\/models\/([^/]+)\/([^/]+)$/, 'models.get', (x) => ({ body: this.showModel(x.at.join('/')) })],
        ['GET', /^\/v1\/models\/([^/]+)\/([^/]+)\/versions$/, 'models.versions', (x) => ({ body: { next: null, previous: null, results: [this.showModel(x.at.join('/')).latest_version] } })],
        ['GET', /^\/v1\/account$/, 'account.get', () => ({ body: { type: 'user', username: 'emulated', name: 'Emulated account', github_url: 'https://github.com/emulated', avatar_url: 'https://example.com/a.png' } })],
        ['GET', /^\/v1\/hardware$/, 'hardware.list', () => ({ body: [{ name: 'CPU', sku: 'cpu' }, { name: 'Nvidia H100 GPU', sku: 'gpu-h100' }] })],
        ['GET', /^\/v1\/webhooks\/default\/secret$/, 'webhooks.secret', () => ({ body: { key: SECRET } })],
        ['GET', /^\/delivery\/([^/]+)\/[^/]+$/, 'delivery.get', (x) => this.deliver(x)],
    ];

    // Every call but the delivery of outputs wants the key.
    door(x) {
        const key = /^(?:Bearer|Token) (.+)$/.exec(x.request.headers.authorization ?? '')?.[1];
        if (x.op === 'delivery.get') {
            if (key) this.world.ledger.write('leak', { provider: 'replicate', header: 'authorization' });
        } else if (key !== this.world.keys.replicate) {
            throw this.refusal('bad-key');
        }
    }

    refusal(kind, fault = {}) {
        switch (kind) {
        case 'bad-key':
            return new Refusal(401, { title: 'Unauthenticated', detail: 'You did not pass a valid authentication token', status: 401 });
        case 'no-credit':
            return new Refusal(402, { title: 'Insufficient credit', detail: 'You have insufficient credit to run this model. Go to https://replicate.com/account/billing to purchase credit.', status: 402 });
        case 'rate-limit': {
            const headers = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
            const wait = fault.retryAfterBody;
            return new Refusal(429, wait === undefined ? { detail: 'Request was throttled.' }
                : { detail: `Request was throttled. Your rate limit resets in ~${wait}s.`, status: 429, retry_after: wait }, headers);
        }
        case 'not-found':
            return notFound();
        default:
            return new Refusal(fault.status ?? 500, { detail: 'Internal server error' });
        }
    }

    modelOf(x) {
        if (x.op !== 'predictions.create') return '';
        return x.at.length === 2 ? x.at.join('/') : String(x.json?.version ?? '').split(':')[0];
    }

    // ---- predictions ----

    createByModel(x) {
        const name = x.at.join('/');
        if (!MODELS[name]) throw notFound();
        return this.create(x, name, ['input', 'webhook', 'webhook_events_filter', 'stream']);
    }

    createByVersion(x) {
        const version = String(x.json?.version ?? ''), byHash = Object.keys(MODELS).find((m) => sha256(m) === version.split(':').pop());
        const name = byHash ?? version;
        if (!MODELS[name]) throw new Refusal(422, { title: 'Invalid version or not permitted', detail: 'The specified version does not exist (or perhaps you don\'t have permission to use it?)', status: 422 });
        return this.create(x, name, ['version', 'input', 'webhook', 'webhook_events_filter', 'stream']);
    }

    checkBody(x, name, members) {
        const body = x.json, faults = [];
        if (!body || typeof body !== 'object') throw new Refusal(400, { detail: 'The request body is not JSON', status: 400 });
        for (const member of Object.keys(body))
            if (!members.includes(member)) faults.push({ type: 'additional_property_not_allowed', field: '', description: `Additional property ${member} is not allowed` });
        if (!body.input || typeof body.input !== 'object' || Array.isArray(body.input)) faults.push({ type: 'required', field: '', description: 'input is required' });
        else faults.push(...checkInput(MODELS[name], body.input));
        if (body.webhook !== undefined && !this.mayHook(body.webhook)) faults.push({ type: 'format', field: 'webhook', description: 'webhook must be an HTTPS URL' });
        if (body.webhook_events_filter?.some?.((event) => !EVENTS.includes(event))) faults.push({ type: 'enum', field: 'webhook_events_filter', description: 'unknown event' });
        if (faults.length) throw unprocessable(faults);
    }

    // The real service takes https only; this machine is let through for tests.
    mayHook(url) {
        return typeof url === 'string' && (/^https:/.test(url) || /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]/.test(url));
    }

    limit() {
        const { calendar, options } = this.world, now = calendar.now();
        this.created = this.created.filter((at) => at > now - 60000);
        if (this.created.length >= options.createsPerMinute) {
            const wait = Math.ceil((this.created[0] + 60000 - now) / 1000);
            throw this.refusal('rate-limit', { retryAfter: wait, retryAfterBody: wait });
        }
        this.created.push(now);
    }

    async create(x, name, members) {
        this.limit();
        this.checkBody(x, name, members);
        const ceiling = x.request.headers['cancel-after'], ceilingMs = ceiling === undefined ? undefined : readDuration(ceiling);
        if (ceiling !== undefined && ceilingMs === undefined) throw new Refusal(400, { detail: 'Cancel-After is not a duration of at least 5 seconds', status: 400 });
        const run = this.begin(x, name, ceilingMs);
        const wait = /^wait(?:=(\d+))?$/.exec(x.request.headers.prefer ?? '');
        if (wait) await Promise.race([run.over, this.world.calendar.sleep(Number(wait[1] ?? 60) * 1000)]);
        return { status: ENDED.has(run.status) ? 201 : wait ? 202 : 201, body: this.show(run) };
    }

    begin(x, name, ceilingMs) {
        const { calendar, ledger, faults, options } = this.world;
        const run = {
            id: newId(), model: name, input: x.json.input, webhook: x.json.webhook, filter: x.json.webhook_events_filter,
            status: 'starting', createdMs: calendar.now(), output: null, error: null, logs: '',
            fate: faults.draw('replicate', 'run', name, x.json.input.prompt) ?? {}, timers: [], hooked: new Set(), hookChain: Promise.resolve(),
        };
        run.over = new Promise((resolve) => (run.resolveOver = resolve));
        if (ceilingMs) run.deadlineMs = run.createdMs + ceilingMs;
        const lips = MODELS[name].kind === 'lipsync' ? this.lipsync(run.input) : undefined;
        run.seconds = lips?.seconds ?? MODELS[name].seconds?.(run.input) ?? run.input.duration ?? 8;
        run.usd = MODELS[name].usd(run.input, run.seconds);
        this.runs.set(run.id, run);
        ledger.write('accepted', { provider: 'replicate', id: run.id, model: name, usd: run.usd, seed: run.input.seed ?? null, input: sha256(JSON.stringify(run.input)), webhook: run.webhook ?? null });
        if (lips) ledger.write('given', { provider: 'replicate', id: run.id, ...lips });
        if (run.fate.fault) ledger.write('fault', { provider: 'replicate', op: 'run', fault: run.fate.fault, id: run.id });
        if (ceilingMs) run.timers.push(calendar.after(ceilingMs, () => this.stop(run)));
        if (run.fate.fault === 'aborted') run.timers.push(calendar.after(options.bootMs, () => this.end(run, 'aborted')));
        else run.timers.push(calendar.after(options.bootMs, () => this.process(run)));
        return run;
    }

    process(run) {
        const { calendar, options } = this.world;
        run.status = run.fate.fault === 'unknown-status' ? 'rendering' : 'processing';
        run.startedMs = calendar.now();
        run.logs = `Using seed: ${run.input.seed ?? 1234567}\nGenerating...\n`;
        this.tell(run, 'start');
        this.tell(run, 'logs');
        if (run.fate.fault !== 'stuck') run.timers.push(calendar.after(options.latencyMs, () => this.finish(run)));
    }

    finish(run) {
        const broken = MODELS[run.model].rules?.(run.input) || this.missingInput(run);
        if (broken) return this.end(run, 'failed', `Input validation error: ${broken}`);
        switch (run.fate.fault) {
        case 'refused':
            return this.end(run, 'failed', run.fate.error ?? 'The input or output was flagged as sensitive. Please try again with different inputs. (E005)');
        case 'failed':
            return this.end(run, 'failed', run.fate.error ?? 'Service is temporarily unavailable due to high demand. Please try again later. (E003)');
        default:
            return this.succeed(run);
        }
    }

    // An input that names an uploaded file which is not there any more.
    missingInput(run) {
        const own = `${this.world.origin()}/replicate/v1/files/`;
        const gone = Object.values(run.input).flat().find((v) => typeof v === 'string' && v.startsWith(own) && !this.files.has(v.slice(own.length)));
        return gone ? `cannot identify image file ${gone}` : '';
    }

    succeed(run) {
        const media = this.make(run);
        if (!media) {
            run.output = null;
        } else {
            const extension = { 'video/mp4': 'mp4', 'image/png': 'png', 'audio/wav': 'wav' }[media.type] ?? 'bin';
            const url = `${this.world.origin()}/replicate/delivery/${run.id}/tmp${run.id.slice(0, 8)}.${extension}`;
            this.outputs.set(run.id, { ...media, until: this.world.calendar.now() + this.world.options.retentionMs });
            run.output = MODELS[run.model].list ? [url] : url;
        }
        this.tell(run, 'output');
        this.end(run, 'succeeded');
        if (run.fate.fault === 'expired-output') this.remove(run);
    }

    make(run) {
        const { clips } = this.world, model = MODELS[run.model], output = run.fate.output;
        const words = JSON.stringify(run.input) + (run.input.seed === undefined ? run.id : '');   // unseeded runs differ
        if (output === 'none') return undefined;
        if (output === 'not-video') return { type: 'text/html', bytes: Buffer.from('<html>Not here</html>') };
        const ratio = run.input.aspect_ratio;
        if (model.kind === 'video') return clips.video({ seconds: run.seconds, ratio, words, output });
        if (model.kind === 'image') return clips.picture({ ratio: /:/.test(ratio) ? ratio : '1:1', words });
        if (model.kind === 'lipsync') return this.synced(run, words);
        const music = model.kind === 'music', seconds = output === 'short' ? run.seconds / 3 : run.seconds;
        const sound = clips.sound({ words: run.input.text ?? words, rate: music ? 44100 : 32000, seconds: music ? seconds : undefined });
        if (output === 'silent') sound.bytes.fill(0, 44);
        return sound;
    }

    // The bytes of an input that came inline or by upload.
    given(url) {
        const inline = /^data:([^;,]+);base64,(.*)$/s.exec(url);
        if (inline) return { type: inline[1], bytes: Buffer.from(inline[2], 'base64') };
        const file = this.files.get(url.split('/').pop());
        return file ? { type: file.shown.content_type, bytes: file.bytes } : undefined;
    }

    // How long picture and sound are, what they are, and how long what comes of them is: the vendor's sync modes.
    lipsync(input) {
        const [video, audio] = [this.given(input.video), this.given(input.audio)];
        const picture = (video && probe(video.bytes)?.seconds) ?? 8, sound = (audio && wavSeconds(audio.bytes)) ?? picture;
        const seconds = { cut_off: Math.min(picture, sound), silence: Math.max(picture, sound) }[input.sync_mode] ?? sound;
        const hash = (file) => (file ? sha256(file.bytes) : null);
        return { seconds, video: { seconds: picture, sha256: hash(video) }, audio: { seconds: sound, sha256: hash(audio) } };
    }

    // The clip as it was given stands for the one whose lips move; one of another length, where it has to be, is of the folder.
    synced(run, words) {
        const { clips } = this.world, output = run.fate.output, given = this.given(run.input.video);
        const shape = given && probe(given.bytes), ratio = shape && `${shape.width}:${shape.height}`;
        if (shape && !output && Math.abs(shape.seconds - run.seconds) < 1 / 24) return given;
        return clips.video({ seconds: output === 'short' ? run.seconds / 2 : run.seconds, ratio, words, output });
    }

    // The deadline has come: what never ran is aborted, what ran is canceled.
    stop(run) {
        if (!ENDED.has(run.status)) this.end(run, run.status === 'starting' ? 'aborted' : 'canceled');
    }

    end(run, status, error = null) {
        if (ENDED.has(run.status)) return;
        const { calendar, ledger, options } = this.world;
        for (const callOff of run.timers) callOff();
        run.error = error;
        run.completedMs = calendar.now();
        const used = status === 'succeeded' ? 1 : Math.min(1, (run.completedMs - (run.startedMs ?? run.completedMs)) / Math.max(1, options.latencyMs));
        run.status = status;
        const entry = { provider: 'replicate', id: run.id, model: run.model };
        if (status === 'succeeded' || status === 'canceled') ledger.write('billed', { ...entry, usd: run.usd * used });
        else ledger.write('unbilled', { ...entry, why: status });
        calendar.after(options.retentionMs, () => this.remove(run));
        this.tell(run, 'completed');
        run.resolveOver();
    }

    remove(run) {
        this.outputs.delete(run.id);
        run.output = null;
        run.removed = true;
        run.input = {};
        run.logs = '';
    }

    run(id) {
        const run = this.runs.get(id);
        if (!run) throw notFound();
        return run;
    }

    cancel(x) {
        const run = this.run(x.at[0]);
        this.stop(run);
        return { body: this.show(run) };
    }

    show(run) {
        const { calendar } = this.world, base = `${this.world.origin()}/replicate/v1/predictions/${run.id}`;
        const at = (ms) => (ms === undefined ? undefined : calendar.iso(ms));
        return {
            id: run.id, model: run.model, version: 'hidden', input: run.input, logs: run.logs, output: run.output,
            data_removed: run.removed ?? false, error: run.error, source: 'api', status: run.status,
            created_at: at(run.createdMs), started_at: at(run.startedMs), completed_at: at(run.completedMs), deadline: at(run.deadlineMs),
            metrics: run.status === 'succeeded' ? { predict_time: (run.completedMs - run.startedMs) / 1000, total_time: (run.completedMs - run.createdMs) / 1000 } : undefined,
            urls: { get: base, cancel: `${base}/cancel`, web: `https://replicate.com/p/${run.id}` },
        };
    }

    list(x) {
        const { calendar, faults } = this.world, lag = faults.plan.listingLagMs ?? 0, query = x.query;
        const after = query.get('created_after'), before = query.get('created_before');
        const visible = [...this.runs.values()].reverse().filter((run) =>
            run.createdMs + (run.fate.fault === 'listing-lag' ? run.fate.ms : lag) <= calendar.now() &&
            (!after || run.createdMs >= Date.parse(after)) && (!before || run.createdMs < Date.parse(before)) &&
            query.get('source') !== 'web');
        const from = visible.findIndex((run) => run.id === Buffer.from(query.get('cursor') ?? '', 'base64url').toString());
        const start = Math.max(0, from), page = visible.slice(start, start + PAGE_SIZE);
        const link = (index) => {
            if (index < 0 || index >= visible.length) return null;
            const url = new URL(`${this.world.origin()}/replicate/v1/predictions`);
            for (const [name, value] of query) url.searchParams.set(name, value);
            url.searchParams.set('cursor', Buffer.from(visible[index].id).toString('base64url'));
            return url.href;
        };
        const shown = page.map((run) => (faults.plan.listsWebhook ? { ...this.show(run), webhook: run.webhook } : this.show(run)));
        return { body: { next: link(start + PAGE_SIZE), previous: start > 0 ? link(Math.max(0, start - PAGE_SIZE)) : null, results: shown } };
    }

    deliver(x) {
        const output = this.outputs.get(x.at[0]);
        if (!output || output.until <= this.world.calendar.now()) return { status: 404, headers: { 'content-type': 'text/plain' }, body: 'Not found' };
        return { body: output.bytes, ranges: true, headers: { 'content-type': output.type, 'accept-ranges': 'bytes' } };
    }

    // ---- files ----

    upload(x) {
        const { calendar, options } = this.world, parts = multipart(x.bytes, x.request.headers['content-type']);
        const content = parts.find((p) => p.name === 'content');
        if (!content) throw new Refusal(400, { detail: 'content is required', status: 400 });
        if (content.bytes.length >= FILE_BYTES_MAX) throw new Refusal(413, { detail: 'Files must be less than 100MB in size' }, { 'content-type': 'application/problem+json' });
        const id = newId(), metadata = parts.find((p) => p.name === 'metadata');
        const shown = {
            id, content_type: content.type || typeOf(content.filename ?? ''), size: content.bytes.length, checksums: { sha256: sha256(content.bytes) },
            metadata: metadata ? JSON.parse(metadata.bytes.toString() || '{}') : {}, created_at: calendar.iso(),
            expires_at: calendar.iso(calendar.now() + options.retentionMs), urls: { get: `${this.world.origin()}/replicate/v1/files/${id}` },
        };
        this.files.set(id, { shown, bytes: Buffer.from(content.bytes) });
        calendar.after(options.retentionMs, () => this.files.delete(id));
        return { status: 201, body: shown };
    }

    file(id) {
        const file = this.files.get(id);
        if (!file) throw notFound('File not found');
        return file;
    }

    // ---- models ----

    showModel(name) {
        const model = MODELS[name], [owner, short] = name.split('/');
        if (!model) throw notFound();
        return {
            url: `https://replicate.com/${name}`, owner, name: short, description: `Emulated ${model.kind} model`, visibility: 'public', is_official: true,
            github_url: null, paper_url: null, license_url: null, run_count: this.runs.size, cover_image_url: null, default_example: null,
            latest_version: { id: sha256(name), created_at: '2026-10-01T00:00:00.000000Z', cog_version: '0.16.0', openapi_schema: openapiSchema(model) },
        };
    }

    // ---- webhooks: hints, sent in order and signed; tried three times ----

    tell(run, event) {
        const wanted = run.filter ?? ['output', 'completed'];
        if (!run.webhook || !wanted.includes(event)) return;
        const now = this.world.calendar.now();
        if ((event === 'logs' || event === 'output') && now - (run.hookedMs ?? 0) < WEBHOOK_GAP_MS) return;
        run.hookedMs = now;
        queueMicrotask(() => {
            const body = JSON.stringify(this.show(run)), fault = this.world.faults.draw('replicate', 'webhook', run.model);
            if (fault?.fault === 'drop-before') return;
            run.hookChain = run.hookChain.then(() => this.post(run.webhook, body, fault));
            if (fault?.fault === 'duplicate') run.hookChain = run.hookChain.then(() => this.post(run.webhook, body, fault));
        });
    }

    async post(url, body, fault) {
        const id = `msg_${newId()}`;
        if (fault?.ms) await this.world.calendar.sleep(fault.ms);
        for (let attempt = 0; attempt < 3; attempt++) {
            const at = String(Math.floor(this.world.calendar.now() / 1000));
            const key = Buffer.from(SECRET.slice(6), 'base64');
            const signature = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64');
            const headers = { 'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': `v1,${fault?.fault === 'bad-signature' ? signature.split('').reverse().join('') : signature}` };
            const reply = await fetch(url, { method: 'POST', body, headers, redirect: 'manual' }).catch(() => undefined);
            if (reply && reply.status < 500) return;
            await this.world.calendar.sleep(500 << attempt);
        }
    }
}
