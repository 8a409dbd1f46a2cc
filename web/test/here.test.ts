import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { helpFor, inWordsOfThePage } from '@/lib/here';
import { sentence } from '@/lib/notify';

const sources = new URL('../../src/', import.meta.url).pathname;
const commandLine = /\bstoryreel [a-z]|(?<![\w-])--[a-z]/;

/** Every text in the server's sources that speaks of a command or an option. */
function spoken(): string[] {
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter(f => f.endsWith('.c') && !f.startsWith('app/')).map(f => join(sources, f)).filter(f => statSync(f).isFile());
  const texts = files.flatMap(f => [...readFileSync(f, 'utf8').replace(/\/\*[^]*?\*\//g, '').matchAll(/"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*/g)].map(m => m[0].replace(/"\s*"/g, '').slice(1, -1)));
  return texts.filter(t => commandLine.test(t) && !/[{<]/.test(t));
}
/** What nobody can do in a browser. */
const atTheMachine = /storyreel (?:store init|doctor)|--(?:data|listen|host|web|profile)\b|^-|\\r\\n/g;

describe('advice of the server on a page', () => {
  const texts = spoken();
  it('is found in its sources', () => expect(texts.length).toBeGreaterThan(30));
  it.each(texts)('names no command: %s', text => expect(inWordsOfThePage(text.replace('%s %s', '01JD8K 01JD9A')).replace(atTheMachine, '')).not.toMatch(commandLine));

  it('says the same in words of the page', () => {
    expect(sentence('plan it first with storyreel project generate')).toBe('Plan it first with the button at the top of the board.');
    expect(sentence('choose another lip-sync model: storyreel models lists them')).toBe('Choose another lip-sync model: “Who makes this film” lists them.');
    expect(sentence('try another --seed, another model, or --planner offline, which needs none')).toBe('Try another “Seed”, another model, or the planner of this machine, which needs none.');
    expect(sentence('change the prompt and film the scene again')).toBe('Say it in other words and film the scene again.');
  });
  it('is offered as a button where there is one', () => {
    expect(helpFor('storyreel project decide 01JD8K 01JD9A try-again|wait|forget')).toBe('decide');
    const overHttp = /"storyreel project decide", ((?:"[^"]*"\s*)+)/.exec(readFileSync(join(sources, 'api/advice.c'), 'utf8'))![1]!.replace(/"\s*"/g, '').trim().slice(1, -1);
    expect(helpFor(overHttp)).toBe('decide');
    expect(sentence(overHttp)).toBe('Say at the top of the board what became of it.');
    expect(helpFor('use --video animatic, which needs none')).toBe('makers');
    expect(helpFor('change the prompt and film the scene again')).toBe('words');
    expect(helpFor('wait a moment')).toBeUndefined();
    expect(helpFor(undefined)).toBeUndefined();
  });
});
