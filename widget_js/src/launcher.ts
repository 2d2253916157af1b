/** The button. Its word is always shown; it stays usable when nothing else may be. */
import type { Config } from './wire';

const SVG = 'http://www.w3.org/2000/svg';

export function makeLauncher(button: NonNullable<Config['button']>, lang: string): HTMLButtonElement {
  const el = document.createElement('button');
  el.className = `launch ${button.position}`;
  el.dataset.part = 'launcher';
  el.lang = lang;
  el.ariaHasPopup = 'dialog';
  el.ariaExpanded = 'false';
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', 'M2.2 3h11.6v8.2H7.5L4.6 13.7v-2.5H2.2z');
  svg.append(path);
  el.append(svg, button.label[lang] ?? 'Feedback');
  return el;
}
