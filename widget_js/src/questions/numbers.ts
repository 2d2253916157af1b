/** Scales of numbered cells: both ends are named, no cell is coloured good or bad. */
import { h } from '../dom';
import { type Factory, scale } from './question';

export const numbered =
  (className: string, from: number, to: number): Factory =>
  (asked) => {
    const labels = asked.question.labels ?? [];
    const count = to - from + 1;
    const cells = Array.from({ length: count }, (_, i) => ({
      value: `${from + i}`,
      name: labels.length === count ? `${from + i}, ${labels[i]}` : undefined,
      inside: [document.createTextNode(`${from + i}`)],
    }));
    const made = scale(asked, `cells ${className}`, cells);
    if (labels.length > 1) {
      const id = `${asked.id}-ends`;
      made.el.append(
        h('div', { class: 'ends', id }, h('span', {}, labels[0]), h('span', {}, labels[labels.length - 1])),
      );
      made.el.setAttribute('aria-describedby', `${asked.id}-hint ${id}`);
    }
    return made;
  };
