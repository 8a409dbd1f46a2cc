// The packages whose code is in the export, with their licences: written into it as THIRD-PARTY.txt.
import { existsSync, readdirSync, readFileSync } from 'node:fs';

const root = new URL('../', import.meta.url);
const read = path => JSON.parse(readFileSync(new URL(path, root), 'utf8'));
const wanted = Object.keys(read('package.json').dependencies), seen = new Set();

for (const name of wanted) {
  if (seen.has(name) || !existsSync(new URL(`node_modules/${name}/package.json`, root))) continue;
  seen.add(name);
  wanted.push(...Object.keys(read(`node_modules/${name}/package.json`).dependencies ?? {}));
}
for (const name of [...seen].sort()) {
  const { version, license } = read(`node_modules/${name}/package.json`);
  const folder = new URL(`node_modules/${name}/`, root);
  const text = readdirSync(folder).find(file => /^(licen[cs]e|copying)/i.test(file));
  console.log(`${'='.repeat(80)}\n${name} ${version} (${license})\n`);
  if (text) console.log(readFileSync(new URL(text, folder), 'utf8').trim());
}
