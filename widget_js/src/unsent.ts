/**
 * Sends what is left over, from this page or an earlier one: one tab at a time, under a Web Lock where there are
 * any. Its own chunk, because most visits never need it.
 */
import { expired, type Item, trim } from './queue';
import { lose, readQueue, send, tabOf, writeQueue } from './sender';
import type { Loader } from './wire';

/** How long another tab leaves an answer with contact details to the tab that holds them. */
const OWNER_MAY_BE_BACK = 60_000;
const OWNER_UNKNOWN = 3_600_000;
const SOONEST = 1000;
const LATEST = 300_000;
const running = new WeakSet<Loader>();

export function resume(loader: Loader): void {
  if (running.has(loader)) return;
  running.add(loader);
  const { signal } = loader;
  const locks = navigator.locks as LockManager | undefined;
  const tab = tabOf(loader);
  let timer: ReturnType<typeof setTimeout>;

  async function mayTake(item: Item): Promise<boolean> {
    if (item.tab === tab || !item.personal) return true;
    const age = Date.now() - item.at;
    if (!locks) return age > OWNER_UNKNOWN;
    const { held = [] } = await locks.query();
    return age > OWNER_MAY_BE_BACK && !held.some((lock) => lock.name === `fw:${item.tab}`);
  }

  async function drain(): Promise<void> {
    const fresh = expired(readQueue(loader), Date.now());
    const { queue, lost } = trim(fresh.queue);
    if (lost.length + fresh.lost.length) writeQueue(loader, queue);
    for (const item of fresh.lost) lose(loader, item, 'expired');
    for (const item of lost) lose(loader, item, 'queue_full');
    for (const item of queue) {
      if (signal.aborted) return;
      if (item.due > Date.now() || !(await mayTake(item))) continue;
      const outcome = await send(loader, item);
      if (outcome.ok && item.finished)
        loader.emit('sent', { survey: item.body.survey, id: item.id, receipt_url: outcome.url });
      if (outcome.wait) return;
    }
  }

  async function turn(): Promise<void> {
    clearTimeout(timer);
    try {
      if (locks)
        await locks.request(`fw:${loader.siteUrl}`, { ifAvailable: true }, (lock) => lock && drain());
      else await drain();
    } catch (error) {
      loader.say(error);
    }
    const queue = readQueue(loader);
    if (signal.aborted) return;
    const next = queue.length ? Math.min(...queue.map((item) => item.due)) - Date.now() : LATEST;
    timer = setTimeout(turn, Math.min(Math.max(next, SOONEST), LATEST));
  }

  addEventListener(
    'online',
    () => {
      writeQueue(
        loader,
        readQueue(loader).map((item) => ({ ...item, due: 0 })),
      );
      void turn();
    },
    { signal },
  );
  signal.addEventListener('abort', () => clearTimeout(timer));
  void turn();
}
