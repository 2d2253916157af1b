/**
 * The edge that sends: the queue is written first, then the network is tried. The answer on the screen is sent by
 * its own tab at once; what is left over is sent by one tab at a time, under a Web Lock where there are any.
 */
import { backoff, isRetryable, retryAfter } from './backoff';
import { expired, type Item, postponed, put, without } from './queue';
import type { Loader } from './wire';

export type Outcome =
  | { kind: 'stored'; receipt: string | null; url: string | null }
  | { kind: 'later'; offline: boolean }
  | { kind: 'refused'; status: number };

export interface Personal {
  contact?: Record<string, unknown>;
  visitor?: Record<string, unknown>;
}
export interface Sender {
  put(item: Item, personal: Personal, asked: boolean): void;
  send(id: string): Promise<Outcome>;
  /** Tells what became of an item that was sent in the background. */
  heard(fn: (id: string, outcome: Outcome) => void): void;
  discard(id: string): void;
  stop(): void;
}

const NAME = 'queue';
const LIMIT = 32_000;
/** How long another tab leaves an item with contact details to its owner. */
const OWNER_MAY_BE_BACK = 60_000;
const OWNER_UNKNOWN = 3_600_000;

const senders = new WeakMap<object, Sender>();

/** One sender a page, shared by every panel that opens on it. */
export function senderFor(loader: Loader): Sender {
  const known = senders.get(loader.root);
  if (known) return known;
  const made = makeSender(loader);
  senders.set(loader.root, made);
  return made;
}

function makeSender(loader: Loader): Sender {
  const { local, session } = loader;
  const locks = navigator.locks as LockManager | undefined;
  const lockName = `fw:${loader.site.key}:`;
  const tab = tabName(loader);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let release = () => {};
  let owning = false;
  let stopped = false;
  let asked = false;
  let listener: (id: string, outcome: Outcome) => void = () => {};

  const read = () => local.get<Item[]>(NAME) ?? [];
  const write = (queue: Item[]) => (queue.length ? local.set(NAME, queue, asked) : local.drop(NAME));
  const lose = (items: Item[], reason: string) => {
    for (const { id } of items) {
      session.drop(`personal:${id}`);
      console.info(`[feedback] answer ${id} was dropped: ${reason}`);
      loader.emit('error', { reason, id });
    }
  };

  /** Screen and background may want the same item at once: they share one request. */
  const underWay = new Map<string, Promise<Outcome>>();
  function send(id: string): Promise<Outcome> {
    const running = underWay.get(id) ?? sendNow(id).finally(() => underWay.delete(id));
    underWay.set(id, running);
    return running;
  }

  async function sendNow(id: string): Promise<Outcome> {
    const item = read().find((one) => one.id === id);
    if (!item) return { kind: 'refused', status: 0 };
    let answer: Response;
    try {
      answer = await loader.post('/responses', bodyOf(item), 10_000);
    } catch {
      return later(item, 0);
    }
    if (answer.ok) {
      const told = await answer.json().catch(() => ({}));
      done(item);
      const outcome: Outcome = { kind: 'stored', receipt: told.receipt ?? null, url: told.receipt_url ?? null };
      return outcome;
    }
    if (isRetryable(answer.status)) return later(item, retryAfter(answer.headers.get('Retry-After'), Date.now()));
    const problem = await answer.text().catch(() => '');
    console.info(`[feedback] the server refused an answer (${answer.status})`, problem.slice(0, 300));
    done(item);
    lose([item], `refused:${answer.status}`);
    return { kind: 'refused', status: answer.status };
  }

  function later(item: Item, asks: number): Outcome {
    const tries = item.tries + 1;
    write(postponed(read(), item.id, tries, Date.now() + backoff(tries, asks)));
    plan();
    return { kind: 'later', offline: navigator.onLine === false };
  }

  function done(item: Item): void {
    write(without(read(), item.id, item.seq));
    if (!read().some((one) => one.id === item.id)) session.drop(`personal:${item.id}`);
    own();
  }

  function bodyOf(item: Item): Record<string, unknown> {
    const personal = session.get<Personal>(`personal:${item.id}`) ?? {};
    const body: Record<string, unknown> = {
      ...item.body,
      answers: { ...(item.body.answers as object), ...personal.contact },
      visitor: personal.visitor ?? item.body.visitor,
      at: { started: item.body.started, sent: Date.now() },
      started: undefined,
    };
    // the words matter most: what surrounds them goes first when the whole is too large
    if (JSON.stringify(body).length * 3 > LIMIT && new TextEncoder().encode(JSON.stringify(body)).length > LIMIT)
      body.context = { url: location.href };
    return body;
  }

  /** While contact details wait in this tab, a lock in its name tells the others to leave them alone. */
  function own(): void {
    const needed = read().some((one) => one.personal && one.tab === tab);
    if (needed && !owning && locks) {
      owning = true;
      locks.request(lockName + tab, () => new Promise<void>((let_go) => (release = let_go))).catch(() => {});
    } else if (!needed && owning) {
      owning = false;
      release();
    }
  }

  async function ours(item: Item): Promise<boolean> {
    if (item.tab === tab || !item.personal) return true;
    const age = Date.now() - item.at;
    if (!locks?.query) return age > OWNER_UNKNOWN;
    const held = (await locks.query()).held ?? [];
    return age > OWNER_MAY_BE_BACK && !held.some((lock) => lock.name === lockName + item.tab);
  }

  async function drain(): Promise<void> {
    const { queue, lost } = expired(read(), Date.now());
    if (lost.length) {
      write(queue);
      lose(lost, 'expired');
    }
    for (const item of queue) {
      if (stopped || item.due > Date.now() || !(await ours(item))) continue;
      const outcome = await send(item.id);
      listener(item.id, outcome);
      if (outcome.kind === 'later') break;
    }
  }

  function plan(): void {
    clearTimeout(timer);
    const queue = read();
    if (stopped || !queue.length) return;
    const next = Math.min(...queue.map((one) => one.due)) - Date.now();
    timer = setTimeout(() => void run(), Math.min(Math.max(next, 1000), 300_000));
  }

  async function run(): Promise<void> {
    try {
      if (locks) await locks.request(`${lockName}send`, { ifAvailable: true }, (lock) => lock && drain());
      else await drain();
    } catch {
      // locks may be forbidden: the next turn tries again
    }
    plan();
  }

  const online = () => {
    write(read().map((one) => ({ ...one, due: 0 })));
    void run();
  };
  addEventListener('online', online);
  own();
  plan();

  return {
    put(item, personal, isAsked) {
      asked ||= isAsked;
      const filled = { ...item, tab, personal: !!(personal.contact || personal.visitor) };
      if (filled.personal) session.set(`personal:${item.id}`, personal, isAsked);
      const { queue, lost } = put(read(), filled);
      write(queue);
      lose(lost, 'queue_full');
      own();
      plan();
    },
    send,
    heard: (fn) => {
      listener = fn;
    },
    discard(id) {
      write(without(read(), id, Number.POSITIVE_INFINITY));
      session.drop(`personal:${id}`);
      own();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      removeEventListener('online', online);
      release();
      senders.delete(loader.root);
    },
  };
}

function tabName(loader: Loader): string {
  const known = loader.session.get<string>('tab');
  const name = known ?? Math.random().toString(36).slice(2);
  if (!known) loader.session.set('tab', name);
  return name;
}
