'use client';
import type { Scene } from '@/api/client';
import { useShortcuts } from '@/lib/shortcuts';
import { FPS } from '@/lib/time';
import { redo, undo } from '@/lib/undo';
import type { CutPlayer } from '../player/cut';
import { jump, toggleLoop } from '../player/player';
import { SHORTEST_S } from '../timeline/snap';
import type { BoardActions } from './actions';
import { usedPart } from './cut';
import { pick } from './pick';
import { hide, setBoard, useBoard } from './store';

type Board = { id: string; scenes: Scene[]; player: CutPlayer; actions: BoardActions; busy: boolean };
const aFrame = 1 / FPS;

/** The scene at the playhead, and where in the film it begins; at the end of the film its last one. */
function sceneAt(time: number, scenes: Scene[]): { scene: Scene; start: number } | undefined {
  let start = 0;
  for (const scene of scenes) {
    const part = usedPart(scene), end = start + part.out - part.in;
    if (time < end - aFrame / 2 || scene === scenes.at(-1)) return { scene, start };
    start = end;
  }
}

/** The in or out point goes to the playhead. */
function mark(edge: 'in' | 'out', { scenes, player, actions }: Board) {
  const found = sceneAt(player.time, scenes);
  if (!found) return;
  const { scene: s, start } = found, part = usedPart(s);
  const at = Math.round((part.in + player.time - start + (edge === 'out' ? aFrame : 0)) * FPS) / FPS;
  const next = edge === 'in' ? { in: Math.min(at, part.out - SHORTEST_S), out: part.out } : { in: part.in, out: Math.max(Math.min(at, s.takeDuration), part.in + SHORTEST_S) };
  setBoard({ selected: s.sequence, tab: 'trim' });
  if (s.selectedTake) void actions.trim(s.sequence, next);
}

function unmark(edge: 'in' | 'out', s: Scene, actions: BoardActions) {
  if (s.trimPoints) void actions.trim(s.sequence, { ...usedPart(s), ...(edge === 'in' ? { in: 0 } : { out: s.takeDuration }) });
}

const zoom = (detail: 'in' | 'out' | 'fit') => () => { document.dispatchEvent(new CustomEvent('timeline-zoom', { detail })); };
const open = (tab: string) => () => setBoard({ tab, sheet: true });

/** The keys of the board. What is selected is read when one is pressed, so that the board is not drawn again for it. */
export function useBoardKeys(board: Board, showKeys: () => void) {
  const { id, scenes, player, actions, busy } = board;
  const selected = () => { const n = useBoard.getState().selected; return scenes.find(s => s.sequence === n) ?? scenes[0]; };
  const onSelected = (run: (s: Scene) => void) => () => { const s = selected(); if (s) run(s); };
  const walk = (by: number) => onSelected(s => { const next = scenes[scenes.indexOf(s) + by]; if (next) pick(next.sequence, scenes, player); });
  const move = (by: 1 | -1) => onSelected(s => actions.move(s.sequence, by));
  const takes = Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 9].map(n => [`Digit${n}`, onSelected(s => { if (n <= s.takeCount) void actions.selectTake(s.sequence, n); })]));
  useShortcuts({
    Space: () => player.toggle(), KeyJ: () => player.shuttle(-1), KeyK: () => player.pause(), KeyL: () => player.shuttle(1), 'Shift+KeyL': () => toggleLoop(player, scenes),
    Comma: () => player.step(-1), Period: () => player.step(1), 'Shift+Comma': () => player.step(-FPS), 'Shift+Period': () => player.step(FPS),
    BracketLeft: () => jump(player, scenes, -1), BracketRight: () => jump(player, scenes, 1), Home: () => player.seek(0), End: () => player.seek(player.duration),
    'Mod+ArrowLeft': () => player.seek(player.time - 10), 'Mod+ArrowRight': () => player.seek(player.time + 10),
    ArrowUp: walk(-1), ArrowDown: walk(1), 'Alt+ArrowLeft': move(-1), 'Alt+ArrowRight': move(1), 'Alt+ArrowUp': move(-1), 'Alt+ArrowDown': move(1),
    KeyE: open('scene'), KeyT: open('trim'), KeyR: open('takes'), KeyY: open('lips'), KeyN: () => { if (!busy) setBoard({ adding: selected()?.sequence ?? 0 }); },
    KeyI: () => mark('in', board), KeyO: () => mark('out', board), 'Alt+KeyI': onSelected(s => unmark('in', s, actions)), 'Alt+KeyO': onSelected(s => unmark('out', s, actions)), KeyS: () => setBoard({ snap: !useBoard.getState().snap }),
    Delete: onSelected(s => { if (!busy && scenes.length > 1) actions.remove(s.sequence, hide); }),
    KeyM: () => player.mute(!player.snapshot().muted), KeyF: () => void document.querySelector('[aria-label=Player]')?.requestFullscreen?.(),
    Equal: zoom('in'), 'Shift+Equal': zoom('in'), Minus: zoom('out'), 'Shift+KeyZ': zoom('fit'),
    'Mod+KeyZ': () => void undo(id), 'Mod+Shift+KeyZ': () => void redo(id), 'Shift+Slash': showKeys, ...takes,
  });
}
