'use client';
import clsx from 'clsx';
import { CopyPlus, Smartphone } from 'lucide-react';
import { useState } from 'react';
import { api, once, type Project } from '@/api/client';
import { notifyProblem, sentence } from '@/lib/notify';
import { projectPath, useNavigate } from '@/lib/route';
import { Button } from '@/ui/button';
import { titleOf } from '../projects/words';
import { asOf, misfit, platforms, type Platform } from './platforms';

const shapes = { '16:9': 'h-4 w-7', '9:16': 'h-7 w-4', '1:1': 'size-5' } as const;

/** Where it fits, and another shape for where it does not: framed anew, not cropped. */
export function Shapes({ project: p, marks, onMarks }: { project: Project; marks: Platform | null; onMarks(platform: Platform | null): void }) {
  const navigate = useNavigate(), [pending, setPending] = useState<string | null>(null);
  const reshape = (aspect: Project['aspect']) => {
    setPending(aspect);
    api.POST('/api/mv/projects/{projectId}/duplicate', { params: { path: { projectId: p.projectId }, header: once() } })
      .then(async ({ data }) => { await api.PATCH('/api/mv/projects/{projectId}', { params: { path: { projectId: data!.projectId } }, body: { aspect, title: `${titleOf(p)}, ${aspect}` } }); navigate(projectPath(data!.projectId)); })
      .catch(notifyProblem).finally(() => setPending(null));
  };
  return (
    <section className="mt-14">
      <h3 className="text-lg font-semibold tracking-tight">Where it fits</h3>
      <ul className="mt-4 grid gap-3 sm:grid-cols-2 lg:grid-cols-5">
        {platforms.map(to => {
          const why = misfit(to, p), other = to.aspect !== p.aspect;
          return (
            <li key={to.name} className="flex flex-col rounded-card border border-line bg-surface p-4">
              <div className="flex items-center gap-3"><span className={clsx('rounded-[3px] border-2', shapes[to.aspect], why ? 'border-line-strong' : 'border-ok bg-ok/15')} aria-hidden /><span className="font-medium">{to.name}</span></div>
              <p className="mt-2 flex-1 text-xs text-muted">{why ? sentence(why) : `Fits as it is${to.best && p.duration > 30 ? `, ${to.best}` : ''}.`}</p>
              {other && <Button size="small" className="mt-3 self-start" isPending={pending === to.aspect} isDisabled={pending !== null} onPress={() => reshape(to.aspect)}><CopyPlus className="size-3.5" />A copy in {to.aspect}</Button>}
              {!why && to.covered && <Button size="small" className="mt-3 self-start" aria-pressed={marks === to} onPress={() => { onMarks(marks === to ? null : to); scrollTo({ top: 0, behavior: 'smooth' }); }}><Smartphone className="size-3.5" />{marks === to ? 'Hide' : 'Show'} what it covers</Button>}
            </li>
          );
        })}
      </ul>
      <p className="mt-3 text-xs text-faint">Limits as of {asOf}. In a copy of another shape every scene is framed and filmed anew.</p>
    </section>
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
