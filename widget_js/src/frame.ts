/** The panel itself: its edge, top row, keys, focus and the polite voice. What stands inside is put in by others. */
import { h } from './dom';
import { dashes, icon } from './icons';
import type { Words } from './questions/question';
import panelCss from './styles/panel.css?inline';

export interface Top {
  title?: string;
  strong?: boolean;
  step?: number;
  of?: number;
  back?: () => void;
}
export interface Frame {
  panel: HTMLElement;
  top(top: Top): void;
  /** Replaces what is inside; the dialog is named by `label`. */
  fill(inside: HTMLElement, label: HTMLElement): void;
  announce(text: string): void;
  remove(): void;
}

export function makeFrame(
  root: ShadowRoot,
  words: Words,
  lang: string,
  close: () => void,
  focusFirst: () => void,
  left: boolean,
): Frame {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(panelCss);
  const keyboard = new CSSStyleSheet();
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet, keyboard];

  const rtl = /^(ar|he|fa|ur)\b/.test(lang);
  const row = h('div', { class: 'top' });
  const live = h('div', { class: 'live', 'aria-live': 'polite', lang });
  const panel = h(
    'section',
    {
      class: left ? 'panel left' : 'panel',
      role: 'dialog',
      'data-part': 'panel',
      lang,
      dir: rtl ? 'rtl' : 'ltr',
    },
    row,
  );
  root.append(live, panel);

  let drawn = '';
  let goBack: (() => void) | undefined;
  const stop = new AbortController();
  const { signal } = stop;
  let before: Element | null = document.activeElement;
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'F6') {
      event.preventDefault();
      if (root.activeElement) (before as HTMLElement | null)?.focus?.();
      else {
        before = document.activeElement;
        focusFirst();
      }
    } else if (event.key === 'Escape' && root.activeElement) {
      event.stopPropagation();
      close();
    }
  };
  document.addEventListener('keydown', keys, { signal, capture: true });
  // the page's own shortcuts must not fire while somebody types here
  for (const name of ['keydown', 'keypress', 'keyup', 'input'])
    panel.addEventListener(name, (event) => event.stopPropagation());

  // a phone's keyboard covers the bottom edge: the sheet stands on top of it
  const view = window.visualViewport;
  const lift = () => {
    const covered = Math.max(0, Math.round(innerHeight - (view?.height ?? innerHeight) - (view?.offsetTop ?? 0)));
    keyboard.replaceSync(`:host{--keyboard:${covered}px}`);
  };
  view?.addEventListener('resize', lift, { signal });

  return {
    panel,
    top({ title, strong, step = 1, of = 1, back }) {
      // drawn again only when it looks different: a button that is replaced under a finger loses its press
      const looks = JSON.stringify([title, strong, step, of, !!back]);
      goBack = back;
      if (looks === drawn) return;
      drawn = looks;
      const where = h('span', { class: 'where' });
      if (of > 1) where.append(dashes(step, of), words('of', { n: step, total: of }));
      else if (title) where.append(strong ? h('b', {}, title) : title);
      const button = (part: 'back' | 'close', pressed: () => void) =>
        h('button', { class: 'icon', type: 'button', 'data-part': part, 'aria-label': words(part), click: pressed }, icon(part));
      row.replaceChildren(...(back ? [button('back', () => goBack?.())] : []), where, button('close', close));
    },
    fill(inside, label) {
      label.id ||= 'title';
      panel.setAttribute('aria-labelledby', label.id);
      panel.replaceChildren(row, inside);
    },
    announce(text) {
      // emptied first, so that the same sentence is told twice
      live.textContent = '';
      setTimeout(() => {
        live.textContent = text;
      }, 50);
    },
    remove() {
      stop.abort();
      live.remove();
      panel.remove();
      root.adoptedStyleSheets = root.adoptedStyleSheets.filter((one) => one !== sheet && one !== keyboard);
    },
  };
}
