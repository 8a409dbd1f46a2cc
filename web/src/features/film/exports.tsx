import { FileDown } from 'lucide-react';
import type { Project } from '@/api/client';

const editors = [
  { format: 'otio', name: 'OpenTimelineIO', for: 'Resolve, Hiero, Blender' },
  { format: 'fcpxml', name: 'Final Cut XML', for: 'Final Cut, Resolve' },
  { format: 'edl', name: 'EDL', for: 'any editing program' },
  { format: 'srt', name: 'SubRip captions', for: 'the lines of the scenes' },
  { format: 'vtt', name: 'WebVTT captions', for: 'the same, for the web' },
] as const;

/** The cut as other programs read it: the takes and the parts of them that are used. */
export function Exports({ project: p }: { project: Project }) {
  const spoken = p.scenes.some(s => s.line), base = `/api/mv/projects/${p.projectId}/export/`;
  return (
    <section className="mt-14">
      <h3 className="text-lg font-semibold tracking-tight">Cut it further elsewhere</h3>
      <ul className="mt-4 flex flex-wrap gap-3">
        {editors.filter(e => spoken || (e.format !== 'srt' && e.format !== 'vtt')).map(e => (
          <li key={e.format}>
            <a href={base + e.format} download className="flex items-center gap-3 rounded-card border border-line bg-surface px-4 py-3 hover:border-line-strong">
              <FileDown className="size-4 text-faint" aria-hidden />
              <span><span className="block font-medium">{e.name}</span><span className="block text-xs text-muted">{e.for}</span></span>
            </a>
          </li>
        ))}
      </ul>
      <p className="mt-3 text-xs text-faint">They name the clips by addresses of this server that live for a while. With the clips beside the file: <code>storyreel project export {p.projectId} --as otio</code></p>
    </section>
  );
}
