/** The button. Its word is always shown; it stays usable when nothing else may be. */
import type { Config } from './wire';

const SPEECH = 'M2.2 3h11.6v8.2H7.5L4.6 13.7v-2.5H2.2z';

export interface Launcher {
  el: HTMLButtonElement;
  expanded(open: boolean): void;
  /** A dot: there is an answer to what this visitor wrote. */
  dot(): void;
}

export function makeLauncher(button: NonNullable<Config['button']>, lang: string, pressed: () => void): Launcher {
  const el = document.createElement('button');
  el.type = 'button';
  el.className = `launch ${button.position}`;
  el.dataset.part = 'launcher';
  el.lang = lang;
  el.setAttribute('aria-haspopup', 'dialog');
  const svgNs = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(svgNs, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(svgNs, 'path');
  path.setAttribute('d', SPEECH);
  svg.append(path);
  el.append(svg, button.label[lang] ?? Object.values(button.label)[0] ?? 'Feedback');
  el.onclick = pressed;
  const expanded = (open: boolean) => {
    el.setAttribute('aria-expanded', String(open));
    el.hidden = open;
  };
  expanded(false);
  return { el, expanded, dot: () => el.classList.add('dot') };
}
