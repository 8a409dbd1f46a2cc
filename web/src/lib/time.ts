/** Films run at 24 frames a second; between screens and the server times are seconds, on the timeline frames. */
export const FPS = 24;

export const toFrames = (seconds: number) => Math.round(seconds * FPS);
const two = (n: number) => String(n).padStart(2, '0');

/** 01:07:12: minutes, seconds, frames. */
export function timecode(seconds: number): string {
  const frames = Math.max(0, toFrames(seconds));
  return `${two(Math.floor(frames / FPS / 60))}:${two(Math.floor(frames / FPS) % 60)}:${two(frames % FPS)}`;
}

/** What people type: "1:02:12" (with frames), "62.5" or "62,5" (seconds), "1:02.5". Null when it is none of these. */
export function parseTimecode(text: string): number | null {
  const parts = text.trim().replace(',', '.').split(':');
  if (parts.length > 3 || parts.some(p => !/^\d+(\.\d+)?$/.test(p))) return null;
  const n = parts.map(Number);
  if (parts.length === 1) return n[0]!;
  if (parts.length === 2) return n[0]! * 60 + n[1]!;
  return n[2]! < FPS ? n[0]! * 60 + n[1]! + n[2]! / FPS : null;
}

/** 0:36, 12:07. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${two(whole % 60)}`;
}

const decimal = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
export const seconds = (s: number) => `${decimal.format(s)} s`;

/** "3 minutes ago", "yesterday". */
export function ago(moment: string, now = Date.now()): string {
  const words = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
  const s = (new Date(moment).getTime() - now) / 1000;
  if (Math.abs(s) < 45) return 'just now';
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [['minute', 60], ['hour', 3600], ['day', 86400], ['week', 604800], ['month', 2629800], ['year', 31557600]];
  const [unit, size] = [...steps].reverse().find(([, size]) => Math.abs(s) >= size) ?? steps[0]!;
  return words.format(Math.round(s / size), unit);
}

export function took(ms: number): string {
  return ms < 1000 ? `${ms} ms` : ms < 60_000 ? seconds(ms / 1000) : `${Math.floor(ms / 60_000)} min ${Math.round(ms / 1000) % 60} s`;
}
