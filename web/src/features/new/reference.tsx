'use client';
import clsx from 'clsx';
import { Check, ImagePlus, X } from 'lucide-react';
import { useState } from 'react';
import { DropZone, FileTrigger, Radio, RadioGroup, type FileDropItem } from 'react-aria-components';
import { api, once, type PieceModel, type Reference } from '@/api/client';
import { sentence } from '@/lib/notify';
import { upload } from '@/lib/upload';
import { usePrice, useModels } from '@/api/queries';
import { Button, IconButton } from '@/ui/button';
import { Choice } from '@/ui/choice';
import { Field } from '@/ui/field';
import { Bone } from '@/ui/state';
import { TriggerButton } from '@/ui/trigger';

type Props = {
  kind: 'character' | 'product'; style: string; words: string; onWords(words: string): void;
  picked: Reference | undefined; choices: Reference[] | undefined; onPick(picked: Reference | undefined, choices?: Reference[]): void;
};
const fourOf = (painters: PieceModel[], name: string) => { const usd = painters.find(m => m.name === name)?.usdEach; return usd === undefined || usd === null ? null : 4 * usd; };
const PICTURE_BYTES_MAX = 64 * 1024 ** 2;
const names = { character: { label: 'Who it is about', hint: 'Mara, a courier with a dark bob, in a yellow raincoat' }, product: { label: 'What it is for', hint: 'Ember, a red enamel kettle with a wooden handle' } };

/** Somebody or something that has to look the same in every scene: described, brought as a picture, or drawn four times to choose from. */
export function ReferencePick({ kind, style, words, onWords, picked, choices, onPick }: Props) {
  const painters = (useModels().data?.imageModels ?? []).filter(m => m.configured), price = usePrice(), [painter, setPainter] = useState('card');
  const [pending, setPending] = useState<'draw' | 'send' | null>(null), [fault, setFault] = useState<string>();
  const run = (what: 'draw' | 'send', work: Promise<void>) => {
    setPending(what); setFault(undefined);
    work.catch(e => setFault(sentence((e as Error).message))).finally(() => setPending(null));
  };
  const draw = () => run('draw', api.POST('/api/mv/generate_character_reference', { params: { header: once() }, body: { description: words.trim(), kind, style, model: painter } }).then(r => onPick(undefined, r.data!.references)));
  const send = (file: File | undefined) => {
    if (!file) return;
    if (file.size > PICTURE_BYTES_MAX) return setFault('Pictures up to 64 MiB are taken.');
    const form = new FormData();
    form.append('image', file); form.append('kind', kind);
    run('send', upload<Reference>('/api/mv/upload_character_reference', form, () => {}).done.then(r => onPick(r)));
  };
  return (
    <div className="grid gap-5 sm:grid-cols-[11rem_minmax(0,1fr)]">
      <DropZone aria-label={`Picture of the ${kind}`} onDrop={async e => { const item = e.items.find((i): i is FileDropItem => i.kind === 'file'); send(await item?.getFile()); }}
        className={clsx('relative flex aspect-square w-44 flex-col items-center justify-center gap-2 overflow-hidden rounded-card transition-colors drop-target:border-accent max-sm:w-full max-sm:max-w-60', picked ? 'bg-well ring-1 ring-line' : 'border border-dashed border-line-strong/70 hover:border-line-strong')}>
        {picked
          ? <><img src={picked.url} alt={picked.description ?? picked.name ?? `The ${kind}`} className="absolute inset-0 size-full object-contain" /><IconButton label="Take the picture away" size="small" className="absolute! top-1.5 right-1.5 bg-black/60! text-white!" onPress={() => onPick(undefined, choices)}><X className="size-4" /></IconButton></>
          : <><ImagePlus className="size-6 text-faint" strokeWidth={1.5} aria-hidden /><FileTrigger acceptedFileTypes={['image/png', 'image/jpeg', 'image/webp']} onSelect={f => send(f?.[0])}><TriggerButton size="small" isDisabled={pending === 'send'}>{pending === 'send' ? 'Sending' : 'Choose a picture'}</TriggerButton></FileTrigger><span className="text-2xs text-faint">or drop one</span></>}
      </DropZone>
      <div className="min-w-0">
        <Field label={names[kind].label} value={words} onChange={onWords} rows={3} max={2000} placeholder={names[kind].hint} help="The same words go into every scene." />
        {painters.length > 1 && <Choice label="Drawn by" className="mt-3" value={painter} onChange={setPainter} options={painters.map(m => ({ value: m.name, label: m.title }))} />}
        <Button size="small" className="mt-3" isDisabled={!words.trim() || pending !== null} isPending={pending === 'draw'} onPress={draw}>Draw four to choose from{painters.length > 1 && ` · ${price(fourOf(painters, painter))}`}</Button>
        {fault && <p role="alert" className="mt-2 text-xs text-danger">{fault}</p>}
        {pending === 'draw' && <div className="mt-4 grid grid-cols-4 gap-2">{[0, 1, 2, 3].map(n => <Bone key={n} className="aspect-square" />)}</div>}
        {choices && pending !== 'draw' && (
          <RadioGroup aria-label={`Drawings of the ${kind}`} value={picked?.referenceId ?? ''} onChange={id => onPick(choices.find(c => c.referenceId === id), choices)} className="mt-4 grid grid-cols-4 gap-2">
            {choices.map((c, i) => (
              <Radio key={c.referenceId} value={c.referenceId} aria-label={`Drawing ${i + 1}`} className="group relative cursor-pointer overflow-hidden rounded-[8px] ring-1 ring-line outline-none hover:ring-line-strong focus-visible:ring-2 focus-visible:ring-focus selected:ring-2 selected:ring-accent">
                <img src={c.url} alt="" className="aspect-square size-full object-cover" />
                <Check className="absolute top-1 right-1 hidden size-5 rounded-full bg-accent p-1 text-accent-fg group-selected:block" strokeWidth={3} aria-hidden />
              </Radio>
            ))}
          </RadioGroup>
        )}
      </div>
    </div>
  );
}
