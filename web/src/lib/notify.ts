import { toast } from 'sonner';
import { ApiError } from '@/api/client';

/** Short news at the edge of the screen. Sentences end. */
export function notify(message: string, action?: { label: string; run(): void }) {
  toast(message, { id: action ? 'change' : undefined, duration: action ? 8000 : 4000, action: action && { label: action.label, onClick: action.run } });
}

/** Takes the offer to undo away: it was taken, or came too late. */
export const silence = () => toast.dismiss('change');

export function notifyProblem(error: unknown) {
  const e = error instanceof ApiError ? error : null;
  const words = e?.message ?? (error instanceof Error ? error.message : String(error));
  toast.error(sentence(words), { duration: 9000, description: e?.problem.next ? sentence(e.problem.next) : undefined });
}

/** The server's messages are lower case, so that they can be part of a sentence. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  return !trimmed ? '' : trimmed[0]!.toUpperCase() + trimmed.slice(1) + (/[.!?…]$/.test(trimmed) ? '' : '.');
}
