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

/**
 * Throws where constructed style sheets are missing: there the widget stays away. `gone`: the page has opened its document
 * anew, which takes every listener off, those of the button too.
 */
export function makeHost(theme: Theme, signal: AbortSignal, gone?: () => void): Host {
  const el = document.createElement('feedback-widget');
  const root = el.attachShadow({ mode: 'open' });
  const adopted: Record<string, CSSStyleSheet> = {};
  const adopt = (css: string) => {
    adopted[css] ??= new CSSStyleSheet();
    const sheet = adopted[css];
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [...new Set([...root.adoptedStyleSheets, sheet])];
    return sheet;
  };
  adopt(launcherCss);
  const colours = adopt('');
  const attach = () => {
    // in this order: a look at the scheme has the browser style what is new on the page, at once
    colours.replaceSync(themeRules(theme));
    if (!el.isConnected) document.body.append(el);
  };
  // a framework may replace the whole body, and one that is transformed or filtered carries off what is fixed to the
  // window: then the node moves up, once and for good
  el.addEventListener('lost', () => document.documentElement.append(el), { signal });
  const away = new IntersectionObserver(([entry]) => {
    if (entry!.isIntersecting) return;
    el.dispatchEvent(new Event('lost'));
    away.disconnect();
    if (!el.isConnected) gone?.();
  });
  away.observe(el);
  signal.addEventListener('abort', () => away.disconnect());
  darkSystem().addEventListener('change', attach, { signal });
  return { el, attach, adopt, root };
}
