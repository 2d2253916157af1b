/** Their own words: four lines that grow to eight. The counter comes near the limit. */
import { h } from '../dom';
import { type Factory, hintOf } from './question';

const LIMIT = 10_000;
const MOST_ROWS = 8;

export const text: Factory = (asked) => {
  const { question, id, value, changed } = asked;
  const limit = question.max_length ?? LIMIT;
  const label = h(
    'label',
    { class: question.in_place ? 'label' : 'q', for: id, id: `${id}-q` },
    question.text,
  );
  const area = h('textarea', { rows: question.rows ?? 4, dir: 'auto', id, 'aria-describedby': `${id}-hint` });
  area.value = (value as string) ?? '';
  let counted = false;
  const mount = () => {
    if (!counted && [...area.value].length > limit * 0.8) {
      counted = true;
      asked.near?.(area, limit);
    }
    while (area.scrollHeight > area.clientHeight + 2 && area.rows < MOST_ROWS) area.rows++;
  };
  area.addEventListener('input', () => {
    mount();
    changed('typing');
  });
  area.addEventListener('change', () => changed('done'));
  const el = h('div', { 'data-question': question.key }, label, area);
  return {
    el,
    label,
    hint: hintOf(asked),
    value: () => area.value.trim() || null,
    // told by what counts; where that could not be fetched, by the server
    problem: () => area.validationMessage,
    mount,
  };
};

/** One line: Enter goes on, as it does in any field of one line. It still grows, so that all of it stays in view. */
export const shortText: Factory = (asked) => {
  const made = text(asked);
  made.el.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    made.el.closest('form')?.requestSubmit();
  });
  return made;
};
