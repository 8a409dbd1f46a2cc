import type { Project } from '@/api/client';

export type CaptionWish = 'none' | 'track' | 'burned';
export const captionWishes: { value: CaptionWish; label: string }[] = [
  { value: 'none', label: 'None' }, { value: 'track', label: 'For players to show' }, { value: 'burned', label: 'In the picture' },
];

/** Is there anything to be read in it? */
export const isSpoken = (p: Project) => !!p.voiceOver || p.scenes.some(s => s.line);
