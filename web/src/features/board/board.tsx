'use client';
import { Film, Redo2, Undo2 } from 'lucide-react';
import { lazy, Suspense, useCallback, useDeferredValue, useEffect, useMemo, useState, type ReactNode } from 'react';
import { ApiError, type Project, type Scene, type SongMap } from '@/api/client';
import { useProjectPolling, useSongMap } from '@/api/queries';
import { useWide } from '@/lib/media';
import { notifyProblem } from '@/lib/notify';
import { useProjectId } from '@/lib/route';
import { redo, undo, useUndo } from '@/lib/undo';
import { Button, IconButton } from '@/ui/button';
import { Bone, ErrorNote } from '@/ui/state';
import { Mark } from '@/ui/shell';
import { CutPlayer, type Segment } from '../player/cut';
import { PlayerView } from '../player/player';
import { ProjectBar } from '../project/bar';
import { NoProject } from '../project/missing';
import { Timeline } from '../timeline/timeline';
import { useBoardActions, type BoardActions } from './actions';
import { inOrder, segmentsOf } from './cut';
import { useBoardKeys } from './keys';
import { pick } from './pick';
import { NoScenes, RunButton } from './run';
import { stateOf } from './scene-words';
import { resetBoard, setBoard, useBoard } from './store';
import { Storyboard } from './storyboard';
import { Trouble } from './trouble';

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

/** The board before it is there, of the same measures, so that nothing moves when it comes. */
function BoardBones() {
  return (
    <div className="flex h-[calc(100dvh-var(--band))] flex-col" aria-busy="true">
      <h1 className="sr-only">Loading the project</h1>
      <div className="flex h-14 shrink-0 items-center gap-4 border-b border-line bg-surface px-4"><Mark className="size-5" /><Bone className="h-5 w-48" /></div>
      <div className="h-[2.8125rem] shrink-0 border-b border-line bg-surface sm:hidden" />
      <div className="flex min-h-0 flex-1 flex-col lg:grid lg:grid-cols-[minmax(0,1fr)_22rem] 2xl:grid-cols-[minmax(0,1fr)_26rem]">
        <div className="flex min-h-0 min-w-0 flex-col">
          <div className="min-h-0 flex-1 bg-well max-lg:aspect-video max-lg:max-h-[46dvh] max-lg:flex-none" />
          <div className="h-15 shrink-0 bg-well lg:hidden" /><div className="h-[6.5rem] shrink-0 border-t border-line bg-surface lg:hidden" />
          <div className="flex shrink-0 gap-2.5 overflow-hidden border-t border-line p-3.5 max-lg:flex-col lg:h-[12.25rem]">{[0, 1, 2, 3, 4, 5].map(n => <Bone key={n} className="shrink-0 max-lg:h-24 lg:w-44" />)}</div>
        </div>
        <div className="border-l border-line bg-surface max-lg:hidden"><Bone className="m-5 h-64" /></div>
      </div>
      <div className="h-[10.3125rem] shrink-0 border-t border-line bg-surface max-lg:hidden" />
    </div>
  );
}

function Room({ project }: { project: Project }) {
  const id = project.projectId, busy = project.status === 'processing', wide = useWide();
  const actions = useBoardActions(id);
  const [player] = useState(() => new CutPlayer());
  const draft = useBoard(b => b.draft), hidden = useBoard(b => b.hidden);
  const map = useSongMap(id, project.audioBackingTrackS3Key, project.artifacts.songMap?.state === 'current').data;
  const scenes = useMemo(() => inOrder(project.scenes).filter(s => !hidden.has(s.sequence)), [project.scenes, hidden]);
  const segments = useMemo(() => segmentsOf({ scenes }, draft), [scenes, draft]);

  useEffect(() => { player.onRefused = () => void actions.renew(); }, [player, actions]);
  useEffect(() => { player.load(segments, project.audioBackingTrackUrl, draft !== null); }, [player, segments, project.audioBackingTrackUrl, draft]);
  useEffect(() => resetBoard, []);
  useBoardKeys({ id, scenes, player, actions, busy }, showKeys);
  const notFilmed = useCallback((s: Scene) => <NotFilmed scene={s} busy={busy} actions={actions} />, [busy, actions]);

  const show = (s: Scene) => { pick(s.sequence, scenes, player); setBoard({ tab: 'scene', sheet: true }); };

  if (!scenes.length) return <div className="flex min-h-dvh flex-col"><ProjectBar project={project} here=""><RunButton project={project} actions={actions} /></ProjectBar><Trouble project={project} actions={actions} onShow={show} /><NoScenes project={project} actions={actions} /></div>;

  const song = !!project.audioBackingTrackUrl, inspector = <SelectedScene project={project} scenes={scenes} segments={segments} map={map} busy={busy} player={player} actions={actions} />;
  return (
    <div className="flex flex-col lg:h-[calc(100dvh-var(--band))] lg:overflow-clip">
      <ProjectBar project={project} here="">
        <UndoButtons id={id} />
        <RunButton project={project} actions={actions} />
      </ProjectBar>
      <Trouble project={project} actions={actions} onShow={show} />
      <div className="flex min-h-0 flex-1 flex-col lg:grid lg:grid-cols-[minmax(0,1fr)_22rem] 2xl:grid-cols-[minmax(0,1fr)_26rem]">
        <div className="flex min-h-0 min-w-0 flex-col">
          <div className="flex min-h-0 flex-1 flex-col max-lg:sticky max-lg:top-[calc(3.5rem+var(--band))] max-lg:z-10 max-lg:flex-none">
            <PlayerView player={player} aspect={project.aspect} scenes={scenes} onKeys={showKeys} empty={notFilmed} />
          </div>
          {!wide && <Timeline scenes={scenes} segments={segments} map={map} player={player} actions={actions} aspect={project.aspect} wide={false} song={song} />}
          <Storyboard projectId={id} scenes={scenes} aspect={project.aspect} wide={wide} busy={busy} player={player} actions={actions} />
        </div>
        {wide && <aside aria-label="Scene" className="scroll-quiet min-h-0 overflow-y-auto border-l border-line bg-surface">{inspector}</aside>}
      </div>
      {wide && <Timeline scenes={scenes} segments={segments} map={map} player={player} actions={actions} aspect={project.aspect} wide song={song} />}
      {!wide && <OnPhone scenes={scenes}>{inspector}</OnPhone>}
      <Windows scenes={scenes} actions={actions} />
    </div>
  );
}

