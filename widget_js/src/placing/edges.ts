/** Where the button stands: any corner or edge, as a button or as a tab. Start and end follow the page's direction. */
import type { Loader } from '../wire';

export interface Stand {
  /** For the button. */
  launch: string;
  /** For the panel, which stands where the button stood. */
  panel: string;
}

/** `tab-end` on a page that is read from left to right is a tab at the right. Pure. */
export function stand(position: string, rightToLeft: boolean): Stand {
  const sides = { start: rightToLeft ? 'right' : 'left', end: rightToLeft ? 'left' : 'right' };
  const words = position.split('-').map((word) => sides[word as keyof typeof sides] ?? word);
  const where = `placed ${words.filter((word) => word !== 'tab' && word !== 'none').join(' ')}`;
  if (words[0] === 'none') return { launch: 'none', panel: '' };
  return { launch: words[0] === 'tab' ? `${where} tab` : where, panel: where };
}

/** Returns what puts the button where it belongs, again whenever the page's direction may have changed. */
export function edgeOf({ config, root }: Loader): () => void {
  const { button } = config;
  const launcher = root.querySelector<HTMLElement>('[data-part=launcher]');
  if (!button?.hidden || !launcher) return () => {};
  const { position } = button;
  let shown = false;
  return () => {
    const { launch, panel } = stand(position, getComputedStyle(document.documentElement).direction === 'rtl');
    const dot = launcher.classList.contains('dot') ? ' dot' : '';
    launcher.className = `launch ${launch}${dot}`;
    button.position = panel;
    if (!shown) launcher.hidden = false;
    shown = true;
  };
}
