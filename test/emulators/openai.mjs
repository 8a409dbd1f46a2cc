// Chat completions as Ollama, llama-server and vLLM serve them, with the shapes in which they differ
// as faults of a run: fenced, think, max-tokens, null-content, no-usage, prose, bad-plan, short-plan.

import { Refusal } from './wire.mjs';
import { draft } from './drafts.mjs';

const MODELS = ['qwen3:8b', 'llama3.3:70b'];

export class OpenAi {
    constructor(world) {
        this.world = world;
        this.loading = 0;
    }

    routes = [
        ['GET', /^\/v1\/models$/, 'models.list', () => ({ body: { object: 'list', data: MODELS.map((id) => ({ id, object: 'model', created: 1763800000, owned_by: 'library' })) } })],
        ['POST', /^\/v1\/chat\/completions$/, 'chat.completions', (x) => this.chat(x)],
        ['GET', /^\/health$/, 'health', () => ({ body: { status: 'ok' } })],
    ];

    // Local servers take any key; one that begins with "wrong" stands for a server that does not.
    door(x) {
        if (/^Bearer wrong/.test(x.request.headers.authorization ?? '')) throw this.refusal('bad-key');
    }

    modelOf(x) {
        return String(x.json?.model ?? '');
    }

    refusal(kind, fault = {}) {
        const shapes = {
            ollama: (status, message, type) => ({ error: { message, type, param: null, code: null } }),
            text: (status, message) => ({ error: message }),
            vllm: (status, message, type) => ({ object: 'error', message, type, param: null, code: status }),
            llama: (status, message, type) => ({ error: { code: status, message, type } }),
        };
        const say = (status, message, type) => new Refusal(status, shapes[fault.shape ?? 'ollama'](status, message, type));
        switch (kind) {
        case 'bad-key':
            return say(401, `Incorrect API key provided: ${this.world.keys.openai}`, 'authentication_error');
        case 'rate-limit': {
            const refusal = say(429, 'Rate limit reached', 'rate_limit_error');
            if (fault.retryAfter !== undefined) refusal.reply.headers['retry-after'] = String(fault.retryAfter);
            return refusal;
        }
        case 'no-credit':
            return say(402, 'You exceeded your current quota', 'insufficient_quota');
        case 'not-found':
            return say(404, 'not found', 'not_found_error');
        default:
            return say(fault.status ?? 503, 'Loading model', 'unavailable_error');
        }
    }

    chat(x) {
        const body = x.json;
        if (!body || !Array.isArray(body.messages)) throw new Refusal(400, { error: { message: 'messages is required', type: 'invalid_request_error', param: null, code: null } });
        if (!MODELS.includes(body.model)) throw new Refusal(404, { error: { message: `model "${body.model}" not found, try pulling it first`, type: 'not_found_error', param: null, code: null } });
        const fate = this.world.faults.draw('openai', 'run', body.model)?.fault;
        const texts = body.messages.flatMap((m) => (typeof m.content === 'string' ? [m.content] : (m.content ?? []).filter((c) => c.type === 'text').map((c) => c.text)));
        const format = body.response_format, schema = format?.type === 'json_schema' ? format.json_schema?.schema : undefined;
        let content = draft(schema, texts.join('\n'), { fault: fate, repair: body.messages.some((m) => m.role === 'assistant') });
        if (fate === 'max-tokens') content = content.slice(0, content.length * 0.6);
        if (fate === 'fenced') content = '```json\n' + content + '\n```\n';
        if (fate === 'think') content = '<think>\nThe user wants a film.\n</think>\n\n' + content;
        if (fate === 'null-content') content = null;
        if (fate === 'empty') content = '';
        this.world.ledger.write('billed', { provider: 'openai', id: 'chat', model: body.model, usd: 0 });
        return { body: this.reply(x, content, fate) };
    }

    reply(x, content, fate) {
        const tokens = (text) => Math.ceil((text ?? '').length / 4);
        const reply = {
            id: `chatcmpl-${this.world.ledger.lines.length}`, object: 'chat.completion', created: Math.floor(this.world.calendar.now() / 1000), model: x.json.model,
            system_fingerprint: 'fp_emulated', choices: [{
                index: 0, message: { role: 'assistant', content, ...(fate === 'refused' ? { content: null, refusal: 'I cannot help with that.' } : {}) },
                finish_reason: fate === 'max-tokens' ? 'length' : fate === 'content-filter' ? 'content_filter' : 'stop',
            }],
        };
        if (fate !== 'no-usage') reply.usage = { prompt_tokens: tokens(x.bytes.toString()), completion_tokens: tokens(content), total_tokens: tokens(x.bytes.toString()) + tokens(content) };
        return reply;
    }
}
