import { expect, it } from 'vitest';
import { wordDiff } from '@/lib/diff';

const told = (before: string, after: string) => wordDiff(before, after).map(p => `${{ same: ' ', gone: '-', new: '+' }[p.kind]}${p.text.trim()}`);

it.each([
  ['a cat sleeps', 'a cat sleeps', [' a cat sleeps']],
  ['a cat sleeps', 'a dog sleeps', [' a', '-cat', '+dog', ' sleeps']],
  ['', 'at night', ['+at night']],
  ['by day', '', ['-by day']],
  ['wide shot: a cat sleeps.', 'close shot: a cat sleeps at night.', ['-wide', '+close', ' shot: a cat', '-sleeps.', '+sleeps at night.']],
])('%j becomes %j', (before, after, parts) => expect(told(before, after)).toEqual(parts));

it('gives every word of the new text, in order', () => {
  const before = 'the courier stops on the long bridge at dawn', after = 'at dusk the courier stands on a long bridge';
  expect(wordDiff(before, after).filter(p => p.kind !== 'gone').map(p => p.text).join('')).toBe(after);
});
