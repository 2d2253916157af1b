/** Yes or no. */
import { rows } from './choice';
import type { Factory } from './question';

export const yesNo: Factory = (asked) => {
  const options = ['yes', 'no'].map((key, i) => ({
    key,
    label: asked.question.labels?.[i] ?? asked.words(key),
  }));
  const made = rows(asked, 'radio', options, [{ true: 'yes', false: 'no' }[`${asked.value as boolean}`]]);
  return { ...made, value: () => (made.picked().length ? made.picked()[0] === 'yes' : null) };
};
