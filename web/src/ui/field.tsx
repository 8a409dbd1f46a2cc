'use client';
import clsx from 'clsx';
import type { ReactNode, Ref } from 'react';
import { FieldError, Input, Label, Radio, RadioGroup, Text, TextArea, TextField } from 'react-aria-components';

export const inputClass = 'w-full rounded-control border border-line-strong/55 bg-inset px-3 text-fg outline-none transition-colors hover:border-line-strong focus:border-accent-text focus:ring-1 focus:ring-accent-text disabled:border-line disabled:text-faint invalid:border-danger max-sm:text-base';

type FieldProps = {
  label: string; value: string; onChange(value: string): void; help?: ReactNode; error?: string; placeholder?: string; rows?: number; max?: number;
  hidden?: boolean; disabled?: boolean; type?: string; mono?: boolean; onBlur?: () => void; name?: string; inputRef?: Ref<HTMLInputElement & HTMLTextAreaElement>; large?: boolean; autoFocus?: boolean; inputMode?: 'decimal' | 'numeric';
};

export function Field({ label, value, onChange, help, error, placeholder, rows, max, hidden, disabled, type, mono, onBlur, name, inputRef, large, autoFocus, inputMode }: FieldProps) {
  const shape = clsx(inputClass, mono && 'font-mono tnum', large ? 'text-lg leading-7' : rows ? 'leading-6' : '');
  return (
    <TextField value={value} onChange={onChange} isInvalid={!!error} isDisabled={disabled} maxLength={max} type={type} onBlur={onBlur} name={name} aria-label={hidden ? label : undefined} autoFocus={autoFocus} className="flex flex-col">
      {!hidden && <Label className="mb-1.5 text-xs font-medium text-muted">{label}</Label>}
      {rows
        ? <TextArea ref={inputRef} rows={rows} placeholder={placeholder} className={clsx(shape, 'scroll-quiet resize-y py-2.5', large && 'px-4 py-3.5')} />
        : <Input ref={inputRef} placeholder={placeholder} inputMode={inputMode} className={clsx(shape, 'hit h-9')} />}
      {help && !error && <Text slot="description" className="mt-1.5 text-xs text-faint">{help}</Text>}
      <FieldError className="mt-1.5 text-xs text-danger">{error}</FieldError>
    </TextField>
  );
}

/** A few choices in a row, of which one holds. */
export function Choice<T extends string>({ label, value, onChange, options, hidden, disabled, className }: { label: string; value: T; onChange(value: T): void; options: { value: T; label: ReactNode; name?: string }[]; hidden?: boolean; disabled?: boolean; className?: string }) {
  return (
    <RadioGroup value={value} onChange={v => onChange(v as T)} orientation="horizontal" isDisabled={disabled} aria-label={hidden ? label : undefined} className={clsx('flex flex-col', className)}>
      {!hidden && <Label className="mb-1.5 text-xs font-medium text-muted">{label}</Label>}
      <div className="inline-flex w-fit max-w-full gap-0.5 overflow-x-auto rounded-[9px] [scrollbar-width:none] border border-line bg-inset p-0.5">
        {options.map(o => (
          <Radio key={o.value} value={o.value} aria-label={o.name} className="hit flex h-8 shrink-0 items-center justify-center gap-2 rounded-[7px] px-3 text-muted transition-colors hover:text-fg selected:bg-raised selected:font-medium selected:text-fg selected:shadow-[0_1px_2px_rgb(0_0_0/.25)] focus-visible:outline-2 focus-visible:outline-focus disabled:text-faint">{o.label}</Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
