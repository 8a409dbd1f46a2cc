'use client';
import { useEffect, useRef, useState, type CSSProperties } from 'react';
import type { Project, Scene } from '@/api/client';
import { sidesOf } from '@/lib/aspect';
import { useShortcuts } from '@/lib/shortcuts';
import { useStableUrl } from '@/ui/poster';

const FAR_S = 0.3, PULL = 4;

/** Before and after in one picture that run together: the line between them is moved, X flips. */
export function Wipe({ project: p, scene: s }: { project: Project; scene: Scene }) {
  const before = useRef<HTMLVideoElement>(null), after = useRef<HTMLVideoElement>(null);
  const [at, setAt] = useState(50);
  const from = s.lipSync?.trimPoints?.in ?? 0, to = s.lipSync?.trimPoints?.out ?? s.takeDuration;
  const one = useStableUrl(s.originalVideoClipUrl), two = useStableUrl(s.lipSyncedVideoClipUrl);
  useEffect(() => {
    let frame = requestAnimationFrame(function pull() {
      const a = after.current, b = before.current;
      if (a && b && a.readyState >= 2 && b.readyState >= 1) {
        const late = a.currentTime - (b.currentTime - from);
        if (Math.abs(late) > FAR_S || b.currentTime > to) { if (!b.seeking) b.currentTime = from + a.currentTime; }
        else b.playbackRate = 1 + Math.max(-0.5, Math.min(0.5, PULL * late));
        if (b.paused !== a.paused) { if (a.paused) b.pause(); else void b.play().catch(() => {}); }
      }
      frame = requestAnimationFrame(pull);
    });
    return () => cancelAnimationFrame(frame);
  }, [from, to]);
  const toggle = () => { const a = after.current; if (a) { if (a.paused) void a.play(); else a.pause(); } };
  useShortcuts({ KeyX: () => setAt(n => (n >= 50 ? 0 : 100)) });
  const [w, h] = sidesOf(p.aspect);
  const video = 'absolute inset-0 size-full object-cover';
  return (
    <section aria-label="Before and after" className="flex flex-col gap-2">
      <div className="relative mx-auto w-full overflow-hidden rounded-card bg-well" style={{ aspectRatio: `${w}/${h}`, maxWidth: `calc(22rem * ${w / h})` }} onClick={toggle}>
        <video ref={before} src={one} muted playsInline preload="auto" aria-label="Before" tabIndex={-1} className={video} />
        <video ref={after} src={two} muted loop autoPlay playsInline aria-label="After" tabIndex={-1} className={video} style={{ clipPath: `inset(0 0 0 ${at}%)` }} />
        <span className="pointer-events-none absolute inset-y-0 w-0.5 -translate-x-1/2 bg-white/90 shadow-[0_0_4px_rgb(0_0_0/.6)]" style={{ left: `${at}%` }} aria-hidden />
        {at > 15 && <span className="pointer-events-none absolute bottom-2 left-2 rounded-chip bg-black/70 px-1.5 text-2xs text-white">before</span>}
        {at < 85 && <span className="pointer-events-none absolute right-2 bottom-2 rounded-chip bg-black/70 px-1.5 text-2xs text-white">after</span>}
      </div>
      <input type="range" min={0} max={100} value={at} onChange={e => setAt(Number(e.target.value))} aria-label="Line between before and after" aria-valuetext={`${at} % before`} style={{ '--done': `${at}%` } as CSSProperties} className="slider w-full" />
    </section>
  );
}
