'use client';
import clsx from 'clsx';
import { ChevronRight, Film, PenLine } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useMutation } from '@tanstack/react-query';
import { api, ApiError, once, type Model } from '@/api/client';
import { useCatalogue, useModels, usePrice } from '@/api/queries';
import { sidesOf } from '@/lib/aspect';
import { captionWishes } from '@/lib/captions';
import { takeCost } from '@/lib/money';
import { projectPath, useHydrated, useNavigate } from '@/lib/route';
import { clock } from '@/lib/time';
import { Button } from '@/ui/button';
import { Choice } from '@/ui/choice';
import { Field } from '@/ui/field';
import { Bone, ErrorNote } from '@/ui/state';
import { modeWords } from '../projects/words';
import { faultsOf, forgetDraft, projectOf, useDraft, type Draft, type Faults } from './draft';
import { ReferencePick } from './reference';
import { SongDrop } from './song';
import { songCost, SongWish } from './song-wish';
import { StyleCards } from './styles';

export function NewProject() {
  const hydrated = useHydrated();
  useEffect(() => { document.title = 'New project · Storyreel'; }, []);
  return hydrated ? <Flow /> : <div className="mx-auto max-w-[1500px] p-8"><h1 className="text-4xl font-semibold tracking-[-0.03em]">A new film</h1><Bone className="mt-10 h-96" /></div>;
}

function Flow() {
  const { draft: d, change } = useDraft();
  const catalogue = useCatalogue(), models = useModels(), navigate = useNavigate();
  const [tried, setTried] = useState(false);
  const form = useRef<HTMLDivElement>(null);
  const mode = catalogue.data?.modes.find(m => m.name === d.mode), isAd = mode ? !mode.needsSong : d.mode !== 'music-video';
  const make = useMutation({
    mutationFn: async (generate: boolean) => {
      const { data } = await api.POST('/api/mv/projects', { params: { header: once() }, body: { ...projectOf(d, isAd), generate } });
      if (!generate) await api.POST('/api/mv/projects/{projectId}/plan', { params: { path: { projectId: data!.projectId }, header: once() }, body: {} });
      return data!;
    },
    onSuccess: p => { forgetDraft(); navigate(projectPath(p.projectId)); },
  });
  const said = make.error instanceof ApiError ? Object.fromEntries((make.error.problem.errors ?? []).map(e => [({ audioId: 'song', musicPrompt: 'music' } as Record<string, string>)[e.field] ?? e.field, e.message])) : {};
  const seconds = filmSeconds(d, isAd, mode?.secondsMin);
  const faults: Faults = tried ? { ...said, ...faultsOf(d, !isAd) } : said;
  const start = (generate: boolean) => {
    setTried(true);
    if (Object.keys(faultsOf(d, !isAd)).length) {
      requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true],[data-fault] button')?.focus());
      return;
    }
    make.mutate(generate);
  };
  return (
    <div className="mx-auto grid max-w-[1500px] gap-x-14 px-4 pb-40 sm:px-8 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <div ref={form} className="min-w-0 pt-10 sm:pt-14">
        <h1 className="text-4xl font-semibold tracking-[-0.03em] sm:text-5xl">A new film</h1>
        <div className="mt-8"><Choice label="Kind of film" hidden value={d.mode} onChange={m => change({ mode: m, aspect: d.aspect })} options={(catalogue.data?.modes ?? [{ name: 'music-video', title: 'Music video', needsSong: true }, { name: 'ad-creative', title: 'Advertisement', needsSong: false }]).toSorted((a, b) => Number(b.needsSong) - Number(a.needsSong)).map(m => ({ value: m.name, label: modeWords(m.name) }))} /></div>
        <Idea d={d} change={change} faults={faults} />
        <Part title={isAd ? 'Who and what' : 'Who'} hint="Optional. Whoever is named here looks the same in every scene.">
          <div className="flex flex-col gap-8">
            <ReferencePick kind="character" style={d.directorConfig} words={d.characterDescription} onWords={characterDescription => change({ characterDescription })} picked={d.character} choices={d.characterChoices} onPick={(character, choices) => change({ character, characterChoices: choices ?? d.characterChoices })} />
            {isAd && <>
              <ReferencePick kind="product" style={d.directorConfig} words={d.productDescription} onWords={productDescription => change({ productDescription })} picked={d.product} choices={d.productChoices} onPick={(product, choices) => change({ product, productChoices: choices ?? d.productChoices })} />
              <div className="grid gap-4 sm:grid-cols-2"><Field label="Its name on the end card" value={d.productName} onChange={productName => change({ productName })} max={200} placeholder="Ember" /><Field label="The last line" value={d.callToAction} onChange={callToAction => change({ callToAction })} max={200} placeholder="Wake up warm" /></div>
            </>}
          </div>
        </Part>
        <Part title="Song" hint={isAd ? 'Optional. With a song the cuts fall on its beats.' : 'The cuts fall on its beats, and the film is as long as it is.'}>
          <div data-fault={faults.song ? '' : undefined}><SongDrop song={d.song} onSong={song => change({ song })} error={faults.song} optional={isAd} />{!d.song && <SongWish d={d} change={change} seconds={seconds ?? 30} ownLength={!isAd} error={faults.music} />}</div>
          {(d.song || d.music.trim()) && <Fold title="Lyrics"><Field label="Lyrics" hidden value={d.lyrics} onChange={lyrics => change({ lyrics })} rows={6} max={65536} placeholder="Plain, or with times (LRC)" /></Fold>}
        </Part>
        <Part title="Style" hint="The same scene in each of them, drawn by this program.">
          {catalogue.isError && <ErrorNote error={catalogue.error} onRetry={() => void catalogue.refetch()} />}
          {catalogue.data ? <StyleCards styles={catalogue.data.directorConfigs} value={d.directorConfig} onChange={directorConfig => change({ directorConfig })} /> : <div className="grid grid-cols-4 gap-3">{[0, 1, 2, 3].map(n => <Bone key={n} className="aspect-video" />)}</div>}
        </Part>
        <Shape d={d} change={change} faults={faults} isAd={isAd} models={models.data?.models.filter(m => m.configured) ?? []} />
      </div>
      <Review d={d} seconds={seconds} song={songCost(d, models.data?.musicModels, seconds ?? 30)} isAd={isAd} model={models.data?.models.find(m => m.name === d.video)} styleTitle={catalogue.data?.directorConfigs.find(s => s.name === d.directorConfig)?.title} shot={catalogue.data?.directorConfigs.find(s => s.name === d.directorConfig)?.shotSeconds}
        error={Object.keys(said).length ? null : make.error} pending={make.isPending ? make.variables : undefined} onStart={start} />
    </div>
  );
}

