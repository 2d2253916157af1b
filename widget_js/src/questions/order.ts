/** Options in an order of their own for each visit, so that none gains by standing first. Stable: it is computed. */
import type { Loader, Question } from '../wire';

/** One number for the whole visit, kept for it where anything may be kept. */
function seedOf({ session }: Loader): number {
  const known = session.get<number>('order');
  const seed = known || 1 + Math.floor(Math.random() * 0x7fffffff);
  if (!known) session.set('order', seed);
  return seed;
}

/** FNV-1a: spreads neighbouring words over all 32 bits. */
const spread = (text: string): number => {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ letter.codePointAt(0)!, 0x01000193);
  // neighbours differ in the last letter only: mixed once more, so that the high bits do as well
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 12)) >>> 0;
};

/** The same options by their draw; those in `last` stay behind all others. */
export function ordered<O extends { key: string }>(options: O[], last: string[], seed: string): O[] {
  const place = ({ key }: O) => (last.includes(key) ? 2 ** 32 : spread(`${seed}:${key}`));
  return [...options].sort((a, b) => place(a) - place(b));
}

export function inTheirOrder(loader: Loader, questions: Question[]): void {
  for (const question of questions)
    if (question.random)
      question.options = ordered(
        question.options ?? [],
        question.last ?? [],
        `${seedOf(loader)}:${question.key}`,
      );
}
