/** Their own words: four lines that grow to eight, a counter only near the limit. */
import { h } from '../dom';
import { type Factory, hintOf } from './question';

const LIMIT = 10_000;
const MOST_ROWS = 8;

export const text: Factory = (asked) => {
  const { question, id, words } = asked;
  const limit = question.max_length ?? LIMIT;
  const hint = hintOf(asked);
  const label = h('label', { class: question.in_place ? 'label' : 'q', for: id, id: `${id}-q` }, question.text);
  const counter = h('p', { class: 'hint count', id: `${id}-count`, hidden: true });
  const area = h('textarea', {
    class: 'text',
    id,
    rows: question.rows ?? 4,
    dir: 'auto',
    'aria-describedby': hint ? `${hint.id} ${counter.id}` : counter.id,
  });
  area.value = typeof asked.value === 'string' ? asked.value : '';
  const length = () => [...area.value].length;
  let told = 0;
  const count = () => {
    const used = length();
    const left = limit - used;
    counter.hidden = used < limit * 0.8;
    counter.textContent = left < 0 ? words('too_long', { n: -left }) : words('left', { n: left });
    const mark = used >= limit ? 100 : used >= limit * 0.9 ? 90 : 0;
    if (mark > told) asked.announce(counter.textContent);
    told = mark;
  };
  const grow = () => {
    while (area.scrollHeight > area.clientHeight + 2 && area.rows < MOST_ROWS) area.rows += 1;
  };
  area.addEventListener('input', () => {
    count();
    grow();
    asked.changed('typing');
  });
  area.addEventListener('change', () => asked.changed('done'));
  const el = h('div', { class: 'f', 'data-question': question.key }, label, area, counter);
  return {
    el,
    label,
    hint,
    value: () => area.value.trim() || null,
    focus: () => area.focus(),
    problem: () => (length() > limit ? words('too_long', { n: length() - limit }) : null),
    mount: () => {
      count();
      grow();
    },
  };
};
