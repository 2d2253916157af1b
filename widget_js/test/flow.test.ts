import { expect, test } from 'vitest';
import paths from '../../tests/contract/paths.json';
import type { Facts } from '../src/conditions';
import { goesOn, isEmpty, pathOf, wording } from '../src/flow';
import { wayOf } from '../src/logic/path';
import type { Answers, Question } from '../src/wire';

const low = { fact: 'answers.mood', operator: 'at_most', value: 2 };
const feedback: Question[] = [
  { key: 'mood', type: 'smiley', required: true, text: 'How was it?' },
  {
    key: 'comment',
    type: 'text',
    text: 'What happened?',
    in_place: true,
    show_if: { fact: 'answers.mood', operator: 'known', value: true },
    variants: [{ if: low, text: 'That is not good. What got in your way?' }],
  },
  { key: 'topic', type: 'choice', text: 'What is it about?', show_if: low },
  { key: 'contact', type: 'contact', text: 'May we write to you about it?' },
];
const take = (answers: Answers) => pathOf(feedback, answers);
const keys = (answers: Answers) => take(answers).steps.map((step) => step.map(({ key }) => key));

test('the follow-up opens below the answer, on the same step', () => {
  expect(keys({})).toEqual([['mood'], ['contact']]);
  expect(keys({ mood: 4 })).toEqual([['mood', 'comment'], ['contact']]);
});
test('a step comes only while its condition holds', () => {
  expect(keys({ mood: 2 })).toEqual([['mood', 'comment'], ['topic'], ['contact']]);
});
test('the words depend on the answer', () => {
  const asked = (answers: Answers) => wording(feedback[1]!, take(answers));
  expect(asked({})).toBe('What happened?');
  expect(asked({ mood: 1 })).toBe('That is not good. What got in your way?');
});
test('only what stands on the path is sent', () => {
  const answers = { mood: 4, comment: 'fine', topic: 'payment' };
  expect(take(answers).given).toEqual({ mood: 4, comment: 'fine' });
});
test('an address is kept apart from the other answers', () => {
  const contact = { email: 'a@b.co', consent: true };
  expect(take({ mood: 4, contact })).toMatchObject({ given: { mood: 4 }, contact: { contact } });
});
const known = paths as {
  name: string;
  questions: Question[];
  answers: Answers;
  asked: string[];
  opening?: Facts;
  logic?: boolean;
}[];
test.each(known)('$name, as on the server', ({ questions, answers, asked, opening }) => {
  const { steps } = wayOf(questions, answers, opening ?? {});
  expect(steps.flat().map(({ key }) => key)).toEqual(asked);
});
const plain = known.filter(({ questions, logic }) => !logic && questions.every(({ leads_to }) => !leads_to));
test.each(plain)('$name, without the logic', ({ questions, answers, asked }) => {
  expect(
    pathOf(questions, answers)
      .steps.flat()
      .map(({ key }) => key),
  ).toEqual(asked);
});
test('what is empty is not sent, what is false or zero is', () => {
  expect([null, undefined, '', []].every(isEmpty)).toBe(true);
  expect([0, false].some(isEmpty)).toBe(false);
});
test('a single choice goes on by itself, but never sends', () => {
  const choice: Question = { key: 'a', type: 'choice', text: '' };
  const steps = (...steps: Question[][]) => ({ steps, given: {}, contact: {}, facts: {} });
  expect(goesOn(steps([choice], [choice]), 0)).toBe(true);
  expect(goesOn(steps([choice], [choice]), 1)).toBe(false);
  expect(goesOn(steps([choice, choice], [choice]), 0)).toBe(false);
});
