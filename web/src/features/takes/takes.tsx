'use client';
import clsx from 'clsx';
import { Check, Columns2, Film, Upload } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button as Press, FileTrigger } from 'react-aria-components';
import { once, type Project, type Scene, type Take } from '@/api/client';
import { useModels, usePrice, useTakes } from '@/api/queries';
import { notify, notifyProblem } from '@/lib/notify';
import { takeCost } from '@/lib/money';
import { usePending } from '@/lib/pending';
import { ago, seconds } from '@/lib/time';
import { upload } from '@/lib/upload';
import { Button, Kbd } from '@/ui/button';
import { Field } from '@/ui/field';
import { Dialog } from '@/ui/overlay';
import { Poster, useStableUrl } from '@/ui/poster';
import { TriggerButton } from '@/ui/trigger';
import { Bone, ErrorNote, Progress } from '@/ui/state';
import type { BoardActions } from '../board/actions';
import type { CutPlayer } from '../player/cut';

type Props = { project: Project; scene: Scene; player: CutPlayer; actions: BoardActions };

/** All takes of a scene: nothing is lost by choosing another. */
export function Takes({ project, scene: s, player, actions }: Props) {
  const list = useTakes(project.projectId, s.sequence);
  const [comparing, compare] = useState(false);
  const takes = list.data?.takes ?? [];
  return (
    <div className="flex flex-col gap-6">
      {list.isPending && <Bone className="aspect-video" />}
      {list.isError && <ErrorNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && takes.length === 0 && <p className="text-muted">There is no take of this scene yet.</p>}
      {takes.length > 0 && (
        <ul className="flex flex-col gap-3">
          {[...takes].reverse().map(t => (
            <li key={t.take}>
              <Press aria-pressed={t.selected} aria-label={`Take ${t.take}${t.selected ? ', in the film' : ': use it'}`} onPress={() => void actions.selectTake(s.sequence, t.take)}
                className={clsx('group flex w-full cursor-pointer gap-3 rounded-card p-2 text-left transition-colors', t.selected ? 'bg-raised' : 'hover:bg-raised/60')}>
                <Poster url={t.posterUrl} tall={project.aspect !== '16:9'} className={clsx('aspect-video w-28 shrink-0 rounded-[8px]', t.selected ? 'ring-2 ring-accent' : 'ring-1 ring-line')} />
                <span className="min-w-0 flex-1">
                  <span className="flex items-center gap-2 font-medium">Take {t.take}{t.selected && <span className="inline-flex items-center gap-1 text-2xs text-accent-text"><Check className="size-3" aria-hidden />in the film</span>}</span>
                  <span className="mt-0.5 block truncate text-xs text-muted">{t.source === 'uploaded' ? 'Your clip' : t.source === 'lip-sync' ? `Lips of take ${t.madeFrom}, ${t.model}` : t.model || t.provider} · {seconds(t.duration)}</span>
                  <span className="block text-xs text-faint tnum">{t.source === 'generated' && `seed ${t.seed} · `}{ago(t.createdAt)}</span>
                  {t.instead && <span className="mt-0.5 line-clamp-2 text-xs text-warn" title={t.instead}>Instead of {t.instead}</span>}
                </span>
              </Press>
            </li>
          ))}
        </ul>
      )}
      {takes.length > 1 && <Button onPress={() => { player.pause(); compare(true); }}><Columns2 className="size-4" />Compare side by side</Button>}
      <NewTake project={project} scene={s} actions={actions} />
      <OwnClip project={project} scene={s} onDone={actions.renew} />
      {comparing && <Compare takes={takes} scene={s} onClose={() => compare(false)} onUse={n => void actions.selectTake(s.sequence, n)} />}
    </div>
  );
}

/** The take that is there stays until the new one is; the price is said before. */
function NewTake({ project, scene: s, actions }: Omit<Props, 'player'>) {
  const models = useModels(), price = usePrice();
  const model = models.data?.models.find(m => m.name === (s.artifacts.take.model ?? project.video));
  const [prompt, setPrompt] = useState(s.prompt), [key] = useState(() => ({ current: once() }));
  const { pending, run } = usePending();
  const filming = s.artifacts.take.state === 'running';
  const cost = model && takeCost(model, s.duration);
  const again = () => run(async () => {
    await actions.regenerate(s.sequence, prompt !== s.prompt && prompt.trim() ? { prompt } : {}, key.current);
    key.current = once();
    notify('A new take is being made. The old one stays until it is there.');
  });
  return (
    <section aria-label="A new take" className="border-t border-line pt-5">
      <h3 className="mb-3 font-semibold">{s.selectedTake ? 'Take it again' : 'Film it'}</h3>
      <Field label="Words" hidden value={prompt} onChange={setPrompt} rows={5} max={8000} />
      <div className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-2">
        <Button look="primary" onPress={again} isPending={pending !== null} isDisabled={filming}><Film className="size-4" />{s.selectedTake ? 'New take' : 'Film'} · {cost === undefined ? '…' : price(cost)}</Button>
        <span className="shrink-0 text-xs text-faint">{filming ? 'Being filmed now.' : 'A new seed, so it will differ.'}</span>
      </div>
    </section>
  );
}

