'use client';
import { lazy, Suspense } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import type { Project, Scene, SongMap } from '@/api/client';
import { seconds, timecode } from '@/lib/time';
import { Bone, Pill } from '@/ui/state';
import { sentence } from '@/lib/notify';
import type { CutPlayer, Segment } from '../player/cut';
import type { BoardActions } from './actions';
import { SceneForm } from './scene-form';
import { stateOf } from './scene-words';
import { setBoard, useBoard } from './store';

const Takes = lazy(() => import('../takes/takes').then(m => ({ default: m.Takes })));
const LipSync = lazy(() => import('../lipsync/lipsync').then(m => ({ default: m.LipSync })));
const TrimPanel = lazy(() => import('../trim/trim').then(m => ({ default: m.TrimPanel })));

type Props = { project: Project; scene: Scene; segment: Segment | undefined; map: SongMap | undefined; busy: boolean; player: CutPlayer; actions: BoardActions };
const tabs = [['scene', 'Scene'], ['takes', 'Takes'], ['trim', 'Trim'], ['lips', 'Lip-sync']] as const;

export function Inspector({ project, scene: s, segment, map, busy, player, actions }: Props) {
  const tab = useBoard(b => b.tab);
  const state = stateOf(s);
  return (
    <div className="flex min-h-0 flex-col">
      <div className="px-5 pt-5">
        <div className="flex items-center gap-3 text-xs text-faint tnum"><span>Scene {s.displaySequence}</span>{s.section && <span className="capitalize">{s.section}</span>}<span>{timecode(segment?.start ?? s.startTime)}</span><span>{seconds(s.duration)}</span></div>
        <h2 className="mt-1 text-xl leading-7 font-semibold tracking-tight text-balance">{s.title || 'Untitled scene'}</h2>
        <div className="mt-2"><Pill sign={state.sign}>{state.words}</Pill></div>
        {state.cause && <p className="mt-2 text-xs text-muted">{sentence(state.cause)} {state.next && sentence(state.next)}</p>}
      </div>
      <Tabs selectedKey={tab} onSelectionChange={k => setBoard({ tab: String(k) })} className="mt-4 flex min-h-0 flex-col">
        <TabList aria-label="About the scene" className="flex gap-1 border-b border-line px-3">
          {tabs.map(([id, name]) => (
            <Tab key={id} id={id} className="hit relative flex h-10 cursor-pointer items-center rounded-t-control px-2.5 font-medium text-faint outline-none transition-colors hover:text-fg focus-visible:ring-2 focus-visible:ring-focus focus-visible:ring-inset selected:text-fg selected:after:absolute selected:after:inset-x-2 selected:after:bottom-0 selected:after:h-0.5 selected:after:rounded-full selected:after:bg-accent">
              {name}{id === 'takes' && s.takeCount > 0 && <span className="ml-1.5 rounded-full bg-raised px-1.5 text-2xs tnum">{s.takeCount}</span>}
            </Tab>
          ))}
        </TabList>
        <Suspense fallback={<div className="p-5"><Bone className="h-40" /></div>}>
          <TabPanel id="scene" className="p-5 outline-none"><SceneForm key={s.sequence} project={project} scene={s} busy={busy} actions={actions} /></TabPanel>
          <TabPanel id="takes" className="p-5 outline-none"><Takes key={s.sequence} project={project} scene={s} player={player} actions={actions} /></TabPanel>
          <TabPanel id="trim" className="p-5 outline-none"><TrimPanel key={s.sequence} scene={s} segment={segment} map={map} player={player} actions={actions} /></TabPanel>
          <TabPanel id="lips" className="p-5 outline-none"><LipSync key={s.sequence} project={project} scene={s} map={map} player={player} actions={actions} /></TabPanel>
        </Suspense>
      </Tabs>
    </div>
  );
}
