import { expect, test } from 'vitest';
import { goalReached, marked, nothingSeen, type Seen, silence } from '../src/frequency';
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
const shown = (ref: SurveyRef, at: number): Seen => marked(nothingSeen(), ref, false, at);

test('a browser that has seen nothing may be asked', () => {
  expect(silence(survey(), nothingSeen(), NOW)).toBeNull();
});
test('once is once', () => {
  expect(silence(survey(), shown(survey(), NOW - DAY), NOW)).toBe('shown before');
});
test('a new wave asks again, a corrected typo does not', () => {
  const seen = shown(survey(), NOW - DAY);
  expect(silence(survey({ wave: 2 }), seen, NOW)).toBeNull();
  expect(silence(survey({ version: 'b2' }), seen, NOW)).toBe('shown before');
});
test('until answered comes again after it was only shown', () => {
  const again = survey({ frequency: { repeat: 'until_answered', cooldown_days: 0 } });
  expect(silence(again, shown(again, NOW - DAY), NOW)).toBeNull();
  expect(silence(again, marked(shown(again, NOW - DAY), again, true, NOW), NOW)).toBe('answered before');
});
test('to be shown again does not forget the answer', () => {
  const seen = marked(marked(nothingSeen(), survey(), true, 1), survey(), false, 2);
  expect(seen.surveys.exit).toEqual({ wave: 1, answered: true });
});
test('always is always, apart from the cooldown', () => {
  const always = survey({ frequency: { repeat: 'always', cooldown_days: 7 } });
  expect(silence(always, shown(always, NOW - 6 * DAY), NOW)).toBe('another survey was shown recently');
  expect(silence(always, shown(always, NOW - 8 * DAY), NOW)).toBeNull();
});
test('the cooldown counts from any survey', () => {
  const other = shown(survey({ key: 'bags' }), NOW - DAY);
  expect(silence(survey({ frequency: { repeat: 'once', cooldown_days: 2 } }), other, NOW)).not.toBeNull();
});
test('a goal silences for a day', () => {
  const bought = { ...nothingSeen(), goals: { purchase: NOW - DAY / 2 } };
  expect(silence(survey({ silenced_by: ['purchase'] }), bought, NOW)).toBe('goal reached');
  expect(silence(survey({ silenced_by: ['signup'] }), bought, NOW)).toBeNull();
  expect(goalReached(bought, 'purchase', NOW + DAY)).toBe(false);
});
