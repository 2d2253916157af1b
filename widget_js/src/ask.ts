/**
 * Whether a survey may come up by itself: consent, privacy, open cases, targeting, schedule, chance, frequency. A chunk
 * of its own that comes when a trigger first fires, because most visits never come to that. Each reason is a sentence.
 */
import { holds, learn } from './conditions';
import { RARE } from './conditions_rare';
import { type Seen, shown, silence } from './frequency';
import { standAside } from './placing/aside';
import type { Held } from './receipts';
import { drawn, offHours } from './schedule';
import { pageFacts } from './targeting';
import type { Explanation, Loader, SurveyRef } from './wire';

export interface AskModule {
  objection: typeof objection;
  explanations: typeof explanations;
  noted: typeof noted;
}
learn(RARE);

/** Why this survey stays silent now; null when it may ask. */
export function objection(loader: Loader, ref: SurveyRef, seen: Seen, returning: boolean): string | null {
  const { config, local, session } = loader;
  if (!ref.triggers.length) return 'It has no trigger: it opens by the button or when the page opens it.';
  if (!loader.maySave()) return 'The visitor has not consented yet, and this site asks first.';
  if (loader.privacy)
    return 'The browser asks not to be tracked (GPC or DNT), so nothing comes up by itself.';
  if (local.get<Held[]>('receipts')?.some(({ open }) => open))
    return 'This visitor has a case open: a person is on it, so nothing else is asked.';
  const now = Date.now();
  const off = offHours(ref.schedule, config.site.zone ?? 'UTC', now);
  if (off) return off;
  if (ref.percent !== undefined && !drawn(ref, lot(loader)))
    return `Only ${ref.percent} % of visitors are asked, and this one is not among them.`;
  const facts = () => pageFacts(loader.languageFor(ref), returning, loader.declared.facts, seen, now);
  if (ref.targeting && !holds(ref.targeting, facts()))
    return 'It is not meant for this page or this visitor.';
  return silence(ref, seen, session.get<Record<string, number>>('asked') ?? {}, now);
}

/** For the site's developers, printed for them too: each survey, and why it would stay silent now. */
export function explanations(loader: Loader, seen: Seen, returning: boolean): Explanation[] {
  const all = loader.config.surveys.map((ref) => ({
    survey: ref.key,
    triggers: ref.triggers,
    silent: loader.busy()
      ? 'A survey is open, and only one is at a time.'
      : objection(loader, ref, seen, returning),
  }));
  for (const { survey, silent } of all)
    loader.say(`${survey}: ${silent ?? 'would come up when a trigger fires.'}`);
  return all;
}

/** What is remembered once a survey came up by itself. */
export function noted(loader: Loader, ref: SurveyRef, seen: Seen): Seen {
  const { session } = loader;
  standAside(loader);
  const asked = session.get<Record<string, number>>('asked') ?? {};
  session.set('asked', { ...asked, [ref.key]: (asked[ref.key] ?? 0) + 1 });
  return shown(seen, ref, Date.now());
}

/** A number of this browser's own, so that the same visitors are asked on every page. It says nothing of them. */
function lot({ local, uuid }: Loader): string {
  const kept = local.get<string>('lot') ?? uuid();
  local.set('lot', kept);
  return kept;
}
