'use client';
import clsx from 'clsx';
import { lazy, memo, Suspense, useId, useRef, type KeyboardEvent } from 'react';
import type { Project, Scene, SongMap } from '@/api/client';
import { seconds, timecode } from '@/lib/time';
import { Bone, Pill } from '@/ui/state';
import type { CutPlayer, Segment } from '../player/cut';
import type { BoardActions } from './actions';
import { SceneForm } from './scene-form';
import { SceneNote } from './scene-note';
import { stateOf } from './scene-words';
import { setBoard, useBoard } from './store';

const Takes = lazy(() => import('../takes/takes').then(m => ({ default: m.Takes })));
const LipSync = lazy(() => import('../lipsync/lipsync').then(m => ({ default: m.LipSync })));
const TrimPanel = lazy(() => import('../trim/trim').then(m => ({ default: m.TrimPanel })));

type Props = { project: Project; scene: Scene; segment: Segment | undefined; map: SongMap | undefined; busy: boolean; player: CutPlayer; actions: BoardActions };
const tabs = [['scene', 'Scene'], ['takes', 'Takes'], ['trim', 'Trim'], ['lips', 'Lip-sync']] as const;

export const Inspector = memo(function Inspector({ project, scene: s, segment, map, busy, player, actions }: Props) {
  const tab = useBoard(b => b.tab), group = useId();
  const state = stateOf(s);
  return (
    <div className="flex min-h-0 flex-col">
      <div className="px-5 pt-5">
        <div className="flex items-center gap-3 text-xs text-faint tnum"><span>Scene {s.displaySequence}</span>{s.section && <span className="capitalize">{s.section}</span>}<span>{timecode(segment?.start ?? s.startTime)}</span><span>{seconds(s.duration)}</span></div>
        <h2 className="mt-1 text-xl leading-7 font-semibold tracking-tight text-balance">{s.title || 'Untitled scene'}</h2>
        <div className="mt-2"><Pill sign={state.sign}>{state.words}</Pill></div>
        <SceneNote project={project} scene={s} state={state} busy={busy} actions={actions} />
      </div>
      <TabRow group={group} tab={tab} takes={s.takeCount} />
      <div role="tabpanel" id={`${group}-panel`} aria-labelledby={`${group}-${tab}`} className="p-5">
        <Suspense fallback={<Bone className="h-40" />}>
          {tab === 'scene' && <SceneForm key={s.sequence} project={project} scene={s} busy={busy} actions={actions} />}
          {tab === 'takes' && <Takes key={s.sequence} project={project} scene={s} player={player} actions={actions} />}
          {tab === 'trim' && <TrimPanel key={s.sequence} scene={s} aspect={project.aspect} segment={segment} map={map} player={player} actions={actions} />}
          {tab === 'lips' && <LipSync key={s.sequence} project={project} scene={s} map={map} player={player} actions={actions} />}
        </Suspense>
      </div>
    </div>
  );
});

/** One of them is in the tab order; arrows, Home and End walk, and what is walked to is shown. */
function TabRow({ group, tab, takes }: { group: string; tab: string; takes: number }) {
  const row = useRef<HTMLDivElement>(null), at = tabs.findIndex(([id]) => id === tab);
  const walk = (e: KeyboardEvent) => {
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[e.key];
    if (to === undefined) return;
    const next = (to + tabs.length) % tabs.length;
    e.preventDefault();
    e.stopPropagation();
    setBoard({ tab: tabs[next]![0] });
    (row.current!.children[next] as HTMLElement).focus();
  };
  return (
    <div role="tablist" aria-label="About the scene" ref={row} onKeyDown={walk} className="mt-4 flex gap-1 border-b border-line px-3">
      {tabs.map(([id, name]) => (
        <button key={id} type="button" role="tab" id={`${group}-${id}`} aria-selected={id === tab} aria-controls={id === tab ? `${group}-panel` : undefined} tabIndex={id === tab ? 0 : -1} onClick={() => setBoard({ tab: id })}
          className={clsx('hit relative flex h-10 items-center rounded-t-control px-2.5 font-medium outline-none transition-colors focus-visible:ring-2 focus-visible:ring-focus focus-visible:ring-inset', id === tab ? 'text-fg after:absolute after:inset-x-2 after:bottom-0 after:h-0.5 after:rounded-full after:bg-accent' : 'text-faint hover:text-fg')}>
          {name}{id === 'takes' && takes > 0 && <span className="ml-1.5 rounded-full bg-raised px-1.5 text-2xs tnum">{takes}</span>}
        </button>
      ))}
    </div>
  );
}
