'use client';
import clsx from 'clsx';
import { Drama, Moon, Plus, Settings, Sun, WifiOff } from 'lucide-react';
import Link from 'next/link';
import { useEffect, useState, type ReactNode } from 'react';
import { useIsFetching, useQueryClient } from '@tanstack/react-query';
import { ApiError } from '@/api/client';
import { useHealth } from '@/api/queries';
import { useFinished } from '@/lib/finished';
import { useServerEvents } from '@/lib/live';
import { usePlace } from '@/lib/route';
import { setTheme, useShade } from '@/lib/theme';
import { IconButton, LinkButton } from './button';
import { Tips } from './tips';

export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" className={clsx('size-6', className)} aria-hidden fill="none" strokeLinecap="round">
      <path d="M5 3.5v17M19 3.5v17" stroke="currentColor" strokeOpacity=".45" strokeWidth="2.4" strokeDasharray="2 3" strokeLinecap="butt" />
      <path d="M12 2.5v19" stroke="var(--accent)" strokeWidth="2.4" />
    </svg>
  );
}

export function ThemeButton() {
  const dark = useShade() === 'dark';
  return <IconButton label={dark ? 'Light theme' : 'Dark theme'} onPress={() => setTheme(dark ? 'light' : 'dark')}>{dark ? <Sun className="size-4" /> : <Moon className="size-4" />}</IconButton>;
}

const places = [['/', 'Projects'], ['/activity/', 'Activity']] as const;

function Header() {
  const page = usePlace();
  return (
    <header className="sticky top-(--band) z-20 border-b border-line/70 bg-canvas/85 backdrop-blur-md">
      <div className="mx-auto flex h-14 max-w-[1500px] items-center gap-1 px-4 sm:px-8">
        <Link href="/" prefetch={false} className="mr-4 flex items-center gap-2 rounded-control text-base font-semibold tracking-tight sm:mr-6"><Mark /><span className="max-sm:sr-only">Storyreel</span></Link>
        <nav aria-label="Main" className="flex gap-1">
          {places.map(([href, name]) => (
            <Link key={href} href={href} prefetch={false} aria-current={page === href ? 'page' : undefined} className={clsx('hit flex h-9 items-center rounded-control px-3 font-medium transition-colors', page === href ? 'text-fg' : 'text-faint hover:text-fg')}>{name}</Link>
          ))}
        </nav>
        <div className="flex-1" />
        <ThemeButton />
        <LinkButton look="ghost" href="/settings/" aria-label="Settings" className="w-9 px-0!"><Settings className="size-4" /></LinkButton>
        <LinkButton look="primary" href="/new/" aria-label="New project" className="ml-2 max-sm:w-11 max-sm:px-0!"><Plus className="size-4" /><span className="max-sm:hidden">New project</span></LinkButton>
      </div>
    </header>
  );
}

/** Where the services are stand-ins, every page says so before anything else. */
function EmulatedBand() {
  const emulated = useHealth().data?.emulated ?? false;
  useEffect(() => { document.documentElement.toggleAttribute('data-emulated', emulated); }, [emulated]);
  if (!emulated) return null;
  return (
    <aside aria-label="Emulated" className="fixed inset-x-0 top-0 z-30 flex h-(--band) items-center justify-center gap-2 overflow-hidden bg-processing px-3 text-xs font-medium whitespace-nowrap text-canvas">
      <Drama className="size-3.5 shrink-0" aria-hidden /><strong className="font-semibold tracking-wide">EMULATED</strong><span className="truncate">Stand-ins for every service<span className="max-sm:hidden">, on this machine</span>: no price is real money.</span>
    </aside>
  );
}

/** Says when the server is away, and asks again until it is back. */
function ConnectionBar() {
  const client = useQueryClient();
  useIsFetching();
  const lost = client.getQueryCache().getAll().some(q => q.isActive() && q.state.fetchFailureReason instanceof ApiError && q.state.fetchFailureReason.status === 0);
  const [left, setLeft] = useState(5);
  useEffect(() => {
    if (!lost) return;
    const timer = setInterval(() => setLeft(n => {
      if (n > 1) return n - 1;
      void client.refetchQueries({ type: 'active' });
      return 5;
    }), 1000);
    return () => { clearInterval(timer); setLeft(5); };
  }, [lost, client]);
  if (!lost) return null;
  return (
    <div role="status" className="fixed inset-x-0 bottom-0 z-50 flex items-center justify-center gap-3 border-t border-warn/40 bg-warn-soft px-4 py-2.5 text-sm">
      <WifiOff className="size-4 shrink-0 text-warn" aria-hidden /><p>The server cannot be reached. Trying again in <span className="tnum whitespace-nowrap">{left} s</span>; nothing is lost.</p>
    </div>
  );
}

export function Shell({ children }: { children: ReactNode }) {
  useServerEvents();
  useFinished();
  const page = usePlace();
  const bare = page.startsWith('/projects/') || page.startsWith('/sign-in');
  return (
    <>
      <a href="#main" className="fixed top-2 left-2 z-50 -translate-y-20 rounded-control bg-accent px-4 py-2 font-medium text-accent-fg focus:translate-y-0">Skip to the content</a>
      <EmulatedBand />
      {!bare && <Header />}
      <main id="main" tabIndex={-1} className="outline-none">{children}</main>
      <ConnectionBar />
      <Tips />
    </>
  );
}
