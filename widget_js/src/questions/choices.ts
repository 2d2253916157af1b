/** Any of several: rows with a box. */
import { rows } from './choice';
import type { Factory } from './question';

export const choices: Factory = (asked) => {
  const made = rows(asked, 'checkbox', asked.question.options ?? [], Array.isArray(asked.value) ? asked.value : []);
  return { ...made, value: () => made.picked() };
};
