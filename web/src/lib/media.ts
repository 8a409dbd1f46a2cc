'use client';
import { useSyncExternalStore } from 'react';

/** Whether a media query holds; false in the export. */
function useMedia(query: string): boolean {
  return useSyncExternalStore(
    f => { const m = matchMedia(query); m.addEventListener('change', f); return () => m.removeEventListener('change', f); },
    () => matchMedia(query).matches,
    () => false,
  );
}
export const useWide = () => useMedia('(min-width: 1024px)');
