'use client';
import clsx from 'clsx';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import {
  Dialog as AriaDialog, DialogTrigger, Heading, Menu as AriaMenu, MenuItem, MenuTrigger, Modal, ModalOverlay, Popover as AriaPopover, Separator,
  type MenuItemProps,
} from 'react-aria-components';
import { Button, IconButton } from './button';

export { DialogTrigger, MenuTrigger };

/** A window over the page; a sheet from below on a phone. */
export function Dialog({ title, children, open, onClose, wide }: { title: string; children: ReactNode; open: boolean; onClose(): void; wide?: boolean }) {
  return (
    <ModalOverlay isOpen={open} onOpenChange={on => { if (!on) onClose(); }} isDismissable data-modal
      className="fixed inset-0 z-40 flex items-end justify-center bg-black/60 backdrop-blur-[2px] entering:animate-appear sm:items-center sm:p-6">
      <Modal className={clsx('scroll-quiet max-h-[92dvh] w-full overflow-y-auto rounded-t-dialog border border-line bg-surface shadow-float entering:animate-rise sm:rounded-dialog', wide ? 'sm:max-w-5xl' : 'sm:max-w-lg')}>
        <AriaDialog className="outline-none">
          <div className="sticky top-0 z-10 flex items-center gap-3 bg-surface px-6 pt-5 pb-3">
            <Heading slot="title" className="flex-1 text-lg font-semibold tracking-tight">{title}</Heading>
            <IconButton label="Close" keys="Esc" onPress={onClose}><X className="size-4" /></IconButton>
          </div>
          <div className="px-6 pb-6">{children}</div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** A question before something that cannot be taken back. */
export function Confirm({ title, children, action, open, onClose, onConfirm, pending }: { title: string; children: ReactNode; action: string; open: boolean; onClose(): void; onConfirm(): void; pending?: boolean }) {
  return (
    <Dialog title={title} open={open} onClose={onClose}>
      <div className="text-muted">{children}</div>
      <div className="mt-6 flex justify-end gap-2">
        <Button look="ghost" onPress={onClose}>Cancel</Button>
        <Button look="danger" onPress={onConfirm} isPending={pending}>{action}</Button>
      </div>
    </Dialog>
  );
}

export function Popover({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <AriaPopover offset={8} className={clsx('scroll-quiet max-h-[70dvh] overflow-y-auto rounded-card border border-line bg-surface shadow-float outline-none entering:animate-rise', className)}>
      <AriaDialog className="outline-none">{children}</AriaDialog>
    </AriaPopover>
  );
}

export function Menu({ label, children }: { label: string; children: ReactNode }) {
  return (
    <AriaPopover offset={6} className="min-w-52 rounded-card border border-line bg-surface p-1.5 shadow-float outline-none entering:animate-rise">
      <AriaMenu aria-label={label} className="outline-none">{children}</AriaMenu>
    </AriaPopover>
  );
}
export function Item({ icon, danger, hint, children, ...rest }: Omit<MenuItemProps, 'children'> & { icon?: ReactNode; danger?: boolean; hint?: string; children: string }) {
  return (
    <MenuItem {...rest} textValue={children}
      className={clsx('hit flex items-center gap-2.5 rounded-control px-2.5 py-2 outline-none focus:bg-raised disabled:text-faint', danger ? 'text-danger' : 'text-fg')}>
      <span className="flex size-4 items-center text-faint" aria-hidden>{icon}</span><span className="flex-1">{children}</span>
      {hint && <span className="font-mono text-2xs text-faint">{hint}</span>}
    </MenuItem>
  );
}
export const Rule = () => <Separator className="my-1.5 h-px border-0 bg-line" />;
