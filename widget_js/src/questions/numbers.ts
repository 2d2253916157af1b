/** Scales of numbered cells: both ends are named, no cell is coloured good or bad. */
import { h } from '../dom';
import { type Asked, type Factory, group } from './question';

export function numbered(className: string, from: number, to: number): Factory {
  return (asked: Asked) => {
    const labels = asked.question.labels ?? [];
    const count = to - from + 1;
    const cells = Array.from({ length: count }, (_, i) => ({
      value: String(from + i),
      name: labels.length === count ? `${from + i}, ${labels[i]}` : undefined,
      inside: [document.createTextNode(String(from + i))],
    }));
    const chosen = typeof asked.value === 'number' ? [String(asked.value)] : [];
    const made = group(asked, `cells ${className}`, 'radio', cells, chosen);
    if (labels.length > 1) {
      const id = `${asked.id}-ends`;
      const ends = h('div', { class: 'ends', id }, h('span', {}, labels[0]), h('span', {}, labels[labels.length - 1]));
      made.el.append(ends);
      const described = made.el.getAttribute('aria-describedby');
      made.el.setAttribute('aria-describedby', described ? `${described} ${id}` : id);
    }
    return { ...made, value: () => (made.picked().length ? Number(made.picked()[0]) : null) };
  };
}
