/** Which questions come, in which steps and words, given the answers so far. Pure. */
import { type Facts, holds } from './conditions';
import type { Answer, Answers, Question } from './wire';

export function factsOf(answers: Answers): Facts {
  const facts: Facts = {};
  for (const [key, answer] of Object.entries(answers))
    if (answer !== null && (typeof answer !== 'object' || Array.isArray(answer))) facts[`answers.${key}`] = answer;
  return facts;
}

/** The path taken: each step is one question and those that open in place below it. */
export function path(questions: Question[], answers: Answers): Question[][] {
  const facts = factsOf(answers);
  const steps: Question[][] = [];
  for (const question of questions) {
    if (!question.in_place || !steps.length) steps.push([]);
    if (!question.show_if || holds(question.show_if, facts)) steps[steps.length - 1]!.push(question);
  }
  return steps.filter((step) => step.length);
}

export function wording(question: Question, answers: Answers): string {
  const facts = factsOf(answers);
  return question.variants?.find((variant) => holds(variant.if, facts))?.text ?? question.text;
}

export const isEmpty = (answer: Answer | undefined): boolean =>
  answer == null || answer === '' || (Array.isArray(answer) && !answer.length);

/** What is sent: only what stands on the path taken, and contact details only when `withContact`. */
export function sendable(questions: Question[], answers: Answers, withContact: boolean): Answers {
  const sent: Answers = {};
  for (const { key, type } of path(questions, answers).flat()) {
    const answer = answers[key];
    if (isEmpty(answer) || (type === 'contact' && !withContact)) continue;
    sent[key] = answer as Answer;
  }
  return sent;
}

/** A single choice made with a pointer goes on by itself, but nothing is ever sent by itself. */
export const goesOn = (steps: Question[][], at: number): boolean =>
  steps[at]?.length === 1 && steps[at]![0]!.type === 'choice' && at < steps.length - 1;
