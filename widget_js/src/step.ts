/** One step on the screen: its questions, those that open in place, the problem line and the button. */
import { h } from './dom';
import { isEmpty, wording } from './flow';
import { QUESTIONS } from './questions';
import type { QuestionView, Words } from './questions/question';
import type { Answers, Question } from './wire';

export interface StepEnd {
  /** The words on the button. */
  go: string;
  skip?: string;
  gone(): void;
  skipped(): void;
}
export interface StepView {
  el: HTMLFormElement;
  label: HTMLElement;
  /** Shows the questions that are asked now; those on the screen already stay as they are. */
  show(questions: Question[], answers: Answers): void;
  focus(): void;
  ending(end: StepEnd): void;
  busy(words: string | null): void;
  unmount(): void;
}
export interface StepGiven {
  words: Words;
  consent: string;
  email: string;
  changed(question: Question, view: QuestionView, how: 'pointer' | 'key' | 'typing' | 'done'): void;
  announce(text: string): void;
}

export function makeStep(questions: Question[], answers: Answers, given: StepGiven): StepView {
  const { words } = given;
  const views = new Map<string, QuestionView>();
  let asked: Question[] = [];
  let end: StepEnd;
  const problem = h('p', { class: 'problem', role: 'alert', 'data-part': 'problem', hidden: true });
  const foot = h('div', { class: 'foot' });
  const go = h('button', { class: 'b', type: 'submit', 'data-part': 'send' });
  const skip = h('button', { class: 'b second', type: 'button', 'data-part': 'skip', click: () => end.skipped() });
  const el = h('form', { class: 'body', novalidate: true, 'data-part': 'step' }, problem, foot);

  const say = (text: string | null) => {
    problem.hidden = !text;
    problem.textContent = text ?? '';
  };
  const stopped = (): boolean => {
    for (const question of asked) {
      const view = views.get(question.key)!;
      const missing = question.required && isEmpty(view.value());
      const why = view.problem?.() ?? (missing ? words(question.type === 'text' ? 'write_something' : 'required') : null);
      if (why) {
        say(why);
        view.focus();
        return true;
      }
    }
    say(null);
    return false;
  };
  el.addEventListener('submit', (event) => {
    event.preventDefault();
    if (go.getAttribute('aria-disabled') !== 'true' && !stopped()) end.gone();
  });

  const step: StepView = {
    el,
    label: el,
    show(next, now) {
      const first = !asked.length;
      for (const question of asked.filter((one) => !next.includes(one))) {
        const view = views.get(question.key)!;
        view.unmount?.();
        view.el.remove();
      }
      let after: Element | null = null;
      for (const question of next) {
        let view = views.get(question.key);
        if (!view) {
          view = QUESTIONS[question.type]!({
            question,
            id: `q-${question.key}`,
            words,
            value: now[question.key],
            consent: given.consent,
            email: given.email,
            changed: (how) => {
              say(null);
              given.changed(question, view!, how);
            },
            announce: given.announce,
          });
          views.set(question.key, view);
        }
        const text = wording(question, now);
        const isNew = !asked.includes(question);
        if (isNew) {
          if (after) after.after(view.el);
          else el.prepend(view.el);
          view.mount?.();
        }
        if (!first && (isNew || view.label.textContent !== text)) given.announce(text);
        if (view.label.textContent !== text) view.label.textContent = text;
        after = view.el;
      }
      asked = next;
      step.label = views.get(next[0]!.key)!.label;
      step.ending(end);
    },
    focus: () => views.get(asked[0]!.key)?.focus(),
    ending(next) {
      end = next;
      if (!end || !asked.length) return;
      go.textContent = end.go;
      const hint = [...asked].reverse().map((q) => views.get(q.key)?.hint).find(Boolean);
      const wanted = [end.skip ? skip : hint, go].filter((el): el is HTMLElement => !!el);
      skip.textContent = end.skip ?? '';
      // a button that moves between press and release loses the click: only what differs is put in
      if (wanted.some((one, i) => foot.children[i] !== one)) foot.replaceChildren(...wanted);
    },
    busy(text) {
      go.setAttribute('aria-disabled', String(!!text));
      go.textContent = text ?? end.go;
    },
    unmount() {
      for (const question of asked) views.get(question.key)?.unmount?.();
    },
  };
  step.show(questions, answers);
  return step;
}
