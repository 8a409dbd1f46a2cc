'use client';
import { useSyncExternalStore } from 'react';

export type Theme = 'system' | 'dark' | 'light';
const listeners = new Set<() => void>();

function stored(): Theme {
  try { return (localStorage.getItem('theme') as Theme | null) ?? 'system'; } catch { return 'system'; }
}
function apply() {
  const wanted = stored();
  const light = wanted === 'light' || (wanted === 'system' && matchMedia('(prefers-color-scheme: light)').matches);
  document.documentElement.dataset.theme = light ? 'light' : 'dark';
  listeners.forEach(f => f());
}
function subscribe(f: () => void) {
  const system = matchMedia('(prefers-color-scheme: light)');
  listeners.add(f);
  system.addEventListener('change', apply);
  return () => { listeners.delete(f); system.removeEventListener('change', apply); };
}
export function setTheme(theme: Theme) {
  try { localStorage.setItem('theme', theme); } catch { /* kept for this page only */ }
  apply();
}
export const useTheme = () => useSyncExternalStore(subscribe, stored, () => 'system' as Theme);
/** What is on the screen, for what is painted on a canvas. */
export const useShade = () => useSyncExternalStore(subscribe, () => document.documentElement.dataset.theme ?? 'dark', () => 'dark');
