/** What every question type is: a factory that makes one element and tells its value. */
import { h } from '../dom';
import type { Answer, Contact, Question } from '../wire';

export type Words = (name: string, filled?: Record<string, string | number>) => string;
export interface Asked {
  question: Question;
  /** Unique in the panel; ids are made from it. */
  id: string;
  words: Words;
  /** What was answered before, or prefilled. */
  value: Answer | undefined;
  /** The sentence beside the contact consent box. */
  consent: string;
  email: string;
  changed(how: 'pointer' | 'key' | 'typing' | 'done'): void;
  announce(text: string): void;
}
export interface QuestionView {
  el: HTMLElement;
  /** Holds the question's words: the frame names the dialog after it and rewrites it when a variant holds. */
  label: HTMLElement;
  /** A hint that may stand beside the button instead. */
  hint?: HTMLElement;
  value(): Answer;
  focus(): void;
  /** Why this cannot be sent as it is, in words for the visitor. */
  problem?(): string | null;
  mount?(): void;
  unmount?(): void;
}
export type Factory = (asked: Asked) => QuestionView;

export const hintOf = ({ question, id }: Asked) =>
  question.hint ? h('p', { class: 'hint', id: `${id}-hint` }, question.hint) : undefined;

export interface Cell {
  value: string;
  inside: Node[];
  /** Only where what is drawn does not name it. */
  name?: string;
}

/** Native radios or checkboxes in a fieldset: the keyboard and every reader know them. */
export function group(asked: Asked, className: string, type: 'radio' | 'checkbox', cells: Cell[], chosen: string[]) {
  const { question, id } = asked;
  let pointer = false;
  const hint = hintOf(asked);
  const label = h('legend', { class: 'q', id: `${id}-q` }, question.text);
  const inputs = cells.map(({ value, name }) => {
    const input = h('input', { type, name: id, value, 'aria-label': name });
    input.checked = chosen.includes(value);
    return input;
  });
  const el = h(
    'fieldset',
    {
      class: 'f',
      'data-question': question.key,
      'aria-describedby': hint ? hint.id : null,
      pointerdown: () => {
        pointer = true;
      },
      keydown: () => {
        pointer = false;
      },
      change: () => asked.changed(pointer ? 'pointer' : 'key'),
    },
    label,
    hint,
    h('div', { class: className }, ...cells.map((cell, i) => h('label', { class: 'opt' }, inputs[i]!, h('span', {}, ...cell.inside)))),
  );
  const picked = () => inputs.filter((input) => input.checked).map((input) => input.value);
  return { el, label, inputs, picked, focus: () => (inputs.find((i) => i.checked) ?? inputs[0])?.focus() };
}

export const isContact = (value: unknown): value is Contact => !!value && typeof value === 'object' && !Array.isArray(value);
