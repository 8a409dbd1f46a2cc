'use client';
import { X } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Dialog as AriaDialog, Modal, ModalOverlay } from 'react-aria-components';
import type { Scene } from '@/api/client';
import { notify } from '@/lib/notify';
import { parseTimecode } from '@/lib/time';
import { Button, IconButton, Kbd } from '@/ui/button';
import { Field } from '@/ui/field';
import { Dialog } from '@/ui/overlay';
import { ErrorNote } from '@/ui/state';
import type { BoardActions } from './actions';
import { setBoard } from './store';

export function AddScene({ after, scenes, actions, onClose }: { after: number; scenes: Scene[]; actions: BoardActions; onClose(): void }) {
  const [idea, setIdea] = useState(''), [length, setLength] = useState(''), [error, setError] = useState<unknown>(null), [pending, setPending] = useState(false);
  const before = scenes.find(s => s.sequence === after), duration = length ? parseTimecode(length) : undefined;
  const add = () => {
    if (!idea.trim() || duration === null) return;
    setPending(true);
    actions.add(idea.trim(), after, duration)
      .then(s => { setBoard({ selected: s.sequence, tab: 'scene' }); notify('The scene is on the board.'); onClose(); })
      .catch(setError).finally(() => setPending(false));
  };
  return (
    <Dialog title={before ? `A scene after ${before.displaySequence}` : 'A scene'} open onClose={onClose}>
      <form className="flex flex-col gap-4" onSubmit={e => { e.preventDefault(); add(); }}>
        <Field label="What should be seen" value={idea} onChange={setIdea} rows={4} max={8000} autoFocus placeholder="She stops under the neon sign and looks back" help="It is worked out in the project’s style." />
        <Field label="Seconds" value={length} onChange={setLength} mono inputMode="decimal" placeholder="As the style tends to" error={duration === null ? 'A number of seconds, for example 4.' : undefined} />
        {error !== null && <ErrorNote error={error} />}
        <div className="flex justify-end gap-2"><Button look="ghost" onPress={onClose}>Cancel</Button><Button look="primary" type="submit" isPending={pending} isDisabled={!idea.trim()}>Add the scene</Button></div>
      </form>
    </Dialog>
  );
}

const keys: [string, [string[], string][]][] = [
  ['Playing', [[['Space'], 'Play, pause'], [['J', 'K', 'L'], 'Back, stop, on; again is faster'], [[',', '.'], 'A frame back, on'], [['Shift ,', 'Shift .'], 'A second back, on'], [['[', ']'], 'Previous, next cut'], [['Shift L'], 'Loop the scene'], [['Home', 'End'], 'Start, end of the film'], [['M', 'F'], 'Mute, full screen']]],
  ['Scenes', [[['↑', '↓'], 'Previous, next scene'], [['Alt ←', 'Alt →'], 'Move it earlier, later'], [['E'], 'Edit its words'], [['T'], 'Trim'], [['R'], 'Take again'], [['N'], 'Add a scene after it'], [['Delete'], 'Delete it'], [['1', '…', '9'], 'Use that take']]],
  ['Cutting', [[['I', 'O'], 'In, out at the playhead'], [['Alt I', 'Alt O'], 'Take them away'], [['S'], 'Snap to beats'], [['+', '−', 'Shift Z'], 'Zoom, fit'], [['Ctrl Z', 'Ctrl Shift Z'], 'Undo, redo'], [['?'], 'This list']]],
];

export function KeysDialog({ onClose }: { onClose(): void }) {
  return (
    <Dialog title="Keys" open onClose={onClose} wide>
      <div className="grid gap-8 sm:grid-cols-3">
        {keys.map(([name, list]) => (
          <section key={name}>
            <h3 className="mb-3 text-xs font-medium text-faint">{name}</h3>
            <dl className="flex flex-col gap-2.5">
              {list.map(([presses, words]) => <div key={words} className="flex items-center gap-2"><dt className="flex w-28 shrink-0 gap-1">{presses.map(k => <Kbd key={k}>{k}</Kbd>)}</dt><dd className="text-muted">{words}</dd></div>)}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

/** The inspector on a phone. The picture stays in sight above it: what is trimmed or read is looked at. */
export function PhoneSheet({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ModalOverlay isOpen onOpenChange={on => setBoard({ sheet: on })} isDismissable data-modal className="fixed inset-0 z-40 flex items-end">
      <Modal className="scroll-quiet h-[max(62dvh,calc(100dvh-var(--band)-20rem))] w-full overflow-y-auto overscroll-contain rounded-t-dialog border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] shadow-float entering:animate-rise">
        <AriaDialog aria-label={label} className="relative outline-none">
          <IconButton label="Close" className="absolute! top-3 right-3 z-10" onPress={() => setBoard({ sheet: false })}><X className="size-4" /></IconButton>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
