'use client';
import clsx from 'clsx';
import { ChevronLeft, SlidersHorizontal } from 'lucide-react';
import Link from 'next/link';
import { lazy, Suspense, useEffect, type ReactNode } from 'react';
import type { Project } from '@/api/client';
import { useTimeLeft } from '@/lib/eta';
import { projectPath } from '@/lib/route';
import { IconButton } from '@/ui/button';
import { Mark, ThemeButton } from '@/ui/shell';
import { Pill } from '@/ui/state';
import { setBoard, useBoard } from '../board/store';
import { signOf, statusWords, titleOf } from '../projects/words';

const Makers = lazy(() => import('./makers').then(m => ({ default: m.Makers })));
const pages = [['', 'Board'], ['film/', 'Film']] as const;
type Here = '' | 'film/';

/** The head of a project's pages: where one is, how it stands, and what to do next (children). */
export function ProjectBar({ project: p, here, children }: { project: Project; here: Here; children?: ReactNode }) {
  const percent = p.status === 'processing' ? Math.round(p.progress * 100) : undefined;
  const title = titleOf(p), left = useTimeLeft(p.status === 'processing' ? p.progress : undefined);
  const asked = useBoard(b => b.makers), ask = (makers: boolean) => setBoard({ makers });
  useEffect(() => { document.title = `${percent !== undefined ? `${percent} % · ` : ''}${title} · Storyreel`; }, [title, percent]);
  return (
    <>
      <header className="sticky top-(--band) z-20 flex h-14 shrink-0 items-center gap-1 border-b border-line bg-surface px-2 sm:px-4">
        <Link href="/" aria-label="All projects" className="hit flex h-9 items-center rounded-control pr-1 text-faint hover:text-fg"><ChevronLeft className="size-5" /><Mark className="size-5 max-sm:hidden" /></Link>
        <h1 className="min-w-0 truncate text-base font-semibold tracking-tight max-sm:flex-1 sm:ml-2 sm:max-w-96">{title}</h1>
        <span className="ml-3 flex items-center max-sm:hidden" role="status"><Pill sign={signOf[p.status]}>{statusWords(p)}{percent !== undefined && <span className="tnum"> · {percent} %{left && <span className="text-muted max-lg:hidden"> · {left}</span>}</span>}</Pill></span>
        <Pages id={p.projectId} here={here} className="ml-6 max-sm:hidden" />
        <div className="flex-1 max-sm:hidden" />
        <IconButton label="Who makes this film" onPress={() => ask(true)}><SlidersHorizontal className="size-4" /></IconButton>
        <span className="max-sm:hidden"><ThemeButton /></span>
        {children}
        <Suspense>{asked && <Makers project={p} onClose={() => ask(false)} />}</Suspense>
      </header>
      <Pages id={p.projectId} here={here} className="border-b border-line bg-surface sm:hidden" />
    </>
  );
}

/** Beside the title, or below it on a phone, where the title would have no room otherwise. */
function Pages({ id, here, className }: { id: string; here: Here; className: string }) {
  return (
    <nav aria-label="Project" className={clsx('flex', className)}>
      {pages.map(([path, name]) => (
        <Link key={path} href={projectPath(id, path)} prefetch={false} aria-current={here === path ? 'page' : undefined}
          className={clsx('relative flex h-11 flex-1 items-center justify-center px-3 font-medium transition-colors after:absolute after:inset-x-3 after:bottom-0 after:h-0.5 after:rounded-full sm:h-14', here === path ? 'text-fg after:bg-accent' : 'text-faint hover:text-fg')}>{name}</Link>
      ))}
    </nav>
  );
}
