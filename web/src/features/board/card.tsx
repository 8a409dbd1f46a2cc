'use client';
import clsx from 'clsx';
import { Ellipsis, GripVertical } from 'lucide-react';
import { lazy, memo, Suspense, useEffect, useState } from 'react';
import type { Scene } from '@/api/client';
import { price } from '@/lib/money';
import { sentence } from '@/lib/notify';
import { seconds } from '@/lib/time';
import { IconButton } from '@/ui/button';
import { Poster } from '@/ui/poster';
import { Pill, Progress } from '@/ui/state';
import type { CutPlayer } from '../player/cut';
import type { BoardActions } from './actions';
import { stateOf } from './scene-words';
import { startOf, type Strip } from './strip';

const SceneLeft = lazy(() => import('./scene-left').then(m => ({ default: m.SceneLeft })));
const SceneMenu = lazy(() => import('./scene-menu').then(m => ({ default: m.SceneMenu })));

type Props = { projectId: string; scene: Scene; place: number; count: number; strip: Strip; selected: boolean; carried: boolean; aspect: string; busy: boolean; player: CutPlayer; actions: BoardActions };

/** A scene of the storyboard. It has no hands of its own: the list listens for all of its cards. */
export const SceneCard = memo(function SceneCard({ projectId, scene: s, place, count, strip, selected, carried, aspect, busy, player, actions }: Props) {
  const state = stateOf(s), wide = strip.along, start = startOf(strip, place);
  return (
    <div role="row" data-scene={s.sequence} aria-rowindex={place + 1} aria-selected={selected} aria-label={`Scene ${s.displaySequence}, ${s.title}, ${state.words}`} tabIndex={selected ? 0 : -1}
      className={clsx('group absolute cursor-default rounded-card outline-none select-none focus-visible:ring-2 focus-visible:ring-focus aria-selected:bg-raised in-data-[theme=light]:aria-selected:bg-surface', carried && 'z-10 opacity-80 shadow-float')}
      style={wide ? { left: start, width: strip.size, top: strip.padding, bottom: strip.padding } : { top: start, height: strip.size, left: strip.padding, right: strip.padding }}>
      <div role="gridcell" className={clsx('size-full', wide ? 'p-1.5' : 'flex gap-3 p-2')}>
        <div className={clsx('relative shrink-0', wide ? 'w-full' : 'w-28 self-start')}>
          <Poster url={s.posterUrl} tall={aspect !== '16:9'} words={wide ? (s.action || s.prompt) : undefined} small className={clsx('aspect-video rounded-[8px] ring-1 ring-line group-aria-selected:ring-2 group-aria-selected:ring-accent')} />
          <Place scene={s} player={player} />
          <span className="absolute right-1.5 bottom-1.5 rounded-chip bg-black/70 px-1.5 font-mono text-2xs text-white tnum">{seconds(s.duration)}</span>
          <button type="button" data-handle tabIndex={selected ? 0 : -1} aria-label={`Move scene ${s.displaySequence}`} className="absolute top-0 left-0 flex size-8 touch-none items-center justify-center rounded-chip opacity-0 transition-opacity outline-none group-hover:opacity-100 focus-visible:opacity-100 focus-visible:ring-2 focus-visible:ring-focus focus-visible:ring-inset pointer-coarse:size-11 pointer-coarse:opacity-100"><span className="flex size-6 items-center justify-center rounded-chip bg-black/60 text-white/90"><GripVertical className="size-3.5" /></span></button>
        </div>
        <div className={clsx('min-w-0 flex-1', wide && 'mt-2')}>
          <div className={clsx('flex items-start gap-1', !wide && 'h-6 pr-10')}>
            <p className={clsx('min-w-0 flex-1 truncate font-medium', wide ? 'text-xs' : 'text-sm/6')}>{s.title || s.prompt}</p>
            <div className={clsx('flex', !wide && 'absolute top-0 right-0')}><MenuButton scene={s} busy={busy} last={count} reached={selected} actions={actions} /></div>
          </div>
          <div className={clsx('flex items-center gap-2', wide ? 'mt-1' : 'mt-0.5')}>
            <Pill sign={state.sign}>{state.words}</Pill>
            {state.sign === 'working' && <Suspense><SceneLeft projectId={projectId} sequence={s.sequence} kind={s.artifacts.lipSync?.state === 'running' ? 'lip-sync' : 'take'} share={state.progress} /></Suspense>}
            {s.takeCount > 1 && state.sign !== 'working' && <span className="min-w-0 truncate text-2xs text-faint tnum" title={`Take ${s.selectedTake} of ${s.takeCount}`}>take {s.selectedTake} of {s.takeCount}</span>}
          </div>
          {state.sign === 'working' ? <Progress value={state.progress} label={`Scene ${s.displaySequence}`} className="mt-2" /> : <Maker scene={s} />}
          {state.cause && !wide && <p className="mt-1 line-clamp-1 text-xs text-muted">{sentence(state.cause)}</p>}
        </div>
      </div>
    </div>
  );
});

/** Who films it, and for what, when there is something to film. */
function Maker({ scene: { artifacts: { take } } }: { scene: Scene }) {
  return take.model ? <p className="mt-0.5 truncate text-2xs text-faint tnum">{take.model}{take.state !== 'current' && ` · ${price(take.usd)}`}</p> : null;
}

/** The number of a card, lit while its scene plays; nothing else of the board is drawn again for it. */
function Place({ scene: s, player }: { scene: Scene; player: CutPlayer }) {
  const [playing, set] = useState(false);
  useEffect(() => player.onScene(n => set(n === s.sequence)), [player, s.sequence]);
  return <span className={clsx('absolute bottom-1.5 left-1.5 rounded-chip px-1.5 font-mono text-2xs font-semibold tnum', playing ? 'bg-accent text-accent-fg' : 'bg-black/70 text-white')}>{String(s.displaySequence).padStart(2, '0')}</span>;
}

function MenuButton({ reached, ...props }: { scene: Scene; busy: boolean; last: number; reached: boolean; actions: BoardActions }) {
  const [wanted, want] = useState(false);
  const button = <IconButton label={`More for scene ${props.scene.displaySequence}`} size="small" tabIndex={reached ? 0 : -1} className="-my-1 h-6! w-6!" onPress={() => want(true)}><Ellipsis className="size-4" /></IconButton>;
  return wanted ? <Suspense fallback={button}><SceneMenu {...props} /></Suspense> : button;
}
