/** What stands in the panel below the questions: answers that may help, and the way on to a person. */
import { h } from '../dom';
import * as words from '../messages';
import type { Entry } from './matching';

export interface Block {
  el: HTMLElement;
  /** `waits`: nothing fits yet, and words are being asked for. */
  show(found: Entry[], waits: boolean): void;
}

/** `lang`: the one that the entries speak. */
export function block(lang: string): Block {
  const told = h('div', { class: 'live', role: 'status' });
  const title = h('p', { class: 'strong', id: 'help-title' }, words.may_help);
  const list = h('ul', { lang });
  const onward = h('p', { class: 'hint' }, words.to_a_person);
  const some = h('div', {}, title, list, onward);
  const none = h('p', { class: 'hint' }, words.while_writing);
  const el = h(
    'section',
    { class: 'help', 'data-part': 'help', 'aria-labelledby': title.id },
    told,
    none,
    some,
  );
  let shown = '';
  return {
    el,
    show(found, waits) {
      el.hidden = !found.length && !waits;
      none.hidden = !waits || found.length > 0;
      some.hidden = !found.length;
      // what stands there stays: it may be open, or have the focus
      const now = JSON.stringify(found);
      if (now === shown) return;
      shown = now;
      list.replaceChildren(...found.map(drawn));
      told.textContent = found.length ? `${words.may_help}: ${found.map((one) => one.title).join(', ')}` : '';
    },
  };
}

function drawn({ title, text, url }: Entry): HTMLElement {
  const href = url?.startsWith('https://') ? url : undefined;
  const link = (...inside: (Node | string)[]) =>
    h(
      'a',
      { href, target: '_blank', rel: 'noopener' },
      ...inside,
      h('span', { class: 'sr' }, ` (${words.new_tab})`),
    );
  if (!text) return h('li', { dir: 'auto' }, href ? link(title) : title);
  return h(
    'li',
    {},
    h(
      'details',
      {},
      h('summary', { dir: 'auto' }, title),
      h('p', { dir: 'auto' }, text),
      href && h('p', {}, link(shortened(href))),
    ),
  );
}

/** `www.example.com/refunds`: where it leads, as people read it. */
const shortened = (href: string) => href.replace('https://', '').replace(/[?#].*|\/$/g, '');
