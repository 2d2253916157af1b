/** The operators that read texts: most surveys come without. */
import { both, type Compare } from './conditions';

const lower = (text: unknown) => `${text}`.toLowerCase();

export interface RareModule {
  RARE: Record<string, Compare>;
}
export const RARE: Record<string, Compare> = {
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
