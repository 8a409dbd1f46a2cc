// The whole suite in one process, one server: node --test-reporter=tap all.mjs, with STORYREEL naming the program.
// ONLY=scenes,film runs some of it.
const suites = ['projects', 'film', 'scenes', 'words', 'library', 'money', 'reads', 'once', 'bad_input', 'wire', 'door', 'hints'];
const only = process.env.ONLY?.split(',');
for (const suite of only ?? suites) await import(`./${suite}.test.mjs`);
if (!only) await import('./walk.test.mjs');
else (await import('node:test')).after(async () => (await import('./world.mjs')).leave());
