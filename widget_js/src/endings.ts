/** What stands in the panel after Send: thanks, or kept on the device. */
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
export function copying(part: string, said: string, text: () => string, field?: HTMLTextAreaElement) {
  const word = h('span', { 'aria-live': 'polite' }, said);
  const copied = () => {
    word.textContent = words.copied;
  };
  const copy = async () => navigator.clipboard.writeText(text());
  return button(part, () => copy().then(copied, () => field?.select()), 'second', icon('copy'), word);
}

const body = (part: string, ...inside: (Node | string | null | undefined)[]) =>
  h('div', { class: 'body', 'data-part': part }, ...inside);
export const foot = (...inside: (Node | null)[]) => h('div', { class: 'foot' }, ...inside);

export function thanks(survey: Survey, id: string, url: string | null): Ending {
  const label = h('h2', { class: 'q', tabindex: -1, id: 'title' }, survey.thanks?.title || words.thanks);
  const text = survey.thanks?.text;
  const el = body('thanks', h('div', { role: 'status' }, label), text && h('p', {}, text));
  if (url) {
    // a short form of the answer's own id: enough to say on the phone
    const number = `${id.slice(0, 4)} ${id.slice(4, 8)}`.toUpperCase();
    // `_blank` alone has no opener wherever a style sheet can be constructed
    const link = { target: '_blank', 'data-part': 'receipt-link', href: url };
    el.append(
      h(
        'div',
        { class: 'receipt' },
        h('span', {}, words.receipt, h('b', {}, number)),
        copying('copy_link', words.copy_link, () => url),
      ),
      h('a', link, words.follow),
    );
  }
  return { el, label };
}

export function unsent(
  kind: string,
  drawing: SVGElement,
  role: string,
  said: string,
  more: string,
  area: Node | null,
  foot: Node,
): Ending {
  const label = h('b', { id: 'title' }, said);
  const note = h('div', { class: `note ${kind}`, role }, drawing, h('p', {}, label, ` ${more}`));
  return { el: body(kind, note, area, foot), label };
}

export const offline = (discard: () => void, close: () => void): Ending =>
  unsent(
    'offline',
    icon('offline'),
    'status',
    // the top row says already that it is not sent
    navigator.onLine ? words.kept : words.offline,
    navigator.onLine ? '' : words.kept,
    null,
    foot(button('discard', discard, 'second', words.discard), button('done', close, '', words.close)),
  );
