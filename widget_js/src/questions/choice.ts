/** One of several: rows with a ring. */
import { h } from '../dom';
import { type Asked, type Factory, group } from './question';

export const rows = (
  asked: Asked,
  type: 'radio' | 'checkbox',
  options: { key: string; label: string }[],
  chosen: unknown[],
) =>
  group(
    asked,
    `list ${type}`,
    type,
    options.map(({ key, label }) => ({ value: key, inside: [h('i'), h('span', {}, label)] })),
    chosen,
  );

export const choice: Factory = (asked) => {
  const made = rows(asked, 'radio', asked.question.options ?? [], [asked.value]);
  return { ...made, value: () => made.picked()[0] ?? null };
};
