/** What every question type is: a factory that makes one element and tells its value. */
import { h } from '../dom';
import type { Answer, Question } from '../wire';

export type How = 'pointer' | 'key' | 'typing' | 'done';
export interface Asked {
  question: Question;
  /** Unique in the panel; ids are made from it. */
  id: string;
  /** What was answered before. */
  value: Answer | undefined;
  /** The sentence beside the contact consent box. */
  consent: string;
  /** The address that the site told us. */
  email: string;
  changed(how: How): void;
  announce(text: string): void;
  /** A text comes near its limit: from here on it is counted. */
  near?(area: HTMLTextAreaElement, limit: number): void;
}
export interface QuestionView {
  el: HTMLElement;
  /** Holds the question's words: the frame names the dialog after it and rewrites it when a variant holds. */
  label: HTMLElement;
  /** A hint that stands beside the button. */
  hint?: HTMLElement;
  value(): Answer;
  /** Why this cannot be sent as it is, in words for the visitor. */
  problem?(): string | null;
  mount?(): void;
}
export type Factory = (asked: Asked) => QuestionView;

export const hintOf = ({ question: { hint }, id }: Asked) =>
  hint ? h('p', { class: 'hint', id: `${id}-hint` }, hint) : undefined;

export interface Cell {
  value: string;
  inside: Node[];
  /** Only where what is drawn does not name it. */
  name?: string;
}

/** Native radios or checkboxes in a fieldset: the keyboard and every reader know them. */
export function group(
  asked: Asked,
  className: string,
  type: 'radio' | 'checkbox',
  cells: Cell[],
  chosen: unknown[],
) {
  const { question, id } = asked;
  let how: How = 'key';
  const hint = hintOf(asked);
  const label = h('legend', { class: 'q', id: `${id}-q` }, question.text);
  const inputs = cells.map(({ value, name }) => {
    const input = h('input', { type, value, name: id, 'aria-label': name });
    input.checked = chosen.includes(value);
    return input;
  });
  const options = cells.map(({ inside }, i) =>
    h('label', { class: 'opt' }, inputs[i], h('span', {}, ...inside)),
  );
  const el = h(
    'fieldset',
    {
      keydown: () => {
        how = 'key';
      },
      pointerdown: () => {
        how = 'pointer';
      },
      change: () => asked.changed(how),
      'aria-describedby': hint?.id,
      'data-question': question.key,
    },
    label,
    hint,
    h('div', { class: className }, ...options),
  );
  const picked = () => inputs.filter((input) => input.checked).map((input) => input.value);
  return { el, label, inputs, picked };
}

/** A group whose one answer is a number. */
export function scale(asked: Asked, className: string, cells: Cell[]) {
  const made = group(asked, className, 'radio', cells, [`${asked.value}`]);
  return { ...made, value: () => made.picked().map(Number)[0] ?? null };
}
