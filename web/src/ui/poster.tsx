'use client';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import clsx from 'clsx';
import { Clapperboard } from 'lucide-react';
import { useState } from 'react';
import { fileOf } from '@/api/client';
import { useLive } from '@/lib/live';

/** A signed address changes while its file does not; the picture that is shown stays. */
export function useStableUrl(url: string | undefined): string | undefined {
  const [kept, keep] = useState(url);
  if (fileOf(kept) !== fileOf(url)) { keep(url); return url; }
  return kept;
}

// Addresses are good for some minutes. One that is refused is asked for anew, all that are on the page at once.
const AGAIN_MS = 2000;
let asked = 0;
function askAnew(client: QueryClient) {
  if (Date.now() - asked < AGAIN_MS) return;
  asked = Date.now();
  void client.invalidateQueries();
}

/**
 * As useStableUrl(), until the address is refused: then a new one is asked for and taken. broken: there was no better one.
 * A server that was away gives out the same address again, which is then tried again.
 */
export function useMediaUrl(url: string | undefined) {
  const client = useQueryClient(), found = useLive(s => s.found);
  const [kept, keep] = useState(url), [refused, refuse] = useState<{ url: string | undefined; found: number }>();
  const isRefused = (address: string | undefined) => address !== undefined && refused?.url === address && refused.found === found;
  const other = fileOf(kept) !== fileOf(url) || (isRefused(kept) && url !== kept), src = other ? url : kept;
  if (other) keep(url);
  return { src, broken: isRefused(src), onError: () => { refuse({ url: src, found }); askAnew(client); } };
}

/** A still in a frame of any shape: what does not fill it stands before its own blurred self. Where there is none, its words. */
export function Poster({ url, tall, className, eager, beside, words, small }: { url: string | undefined; tall?: boolean; className?: string; eager?: boolean; beside?: boolean; words?: string; small?: boolean }) {
  const { src, broken, onError } = useMediaUrl(url);
  if ((!src || broken) && words)
    return <div className={clsx('flex items-center justify-center bg-[radial-gradient(ellipse_at_center,oklch(.26_.02_265),oklch(.13_.008_265))]', small ? 'px-3 pt-2.5 pb-7' : 'p-8 text-center', className)}><p className={clsx('line-clamp-3 text-white/80', small ? 'size-full text-2xs' : 'max-w-xs text-sm text-pretty')}>{words}</p></div>;
  if (!src || broken)
    return <div className={clsx('flex items-center justify-center bg-inset text-faint/50', small && 'bg-[repeating-linear-gradient(135deg,transparent_0_6px,var(--line)_6px_7px)]', className)}>{!small && <Clapperboard className="size-8" strokeWidth={1.25} aria-hidden />}</div>;
  return (
    <div className={clsx('relative overflow-hidden bg-well', className)}>
      {tall && <img src={src} alt="" aria-hidden loading={eager ? undefined : 'lazy'} className="absolute inset-0 size-full scale-125 object-cover opacity-45 blur-xl" />}
      <img src={src} alt="" loading={eager ? undefined : 'lazy'} decoding="async" onError={onError} className={clsx('absolute inset-0 size-full', tall && !beside ? 'object-contain' : 'object-cover', tall && beside && 'sm:object-contain sm:object-[78%_50%]')} />
    </div>
  );
}
