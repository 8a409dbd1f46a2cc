// What a language model would write: JSON that fits the schema it was given. For a film's plan it
// reads the brief in the prompt (the JSON between fences) and writes scenes; anything else is filled
// in by type.

const PLACES = {
    'city-street': 'a wet city street', rooftop: 'a flat rooftop above the city', bridge: 'an old iron bridge', market: 'a night market',
    forest: 'a birch forest', 'sea-shore': 'a grey shingle shore', train: 'an almost empty train', kitchen: 'a narrow kitchen',
    diner: 'a corner diner', stage: 'a small stage', field: 'a field of tall grass', studio: 'a bare studio', alley: 'a narrow alley',
    desert: 'a salt desert', lake: 'a still lake', garden: 'a walled garden', road: 'a straight road', room: 'a rented room',
};
const ACTIONS = [
    ['walks', 'walks towards us and does not look back'], ['stands', 'stands still while everything else moves'],
    ['runs', 'runs the last few steps and stops'], ['turns', 'turns around, slowly, as if called'],
    ['sits', 'sits down and waits'], ['dances', 'dances alone, then not alone'], ['reaches', 'reaches for something out of frame'],
    ['looks up', 'looks up at the sky'],
];
const LIGHTS = ['low sun through haze', 'a single lamp', 'cold window light', 'neon in puddles', 'light from below', 'a bright overcast sky'];

const words = (values, fallback) => values?.enum ?? fallback;

function briefOf(prompt) {
    const block = /```json\n([\s\S]*?)\n```/.exec(prompt)?.[1];
    try {
        return block ? JSON.parse(block) : undefined;
    } catch {
        return undefined;
    }
}

function scene(brief, asked, i, item) {
    const places = words(item.place, Object.keys(PLACES)).filter((p) => PLACES[p]);
    const shots = words(item.shot, ['wide', 'medium', 'close-up']), moves = words(item.move, ['static', 'push-in']);
    const place = places[(i * 5 + 3) % places.length], [verb, action] = ACTIONS[(i * 3) % ACTIONS.length];
    const who = brief.character ? '{character}' : 'a lone figure in a dark coat';
    const product = asked.productMustBeSeen || asked.endCard;
    const told = brief.idea ?? (brief.now && `${brief.now.prompt} Told anew: ${brief.instruction ?? 'the same'}`);
    const seen = told ?? (product ? `{product} in the middle of the picture, ${who} just behind` : `${who} ${action}`);
    const light = LIGHTS[i % LIGHTS.length], shot = shots[(i * 2) % shots.length], move = moves[(i * 3 + Math.floor(i / 8)) % moves.length];
    return {
        number: asked.number, title: brief.idea?.replace(/[{}]/g, '').slice(0, 40) ?? `${PLACES[place].split(' ').slice(1).join(' ')}, ${verb} (${asked.number})`,
        prompt: `${seen}, on ${PLACES[place]}, ${light}, ${shot} shot, ${move} camera, ${brief.style?.title ?? 'plain'} style`,
        negativePrompt: 'text, watermark, extra fingers', camera: `${shot} shot, ${move}, 35 mm`, action: product ? `${seen}.` : `${who} ${action}.`,
        place, time: words(item.time, ['night'])[i % words(item.time, ['night']).length], shot, move,
        lipsMove: Boolean(asked.lyric) && Boolean(brief.character), productSeen: product, characterSeen: Boolean(brief.character),
        cardLine: asked.endCard ? 'Warm from the first minute' : '', cardAction: asked.endCard ? 'Find yours' : '',
    };
}

function plan(schema, brief, fault) {
    const item = schema.properties.scenes.items.properties;
    const scenes = brief.scenes.map((asked, i) => {
        const written = scene(brief, asked, i, item);
        return Object.fromEntries(Object.keys(item).map((name) => [name, written[name] ?? fill(item[name])]));
    });
    if (fault === 'bad-plan') for (const s of scenes) s.title = 'The same again';
    if (fault === 'short-plan') scenes.pop();
    const top = { title: brief.product ? 'What the morning needs' : 'The long way home', logline: 'Somebody goes out, and comes back as somebody else.', scenes };
    return Object.fromEntries(Object.keys(schema.properties).map((name) => [name, top[name] ?? fill(schema.properties[name])]));
}

function fill(schema = {}) {
    const type = String(Array.isArray(schema.type) ? schema.type[0] : schema.type ?? 'string').toLowerCase();
    if (schema.enum) return schema.enum[0];
    switch (type) {
    case 'object':
        return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, property]) => [name, fill(property)]));
    case 'array':
        return Array.from({ length: Number(schema.minItems ?? 2) }, () => fill(schema.items));
    case 'integer': case 'number':
        return Number(schema.minimum ?? 1);
    case 'boolean':
        return false;
    default:
        return 'something plain';
    }
}

// Text that fits the schema. `repair` is true when the conversation carries a complaint about an
// earlier answer: then the answer is right whatever the fault.
export function draft(schema, prompt, { fault, repair } = {}) {
    if (fault === 'prose' || !schema) return 'Gladly! Here are some thoughts about your film. First, think about light.';
    const brief = briefOf(prompt);
    const planned = brief?.scenes && schema.properties?.scenes;
    const value = planned ? plan(schema, brief, repair ? undefined : fault) : fill(schema);
    if (fault === 'rewrite') value.prompt = 'rewritten';
    return JSON.stringify(value);
}
