'use client';
import { useEffect, useState } from 'react';
import { sidesOf } from '@/lib/aspect';

const FRAMES = 10;     // of a strip, side by side, spread evenly over its clip (flow/pictures.h)

// A browser asks a server for six things at once. Strips come one after the other, so that a long board's sixty of them do not
// keep the picture and the posters waiting.
let turn: Promise<unknown> = Promise.resolve();
const here = new Set<string>();
const load = (url: string) => new Promise<void>(done => { const picture = new Image(); picture.onload = () => { here.add(url); done(); }; picture.onerror = () => done(); picture.src = url; });

/** Whether a strip has come; it waits for its turn. */
function useInTurn(url: string): boolean {
  const [come, set] = useState(() => (here.has(url) ? url : ''));
  useEffect(() => {
    let wanted = true;
    turn = turn.then(() => (wanted && !here.has(url) ? load(url) : undefined)).then(() => { if (wanted) set(url); });
    return () => { wanted = false; };
  }, [url]);
  return come === url;
}

/** What a part of a clip looks like: as many frames as there is room for, none squeezed. from and to are shares of the clip. */
export function Filmstrip({ url, aspect, width, height, from = 0, to = 1 }: { url: string; aspect: string; width: number; height: number; from?: number; to?: number }) {
  const [w, h] = sidesOf(aspect), count = Math.max(1, Math.ceil(width / (height * (w / h)))), there = useInTurn(url);
  if (!there) return null;
  const frames = Array.from({ length: count }, (_, i) => Math.max(0, Math.min(FRAMES - 1, Math.floor((from + ((to - from) * (i + 0.5)) / count) * FRAMES))));
  return (
    <span className="absolute inset-0 flex" aria-hidden>
      {frames.map((frame, i) => (
        <span key={i} className="relative h-full min-w-0 flex-1 overflow-hidden">
          <span className="absolute inset-y-0 left-1/2 min-w-full -translate-x-1/2" style={{ aspectRatio: `${w}/${h}`, backgroundImage: `url("${url}")`, backgroundSize: `${FRAMES * 100}% 100%`, backgroundPosition: `${(frame / (FRAMES - 1)) * 100}% 0` }} />
        </span>
      ))}
    </span>
  );
}
