import { expect, test } from 'vitest';
import {
  answered,
  silence as because,
  goalReached,
  shown as noted,
  nothingSeen,
  type Seen,
} from '../src/frequency';
import type { SurveyRef } from '../src/wire';

const DAY = 86_400_000;
const NOW = 1_800_000_000_000;
const survey = (more: Partial<SurveyRef> = {}): SurveyRef => ({
  key: 'exit',
  version: 'a1',
  wave: 1,
  languages: ['en'],
  triggers: [],
  targeting: null,
  frequency: { repeat: 'once', cooldown_days: 0 },
  silenced_by: [],
  ...more,
});
const shown = (ref: SurveyRef, at: number): Seen => noted(nothingSeen(), ref, at);
const silence = (ref: SurveyRef, seen: Seen, now: number, asked = {}) => because(ref, seen, asked, now);

test('a browser that has seen nothing may be asked', () => {
  expect(silence(survey(), nothingSeen(), NOW)).toBeNull();
});
test('once is once', () => {
  expect(silence(survey(), shown(survey(), NOW - DAY), NOW)).toBe('It was shown before, and asks once.');
});
test('a new wave asks again, a corrected typo does not', () => {
  const seen = shown(survey(), NOW - DAY);
  expect(silence(survey({ wave: 2 }), seen, NOW)).toBeNull();
  expect(silence(survey({ version: 'b2' }), seen, NOW)).toBe('It was shown before, and asks once.');
});
test('until answered comes again after it was only shown', () => {
  const again = survey({ frequency: { repeat: 'until_answered', cooldown_days: 0 } });
  expect(silence(again, shown(again, NOW - DAY), NOW)).toBeNull();
  expect(silence(again, answered(shown(again, NOW - DAY), again, NOW), NOW)).toBe('It was answered before.');
});
test('to be shown again does not forget the answer', () => {
  const seen = noted(answered(nothingSeen(), survey(), 1), survey(), 2);
  expect(seen.surveys.exit).toEqual({ wave: 1, answered: true, at: 2, times: 1 });
});
test('always is always, apart from the cooldown', () => {
  const always = survey({ frequency: { repeat: 'always', cooldown_days: 7 } });
  expect(silence(always, shown(always, NOW - 6 * DAY), NOW)).toBe(
    'Another survey was shown less than 7 days ago.',
  );
  expect(silence(always, shown(always, NOW - 8 * DAY), NOW)).toBeNull();
});
test('the cooldown counts from any survey', () => {
  const other = shown(survey({ key: 'bags' }), NOW - DAY);
  expect(silence(survey({ frequency: { repeat: 'once', cooldown_days: 2 } }), other, NOW)).not.toBeNull();
});
test('a goal silences for a day', () => {
  const bought = { ...nothingSeen(), goals: { purchase: NOW - DAY / 2 } };
  expect(silence(survey({ silenced_by: ['purchase'] }), bought, NOW)).toBe(
    'The goal “purchase” was reached.',
  );
  expect(silence(survey({ silenced_by: ['signup'] }), bought, NOW)).toBeNull();
  expect(goalReached(bought, 'purchase', NOW + DAY)).toBe(false);
});
test('so many times is so many times, unless it is answered', () => {
  const twice = survey({ frequency: { repeat: 'times', times: 2, cooldown_days: 0 } });
  const once = shown(twice, NOW - DAY);
  expect(silence(twice, once, NOW)).toBeNull();
  expect(silence(twice, noted(once, twice, NOW), NOW)).toBe('It was shown 2 times, and asks no more.');
  expect(silence(twice, answered(once, twice, NOW), NOW)).toBe('It was answered before.');
});
test('every so many days counts from the last time, answered or not', () => {
  const weekly = survey({ frequency: { repeat: 'every', every_days: 7, cooldown_days: 0 } });
  expect(silence(weekly, shown(weekly, NOW - 6 * DAY), NOW)).toMatch('every 7 days');
  expect(silence(weekly, shown(weekly, NOW - 8 * DAY), NOW)).toBeNull();
});
test('a session has its own count', () => {
  const always = survey({ frequency: { repeat: 'always', cooldown_days: 0, per_session: 1 } });
  expect(silence(always, shown(always, 1), NOW)).toBeNull();
  expect(silence(always, shown(always, 1), NOW, { exit: 1 })).toBe('It asks once a session.');
});
