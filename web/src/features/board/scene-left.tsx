'use client';
import { useQuery } from '@tanstack/react-query';
import { api, type Job } from '@/api/client';
import { useNow, usualLeft, useTimeLeft, type Work } from '@/lib/eta';

const ASK_AGAIN_MS = 4000;
const workOf = (j: Job): Work => ({ since: Date.parse(j.createdAt), until: j.finishedAt ? Date.parse(j.finishedAt) : undefined });

/** How long a scene that is being worked on will take: by its own pace where that is told, else by what its like took. */
export function SceneLeft({ projectId, sequence, kind, share }: { projectId: string; sequence: number; kind: 'take' | 'lip-sync'; share: number | undefined }) {
  const byPace = useTimeLeft(share), now = useNow(!byPace);
  const jobs = useQuery({
    queryKey: ['times', projectId], refetchInterval: ASK_AGAIN_MS, enabled: !byPace,
    queryFn: async ({ signal }) => (await api.GET('/api/mv/projects/{projectId}/jobs', { params: { path: { projectId } }, signal })).data!.jobs,
  }).data?.filter(j => j.kind === kind);
  const mine = jobs?.find(j => j.sequence === sequence && (j.state === 'running' || j.state === 'queued'));
  const words = byPace ?? (mine && usualLeft(workOf(mine), jobs!.filter(j => j.state === 'done' && !j.reused).map(workOf), now));
  return words ? <span className="text-2xs text-faint tnum">{words}</span> : null;
}
