/**
 * Asks the server what became of the answers whose receipts this browser holds: while a case is open no survey comes
 * up by itself, and an answer puts a dot on the button. A chunk of its own: most visitors hold none.
 */
import type { Loader } from './wire';

export interface Held {
  token: string;
  at: number;
  checked?: number;
  open?: boolean;
  answered?: boolean;
}
export interface ReceiptsModule {
  refresh(loader: Loader): Promise<void>;
}
const HOUR = 3_600_000;
const KEPT = 90 * 24 * HOUR;

/** Each receipt is asked about once an hour at most, and forgotten after 90 days. */
export async function refresh({ local, post, dot }: Loader): Promise<void> {
  const now = Date.now();
  const receipts = (local.get<Held[]>('receipts') ?? []).filter(({ at }) => now - at < KEPT);
  for (const receipt of receipts) {
    if (now - (receipt.checked ?? 0) < HOUR) continue;
    receipt.checked = now;
    const answer = await post('/v1/receipts/state', { receipt: receipt.token });
    if (answer.ok) {
      const { open, answered } = await answer.json();
      Object.assign(receipt, { open, answered });
    }
  }
  local.set('receipts', receipts);
  if (receipts.some(({ answered }) => answered)) dot();
}
