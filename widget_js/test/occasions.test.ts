import { expect, test } from 'vitest';
import type { Detector, PageEvent } from '../src/triggers/events';
import { idle } from '../src/triggers/idle';
import { backAndForth, pageView } from '../src/triggers/journey';
import { click, deadClick, error, formError, scroll, visible } from '../src/triggers/once';
import { touchExit } from '../src/triggers/return';

type Timed = [at: number, event: PageEvent];

function fired<T>(detector: Detector<T>, trigger: T, events: Timed[]): number[] {
  const fires = detector(trigger, 0);
  return events.flatMap(([at, event]) => (fires(event, at) ? [at] : []));
}
const page = (what = '/next'): PageEvent => ({ kind: 'page', what });
const tick: PageEvent = { kind: 'tick' };

test('scroll fires once when so much of the page was in view, and again on the next page', () => {
  const scrolled = (percent: number): PageEvent => ({ kind: 'scroll', percent });
  const events: Timed[] = [
    [1, scrolled(30)],
    [2, scrolled(75)],
    [3, scrolled(90)],
    [4, page()],
    [5, scrolled(80)],
  ];
  expect(fired(scroll, { percent: 75 }, events)).toEqual([2, 5]);
});
test('click and visible answer to their own selector', () => {
  const pressed: Timed = [1, { kind: 'pressed', selector: '#pay' }];
  expect(fired(click, { selector: '#pay' }, [pressed])).toEqual([1]);
  expect(fired(click, { selector: '#other' }, [pressed])).toEqual([]);
  const seen: Timed = [1, { kind: 'seen', selector: '.total' }];
  expect(fired(visible, { selector: '.total' }, [seen])).toEqual([1]);
  expect(fired(visible, { selector: '#pay' }, [pressed])).toEqual([]);
});
test('an error of the page fires once', () => {
  const wrong: PageEvent = { kind: 'error', what: 'x is undefined' };
  expect(
    fired(error, {}, [
      [1, wrong],
      [2, wrong],
    ]),
  ).toEqual([1]);
});
test('the second refusal of a form is friction, and clicks that do nothing are counted', () => {
  const refused: PageEvent = { kind: 'form_error', what: 'email' };
  expect(
    fired(formError, {}, [
      [1, refused],
      [2, refused],
      [3, refused],
    ]),
  ).toEqual([2]);
  expect(
    fired(formError, {}, [
      [1, refused],
      [2, page()],
      [3, refused],
    ]),
  ).toEqual([]);
  const dead: PageEvent = { kind: 'dead_click', what: 'Pay' };
  expect(
    fired(deadClick, { times: 2 }, [
      [1, dead],
      [2, dead],
    ]),
  ).toEqual([2]);
});
test('idle needs a page in view on which nothing stirs', () => {
  const still: Timed[] = [
    [30_000, tick],
    [31_000, tick],
  ];
  expect(fired(idle, { seconds: 30 }, still)).toEqual([30_000]);
  expect(fired(idle, { seconds: 30 }, [[20_000, { kind: 'active' }], ...still])).toEqual([]);
  expect(fired(idle, { seconds: 30 }, [[20_000, { kind: 'hidden' }], ...still])).toEqual([]);
  expect(fired(idle, { seconds: 30 }, [...still, [40_000, page()], [70_000, tick]])).toEqual([
    30_000, 70_000,
  ]);
});
test('a page view is counted over the visit', () => {
  expect(
    fired(pageView(0), {}, [
      [1, page('/a')],
      [2, page('/b')],
    ]),
  ).toEqual([1]);
  expect(fired(pageView(2), { pages: 3 }, [[1, page('/c')]])).toEqual([1]);
  expect(fired(pageView(3), { pages: 3 }, [[1, page('/d')]])).toEqual([]);
});
test('back and forth is A, B, A, also over page loads and whatever is searched for', () => {
  expect(
    fired(backAndForth([]), {}, [
      [1, page('/a')],
      [2, page('/b')],
      [3, page('/a?q=1')],
    ]),
  ).toEqual([3]);
  expect(fired(backAndForth(['/a', '/b']), {}, [[1, page('/a')]])).toEqual([1]);
  expect(fired(backAndForth(['/a', '/b']), {}, [[1, page('/c')]])).toEqual([]);
});
test('a finger leaves by putting the page away for a while: it is asked on return', () => {
  const away = (from: number, to: number): Timed[] => [
    [from, { kind: 'hidden' }],
    [to, { kind: 'shown' }],
  ];
  expect(fired(touchExit, { min_dwell_seconds: 5 }, away(10_000, 16_000))).toEqual([16_000]);
  expect(fired(touchExit, { min_dwell_seconds: 5 }, away(10_000, 12_000))).toEqual([]);
  expect(fired(touchExit, { min_dwell_seconds: 60 }, away(10_000, 16_000))).toEqual([]);
  expect(fired(touchExit, {}, [...away(10_000, 16_000), ...away(20_000, 30_000)])).toEqual([16_000]);
});
test('but whoever fetched a code for a form is not asked', () => {
  const typed: Timed = [1000, { kind: 'typed', unsent: true }];
  const away: Timed[] = [
    [10_000, { kind: 'hidden' }],
    [60_000, { kind: 'shown' }],
  ];
  expect(fired(touchExit, {}, [typed, ...away, [200_000, tick]])).toEqual([]);
  expect(fired(touchExit, {}, [typed, [5000, { kind: 'sent' }], ...away])).toEqual([60_000]);
});
test('or by letting it lie', () => {
  expect(
    fired(touchExit, {}, [
      [44_000, tick],
      [45_000, tick],
      [46_000, tick],
    ]),
  ).toEqual([45_000]);
});
