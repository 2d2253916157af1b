/** Stars: all up to the chosen one are lit, and a word under them says what the number means. */
import { h } from '../dom';
import { icon } from '../icons';
import { type Factory, group } from './question';

export const stars: Factory = (asked) => {
  const labels = asked.question.labels ?? [];
  const meaning = (n: number) =>
    [asked.words('of', { n, total: 5 }), labels[n - 1]?.toLocaleLowerCase()].filter(Boolean).join(', ');
  const cells = [1, 2, 3, 4, 5].map((n) => ({ value: String(n), name: meaning(n), inside: [icon('star')] }));
  const made = group(asked, 'stars', 'radio', cells, typeof asked.value === 'number' ? [String(asked.value)] : []);
  const value = () => (made.picked().length ? Number(made.picked()[0]) : null);
  // readers hear the same from the star's own name
  const word = h('div', { class: 'ends', 'aria-hidden': 'true' });
  made.el.append(word);
  const light = () => {
    const n = value() ?? 0;
    made.inputs.forEach((input, i) => {
      input.parentElement?.classList.toggle('lit', i < n);
    });
    word.textContent = n ? meaning(n) : '\u00a0';
  };
  made.el.addEventListener('change', light);
  light();
  return { ...made, value };
};
