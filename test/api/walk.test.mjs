// Last of all: every operation, and every answer the contract documents for it, was seen; and the second opinion on
// everything that went by.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { seen } from './client.mjs';
import { operations } from './contract.mjs';
import { leave, proxy } from './world.mjs';

after(leave);

// What cannot be had without doing harm to the machine the tests run on, each with its reason.
const notProvoked = new Map([
  ['getReadiness 503', 'wants a broken disk or a store that is gone'],
  ['getMedia 302', 'wants media in an object store: test/cloud has one'],
]);

test('every operation and every documented answer was seen', () => {
  const documented = operations.flatMap((o) => Object.keys(o.responses).filter((s) => s !== 'default').map((s) => `${o.id} ${s}`));
  const missing = documented.filter((answer) => !seen.has(answer) && !notProvoked.has(answer));
  assert.deepEqual(missing, []);
});

test('an independent validator finds no deviation in all that was said', async () => {
  const { judged, found } = await proxy.report();
  assert.ok(judged > 1000, `only ${judged} exchanges went by`);
  assert.deepEqual([...new Set(found)].slice(0, 20), [], `${found.length} of ${judged} exchanges`);
  console.log(`# ${judged} exchanges judged`);
});
