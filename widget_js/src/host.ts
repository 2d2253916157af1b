/** The one node that the widget adds to a page: an element with an open shadow root, styled by adopted sheets only. */
import launcherCss from './styles/launcher.css?inline';
import { isDark, themeRules } from './theme';
import type { Theme } from './wire';

export interface Host {
  root: ShadowRoot;
  /** Puts the node (back) on the page: some frameworks replace the whole body. */
  attach(): void;
  repaint(): void;
  remove(): void;
}

/** Throws where constructed style sheets are missing: there the widget stays away. */
export function makeHost(theme: Theme, signal: AbortSignal): Host {
  const el = document.createElement('feedback-widget');
  const root = el.attachShadow({ mode: 'open' });
  const colours = new CSSStyleSheet();
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(launcherCss);
  root.adoptedStyleSheets = [sheet, colours];
  const repaint = () => colours.replaceSync(themeRules(theme, isDark(theme)));
  repaint();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint, { signal });
  return {
    root,
    attach: () => {
      if (!el.isConnected) document.body?.append(el);
    },
    repaint,
    remove: () => el.remove(),
  };
}
