/**
 * What a survey needs that does more than ask one question after the other: jumps and ends, earlier answers in later
 * texts, rules for answers, thanks that differ, answers on offer. A chunk that comes only with such a survey.
 */
import { holds, learn } from '../conditions';
import { RARE } from '../conditions_rare';
import * as words from '../messages';
import type { Factory } from '../questions/question';
import type { Draft } from '../response';
import type { Loader, Logic, Opening, Question } from '../wire';
import { problemOf } from './must';
import { openingFacts, thanksOf, wayOf } from './path';
import { recalled } from './recall';

export interface LogicModule {
  logic: typeof logic;
}
learn(RARE);

export function logic(
  _loader: Loader,
  { survey, openedBy, visit, ref }: Opening,
  draft: Draft,
  types: Record<string, Factory>,
): Logic {
  // decided by what was known at the beginning, so that no question comes or goes while somebody answers
  draft.at_opening ??= openingFacts(survey, visit?.context(openedBy, ref) ?? {}, openedBy);
  const opening = draft.at_opening;
  const written = new Map(survey.questions.map((question) => [question, { ...question }]));
  const { thanks } = survey;
  const kinds: Record<string, Factory> = {};
  const hints = new Map<Question, HTMLElement>();
  const kept = (question: Question, hint: HTMLElement | null) =>
    hint && hints.set(question, put(hint, question));
  for (const [name, type] of Object.entries(types)) kinds[name] = ruled(hinted(type, written, kept));
  return [
    (questions, answers) => {
      const way = wayOf(questions, answers, opening);
      const filled = (text: string) => recalled(text, questions, way.facts);
      for (const [question, as] of written) {
        const variant = as.variants?.find((one) => holds(one.if, way.facts));
        question.text = filled(variant?.text ?? as.text);
        question.hint = variant?.hint ?? as.hint;
        question.variants = null;
        const hint = hints.get(question);
        if (hint) put(hint, question);
      }
      const said = thanksOf(thanks, way);
      survey.thanks = said && { title: filled(said.title), text: said.text && filled(said.text) };
      return way;
    },
    kinds,
  ];
}

/** The same type, which also says what the author's rules find wrong. */
const ruled =
  (type: Factory): Factory =>
  (asked) => {
    const view = type(asked);
    return { ...view, problem: () => view.problem?.() || problemOf(asked.question, view.value()) };
  };

/** The same type; where a variant has a hint of its own there is always one to write into, hidden while it is empty. */
const hinted =
  (
    type: Factory,
    written: Map<Question, Question>,
    kept: (question: Question, hint: HTMLElement | null) => void,
  ): Factory =>
  (asked) => {
    const { question, id } = asked;
    if (!written.get(question)?.variants?.some(({ hint }) => hint)) return type(asked);
    const view = type({ ...asked, question: { ...question, hint: hintNow(question) || ' ' } });
    kept(question, view.hint ?? view.el.querySelector<HTMLElement>(`#${id}-hint`));
    return view;
  };

const hintNow = ({ type, hint }: Question): string => hint || (type === 'screenshot' ? words.shot_note : '');

function put(el: HTMLElement, question: Question): HTMLElement {
  el.textContent = hintNow(question);
  el.hidden = !el.textContent;
  return el;
}
