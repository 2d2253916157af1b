import { expect, test } from 'vitest';
import { drawn, offHours } from '../src/schedule';
import type { SurveyRef } from '../src/wire';

const at = (time: string) => Date.parse(time);

test('without a schedule it asks at any time', () => {
  expect(offHours(undefined, 'UTC', at('2026-11-22T03:00Z'))).toBeNull();
});
test('it starts and ends', () => {
  const week = { from: at('2026-11-20T00:00Z'), until: at('2026-11-27T00:00Z') };
  expect(offHours(week, 'UTC', at('2026-11-19T23:59Z'))).toMatch('It starts');
  expect(offHours(week, 'UTC', at('2026-11-20T00:00Z'))).toBeNull();
  expect(offHours(week, 'UTC', at('2026-11-27T00:00Z'))).toMatch('It ended');
});
test('days and hours are the zone’s, through summer time and over midnight', () => {
  const office = { days: ['mon'], hours: ['09:00', '17:00'] as [string, string] };
  // Oslo is two hours ahead in summer, one in winter
  expect(offHours(office, 'Europe/Oslo', at('2026-07-06T07:00Z'))).toBeNull();
  expect(offHours(office, 'Europe/Oslo', at('2026-11-23T07:30Z'))).toMatch('09:00 to 17:00');
  expect(offHours(office, 'Asia/Bangkok', at('2026-11-22T18:00Z'))).toMatch('09:00');
  expect(offHours(office, 'Europe/Oslo', at('2026-11-24T10:00Z'))).toMatch('mon');
  const night = { hours: ['22:00', '06:00'] as [string, string] };
  expect(offHours(night, 'UTC', at('2026-11-22T23:00Z'))).toBeNull();
  expect(offHours(night, 'UTC', at('2026-11-22T05:59Z'))).toBeNull();
  expect(offHours(night, 'UTC', at('2026-11-22T06:00Z'))).not.toBeNull();
});
test('a draw is the same each time, fair, and another one for each survey', () => {
  const ref = (key: string) => ({ key, wave: 1, percent: 20 }) as SurveyRef;
  const lots = Array.from({ length: 20_000 }, (_, n) => `${n}-lot`);
  const first = lots.filter((lot) => drawn(ref('exit'), lot));
  expect(first).toEqual(lots.filter((lot) => drawn(ref('exit'), lot)));
  expect(first.length / lots.length).toBeGreaterThan(0.19);
  expect(first.length / lots.length).toBeLessThan(0.21);
  const both = first.filter((lot) => drawn(ref('dwell'), lot));
  expect(both.length / first.length).toBeGreaterThan(0.17);
  expect(both.length / first.length).toBeLessThan(0.23);
});
