/** Five drawn faces, each with its word: the lowest effort there is. */
import { h } from '../dom';
import { face } from '../icons';
import { type Factory, scale } from './question';

export const smiley: Factory = (asked) =>
  scale(
    asked,
    'smileys',
    [1, 2, 3, 4, 5].map((mood) => ({
      value: `${mood}`,
      inside: [face(mood), h('span', { class: 'word' }, asked.question.labels?.[mood - 1] ?? `${mood}`)],
    })),
  );
