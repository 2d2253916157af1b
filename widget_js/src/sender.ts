/**
 * One send: the queue is written first, then the network is tried once. Trying again in the background is the
 * `unsent` chunk, which is fetched only when something stays behind.
 */
import { backoff, isRetryable, retryAfter } from './backoff';
import { bytes, type Item, postponed, put, without } from './queue';
import type { Loader, UnsentModule } from './wire';

/** Taken in (`ok`), to be tried again (after `wait` ms), or refused. */
export type Outcome =
  | { ok: true; seq: number; receipt: string | null; receipt_url: string | null; wait?: undefined }
  | { ok?: undefined; wait?: number };

/** Contact details and claims: they stay in this tab's session, never in the queue that all tabs share. */
export interface Personal {
  contact?: Record<string, unknown> | false | '';
  visitor?: Record<string, unknown>;
}

const LIMIT = 32_000;
export const personalOf = (id: string) => `personal:${id}`;
export const readQueue = (loader: Loader): Item[] => {
  const queue = loader.local.get<Item[]>('queue');
  // anything may stand there: the page writes to the same storage
  return queue?.map ? queue : [];
};
// what is queued was either allowed or asked for, so what is left of it may be written back
export const writeQueue = (loader: Loader, queue: Item[]): void =>
  loader.local.set('queue', queue.length ? queue : undefined, true);

export function tabOf({ session, uuid }: Loader): string {
  const name = session.get<string>('tab') ?? uuid();
  session.set('tab', name);
  return name;
}

export function lose(loader: Loader, { id, seq }: Item, reason: string): void {
  dequeue(loader, id, seq);
  loader.say(reason, id);
  loader.emit('error', { reason, id });
}

export function enqueue(loader: Loader, item: Item, personal: Personal): void {
  if (item.personal) loader.session.set(personalOf(item.id), personal, true);
  // its limits are kept by `unsent`, which comes as soon as anything stays behind
  writeQueue(loader, put(readQueue(loader), item));
}

export function dequeue(loader: Loader, id: string, seq: number): void {
  const left = without(readQueue(loader), id, seq);
  writeQueue(loader, left);
  if (!left.some((one) => one.id === id)) loader.session.set(personalOf(id));
}

function bodyOf(loader: Loader, item: Item): Record<string, unknown> {
  const personal = loader.session.get<Personal>(personalOf(item.id));
  const { mark, started, answers, ...rest } = item.body;
  const body: Record<string, unknown> = {
    ...rest,
    answers: { ...(answers as object), ...personal?.contact },
    visitor: personal?.visitor,
    at: { started, sent: Date.now() },
  };
  // the words matter most: what surrounds them goes first when the whole is too large
  if (bytes(body) > LIMIT) body.context = { url: location.href };
  return body;
}

export async function send(loader: Loader, item: Item): Promise<Outcome> {
  // no network, no answer in time, or one cut short: the same id may be sent again
  let status = 503;
  let asks = 0;
  try {
    const answer = await loader.post(`${loader.siteUrl}/responses`, bodyOf(loader, item));
    asks = retryAfter(answer.headers.get('Retry-After'), Date.now());
    if (answer.ok) {
      const told = await answer.json();
      // it was finished before, and this is not in it: it goes out as an answer of its own
      if (told.seq < item.seq) leave(loader, item);
      else {
        dequeue(loader, item.id, item.seq);
        if (item.finished) loader.followed?.(item);
      }
      return { ok: true, ...told };
    }
    status = answer.status;
    loader.say(status, await answer.text());
  } catch {}
  if (isRetryable(status)) {
    item.tries++;
    const wait = backoff(item.tries, asks);
    writeQueue(loader, postponed(readQueue(loader), item.id, item.tries, Date.now() + wait));
    return { wait };
  }
  lose(loader, item, `refused:${status}`);
  return {};
}

/** Something stays behind: the background takes over, and while this tab holds the address, a lock says so. */
export function leave(loader: Loader, late?: Item): void {
  const { signal } = loader;
  navigator.locks
    ?.request(
      `fw:${tabOf(loader)}`,
      { signal },
      () => new Promise((done) => signal.addEventListener('abort', done)),
    )
    .catch(() => {});
  loader.chunk<UnsentModule>('unsent').then(
    ({ resume }) => resume(loader, late),
    () => addEventListener('online', () => leave(loader, late), { once: true, signal }),
  );
}
