'use client';
import { Bell, CircleCheck, KeyRound, LogOut, Monitor, Moon, Sun, TriangleAlert } from 'lucide-react';
import { useEffect, type ReactNode } from 'react';
import { api, type Model } from '@/api/client';
import { useCatalogue, useHealth, useModels, usePrice, useReadiness } from '@/api/queries';
import { askForNotices, useNotices } from '@/lib/finished';
import { useLive } from '@/lib/live';
import { notifyProblem, sentence } from '@/lib/notify';
import { setTheme, useTheme } from '@/lib/theme';
import { Button, buttonClass } from '@/ui/button';
import { Choice } from '@/ui/choice';
import { Bone } from '@/ui/state';

const checks: Record<string, string> = { store: 'Records', blobs: 'Files', media: 'Film and sound', workers: 'Workers' };

export function Settings() {
  const ready = useReadiness(), health = useHealth(), models = useModels(), catalogue = useCatalogue(), live = useLive(s => s.live), theme = useTheme(), price = usePrice();
  useEffect(() => { document.title = 'Settings · Storyreel'; }, []);
  return (
    <div className="mx-auto max-w-3xl px-4 pt-10 pb-24 sm:px-8 sm:pt-14">
      <h1 className="text-4xl font-semibold tracking-[-0.03em] sm:text-5xl">Settings</h1>
      <Group title="Light">
        <Choice label="Theme" hidden value={theme} onChange={setTheme} options={[{ value: 'system', label: <><Monitor className="size-4" aria-hidden />As the system</> }, { value: 'dark', label: <><Moon className="size-4" aria-hidden />Dark</> }, { value: 'light', label: <><Sun className="size-4" aria-hidden />Light</> }]} />
        <p className="mt-3 text-muted">The player stays dark in both: that is how pictures are judged.</p>
      </Group>
      <Group title="Who films">
        {!models.data && <Bone className="h-16" />}
        <ul className="flex flex-col gap-2">
          {models.data?.models.map(m => (
            <li key={m.name} className="flex items-center gap-4 rounded-card border border-line bg-surface px-4 py-3.5">
              {m.configured ? <CircleCheck className="size-5 text-ok" aria-label="ready" /> : <KeyRound className="size-5 text-faint" aria-label="not configured" />}
              <span className="flex-1"><span className="block font-medium">{m.title}</span><span className="text-xs text-faint">{lengthsOf(m)} a take{m.lacks && <> · needs <code className="font-mono text-muted">{m.lacks}</code></>}</span></span>
              <span className="text-muted tnum">{m.usdPerSecond === 0 ? 'free' : `${price(m.usdPerSecond)} a second`}</span>
            </li>
          ))}
        </ul>
        {!!models.data?.lipsyncModels.length && <>
          <h3 className="mt-8 mb-3 font-semibold">Who moves lips</h3>
          <ul className="flex flex-col gap-2">
            {models.data.lipsyncModels.map(m => (
              <li key={m.name} className="flex items-center gap-4 rounded-card border border-line bg-surface px-4 py-3">
                {m.configured ? <CircleCheck className="size-5 text-ok" aria-label="ready" /> : <KeyRound className="size-5 text-faint" aria-label="not configured" />}
                <span className="flex-1"><span className="font-medium">{m.title}</span>{m.lacks && <span className="block text-xs text-faint">needs <code className="font-mono text-muted">{m.lacks}</code></span>}</span>
                <span className="text-muted tnum">{m.usdPerSecond === 0 ? 'free' : `${price(m.usdPerSecond)} a second`}</span>
              </li>
            ))}
          </ul>
        </>}
        <p className="mt-4 text-muted">The animatic needs no key and no network. What others need goes into the environment of the program, or into the file <code className="font-mono">keys</code> of its data; {catalogue.data ? `${catalogue.data.directorConfigs.length} styles` : 'its styles'} are there for all of them.</p>
      </Group>
      <Group title="The program">
        <ul className="overflow-hidden rounded-card border border-line bg-surface">
          {ready.data?.checks.map(c => (
            <li key={c.name} className="flex items-center gap-3 border-b border-line px-4 py-3 last:border-0">
              {c.ok ? <CircleCheck className="size-4 text-ok" aria-label="works" /> : <TriangleAlert className="size-4 text-danger" aria-label="does not work" />}
              <span className="w-32 font-medium">{checks[c.name] ?? c.name}</span><span className="min-w-0 flex-1 text-muted">{c.detail ? sentence(c.detail) : c.ok ? 'Works.' : 'Does not work.'}</span>
            </li>
          ))}
          <li className="flex items-center gap-3 px-4 py-3">
            {live ? <CircleCheck className="size-4 text-ok" aria-label="works" /> : <TriangleAlert className="size-4 text-warn" aria-label="waiting" />}
            <span className="w-32 font-medium">News</span><span className="flex-1 text-muted">{live ? 'Arrive by themselves.' : 'Asked for every few seconds.'}</span>
          </li>
        </ul>
        <div className="mt-4 flex flex-wrap items-center gap-3 text-muted"><span className="flex-1">{health.data ? `Storyreel ${health.data.version}${health.data.emulated ? ', with stand-ins for every service' : ''}` : ' '}</span><a href="/api/" className={buttonClass('secondary', 'small')}>The API</a><a href="/THIRD-PARTY.txt" className={buttonClass('secondary', 'small')}>Licences</a></div>
      </Group>
      <Group title="This browser">
        <Notices />
        <p className="text-muted">When the server was started with a token, this browser holds a cookie for it.</p>
        <Button className="mt-4" onPress={() => void api.DELETE('/api/session').then(() => location.assign('/sign-in/')).catch(notifyProblem)}><LogOut className="size-4" />Sign out</Button>
      </Group>
    </div>
  );
}

/** A film may take long enough to do something else meanwhile. */
function Notices() {
  const allowed = useNotices();
  const words = { granted: 'When a film is done while you look at something else, the system says so.', denied: 'This browser was told not to show notices of this page; its own settings change that.', default: 'When a film is done while you look at something else, the system can say so.', unavailable: 'Notices of the system need https, or this machine itself.' }[allowed];
  return <div className="mb-6 flex flex-wrap items-center gap-4"><p className="min-w-0 flex-1 basis-64 text-muted">{words}</p>{allowed === 'default' && <Button onPress={() => void askForNotices()}><Bell className="size-4" />Tell me</Button>}</div>;
}

/** "3 to 10 s", "4, 6 or 8 s" */
function lengthsOf(m: Model): string {
  const all = m.lengths ?? [], row = all.every((l, i) => i === 0 || l === all[i - 1]! + 1);
  if (!all.length) return `${m.secondsMin ?? 0} to ${m.secondsMax ?? '∞'} s`;
  return all.length > 2 && row ? `${all[0]} to ${all.at(-1)} s` : `${all.slice(0, -1).join(', ')}${all.length > 1 ? ' or ' : ''}${all.at(-1)} s`;
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return <section className="mt-12 border-t border-line pt-8"><h2 className="mb-5 text-2xl font-semibold tracking-[-0.02em]">{title}</h2>{children}</section>;
}
