/** What stands in the panel after Send: thanks, kept while offline, or not taken in. */
import { h } from './dom';
import { icon } from './icons';
import type { Words } from './questions/question';
import type { Survey } from './wire';

export interface Ending {
  el: HTMLElement;
  label: HTMLElement;
}

const button = (part: string, text: string, pressed: () => void, second = false) =>
  h('button', { class: second ? 'b second' : 'b', type: 'button', 'data-part': part, click: pressed }, text);

async function copy(text: string, from: HTMLButtonElement, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // an old way for pages without a clipboard permission; it needs a field that holds the words
    const field = h('textarea', { class: 'live', 'aria-hidden': 'true' });
    field.value = text;
    from.after(field);
    field.select();
    document.execCommand('copy');
    field.remove();
    from.focus();
  }
  from.lastChild!.textContent = done;
}

export function thanks(survey: Survey, words: Words, number: string, url: string | null): Ending {
  const label = h('h2', { class: 'q', id: 'title', tabindex: -1 }, survey.thanks?.title || words('thanks'));
  const el = h('div', { class: 'body', 'data-part': 'thanks' }, h('div', { role: 'status' }, label));
  if (survey.thanks?.text) el.append(h('p', {}, survey.thanks.text));
  if (url) {
    const link = h('button', { class: 'b second', type: 'button', 'data-part': 'copy-link' }, icon('copy'), h('span', {}, words('copy_link')));
    link.addEventListener('click', () => void copy(url, link, words('copied')));
    el.append(h('div', { class: 'receipt' }, h('span', {}, words('receipt'), h('b', {}, number)), link));
    const [before, after] = words('follow').split('{link}');
    const page = h('a', { href: url, target: '_blank', rel: 'noopener', 'data-part': 'receipt-link' }, words('own_page'));
    el.append(h('p', {}, before, page, after));
  }
  return { el, label };
}

export function offline(words: Words, discard: () => void, close: () => void): Ending {
  const label = h('b', { id: 'title' }, words('offline'));
  const note = h('div', { class: 'note', role: 'status' }, icon('offline'), h('p', {}, label, ` ${words('offline_more')}`));
  const foot = h('div', { class: 'foot' }, button('discard', words('discard'), discard, true), button('done', words('close'), close));
  return { el: h('div', { class: 'body', 'data-part': 'offline' }, note, foot), label };
}

export function trouble(words: Words, text: string, edited: (text: string) => void, again: (() => void) | null): Ending {
  const label = h('b', { id: 'title' }, words('trouble'));
  const note = h('div', { class: 'note bad', role: 'alert' }, icon('trouble'), h('p', {}, label, ` ${words('trouble_more')}`));
  const el = h('div', { class: 'body', 'data-part': 'trouble' }, note);
  const foot = h('div', { class: 'foot' });
  if (text) {
    const area = h('textarea', { class: 'text', rows: 4, dir: 'auto', 'aria-label': words('message') });
    area.value = text;
    area.addEventListener('input', () => edited(area.value));
    el.append(area);
    const copied = button('copy-text', words('copy_text'), () => void copy(area.value, copied, words('copied')), true);
    foot.append(copied);
  }
  if (again) foot.append(button('again', words('try_again'), again));
  el.append(foot);
  return { el, label };
}
