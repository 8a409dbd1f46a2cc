'use client';
import clsx from 'clsx';
import { useState } from 'react';
import { Label, Radio, RadioGroup } from 'react-aria-components';
import type { DirectorConfig } from '@/api/client';

/** A frame of the same scene in every style, drawn by the program itself; styles without one show their colours. */
function StylePicture({ style: s, className }: { style: DirectorConfig; className?: string }) {
  const [missing, setMissing] = useState(false);
  return (
    <span className={clsx('relative block overflow-hidden bg-inset', className)}>
      {missing
        ? <span className="absolute inset-0 flex">{(s.palette ?? []).map(c => <span key={c} className="flex-1" style={{ background: c }} />)}</span>
        : <img src={`/styles/${s.name}.jpg`} alt="" loading="lazy" width={480} height={270} onError={() => setMissing(true)} className="absolute inset-0 size-full object-cover" />}
    </span>
  );
}

export function StyleCards({ styles, value, onChange }: { styles: DirectorConfig[]; value: string; onChange(name: string): void }) {
  return (
    <RadioGroup value={value} onChange={onChange}>
      <Label className="sr-only">Style</Label>
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-3 xl:grid-cols-4">
        {styles.map(s => (
          <Radio key={s.name} value={s.name} className="group cursor-pointer rounded-card outline-none focus-visible:ring-2 focus-visible:ring-focus focus-visible:ring-offset-2 focus-visible:ring-offset-canvas">
            <StylePicture style={s} className="aspect-video rounded-card ring-1 ring-line transition group-hover:ring-line-strong group-selected:ring-[3px] group-selected:ring-accent" />
            <span className="mt-2 flex items-center gap-2"><span className="flex-1 truncate font-medium">{s.title}</span><span className="flex overflow-hidden rounded-full ring-1 ring-line" aria-hidden>{(s.palette ?? []).slice(0, 5).map(c => <span key={c} className="size-2" style={{ background: c }} />)}</span></span>
            <span className="mt-0.5 line-clamp-2 text-xs text-faint">{s.description}</span>
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
