'use client';
import { useEffect, useState } from 'react';
import type { Audio, ProjectNew, Reference } from '@/api/client';
import type { CaptionWish } from '@/lib/captions';

/** What was typed and chosen for a film that is not made yet. Files were sent when they were chosen; here are their names. */
export type Draft = {
  mode: string; conceptPrompt: string; title: string; directorConfig: string; aspect: '16:9' | '9:16' | '1:1'; size: '480p' | '720p' | '1080p';
  characterDescription: string; character?: Reference; characterChoices?: Reference[];
  productDescription: string; productName: string; callToAction: string; product?: Reference; productChoices?: Reference[];
  song?: Audio; lyrics: string; music: string; musicModel: string; songLength: string; targetDuration: string; wantedScenes: string; seed: string; budget: string; video: string; captions: CaptionWish;
};
export const blank: Draft = {
  mode: 'music-video', conceptPrompt: '', title: '', directorConfig: 'storyreel', aspect: '16:9', size: '720p', characterDescription: '', productDescription: '', productName: '', callToAction: '',
  lyrics: '', music: '', musicModel: 'elevenlabs-music', songLength: '30', targetDuration: '', wantedScenes: '', seed: '', budget: '', video: 'animatic', captions: 'none',
};
const KEY = 'new-project';

function read(): Draft {
  try { return { ...blank, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Draft>) }; } catch { return blank; }
}
export function forgetDraft() { try { localStorage.removeItem(KEY); } catch { /* there is nothing to forget */ } }

/** Kept through reloads. */
export function useDraft() {
  const [draft, set] = useState(read);
  useEffect(() => { try { localStorage.setItem(KEY, JSON.stringify(draft)); } catch { /* private mode: kept for this page */ } }, [draft]);
  const change = (part: Partial<Draft>) => set(d => ({ ...d, ...part }));
  return { draft, change, reset: () => { forgetDraft(); set(blank); } };
}

export type Faults = Partial<Record<keyof Draft | 'audioId', string>>;
const number = (text: string) => (text.trim() ? Number(text.replace(',', '.')) : undefined);
const bad = (text: string, test: (n: number) => boolean) => { const n = number(text); return n !== undefined && (!Number.isFinite(n) || !test(n)); };

export function faultsOf(d: Draft, needsSong: boolean): Faults {
  const faults: Faults = {};
  if (!d.conceptPrompt.trim()) faults.conceptPrompt = 'Say what the film is about.';
  if (needsSong && !d.song && !d.music.trim()) faults.song = 'A music video needs its song.';
  if (bad(d.targetDuration, n => n >= 1 && n <= 3600)) faults.targetDuration = 'Seconds from 1 to 3600.';
  if (bad(d.wantedScenes, n => Number.isInteger(n) && n >= 1 && n <= 1000)) faults.wantedScenes = 'A whole number from 1 to 1000.';
  if (bad(d.seed, n => Number.isInteger(n) && n >= 0 && n <= 2147483647)) faults.seed = 'A whole number.';
  if (bad(d.budget, n => n >= 0)) faults.budget = 'An amount in dollars.';
  return faults;
}

/** What is sent: only what was said, and of the modes' own fields only those of this mode. */
export function projectOf(d: Draft, isAd: boolean): ProjectNew {
  const text = (t: string) => t.trim() || undefined;
  const music = d.song ? undefined : text(d.music);
  return {
    mode: d.mode, conceptPrompt: d.conceptPrompt.trim(), title: text(d.title), directorConfig: d.directorConfig, aspect: d.aspect, size: d.size, video: d.video, captions: d.captions === 'none' ? undefined : d.captions,
    characterDescription: text(d.characterDescription), characterReferenceId: d.character?.referenceId,
    productDescription: isAd ? text(d.productDescription) : undefined, productName: isAd ? text(d.productName) : undefined, callToAction: isAd ? text(d.callToAction) : undefined, productReferenceId: isAd ? d.product?.referenceId : undefined,
    audioId: d.song?.audioId, musicPrompt: music, musicModel: music && d.musicModel, lyrics: d.song || music ? text(d.lyrics) : undefined,
    targetDuration: isAd ? number(d.targetDuration) : music ? number(d.songLength) : undefined, wantedScenes: number(d.wantedScenes), seed: number(d.seed), budget: number(d.budget),
  };
}
