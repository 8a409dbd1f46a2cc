'use client';
import { useEffect, useState } from 'react';
import { Kbd } from './button';

type Tip = { words: string; keys?: string; x: number; y: number; below: boolean };
const REST_MS = 450, MARGIN_PX = 8;

/** One tip for the whole page: what has data-tip says it while the pointer or the focus rests on it. Esc sends it away. */
export function Tips() {
  const [tip, show] = useState<Tip | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined, of: Element | null = null;
    const away = () => { clearTimeout(timer); of = null; show(null); };
    const rest = (e: Event) => {
      const target = (e.target as Element).closest?.('[data-tip]') ?? null;
      if (target === of) return;
      away();
      if (!target || (e.type === 'focusin' && !target.matches(':focus-visible'))) return;
      of = target;
      timer = setTimeout(() => {
        const r = target.getBoundingClientRect(), below = r.bottom + 40 < innerHeight;
        if (target.isConnected) show({ words: target.getAttribute('data-tip')!, keys: target.getAttribute('data-keys') ?? undefined, x: r.left + r.width / 2, y: below ? r.bottom + MARGIN_PX : r.top - MARGIN_PX, below });
      }, REST_MS);
    };
    const key = (e: KeyboardEvent) => { if (e.key === 'Escape') away(); };
    const events: [string, (e: never) => void][] = [['pointerover', rest], ['focusin', rest], ['focusout', away], ['pointerdown', away], ['scroll', away], ['keydown', key]];
    for (const [name, f] of events) document.addEventListener(name, f as EventListener, true);
    return () => { clearTimeout(timer); for (const [name, f] of events) document.removeEventListener(name, f as EventListener, true); };
  }, []);
  if (!tip) return null;
  return (
    <div aria-hidden ref={e => { if (e) e.style.left = `${Math.max(MARGIN_PX, Math.min(tip.x - e.offsetWidth / 2, innerWidth - e.offsetWidth - MARGIN_PX))}px`; }}
      className={`pointer-events-none fixed z-50 flex items-center gap-2 rounded-control border border-line bg-raised px-2 py-1 text-xs whitespace-nowrap text-fg shadow-float animate-appear ${tip.below ? '' : '-translate-y-full'}`} style={{ top: tip.y }}>
      {tip.words}{tip.keys && <Kbd>{tip.keys}</Kbd>}
    </div>
  );
}
