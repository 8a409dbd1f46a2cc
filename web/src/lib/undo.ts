import { create } from 'zustand';
import { notify, notifyProblem, silence } from './notify';

/** A change that was made, and how it is taken back. Takes, trims and order lose nothing, so the inverse is a call. */
export type Change = { label: string; undo(): Promise<unknown>; redo(): Promise<unknown> };
type Stacks = { done: Change[]; undone: Change[] };

export const useUndo = create<Record<string, Stacks>>(() => ({}));
const stacks = (id: string): Stacks => useUndo.getState()[id] ?? { done: [], undone: [] };
const DEPTH = 100;

export function remember(id: string, change: Change) {
  useUndo.setState({ [id]: { done: [...stacks(id).done, change].slice(-DEPTH), undone: [] } });
  notify(`${change.label}.`, { label: 'Undo', run: () => void undo(id) });
}

export async function undo(id: string) {
  const { done, undone } = stacks(id);
  const last = done.at(-1);
  if (!last) return;
  useUndo.setState({ [id]: { done: done.slice(0, -1), undone: [...undone, last] } });
  silence();
  await last.undo().catch(notifyProblem);
}

export async function redo(id: string) {
  const { done, undone } = stacks(id);
  const last = undone.at(-1);
  if (!last) return;
  useUndo.setState({ [id]: { done: [...done, last], undone: undone.slice(0, -1) } });
  await last.redo().catch(notifyProblem);
}
