/** Five drawn faces, each with its word: the lowest effort there is. */
import { h } from '../dom';
import { face } from '../icons';
import { type Factory, group } from './question';

export const smiley: Factory = (asked) => {
  const labels = asked.question.labels ?? [];
  const cells = [1, 2, 3, 4, 5].map((mood) => ({
    value: String(mood),
    name: labels[mood - 1] ? undefined : asked.words('of', { n: mood, total: 5 }),
    inside: [face(mood), h('span', { class: 'word' }, labels[mood - 1] ?? String(mood))],
  }));
  const made = group(asked, 'smileys', 'radio', cells, typeof asked.value === 'number' ? [String(asked.value)] : []);
  return { ...made, value: () => (made.picked().length ? Number(made.picked()[0]) : null) };
};
