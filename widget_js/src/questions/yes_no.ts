/** Yes or no. */
import * as words from '../messages';
import { rows } from './choice';
import type { Factory } from './question';

export const yesNo: Factory = (asked) => {
  const { labels } = asked.question;
  const options = [
    { key: 'yes', label: labels?.[0] ?? words.yes },
    { key: 'no', label: labels?.[1] ?? words.no },
  ];
  const made = rows(asked, 'radio', options, [{ true: 'yes', false: 'no' }[`${asked.value as boolean}`]]);
  return { ...made, value: () => (made.picked().length ? made.picked()[0] === 'yes' : null) };
};
