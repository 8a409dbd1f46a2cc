import { create } from 'zustand';
import { ApiError } from '@/api/client';
import { inWordsOfThePage } from './here';

// The toasts come with the first that is shown: a page that has nothing to say loads nothing for it.
type Toast = typeof import('sonner').toast;
export const useToasts = create<{ wanted: boolean }>(() => ({ wanted: false }));
let arrived: (toast: Toast) => void;
const toasts = new Promise<Toast>(done => { arrived = done; });
export const toasterIsThere = (toast: Toast) => arrived(toast);

function show(run: (toast: Toast) => void) {
  useToasts.setState({ wanted: true });
  void toasts.then(run);
}

/** A sentence that goes away by itself; the offer beside it is for what was just done, and there is one at a time. */
export function notify(message: string, action?: { label: string; run: () => void }) {
  show(toast => toast(message, { id: action ? 'change' : undefined, duration: action ? 8000 : 4000, action: action && { label: action.label, onClick: action.run } }));
}

/** Takes the offer to undo away: it was taken, or came too late. */
export const silence = () => { if (useToasts.getState().wanted) show(toast => toast.dismiss('change')); };

export function notifyProblem(error: unknown) {
  const e = error instanceof ApiError ? error : null;
  const words = e?.message ?? (error instanceof Error ? error.message : String(error));
  show(toast => toast.error(sentence(words), { duration: 9000, description: e?.problem.next ? sentence(e.problem.next) : undefined }));
}

/** The server's messages are lower case, so that they can be part of a sentence, and speak of its command line. */
export function sentence(text: string): string {
  const trimmed = inWordsOfThePage(text.trim());
  return !trimmed ? '' : trimmed[0]!.toUpperCase() + trimmed.slice(1) + (/[.!?…]$/.test(trimmed) ? '' : '.');
}
