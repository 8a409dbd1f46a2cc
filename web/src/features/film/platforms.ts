import type { Project } from '@/api/client';

/** Where films are shown, as of November 2026. Margins are parts of the picture that the platform's own buttons and words cover. */
export type Platform = { name: string; aspect: Project['aspect']; secondsMax?: number; best?: string; covered?: { top: number; bottom: number; left: number; right: number } };
export const asOf = 'November 2026';
export const platforms: Platform[] = [
  { name: 'YouTube', aspect: '16:9' },
  { name: 'Shorts', aspect: '9:16', secondsMax: 180, covered: { top: 0.15, bottom: 0.35, left: 0.0445, right: 0.178 } },
  { name: 'Reels', aspect: '9:16', secondsMax: 900, best: 'best below 30 s', covered: { top: 0.14, bottom: 0.35, left: 0.06, right: 0.06 } },
  { name: 'TikTok', aspect: '9:16', secondsMax: 600, covered: { top: 0.15, bottom: 0.35, left: 0.111, right: 0.178 } },
  { name: 'Feed, square', aspect: '1:1', secondsMax: 60 },
];

/** What keeps a film from a platform, in words; null when nothing does. */
export function misfit(p: Platform, film: { aspect: string; duration: number }): string | null {
  if (p.aspect !== film.aspect) return `wants ${p.aspect}`;
  if (p.secondsMax !== undefined && film.duration > p.secondsMax) return `takes ${p.secondsMax >= 120 ? `${p.secondsMax / 60} minutes` : `${p.secondsMax} s`} at most`;
  return null;
}
