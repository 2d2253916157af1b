/** The one node that the widget adds to a page: an element with an open shadow root, styled by adopted sheets only. */
import launcherCss from './styles/launcher.css?inline';
import { darkSystem, themeRules } from './theme';
import type { Theme } from './wire';

export interface Host {
  el: HTMLElement;
  root: ShadowRoot;
  /** Puts the node on the page (again: some frameworks replace the whole body), in the page's present scheme. */
  attach(): void;
  /** Adopts a style sheet, once. */
  adopt(css: string): void;
}

/** Throws where constructed style sheets are missing: there the widget stays away. */
export function makeHost(theme: Theme, signal: AbortSignal): Host {
  const el = document.createElement('feedback-widget');
  const root = el.attachShadow({ mode: 'open' });
  const adopted = new Map<string, CSSStyleSheet>();
  const adopt = (css: string) => {
    const sheet = adopted.get(css) ?? new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [...adopted.set(css, sheet).values()];
    return sheet;
  };
  adopt(launcherCss);
  const colours = adopt('');
  const attach = () => {
    if (!el.isConnected) document.body.append(el);
    colours.replaceSync(themeRules(theme));
  };
  darkSystem().addEventListener('change', attach, { signal });
  return { el, root, attach, adopt };
}
