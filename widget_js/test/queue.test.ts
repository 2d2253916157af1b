import { expect, test } from 'vitest';
import { backoff, isRetryable, retryAfter } from '../src/backoff';
import { bytes, expired, type Item, postponed, put, renamed, trim, without } from '../src/queue';
import { sameWords } from '../src/unsent';
import type { Answers } from '../src/wire';

const item = (id: string, more: Partial<Item> = {}): Item => ({
  id,
  seq: 1,
  finished: true,
  at: 0,
  tries: 0,
  due: 0,
  tab: 't',
  personal: false,
  body: { answers: { comment: id } },
  ...more,
});
const ids = (queue: Item[]) => queue.map((one) => `${one.id}.${one.seq}`);

test('a newer snapshot takes the place of the older one and keeps its age', () => {
  const queue = put([item('a', { at: 5 })], item('a', { seq: 2, at: 9 }));
  expect(ids(queue)).toEqual(['a.2']);
  expect(queue[0]?.at).toBe(5);
});
test('an older snapshot changes nothing', () => {
  expect(ids(put([item('a', { seq: 3 })], item('a', { seq: 2 })))).toEqual(['a.3']);
});
test('twenty items: an unfinished one goes first, then the oldest', () => {
  const full = Array.from({ length: 20 }, (_, i) => item(`${i}`, { finished: i !== 7 }));
  const once = trim(put(full, item('new')));
  expect(ids(once.lost)).toEqual(['7.1']);
  expect(ids(trim(put(once.queue, item('newer'))).lost)).toEqual(['0.1']);
});
test('fifty kilobytes, counted as UTF-8', () => {
  const long = 'ก'.repeat(9000);
  const { queue, lost } = trim(put([item('a', { body: { long } })], item('b', { body: { long } })));
  expect(ids(queue)).toEqual(['b.1']);
  expect(ids(lost)).toEqual(['a.1']);
  expect(bytes('ก')).toBe(5);
});
test('one that is too large alone still stays', () => {
  expect(ids(trim([item('a', { body: { long: 'x'.repeat(60_000) } })]).queue)).toEqual(['a.1']);
});
test('what was sent goes, what came after it stays', () => {
  expect(ids(without([item('a'), item('b')], 'a', 1))).toEqual(['b.1']);
  expect(ids(without([item('a', { seq: 2 })], 'a', 1))).toEqual(['a.2']);
});
test('after 72 hours it is given up', () => {
  const { queue, lost } = expired([item('old'), item('young', { at: 1000 })], 72 * 3_600_000 + 1);
  expect([ids(queue), ids(lost)]).toEqual([['young.1'], ['old.1']]);
});
test('a try that failed puts it off', () => {
  expect(postponed([item('a')], 'a', 2, 99)[0]).toMatchObject({ tries: 2, due: 99 });
});

test('what came after its answer was finished goes out as another, at once', () => {
  const late = item('a', {
    seq: 7,
    tries: 3,
    due: 99,
    at: 5,
    body: { id: 'a', secret: 's', seq: 7, lang: 'nl' },
  });
  const body = { id: 'b', secret: 't', seq: 1, lang: 'nl' };
  expect(renamed(late, 'b', 't')).toEqual({ ...late, id: 'b', seq: 1, tries: 0, due: 0, body });
});
test.each<[string, Record<string, unknown>, Record<string, unknown>, boolean]>([
  [
    'in another order, and with what was left empty',
    { a: 1, b: 'x', c: null, d: [] },
    { b: 'x', a: 1 },
    true,
  ],
  ['with other words', { b: 'x' }, { b: 'y' }, false],
  ['with one more', { b: 'x', a: false }, { b: 'x' }, false],
])('a draft %s: is it what was sent?', (_, draft, sent, same) => {
  expect(sameWords(draft as Answers, sent as Answers)).toBe(same);
});

test.each([
  [1, 500, 1500],
  [2, 1000, 3000],
  [4, 4000, 12_000],
  [30, 150_000, 450_000],
])('try %i waits between %i and %i ms', (tries, least, most) => {
  expect(backoff(tries, 0, 0)).toBe(least);
  expect(backoff(tries, 0, 1)).toBe(most);
});
test('never sooner than the server asks', () => {
  expect(backoff(1, 60_000, 0)).toBe(60_000);
});
test.each([
  ['7', 7000],
  ['Thu, 01 Jan 1970 00:00:12 GMT', 2000],
  ['Thu, 01 Jan 1970 00:00:01 GMT', 0],
  ['soon', 0],
  [null, 0],
])('Retry-After %s is %i ms', (header, ms) => {
  expect(retryAfter(header, 10_000)).toBe(ms);
});
test('which answers are tried again', () => {
  const again = [408, 425, 429, 500, 502, 503, 504];
  const never = [400, 403, 404, 409, 410, 413, 415, 422];
  expect([...again, ...never].filter(isRetryable)).toEqual(again);
});
