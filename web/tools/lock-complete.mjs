// Packages with native parts list one optional package a platform. A registry that carries only some of them leaves the
// others out of the lock, and `npm ci` then refuses it everywhere. This writes the missing ones in; with --check it only
// says whether any are missing.
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const systems = ['darwin', 'linux', 'win32', 'freebsd', 'openbsd', 'netbsd', 'sunos', 'aix', 'android', 'openharmony'];
const processors = ['x64', 'arm64', 'arm', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64', 'mips64el', 'wasm32'];

function platform(name) {
  const words = name.split('/').pop().split(/[-.]/);
  const found = { os: words.filter(w => systems.includes(w)), cpu: words.filter(w => processors.includes(w)) };
  if (words.includes('linuxmusl')) found.os = ['linux'];
  return Object.fromEntries(Object.entries(found).filter(([, list]) => list.length));
}

const missing = new Map();
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const nested = `${path}/node_modules/${name}`, shared = `node_modules/${name}`;
    if (!lock.packages[nested] && !lock.packages[shared]) missing.set(shared, { name, version });
  }
}
for (const [path, { name, version }] of missing)
  lock.packages[path] = { version: version.replace(/^[\^~]/, ''), optional: true, ...platform(name) };

if (process.argv.includes('--check')) {
  if (missing.size) { console.error(`the lock file lacks ${[...missing.keys()].join(', ')}: run npm run lock`); process.exit(1); }
} else if (missing.size) {
  const root = lock.packages['']; delete lock.packages[''];
  const sorted = Object.keys(lock.packages).sort((a, b) => a.localeCompare(b, 'en'));
  lock.packages = { '': root, ...Object.fromEntries(sorted.map(path => [path, lock.packages[path]])) };
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`${missing.size} packages of other platforms written into the lock`);
}
