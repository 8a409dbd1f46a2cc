'use client';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { create } from 'zustand';

/** Whether news arrives by itself (polling is slower while it does), and how often the server was found again. */
export const useLive = create<{ live: boolean; found: number }>(() => ({ live: false, found: 0 }));

type News = { kind: 'live'; live: boolean } | { kind: 'project'; id: string } | { kind: 'all' };

const BURST_MS = 50;
const heard = new Set<string>();

/** News comes in bursts, of every job of a film at once. What is being changed here is asked for when that is kept. */
function renewHeard(client: QueryClient) {
  for (const id of heard) if (!client.isMutating({ mutationKey: ['project', id] })) void client.invalidateQueries({ queryKey: ['project', id] });
  heard.clear();
  void client.invalidateQueries({ queryKey: ['projects'] });
}

function hear(client: QueryClient, news: News) {
  if (news.kind === 'live') return useLive.setState({ live: news.live });
  if (news.kind === 'all') {
    useLive.setState(s => ({ found: s.found + 1 }));
    return void client.invalidateQueries();
  }
  if (!heard.size) setTimeout(renewHeard, BURST_MS, client);
  heard.add(news.id);
}

function listen(tell: (news: News) => void): EventSource {
  const source = new EventSource('/api/mv/events');
  const changed = (e: MessageEvent<string>) => tell({ kind: 'project', id: (JSON.parse(e.data) as { id: string }).id });
  source.onopen = () => { tell({ kind: 'live', live: true }); tell({ kind: 'all' }); };
  source.onerror = () => tell({ kind: 'live', live: false });
  for (const kind of ['project', 'progress', 'deleted']) source.addEventListener(kind, changed as EventListener);
  source.addEventListener('resync', () => tell({ kind: 'all' }));
  return source;
}

/**
 * One stream a browser, not one a tab: a browser opens six connections to a host, and the seventh tab would hang. The tab
 * that holds the lock listens and tells the others. Where there are no locks (plain http from another machine) the
 * visible tab listens.
 */
export function useServerEvents() {
  const client = useQueryClient();
  useEffect(() => {
    const bus = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('server-events');
    const stop = new AbortController();
    let source: EventSource | null = null;
    const tell = (news: News) => {
      if (stop.signal.aborted) return;
      hear(client, news);
      bus?.postMessage(news);
    };
    const open = () => { source ??= listen(tell); };
    const close = () => { source?.close(); source = null; };
    const whenVisible = () => (document.visibilityState === 'visible' ? open() : close());

    if (bus) bus.onmessage = e => hear(client, e.data as News);
    if (navigator.locks && bus) {
      navigator.locks.request('server-events', { signal: stop.signal }, () => {
        if (stop.signal.aborted) return;
        open();
        return new Promise<void>(done => stop.signal.addEventListener('abort', () => done()));
      }).catch(() => {});
    } else {
      whenVisible();
      document.addEventListener('visibilitychange', whenVisible);
    }
    return () => {
      document.removeEventListener('visibilitychange', whenVisible);
      stop.abort(); close(); bus?.close();
    };
  }, [client]);
}
