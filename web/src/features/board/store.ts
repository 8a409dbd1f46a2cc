import { create } from 'zustand';
import type { Draft } from './cut';

/** What is open and under the hand on the board; what the project is, only the server knows. */
type BoardState = { selected: number | null; draft: Draft; tab: string; hidden: Set<number>; sheet: boolean; snap: boolean; adding: number | null };
export const useBoard = create<BoardState>(() => ({ selected: null, draft: null, tab: 'scene', hidden: new Set(), sheet: false, snap: true, adding: null }));
export const setBoard = useBoard.setState;

export function hide(sequence: number, hidden: boolean) {
  const next = new Set(useBoard.getState().hidden);
  if (hidden) next.add(sequence); else next.delete(sequence);
  setBoard({ hidden: next });
}
