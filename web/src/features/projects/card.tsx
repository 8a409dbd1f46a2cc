'use client';
import { Ellipsis } from 'lucide-react';
import Link from 'next/link';
import { lazy, Suspense, useState } from 'react';
import type { ProjectSummary } from '@/api/client';
import { projectPath } from '@/lib/route';
import { ago } from '@/lib/time';
import { IconButton } from '@/ui/button';
import { Poster } from '@/ui/poster';
import { Pill } from '@/ui/state';
import { factsOf, signOf, statusWords, titleOf } from './words';

// Menus and windows come when the first is opened: the list itself does without them.
const ProjectMenu = lazy(() => import('./menu').then(m => ({ default: m.ProjectMenu })));

export function ProjectCard({ project: p }: { project: ProjectSummary }) {
  return (
    <article className="group relative">
      <Link href={projectPath(p.projectId)} prefetch={false} className="block rounded-card outline-offset-4">
        <Poster url={p.posterUrl} tall={p.aspect !== '16:9'} words={p.logline ?? p.conceptPrompt} className="aspect-video rounded-card ring-1 ring-line transition duration-150 group-hover:ring-line-strong" />
        {p.status !== 'completed' && <span className="absolute top-3 left-3"><Pill sign={signOf[p.status]} solid>{statusWords(p)}</Pill></span>}
        <h3 className="mt-3 truncate pr-8 text-base font-semibold tracking-tight">{titleOf(p)}</h3>
        <p className="mt-0.5 truncate text-xs text-faint tnum">{factsOf(p)} · {ago(p.updatedAt)}</p>
      </Link>
      <MenuButton project={p} />
    </article>
  );
}

function MenuButton({ project: p }: { project: ProjectSummary }) {
  const [wanted, want] = useState(false);
  const button = <IconButton label={`More for ${titleOf(p)}`} size="small" onPress={() => want(true)}><Ellipsis className="size-4" /></IconButton>;
  return <div className="absolute right-0 bottom-1.5">{wanted ? <Suspense fallback={button}><ProjectMenu project={p} /></Suspense> : button}</div>;
}
