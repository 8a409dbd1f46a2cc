'use client';
import clsx from 'clsx';
import { Download, History as Clock, Play } from 'lucide-react';
import { fileOf, type Cut, type Project } from '@/api/client';
import { bytes } from '@/lib/money';
import { ago, clock } from '@/lib/time';
import { Button, buttonClass } from '@/ui/button';
import { Poster } from '@/ui/poster';
import { titleOf } from '../projects/words';

const slug = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
export const fileName = (p: Project, cut: string) => `${slug(titleOf(p)) || 'film'}_${p.aspect.replace(':', 'x')}${cut && `_${slug(cut)}`}.mp4`;

/** A cut and what it is called: they are numbered as they were made. */
export type Numbered = Cut & { name: string };
export const numbered = (cuts: Cut[] | undefined): Numbered[] => (cuts ?? []).map((c, i, all) => ({ ...c, name: `Cut ${all.length - i}` }));

export function Before({ cut, onBack }: { cut: Numbered; onBack(): void }) {
  return (
    <div role="status" className="mt-6 flex flex-wrap items-center gap-4 rounded-card border border-line bg-surface px-5 py-4">
      <Clock className="size-5 text-faint" aria-hidden />
      <p className="min-w-0 flex-1 basis-64">{cut.name}, as it was {ago(cut.madeAt)}.</p>
      <Button onPress={onBack}>Back to the newest</Button>
    </div>
  );
}

/** Every cut that was made, newest first: a film that is cut again does not replace the one before. */
export function Cuts({ project: p, cuts, picked, onPick }: { project: Project; cuts: Numbered[]; picked: string | null; onPick(cut: Numbered): void }) {
  if (cuts.length < 2) return null;
  return (
    <section className="mt-14">
      <h3 className="text-lg font-semibold tracking-tight">Cuts so far</h3>
      <p className="mt-1 text-muted">A new cut never replaces an old one.</p>
      <ol className="mt-4 divide-y divide-line border-y border-line">
        {cuts.map(c => {
          const playing = c.shown ? picked === null : picked === fileOf(c.url);
          return (
            <li key={fileOf(c.url)} className="flex items-center gap-4 py-3">
              <Poster url={c.posterUrl} tall={c.height > c.width} className="h-[3.375rem] w-24 shrink-0 rounded-control" />
              <div className="min-w-0 flex-1">
                <p className="font-medium tnum">{c.name}{c.shown && <span className="ml-2 rounded-full bg-raised px-2 py-0.5 text-2xs font-medium text-muted">newest</span>}{c.partial && <span className="ml-2 text-2xs font-medium text-warn">with cards for what was not filmed</span>}</p>
                <p className="mt-0.5 truncate text-xs text-faint tnum">{ago(c.madeAt)} · {clock(c.duration)} · {c.width} × {c.height} · {bytes(c.bytes)}</p>
              </div>
              <Button size="small" look={playing ? 'secondary' : 'ghost'} aria-pressed={playing} onPress={() => onPick(c)}><Play className="size-3.5" />{playing ? 'On the screen' : 'Play'}<span className="sr-only"> {c.name}</span></Button>
              <a href={c.url} download={fileName(p, c.name)} aria-label={`Download ${c.name}`} className={clsx(buttonClass('ghost', 'small'), 'max-sm:hidden')}><Download className="size-3.5" aria-hidden />Download</a>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
