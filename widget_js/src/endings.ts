/** What stands in the panel after Send: thanks, kept while offline, or not taken in. */
import { h } from './dom';
import { icon } from './icons';
import type { Words } from './questions/question';
import type { Survey } from './wire';

export interface Ending {
  el: HTMLElement;
  label: HTMLElement;
}

/** While a send is under way: still there, so that focus is not lost, but pressed in vain. */
export function busy(go: HTMLButtonElement, words: Words): void {
  go.ariaDisabled = 'true';
  go.textContent = words('sending');
}

const button = (part: string, click: () => void, second: string, ...inside: (Node | string)[]) =>
  h('button', { class: `b ${second}`, type: 'button', 'data-part': part, click }, ...inside);

/** A button that copies; where the page may not use the clipboard, the words are left selected in `field`. */
function copying(part: string, words: Words, text: () => string, field?: HTMLTextAreaElement) {
  const word = h('span', { 'aria-live': 'polite' }, words(part));
  const copied = () => {
    word.textContent = words('copied');
  };
  const copy = async () => navigator.clipboard.writeText(text());
  return button(part, () => copy().then(copied, () => field?.select()), 'second', icon('copy'), word);
}

export function thanks(survey: Survey, words: Words, id: string, url: string | null): Ending {
  const label = h('h2', { class: 'q', id: 'title', tabindex: -1 }, survey.thanks?.title || words('thanks'));
  const text = survey.thanks?.text;
  const el = h(
    'div',
    { class: 'body', 'data-part': 'thanks' },
    h('div', { role: 'status' }, label),
    text && h('p', {}, text),
  );
  if (url) {
    // a short form of the answer's own id: enough to say on the phone
    const number = `${id.slice(0, 4)} ${id.slice(4, 8)}`.toUpperCase();
    const [before, after] = words('follow').split('{link}');
    el.append(
      h(
        'div',
        { class: 'receipt' },
        h('span', {}, words('receipt'), h('b', {}, number)),
        copying('copy_link', words, () => url),
      ),
      h(
        'p',
        {},
        before,
        h(
          'a',
          { href: url, target: '_blank', rel: 'noopener', 'data-part': 'receipt-link' },
          words('own_page'),
        ),
        after,
      ),
    );
  }
  return { el, label };
}

function unsent(
  kind: 'offline' | 'trouble',
  words: Words,
  role: string,
  ...inside: (Node | undefined)[]
): Ending {
  const label = h('b', { id: 'title' }, words(kind));
  const note = h(
    'div',
    { class: `note ${kind}`, role },
    icon(kind),
    h('p', {}, label, ` ${words(`${kind}_more`)}`),
  );
  return { el: h('div', { class: 'body', 'data-part': kind }, note, ...inside), label };
}

export const offline = (words: Words, discard: () => void, close: () => void): Ending =>
  unsent(
    'offline',
    words,
    'status',
    h(
      'div',
      { class: 'foot' },
      button('discard', discard, 'second', words('discard')),
      button('done', close, '', words('close')),
    ),
  );

/** Their text stays editable and can be copied; `again` is missing when the server will not have it. */
export function trouble(
  words: Words,
  text: string,
  edited: (text: string) => void,
  again: (() => void) | null,
): Ending {
  const area = h('textarea', {
    rows: 4,
    dir: 'auto',
    'aria-label': words('message'),
    input: () => edited(area.value),
  });
  area.value = text;
  const foot = h('div', { class: 'foot' }, text ? copying('copy_text', words, () => area.value, area) : null);
  if (again) {
    const pressed = () => {
      if (go.ariaDisabled) return;
      busy(go, words);
      again();
    };
    const go = button('again', pressed, '', words('try_again'));
    foot.append(go);
  }
  return unsent('trouble', words, 'alert', text ? area : undefined, foot);
}
