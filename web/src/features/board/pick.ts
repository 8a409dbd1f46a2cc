import type { Scene } from '@/api/client';
import type { CutPlayer } from '../player/cut';
import { setBoard } from './store';

/** Selecting a scene parks the playhead at its beginning. */
export function pickAt(sequence: number, start: number, player: CutPlayer) {
  setBoard({ selected: sequence });
  if (!player.snapshot().playing) player.seek(start);
}

export function pick(sequence: number, scenes: Scene[], player: CutPlayer) {
  let start = 0;
  for (const s of scenes) { if (s.sequence === sequence) break; start += s.duration; }
  pickAt(sequence, start, player);
}
