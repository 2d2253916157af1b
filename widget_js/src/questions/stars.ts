/** Stars: all up to the chosen one are lit, and a word under them says what the number means. */
import { h, svg } from '../dom';
import { fill } from '../fill';
import * as words from '../messages';
import { type Factory, scale } from './question';

const STAR = 'm8 2 1.8 3.9 4.2.5-3.1 2.9.8 4.2L8 11.4l-3.7 2.1.8-4.2L2 6.4l4.2-.5z';

export const stars: Factory = (asked) => {
  const meaning = (n: number) =>
    [fill(words.of, { n, total: 5 }), asked.question.labels?.[n - 1]?.toLocaleLowerCase()]
      .filter(Boolean)
      .join(', ');
  const made = scale(
    asked,
    'stars',
    [1, 2, 3, 4, 5].map((n) => ({ value: `${n}`, name: meaning(n), inside: [svg(16, STAR)] })),
  );
  // readers hear the same from the star's own name
  const word = h('div', { class: 'ends', 'aria-hidden': true });
  made.el.append(word);
  const light = () => {
    const n = made.value() ?? 0;
    made.inputs.forEach((input, i) => {
      input.parentElement!.classList.toggle('lit', i < n);
    });
    word.textContent = n ? meaning(n) : '\u00a0';
  };
  made.el.addEventListener('change', light);
  light();
  return made;
};
