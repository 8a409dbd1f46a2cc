'use client';
import { Film, Redo2, Undo2 } from 'lucide-react';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { ApiError, type Project, type Scene } from '@/api/client';
import { useProjectPolling, useSongMap } from '@/api/queries';
import { useWide } from '@/lib/media';
import { notifyProblem } from '@/lib/notify';
import { useProjectId } from '@/lib/route';
import { useShortcuts } from '@/lib/shortcuts';
import { FPS } from '@/lib/time';
import { redo, undo, useUndo } from '@/lib/undo';
import { Button, IconButton, LinkButton } from '@/ui/button';
import { Bone, EmptyState, ErrorNote } from '@/ui/state';
import { Mark } from '@/ui/shell';
import { CutPlayer } from '../player/cut';
import { jump, PlayerView, toggleLoop } from '../player/player';
import { ProjectBar } from '../project/bar';
import { Timeline } from '../timeline/timeline';
import { useBoardActions, type BoardActions } from './actions';
import { inOrder, segmentsOf, usedPart } from './cut';
import { Trouble } from './trouble';
import { NoScenes, RunButton } from './run';
import { hide, setBoard, useBoard } from './store';
import { pick, Storyboard } from './storyboard';

const Inspector = lazy(() => import('./inspector').then(m => ({ default: m.Inspector })));
const PhoneSheet = lazy(() => import('./dialogs').then(m => ({ default: m.PhoneSheet })));
const AddScene = lazy(() => import('./dialogs').then(m => ({ default: m.AddScene })));
const KeysDialog = lazy(() => import('./dialogs').then(m => ({ default: m.KeysDialog })));

export function Board() {
  const id = useProjectId();
  const project = useProjectPolling(id);
  if (project.error instanceof ApiError && project.error.status === 404) return <NoProject />;
  if (project.isError && !project.data) return <div className="mx-auto max-w-xl p-8 pt-32"><ErrorNote error={project.error} onRetry={() => void project.refetch()} /></div>;
  if (!project.data) return <BoardBones />;
  return <Room key={project.data.projectId} project={project.data} />;
}

export function NoProject() {
  return <EmptyState picture={<Mark className="size-14" />} title="This project is not here" action={<LinkButton href="/">To the projects</LinkButton>}>It does not exist, or it was deleted.</EmptyState>;
}

function BoardBones() {
  return (
    <div className="flex h-[calc(100dvh-var(--band))] flex-col" aria-busy="true">
      <h1 className="sr-only">Loading the project</h1>
      <div className="flex h-14 items-center gap-4 border-b border-line bg-surface px-4"><Mark className="size-5" /><Bone className="h-5 w-48" /></div>
      <div className="min-h-0 flex-1 bg-well" /><div className="flex gap-2.5 overflow-hidden p-4">{[0, 1, 2, 3, 4, 5].map(n => <Bone key={n} className="h-32 w-44 shrink-0" />)}</div><div className="h-40 border-t border-line bg-surface" />
    </div>
  );
}

