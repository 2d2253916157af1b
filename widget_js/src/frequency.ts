/** Whether a survey may ask this browser again. Pure: what was seen, and the time, are passed in. */
import type { SurveyRef } from './wire';

export interface Mark {
  wave: number;
  answered: boolean;
  /** When it was last shown or answered (ms), and how often it was shown in this wave. */
  at?: number;
  times?: number;
}
export interface Seen {
  /** When any survey last took this visitor's attention (ms). */
  last?: number;
  surveys: Record<string, Mark>;
  goals: Record<string, number>;
}

/** A goal speaks for a visit, not for ever: who bought last month may still be asked what stopped them today. */
const DAY = 86_400_000;

export const nothingSeen = (): Seen => ({ surveys: {}, goals: {} });

export const goalReached = ({ goals }: Seen, goal: string, now: number): boolean =>
  now - (goals[goal] ?? 0) < DAY;

/**
 * Two clocks, each said in a sentence: how often this survey asks this browser, and the pause since any survey. Null
 * when it may ask. `asked`: how often each survey was shown in this session.
 */
export function silence(
  { key, wave, frequency, silenced_by }: SurveyRef,
  seen: Seen,
  asked: Record<string, number>,
  now: number,
): string | null {
  const { repeat, cooldown_days, times, every_days, per_session } = frequency;
  const mark = seen.surveys[key];
  const before = mark && mark.wave >= wave ? mark : undefined;
  if (before) {
    const { answered, at, times: shown } = before;
    if (repeat === 'once')
      return answered ? 'It was answered before.' : 'It was shown before, and asks once.';
    if (repeat === 'until_answered' && answered) return 'It was answered before.';
    if (repeat === 'times' && (answered || (shown ?? 1) >= times!))
      return answered ? 'It was answered before.' : `It was shown ${times} times, and asks no more.`;
    if (repeat === 'every' && now - (at ?? 0) < every_days! * DAY)
      return `It asks every ${every_days} days, and these have not passed since the last time.`;
  }
  if (per_session && (asked[key] ?? 0) >= per_session)
    return `It asks ${per_session === 1 ? 'once' : `${per_session} times`} a session.`;
  if (now - (seen.last ?? 0) < cooldown_days * DAY)
    return `Another survey was shown less than ${cooldown_days} days ago.`;
  const goal = silenced_by.find((name) => goalReached(seen, name, now));
  return goal ? `The goal “${goal}” was reached.` : null;
}

/** The memory after a survey came up by itself. Opening the button's survey and closing it counts for nothing. */
export function shown(seen: Seen, { key, wave }: SurveyRef, now: number): Seen {
  const before = seen.surveys[key];
  const { answered = false, times = 0 } = before?.wave === wave ? before : {};
  return noted(seen, key, { wave, answered, at: now, times: times + 1 });
}

/** And after an answer. One through the button counts, too: who just wrote is not asked again at the door. */
export const answered = (seen: Seen, { key, wave }: SurveyRef, now: number): Seen =>
  noted(seen, key, { ...seen.surveys[key], wave, answered: true, at: now });

const noted = (seen: Seen, key: string, mark: Mark): Seen => ({
  ...seen,
  last: mark.at,
  surveys: { ...seen.surveys, [key]: mark },
});
