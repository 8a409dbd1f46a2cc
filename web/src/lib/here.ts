/*
 * The server gives its advice in the words of its command line or of its API. Here the same is done by hand, so what names
 * a command or an option there names here what does it. The test reads every sentence of the server's sources through this.
 */

/** What a note can offer to do itself, instead of saying where it is done. */
export type Help = 'decide' | 'makers' | 'words';

// The first that fits; what only the person at the machine can do (store init, doctor, --data) stays as it is.
const commands: [RegExp, string, Help?][] = [
  [/storyreel project decide(?: [^\s,;]+){0,3}/, 'say at the top of the board what became of it', 'decide'],
  [/decide in the project's ledger what becomes of (?:it|the call: [^;]*)/, 'say at the top of the board what became of it', 'decide'],
  [/the list of models/, '“Who makes this film”', 'makers'],
  [/the project's ledger/, 'the page “Activity”'],
  [/storyreel models/, '“Who makes this film”', 'makers'],
  [/storyreel project show/, 'the board'],
  [/storyreel project takes/, 'the scene’s “Takes”'],
  [/storyreel project ledger/, 'the page “Activity”'],
  [/storyreel project list/, 'the page “Projects”'],
  [/storyreel project plan ID --again/, '“Write the scenes again” is beside the button at the top of the board'],
  [/storyreel make --resume/, 'the button at the top of the board does it'],
  [/storyreel make --prompt TEXT --audio SONG/, '“New project”'],
  [/storyreel project generate/, 'the button at the top of the board'],
  [/`?storyreel styles`?/, 'the pictures of a new film'],
];
const options: [RegExp, string, Help?][] = [
  [/--planner offline/, 'the planner of this machine', 'makers'], [/--video animatic/, 'the animatic', 'makers'], [/--duration \(targetDuration\)/, '“Length”'], [/--duration/, '“Length”'], [/--scenes/, '“Scenes”'],
  [/change the prompt/, 'say it in other words', 'words'], [/--seed/, '“Seed”'], [/--audio SONG/, '“Choose a file”'], [/--music/, '“Have one made”'], [/--prompt /, ''],
];
const table = [...commands, ...options];

/** A sentence of the server as it is true on this page. */
export const inWordsOfThePage = (text: string) => table.reduce((said, [there, here]) => said.replace(there, here), text);

/** What a note with this advice can do about it by a button of its own. */
export const helpFor = (advice: string | undefined): Help | undefined => table.find(([there, , help]) => help && advice && there.test(advice))?.[2];
