'use client';
import { useLayoutEffect, useState, type RefObject } from 'react';
import { inSight, type Strip } from './strip';

const AT_FIRST = 12;

/** Which places of a strip are in sight: it scrolls itself when it lies along, and with the page when it goes down. */
export function useSight(box: RefObject<HTMLElement | null>, strip: Strip, count: number) {
  const [sight, see] = useState({ first: 0, end: AT_FIRST });
  useLayoutEffect(() => {
    const list = box.current!, scroller = strip.along ? list : window, stop = new AbortController();
    const look = () => {
      const from = strip.along ? list.scrollLeft : -list.getBoundingClientRect().top, now = inSight(strip, from, from + (strip.along ? list.clientWidth : innerHeight), count);
      see(before => (before.first === now.first && before.end === now.end ? before : now));
    };
    const watch = new ResizeObserver(look);
    watch.observe(list);
    scroller.addEventListener('scroll', look, { passive: true, signal: stop.signal });
    look();
    return () => { watch.disconnect(); stop.abort(); };
  }, [box, strip, count]);
  return sight;
}
