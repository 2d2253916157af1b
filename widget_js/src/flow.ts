/** Which questions come, in which steps and words, given the answers so far. Pure. */
import type { Facts } from './conditions';
import type { Answer, Answers, Question } from './wire';

type Holds = (condition: unknown, facts: Facts) => boolean;

export function factsOf(answers: Answers): Facts {
  const facts: Facts = {};
  for (const [key, answer] of Object.entries(answers))
    if (typeof answer !== 'object' || Array.isArray(answer)) facts[`answers.${key}`] = answer;
  return facts;
}

/** The path taken: each step is one question and those that open in place below it. */
export function pathOf(holds: Holds, questions: Question[], answers: Answers): Question[][] {
  const facts = factsOf(answers);
  const steps: Question[][] = [];
  for (const question of questions) {
    if (!question.in_place || !steps.length) steps.push([]);
    if (!question.show_if || holds(question.show_if, facts)) steps[steps.length - 1]!.push(question);
  }
  return steps.filter((step) => step.length);
}

/** The same, bound to one visitor's answers, which change under it. */
export const makeFlow = (holds: Holds, questions: Question[], answers: Answers) => ({
  path: () => pathOf(holds, questions, answers),
  wording: ({ variants, text }: Question): string =>
    variants?.find((variant) => holds(variant.if, factsOf(answers)))?.text ?? text,
});

export const isEmpty = (answer: Answer | undefined): boolean =>
  answer == null || answer === '' || (Array.isArray(answer) && !answer.length);

/** What is sent: only what stands on the path taken, and contact details only when `withContact`. */
export function sendable(
  holds: Holds,
  questions: Question[],
  answers: Answers,
  withContact: boolean,
): Answers {
  const sent: Answers = {};
  for (const { key, type } of pathOf(holds, questions, answers).flat())
    if (!isEmpty(answers[key]) && (withContact || type !== 'contact')) sent[key] = answers[key]!;
  return sent;
}

/** A single choice made with a pointer goes on by itself, but nothing is ever sent by itself. */
export const goesOn = (steps: Question[][], at: number): boolean =>
  steps[at]?.length === 1 && steps[at]![0]!.type === 'choice' && at < steps.length - 1;
