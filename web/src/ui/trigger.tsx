'use client';
import type { ReactNode } from 'react';
import { Button as Press } from 'react-aria-components';
import { buttonClass, squareClass, type Look, type Size } from './button';

/** Buttons that open something of React Aria's (menus, popovers, file choosers): they hear of it through its context. */
type Props = { look?: Look; size?: Size; className?: string; children: ReactNode; isDisabled?: boolean };

export function TriggerButton({ look, size, className, ...rest }: Props) {
  return <Press {...rest} className={buttonClass(look, size, className)} />;
}
export function TriggerIcon({ label, look, size, className, ...rest }: Props & { label: string }) {
  return <Press {...rest} aria-label={label} data-tip={label} className={squareClass(look, size, className)} />;
}
