/** While a case of this visitor is open, no survey comes up by itself; an answer puts a dot on the button. */
import type { Store } from './storage';

export interface Held {
  token: string;
  at: number;
  checked?: number;
  open?: boolean;
  answered?: boolean;
}
const HOUR = 3_600_000;
const KEPT = 90 * 24 * HOUR;
const MOST = 5;

export const held = (store: Store, now = Date.now()): Held[] =>
  (store.get<Held[]>('receipts') ?? []).filter((receipt) => now - receipt.at < KEPT);

export const hold = (store: Store, token: string): void =>
  store.set('receipts', [...held(store), { token, at: Date.now() }].slice(-MOST));

/** Asks the server about receipts not asked about for an hour. True when one of them was answered. */
export async function refresh(store: Store, ask: (token: string) => Promise<Response>): Promise<boolean> {
  const now = Date.now();
  const receipts = held(store, now);
  for (const receipt of receipts) {
    if (now - (receipt.checked ?? 0) < HOUR) continue;
    receipt.checked = now;
    const answer = await ask(receipt.token);
    if (answer.ok) {
      const { open, answered } = await answer.json();
      Object.assign(receipt, { open, answered });
    }
  }
  if (receipts.length) store.set('receipts', receipts);
  return receipts.some((receipt) => receipt.answered);
}
