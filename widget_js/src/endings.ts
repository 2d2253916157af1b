/** What stands in the panel after Send: thanks, kept while offline, or not taken in. */
import { h } from './dom';
import { icon } from './icons';
import * as words from './messages';
import type { Survey } from './wire';

export interface Ending {
  el: HTMLElement;
  label: HTMLElement;
}

/** While a send is under way: still there, so that focus is not lost, but pressed in vain. */
export function busy(go: HTMLButtonElement): void {
  go.ariaDisabled = 'true';
  go.textContent = words.sending;
}

export const button = (part: string, click: () => void, look: string, ...inside: (Node | string)[]) =>
  h('button', { class: `b ${look}`, type: 'button', 'data-part': part, click }, ...inside);

/** A button that copies; where the page may not use the clipboard, the words are left selected in `field`. */
function copying(part: string, said: string, text: () => string, field?: HTMLTextAreaElement) {
  const word = h('span', { 'aria-live': 'polite' }, said);
  const copied = () => {
    word.textContent = words.copied;
  };
  const copy = async () => navigator.clipboard.writeText(text());
  return button(part, () => copy().then(copied, () => field?.select()), 'second', icon('copy'), word);
}

const body = (part: string, ...inside: (Node | string | null | undefined)[]) =>
  h('div', { class: 'body', 'data-part': part }, ...inside);
const foot = (...inside: (Node | null)[]) => h('div', { class: 'foot' }, ...inside);

export function thanks(survey: Survey, id: string, url: string | null): Ending {
  const label = h('h2', { class: 'q', id: 'title', tabindex: -1 }, survey.thanks?.title || words.thanks);
  const text = survey.thanks?.text;
  const el = body('thanks', h('div', { role: 'status' }, label), text && h('p', {}, text));
  if (url) {
    // a short form of the answer's own id: enough to say on the phone
    const number = `${id.slice(0, 4)} ${id.slice(4, 8)}`.toUpperCase();
    const [before, after] = words.follow.split('{link}');
    const link = { href: url, target: '_blank', rel: 'noopener', 'data-part': 'receipt-link' };
    el.append(
      h(
        'div',
        { class: 'receipt' },
        h('span', {}, words.receipt, h('b', {}, number)),
        copying('copy_link', words.copy_link, () => url),
      ),
      h('p', {}, before, h('a', link, words.own_page), after),
    );
  }
  return { el, label };
}

function unsent(
  kind: 'offline' | 'trouble',
  role: string,
  said: string,
  more: string,
  ...inside: (Node | null)[]
): Ending {
  const label = h('b', { id: 'title' }, said);
  const note = h('div', { class: `note ${kind}`, role }, icon(kind), h('p', {}, label, ` ${more}`));
  return { el: body(kind, note, ...inside), label };
}

export const offline = (discard: () => void, close: () => void): Ending =>
  unsent(
    'offline',
    'status',
    words.offline,
    words.offline_more,
    foot(button('discard', discard, 'second', words.discard), button('done', close, '', words.close)),
  );

/** Their text stays editable and can be copied; `again` is missing when the server will not have it. */
export function trouble(text: string, edited: (text: string) => void, again?: () => void): Ending {
  const area = h('textarea', {
    rows: 4,
    dir: 'auto',
    'aria-label': words.message,
    input: () => edited(area.value),
  });
  area.value = text;
  const pressed = () => {
    if (go.ariaDisabled) return;
    busy(go);
    again!();
  };
  const go = button('again', pressed, '', words.try_again);
  return unsent(
    'trouble',
    'alert',
    words.trouble,
    words.trouble_more,
    text ? area : null,
    foot(text ? copying('copy_text', words.copy_text, () => area.value, area) : null, again ? go : null),
  );
}
