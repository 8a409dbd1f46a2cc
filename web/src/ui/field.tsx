'use client';
import clsx from 'clsx';
import type { ReactNode, Ref } from 'react';
import { FieldError, Input, Label, Text, TextArea, TextField } from 'react-aria-components';
import { inputClass } from './choice';

type FieldProps = {
  label: string; value: string; onChange(value: string): void; help?: ReactNode; error?: string; placeholder?: string; rows?: number; max?: number;
  hidden?: boolean; disabled?: boolean; type?: string; mono?: boolean; onBlur?: () => void; name?: string; inputRef?: Ref<HTMLInputElement & HTMLTextAreaElement>; large?: boolean; autoFocus?: boolean; inputMode?: 'decimal' | 'numeric';
};

export function Field({ label, value, onChange, help, error, placeholder, rows, max, hidden, disabled, type, mono, onBlur, name, inputRef, large, autoFocus, inputMode }: FieldProps) {
  const shape = clsx(inputClass, mono && 'font-mono tnum', large ? 'text-lg leading-7' : rows ? 'leading-6' : '');
  return (
    <TextField value={value} onChange={onChange} isInvalid={!!error} validationBehavior="aria" isDisabled={disabled} maxLength={max} type={type} onBlur={onBlur} name={name} aria-label={hidden ? label : undefined} autoFocus={autoFocus} className="flex flex-col">
      {!hidden && <Label className="mb-1.5 text-xs font-medium text-muted">{label}</Label>}
      {rows
        ? <TextArea ref={inputRef} rows={rows} placeholder={placeholder} className={clsx(shape, 'scroll-quiet resize-y py-2.5', large && 'px-4 py-3.5')} />
        : <Input ref={inputRef} placeholder={placeholder} inputMode={inputMode} className={clsx(shape, 'hit h-9')} />}
      {help && !error && <Text slot="description" className="mt-1.5 text-xs text-faint">{help}</Text>}
      <FieldError className="mt-1.5 text-xs text-danger">{error}</FieldError>
    </TextField>
  );
}
