/** An earlier answer in a later text: `{answers.reason|something else}`. Twin: widget_server/surveys/recall.py. Pure. */
import type { Facts } from '../conditions';
import type { Question } from '../wire';

const LONGEST = 80;
const RECALL = /\{answers\.([a-z][a-z0-9_-]{0,59})(?:\|([^{}|]{0,120}))?\}/g;

/** The text with answers in it, once: what is put in is never looked at again, and is only ever set as text. */
export const recalled = (text: string, questions: Question[], facts: Facts): string =>
  text.replace(RECALL, (_, key: string, fallback = '') => {
    const question = questions.find((one) => one.key === key);
    return (question && inWords(question, facts[`answers.${key}`])) || fallback;
  });

/** The answer as the visitor saw it: labels of what was chosen, the word under a number, a text cut short. */
export function inWords({ type, labels, options }: Question, value: unknown): string {
  if (value == null) return '';
  if (typeof value === 'number') {
    const full = labels && labels.length > 2;
    return full ? (labels[value - (type === 'nps' ? 0 : 1)] ?? '') : `${value}`;
  }
  if (type === 'text') return short(`${value}`);
  const chosen: unknown[] = Array.isArray(value) ? value : [value];
  return chosen
    .map((one) => options?.find(({ key }) => key === one)?.label)
    .filter(Boolean)
    .join(', ');
}

function short(text: string): string {
  const flat = [...text.replace(/[ \t\r\n]+/g, ' ').replace(/^ | $/g, '')];
  return flat.length <= LONGEST
    ? flat.join('')
    : `${flat
        .slice(0, LONGEST - 1)
        .join('')
        .replace(/ $/, '')}…`;
}
