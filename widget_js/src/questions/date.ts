/** A day, by the browser's own field: it knows the visitor's calendar, keyboard and reader. */
import { h } from '../dom';
import * as words from '../messages';
import { type Factory, hintOf } from './question';

/** `today` is the visitor's own. */
const dayOf = (day: string | undefined): string | undefined => {
  if (day !== 'today') return day;
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
};

export const date: Factory = (asked) => {
  const { question, id } = asked;
  const hint = hintOf(asked);
  const label = h(
    'label',
    { class: question.in_place ? 'label' : 'q', for: id, id: `${id}-q` },
    question.text,
  );
  const input = h('input', {
    id,
    type: 'date',
    class: 'field',
    min: dayOf(question.earliest),
    max: dayOf(question.latest),
    'aria-describedby': hint?.id,
    change: () => asked.changed('done'),
  });
  input.value = (asked.value as string) ?? '';
  return {
    el: h('div', { 'data-question': question.key }, label, hint, input),
    label,
    value: () => (input.validity.valid && input.value) || null,
    problem: () => (input.validity.valid ? null : words.day_wrong),
  };
};
