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
    class: `launch ${position}`,
    'data-part': 'launcher',
    lang,
    'aria-haspopup': 'dialog',
    'aria-expanded': 'false',
    hidden,
    click,
    pointerenter,
  };
  return h('button', given, svg(16, 'M2.2 3h11.6v8.2H7.5L4.6 13.7v-2.5H2.2z'), label[lang]);
}