function Part({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <section className="mt-12 border-t border-line pt-8 sm:mt-14">
      <h2 className="text-2xl font-semibold tracking-[-0.02em]">{title}</h2>
      {hint && <p className="mt-1 text-muted">{hint}</p>}
      <div className="mt-6">{children}</div>
    </section>
  );
}

function Fold({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details className="group mt-5">
      <summary className="inline-flex cursor-pointer items-center gap-1.5 rounded-control text-xs font-medium text-muted hover:text-fg"><ChevronRight className="size-3.5 transition-transform group-open:rotate-90" aria-hidden />{title}</summary>
      <div className="mt-4">{children}</div>
    </details>
  );
}

type Group = { d: Draft; change(part: Partial<Draft>): void; faults: Faults };
const ideas = [
  'A night courier races the dawn through a rainy city. On the long bridge the first light catches her, and she stops to look.',
  'Two astronauts dance on an empty space station while the sun comes up over the rim of the Earth.',
  'An old lighthouse keeper finds a small boat, and rows out to meet the storm that took his brother.',
];

function Idea({ d, change, faults }: Group) {
  const [next, setNext] = useState(0);
  return (
    <div className="mt-8">
      <Field label="What the film is about" hidden large name="conceptPrompt" value={d.conceptPrompt} onChange={conceptPrompt => change({ conceptPrompt })} rows={4} max={8000} error={faults.conceptPrompt} placeholder="What is it about? Who is in it, where, and what happens." />
      <div className="mt-2 flex items-center gap-3 text-xs text-faint">
        <Button look="ghost" size="small" className="-ml-2.5" onPress={() => { change({ conceptPrompt: ideas[next % ideas.length]! }); setNext(next + 1); }}>Try an example</Button>
        <span className="flex-1" />
        {d.conceptPrompt.length > 0 && <span className="tnum">{d.conceptPrompt.length} characters, kept in this browser</span>}
      </div>
    </div>
  );
}

const shapes = { '16:9': 'h-3.5 w-6', '9:16': 'h-6 w-3.5', '1:1': 'size-5' } as const;

function Shape({ d, change, faults, isAd, models }: Group & { isAd: boolean; models: Model[] }) {
  const price = usePrice();
  return (
    <Part title="Shape">
      <div className="flex flex-wrap gap-x-10 gap-y-6">
        <Choice label="Picture" value={d.aspect} onChange={aspect => change({ aspect })} options={(['16:9', '9:16', '1:1'] as const).map(a => ({ value: a, name: a, label: <span className="flex items-center gap-2"><span className={clsx('rounded-[2px] border-[1.5px] border-current', shapes[a])} aria-hidden />{a}</span> }))} />
        <Choice label="Size" value={d.size} onChange={size => change({ size })} options={(['480p', '720p', '1080p'] as const).map(s => ({ value: s, label: s }))} />
        {(isAd || !d.song) && isAd && <Choice label="Length" value={d.targetDuration} onChange={targetDuration => change({ targetDuration })} options={[{ value: '', label: 'As it needs' }, ...['15', '20', '30'].map(s => ({ value: s, label: `${s} s` }))]} />}
      </div>
      <div className="mt-6"><Choice label="Captions of what is sung or said" value={d.captions} onChange={captions => change({ captions })} options={captionWishes} /></div>
      {models.length > 1 && <div className="mt-6"><Choice label="Filmed by" value={d.video} onChange={video => change({ video })} options={models.map(m => ({ value: m.name, label: <>{m.title}<span className="text-xs text-faint">{m.usdPerSecond === 0 ? 'free' : `${price(m.usdPerSecond)} a second`}</span></> }))} /></div>}
      <Fold title="Title, number of scenes, seed, cap">
        <div className="grid max-w-2xl gap-4 sm:grid-cols-2">
          <Field label="Title" value={d.title} onChange={title => change({ title })} max={200} placeholder="Found while writing" />
          <Field label="Scenes" value={d.wantedScenes} onChange={wantedScenes => change({ wantedScenes })} mono inputMode="numeric" placeholder="As the song wants" error={faults.wantedScenes} />
          <Field label="Seed" value={d.seed} onChange={seed => change({ seed })} mono inputMode="numeric" placeholder="Chosen" error={faults.seed} help="The same seed gives the same film." />
          <Field label="What it may cost, in dollars" value={d.budget} onChange={budget => change({ budget })} mono inputMode="decimal" placeholder="No cap" error={faults.budget} />
        </div>
      </Fold>
    </Part>
  );
}

