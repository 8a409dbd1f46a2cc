'use client';
import { Check, ChevronRight, PenLine } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { ApiError, type Project, type Scene, type SceneEdit } from '@/api/client';
import { notifyProblem, sentence } from '@/lib/notify';
import { parseTimecode } from '@/lib/time';
import { Button } from '@/ui/button';
import { Field } from '@/ui/field';
import { ErrorNote } from '@/ui/state';
import { isConflict, type BoardActions } from './actions';

type Words = { title: string; prompt: string; action: string; camera: string; line: string; negativePrompt: string; seed: string; duration: string };
const Rewrite = lazy(() => import('./rewrite').then(m => ({ default: m.Rewrite })));
const PAUSE_MS = 600;

const wordsOf = (s: Scene): Words => ({
  title: s.title, prompt: s.prompt, action: s.action ?? '', camera: s.camera, line: s.line ?? '', negativePrompt: s.negativePrompt ?? '', seed: String(s.seed), duration: String(Math.round(s.duration * 1000) / 1000),
});

/** Only what was changed, as the server takes it; null while a number is not one. */
function editOf(words: Words, base: Words): SceneEdit | null {
  const edit: SceneEdit = {};
  for (const key of ['title', 'prompt', 'action', 'camera', 'line', 'negativePrompt'] as const) if (words[key] !== base[key]) edit[key] = words[key];
  if (words.seed !== base.seed) { if (!/^\d{1,10}$/.test(words.seed)) return null; edit.seed = Number(words.seed); }
  if (words.duration !== base.duration) { const t = parseTimecode(words.duration); if (!t) return null; edit.duration = t; }
  if (edit.prompt !== undefined && !edit.prompt.trim()) return null;
  return Object.keys(edit).length ? edit : null;
}

/** What was typed while nothing could be sent, of scenes that are not looked at meanwhile. */
const waiting = new Map<string, Partial<Words>>();
const changedOf = (words: Words, base: Words): Partial<Words> => Object.fromEntries((Object.keys(words) as (keyof Words)[]).filter(key => words[key] !== base[key]).map(key => [key, words[key]]));

/**
 * The words of a scene, kept as they are typed, and at once when another scene is looked at. While the film is made the
 * server takes no edits; what was typed waits here and is sent when it does. Only the fields that were changed are sent, so
 * that what somebody else wrote in another one stays.
 */
export function SceneForm({ project, scene: s, busy, actions }: { project: Project; scene: Scene; busy: boolean; actions: BoardActions }) {
  const name = `${project.projectId} ${s.sequence}`;
  const [base, setBase] = useState(() => wordsOf(s)), [words, setWords] = useState(() => ({ ...base, ...waiting.get(name) }));
  const [state, setState] = useState<'still' | 'saving' | 'saved'>('still');
  const [error, setError] = useState<unknown>(null);
  const [rewriting, rewrite] = useState(false);
  const unsent = useRef<SceneEdit>(null);
  const dirty = editOf(words, base);

  // What changed elsewhere shows here, as long as nothing of ours waits to be sent.
  if (!dirty && state !== 'saving' && JSON.stringify(wordsOf(s)) !== JSON.stringify(base) && JSON.stringify(words) === JSON.stringify(base)) {
    setBase(wordsOf(s)); setWords(wordsOf(s));
  }

  useEffect(() => {
    unsent.current = busy ? null : dirty;
    if (dirty && busy) waiting.set(name, changedOf(words, base)); else waiting.delete(name);
    if (!dirty || busy) return;
    const sent = words;
    const timer = setTimeout(() => {
      unsent.current = null;
      setState('saving');
      actions.edit(s.sequence, dirty).then(() => {
        setBase(b => ({ ...b, ...sent })); setError(null); setState('saved');
      }).catch(e => { setState('still'); if (!isConflict(e)) setError(e); });
    }, PAUSE_MS);
    return () => clearTimeout(timer);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- dirty follows from words and base
  }, [words, base, busy, s.sequence, actions]);
  useEffect(() => () => { if (unsent.current) void actions.edit(s.sequence, unsent.current).catch(notifyProblem); }, [s.sequence, actions]);

  const set = (key: keyof Words) => (value: string) => { setWords(w => ({ ...w, [key]: value })); setState('still'); };
  const said = (field: string) => (error instanceof ApiError ? error.field(field) : undefined);
  return (
    <div className="flex flex-col gap-5">
      <Field label="What is seen" value={words.prompt} onChange={set('prompt')} rows={7} max={8000} error={words.prompt.trim() ? said('prompt') : 'Say what is seen.'} help={busy && dirty ? 'Kept; sent when the film is done.' : undefined} />
      <Button size="small" look="ghost" className="-mt-3 -ml-2.5 self-start" isDisabled={busy || dirty !== null} onPress={() => rewrite(true)}><PenLine className="size-3.5" />Other words…</Button>
      <Suspense>{rewriting && <Rewrite project={project} scene={s} actions={actions} onClose={() => rewrite(false)} />}</Suspense>
      <Field label="Title" value={words.title} onChange={set('title')} max={200} error={said('title')} />
      <Field label="Action" value={words.action} onChange={set('action')} rows={2} max={8000} />
      <Field label="Camera" value={words.camera} onChange={set('camera')} rows={2} max={8000} />
      <Field label="Sung or said" value={words.line} onChange={set('line')} rows={2} max={8000} placeholder="Nothing" />
      <details className="group">
        <summary className="flex cursor-pointer items-center gap-1.5 text-xs font-medium text-muted hover:text-fg"><ChevronRight className="size-3.5 transition-transform group-open:rotate-90" aria-hidden />Length, seed, what not to show</summary>
        <div className="mt-4 flex flex-col gap-5">
          <div className="grid grid-cols-2 gap-3">
            <Field label="Planned seconds" value={words.duration} onChange={set('duration')} mono inputMode="decimal" error={said('duration')} />
            <Field label="Seed" value={words.seed} onChange={set('seed')} mono inputMode="numeric" error={said('seed')} />
          </div>
          <Field label="Not to be seen" value={words.negativePrompt} onChange={set('negativePrompt')} rows={3} max={8000} />
        </div>
      </details>
      {error !== null && !(error instanceof ApiError && error.problem.errors?.length) && <ErrorNote error={error} />}
      <p role="status" className="flex h-4 items-center gap-1.5 text-xs text-faint">
        {state === 'saving' && 'Saving…'}{state === 'saved' && <><Check className="size-3.5 text-ok" aria-hidden />{sentence('Saved. The take stays until a new one is made')}</>}
      </p>
    </div>
  );
}
