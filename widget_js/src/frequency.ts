/** Whether a survey may ask this browser again. Pure: what was seen, and the time, are passed in. */
import type { SurveyRef } from './wire';

export interface Seen {
  /** When any survey last took this visitor's attention (ms). */
  last?: number;
  surveys: Record<string, { wave: number; answered: boolean }>;
  goals: Record<string, number>;
}

const DAY = 86_400_000;
/** A goal speaks for a visit, not for ever: who bought last month may still be asked what stopped them today. */
const GOAL_LASTS = DAY;

export const nothingSeen = (): Seen => ({ surveys: {}, goals: {} });

export function goalReached(seen: Seen, goal: string, now: number): boolean {
  const at = seen.goals[goal];
  return at !== undefined && now - at < GOAL_LASTS;
}

/** Why this survey stays silent, in words for `explain()`; null when it may ask. */
export function silence(survey: SurveyRef, seen: Seen, now: number): string | null {
  const before = seen.surveys[survey.key];
  const { repeat, cooldown_days } = survey.frequency;
  if (before && before.wave >= survey.wave) {
    if (repeat === 'once') return 'shown before';
    if (repeat === 'until_answered' && before.answered) return 'answered before';
  }
  if (seen.last !== undefined && now - seen.last < cooldown_days * DAY) return 'another survey was shown recently';
  const goal = survey.silenced_by.find((name) => goalReached(seen, name, now));
  return goal ? `goal reached: ${goal}` : null;
}

export function withShown(seen: Seen, survey: SurveyRef, now: number): Seen {
  return withSurvey(seen, survey, now, seen.surveys[survey.key]);
}

/** An answer counts as shown, too: who just wrote through the button is not asked again at the door. */
export function withAnswered(seen: Seen, survey: SurveyRef, now: number): Seen {
  return withSurvey(seen, survey, now, { wave: survey.wave, answered: true });
}

function withSurvey(seen: Seen, survey: SurveyRef, now: number, was?: { wave: number; answered: boolean }): Seen {
  const answered = was?.wave === survey.wave && was.answered;
  return { ...seen, last: now, surveys: { ...seen.surveys, [survey.key]: { wave: survey.wave, answered } } };
}
