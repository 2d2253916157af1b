/** One step on the screen: its questions, those that open in place, the problem line and the buttons. */
import { h } from './dom';
import { busy, button } from './endings';
import { isEmpty } from './flow';
import * as words from './messages';
import type { Asked, Factory, How, QuestionView } from './questions/question';
import type { Answer, Answers, Question } from './wire';

export type StepView = ReturnType<typeof makeStep>;
export interface StepGiven extends Pick<Asked, 'consent' | 'email' | 'announce' | 'near'> {
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
  const { gone, announce, changed } = given;
  const views = new Map<Question, QuestionView>();
  let asked: Question[] = [];
  const problem = h('p', { class: 'problem', 'data-part': 'problem', role: 'alert' });
  const go = h('button', { class: 'b', 'data-part': 'send' }, '');
  const passOver = () => {
    changed(asked[0]!, null, 'done');
    gone();
  };
  const skip = button('skip', passOver, 'second', words.skip);
  const foot = h('div', { class: 'foot' });
  const submit = (event: Event) => {
    event.preventDefault();
    if (!go.ariaDisabled && asked.every(passes)) gone();
  };
  const el = h('form', { class: 'body', novalidate: true, submit, 'data-part': 'step' }, problem, foot);

  function passes(question: Question): boolean {
    const view = views.get(question)!;
    const missing = question.type === 'text' ? words.write_something : words.required;
    const why = view.problem?.() || (question.required && isEmpty(view.value()) ? missing : '');
    problem.textContent = why;
    if (why) focus(view.el);
    return !why;
  }
  const focus = (inside: Element = el) =>
    (
      inside.querySelector<HTMLElement>(':checked') ??
      inside.querySelector<HTMLElement>('h2,input,textarea,.b')
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
    for (const question of asked) if (!next.includes(question)) views.get(question)!.el.remove();
    next.forEach((question, i) => {
      const { el: its, label, mount } = views.get(question) ?? make(question);
      const text = given.wording(question);
      if (asked[0] && (!its.isConnected || label.textContent !== text)) announce(text);
      if (label.textContent !== text) label.textContent = text;
      if (its.parentNode) return;
      el.insertBefore(its, el.children[i]!);
      if (el.isConnected) mount?.();
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
    focus,
    ending(text: string) {
      // the same text node: WebKit loses the click when what was pressed is replaced before the release
      (go.firstChild as Text).data = text;
    },
    busy: () => busy(go),
    mount() {
      for (const question of asked) views.get(question)!.mount?.();
    },
  };
}
