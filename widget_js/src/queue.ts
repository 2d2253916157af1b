/** What waits to be sent: 20 items, 50 kB, 72 hours. Pure: a list in, a list out. */

export interface Item {
  id: string;
  seq: number;
  finished: boolean;
  /** Wall-clock ms at which it was first put here. */
  at: number;
  tries: number;
  /** Not before this time (ms). */
  due: number;
  /** The tab that wrote it: only that tab holds its contact details. */
  tab: string;
  personal: boolean;
  body: Record<string, unknown>;
}

const ITEMS = 20;
const BYTES = 50_000;
const LIFE = 72 * 3_600_000;

export const bytes = (value: unknown): number => new Blob([JSON.stringify(value)]).size;

/** The queue with `item` in the place of what it replaces. */
export function put(queue: Item[], item: Item): Item[] {
  const before = queue.find((one) => one.id === item.id);
  if (before && before.seq >= item.seq) return queue;
  return [...queue.filter((one) => one !== before), { ...item, at: before?.at ?? item.at }];
}

/** What there is room for, and what has to go. */
export function trim(queue: Item[]): { queue: Item[]; lost: Item[] } {
  const next = [...queue];
  const lost: Item[] = [];
  while (next.length > 1 && (next.length > ITEMS || bytes(next) > BYTES)) {
    // an unfinished answer goes before a finished one, an old one before a new one; the newest stays
    const victim = next.slice(0, -1).find((one) => !one.finished) ?? next[0]!;
    next.splice(next.indexOf(victim), 1);
    lost.push(victim);
  }
  return { queue: next, lost };
}

/** Taken out once stored or refused; a newer snapshot of the same response stays. */
export const without = (queue: Item[], id: string, seq: number): Item[] =>
  queue.filter((one) => one.id !== id || one.seq > seq);

export const postponed = (queue: Item[], id: string, tries: number, due: number): Item[] =>
  queue.map((one) => (one.id === id ? { ...one, tries, due } : one));

/** The same words as an answer of its own, to be sent at once. */
export const renamed = (item: Item, id: string, secret: string): Item => ({
  ...item,
  id,
  seq: 1,
  tries: 0,
  due: 0,
  body: { ...item.body, id, secret, seq: 1 },
});

export function expired(queue: Item[], now: number): { queue: Item[]; lost: Item[] } {
  const old = (one: Item) => now - one.at > LIFE;
  return { queue: queue.filter((one) => !old(one)), lost: queue.filter(old) };
}
