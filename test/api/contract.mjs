// The contract as the tests use it: operations by name and by address, and what a reply has to be.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

const path = fileURLToPath(new URL('../../api/openapi.yaml', import.meta.url));
export const text = readFileSync(path, 'utf8');
export const document = parse(text, { strict: true });

const methods = ['get', 'post', 'put', 'patch', 'delete'];

export function resolve(node) {
  while (node && node.$ref) node = node.$ref.slice(2).split('/').reduce((at, name) => at[name], document);
  return node;
}

// ---- operations ----

// Literal segments before placeholders, so that scenes/reorder is not a scene.
function pattern(path) {
  const source = path.replace(/[.]/g, '\\.').replace(/\{(\w+)\}/g, (_, name) => (name === 'key' ? '(.+)' : '([^/]+)'));
  return new RegExp(`^${source}$`);
}

export const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  methods.filter((method) => item[method]).map((method) => ({
    id: item[method].operationId,
    method: method.toUpperCase(),
    path,
    pattern: pattern(path),
    json: item[method],
    parameters: [...(item.parameters ?? []), ...(item[method].parameters ?? [])].map(resolve),
    responses: item[method].responses,
  })));

const byId = new Map(operations.map((o) => [o.id, o]));

export function operation(id) {
  if (!byId.has(id)) throw new Error(`the contract has no operation ${id}`);
  return byId.get(id);
}

export function findOperation(method, target) {
  const path = target.split('?')[0];
  const fits = operations.filter((o) => o.method === method && o.pattern.test(path));
  return fits.sort((a, b) => (a.path.includes('{') ? 1 : 0) - (b.path.includes('{') ? 1 : 0) ||
    b.path.replace(/\{\w+\}/g, '').length - a.path.replace(/\{\w+\}/g, '').length)[0];
}

// The address of an operation with its placeholders filled in.
export function address(id, params = {}, query = {}) {
  const path = operation(id).path.replace(/\{(\w+)\}/g, (_, name) => {
    if (params[name] === undefined) throw new Error(`${id} wants ${name}`);
    return encodeURIComponent(params[name]);
  });
  const search = new URLSearchParams(query).toString();
  return search ? `${path}?${search}` : path;
}

// ---- schemas ----

const ajv = new Ajv({ strict: false, allErrors: true, allowUnionTypes: true });
addFormats(ajv);
ajv.addSchema(document, 'contract');
const compiled = new Map();

function validator(schema) {
  const key = JSON.stringify(schema);
  if (!compiled.has(key)) {
    const absolute = JSON.parse(key, (name, value) => (name === '$ref' ? `contract${value}` : value));
    compiled.set(key, ajv.compile(absolute));
  }
  return compiled.get(key);
}

export const schema = (name) => ({ $ref: `#/components/schemas/${name}` });

// Members a value has and its schema does not name. The contract leaves replies open for the future; the tests do not.
export function undocumented(node, value, at = '') {
  if (value === null || typeof value !== 'object') return [];
  const parts = flatten(node);
  if (Array.isArray(value)) {
    const items = parts.map((p) => p.items).find(Boolean);
    return items ? value.flatMap((v, i) => undocumented(items, v, `${at}[${i}]`)) : [];
  }
  const properties = Object.assign({}, ...parts.map((p) => p.properties ?? {}));
  if (!Object.keys(properties).length) return [];
  return Object.entries(value).flatMap(([name, v]) =>
    properties[name] ? undocumented(properties[name], v, `${at}.${name}`) : [`${at}.${name}`]);
}

function flatten(node) {
  const whole = resolve(node) ?? {};
  return [whole, ...(whole.allOf ?? []).flatMap(flatten)];
}

// What is wrong with a value, in words; an empty list when nothing is.
export function deviations(node, value) {
  const check = validator(node);
  const wrong = check(value) ? [] : check.errors.map((e) => `${e.instancePath || 'the reply'} ${e.message}`);
  return [...wrong, ...undocumented(node, value).map((at) => `${at} is not in the contract`)];
}

// ---- replies ----

function mediaType(response, type) {
  const offered = Object.keys(response.content ?? {});
  return offered.find((o) => o === type || o === '*/*');
}

// Everything about a reply that is not as documented. reply: {status, headers, body (Buffer), json}
export function replyDeviations(o, reply) {
  const response = resolve(o.responses[reply.status] ?? o.responses.default);
  if (!response || (!o.responses[reply.status] && reply.status < 400)) return [`status ${reply.status} is not documented`];
  return [...headerDeviations(response, reply), ...bodyDeviations(response, reply)];
}

function headerDeviations(response, reply) {
  const wrong = [];
  if (!reply.headers['x-request-id']) wrong.push('there is no X-Request-Id');
  for (const [name, node] of Object.entries(response.headers ?? {})) {
    const header = resolve(node);
    const value = reply.headers[name.toLowerCase()];
    const values = value === undefined ? [] : [value].flat();
    if (!values.length && header.required) wrong.push(`there is no ${name}`);
    for (const v of values) wrong.push(...deviations(header.schema, v).map((w) => `${name}: ${w}`));
  }
  return wrong;
}

function bodyDeviations(response, reply) {
  const declared = reply.headers['content-type'];
  if (!response.content) return reply.body.length ? ['a body where none is documented'] : [];
  if (reply.head) return [];
  const type = (declared ?? '').split(';')[0].trim();
  const offered = mediaType(response, type);
  if (!offered) return [`Content-Type ${declared} is not documented`];
  if (!type.endsWith('json')) return [];
  if (reply.json === undefined) return ['the body is not JSON'];
  return [...deviations(response.content[offered].schema, reply.json), ...problemDeviations(type, reply)];
}

function problemDeviations(type, reply) {
  if (type !== 'application/problem+json') return [];
  const wrong = [];
  if (reply.json.status !== reply.status) wrong.push(`the problem says ${reply.json.status}, the status is ${reply.status}`);
  if (reply.json.requestId !== reply.headers['x-request-id']) wrong.push('requestId and X-Request-Id differ');
  return wrong;
}
