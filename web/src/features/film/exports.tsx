import { FileDown } from 'lucide-react';
import type { Project } from '@/api/client';

type Format = 'otio' | 'fcpxml' | 'edl' | 'srt' | 'vtt';
export const exportOf = (p: Pick<Project, 'projectId'>, format: Format) => `/api/mv/projects/${p.projectId}/export/${format}`;

const editors = [
  { format: 'otio', name: 'OpenTimelineIO', for: 'Resolve, Hiero, Blender' },
  { format: 'fcpxml', name: 'Final Cut XML', for: 'Final Cut, Resolve' },
  { format: 'edl', name: 'EDL', for: 'any editing program' },
] as const;

/** The cut as other programs read it: the takes and the parts of them that are used. */
export function Exports({ project: p }: { project: Project }) {
  return (
    <section className="mt-14">
      <h3 className="text-lg font-semibold tracking-tight">Cut it further elsewhere</h3>
      <ul className="mt-4 grid gap-3 sm:grid-cols-3">
        {editors.map(e => <li key={e.format}><ExportLink project={p} {...e} /></li>)}
      </ul>
      <p className="mt-3 text-xs text-pretty text-faint">They name the clips by addresses of this server, which are good for a while: bring the clips into the other program soon.</p>
    </section>
  );
}

export function ExportLink({ project: p, format, name, for: what }: { project: Project; format: Format; name: string; for: string }) {
  return (
    <a href={exportOf(p, format)} download className="flex items-center gap-3 rounded-card border border-line bg-surface px-4 py-3 transition-colors hover:border-line-strong">
      <FileDown className="size-4 shrink-0 text-faint" aria-hidden />
      <span className="min-w-0"><span className="block truncate font-medium">{name}</span><span className="block truncate text-xs text-muted">{what}</span></span>
    </a>
  );
}
