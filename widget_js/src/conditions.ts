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
type Compare = (fact: Scalar | readonly Scalar[], value: unknown) => boolean;

export function holds(condition: unknown, facts: Facts): boolean {
  const c = Object(condition) as {
    all?: unknown;
    any?: unknown;
    not?: unknown;
    fact?: unknown;
    operator?: string;
    value?: unknown;
  };
  if (Array.isArray(c.all)) return c.all.every((inner) => holds(inner, facts));
  if (Array.isArray(c.any)) return c.any.some((inner) => holds(inner, facts));
  if ('not' in c) return !holds(c.not, facts);
  const name = `${c.fact}`;
  // hasOwn, so that an object's own methods never answer for a missing fact
  const fact = (Object.hasOwn(facts, name) ? facts[name] : null) ?? null;
  if (c.operator === 'known') return c.value === (fact !== null);
  if (c.operator === 'is_not') return fact !== c.value;
  return fact !== null && Object.hasOwn(COMPARE, c.operator!) && COMPARE[c.operator!]!(fact, c.value);
}

const both = (type: string, fact: unknown, value: unknown) => typeof fact === type && typeof value === type;
const lower = (text: unknown) => `${text}`.toLowerCase();

const COMPARE: Record<string, Compare> = {
  is: (fact, value) => fact === value,
  in: (fact, value) => Array.isArray(value) && value.includes(fact),
  at_least: (fact, value) => both('number', fact, value) && (fact as number) >= (value as number),
  at_most: (fact, value) => both('number', fact, value) && (fact as number) <= (value as number),
  contains: (fact, value) =>
    Array.isArray(fact)
      ? fact.includes(value)
      : both('string', fact, value) && lower(fact).includes(lower(value)),
  matches: (fact, value) => both('string', fact, value) && glob([...lower(value)], [...lower(fact)]),
};

/** Greedy with one point to return to: no regular expression, so no pattern can hang the page. */
function glob(pattern: string[], text: string[]): boolean {
  let p = 0;
  let star = -1;
  let mark = 0;
  for (let t = 0; t < text.length; ) {
    if (pattern[p] === '*') {
      star = p++;
      mark = t;
    } else if (pattern[p] === '?' || pattern[p] === text[t]) {
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
