/** The button. Its word is always shown; it stays usable when nothing else may be. */
import { h, svg } from './dom';
import type { Config } from './wire';

export function makeLauncher(
  { position, label, hidden }: NonNullable<Config['button']>,
  lang: string,
  click: () => void,
  pointerenter: () => void,
): HTMLButtonElement {
  const given = {
    'data-part': 'launcher',
    click,
    'aria-haspopup': 'dialog',
    class: `launch ${position}`,
    hidden,
    lang,
    pointerenter,
  };
  return h('button', given, svg(16, 'M2 3h12v8H7.5L5 14v-3H2z'), label[lang]);
}