function Room({ project }: { project: Project }) {
  const id = project.projectId, busy = project.status === 'processing', wide = useWide();
  const actions = useBoardActions(id);
  const [player] = useState(() => new CutPlayer());
  const [keysShown, showKeys] = useState(false);
  const { selected, draft, hidden, sheet, adding } = useBoard();
  const map = useSongMap(id, project.audioBackingTrackS3Key, project.artifacts.songMap?.state === 'current').data;
  const scenes = useMemo(() => inOrder(project.scenes).filter(s => !hidden.has(s.sequence)), [project.scenes, hidden]);
  const segments = useMemo(() => segmentsOf({ scenes }, draft), [scenes, draft]);
  const scene = scenes.find(s => s.sequence === selected) ?? scenes[0];

  useEffect(() => { player.onRefused = () => void actions.renew(); }, [player, actions]);
  useEffect(() => { player.load(segments, project.audioBackingTrackUrl); }, [player, segments, project.audioBackingTrackUrl]);
  useEffect(() => () => setBoard({ selected: null, draft: null, hidden: new Set(), sheet: false, adding: null, tab: 'scene' }), []);
  useEffect(() => { if (selected === null && scenes[0]) setBoard({ selected: scenes[0].sequence }); }, [selected, scenes]);
  useBoardKeys({ id, scene, scenes, player, actions, busy, showKeys: () => showKeys(true) });

  if (!scenes.length) return <div className="flex min-h-dvh flex-col"><ProjectBar project={project} here=""><RunButton project={project} actions={actions} /></ProjectBar><NoScenes project={project} actions={actions} /></div>;

  const inspector = scene && <Suspense fallback={<Bone className="m-5 h-64" />}><Inspector project={project} scene={scene} segment={segments.find(s => s.sequence === scene.sequence)} map={map} busy={busy} player={player} actions={actions} /></Suspense>;
  return (
    <div className="flex flex-col lg:h-[calc(100dvh-var(--band))] lg:overflow-clip">
      <ProjectBar project={project} here="">
        <UndoButtons id={id} />
        <RunButton project={project} actions={actions} />
      </ProjectBar>
      <Trouble project={project} actions={actions} />
      <div className="flex min-h-0 flex-1 flex-col lg:grid lg:grid-cols-[minmax(0,1fr)_22rem] 2xl:grid-cols-[minmax(0,1fr)_26rem]">
        <div className="flex min-h-0 min-w-0 flex-col">
          <div className="flex min-h-0 flex-1 flex-col max-lg:sticky max-lg:top-[calc(3.5rem+var(--band))] max-lg:z-10 max-lg:flex-none">
            <PlayerView player={player} aspect={project.aspect} scenes={scenes} onKeys={() => showKeys(true)} empty={s => <NotFilmed scene={s} busy={busy} actions={actions} />} />
          </div>
          {!wide && <Timeline scenes={scenes} segments={segments} map={map} player={player} actions={actions} wide={false} />}
          <Storyboard projectId={id} scenes={scenes} aspect={project.aspect} wide={wide} busy={busy} player={player} actions={actions} />
        </div>
        {wide && <aside aria-label="Scene" className="scroll-quiet min-h-0 overflow-y-auto border-l border-line bg-surface">{inspector}</aside>}
      </div>
      {wide && <Timeline scenes={scenes} segments={segments} map={map} player={player} actions={actions} wide />}
      {!wide && scene && <div className="sticky bottom-0 z-10 border-t border-line bg-surface p-2 pb-[max(.5rem,env(safe-area-inset-bottom))]"><Button className="w-full" onPress={() => setBoard({ sheet: true })}>Edit scene {scene.displaySequence}</Button></div>}
      <Suspense>
        {!wide && sheet && <PhoneSheet label={scene ? `Scene ${scene.displaySequence}` : 'Scene'}>{inspector}</PhoneSheet>}
        {adding !== null && <AddScene after={adding} scenes={scenes} actions={actions} onClose={() => setBoard({ adding: null })} />}
        {keysShown && <KeysDialog onClose={() => showKeys(false)} />}
      </Suspense>
    </div>
  );
}

/** On the screen of a scene that has no take yet. */
function NotFilmed({ scene: s, busy, actions }: { scene: Scene; busy: boolean; actions: BoardActions }) {
  const filming = s.artifacts.take.state === 'running';
  return (
    <div className="flex size-full flex-col items-center justify-center bg-[radial-gradient(ellipse_at_center,oklch(.22_.01_265),oklch(.1_.004_265))] p-6 text-center" onClick={e => e.stopPropagation()}>
      <p className="font-mono text-xs text-white/60 tnum">Scene {s.displaySequence}</p>
      <p className="mt-2 line-clamp-2 max-w-xl text-xl font-semibold tracking-tight sm:text-3xl">{s.title}</p>
      <p className="mt-3 line-clamp-3 max-w-xl text-white/70 max-sm:hidden">{s.action ?? s.prompt}</p>
      {filming ? <p className="mt-5 text-processing">Being filmed</p> : <Button className="mt-5" isDisabled={busy} onPress={() => void actions.film([s.sequence]).catch(notifyProblem)}><Film className="size-4" />Film this scene</Button>}
    </div>
  );
}

function UndoButtons({ id }: { id: string }) {
  const stacks = useUndo(s => s[id]);
  return (
    <div className="flex max-sm:hidden">
      <IconButton label={stacks?.done.length ? `Undo: ${stacks.done.at(-1)!.label}` : 'Nothing to undo'} keys="Ctrl Z" isDisabled={!stacks?.done.length} onPress={() => void undo(id)}><Undo2 className="size-4" /></IconButton>
      <IconButton label={stacks?.undone.length ? `Redo: ${stacks.undone.at(-1)!.label}` : 'Nothing to redo'} keys="Ctrl Shift Z" isDisabled={!stacks?.undone.length} onPress={() => void redo(id)}><Redo2 className="size-4" /></IconButton>
    </div>
  );
}

