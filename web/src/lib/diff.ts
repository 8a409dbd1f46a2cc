/** A run of words that is in both texts, or in one of them only. */
export type Part = { text: string; kind: 'same' | 'gone' | 'new' };
const WORDS_MAX = 1500;

/** What becomes of one text in another, word by word: the longest common run of words stays. */
export function wordDiff(before: string, after: string): Part[] {
  const a = before.split(/(?<=\s)/), b = after.split(/(?<=\s)/);
  if (a.length > WORDS_MAX || b.length > WORDS_MAX) return [{ text: before, kind: 'gone' }, { text: after, kind: 'new' }];
  const same = (i: number, j: number) => a[i]!.trim() === b[j]!.trim();
  const best = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) best[i]![j] = same(i, j) ? best[i + 1]![j + 1]! + 1 : Math.max(best[i + 1]![j]!, best[i]![j + 1]!);
  const parts: Part[] = [];
  const add = (text: string, kind: Part['kind']) => { const last = parts.at(-1); if (last?.kind === kind) last.text += text; else parts.push({ text, kind }); };
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    if (i < a.length && j < b.length && same(i, j)) { add(b[j]!, 'same'); i++; j++; }
    else if (i < a.length && (j === b.length || best[i + 1]![j]! >= best[i]![j + 1]!)) add(a[i++]!, 'gone');
    else add(b[j++]!, 'new');
  }
  return parts.filter(p => p.text);
}