/** As far as it is known before there is a project. */
const filmSeconds = (d: Draft, isAd: boolean, secondsMin?: number) => d.song?.duration ?? (isAd ? Number(d.targetDuration) || secondsMin : d.music.trim() ? Number(d.songLength) : undefined);
const added = (a: number | null | undefined, b: number | null | undefined) => (a === null || b === null ? null : a === undefined || b === undefined ? a ?? b : a + b);

type ReviewProps = { d: Draft; isAd: boolean; model: Model | undefined; styleTitle?: string; shot?: number; seconds: number | undefined; song: number | null | undefined; error: unknown; pending: boolean | undefined; onStart(generate: boolean): void };

/** What it will be and cost; beside the flow, and below it on a phone. */
function Review({ d, isAd, model, styleTitle, shot, seconds: length, song, error, pending, onStart }: ReviewProps) {
  const scenes = Number(d.wantedScenes) || (length && shot ? Math.max(1, Math.round(length / shot)) : undefined);
  const price = usePrice(), one = model && length && scenes ? takeCost(model, length / scenes) : undefined;
  const filming = one === undefined || one === null ? one : one * (isAd ? scenes! - 1 : scenes!); // its end card is drawn, for nothing
  const rows: [string, ReactNode][] = [
    ['Length', length ? clock(length) : isAd ? 'as it needs' : 'that of the song'], ['Scenes', scenes ? `about ${scenes}` : '–'], ['Style', styleTitle ?? '–'], ['Picture', `${d.aspect} · ${d.size}`],
    ...(song === undefined ? [] : [['Song', price(song)] as [string, ReactNode]]), ['Storyboard', 'free'], ['Filming', filming === undefined ? (model?.usdPerSecond === 0 ? 'free' : '–') : price(filming)],
  ];
  const [w, h] = sidesOf(d.aspect);
  return (
    <aside aria-label="Your film" className="lg:pt-14">
      <div className="rounded-dialog border border-line bg-surface p-5 max-lg:mt-12 lg:sticky lg:top-20">
        <div className="flex aspect-video items-center justify-center overflow-hidden rounded-card bg-well">
          <div className="relative h-full overflow-hidden" style={{ aspectRatio: `${w}/${h}` }}>
            <img src={`/styles/${d.directorConfig}.jpg`} alt="" className="size-full object-cover" onError={e => { e.currentTarget.style.visibility = 'hidden'; }} onLoad={e => { e.currentTarget.style.visibility = ''; }} />
          </div>
        </div>
        <h2 className="mt-4 text-lg font-semibold tracking-tight">{d.title || modeWords(d.mode)}</h2>
        <dl className="mt-3 flex flex-col gap-2">
          {rows.map(([name, value]) => <div key={name} className="flex justify-between gap-4"><dt className="text-faint">{name}</dt><dd className="text-right tnum">{value}</dd></div>)}
        </dl>
        {error !== null && error !== undefined && <ErrorNote error={error} className="mt-4" />}
        <Button look="primary" size="large" className="mt-5 h-auto! min-h-11 w-full py-2 whitespace-normal!" isPending={pending === false} isDisabled={pending !== undefined} onPress={() => onStart(false)}>{pending !== false && <PenLine className="size-4" />}Write the storyboard{song !== undefined && ` · ${price(song)}`}</Button>
        <Button size="large" className="mt-2 h-auto! min-h-11 w-full py-2 whitespace-normal!" isPending={pending === true} isDisabled={pending !== undefined} onPress={() => onStart(true)}>{pending !== true && <Film className="size-4" />}Make the film{filming !== undefined && ` · ${price(added(filming, song))}`}</Button>
        <p className="mt-3 text-center text-xs text-faint">{song === undefined ? 'The storyboard films nothing yet.' : 'The storyboard follows the song, which is bought first. It films nothing yet.'}</p>
      </div>
    </aside>
  );
}
