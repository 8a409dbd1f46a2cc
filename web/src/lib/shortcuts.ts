'use client';
import { useEffect, useRef } from 'react';

/**
 * Keys by their place on the keyboard ("KeyJ", "Shift+Comma", "Mod+KeyZ"; Mod is Ctrl, or Command). Not while typing, and
 * a focused button keeps Space and Enter. A handler that returns false lets the key go on.
 */
export type Keys = Record<string, (e: KeyboardEvent) => void | boolean>;

function nameOf(e: KeyboardEvent): string {
  return `${e.ctrlKey || e.metaKey ? 'Mod+' : ''}${e.altKey ? 'Alt+' : ''}${e.shiftKey ? 'Shift+' : ''}${e.code}`;
}
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && (target as HTMLInputElement).type !== 'range');
}
const pressable = (e: KeyboardEvent) => (e.code === 'Space' || e.code === 'Enter') && e.target instanceof Element && !!e.target.closest('button,a,summary,[role=radio],[role=menuitem],[role=switch]');

export function useShortcuts(keys: Keys, on = true) {
  const current = useRef(keys);
  useEffect(() => { current.current = keys; });
  useEffect(() => {
    if (!on) return;
    const press = (e: KeyboardEvent) => {
      const run = current.current[nameOf(e)];
      if (!run || e.defaultPrevented || isTyping(e.target) || pressable(e) || document.querySelector('[role=dialog][aria-modal=true],[data-modal]')) return;
      if (run(e) !== false) e.preventDefault();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [on]);
}
