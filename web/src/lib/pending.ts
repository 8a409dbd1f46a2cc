'use client';
import { useState } from 'react';
import { notifyProblem } from './notify';

/** Work that a button began: which of it, while it is under way. What goes wrong is told. */
export function usePending<What extends string = 'work'>() {
  const [pending, set] = useState<What | null>(null);
  const run = (work: () => Promise<unknown>, what = 'work' as What) => { set(what); work().catch(notifyProblem).finally(() => set(null)); };
  return { pending, run };
}
