import { expect, test } from 'vitest';
import { nothingNoticed, observe, rage } from '../src/signals';
import { dwell } from '../src/triggers/dwell';
import { named } from '../src/triggers/event';
import type { Detector, PageEvent } from '../src/triggers/events';
import { exitIntent } from '../src/triggers/exit_intent';

type Timed = [at: number, event: PageEvent];

function fired<T>(detector: Detector<T>, trigger: T, events: Timed[]): number[] {
  const fires = detector(trigger, 0);
  return events.flatMap(([at, event]) => (fires(event, at) ? [at] : []));
}
const move = (y: number): PageEvent => ({ kind: 'move', y });
const leave = (y: number): PageEvent => ({ kind: 'leave', y });
const exit = (events: Timed[], seconds = 5) => fired(exitIntent, { min_dwell_seconds: seconds }, events);
const upAndOut = (at: number): Timed[] => [
  [at, move(300)],
  [at + 100, move(120)],
  [at + 200, leave(-3)],
];

test('a mouse that leaves upwards through the top edge is exit intent', () => {
  expect(exit(upAndOut(6000))).toEqual([6200]);
});
test('so is one that reaches the very first pixel row', () => {
  expect(
    exit([
      [6000, move(200)],
      [6100, move(0)],
    ]),
  ).toEqual([6100]);
});
test('not before the least time on the page', () => {
  expect(exit(upAndOut(1000))).toEqual([]);
});
test('once a page, and again on the next', () => {
  const next: PageEvent = { kind: 'page', what: '/next' };
  expect(exit([...upAndOut(6000), ...upAndOut(9000)])).toEqual([6200]);
  expect(exit([...upAndOut(6000), [9000, next], ...upAndOut(20_000)])).toEqual([6200, 20_200]);
});
test('not through the side or the bottom', () => {
  expect(
    exit([
      [6000, move(300)],
      [6100, leave(250)],
    ]),
  ).toEqual([]);
  expect(
    exit([
      [6000, move(300)],
      [6100, leave(900)],
    ]),
  ).toEqual([]);
});
test('not a slow drift along the top', () => {
  expect(
    exit([
      [6000, move(60)],
      [9000, move(10)],
      [9100, leave(-1)],
    ]),
  ).toEqual([]);
});
test('not on the way to a menu at the top', () => {
  expect(
    exit([
      [6000, move(300)],
      [6100, move(30)],
    ]),
  ).toEqual([]);
});
test('silent while somebody types, and not after they sent it', () => {
  const typed: Timed = [10_000, { kind: 'typed' }];
  expect(exit([typed, ...upAndOut(12_000)])).toEqual([]);
  expect(exit([typed, [11_000, { kind: 'sent' }], ...upAndOut(12_000)])).toEqual([12_200]);
  expect(exit([typed, ...upAndOut(31_000)])).toEqual([31_200]);
});
test('silent for as long as a form holds what was not sent', () => {
  const typed: Timed = [10_000, { kind: 'typed', unsent: true }];
  expect(exit([typed, ...upAndOut(3_600_000)])).toEqual([]);
  expect(exit([typed, [50_000, { kind: 'sent' }], ...upAndOut(60_000)])).toEqual([60_200]);
  expect(exit([typed, [50_000, { kind: 'page', what: '/next' }], ...upAndOut(60_000)])).toEqual([60_200]);
});

const stay = (events: Timed[], seconds = 10) => fired(dwell, { seconds }, events);
const tick: PageEvent = { kind: 'tick' };

test('long on one page fires once', () => {
  expect(
    stay([
      [9000, tick],
      [10_000, tick],
      [11_000, tick],
    ]),
  ).toEqual([10_000]);
});
test('the time that a page is hidden does not count', () => {
  expect(
    stay([
      [4000, { kind: 'hidden' }],
      [60_000, { kind: 'shown' }],
      [65_000, tick],
      [66_000, tick],
    ]),
  ).toEqual([66_000]);
});
test('shown twice, as after a look back in history, counts once', () => {
  expect(
    stay([
      [4000, { kind: 'shown' }],
      [9000, { kind: 'shown' }],
      [10_000, tick],
    ]),
  ).toEqual([10_000]);
});
test('another address starts again', () => {
  expect(
    stay([
      [8000, { kind: 'page', what: '/b' }],
      [11_000, tick],
      [18_000, tick],
    ]),
  ).toEqual([18_000]);
});
test('a page that was opened where nobody sees it counts from when it is seen, at another address too', () => {
  expect(
    stay([
      [0, { kind: 'hidden' }],
      [0, { kind: 'page', what: '/a' }],
      [100_000, { kind: 'page', what: '/b' }],
      [300_000, { kind: 'shown' }],
      [300_500, tick],
      [309_000, tick],
      [310_000, tick],
    ]),
  ).toEqual([310_000]);
});
test('an event fires by its name', () => {
  const events: Timed[] = [
    [1, { kind: 'event', what: 'other' }],
    [2, { kind: 'event', what: 'lost' }],
  ];
  expect(fired(named, { name: 'lost' }, events)).toEqual([2]);
});

function rages(clicks: [x: number, y: number, at: number][]): number {
  const raging = rage();
  return clicks.filter(([x, y, at]) => raging({ x, y, at })).length;
}
test('three quick clicks in one place are rage, counted once a burst', () => {
  expect(
    rages([
      [10, 10, 0],
      [12, 11, 300],
      [9, 14, 600],
    ]),
  ).toBe(1);
  expect(
    rages([
      [10, 10, 0],
      [10, 10, 100],
      [10, 10, 200],
      [10, 10, 300],
    ]),
  ).toBe(1);
});
test('slow, or spread over the page, they are not', () => {
  expect(
    rages([
      [10, 10, 0],
      [10, 10, 900],
      [10, 10, 1800],
    ]),
  ).toBe(0);
  expect(
    rages([
      [10, 10, 0],
      [80, 10, 100],
      [160, 10, 200],
    ]),
  ).toBe(0);
});

const page = (path: string): PageEvent => ({ kind: 'page', what: `https://tern.example${path}` });
const after = (...events: PageEvent[]) =>
  events.reduce((seen, event) => observe(seen, event, 5), nothingNoticed());

test('back and forth is one page, another, and the first again', () => {
  expect(after(page('/a'), page('/b'), page('/a')).back).toBe(1);
  expect(after(page('/a'), page('/a'), page('/b'), page('/c')).back).toBe(0);
});
test('the trail holds the last twenty steps, without what was searched for', () => {
  const steps = after(...Array.from({ length: 30 }, (_, i) => page(`/p${i}?name=secret#x`))).trail;
  expect(steps).toHaveLength(20);
  expect(steps[19]).toEqual({ at: 5, kind: 'page', what: '/p29#x' });
});
test('errors are counted', () => {
  expect(after({ kind: 'error', what: 'x is not a function' }).errors).toBe(1);
});
