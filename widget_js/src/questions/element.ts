/** "Show us where": a part of the page that the visitor points at. What finds it is in `capture/`. */
import { described, pick } from '../capture/pick';
import { h, svg } from '../dom';
import * as words from '../messages';
import type { Loader, Picked } from '../wire';
import { type Factory, hintOf } from './question';

const TARGET = 'M8 1v3m0 8v3M1 8h3m8 0h3M8 4a4 4 0 0 1 0 8 4 4 0 0 1 0-8z';

export const element =
  (loader: Loader): Factory =>
  (asked) => {
    const { question, id } = asked;
    let picked = (asked.value as Picked | null) ?? null;
    const label = h('div', { class: 'q', id: `${id}-q` }, question.text);
    const said = h('p', { class: 'chosen', dir: 'auto', 'data-part': 'picked' });
    const word = h('span');
    const point = async () => {
      picked = (await pick(loader, words.language)) ?? picked;
      if (!el.isConnected) return;
      show();
      go.focus();
      asked.changed('done');
    };
    const go = h(
      'button',
      { class: 'b second wide', type: 'button', 'data-part': 'pick-start', click: point },
      svg(16, TARGET),
      word,
    );
    const drop = h(
      'button',
      {
        class: 'b second',
        type: 'button',
        'data-part': 'pick-drop',
        click() {
          picked = null;
          show();
          go.focus();
          asked.changed('done');
        },
      },
      words.remove,
    );
    function show(): void {
      word.textContent = picked ? words.pick_again : words.pick_start;
      said.textContent = picked && described(picked.kind, picked.name);
      drop.hidden = !picked;
    }
    show();
    const hint = hintOf(asked);
    const el = h(
      'div',
      {
        'data-question': question.key,
        role: 'group',
        'aria-labelledby': label.id,
        'aria-describedby': hint?.id,
      },
      label,
      hint,
      h('div', { role: 'status' }, said),
      h('div', { class: 'row' }, go, drop),
    );
    return { el, label, value: () => picked };
  };
