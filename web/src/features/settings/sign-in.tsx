'use client';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { Mark } from '@/ui/shell';
import { sentence } from '@/lib/notify';

// Only paths of this server: an address with a host could lead elsewhere.
const wayBack = () => {
  const next = new URLSearchParams(location.search).get('next') ?? '/';
  return /^\/(?![/\\])/.test(next) ? next : '/';
};

export function SignIn() {
  const [token, setToken] = useState('');
  const enter = useMutation({
    mutationFn: () => api.POST('/api/session', { body: { token: token.trim() } }),
    onSuccess: () => location.assign(wayBack()),
  });
  return (
    <div className="flex min-h-dvh flex-col items-center justify-center p-6">
      <Mark className="size-14" />
      <h1 className="mt-6 text-center text-3xl font-semibold tracking-tight">This cutting room is locked</h1>
      <p className="mt-2 max-w-md text-center text-base text-muted">Whoever started the server chose a token. Enter it once; this browser remembers it until you sign out.</p>
      <form className="mt-8 w-full max-w-sm" onSubmit={e => { e.preventDefault(); if (token.trim()) enter.mutate(); }}>
        <Field label="Token" type="password" name="token" value={token} onChange={setToken} mono autoFocus error={enter.error ? sentence(enter.error.message) : undefined} />
        <Button look="primary" size="large" type="submit" className="mt-4 w-full" isPending={enter.isPending} isDisabled={!token.trim()}>Enter</Button>
      </form>
    </div>
  );
}
