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
export type Compare = (fact: Scalar | readonly Scalar[], value: unknown) => boolean;

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

export const both = (type: string, fact: unknown, value: unknown) =>
  typeof fact === type && typeof value === type;

const COMPARE: Record<string, Compare> = {
  is: (fact, value) => fact === value,
  at_least: (fact, value) => both('number', fact, value) && (fact as number) >= (value as number),
  at_most: (fact, value) => both('number', fact, value) && (fact as number) <= (value as number),
  in: (fact, value) => Array.isArray(value) && value.includes(fact),
};

/** Operators that come with a chunk of their own. */
export const learn = (rare: Record<string, Compare>): void => void Object.assign(COMPARE, rare);