const CLIP_BYTES_MAX = 2 * 1024 ** 3;

function OwnClip({ project, scene: s, onDone }: { project: Project; scene: Scene; onDone(): void }) {
  const [share, setShare] = useState<number | null>(null);
  const send = (file: File | undefined) => {
    if (!file) return;
    if (file.size > CLIP_BYTES_MAX) return notify('Clips up to 2 GiB are taken.');
    const form = new FormData();
    form.append('video', file);
    setShare(0);
    upload(`/api/mv/projects/${project.projectId}/scenes/${s.sequence}/upload_video`, form, setShare).done
      .then(() => notify('Your clip is the take now.')).catch(notifyProblem).finally(() => { setShare(null); onDone(); });
  };
  return (
    <div>
      <FileTrigger acceptedFileTypes={['video/*']} onSelect={f => send(f?.[0])}><TriggerButton className="w-full" isDisabled={share !== null}><Upload className="size-4" />Use a clip of your own</TriggerButton></FileTrigger>
      {share !== null && <Progress value={share} label="Upload" className="mt-2" />}
    </div>
  );
}

/** Two takes that run together; X flips which of them is looked at without moving the eye. */
function Compare({ takes, scene: s, onClose, onUse }: { takes: Take[]; scene: Scene; onClose(): void; onUse(take: number): void }) {
  const [left, setLeft] = useState(takes.find(t => t.selected)?.take ?? takes[0]!.take);
  const [right, setRight] = useState(takes.findLast(t => t.take !== left)?.take ?? takes.at(-1)!.take);
  const a = useRef<HTMLVideoElement>(null), b = useRef<HTMLVideoElement>(null), [flipped, flip] = useState(false);
  useEffect(() => {
    const press = (e: KeyboardEvent) => { if (e.code === 'KeyX' && !e.ctrlKey && !e.metaKey && !e.altKey) flip(f => !f); };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
  useEffect(() => {
    let frame = requestAnimationFrame(function pull() {
      const x = a.current, y = b.current;
      if (x && y && !x.paused && y.readyState >= 2 && x.readyState >= 2) {
        const late = x.currentTime - y.currentTime;
        if (Math.abs(late) > 0.3) y.currentTime = x.currentTime; else y.playbackRate = 1 + Math.max(-0.5, Math.min(0.5, 4 * late));
      }
      frame = requestAnimationFrame(pull);
    });
    return () => cancelAnimationFrame(frame);
  }, []);
  const side = (n: number, ref: React.RefObject<HTMLVideoElement | null>, choose: (n: number) => void, other: number) => {
    const t = takes.find(o => o.take === n)!;
    return (
      <div className="min-w-0 flex-1">
        <TakeVideo take={t} refTo={ref} />
        <div className="mt-3 flex flex-wrap items-center gap-2">
          {takes.map(o => <Button key={o.take} size="small" look={o.take === n ? 'secondary' : 'ghost'} aria-pressed={o.take === n} isDisabled={o.take === other} onPress={() => choose(o.take)}>{o.take}</Button>)}
          <Button className="ml-auto" look={t.selected ? 'ghost' : 'primary'} isDisabled={t.selected} onPress={() => onUse(n)}>{t.selected ? 'In the film' : 'Use this take'}</Button>
        </div>
        <p className="mt-2 line-clamp-3 text-xs text-muted">{t.prompt}</p>
      </div>
    );
  };
  return (
    <Dialog title={`Takes of scene ${s.displaySequence}`} open onClose={onClose} wide>
      <div className={clsx('flex gap-5', flipped ? 'flex-col-reverse sm:flex-row-reverse' : 'flex-col sm:flex-row')}>{side(left, a, setLeft, right)}{side(right, b, setRight, left)}</div>
      <p className="mt-4 flex items-center gap-2 text-xs text-faint max-sm:hidden"><Kbd>X</Kbd>changes their places</p>
    </Dialog>
  );
}

function TakeVideo({ take: t, refTo }: { take: Take; refTo: React.RefObject<HTMLVideoElement | null> }) {
  const url = useStableUrl(t.url);
  return <div className="relative aspect-video overflow-hidden rounded-card bg-well"><video ref={refTo} src={url} autoPlay loop muted playsInline aria-label={`Take ${t.take}`} className="absolute inset-0 size-full object-contain" /></div>;
}
