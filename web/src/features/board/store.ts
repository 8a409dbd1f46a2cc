import { create } from 'zustand';
import type { Draft } from './cut';

/** What is open and under the hand on the board; what the project is, only the server knows. */
type BoardState = { selected: number | null; draft: Draft; tab: string; hidden: Set<number>; sheet: boolean; snap: boolean; adding: number | null; keys: boolean; makers: boolean };
const nothing = { selected: null, draft: null, tab: 'scene', hidden: new Set<number>(), sheet: false, adding: null, keys: false, makers: false };
export const useBoard = create<BoardState>(() => ({ ...nothing, snap: true }));
export const setBoard = useBoard.setState;
export const resetBoard = () => setBoard(nothing);

export function hide(sequence: number, hidden: boolean) {
  const next = new Set(useBoard.getState().hidden);
  if (hidden) next.add(sequence); else next.delete(sequence);
  setBoard({ hidden: next });
}
