'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import clsx from 'clsx';
import { ArrowDown, ArrowUp, CircleAlert, Plus, X } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';
import { api, type Model, type Project, type ProjectEdit } from '@/api/client';
import { useModels, usePrice } from '@/api/queries';
import { takeCost } from '@/lib/money';
import { Button, IconButton } from '@/ui/button';
import { Dialog } from '@/ui/overlay';
import { Bone, ErrorNote } from '@/ui/state';

type Row = { name: string; title: string; what: string; price: string; lacks?: string };

/** What filming all of it once costs with a model; null when nobody knows. */
function filmCost(m: Model, p: Project): number | null {
  const lengths = p.scenes.length ? p.scenes.map(s => s.duration) : [p.duration];
  return lengths.reduce<number | null>((sum, s) => { const usd = takeCost(m, s); return sum === null || usd === null ? null : sum + usd; }, 0);
}
const list = (names: string | undefined) => (names ?? '').split(',').map(n => n.trim()).filter(Boolean);

/** Who makes this film: what each asks for it, and why those that cannot be chosen cannot. Each choice holds at once. */
export function Makers({ project, onClose }: { project: Project; onClose(): void }) {
  const client = useQueryClient(), models = useModels(), price = usePrice();
  const [wish, wishFor] = useState<ProjectEdit>({}); // shown while it is being kept
  const save = useMutation({
    scope: { id: `makers:${project.projectId}` },
    mutationFn: async (body: ProjectEdit) => (await api.PATCH('/api/mv/projects/{projectId}', { params: { path: { projectId: project.projectId } }, body })).data!,
    onSuccess: now => client.setQueryData(['project', project.projectId], now),
    onSettled: (_now, _error, body) => { wishFor(w => (w === body ? {} : w)); void client.invalidateQueries({ queryKey: ['project', project.projectId] }); },
  });
  const p = { ...project, ...wish } as Project, choose = (body: ProjectEdit) => { wishFor(body); save.mutate(body); };
  const busy = p.status === 'processing', stale = p.scenes.filter(s => s.artifacts.take.state === 'stale').length, each = (usd: number | null, of: string) => (usd ? `${price(usd)} ${of}` : price(usd));
  const videos = models.data?.models ?? [], fallbacks = list(p.fallbacks);
  return (
    <Dialog title="Who makes this film" open onClose={onClose}>
      {models.isError && <ErrorNote error={models.error} onRetry={() => void models.refetch()} />}
      {models.isPending && <Bone className="h-72" />}
      {models.data && (
        <fieldset disabled={busy} className="flex flex-col gap-8">
          {busy && <p role="status" className="flex gap-2.5 rounded-card border border-line bg-inset px-4 py-3 text-muted"><CircleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />The film is being made. It can be given to somebody else when that is done, or stopped.</p>}
          <Rows label="Writes the scenes" value={p.planner} onChange={planner => choose({ planner })}
            rows={models.data.planners.map(m => ({ ...m, what: m.name === 'offline' ? 'At once, on this machine' : 'A language model', price: m.usdEach ? `about ${each(m.usdEach, 'a storyboard')}` : each(m.usdEach, 'a storyboard') }))} />
          <Rows label="Films them" value={p.video} onChange={video => choose({ video, ...(fallbacks.includes(video) ? { fallbacks: fallbacks.filter(n => n !== video).join(',') } : {}) })}
            rows={videos.map(m => ({ ...m, what: m.usdPerSecond === 0 ? (m.provider === 'animatic' ? 'Drawn on this machine' : 'On a server of your own') : `${each(m.usdPerSecond, 'a second')}${m.lengths?.length ? ` · takes of ${new Intl.ListFormat('en', { type: 'disjunction' }).format(m.lengths.map(String))} s` : ''}`, price: price(filmCost(m, p)) }))} />
          <Fallbacks videos={videos.filter(m => m.name !== p.video)} chosen={fallbacks} disabled={busy} onChange={names => choose({ fallbacks: names.join(',') })} priceOf={m => price(filmCost(m, p))} />
          {p.audioBackingTrackUrl && models.data.lipsyncModels.length > 0 && <Rows label="Moves the lips" value={p.lipsync ?? ''} onChange={lipsync => choose({ lipsync })}
            rows={models.data.lipsyncModels.map(m => ({ ...m, what: m.usdPerSecond ? 'Of any face that can be seen' : 'Of the animatic’s own faces', price: each(m.usdPerSecond, 'a second') }))} />}
        </fieldset>
      )}
      {save.isError && <ErrorNote error={save.error} className="mt-6" />}
      {!busy && stale > 0 && <p role="status" className="mt-6 text-muted">{stale === 1 ? '1 take is' : `${stale} takes are`} of before. They stay in the film until you film again: {price(p.usd)}.</p>}
    </Dialog>
  );
}

