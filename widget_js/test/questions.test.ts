import { expect, test } from 'vitest';
import addresses from '../../tests/contract/addresses.json';
import * as en from '../src/messages/en';
import * as nl from '../src/messages/nl';
import * as no from '../src/messages/no';
import * as th from '../src/messages/th';
import { choice } from '../src/questions/choice';
import { contact } from '../src/questions/contact';
import { count } from '../src/questions/counter';
import { MORE } from '../src/questions/more';
import type { Asked, Factory, How } from '../src/questions/question';
import { smiley } from '../src/questions/smiley';
import { text } from '../src/questions/text';
import type { Answer, Question } from '../src/wire';

const labels = ['Awful', 'Poor', 'Okay', 'Good', 'Great'];
const options = [
  { key: 'payment', label: 'Payment' },
  { key: 'price', label: 'The price <b>changed</b>' },
];
function ask(factory: Factory, question: Partial<Question>, value?: Answer, more: Partial<Asked> = {}) {
  const told: How[] = [];
  const said: string[] = [];
  const view = factory({
    question: { key: 'it', type: '', text: 'How was it?', ...question },
    id: 'q-it',
    value,
    consent: 'May write',
    email: '',
    changed: (how) => told.push(how),
    announce: (sentence) => said.push(sentence),
    near: (area, limit) => count(area, limit, (sentence) => said.push(sentence)),
    ...more,
  });
  document.body.replaceChildren(view.el);
  return { view, told, said, inputs: [...view.el.querySelectorAll('input')] };
}
const pick = (input: HTMLInputElement) => {
  input.checked = true;
  input.dispatchEvent(new Event('change', { bubbles: true }));
};

test.each<[string, Factory, Partial<Question>, number, Answer]>([
  ['smiley', smiley, { labels }, 1, 2],
  ['stars', MORE.stars!, { labels }, 3, 4],
  ['csat', MORE.csat!, { labels: ['Not at all', 'Very'] }, 0, 1],
  ['ces', MORE.ces!, {}, 6, 7],
  ['nps', MORE.nps!, {}, 0, 0],
  ['choice', choice, { options }, 1, 'price'],
  ['yes_no', MORE.yes_no!, {}, 1, false],
])('%s: native radios in a named group give the value that the wire wants', (_, factory, question, at, value) => {
  const { view, told, inputs } = ask(factory, question);
  expect(view.el.tagName).toBe('FIELDSET');
  expect(view.el.firstElementChild?.tagName).toBe('LEGEND');
  expect(inputs.every((input) => input.type === 'radio' && input.name === 'q-it')).toBe(true);
  expect(view.value()).toBeNull();
  pick(inputs[at]!);
  expect(view.value()).toBe(value);
  expect(told).toEqual(['key']);
  expect(ask(factory, question, value).view.value()).toBe(value);
});

test('several choices give a list', () => {
  const { view, inputs } = ask(MORE.choices!, { options });
  for (const input of inputs) pick(input);
  expect(view.value()).toEqual(['payment', 'price']);
  expect(ask(MORE.choices!, { options }, ['price']).view.value()).toEqual(['price']);
});
test('a choice by pointer is told from one by key', () => {
  const { view, told, inputs } = ask(choice, { options });
  view.el.dispatchEvent(new Event('pointerdown'));
  pick(inputs[0]!);
  expect(told).toEqual(['pointer']);
});
test('a label is text, never markup', () => {
  expect(ask(choice, { options }).view.el.querySelector('b')).toBeNull();
});
test('stars light up to the chosen one and say what it means', () => {
  const { view, inputs } = ask(MORE.stars!, { labels }, 4);
  expect(view.el.querySelectorAll('.lit')).toHaveLength(4);
  expect(inputs[3]!.getAttribute('aria-label')).toBe('4 of 5, good');
});
test('the ends of a scale describe it', () => {
  const { view } = ask(MORE.nps!, { labels: ['Not at all likely', 'Extremely likely'] });
  expect(view.el.getAttribute('aria-describedby')).toContain(view.el.querySelector('.ends')!.id);
});

function type(view: { el: HTMLElement }, words: string) {
  const area = view.el.querySelector('textarea')!;
  area.value = words;
  area.dispatchEvent(new Event('input'));
}
test('text is counted in code points, told at 90 and 100 per cent, and refused beyond', () => {
  const { view, said } = ask(text, { max_length: 10 });
  type(view, '😀'.repeat(7));
  expect(view.el.querySelector('.hint')).toBeNull();
  type(view, '😀'.repeat(9));
  type(view, '😀'.repeat(10));
  expect(said).toEqual(['1 letters left.', '0 letters left.']);
  expect(view.problem!()).toBeFalsy();
  type(view, '😀'.repeat(12));
  expect(view.problem!()).toContain('2 letters too many');
});
test('blank text is no answer', () => {
  const { view } = ask(text, {});
  type(view, '  \n ');
  expect(view.value()).toBeNull();
});

test('an address counts only with its own consent, which is never ticked for them', () => {
  const { view, inputs } = ask(contact, {});
  const [email, box] = inputs as [HTMLInputElement, HTMLInputElement];
  expect(box.checked).toBe(false);
  email.value = 'a@b.co';
  expect([view.value(), view.problem!()]).toEqual([null, en.consent_needed]);
  pick(box);
  expect([view.value(), view.problem!()]).toEqual([{ email: 'a@b.co', consent: true }, null]);
  email.value = 'a@b';
  expect(view.problem!()).toBe(en.email_wrong);
});
test.each(
  addresses as [string, boolean][],
)('a slip in an address is said at the field: %s', (address, fits) => {
  const { view, inputs } = ask(contact, {});
  inputs[0]!.value = address;
  pick(inputs[1]!);
  expect(view.problem!()).toBe(fits ? null : en.email_wrong);
});
test('an address that the site filled in stands in nobody’s way', () => {
  const { view } = ask(contact, {}, undefined, { email: 'e@tern.example' });
  expect([view.value(), view.problem!()]).toEqual([null, null]);
});

test.each<[string, Record<string, string>]>([
  ['nl', nl],
  ['no', no],
  ['th', th],
])('%s says everything that English says, with the same holes', (language, words) => {
  const english: Record<string, string> = en;
  const holes = (sentence: string) => (sentence.match(/{\w+}/g) ?? []).sort();
  expect(words.language).toBe(language);
  expect(Object.keys(words).sort()).toEqual(Object.keys(english).sort());
  for (const name of Object.keys(english)) expect(holes(words[name]!), name).toEqual(holes(english[name]!));
});
