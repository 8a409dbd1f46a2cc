'use client';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Toaster } from 'sonner';
import { ApiError } from '@/api/client';

// Reads are tried again when the server is away or busy; what it refused stays refused.
const worthAnother = (tries: number, error: Error) => tries < 3 && error instanceof ApiError && (error.status === 0 || error.status >= 500);

function newClient() {
  return new QueryClient({
    queryCache: new QueryCache(),
    defaultOptions: { queries: { retry: worthAnother, retryDelay: n => Math.min(500 * 2 ** n, 4000), refetchOnWindowFocus: true, staleTime: 1000 }, mutations: { retry: false } },
  });
}

export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(newClient);
  return (
    <QueryClientProvider client={client}>
      {children}
      <Toaster style={{ fontFamily: 'inherit' }} position="bottom-center" gap={8} visibleToasts={3} toastOptions={{ unstyled: true, classNames: {
        toast: 'font-sans flex w-full items-center gap-3 rounded-card bg-raised border border-line shadow-float px-4 py-3 text-sm text-fg sm:w-[26rem]',
        title: 'font-medium', description: 'text-muted mt-0.5', content: 'flex-1', error: 'border-danger/50',
        actionButton: 'text-accent-text font-medium px-2 py-1 -my-1 rounded-control hover:bg-surface',
      } }} />
    </QueryClientProvider>
  );
}
