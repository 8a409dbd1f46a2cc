'use client';
import clsx from 'clsx';
import { LoaderCircle } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode, Ref } from 'react';

export type Look = 'primary' | 'secondary' | 'ghost' | 'danger';
export type Size = 'small' | 'normal' | 'large';

const looks: Record<Look, string> = {
  primary: 'bg-accent text-accent-fg font-semibold hover:brightness-105 active:brightness-95 disabled:bg-fg/8 disabled:text-faint',
  secondary: 'bg-raised text-fg border border-line hover:border-line-strong/60 active:bg-surface disabled:text-faint',
  ghost: 'text-muted hover:bg-raised hover:text-fg active:bg-surface disabled:text-faint/60',
  danger: 'bg-danger-soft text-danger hover:brightness-110 active:brightness-95 disabled:text-faint',
};
const sizes: Record<Size, string> = { small: 'h-7 px-2.5 text-xs gap-1.5', normal: 'h-9 px-3.5 gap-2', large: 'h-11 px-5 text-base gap-2.5' };
const squares: Record<Size, string> = { small: 'h-7 w-7', normal: 'h-9 w-9', large: 'h-11 w-11' };

export const buttonClass = (look: Look = 'secondary', size: Size = 'normal', more = '') =>
  clsx('hit inline-flex shrink-0 items-center justify-center rounded-control font-medium whitespace-nowrap transition-colors duration-100 disabled:cursor-not-allowed', looks[look], sizes[size], more);
export const squareClass = (look: Look = 'ghost', size: Size = 'normal', more = '') => clsx(buttonClass(look, size), 'px-0!', squares[size], more);

export type ButtonProps = {
  look?: Look; size?: Size; className?: string; children?: ReactNode; onPress?: () => void; isDisabled?: boolean; isPending?: boolean; type?: 'button' | 'submit'; tabIndex?: number;
  'aria-label'?: string; 'aria-pressed'?: boolean; 'data-tip'?: string; 'data-keys'?: string; ref?: Ref<HTMLButtonElement>;
};

/** While it is pending it keeps its focus and takes no second press. */
export function Button({ look, size, className, children, onPress, isDisabled, isPending, type = 'button', ...rest }: ButtonProps) {
  return (
    <button {...rest} type={isPending ? 'button' : type} disabled={isDisabled} aria-busy={isPending || undefined} onClick={isPending ? undefined : onPress} className={buttonClass(look, size, className)}>
      {isPending && <LoaderCircle className="size-4 animate-spin" aria-hidden />}
      {children}
    </button>
  );
}

/** A button that is only a picture: its name is spoken, and shown with its key while the pointer rests (tips.tsx). */
export function IconButton({ label, keys, look = 'ghost', size = 'normal', className, children, onPress, isDisabled, ...rest }: Omit<ButtonProps, 'isPending'> & { label: string; keys?: string }) {
  return <button type="button" {...rest} aria-label={label} data-tip={label} data-keys={keys} disabled={isDisabled} onClick={onPress} className={squareClass(look, size, className)}>{children}</button>;
}

export function Kbd({ children }: { children: ReactNode }) {
  return <kbd className="rounded-chip border border-line bg-surface px-1.5 font-mono text-2xs text-muted">{children}</kbd>;
}

export function LinkButton({ look, size, className, ...rest }: { href: string; look?: Look; size?: Size; className?: string; children: ReactNode; 'aria-label'?: string }) {
  return <Link {...rest} prefetch={false} className={buttonClass(look, size, className)} />;
}
