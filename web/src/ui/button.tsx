'use client';
import clsx from 'clsx';
import type { ReactNode } from 'react';
import { Button as Press, Link as AriaLink, Tooltip as Tip, TooltipTrigger, type ButtonProps as PressProps } from 'react-aria-components';
import { LoaderCircle } from 'lucide-react';

type Look = 'primary' | 'secondary' | 'ghost' | 'danger';
type Size = 'small' | 'normal' | 'large';

const looks: Record<Look, string> = {
  primary: 'bg-accent text-accent-fg font-semibold hover:brightness-105 pressed:brightness-95 disabled:bg-raised disabled:text-faint',
  secondary: 'bg-raised text-fg border border-line hover:border-line-strong/60 pressed:bg-surface disabled:text-faint',
  ghost: 'text-muted hover:bg-raised hover:text-fg pressed:bg-surface disabled:text-faint/60',
  danger: 'bg-danger-soft text-danger hover:brightness-110 pressed:brightness-95 disabled:text-faint',
};
const sizes: Record<Size, string> = { small: 'h-7 px-2.5 text-xs gap-1.5', normal: 'h-9 px-3.5 gap-2', large: 'h-11 px-5 text-base gap-2.5' };

export const buttonClass = (look: Look = 'secondary', size: Size = 'normal', more = '') =>
  clsx('hit inline-flex shrink-0 items-center justify-center rounded-control font-medium whitespace-nowrap transition-colors duration-100 disabled:cursor-not-allowed', looks[look], sizes[size], more);

export type ButtonProps = Omit<PressProps, 'className' | 'children'> & { look?: Look; size?: Size; className?: string; children?: ReactNode };

export function Button({ look, size, className, children, ...rest }: ButtonProps) {
  return (
    <Press {...rest} className={buttonClass(look, size, className)}>
      {rest.isPending && <LoaderCircle className="size-4 animate-spin" aria-hidden />}
      {children}
    </Press>
  );
}

/** A button that is only a picture: its name is spoken, and shown with its key while the pointer rests. */
export function IconButton({ label, keys, look = 'ghost', size = 'normal', className, children, ...rest }: ButtonProps & { label: string; keys?: string }) {
  const side = size === 'small' ? 'h-7 w-7' : size === 'large' ? 'h-11 w-11' : 'h-9 w-9';
  return (
    <TooltipTrigger delay={500}>
      <Press {...rest} aria-label={label} className={clsx(buttonClass(look, size), 'px-0!', side, className)}>{children}</Press>
      <Tooltip>{label}{keys && <Kbd>{keys}</Kbd>}</Tooltip>
    </TooltipTrigger>
  );
}

export function Tooltip({ children }: { children: ReactNode }) {
  return <Tip offset={6} className="flex items-center gap-2 rounded-control border border-line bg-raised px-2 py-1 text-xs text-fg shadow-float entering:animate-appear">{children}</Tip>;
}

export function Kbd({ children }: { children: ReactNode }) {
  return <kbd className="rounded-chip border border-line bg-surface px-1.5 font-mono text-2xs text-muted">{children}</kbd>;
}

export function LinkButton({ look, size, className, ...rest }: { href: string; look?: Look; size?: Size; className?: string; children: ReactNode; download?: boolean; 'aria-label'?: string }) {
  return <AriaLink {...rest} className={buttonClass(look, size, className)} />;
}
