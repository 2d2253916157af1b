/**
 * Pictures between Done and Send: in this page's memory only. The answer names its picture by a token; when the
 * finished answer has been taken in, the picture follows, with the answer's own id and secret.
 */
import { backoff, isRetryable, retryAfter } from '../backoff';
import { h } from '../dom';
import * as words from '../messages';
import type { Item } from '../queue';
import type { Loader } from '../wire';

export interface Mark {
  kind: 'light' | 'hide';
  x: number;
  y: number;
  width: number;
  height: number;
}
export interface Kept {
  /** As it was taken; never sent. */
  base: HTMLCanvasElement;
  marks: Mark[];
  /** Parts that could not be drawn. */
  left: number;
  /** What is sent, and what is seen of it. */
  blob?: Blob;
  shown?: HTMLCanvasElement;
}
const TRIES = 3;
const PATIENCE = 30_000;
const held = new Map<unknown, Kept>();
const { origin } = new URL(import.meta.url);

export const kept = (token: unknown): Kept | undefined => held.get(token);
export const drop = (token: unknown): void => void held.delete(token);
const forget = () => held.clear();

/** Returns the token, which goes into the answer. */
export function hold(loader: Loader, picture: Kept, before: string | null): string {
  const token = before ?? loader.uuid();
  held.set(token, picture);
  loader.signal.addEventListener('abort', forget);
  loader.followed = (item) => follow(loader, item);
  return token;
}

/** Called when the server has taken in a finished answer. */
function follow(loader: Loader, { body }: Item): void {
  for (const answer of Object.values(body.answers as object)) {
    const picture = held.get(answer);
    if (!picture?.blob) continue;
    held.delete(answer);
    void send(loader, body, picture.blob);
  }
}

async function send(loader: Loader, body: Item['body'], blob: Blob): Promise<void> {
  const line = h('p', { class: 'picture', role: 'status', 'data-part': 'picture' }, words.shot_sending);
  // the thanks are drawn right after this
  await pause(0);
  loader.root.querySelector('[data-part=thanks]')?.append(line);
  const arrived = await upload(loader, body, blob);
  if (loader.signal.aborted) return;
  line.textContent = arrived ? words.shot_sent : words.shot_unsent;
  if (arrived) return;
  loader.emit('error', { reason: 'picture_not_sent', id: body.id });
  const again = h(
    'button',
    { class: 'b second', type: 'button', 'data-part': 'picture-again' },
    words.try_again,
  );
  again.addEventListener('click', () => {
    line.remove();
    void send(loader, body, blob);
    loader.root.querySelector<HTMLElement>('h2')?.focus();
  });
  line.append(again);
}

async function upload(loader: Loader, { id, secret }: Item['body'], blob: Blob): Promise<boolean> {
  const form = new FormData();
  form.set('id', `${id}`);
  form.set('secret', `${secret}`);
  form.set('file', blob, 'picture');
  for (let tries = 1; tries <= TRIES && !loader.signal.aborted; tries++) {
    let status = 503;
    let asks = 0;
    try {
      // never kept alive: a page that goes away takes its picture along
      const answer = await fetch(`${origin}${loader.siteUrl}/attachments`, {
        method: 'POST',
        body: form,
        credentials: 'omit',
        signal: AbortSignal.timeout?.(PATIENCE),
      });
      if (answer.ok) return true;
      status = answer.status;
      asks = retryAfter(answer.headers.get('Retry-After'), Date.now());
      loader.say(status, await answer.text());
    } catch (error) {
      loader.say(error);
    }
    const wait = backoff(tries, asks);
    if (!isRetryable(status) || tries === TRIES || wait > PATIENCE) return false;
    await pause(wait, loader.signal);
  }
  return false;
}

const pause = (ms: number, signal?: AbortSignal) =>
  new Promise<void>((on) => {
    const timer = setTimeout(on, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      on();
    });
  });
