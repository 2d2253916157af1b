/**
 * Sends what is left over, from this page or an earlier one: one tab at a time, under a Web Lock where there are
 * any. Its own chunk, because most visits never need it.
 */
import { isEmpty } from './flow';
import { expired, type Item, renamed, trim } from './queue';
import { another, type Draft, marksIn, nameOf } from './response';
import { lose, type Outcome, type Personal, personalOf, readQueue, send, tabOf, writeQueue } from './sender';
import type { Answers, Loader, SurveyRef } from './wire';

/** How long another tab leaves an answer with contact details to the tab that holds them. */
const OWNER_MAY_BE_BACK = 60_000;
const OWNER_UNKNOWN = 3_600_000;
const SOONEST = 1000;
/** A panel that waits for the network sends first, and what it has sent is not sent again. */
const PANEL_FIRST = 500;
const LATEST = 300_000;
/** One loop a page, for all its panels: their loaders may be copies, the signal is the same. */
const running = new WeakMap<AbortSignal, Loop>();
interface Loop {
  /** Looks at the queue at once. */
  look(): void;
  loaders: Set<Loader>;
}

export function resume(loader: Loader, late?: Item): void {
  if (late) partWith(loader, late);
  const { signal } = loader;
  const before = running.get(signal);
  before?.loaders.add(loader);
  if (!before) running.set(signal, begin(loader));
  else if (late) before.look();
}

function begin(loader: Loader): Loop {
  const { signal } = loader;
  const loaders = new Set([loader]);
  const locks = navigator.locks as LockManager | undefined;
  let timer: ReturnType<typeof setTimeout>;

  async function mayTake(item: Item): Promise<boolean> {
    if (item.tab === tabOf(loader) || !item.personal) return true;
    const age = Date.now() - item.at;
    if (!locks) return age > OWNER_UNKNOWN;
    const { held = [] } = await locks.query();
    return age > OWNER_MAY_BE_BACK && !held.some((lock) => lock.name === `fw:${item.tab}`);
  }

  async function drain(): Promise<void> {
    const fresh = expired(readQueue(loader), Date.now());
    const { queue, lost } = trim(fresh.queue);
    for (const item of fresh.lost) lose(loader, item, 'expired');
    for (const item of lost) lose(loader, item, 'queue_full');
    for (const item of queue) {
      if (signal.aborted) return;
      if (item.due > Date.now() || !(await mayTake(item))) continue;
      const { contact } = loader.session.get<Personal>(personalOf(item.id)) ?? {};
      const outcome = await send(loader, item);
      // what came too late is still to be sent, as another answer
      if (outcome.ok && item.finished && !(outcome.seq < item.seq)) {
        taken(loader, item, { ...(item.body.answers as Answers), ...(contact as Answers) }, outcome);
        // the panel that it was written in may have a picture to send
        for (const one of loaders) one.followed?.(item);
      }
      if (outcome.wait) return;
    }
  }

  async function turn(): Promise<void> {
    try {
      if (locks)
        await locks.request(`fw:${loader.siteUrl}`, { ifAvailable: true }, (lock) => lock && drain());
      else await drain();
    } catch (error) {
      loader.say(error);
    }
    clearTimeout(timer);
    const queue = readQueue(loader);
    if (signal.aborted) return;
    const next = queue.length ? Math.min(...queue.map((item) => item.due)) - Date.now() : LATEST;
    timer = setTimeout(turn, Math.min(Math.max(next, SOONEST), LATEST));
  }

  function soon(): void {
    clearTimeout(timer);
    timer = setTimeout(turn, PANEL_FIRST);
  }

  addEventListener(
    'online',
    () => {
      writeQueue(
        loader,
        readQueue(loader).map((item) => ({ ...item, due: 0 })),
      );
      soon();
    },
    { signal },
  );
  signal.addEventListener('abort', () => clearTimeout(timer));
  soon();
  return { look: () => void turn(), loaders };
}

/** What follows a finished answer, as after Send in the panel. */
function taken(
  loader: Loader,
  { id, body }: Item,
  answers: Answers,
  { receipt, receipt_url }: Outcome & { ok: true },
): void {
  const { session } = loader;
  const { survey: key, wave, display } = body as { survey: string; wave: number; display: string };
  loader.emit('sent', { survey: key, id, receipt_url });
  loader.visit?.answered({ key, wave } as SurveyRef, receipt);
  forget(loader, body);
  const name = nameOf({ ref: { key } });
  const draft = session.get<Draft>(name);
  // whoever went on writing goes on with what they wrote
  if (draft?.display === display && sameWords(draft.answers, answers)) session.set(name);
}

/** Nothing more can be said under this id: whoever holds its draft, in any tab, gives an answer of their own. */
function forget({ local }: Loader, { mark }: Item['body']): void {
  local.set(
    'marks',
    marksIn(local).filter((one) => one !== mark),
  );
}

/** It was finished before this came, so this goes out once more, under another id, with the contact details. */
function partWith(loader: Loader, { id: before }: Item): void {
  const { session, uuid } = loader;
  const queue = readQueue(loader);
  const item = queue.find((one) => one.id === before);
  // another tab was quicker
  if (!item) return;
  forget(loader, item.body);
  const { id, secret } = another(uuid);
  const personal = session.get<Personal>(personalOf(before));
  if (personal) session.set(personalOf(id), personal, true);
  session.set(personalOf(before));
  writeQueue(
    loader,
    queue.map((one) => (one === item ? renamed(item, id, secret) : one)),
  );
}

const given = (answers: Answers) => Object.entries(answers).filter(([, answer]) => !isEmpty(answer));
/** Whatever their order, and whether what is not answered is left out. */
export const sameWords = (one: Answers, other: Answers): boolean =>
  JSON.stringify(given(one).sort()) === JSON.stringify(given(other).sort());
