import { ApiError, onceKey, type Problem } from '@/api/client';

export type Upload<T> = { done: Promise<T>; cancel(): void };

/** One multipart request with progress, which fetch cannot tell. progress is 0..1 of what was sent. */
export function upload<T>(url: string, form: FormData, progress: (share: number) => void): Upload<T> {
  const request = new XMLHttpRequest();
  const done = new Promise<T>((resolve, reject) => {
    request.upload.onprogress = e => { if (e.lengthComputable) progress(e.loaded / e.total); };
    request.onload = () => {
      let said: unknown = null;
      try { said = JSON.parse(request.responseText); } catch { /* said in another way; the status is enough */ }
      if (request.status >= 200 && request.status < 300) resolve(said as T);
      else reject(new ApiError({ title: 'The server did not answer as expected', ...(said as Partial<Problem> | null), status: request.status }));
    };
    request.onerror = () => reject(new ApiError({ title: 'The server cannot be reached', status: 0 }));
    request.onabort = () => reject(new DOMException('cancelled', 'AbortError'));
  });
  request.open('POST', url);
  request.setRequestHeader('Idempotency-Key', onceKey());
  request.send(form);
  return { done, cancel: () => request.abort() };
}
