// Models as Replicate would list them: input fields, what comes out, what a run costs.

const text = { type: 'string' }, uri = { type: 'string', format: 'uri' };
const need = (field) => ({ ...field, required: true });
const choice = (values, preset) => ({ type: typeof values[0] === 'number' ? 'integer' : 'string', enum: values, default: preset });
const flag = (preset) => ({ type: 'boolean', default: preset });
const number = (minimum, maximum, preset) => ({ type: 'number', minimum, maximum, default: preset });
const integer = (minimum, maximum, preset) => ({ type: 'integer', minimum, maximum, default: preset });
const uris = (maxItems) => ({ type: 'array', items: uri, maxItems, default: [] });

const seed = { type: 'integer' };
const sounding = (silent, loud) => (input) => (input.duration ?? 8) * (input.generate_audio === false ? silent : loud);
const wide = choice(['16:9', '9:16'], '16:9');
const still = ['1:1', '2:3', '3:2', '3:4', '4:3', '4:5', '5:4', '9:16', '16:9', '21:9'];

const veo = {
    prompt: need(text), aspect_ratio: wide, duration: choice([4, 6, 8], 8), image: uri, last_frame: uri,
    negative_prompt: text, resolution: choice(['720p', '1080p'], '1080p'), generate_audio: flag(true), seed,
};

function veoRules(input) {
    if (input.last_frame && !input.image) return 'last_frame needs image';
    if (!input.reference_images?.length) return '';
    if ((input.duration ?? 8) !== 8) return 'reference_images need a duration of 8 seconds';
    return (input.aspect_ratio ?? '16:9') === '16:9' ? '' : 'reference_images need the aspect ratio 16:9';
}

const lipsync = {
    video: need(uri), audio: need(uri), sync_mode: choice(['loop', 'bounce', 'cut_off', 'silence', 'remap'], 'loop'),
    temperature: number(0, 1, 0.5), active_speaker: flag(false),
};

export const MODELS = {
    'google/veo-3.1': {
        kind: 'video', input: { ...veo, reference_images: uris(3) }, rules: veoRules, usd: sounding(0.2, 0.4),
    },
    'google/veo-3.1-fast': { kind: 'video', input: veo, rules: veoRules, usd: sounding(0.1, 0.15) },
    'google/veo-3.1-lite': {
        kind: 'video',
        input: { prompt: need(text), image: uri, last_frame: uri, aspect_ratio: wide, duration: choice([4, 6, 8], 8), resolution: choice(['720p', '1080p'], '720p'), seed },
        rules: (i) => (i.resolution === '1080p' && (i.duration ?? 8) !== 8 ? '1080p needs a duration of 8 seconds' : ''),
        usd: (i) => (i.duration ?? 8) * (i.resolution === '1080p' ? 0.08 : 0.05),
    },
    'google/gemini-omni-1.1': {
        kind: 'video', seconds: () => 10,
        input: {
            prompt: need(text), resolution: choice(['360p', '720p', '1080p', '4k'], '720p'), aspect_ratio: wide,
            image: uri, last_frame: uri, reference_images: uris(8), video: uri,
        },
        rules: (i) => (i.reference_images?.length && (i.image || i.last_frame) ? 'reference_images cannot be mixed with image or last_frame' : ''),
        usd: (i) => ({ '360p': 0.34, '720p': 1.01, '1080p': 1.5, '4k': 3 })[i.resolution ?? '720p'],
    },
    'bytedance/seedance-1-pro-fast': {
        kind: 'video',
        input: {
            prompt: need(text), duration: integer(2, 12, 5), resolution: choice(['480p', '720p', '1080p'], '1080p'),
            aspect_ratio: choice(['16:9', '4:3', '1:1', '3:4', '9:16', '21:9', '9:21'], '16:9'), fps: choice([24], 24),
            camera_fixed: flag(false), seed, image: uri,
        },
        usd: (i) => (i.duration ?? 5) * ({ '480p': 0.015, '720p': 0.025, '1080p': 0.06 })[i.resolution ?? '1080p'],
    },
    'sync/lipsync-2-pro': { kind: 'lipsync', input: lipsync, usd: (i, seconds) => seconds * 0.08325 },
    'sync/lipsync-2': { kind: 'lipsync', input: lipsync, usd: (i, seconds) => seconds * 0.05 },
    'google/nano-banana': {
        kind: 'image',
        input: { prompt: need(text), image_input: uris(14), aspect_ratio: choice(['match_input_image', ...still], 'match_input_image'), output_format: choice(['jpg', 'png'], 'jpg') },
        usd: () => 0.039,
    },
    'google/nano-banana-pro': {
        kind: 'image',
        input: {
            prompt: need(text), image_input: uris(14), aspect_ratio: choice(['match_input_image', ...still], 'match_input_image'),
            resolution: choice(['1K', '2K', '4K'], '2K'), output_format: choice(['jpg', 'png'], 'jpg'), allow_fallback_model: flag(false),
            safety_filter_level: choice(['block_low_and_above', 'block_medium_and_above', 'block_only_high'], 'block_only_high'),
        },
        usd: (i) => (i.resolution === '4K' ? 0.3 : 0.15),
    },
    'google/nano-banana-2': {
        kind: 'image',
        input: {
            prompt: need(text), image_input: uris(14), resolution: choice(['1K', '2K', '4K'], '1K'),
            aspect_ratio: choice(['match_input_image', ...still, '1:4', '1:8', '4:1', '8:1'], 'match_input_image'),
            google_search: flag(false), image_search: flag(false), output_format: choice(['jpg', 'png'], 'jpg'),
        },
        usd: (i) => ({ '1K': 0.067, '2K': 0.101, '4K': 0.151 })[i.resolution ?? '1K'],
    },
    'black-forest-labs/flux-2-pro': {
        kind: 'image', list: true,
        input: {
            prompt: need(text), input_images: uris(8), aspect_ratio: choice(['match_input_image', 'custom', '1:1', '16:9', '3:2', '2:3', '4:5', '5:4', '9:16', '3:4', '4:3'], '1:1'),
            resolution: choice(['match_input_image', '0.5 MP', '1 MP', '2 MP', '4 MP'], '1 MP'), width: integer(256, 2048), height: integer(256, 2048),
            output_format: choice(['webp', 'jpg', 'png'], 'webp'), output_quality: integer(0, 100, 80), safety_tolerance: integer(1, 5, 2), seed,
        },
        usd: () => 0.03,
    },
    'google/lyria-2': { kind: 'music', seconds: () => 30, input: { prompt: need(text), negative_prompt: text, seed }, usd: () => 0.06 },
    'elevenlabs/music': {
        kind: 'music', seconds: (i) => (i.music_length_ms ?? 30000) / 1000,
        input: { prompt: need(text), music_length_ms: integer(5000, 300000, 30000), force_instrumental: flag(true), output_format: choice(['mp3_44100_128', 'wav_cd_quality'], 'mp3_44100_128') },
        usd: (i) => (i.music_length_ms ?? 30000) / 1000 * 0.008,
    },
    'minimax/speech-2.8-turbo': {
        kind: 'speech',
        input: { text: need(text), voice_id: { type: 'string', default: 'Wise_Woman' }, speed: number(0.5, 2, 1), volume: number(0, 10, 1), pitch: integer(-12, 12, 0), audio_format: choice(['mp3', 'wav', 'flac', 'pcm'], 'mp3') },
        usd: (i) => i.text.length * 0.00006,
    },
};

