'use client';
import clsx from 'clsx';
import { useId, type ReactNode } from 'react';

export const inputClass = 'w-full rounded-control border border-line-strong/70 bg-field px-3 text-fg outline-none transition-colors hover:border-line-strong focus:border-accent-text focus:ring-1 focus:ring-accent-text disabled:border-line disabled:text-faint invalid:border-danger max-sm:text-base';

/** A few choices in a row, of which one holds. */
export function Choice<T extends string>({ label, value, onChange, options, hidden, isDisabled, className }: { label: string; value: T; onChange(value: T): void; options: { value: T; label: ReactNode; name?: string }[]; hidden?: boolean; isDisabled?: boolean; className?: string }) {
  const group = useId();
  return (
    <fieldset disabled={isDisabled} className={clsx('min-w-0 disabled:opacity-60', className)}>
      <legend className={hidden ? 'sr-only' : 'mb-1.5 text-xs font-medium text-muted'}>{label}</legend>
      <div className="inline-flex w-fit max-w-full gap-0.5 overflow-x-auto rounded-[9px] border border-line bg-inset p-0.5 [scrollbar-width:none]">
        {options.map(o => (
          <label key={o.value} className="hit relative flex h-8 shrink-0 cursor-pointer items-center justify-center gap-2 rounded-[7px] px-3 text-muted transition-colors hover:text-fg has-checked:bg-raised in-data-[theme=light]:has-checked:bg-surface has-checked:font-medium has-checked:text-fg has-checked:shadow-[0_1px_2px_rgb(0_0_0/.25)] has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-focus">
            <input type="radio" name={group} value={o.value} checked={o.value === value} onChange={() => onChange(o.value)} aria-label={o.name} className="absolute inset-0 cursor-pointer appearance-none opacity-0" />
            {o.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
