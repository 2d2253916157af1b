/**
 * There is an answer to what this visitor wrote: the dot on the button has a word for readers, and pressing the button
 * offers the way to the visitor's own page first. A chunk that comes with the dot.
 */
import { h } from './dom';
import { icon } from './icons';
import * as words from './messages';
import type { Held } from './receipts';
import css from './styles/answer.css?inline';
import type { Loader } from './wire';

export interface AnswerModule {
  offer(loader: Loader, launcher: HTMLButtonElement, news: Held, read: () => void): void;
}

export function offer(
  { root, adopt, signal, config }: Loader,
  launcher: HTMLButtonElement,
  { url }: Held,
  read: () => void,
): void {
  adopt(css);
  const over = new AbortController();
  const word = h('span', { class: 'sr', lang: words.language }, ` (${words.answer_new})`);
  launcher.classList.add('dot');
  launcher.append(word);
  const title = h('h2', { id: 'answer-title' }, words.answer_there);
  const goes = h(
    'a',
    { class: 'go', href: url, target: '_blank', rel: 'noopener', 'data-part': 'answer-link', click: seen },
    words.answer_read,
  );
  const other = h(
    'button',
    { class: 'other', 'data-part': 'answer-other', click: onward },
    words.answer_other,
  );
  const close = h(
    'button',
    { class: 'shut', 'data-part': 'answer-close', 'aria-label': words.close, click: () => shut() },
    icon('close'),
  );
  const card = h(
    'section',
    {
      class: `answer ${config.button?.position ?? ''}`,
      role: 'dialog',
      'aria-labelledby': title.id,
      lang: words.language,
      dir: 'auto',
      'data-part': 'answer',
      keydown(event: KeyboardEvent) {
        event.stopPropagation();
        if (event.key === 'Escape') shut();
      },
    },
    close,
    title,
    goes,
    other,
  );

  /** On their way: nothing is new any more. */
  function seen(): void {
    read();
    over.abort();
    word.remove();
    launcher.classList.remove('dot');
    shut();
  }
  function shut(): void {
    card.remove();
    launcher.hidden = false;
    launcher.focus();
  }
  function onward(): void {
    shut();
    over.abort();
    launcher.click();
  }
  // before the loader hears of it
  root.addEventListener(
    'click',
    (event) => {
      if (!launcher.contains(event.target as Node)) return;
      event.stopImmediatePropagation();
      launcher.hidden = true;
      root.append(card);
      goes.focus();
    },
    { capture: true, signal: over.signal },
  );
  signal.addEventListener('abort', () => over.abort());
}