type KeysOf = { id: string; scene: Scene | undefined; scenes: Scene[]; player: CutPlayer; actions: BoardActions; busy: boolean; showKeys(): void };

function useBoardKeys({ id, scene, scenes, player, actions, busy, showKeys }: KeysOf) {
  const walk = (by: number) => {
    const at = scenes.findIndex(s => s.sequence === scene?.sequence), next = scenes[at + by];
    if (next) pick(next.sequence, scenes, player);
  };
  const open = (tab: string) => () => { setBoard({ tab, sheet: true }); };
  const mark = (edge: 'in' | 'out') => () => {
    let start = 0;
    for (const s of scenes) {
      const part = usedPart(s), end = start + part.out - part.in;
      if (player.time < end - 0.5 / FPS || s === scenes.at(-1)) {
        const at = Math.round((part.in + player.time - start + (edge === 'out' ? 1 / FPS : 0)) * FPS) / FPS;
        const next = edge === 'in' ? { in: Math.min(at, part.out - 6 / FPS), out: part.out } : { in: part.in, out: Math.max(Math.min(at, s.takeDuration), part.in + 6 / FPS) };
        setBoard({ selected: s.sequence, tab: 'trim' });
        if (s.selectedTake) void actions.trim(s.sequence, next);
        return;
      }
      start = end;
    }
  };
  const unmark = (edge: 'in' | 'out') => () => {
    if (!scene?.trimPoints) return;
    const part = { ...usedPart(scene), ...(edge === 'in' ? { in: 0 } : { out: scene.takeDuration }) };
    void actions.trim(scene.sequence, part);
  };
  const zoom = (detail: 'in' | 'out' | 'fit') => () => { document.dispatchEvent(new CustomEvent('timeline-zoom', { detail })); };
  const takes = Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 9].map(n => [`Digit${n}`, () => { if (scene && n <= scene.takeCount) void actions.selectTake(scene.sequence, n); }]));
  useShortcuts({
    Space: () => player.toggle(), KeyJ: () => player.shuttle(-1), KeyK: () => player.pause(), KeyL: () => player.shuttle(1), 'Shift+KeyL': () => toggleLoop(player, scenes),
    Comma: () => player.step(-1), Period: () => player.step(1), 'Shift+Comma': () => player.step(-FPS), 'Shift+Period': () => player.step(FPS),
    BracketLeft: () => jump(player, scenes, -1), BracketRight: () => jump(player, scenes, 1), Home: () => player.seek(0), End: () => player.seek(player.duration),
    'Mod+ArrowLeft': () => player.seek(player.time - 10), 'Mod+ArrowRight': () => player.seek(player.time + 10),
    ArrowUp: () => walk(-1), ArrowDown: () => walk(1), 'Alt+ArrowLeft': () => { if (scene) actions.move(scene.sequence, -1); }, 'Alt+ArrowRight': () => { if (scene) actions.move(scene.sequence, 1); },
    'Alt+ArrowUp': () => { if (scene) actions.move(scene.sequence, -1); }, 'Alt+ArrowDown': () => { if (scene) actions.move(scene.sequence, 1); },
    KeyE: open('scene'), KeyT: open('trim'), KeyR: open('takes'), KeyY: open('lips'), KeyN: () => { if (!busy) setBoard({ adding: scene?.sequence ?? 0 }); },
    KeyI: mark('in'), KeyO: mark('out'), 'Alt+KeyI': unmark('in'), 'Alt+KeyO': unmark('out'), KeyS: () => setBoard({ snap: !useBoard.getState().snap }),
    Delete: () => { if (scene && !busy && scenes.length > 1) actions.remove(scene.sequence, hide); },
    KeyM: () => player.mute(!player.snapshot().muted), KeyF: () => void document.querySelector('[aria-label=Player]')?.requestFullscreen?.(),
    Equal: zoom('in'), 'Shift+Equal': zoom('in'), Minus: zoom('out'), 'Shift+KeyZ': zoom('fit'),
    'Mod+KeyZ': () => void undo(id), 'Mod+Shift+KeyZ': () => void redo(id), 'Shift+Slash': showKeys, ...takes,
  });
}
