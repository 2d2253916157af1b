/**
 * What a survey needs that does more than ask one question after the other: jumps and ends, earlier answers in later
 * texts, rules for answers, thanks that differ, answers on offer. A chunk that comes only with such a survey.
 */
import { learn } from '../conditions';
import { RARE } from '../conditions_rare';
import { wording } from '../flow';
import type { Factory } from '../questions/question';
import type { Draft } from '../response';
import type { Loader, Logic, Opening } from '../wire';
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
  for (const [name, type] of Object.entries(types)) kinds[name] = ruled(type);
  return [
    (questions, answers) => {
      const way = wayOf(questions, answers, opening);
      const filled = (text: string) => recalled(text, questions, way.facts);
      for (const [question, as] of written) {
        question.text = filled(wording(as, way));
        question.variants = null;
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
