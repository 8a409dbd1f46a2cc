'use client';
import { usePathname, useRouter } from 'next/navigation';
import { useSyncExternalStore } from 'react';

const never = () => () => {};
export const useHydrated = () => useSyncExternalStore(never, () => true, () => false);

/** The project of the address; null while the exported page, which serves every project, is being hydrated. */
export function useProjectId(): string | null {
  const hydrated = useHydrated();
  const pathname = usePathname();
  if (!hydrated) return null;
  const id = /^\/projects\/([^/]+)/.exec(pathname)?.[1];
  return id && id !== '_' ? decodeURIComponent(id) : null;
}

/** The address; of a project's pages only the part before the id may be rendered, the rest differs from the export. */
export const usePlace = () => usePathname();
export const useNavigate = () => useRouter().push;
export const projectPath = (id: string, rest = '') => `/projects/${encodeURIComponent(id)}/${rest}`;
