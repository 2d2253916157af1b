/** One step on the screen: its questions, those that open in place, the problem line and the buttons. */
import { h } from './dom';
import { busy } from './endings';
import { isEmpty } from './flow';
import type { Asked, Factory, How, QuestionView } from './questions/question';
import type { Answer, Answers, Question } from './wire';

export type StepView = ReturnType<typeof makeStep>;
export interface StepGiven extends Pick<Asked, 'words' | 'consent' | 'email' | 'announce'> {
  wording(question: Question): string;
  changed(question: Question, value: Answer, how: How): void;
  /** The button was pressed and nothing stands in the way. */
  gone(): void;
}

export function makeStep(
  types: Record<string, Factory>,
  first: Question[],
  answers: Answers,
  given: StepGiven,
) {
  const { words, changed, gone, announce } = given;
  const views = new Map<Question, QuestionView>();
  let asked: Question[] = [];
  const problem = h('p', { class: 'problem', role: 'alert', 'data-part': 'problem' });
  const go = h('button', { class: 'b', 'data-part': 'send' });
  const skip = h(
    'button',
    {
      class: 'b second',
      type: 'button',
      'data-part': 'skip',
      click() {
        changed(asked[0]!, null, 'done');
        gone();
      },
    },
    words('skip'),
  );
  const foot = h('div', { class: 'foot' });
  const submit = (event: Event) => {
    event.preventDefault();
    if (!go.ariaDisabled && asked.every(passes)) gone();
  };
  const el = h('form', { class: 'body', novalidate: true, 'data-part': 'step', submit }, problem, foot);

  function passes(question: Question): boolean {
    const view = views.get(question)!;
    const missing = question.required && isEmpty(view.value());
    const why =
      view.problem?.() || (missing && words(question.type === 'text' ? 'write_something' : 'required'));
    problem.textContent = why || '';
    if (why) focus(view.el);
    return !why;
  }
  const focus = (inside: Element = el) =>
    (
      inside.querySelector<HTMLElement>(':checked') ?? inside.querySelector<HTMLElement>('input,textarea')
    )?.focus();

  function make(question: Question): QuestionView {
    const view = types[question.type]!({
      ...given,
      question,
      id: `q-${question.key}`,
      value: answers[question.key],
      changed(how) {
        problem.textContent = '';
        changed(question, view.value(), how);
      },
    });
    views.set(question, view);
    return view;
  }

  /** Shows the questions that are asked now; those on the screen already stay as they are. */
  function show(next: Question[]): void {
    for (const question of asked)
      if (!next.includes(question)) {
        views.get(question)!.unmount?.();
        views.get(question)!.el.remove();
      }
    next.forEach((question, i) => {
      const view = views.get(question) ?? make(question);
      const text = given.wording(question);
      if (asked.length && (!view.el.isConnected || view.label.textContent !== text)) announce(text);
      if (view.label.textContent !== text) view.label.textContent = text;
      if (view.el.parentNode) return;
      el.insertBefore(view.el, el.children[i]!);
      if (el.isConnected) view.mount?.();
    });
    asked = next;
    const hint = next[0]!.type === 'contact' ? skip : views.get(next[next.length - 1]!)!.hint;
    // a button that moves between press and release loses the click: only what differs is put in
    if (foot.firstChild !== (hint ?? go)) foot.replaceChildren(...(hint ? [hint] : []), go);
  }
  show(first);

  return {
    el,
    label: views.get(first[0]!)!.label,
    show,
    focus: () => focus(),
    ending(text: string) {
      go.textContent = text;
    },
    busy: () => busy(go, words),
    mount: () => {
      for (const question of asked) views.get(question)!.mount?.();
    },
    unmount() {
      for (const question of asked) views.get(question)!.unmount?.();
    },
  };
}
