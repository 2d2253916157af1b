/** The panel itself: its edge, top row, keys, focus and the polite voice. What stands inside is put in by others. */
import { h } from './dom';
import { fill } from './fill';
import { icon } from './icons';
import * as words from './messages';
import panelCss from './styles/panel.css?inline';
import type { Loader } from './wire';

export function makeFrame(
  { root, adopt }: Loader,
  lang: string,
  position: string,
  close: () => void,
  focusInside: () => void,
  signal: AbortSignal,
) {
  adopt(panelCss);
  const where = h('span', { class: 'where' });
  let goBack = () => {};
  const button = (part: 'back' | 'close', name: string, click: () => void) =>
    h('button', { class: 'icon', 'data-part': part, click, 'aria-label': name }, icon(part));
  const back = button('back', words.back, () => goBack());
  const top = h('div', { class: 'top' }, back, where, button('close', words.close, close));
  const live = h('div', { class: 'live', lang, role: 'status' });
  // the page's own shortcuts must not fire while somebody types here
  const stays = (event: Event) => event.stopPropagation();
  const keys = { keydown: stays, keypress: stays, keyup: stays };
  const given = {
    class: `panel ${position}`,
    role: 'dialog',
    'data-part': 'panel',
    lang,
    // not by the first letter: a title may begin with a name of another script
    dir: /^(ar|fa|he|ur)\b/.test(lang) ? 'rtl' : 'ltr',
    ...keys,
  };
  const panel = h('section', given, top);
  root.append(live, panel);

  let before = document.activeElement as HTMLElement | null;
  document.addEventListener(
    'keydown',
    (event) => {
      const inside = root.activeElement;
      if (event.key === 'F6') {
        event.preventDefault();
        if (inside) before?.focus();
        else {
          before = document.activeElement as HTMLElement;
          focusInside();
        }
      } else if (event.key === 'Escape' && inside) {
        event.stopPropagation();
        close();
      }
    },
    { capture: true, signal },
  );

  // a phone's keyboard covers the bottom edge: the sheet stands on top of it
  const view = visualViewport;
  view?.addEventListener(
    'resize',
    () => panel.style.setProperty('--up', `${Math.max(0, innerHeight - view.height - view.offsetTop)}px`),
    { signal },
  );

  return {
    panel,
    /** The same nodes each time: a button that is replaced between press and release loses the click. */
    top(title: string, at: number, of = 1, backTo = goBack) {
      back.hidden = at < 1;
      goBack = backTo;
      where.classList.toggle('strong', at < 0);
      const dashes = Array.from({ length: of }, (_, i) => h('i', { class: i <= at && 'on' }));
      if (of > 1) where.replaceChildren(...dashes, fill(words.of, { n: at + 1, total: of }));
      else where.textContent = title;
    },
    /** Replaces what is inside; the dialog is named by `label`. */
    fill(inside: HTMLElement, label: HTMLElement) {
      panel.setAttribute('aria-labelledby', label.id);
      panel.replaceChildren(top, inside);
    },
    announce(text: string) {
      // emptied first, so that the same sentence is told twice
      live.textContent = '';
      setTimeout(() => {
        live.textContent = text;
      }, 50);
    },
    remove() {
      live.remove();
      panel.remove();
    },
  };
}
