'use client';
import clsx from 'clsx';
import { CopyPlus, Smartphone } from 'lucide-react';
import type { ReactNode } from 'react';
import { api, once, type Project } from '@/api/client';
import { sentence } from '@/lib/notify';
import { usePending } from '@/lib/pending';
import { projectPath, useNavigate } from '@/lib/route';
import { Button } from '@/ui/button';
import { titleOf } from '../projects/words';
import { asOf, misfit, platforms, type Platform } from './platforms';

const shapes = { '16:9': 'h-4 w-7', '9:16': 'h-7 w-4', '1:1': 'size-5' } as const;

/** Where it fits, and another shape for where it does not: framed anew, not cropped. */
export function Shapes({ project: p, marks, onMarks }: { project: Project; marks: Platform | null; onMarks(platform: Platform | null): void }) {
  const navigate = useNavigate(), { pending, run } = usePending<Project['aspect']>();
  const reshape = (aspect: Project['aspect']) => run(async () => {
    const { data } = await api.POST('/api/mv/projects/{projectId}/duplicate', { params: { path: { projectId: p.projectId }, header: once() } });
    await api.PATCH('/api/mv/projects/{projectId}', { params: { path: { projectId: data!.projectId } }, body: { aspect, title: `${titleOf(p)}, ${aspect}` } });
    navigate(projectPath(data!.projectId));
  }, aspect);
  const fitting = platforms.filter(to => to.aspect === p.aspect), others = [...new Set(platforms.map(to => to.aspect))].filter(aspect => aspect !== p.aspect);
  return (
    <section className="mt-14">
      <h3 className="text-lg font-semibold tracking-tight">Where it fits</h3>
      <ul className="mt-4 grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
        {fitting.map(to => {
          const why = misfit(to, p);
          return (
            <Place key={to.name} aspect={to.aspect} fits={!why} name={to.name} words={why ? sentence(why) : `Fits as it is${to.best && p.duration > 30 ? `, ${to.best}` : ''}.`}>
              {!why && to.covered && <Button size="small" aria-pressed={marks === to} onPress={() => { onMarks(marks === to ? null : to); scrollTo({ top: 0, behavior: 'smooth' }); }}><Smartphone className="size-3.5" />{marks === to ? 'Hide' : 'Show'} what it covers</Button>}
            </Place>
          );
        })}
        {others.map(aspect => (
          <Place key={aspect} aspect={aspect} name={platforms.filter(to => to.aspect === aspect).map(to => to.name).join(', ')} words={`Takes films in ${aspect}.`}>
            <Button size="small" isPending={pending === aspect} isDisabled={pending !== null} onPress={() => reshape(aspect)}><CopyPlus className="size-3.5" />A copy in {aspect}</Button>
          </Place>
        ))}
      </ul>
      <p className="mt-3 text-xs text-faint">Limits as of {asOf}. In a copy of another shape every scene is framed and filmed anew.</p>
    </section>
  );
}

function Place({ aspect, fits, name, words, children }: { aspect: Project['aspect']; fits?: boolean; name: string; words: string; children?: ReactNode }) {
  return (
    <li className="flex items-start gap-4 rounded-card border border-line bg-surface p-4">
      <span className="flex size-7 shrink-0 items-center justify-center"><span className={clsx('rounded-[3px] border-2', shapes[aspect], fits ? 'border-ok bg-ok/15' : 'border-line-strong')} aria-hidden /></span>
      <div className="min-w-0 flex-1"><p className="leading-7 font-medium">{name}</p><p className="mb-3 text-xs text-muted last:mb-0">{words}</p>{children}</div>
    </li>
  );
}

/** What a platform lays over the picture. */
export function Covered({ by }: { by: Platform }) {
  const c = by.covered!, part = (n: number) => `${n * 100}%`;
  return (
    <div className="pointer-events-none absolute inset-0" aria-hidden>
      {[{ top: 0, left: 0, right: 0, height: part(c.top) }, { bottom: 0, left: 0, right: 0, height: part(c.bottom) }, { top: part(c.top), bottom: part(c.bottom), left: 0, width: part(c.left) }, { top: part(c.top), bottom: part(c.bottom), right: 0, width: part(c.right) }]
        .map((style, i) => <div key={i} className="absolute bg-danger/45" style={style} />)}
      <div className="absolute border border-dashed border-white/80" style={{ top: part(c.top), bottom: part(c.bottom), left: part(c.left), right: part(c.right) }} />
    </div>
  );
}