const wrong = (type, name, description) => ({ type, field: `input.${name}`, description });

function typeIs(field, value) {
    if (field.type === 'integer') return Number.isInteger(value);
    if (field.type === 'array') return Array.isArray(value) && value.every((item) => typeIs(field.items, item));
    return typeof value === field.type;
}

function checkField(name, field, value) {
    if (!typeIs(field, value)) return wrong('invalid_type', name, `Invalid type. Expected: ${field.type}, given: ${Array.isArray(value) ? 'array' : typeof value}`);
    if (field.enum && !field.enum.includes(value)) return wrong('enum', name, `${name} must be one of the following: ${field.enum.map((v) => JSON.stringify(v)).join(', ')}`);
    if (value > field.maximum) return wrong('number_lte', name, `Must be less than or equal to ${field.maximum}`);
    if (value < field.minimum) return wrong('number_gte', name, `Must be greater than or equal to ${field.minimum}`);
    if (value.length > field.maxItems) return wrong('array_max_items', name, `Array must have at most ${field.maxItems} items`);
    const links = field.format === 'uri' ? [value] : field.items?.format === 'uri' ? value : [];
    if (links.some((link) => !/^(https?:|data:)/.test(link))) return wrong('format', name, `Does not match format 'uri'`);
    return undefined;
}

// What is wrong with an input: a list of {type, field, description}; empty when it may run.
export function checkInput(model, input) {
    const faults = [];
    for (const [name, field] of Object.entries(model.input))
        if (field.required && input[name] === undefined) faults.push({ type: 'required', field: 'input', description: `${name} is required` });
    for (const [name, value] of Object.entries(input)) {
        const field = model.input[name];
        const fault = field ? checkField(name, field, value)
            : { type: 'additional_property_not_allowed', field: '', description: `Additional property ${name} is not allowed` };
        if (fault) faults.push(fault);
    }
    return faults;
}

// The model's OpenAPI document, as far as clients read it.
export function openapiSchema(model) {
    const properties = Object.fromEntries(Object.entries(model.input).map(([name, field], order) => {
        const { required, ...schema } = field;
        return [name, { ...schema, title: name, 'x-order': order }];
    }));
    const required = Object.keys(model.input).filter((name) => model.input[name].required);
    const one = { type: 'string', format: 'uri', title: 'Output' };
    return {
        openapi: '3.0.2', info: { title: 'Cog', version: '0.1.0' },
        components: { schemas: {
            Input: { type: 'object', title: 'Input', required, properties },
            Output: model.list ? { type: 'array', items: one, title: 'Output' } : one,
        } },
    };
}
