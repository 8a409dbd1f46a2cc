import createClient, { type Middleware } from 'openapi-fetch';
import type { components, paths } from './schema';

type Schemas = components['schemas'];
export type Project = Schemas['Project'];
export type ProjectSummary = Schemas['ProjectSummary'];
export type ProjectNew = Schemas['ProjectNew'];
export type ProjectEdit = Schemas['ProjectEdit'];
export type Scene = Schemas['Scene'];
export type SceneEdit = Schemas['SceneEdit'];
export type SceneProposal = Schemas['SceneProposal'];
export type Take = Schemas['Take'];
export type SongMap = Schemas['SongMap'];
export type Audio = Schemas['Audio'];
export type Reference = Schemas['Reference'];
export type DirectorConfig = Schemas['DirectorConfig'];
export type Mode = Schemas['Mode'];
export type Model = Schemas['Model'];
export type PieceModel = Schemas['PieceModel'];
export type LipSyncModel = Schemas['LipSyncModel'];
export type LipSyncRequest = Schemas['LipSyncRequest'];
export type LedgerEntry = Schemas['LedgerEntry'];
export type LedgerAnswers = Schemas['LedgerAnswers'];
export type Plan = Schemas['Plan'];
export type Job = Schemas['Job'];
export type Status = Schemas['Status'];
export type Cut = Schemas['Cut'];
export type Artifact = Schemas['Artifact'];
export type Problem = Partial<Schemas['Problem']> & { title: string; status: number };

/** What the server said went wrong, or status 0 when it could not be asked. */
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = 'ApiError';
  }
  get status() { return this.problem.status; }
  field(name: string) { return this.problem.errors?.find(e => e.field === name)?.message; }
}

export async function problemOf(response: Response): Promise<ApiError> {
  const said = (await response.clone().json().catch(() => null)) as Partial<Problem> | null;
  return new ApiError({ title: 'The server did not answer as expected', ...said, status: response.status });
}

function askToSignIn() {
  if (typeof location !== 'undefined' && !location.pathname.startsWith('/sign-in'))
    location.assign(`/sign-in/?next=${encodeURIComponent(location.pathname + location.search)}`);
}

const raise: Middleware = {
  async onResponse({ response, schemaPath }) {
    if (response.ok || response.status === 304) return undefined;
    if (response.status === 401 && schemaPath !== '/api/session') askToSignIn();
    throw await problemOf(response);
  },
  onError({ error }) {
    if (error instanceof DOMException && error.name === 'AbortError') return error;
    if (error instanceof ApiError) return error;
    return new ApiError({ title: 'The server cannot be reached', status: 0, next: 'Check that Storyreel is running; this page goes on by itself.' });
  },
};

declare global { interface Window { early?: { url: string; reply: Promise<Response> } } }

/** The page's first question was asked before its scripts were there (public/early.js); that answer is taken, once. */
function ask(request: Request): Promise<Response> {
  const { early } = window;
  if (request.method !== 'GET' || early?.url !== request.url) return fetch(request);
  window.early = undefined;
  return early.reply;
}

export const api = createClient<paths>({ baseUrl: typeof window === 'undefined' ? 'http://localhost' : location.origin, fetch: ask });
api.use(raise);

/** A key under which the server does a thing once, however often it is asked. */
export function onceKey(): string {
  const random = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(random, b => b.toString(16).padStart(2, '0')).join('');
}
export const once = () => ({ 'Idempotency-Key': onceKey() });

/** The file behind a signed address: two addresses of one file differ only in how long they are good. */
export const fileOf = (url: string | undefined) => url?.split('?')[0] ?? '';
