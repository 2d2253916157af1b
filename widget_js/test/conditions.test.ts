import { expect, test } from 'vitest';
import cases from '../../tests/contract/conditions.json';
import { type Facts, holds, learn } from '../src/conditions';
import { RARE } from '../src/conditions_rare';

learn(RARE);

test.each(cases)('$name', ({ condition, facts, holds: expected }) => {
  expect(holds(condition, facts as unknown as Facts)).toBe(expected);
});

test.each([
  null,
  7,
  'x',
  [],
  {},
  { fact: 'a' },
  { fact: 'a', operator: 'regex', value: '.*' },
])('what is malformed does not hold: %j', (condition) => {
  expect(holds(condition, { a: 'x' })).toBe(false);
});

test('a hostile pattern on a hundred thousand characters ends soon', () => {
  const started = performance.now();
  holds({ fact: 'a', operator: 'matches', value: '*a*a*a*b' }, { a: 'a'.repeat(100_000) });
  expect(performance.now() - started).toBeLessThan(200);
});
