/**
 * The closed set of conditions for targeting and branching. `widget_server/conditions.py` is its twin; both are
 * held to the same cases in tests/contract/conditions.json. Pure, never throws: what is malformed does not hold.
 */

export type Scalar = string | number | boolean;
export type Fact = Scalar | readonly Scalar[] | null | undefined;
export type Facts = Record<string, Fact>;
export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | { fact: string; operator: string; value: unknown };

export function holds(condition: unknown, facts: Facts): boolean {
  if (!condition || typeof condition !== 'object') return false;
  const c = condition as Record<string, unknown>;
  if (Array.isArray(c.all)) return c.all.every((inner) => holds(inner, facts));
  if (Array.isArray(c.any)) return c.any.some((inner) => holds(inner, facts));
  if ('not' in c) return !holds(c.not, facts);
  const name = String(c.fact);
  // hasOwn, so that a page's Object.prototype never answers for a missing fact
  const fact = Object.prototype.hasOwnProperty.call(facts, name) ? facts[name] : null;
  return compare(fact ?? null, c.operator, c.value);
}

function compare(fact: Exclude<Fact, undefined>, operator: unknown, value: unknown): boolean {
  if (operator === 'known') return value === (fact !== null);
  if (operator === 'is_not') return fact !== value;
  if (fact === null) return false;
  if (operator === 'is') return fact === value;
  if (operator === 'in') return Array.isArray(value) && value.includes(fact);
  if (operator === 'at_least') return numbers(fact, value) && (fact as number) >= (value as number);
  if (operator === 'at_most') return numbers(fact, value) && (fact as number) <= (value as number);
  if (operator === 'contains') {
    if (Array.isArray(fact)) return fact.includes(value);
    return strings(fact, value) && lower(fact).includes(lower(value));
  }
  return operator === 'matches' && strings(fact, value) && glob([...lower(value)], [...lower(fact)]);
}

const numbers = (a: unknown, b: unknown) => typeof a === 'number' && typeof b === 'number';
const strings = (a: unknown, b: unknown) => typeof a === 'string' && typeof b === 'string';
const lower = (text: unknown) => (text as string).toLowerCase();

/** Greedy with one point to return to: no regular expression, so no pattern can hang the page. */
function glob(pattern: string[], text: string[]): boolean {
  let p = 0;
  let star = -1;
  let mark = 0;
  for (let t = 0; t < text.length; ) {
    if (pattern[p] === '*') {
      star = p++;
      mark = t;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++mark;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
