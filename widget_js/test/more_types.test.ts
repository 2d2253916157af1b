import { expect, test } from 'vitest';
import { namedContact } from '../src/questions/contact';
import { matrix } from '../src/questions/matrix';
import { bring, MORE } from '../src/questions/more';
import { ordered } from '../src/questions/order';
import type { Asked, Factory } from '../src/questions/question';
import { ranking } from '../src/questions/ranking';
import { make } from '../src/questions/rows_chunk';
import type { Answer, Loader, Question } from '../src/wire';

const options = ['price', 'time', 'room'].map((key) => ({ key, label: `The ${key}` }));
const items = ['seats', 'bags'].map((key) => ({ key, label: `About ${key}` }));

function ask(factory: Factory, question: Partial<Question>, value?: Answer) {
  const said: string[] = [];
  let told = 0;
  const asked: Asked = {
    question: { key: 'it', type: '', text: 'How was it?', ...question },
    id: 'q-it',
    value,
    consent: 'May write',
    email: '',
    changed: () => {
      told++;
    },
    announce: (sentence) => said.push(sentence),
  };
  const view = factory(asked);
  document.body.replaceChildren(view.el);
  return { view, said, told: () => told, inputs: [...view.el.querySelectorAll('input')] };
}
const pick = (input: HTMLInputElement) => {
  input.checked = true;
  input.dispatchEvent(new Event('change', { bubbles: true }));
};

test('four smileys are the five without the middle one', () => {
  const { view, inputs } = ask(MORE.smiley!, { labels: ['Awful', 'Poor', 'Good', 'Great'] });
  expect(inputs.map(({ value }) => value)).toEqual(['1', '2', '4', '5']);
  pick(inputs[2]!);
  expect(view.value()).toBe(4);
});
test('a thumb is true or false, and each has its word', () => {
  const { view, inputs } = ask(MORE.thumbs!, {});
  expect(view.value()).toBeNull();
  pick(inputs[1]!);
  expect(view.value()).toBe(false);
  expect(view.el.textContent).toContain('Not good');
  expect(ask(MORE.thumbs!, {}, true).view.value()).toBe(true);
});
test('a statement asks nothing, and links to https alone', () => {
  const link = { url: 'https://tern.example/late', label: 'Read it' };
  const { view } = ask(MORE.statement!, { link });
  expect(view.value()).toBeNull();
  const found = view.el.querySelector('a')!;
  expect([found.getAttribute('href'), found.rel]).toEqual([link.url, 'noopener']);
  const bad = ask(MORE.statement!, { link: { ...link, url: 'javascript:alert(1)' } });
  expect(bad.view.el.querySelector('a')).toBeNull();
});
test('a ranking says nothing until it is touched, then every place', () => {
  const { view, said, told } = ask(ranking, { options });
  expect(view.value()).toBeNull();
  const [, down] = view.el.querySelectorAll('button');
  down!.click();
  expect(view.value()).toEqual({ time: 1, price: 2, room: 3 });
  expect([said, told()]).toEqual([['The price: place 2 of 3'], 1]);
});
test('arrow keys move an option, and nothing moves beyond the ends', () => {
  const { view, told } = ask(ranking, { options }, { room: 1, time: 2, price: 3 });
  const first = view.el.querySelector('button')!;
  const press = (key: string) => first.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  press('ArrowUp');
  expect(told()).toBe(0);
  press('ArrowDown');
  press('ArrowDown');
  press('ArrowDown');
  expect(view.value()).toEqual({ time: 1, price: 2, room: 3 });
  expect(told()).toBe(2);
});
test('who goes on from a required ranking leaves it as it stands', () => {
  const { view, told } = ask(ranking, { options, required: true });
  expect(view.problem!()).toBeNull();
  expect([view.value(), told()]).toEqual([{ price: 1, time: 2, room: 3 }, 1]);
});
test('a matrix gives a number for each row that was answered', () => {
  const { view, inputs } = ask(matrix, { items, labels: ['No', 'Partly', 'Yes'], required: true });
  expect(view.value()).toBeNull();
  pick(inputs[1]!);
  expect(view.value()).toEqual({ seats: 2 });
  expect(view.problem!()).toBe('Choose one in each row to go on.');
  pick(inputs[5]!);
  expect([view.value(), view.problem!()]).toEqual([{ seats: 2, bags: 3 }, null]);
  expect(ask(matrix, { items, labels: ['No', 'Yes'] }, { bags: 2 }).view.value()).toEqual({ bags: 2 });
});
test('steps whose words have no room are numbers that are named', () => {
  const { inputs } = ask(matrix, { items, labels: ['None', 'Some', 'Most', 'All'] });
  expect(inputs[2]!.getAttribute('aria-label')).toBe('3, Most');
});
test('a contact with a name needs the box for either, and each may stay empty', () => {
  const { view, inputs } = ask(namedContact, { ask: ['name', 'email'] });
  const [name, email, box] = inputs;
  expect([view.value(), view.problem!()]).toEqual([null, null]);
  name!.value = 'สมชาย';
  expect([view.value(), view.problem!()]).toEqual([null, expect.stringContaining('Tick the box')]);
  box!.checked = true;
  expect(view.value()).toEqual({ name: 'สมชาย', consent: true });
  email!.value = 'a@b.example';
  expect(view.value()).toEqual({ email: 'a@b.example', name: 'สมชาย', consent: true });
  expect(ask(namedContact, { ask: ['name'] }).inputs.map(({ type }) => type)).toEqual(['text', 'checkbox']);
});
test('Enter in a line of text goes on, unless a word is still being composed', () => {
  const { view } = ask(MORE.text!, { rows: 1 });
  const form = document.createElement('form');
  let gone = 0;
  form.requestSubmit = () => {
    gone++;
  };
  form.append(view.el);
  document.body.replaceChildren(form);
  const press = (isComposing: boolean) =>
    view.el
      .querySelector('textarea')!
      .dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, isComposing }));
  press(true);
  expect(gone).toBe(0);
  press(false);
  expect(gone).toBe(1);
});

