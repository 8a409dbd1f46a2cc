'use client';
import clsx from 'clsx';
import { useId, type ReactNode, type Ref } from 'react';
import { inputClass } from './choice';

type FieldProps = {
  label: string; value: string; onChange(value: string): void; help?: ReactNode; error?: string; placeholder?: string; rows?: number; max?: number;
  hidden?: boolean; disabled?: boolean; type?: string; mono?: boolean; onBlur?: () => void; name?: string; inputRef?: Ref<HTMLInputElement & HTMLTextAreaElement>; large?: boolean; autoFocus?: boolean; inputMode?: 'decimal' | 'numeric';
};

/** A line or a few of text, with its name, a word of help, or what is wrong with it. */
export function Field({ label, value, onChange, help, error, placeholder, rows, max, hidden, disabled, type, mono, onBlur, name, inputRef, large, autoFocus, inputMode }: FieldProps) {
  const id = useId(), said = error ?? help;
  const shape = clsx(inputClass, 'aria-invalid:border-danger', mono && 'font-mono tnum', large ? 'text-lg leading-7' : rows ? 'leading-6' : '');
  const common = {
    id, value, placeholder, name, autoFocus, disabled, maxLength: max, onBlur, ref: inputRef, onChange: (e: { target: { value: string } }) => onChange(e.target.value),
    'aria-label': hidden ? label : undefined, 'aria-invalid': error ? true : undefined, 'aria-describedby': said ? `${id}-said` : undefined,
  };
  return (
    <div className="flex flex-col">
      {!hidden && <label htmlFor={id} className="mb-1.5 text-xs font-medium text-muted">{label}</label>}
      {rows
        ? <textarea {...common} rows={rows} style={{ minHeight: `calc(${rows}lh + 1.375rem)` }} className={clsx(shape, 'scroll-quiet max-h-[32rem] resize-y [field-sizing:content] py-2.5', large && 'px-4 py-3.5')} />
        : <input {...common} type={type} inputMode={inputMode} className={clsx(shape, 'hit h-9')} />}
      {said && <span id={`${id}-said`} className={clsx('mt-1.5 text-xs', error ? 'text-danger' : 'text-faint')}>{said}</span>}
    </div>
  );
}
