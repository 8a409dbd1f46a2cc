'use client';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { ApiError } from '@/api/client';
import { useToasts } from '@/lib/notify';

const Toaster = lazy(() => import('./toaster').then(m => ({ default: m.Toaster })));

// Reads are tried again when the server is away or busy; what it refused stays refused.
const worthAnother = (tries: number, error: Error) => tries < 3 && error instanceof ApiError && (error.status === 0 || error.status >= 500);

function newClient() {
  return new QueryClient({
    queryCache: new QueryCache(),
    defaultOptions: { queries: { retry: worthAnother, retryDelay: n => Math.min(500 * 2 ** n, 4000), refetchOnWindowFocus: true, staleTime: 1000 }, mutations: { retry: false } },
  });
}

export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(newClient), wanted = useToasts(s => s.wanted);
  return (
    <QueryClientProvider client={client}>
      {children}
      {wanted && <Suspense><Toaster /></Suspense>}
    </QueryClientProvider>
  );
}
