/** A small table: a few rows on one scale, each row a group of native radios, one under the other where it is narrow. */
import { h } from '../dom';
import * as words from '../messages';
import { type Factory, hintOf } from './question';

const WORDS_FIT = 3;

export const matrix: Factory = (asked) => {
  const { question, id } = asked;
  const items = question.items ?? [];
  const labels = question.labels ?? [];
  const before = (asked.value ?? {}) as unknown as Record<string, number>;
  const worded = labels.length <= WORDS_FIT;
  const hint = hintOf(asked);
  const label = h('legend', { class: 'q', id: `${id}-q` }, question.text);
  const ends = h(
    'div',
    { class: 'ends', id: `${id}-ends` },
    h('span', {}, `1 ${labels[0]}`),
    h('span', {}, `${labels.length} ${labels[labels.length - 1]}`),
  );
  const groups = items.map(({ key, label: name }) => {
    const inputs = labels.map((word, i) => {
      const input = h('input', {
        type: 'radio',
        name: `${id}-${key}`,
        value: i + 1,
        'aria-label': worded ? null : `${i + 1}, ${word}`,
      });
      input.checked = before[key] === i + 1;
      return input;
    });
    const cells = inputs.map((input, i) =>
      h('label', { class: 'opt' }, input, h('span', {}, worded ? labels[i]! : `${i + 1}`)),
    );
    const row = h(
      'fieldset',
      { class: 'row', 'aria-describedby': worded ? null : ends.id },
      h('legend', { class: 'label' }, name),
      h('div', { class: 'cells' }, ...cells),
    );
    return { key, row, inputs };
  });
  const el = h(
    'fieldset',
    {
      class: 'matrix',
      'data-question': question.key,
      'aria-describedby': hint?.id,
      change: () => asked.changed('done'),
    },
    label,
    hint,
    worded ? null : ends,
    ...groups.map(({ row }) => row),
  );
  const picked = () =>
    groups.flatMap(({ key, inputs }) => {
      const input = inputs.find(({ checked }) => checked);
      return input ? [[key, +input.value] as const] : [];
    });
  return {
    el,
    label,
    value: () => (picked().length ? Object.fromEntries(picked()) : null),
    problem: () => (question.required && picked().length < items.length ? words.each_row : null),
  };
};
