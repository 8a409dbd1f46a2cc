'use client';
import { Music2 } from 'lucide-react';
import { useState } from 'react';
import type { Model } from '@/api/client';
import { useModels, usePrice } from '@/api/queries';
import { takeCost } from '@/lib/money';
import { Button } from '@/ui/button';
import { Choice } from '@/ui/choice';
import { Field } from '@/ui/field';
import type { Draft } from './draft';

const lengths = { '30': '30 s', '60': '1 min', '120': '2 min', '180': '3 min' } as const;
const longest = (m: Model) => m.lengths?.at(-1) ?? m.secondsMax ?? Infinity;

/** What a song of this draft costs; undefined where none is to be made, null where nobody knows. */
export function songCost(d: Draft, models: Model[] | undefined, seconds: number): number | null | undefined {
  const model = models?.find(m => m.name === d.musicModel);
  return d.song || !d.music.trim() || !model ? undefined : takeCost(model, seconds);
}

/** No song at hand: one is made of a few words. It is bought with the storyboard, which follows it. */
export function SongWish({ d, change, seconds, ownLength, error }: { d: Draft; change(part: Partial<Draft>): void; seconds: number; ownLength: boolean; error?: string }) {
  const all = useModels().data?.musicModels, price = usePrice();
  const [open, setOpen] = useState(!!d.music);
  const able = all?.filter(m => m.configured) ?? [], model = able.find(m => m.name === d.musicModel);
  if (!all?.length) return null;
  if (!open) {
    return (
      <div className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-1">
        <Button size="small" isDisabled={!able.length} onPress={() => { setOpen(true); if (!model) change({ musicModel: able[0]!.name }); }}><Music2 className="size-3.5" />Have one made</Button>
        {!able.length && <span className="text-xs text-faint">Making songs needs <code className="font-mono text-muted">{all[0]!.lacks}</code>.</span>}
      </div>
    );
  }
  const choose = (name: string) => {
    const next = able.find(m => m.name === name);
    change({ musicModel: name, ...(next && Number(d.songLength) > longest(next) ? { songLength: '30' } : {}) });
  };
  return (
    <section aria-label="A song made for it" className="mt-3 flex flex-col gap-4 rounded-card border border-line bg-inset p-4">
      <Field label="What the song is like" name="music" autoFocus={!d.music} value={d.music} onChange={music => change({ music })} rows={2} max={2000} error={error} placeholder="Warm analog synths at 90 beats a minute, quiet at first, wide open at the end" />
      <div className="flex flex-wrap items-end gap-x-8 gap-y-4">
        {ownLength && <Choice label="How long" value={d.songLength} onChange={songLength => change({ songLength })} options={Object.entries(lengths).filter(([s]) => !model || Number(s) <= longest(model)).map(([value, label]) => ({ value, label }))} />}
        {able.length > 1 && <Choice label="Made by" value={d.musicModel} onChange={choose} options={able.map(m => ({ value: m.name, label: <>{m.title}<span className="text-xs text-faint">{price(takeCost(m, seconds))}</span></> }))} />}
      </div>
      <p className="flex items-center gap-3 text-xs text-faint">
        <span className="min-w-0 flex-1">It is bought once, when the storyboard is written: {price(model ? takeCost(model, seconds) : null)}.</span>
        <Button look="ghost" size="small" onPress={() => { setOpen(false); change({ music: '' }); }}>Without</Button>
      </p>
    </section>
  );
}