function Section({ label, help, children }: { label: string; help?: ReactNode; children: ReactNode }) {
  return <section aria-label={label}><h3 className="font-semibold tracking-tight">{label}</h3>{help && <p className="mt-1 text-xs text-pretty text-faint">{help}</p>}<div className="mt-3">{children}</div></section>;
}

/** One of some: its name, what it is, what it costs here. One that lacks a setting says which. */
function Rows({ label, value, rows, onChange }: { label: string; value: string; rows: Row[]; onChange(name: string): void }) {
  const group = useId();
  return (
    <Section label={label}>
      <div role="radiogroup" aria-label={label} className="divide-y divide-line overflow-hidden rounded-card border border-line">
        {rows.map(r => (
          <label key={r.name} className={clsx('hit relative flex items-center gap-3 px-4 py-3 transition-colors has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-focus', r.lacks ? 'cursor-default' : 'cursor-pointer hover:bg-raised/60 has-checked:bg-raised')}>
            <input type="radio" name={group} value={r.name} checked={r.name === value} disabled={!!r.lacks} onChange={() => onChange(r.name)} className="peer absolute inset-0 cursor-[inherit] appearance-none opacity-0" />
            <span className="flex size-4 shrink-0 items-center justify-center rounded-full border border-line-strong peer-checked:border-[5px] peer-checked:border-accent peer-disabled:border-line" aria-hidden />
            <span className="min-w-0 flex-1"><span className={clsx('block', r.lacks ? 'text-muted' : 'font-medium')}>{r.title}</span>{(r.lacks || r.what) && <span className="block text-xs text-faint">{r.lacks ? <>needs <code className="font-mono text-muted">{r.lacks}</code></> : r.what}</span>}</span>
            <span className={clsx('shrink-0 text-right tnum max-sm:w-min max-sm:min-w-20', r.lacks ? 'text-faint' : 'text-muted')}>{r.price}</span>
          </label>
        ))}
      </div>
    </Section>
  );
}

/** Who steps in, in this order, where the one that films fails. None is asked that is not named here. */
function Fallbacks({ videos, chosen, disabled, onChange, priceOf }: { videos: Model[]; chosen: string[]; disabled: boolean; onChange(names: string[]): void; priceOf(m: Model): string }) {
  const byName = new Map(videos.map(m => [m.name, m])), rest = videos.filter(m => m.configured && !chosen.includes(m.name));
  const moved = (from: number, by: number) => { const next = [...chosen]; next.splice(from + by, 0, ...next.splice(from, 1)); onChange(next); };
  return (
    <Section label="Steps in when that fails" help="In this order. The take says who filmed it, and why. With nobody here the scene stops and says what happened.">
      {chosen.length > 0 && (
        <ol className="mb-3 divide-y divide-line overflow-hidden rounded-card border border-line">
          {chosen.map((name, i) => {
            const m = byName.get(name), title = m?.title ?? name;
            return (
              <li key={name} className="flex items-center gap-1 py-1.5 pr-2 pl-4">
                <span className="w-6 text-faint tnum">{i + 1}</span><span className="min-w-0 flex-1 truncate font-medium">{title}{m?.lacks && <span className="ml-2 text-xs font-normal text-warn">needs {m.lacks}</span>}</span>
                <span className="mr-2 text-muted tnum">{m && priceOf(m)}</span>
                <IconButton label={`${title} earlier`} size="small" isDisabled={disabled || i === 0} onPress={() => moved(i, -1)}><ArrowUp className="size-3.5" /></IconButton>
                <IconButton label={`${title} later`} size="small" isDisabled={disabled || i === chosen.length - 1} onPress={() => moved(i, 1)}><ArrowDown className="size-3.5" /></IconButton>
                <IconButton label={`Without ${title}`} size="small" isDisabled={disabled} onPress={() => onChange(chosen.filter(n => n !== name))}><X className="size-3.5" /></IconButton>
              </li>
            );
          })}
        </ol>
      )}
      <div className="flex flex-wrap gap-2">
        {rest.map(m => <Button key={m.name} size="small" isDisabled={disabled} onPress={() => onChange([...chosen, m.name])}><Plus className="size-3.5" />{m.title}<span className="font-normal text-faint tnum">{priceOf(m)}</span></Button>)}
        {!chosen.length && !rest.length && <p className="text-xs text-faint">No other model is set up here.</p>}
      </div>
    </Section>
  );
}
