'use client';
import { useId } from 'react';

/** On or off, at once. */
export function Switch({ label, help, isSelected, isDisabled, onChange }: { label: string; help?: string; isSelected: boolean; isDisabled?: boolean; onChange(on: boolean): void }) {
  const id = useId();
  return (
    <div>
      <label className="hit flex w-fit cursor-pointer items-center gap-3 has-disabled:cursor-default has-disabled:text-faint">
        <span className="relative h-5 w-9 shrink-0 rounded-full border border-line-strong bg-inset transition-colors has-checked:border-accent has-checked:bg-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus">
          <input type="checkbox" role="switch" checked={isSelected} disabled={isDisabled} onChange={e => onChange(e.target.checked)} aria-describedby={help && id} className="peer absolute inset-0 size-full cursor-pointer appearance-none opacity-0" />
          <span className="pointer-events-none absolute top-[3px] left-[3px] size-3 rounded-full bg-line-strong transition-transform peer-checked:translate-x-4 peer-checked:bg-accent-fg" aria-hidden />
        </span>
        <span className="font-medium">{label}</span>
      </label>
      {help && <p id={id} className="mt-1 pl-12 text-xs text-faint">{help}</p>}
    </div>
  );
}