const many = Array.from({ length: 6 }, (_, i) => ({ key: `o${i}` }));
test('an order is the same for the same visit, whatever order the options came in', () => {
  const once = ordered(many, ['o0'], '77:reason').map(({ key }) => key);
  expect(ordered([...many].reverse(), ['o0'], '77:reason').map(({ key }) => key)).toEqual(once);
  expect(once[5]).toBe('o0');
});
test('over many visits each option stands first about as often', () => {
  const first = new Map<string, number>();
  for (let seed = 1; seed <= 6000; seed++) {
    const { key } = ordered(many, [], `${seed * 7919}:reason`)[0]!;
    first.set(key, (first.get(key) ?? 0) + 1);
  }
  expect(Math.min(...first.values())).toBeGreaterThan(850);
  expect(Math.max(...first.values())).toBeLessThan(1150);
});
test('the draw is kept for the visit, and the chunks come that the survey needs', async () => {
  const kept = new Map<string, unknown>();
  const asked: string[] = [];
  const loader = {
    session: {
      get: (name: string) => kept.get(name),
      set: (name: string, value: unknown) => kept.set(name, value),
    },
    chunk: async (name: string) => {
      asked.push(name);
      return { css: '', make };
    },
    adopt() {},
  } as unknown as Loader;
  const question = (): Question => ({
    key: 'it',
    type: 'ranking',
    text: '',
    options: [...options],
    random: true,
  });
  const [one, two] = [question(), question()];
  const types = await bring(loader, [one]);
  await bring(loader, [two]);
  expect(kept.has('order')).toBe(true);
  expect(one.options).toEqual(two.options);
  expect(asked).toEqual(['rows-en', 'rows-en']);
  expect(Object.keys(types)).toEqual(expect.arrayContaining(['ranking', 'matrix', 'thumbs']));
  const known = ['nps', 'choice', 'thumbs'];
  const some = ['of_a_later_build', ...known].map((type) => ({ key: type, type, text: '' }));
  await bring(loader, some);
  expect(some.map(({ type }) => type)).toEqual(known);
  expect(asked).toHaveLength(2);
});
