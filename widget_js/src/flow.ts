/** Which questions come, in which steps and words, given the answers so far. Pure. */
import { type Fact, type Facts, holds } from './conditions';
import type { Answer, Answers, Question } from './wire';

export interface Path {
  /** Each step is one question and those that open in place below it. */
  steps: Question[][];
  /** What was answered on the path, an address apart. */
  given: Answers;
  contact: Answers;
  facts: Facts;
}

/**
 * The path taken. A question is asked when its `show_if` holds of the answers before it that were asked for
 * themselves: what was answered on a way that was left again counts for nothing.
 */
export function pathOf(questions: Question[], answers: Answers): Path {
  const path: Path = { contact: {}, given: {}, facts: {}, steps: [] };
  let step: Question[] | undefined;
  for (const question of questions) {
    const { key, type, show_if, in_place } = question;
    const answer = answers[key];
    if (!in_place) step = undefined;
    if (show_if && !holds(show_if, path.facts)) continue;
    if (step) step.push(question);
    else {
      step = [question];
      path.steps.push(step);
    }
    if (isEmpty(answer)) continue;
    if (type === 'contact') path.contact[key] = answer!;
    else {
      path.given[key] = answer!;
      path.facts[`answers.${key}`] = answer as Fact;
    }
  }
  return path;
}

export const wording = ({ variants, text }: Question, { facts }: Path): string =>
  variants?.find((variant) => holds(variant.if, facts))?.text ?? text;

export const isEmpty = (answer: Answer | undefined): boolean =>
  answer == null || (answer as string).length === 0;

/** A single choice made with a pointer goes on by itself, but nothing is ever sent by itself. */
export const goesOn = ({ steps }: Path, at: number): boolean =>
  steps[at]?.length === 1 && steps[at]![0]!.type === 'choice' && at < steps.length - 1;
