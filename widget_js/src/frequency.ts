/** Whether a survey may ask this browser again. Pure: what was seen, and the time, are passed in. */
import type { SurveyRef } from './wire';

export interface Seen {
  /** When any survey last took this visitor's attention (ms). */
  last?: number;
  surveys: Record<string, { wave: number; answered: boolean }>;
  goals: Record<string, number>;
}

/** A goal speaks for a visit, not for ever: who bought last month may still be asked what stopped them today. */
const DAY = 86_400_000;

export const nothingSeen = (): Seen => ({ surveys: {}, goals: {} });

export const goalReached = ({ goals }: Seen, goal: string, now: number): boolean =>
  now - (goals[goal] ?? 0) < DAY;

/** Why this survey stays silent, in words for `explain()`; null when it may ask. */
export function silence(
  { key, wave, frequency, silenced_by }: SurveyRef,
  seen: Seen,
  now: number,
): string | null {
  const { repeat, cooldown_days } = frequency;
  const before = seen.surveys[key];
  if (
    before &&
    before.wave >= wave &&
    (repeat === 'once' || (repeat === 'until_answered' && before.answered))
  )
    return before.answered ? 'answered before' : 'shown before';
  if (now - (seen.last ?? 0) < cooldown_days * DAY) return 'another survey was shown recently';
  return silenced_by.some((goal) => goalReached(seen, goal, now)) ? 'goal reached' : null;
}

/**
 * The memory after a survey was shown or answered. An answer through the button counts, too: who just wrote is not
 * asked again at the door. Opening the button's survey and closing it counts for nothing.
 */
export function marked(seen: Seen, { key, wave }: SurveyRef, answered: boolean, now: number): Seen {
  const before = seen.surveys[key];
  const mark = { wave, answered: answered || (before?.wave === wave && before.answered) };
  return { ...seen, last: now, surveys: { ...seen.surveys, [key]: mark } };
}
