/** Yes or no. */
import { rows } from './choice';
import type { Factory } from './question';

export const yesNo: Factory = (asked) => {
  const labels = asked.question.labels ?? [];
  const options = ['yes', 'no'].map((key, i) => ({ key, label: labels[i] ?? asked.words(key) }));
  const chosen = typeof asked.value === 'boolean' ? [asked.value ? 'yes' : 'no'] : [];
  const made = rows(asked, 'radio', options, chosen);
  return { ...made, value: () => (made.picked().length ? made.picked()[0] === 'yes' : null) };
};
