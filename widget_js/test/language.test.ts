import { afterEach, expect, test } from 'vitest';
import { choose, wanted } from '../src/language';
import { uuid } from '../src/random';

afterEach(() => document.documentElement.removeAttribute('lang'));

test.each([
  ['nb-NO', 'no'],
  ['nn', 'no'],
  ['nl-BE', 'nl'],
  ['th', 'th'],
])('a page in %s is asked in %s', (lang, chosen) => {
  document.documentElement.lang = lang;
  expect(choose(wanted(undefined), ['en', 'nl', 'no', 'th'], 'en')).toBe(chosen);
});
test('the tag wins over the page', () => {
  document.documentElement.lang = 'nl';
  expect(choose(wanted('th'), ['nl', 'th'], 'nl')).toBe('th');
});
test('else the site’s language, else the first that the survey has', () => {
  expect(choose(['xx'], ['nl', 'no'], 'no')).toBe('no');
  expect(choose(['xx'], ['nl', 'no'], 'en')).toBe('nl');
});
test('ids are version 4, each its own', () => {
  const ids = Array.from({ length: 200 }, uuid);
  expect(new Set(ids).size).toBe(200);
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
