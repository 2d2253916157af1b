/**
 * Asks the server what became of the answers whose receipts this browser holds: while a case is open no survey comes
 * up by itself, and an answer puts a dot on the button. A chunk of its own: most visitors hold none.
 */
import type { AnswerModule } from './answer';
import { choose } from './language';
import type { Loader } from './wire';

export interface Held {
  token: string;
  at: number;
  checked?: number;
  open?: boolean;
  answered?: boolean;
  /** The visitor's own page. */
  url?: string;
  /** They went there since it was answered. */
  read?: boolean;
}
export interface ReceiptsModule {
  refresh(loader: Loader): Promise<void>;
}
const HOUR = 3_600_000;
const KEPT = 90 * 24 * HOUR;

/** Each receipt is asked about once an hour at most, and forgotten after 90 days. */
export async function refresh(loader: Loader): Promise<void> {
  const { local, post, root, chunk, signal } = loader;
  const now = Date.now();
  // page and background may have heard of the same answer
  const first = ({ token }: Held, at: number, all: Held[]) =>
    all.findIndex((one) => one.token === token) === at;
  const receipts = (local.get<Held[]>('receipts') ?? []).filter(({ at }) => now - at < KEPT).filter(first);
  for (const receipt of receipts) {
    if (now - (receipt.checked ?? 0) < HOUR) continue;
    receipt.checked = now;
    const answer = await post('/v1/receipts/state', { receipt: receipt.token });
    if (answer.ok) {
      const { open, answered, url } = await answer.json();
      Object.assign(receipt, { open, answered, url, read: answered && receipt.read });
    }
  }
  // another tab, or an answer given meanwhile, may have added one
  const since = (local.get<Held[]>('receipts') ?? []).filter(
    ({ token }) => !receipts.some((one) => one.token === token),
  );
  const all = [...receipts, ...since];
  local.set('receipts', all.length ? all : undefined);
  const news = receipts.filter(({ answered, read, url }) => answered && !read && url).at(-1);
  const launcher = root.querySelector<HTMLButtonElement>('[data-part=launcher]');
  if (!news || !launcher || signal.aborted) return;
  const lang = choose([launcher.lang], __LANGUAGES__.match(/../g)!, 'en');
  const { offer } = await chunk<AnswerModule>(`answer-${lang}`);
  if (!signal.aborted) offer(loader, launcher, news, () => read(loader, news));
}

/** The visitor goes to their page: the dot has done its work, here and in other tabs that load later. */
function read({ local }: Loader, { token }: Held): void {
  const receipts = local.get<Held[]>('receipts') ?? [];
  local.set(
    'receipts',
    receipts.map((one) => (one.token === token ? { ...one, read: true } : one)),
  );
}
