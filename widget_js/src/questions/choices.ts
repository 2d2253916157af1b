/** Any of several: rows with a box. */
import { rows } from './choice';
import type { Factory } from './question';

export const choices: Factory = (asked) => {
  const made = rows(asked, 'checkbox', asked.question.options ?? [], (asked.value as string[]) ?? []);
  return { ...made, value: made.picked };
};
