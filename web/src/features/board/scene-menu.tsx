'use client';
import { ArrowLeft, ArrowRight, CopyPlus, Ellipsis, Plus, RotateCcw, Trash2 } from 'lucide-react';
import type { Scene } from '@/api/client';
import { Item, Menu, MenuTrigger, Rule } from '@/ui/overlay';
import { TriggerIcon } from '@/ui/trigger';
import type { BoardActions } from './actions';
import { hide, setBoard } from './store';

/** Opens at once: it was asked for before it was there. */
export function SceneMenu({ scene: s, busy, last, actions }: { scene: Scene; busy: boolean; last: number; actions: BoardActions }) {
  return (
    <MenuTrigger defaultOpen>
      <TriggerIcon label={`More for scene ${s.displaySequence}`} size="small" className="-my-1 h-6! w-6!"><Ellipsis className="size-4" /></TriggerIcon>
      <Menu label="Scene">
        <Item icon={<ArrowLeft className="size-4" />} hint="Alt ←" isDisabled={s.displaySequence === 1} onAction={() => actions.move(s.sequence, -1)}>Move earlier</Item>
        <Item icon={<ArrowRight className="size-4" />} hint="Alt →" isDisabled={s.displaySequence === last} onAction={() => actions.move(s.sequence, 1)}>Move later</Item>
        <Rule />
        <Item icon={<RotateCcw className="size-4" />} hint="R" onAction={() => setBoard({ selected: s.sequence, tab: 'takes', sheet: true })}>Take again…</Item>
        <Item icon={<Plus className="size-4" />} hint="N" isDisabled={busy} onAction={() => setBoard({ adding: s.sequence })}>Add a scene after</Item>
        <Item icon={<CopyPlus className="size-4" />} isDisabled={busy} onAction={() => void actions.duplicate(s.sequence)}>Duplicate</Item>
        <Rule />
        <Item icon={<Trash2 className="size-4" />} hint="Del" danger isDisabled={busy || last < 2} onAction={() => actions.remove(s.sequence, hide)}>Delete</Item>
      </Menu>
    </MenuTrigger>
  );
}
