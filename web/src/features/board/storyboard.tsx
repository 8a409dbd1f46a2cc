'use client';
import clsx from 'clsx';
import { Ellipsis, GripVertical, Plus } from 'lucide-react';
import { lazy, memo, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { Button as Press, DropIndicator, GridList, GridListItem, useDragAndDrop, Virtualizer, type Key } from 'react-aria-components';
import type { Scene } from '@/api/client';
import { isTyping } from '@/lib/shortcuts';
import { seconds } from '@/lib/time';
import { Button, IconButton } from '@/ui/button';
import { Poster } from '@/ui/poster';
import { Pill, Progress } from '@/ui/state';
import type { CutPlayer } from '../player/cut';
import type { BoardActions } from './actions';
import { stateOf } from './scene-words';
import { setBoard, useBoard } from './store';
import { Strip, type StripOptions } from './strip';

const SceneLeft = lazy(() => import('./scene-left').then(m => ({ default: m.SceneLeft })));
const SceneMenu = lazy(() => import('./scene-menu').then(m => ({ default: m.SceneMenu })));

const along: StripOptions = { along: true, size: 176, gap: 10, padding: 14 }, down: StripOptions = { along: false, size: 104, gap: 4, padding: 12 };

// The list draws an item again when it is another object: as long as a scene is the same, so is its item.
type Item = { id: number; scene: Scene };
const items = new WeakMap<Scene, Item>();
function itemOf(scene: Scene): Item {
  const item = items.get(scene) ?? { id: scene.sequence, scene };
  items.set(scene, item);
  return item;
}

type Props = { projectId: string; scenes: Scene[]; aspect: string; wide: boolean; busy: boolean; player: CutPlayer; actions: BoardActions };

/** The scenes in their order: a strip beside wide pictures, a list on a phone. Dragged by mouse, finger or keyboard. */
export function Storyboard({ projectId, scenes, aspect, wide, busy, player, actions }: Props) {
  const selected = useBoard(s => s.selected);
  const box = useRef<HTMLDivElement>(null), layout = wide ? along : down, count = scenes.length;
  const cards = useMemo(() => scenes.map(itemOf), [scenes]);
  const { dragAndDropHooks } = useDragAndDrop<Item>({
    getItems: keys => [...keys].map(k => ({ 'text/plain': `Scene ${scenes.find(s => s.sequence === Number(k))?.displaySequence}` })),
    onReorder: e => {
      const moved = [...e.keys].map(Number), rest = actions.currentOrder().filter(n => !moved.includes(n));
      const at = rest.indexOf(Number(e.target.key)) + (e.target.dropPosition === 'after' ? 1 : 0);
      actions.reorder([...rest.slice(0, at), ...moved, ...rest.slice(at)], `Moved to place ${at + 1}`);
    },
    renderDropIndicator: target => <DropIndicator target={target} className={({ isDropTarget }) => clsx('size-full rounded-full', isDropTarget && 'bg-accent')} />,
  });
  // Alt and an arrow moves a scene; the list itself would take the arrow for walking.
  const moveByKey = (e: React.KeyboardEvent) => {
    const by = e.altKey && !isTyping(e.target) && (/^Arrow(Left|Up)$/.test(e.key) ? -1 : /^Arrow(Right|Down)$/.test(e.key) ? 1 : 0);
    const row = (e.target as Element).closest('[data-key]')?.getAttribute('data-key');
    if (!by || !row) return;
    e.preventDefault(); e.stopPropagation();
    actions.move(Number(row), by);
  };
  // What is selected elsewhere is brought into sight; it need not be drawn yet.
  useEffect(() => {
    const list = box.current?.querySelector('[role=grid]'), place = scenes.findIndex(s => s.sequence === selected);
    if (!list || !wide || place < 0) return;
    const left = along.padding + place * (along.size + along.gap), right = left + along.size;
    if (left < list.scrollLeft) list.scrollTo({ left: left - along.padding });
    else if (right > list.scrollLeft + list.clientWidth) list.scrollTo({ left: right + along.padding - list.clientWidth });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- when the selection moves, not when the scenes are renewed
  }, [selected, wide]);

  return (
    <section aria-label="Storyboard" ref={box} onKeyDownCapture={moveByKey} className={clsx('shrink-0 border-line bg-canvas', wide && 'flex border-t')}>
      <Virtualizer layout={Strip} layoutOptions={layout}>
        <GridList aria-label="Scenes" items={cards} dependencies={[busy, wide, aspect, count, actions]} orientation={wide ? 'horizontal' : 'vertical'} layout="stack" selectionMode="single" selectionBehavior="replace" disallowEmptySelection
          selectedKeys={selected === null ? [] : [selected]} dragAndDropHooks={dragAndDropHooks}
          onSelectionChange={keys => { const n = [...(keys as Set<Key>)].map(Number)[0]; if (n !== undefined) pick(n, scenes, player); }}
          className={clsx('scroll-quiet outline-none', wide ? 'h-[11.75rem] min-w-0 flex-1 overflow-x-auto overflow-y-hidden' : 'w-full')}>
          {({ scene: s }) => <SceneCard projectId={projectId} scene={s} aspect={aspect} wide={wide} busy={busy} last={count} actions={actions} player={player} />}
        </GridList>
      </Virtualizer>
      {wide && (
        <div className="flex border-l border-line p-2">
          <IconButton label="Add a scene after this one" keys="N" className="h-full! w-10!" isDisabled={busy} onPress={() => setBoard({ adding: selected ?? scenes.at(-1)?.sequence ?? 0 })}><Plus className="size-5" /></IconButton>
        </div>
      )}
      {!wide && <div className="px-3 pb-6"><Button className="w-full" onPress={() => setBoard({ adding: scenes.at(-1)?.sequence ?? 0 })} isDisabled={busy}><Plus className="size-4" />Add a scene</Button></div>}
    </section>
  );
}

/** Selecting a scene parks the playhead at its beginning. */
export function pickAt(sequence: number, start: number, player: CutPlayer) {
  setBoard({ selected: sequence });
  if (!player.snapshot().playing) player.seek(start);
}
export function pick(sequence: number, scenes: Scene[], player: CutPlayer) {
  let start = 0;
  for (const s of scenes) { if (s.sequence === sequence) break; start += s.duration; }
  pickAt(sequence, start, player);
}

/** The number of a card, lit while its scene plays; nothing else of the board is drawn again for it. */
function Place({ scene: s, player }: { scene: Scene; player: CutPlayer }) {
  const [playing, set] = useState(false);
  useEffect(() => player.onScene(n => set(n === s.sequence)), [player, s.sequence]);
  return <span className={clsx('absolute bottom-1.5 left-1.5 rounded-chip px-1.5 font-mono text-2xs font-semibold tnum', playing ? 'bg-accent text-accent-fg' : 'bg-black/70 text-white')}>{String(s.displaySequence).padStart(2, '0')}</span>;
}

type CardProps = { projectId: string; scene: Scene; aspect: string; wide: boolean; busy: boolean; last: number; player: CutPlayer; actions: BoardActions };

const SceneCard = memo(function SceneCard({ projectId, scene: s, aspect, wide, busy, last, player, actions }: CardProps) {
  const state = stateOf(s);
  return (
    <GridListItem id={s.sequence} textValue={`Scene ${s.displaySequence}, ${s.title}, ${state.words}`}
      className={clsx('group relative cursor-default rounded-card outline-none focus-visible:ring-2 focus-visible:ring-focus dragging:opacity-40',
        wide ? 'size-full p-1.5 selected:bg-raised' : 'flex size-full gap-3 p-2 selected:bg-raised')}>
      <div className={clsx('relative shrink-0', wide ? 'w-full' : 'w-28 self-start')}>
        <Poster url={s.posterUrl} tall={aspect !== '16:9'} className={clsx('aspect-video rounded-[8px] ring-1 ring-line group-selected:ring-2 group-selected:ring-accent', !s.posterUrl && 'ring-dashed')} />
        <Place scene={s} player={player} />
        <span className="absolute right-1.5 bottom-1.5 rounded-chip bg-black/70 px-1.5 font-mono text-2xs text-white tnum">{seconds(s.duration)}</span>
        <Press slot="drag" aria-label={`Move scene ${s.displaySequence}`} className="absolute top-1 left-1 flex h-6 w-6 items-center justify-center rounded-chip bg-black/60 text-white/90 opacity-0 transition-opacity group-hover:opacity-100 focus-visible:opacity-100 pointer-coarse:opacity-100"><GripVertical className="size-3.5" /></Press>
      </div>
      <div className={clsx('min-w-0 flex-1', wide && 'mt-2')}>
        <div className="flex items-start gap-1">
          <p className={clsx('min-w-0 flex-1 truncate font-medium', wide ? 'text-xs' : 'text-sm')}>{s.title || s.prompt}</p>
          <MenuButton scene={s} busy={busy} last={last} actions={actions} />
        </div>
        <div className={clsx('flex items-center gap-2', wide ? 'mt-1' : 'mt-1.5')}>
          <Pill sign={state.sign}>{state.words}</Pill>
          {state.sign === 'working' && <Suspense><SceneLeft projectId={projectId} sequence={s.sequence} kind={s.artifacts.lipSync?.state === 'running' ? 'lip-sync' : 'take'} share={state.progress} /></Suspense>}
          {s.takeCount > 1 && state.sign !== 'working' && <span className="text-2xs text-faint tnum">take {s.selectedTake} of {s.takeCount}</span>}
        </div>
        {state.sign === 'working' && <Progress value={state.progress} label={`Scene ${s.displaySequence}`} className="mt-2" />}
        {state.cause && !wide && <p className="mt-1 line-clamp-1 text-xs text-muted">{state.cause}</p>}
      </div>
    </GridListItem>
  );
});

function MenuButton(props: Pick<CardProps, 'scene' | 'busy' | 'last' | 'actions'>) {
  const [wanted, want] = useState(false);
  const button = <IconButton label={`More for scene ${props.scene.displaySequence}`} size="small" className="-my-1 h-6! w-6!" onPress={() => want(true)}><Ellipsis className="size-4" /></IconButton>;
  return wanted ? <Suspense fallback={button}><SceneMenu {...props} /></Suspense> : button;
}
