/**
 * Whether a survey may come up by itself: consent, privacy, open cases, targeting, frequency. A chunk of its own that
 * comes when a trigger first fires, because most visits never come to that.
 */
import { holds, learn } from './conditions';
import { RARE } from './conditions_rare';
import { type Seen, silence } from './frequency';
import type { Held } from './receipts';
import { pageFacts } from './targeting';
import type { Loader, SurveyRef } from './wire';

export interface AskModule {
  objection: typeof objection;
}
learn(RARE);

/** Why this survey stays silent, in words for `explain()`; null when it may ask. */
export function objection(loader: Loader, ref: SurveyRef, seen: Seen, returning: boolean): string | null {
  if (!ref.triggers.length) return 'opens by the button';
  if (!loader.maySave()) return 'no consent yet';
  if (loader.privacy) return 'GPC or DNT';
  if (loader.local.get<Held[]>('receipts')?.some(({ open }) => open)) return 'a case is open';
  const now = Date.now();
  const facts = () => pageFacts(loader.languageFor(ref), returning, loader.declared.facts, seen, now);
  if (ref.targeting && !holds(ref.targeting, facts())) return 'not meant for this page or visitor';
  return silence(ref, seen, now);
}