const showKeys = () => setBoard({ keys: true });

/** What is known of the scene that is selected. It follows the selection when there is time: the card and the picture come first. */
function SelectedScene({ scenes, segments, ...rest }: { project: Project; scenes: Scene[]; segments: Segment[]; map: SongMap | undefined; busy: boolean; player: CutPlayer; actions: BoardActions }) {
  const selected = useDeferredValue(useBoard(b => b.selected)), scene = scenes.find(s => s.sequence === selected) ?? scenes[0]!;
  return <Suspense fallback={<Bone className="m-5 h-64" />}><Inspector {...rest} scene={scene} segment={segments.find(s => s.sequence === scene.sequence)} /></Suspense>;
}

/** On a phone it comes from below, when it is asked for. */
function OnPhone({ scenes, children }: { scenes: Scene[]; children: ReactNode }) {
  const scene = useBoard(b => scenes.find(s => s.sequence === b.selected)) ?? scenes[0]!, sheet = useBoard(b => b.sheet);
  return (
    <>
      <div className="sticky bottom-0 z-10 border-t border-line bg-surface p-2 pb-[max(.5rem,env(safe-area-inset-bottom))]"><Button className="w-full" onPress={() => setBoard({ sheet: true })}>Edit scene {scene.displaySequence}</Button></div>
      <Suspense>{sheet && <PhoneSheet label={`Scene ${scene.displaySequence}`}>{children}</PhoneSheet>}</Suspense>
    </>
  );
}

function Windows({ scenes, actions }: { scenes: Scene[]; actions: BoardActions }) {
  const adding = useBoard(b => b.adding), keys = useBoard(b => b.keys);
  return (
    <Suspense>
      {adding !== null && <AddScene after={adding} scenes={scenes} actions={actions} onClose={() => setBoard({ adding: null })} />}
      {keys && <KeysDialog onClose={() => setBoard({ keys: false })} />}
    </Suspense>
  );
}

/** On the screen of a scene that has no take yet. */
function NotFilmed({ scene: s, busy, actions }: { scene: Scene; busy: boolean; actions: BoardActions }) {
  const filming = s.artifacts.take.state === 'running', held = stateOf(s).sign === 'held';
  return (
    <div className="flex size-full flex-col items-center justify-center bg-[radial-gradient(ellipse_at_center,oklch(.22_.01_265),oklch(.1_.004_265))] p-6 text-center" onClick={e => e.stopPropagation()}>
      <p className="font-mono text-xs text-white/60 tnum">Scene {s.displaySequence}</p>
      <p className="mt-2 line-clamp-2 max-w-xl text-xl font-semibold tracking-tight sm:text-3xl">{s.title}</p>
      <p className="mt-3 line-clamp-3 max-w-xl text-white/70 max-sm:hidden">{s.action ?? s.prompt}</p>
      {filming ? <p className="mt-5 text-processing">Being filmed</p> : held ? <p className="mt-5 text-warn">Waits for your answer</p> : <Button className="mt-5" isDisabled={busy} onPress={() => void actions.film([s.sequence]).catch(notifyProblem)}><Film className="size-4" />Film this scene</Button>}
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
