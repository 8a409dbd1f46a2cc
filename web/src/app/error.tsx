'use client';
import { useEffect } from 'react';
import { Button } from '@/ui/button';
import { EmptyState } from '@/ui/state';

// A tab that was open while the program was replaced asks for parts that are gone: one reload brings the new ones.
const isStale = (e: Error) => e.name === 'ChunkLoadError' || /Failed to load chunk|Loading chunk|dynamically imported module/.test(e.message);
const PAUSE_MS = 30_000;

export default function ErrorPage({ error, reset }: { error: Error; reset(): void }) {
  useEffect(() => {
    const last = Number(sessionStorage.getItem('reloaded-at') ?? 0);
    if (!isStale(error) || Date.now() - last < PAUSE_MS) return;
    sessionStorage.setItem('reloaded-at', String(Date.now()));
    location.reload();
  }, [error]);
  return <EmptyState title="This screen stopped working" action={<Button look="primary" onPress={reset}>Try again</Button>}>Your project is safe on the server. {error.message}</EmptyState>;
}
