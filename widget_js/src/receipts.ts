/** While a case of this visitor is open, no survey comes up by itself; an answer puts a dot on the button. */
import type { Store } from './storage';

interface Held {
  token: string;
  at: number;
  checked?: number;
  open?: boolean;
  answered?: boolean;
}
const HOUR = 3_600_000;
const KEPT = 90 * 24 * HOUR;
const NAME = 'receipts';

export const hold = (store: Store, token: string, now: number) =>
  store.set(NAME, [...held(store, now).slice(-4), { token, at: now }]);

const held = (store: Store, now: number) => (store.get<Held[]>(NAME) ?? []).filter((r) => now - r.at < KEPT);

export const silenced = (store: Store, now: number) => held(store, now).some((r) => r.open);
export const answeredOne = (store: Store, now: number) => held(store, now).some((r) => r.answered);

/** Asks the server again about receipts that were last asked about more than an hour ago. */
export async function refresh(
  store: Store,
  now: number,
  ask: (token: string) => Promise<{ open: boolean; answered: boolean }>,
): Promise<void> {
  const receipts = held(store, now);
  const stale = receipts.filter((r) => now - (r.checked ?? 0) >= HOUR);
  if (!stale.length) return;
  for (const receipt of stale) {
    const state = await ask(receipt.token).catch(() => null);
    Object.assign(receipt, { checked: now }, state);
  }
  store.set(NAME, receipts);
}
