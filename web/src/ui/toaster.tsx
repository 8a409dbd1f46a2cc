'use client';
import { useEffect } from 'react';
import { toast, Toaster as Sonner } from 'sonner';
import { toasterIsThere } from '@/lib/notify';

/** Below the bar, over the picture: the hand works at the bottom of the board, on the timeline. */
export function Toaster() {
  useEffect(() => toasterIsThere(toast), []);
  return (
    <Sonner style={{ fontFamily: 'inherit' }} position="top-center" offset={96} mobileOffset={72} gap={8} visibleToasts={3} toastOptions={{ unstyled: true, classNames: {
      toast: 'font-sans flex w-full items-center gap-3 rounded-card bg-raised border border-line shadow-float px-4 py-3 text-sm text-fg sm:w-[26rem]',
      title: 'font-medium', description: 'text-muted mt-0.5', content: 'flex-1', error: 'border-danger/50',
      actionButton: 'text-accent-text font-medium px-2 py-1 -my-1 rounded-control hover:bg-surface',
    } }} />
  );
}
