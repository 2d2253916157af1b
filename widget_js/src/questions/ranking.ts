/**
 * Options put in order: dragged by their handle, or moved by buttons and arrow keys, and told aloud. What moves in the
 * page is always the neighbour, so that focus and a finger keep what they hold.
 */
import { h, svg } from '../dom';
import { fill } from '../fill';
import * as words from '../messages';
import { type Factory, hintOf } from './question';

const UP = 'm3.5 10 4.5-4.5 4.5 4.5';
const DOWN = 'm3.5 6 4.5 4.5L12.5 6';
const GRIP = 'M6 4h0M10 4h0M6 8h0M10 8h0M6 12h0M10 12h0';

export const ranking: Factory = (asked) => {
  const { question, id, announce } = asked;
  const options = question.options ?? [];
  const places = (asked.value ?? {}) as unknown as Record<string, number>;
  let touched = asked.value != null;
  const label = h('h2', { class: 'q', id: `${id}-q`, tabindex: -1 }, question.text);
  const how = h('p', { class: 'hint', id: `${id}-how` }, words.order_hint);
  const list = h('ol', { class: 'rank' });
  const rows = () => [...list.children] as HTMLElement[];
  const told = () =>
    rows().forEach((row, i) => {
      row.firstElementChild!.textContent = `${i + 1}`;
      const [up, down] = row.querySelectorAll('button');
      up!.ariaDisabled = i ? null : 'true';
      down!.ariaDisabled = i < options.length - 1 ? null : 'true';
    });

  /** One place up (-1) or down (1); false at either end. */
  function move(row: HTMLElement, by: number): boolean {
    const neighbour = by < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!neighbour) return false;
    row[by < 0 ? 'after' : 'before'](neighbour);
    touched = true;
    told();
    return true;
  }
  const say = (row: HTMLElement, name: string) =>
    announce(fill(words.placed, { name, n: rows().indexOf(row) + 1, total: options.length }));

  function makeRow({ key, label: name }: { key: string; label: string }): HTMLElement {
    const step = (by: number) => {
      if (!move(row, by)) return;
      say(row, name);
      asked.changed('done');
    };
    const button = (by: number, said: string, drawing: string) =>
      h(
        'button',
        { type: 'button', class: 'icon', 'aria-label': fill(said, { name }), click: () => step(by) },
        svg(16, drawing),
      );
    const grip = h('span', { class: 'grip' }, svg(16, GRIP));
    const row = h(
      'li',
      { 'data-key': key },
      h('span', { class: 'n' }),
      grip,
      h('span', { class: 'name' }, name),
      button(-1, words.move_up, UP),
      button(1, words.move_down, DOWN),
    );
    row.addEventListener('keydown', (event) => {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!by) return;
      event.preventDefault();
      step(by);
    });
    drag(row, grip, name);
    return row;
  }

  function drag(row: HTMLElement, grip: HTMLElement, name: string): void {
    let held = false;
    grip.addEventListener('pointerdown', (event) => {
      if (event.button) return;
      held = true;
      grip.setPointerCapture(event.pointerId);
      row.classList.add('held');
      event.preventDefault();
    });
    grip.addEventListener('pointermove', ({ clientY }) => {
      if (!held) return;
      const middle = (other: Element) => other.getBoundingClientRect().top + other.clientHeight / 2;
      const above = row.previousElementSibling;
      const below = row.nextElementSibling;
      if (above && clientY < middle(above)) move(row, -1);
      else if (below && clientY > middle(below)) move(row, 1);
    });
    const letGo = () => {
      if (!held) return;
      held = false;
      row.classList.remove('held');
      if (!touched) return;
      say(row, name);
      asked.changed('done');
    };
    grip.addEventListener('pointerup', letGo);
    grip.addEventListener('pointercancel', letGo);
  }

  list.append(...[...options].sort((a, b) => (places[a.key] ?? 0) - (places[b.key] ?? 0)).map(makeRow));
  told();
  const el = h(
    'div',
    { 'data-question': question.key, role: 'group', 'aria-labelledby': label.id, 'aria-describedby': how.id },
    label,
    hintOf(asked),
    how,
    list,
  );
  return {
    el,
    label,
    value: () => (touched ? Object.fromEntries(rows().map((row, i) => [row.dataset.key!, i + 1])) : null),
    problem() {
      // who goes on has seen the order, and leaves it as it stands
      if (question.required && !touched) {
        touched = true;
        asked.changed('done');
      }
      return null;
    },
  };
};
