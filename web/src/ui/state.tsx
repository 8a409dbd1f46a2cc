'use client';
import clsx from 'clsx';
import { ChevronRight, CircleCheck, CircleDashed, Hand, History, LoaderCircle, TriangleAlert, Unlink } from 'lucide-react';
import type { ReactNode } from 'react';
import { ApiError } from '@/api/client';
import { sentence } from '@/lib/notify';
import { Button } from './button';

export type Mood = 'pending' | 'processing' | 'ok' | 'warn' | 'danger';
const moods = { pending: 'text-pending', processing: 'text-processing', ok: 'text-ok', warn: 'text-warn', danger: 'text-danger' } as const;
const icons = { 'not-filmed': CircleDashed, working: LoaderCircle, ready: CircleCheck, stale: History, failed: TriangleAlert, held: Hand, blocked: Unlink } as const;
export type Sign = keyof typeof icons;
export const moodOf: Record<Sign, Mood> = { 'not-filmed': 'pending', working: 'processing', ready: 'ok', stale: 'warn', failed: 'danger', held: 'warn', blocked: 'warn' };

/** A state: always a sign and a word, never the colour alone. */
export function Pill({ sign, children, solid }: { sign: Sign; children: ReactNode; solid?: boolean }) {
  const Icon = icons[sign];
  return (
    <span className={clsx('inline-flex items-center gap-1.5 text-2xs font-medium whitespace-nowrap', moods[moodOf[sign]], solid && 'rounded-full bg-canvas/85 py-1 pr-2.5 pl-2 backdrop-blur-sm')}>
      <Icon className={clsx('size-3.5', sign === 'working' && 'animate-spin [animation-duration:1.6s]')} aria-hidden />{children}
    </span>
  );
}

/** value is 0..1, or undefined when nothing is measured: then no length is pretended. */
export function Progress({ value, label, className }: { value?: number; label: string; className?: string }) {
  const known = value !== undefined;
  return (
    <div role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={known ? Math.round(value * 100) : undefined}
      className={clsx('h-1 overflow-hidden rounded-full bg-fg/10', className)}>
      <div className={clsx('h-full rounded-full bg-processing transition-[width] duration-500 ease-linear', !known && 'w-1/4 animate-pulse')} style={known ? { width: `${Math.max(2, value * 100)}%` } : undefined} />
    </div>
  );
}

export function ErrorNote({ error, onRetry, className }: { error: unknown; onRetry?: () => void; className?: string }) {
  const e = error instanceof ApiError ? error : null;
  return (
    <div role="alert" className={clsx('rounded-card border border-danger/35 bg-danger-soft/60 p-4', className)}>
      <div className="flex gap-3">
        <TriangleAlert className="mt-0.5 size-4 shrink-0 text-danger" aria-hidden />
        <div className="min-w-0 flex-1">
          <p className="font-medium">{sentence(error instanceof Error ? error.message : String(error))}</p>
          {e?.problem.next && <p className="mt-1 text-muted">{sentence(e.problem.next)}</p>}
          {e?.problem.requestId && (
            <details className="group mt-2 text-xs text-muted">
              <summary className="inline-flex cursor-pointer items-center gap-1 hover:text-fg"><ChevronRight className="size-3 transition-transform group-open:rotate-90" aria-hidden />Details</summary>
              <p className="mt-1 font-mono select-all">{e.problem.title} · {e.status} · request {e.problem.requestId}</p>
            </details>
          )}
        </div>
        {onRetry && <Button size="small" onPress={onRetry}>Try again</Button>}
      </div>
    </div>
  );
}

export function EmptyState({ title, children, action, picture }: { title: string; children?: ReactNode; action?: ReactNode; picture?: ReactNode }) {
  return (
    <div className="flex flex-col items-center px-6 py-20 text-center animate-appear">
      {picture}
      <h2 className="mt-6 text-2xl font-semibold tracking-tight">{title}</h2>
      <div className="mt-2 max-w-md text-base text-muted">{children}</div>
      {action && <div className="mt-8 flex flex-wrap justify-center gap-3">{action}</div>}
    </div>
  );
}

export const Bone = ({ className }: { className?: string }) => <div aria-hidden className={clsx('animate-pulse rounded-card bg-fg/7', className)} />;
