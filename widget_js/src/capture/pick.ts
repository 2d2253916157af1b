/**
 * "Show us where": the panel folds away to a bar, what is under the pointer or next by key is framed, and one of it is
 * taken. A modal mode: the page hears of none of it, and nothing of it stays.
 */
import { h } from '../dom';
import { fill } from '../fill';
import * as words from '../messages';
import type { Loader, Picked } from '../wire';
import { kindOf, nameOf } from './names';
import { meantAt, notable } from './notable';
import { selectorOf } from './selector';

const KIND_WORDS = {
  button: words.kind_button,
  link: words.kind_link,
  field: words.kind_field,
  picture: words.kind_picture,
  heading: words.kind_heading,
  frame: words.kind_frame,
  part: words.kind_part,
};
const TAG = /^[a-z][a-z0-9-]*$/;

/** In words: 'Button: Pay now'. */
export const described = (kind: keyof typeof KIND_WORDS, name: string | undefined): string =>
  name ? `${KIND_WORDS[kind]}: ${name}` : KIND_WORDS[kind];

function pickedOf(el: Element): Picked {
  const { x, y, width, height } = el.getBoundingClientRect();
  const name = nameOf(el);
  return {
    selector: selectorOf(el),
    tag: TAG.test(el.localName) ? el.localName : 'part',
    ...(name && { name }),
    rect: [x, y, width, height].map(Math.round) as Picked['rect'],
    viewport: [innerWidth, innerHeight],
    kind: kindOf(el),
  };
}

/** Resolves with what was taken, or null when the visitor left, or the panel or the whole widget went away. */
export function pick({ root, signal: gone }: Loader, lang: string): Promise<Picked | null> {
  const panel = root.querySelector<HTMLElement>('[data-part=panel]');
  const over = new AbortController();
  const { signal } = over;
  let at: Element | null = null;
  let list: Element[] | undefined;
  let finish: (picked: Picked | null) => void;
  const done = new Promise<Picked | null>((resolve) => {
    finish = resolve;
  });

  const ring = h('div', { class: 'ring', hidden: true });
  const veil = h('div', { class: 'veil', 'data-part': 'veil' }, ring);
  const told = h('p', { class: 'told', role: 'status', 'data-part': 'pick-told' });
  const button = (part: string, name: string, look: string, click: () => void) =>
    h('button', { class: `b ${look}`, type: 'button', 'data-part': part, click }, name);
  const take = button('pick-take', words.pick_take, '', () => at && end(pickedOf(at)));
  take.disabled = true;
  const keys = h(
    'div',
    {
      class: 'keys',
      role: 'application',
      tabindex: 0,
      'aria-labelledby': 'pick-how',
      'aria-describedby': 'pick-keys',
    },
    h('p', { id: 'pick-how', class: 'strong' }, words.pick_how),
    h('p', { id: 'pick-keys', class: 'hint' }, words.pick_keys),
  );
  const bar = h(
    'section',
    {
      class: 'bar',
      role: 'dialog',
      'aria-modal': 'true',
      'aria-labelledby': 'pick-how',
      lang,
      dir: 'auto',
      'data-part': 'pick',
    },
    keys,
    told,
    h(
      'div',
      { class: 'foot' },
      button('pick-move', words.pick_move, 'second', () => void bar.classList.toggle('up')),
      button('pick-leave', words.cancel, 'second', () => end(null)),
      take,
    ),
  );

  function end(picked: Picked | null): void {
    over.abort();
    watching.disconnect();
    veil.remove();
    bar.remove();
    if (panel) panel.hidden = false;
    finish(picked);
  }

  function frame(): void {
    const box = at?.isConnected ? at.getBoundingClientRect() : undefined;
    ring.hidden = !box;
    if (!box) return;
    const { style } = ring;
    style.left = `${box.left - 3}px`;
    style.top = `${box.top - 3}px`;
    style.width = `${box.width + 6}px`;
    style.height = `${box.height + 6}px`;
  }

  function aim(el: Element | null, place = ''): void {
    if (el === at && !place) return;
    at = el;
    take.disabled = !el;
    frame();
    const frames = el && kindOf(el) === 'frame' ? ` ${words.pick_frame}` : '';
    told.textContent = el ? `${described(kindOf(el), nameOf(el))}${frames}${place}` : words.pick_nothing;
  }

  /** By key: the next one in the page's order; what would lie under the bar sends it to the other edge. */
  function move(by: number): void {
    list = (list ?? notable()).filter((el) => el.isConnected);
    if (!list.length) {
      aim(null);
      return;
    }
    const was = at ? list.indexOf(at) : -1;
    const now = was < 0 ? (by < 0 ? list.length - 1 : 0) : (was + by + list.length) % list.length;
    const el = list[now]!;
    el.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
    aim(el, ` (${fill(words.of, { n: now + 1, total: list.length })})`);
    const { top, bottom } = el.getBoundingClientRect();
    const mine = bar.getBoundingClientRect();
    if (top < mine.bottom && bottom > mine.top) bar.classList.toggle('up');
  }

  const steps: Record<string, number> = {
    ArrowDown: 1,
    ArrowRight: 1,
    ArrowUp: -1,
    ArrowLeft: -1,
    Home: -1e9,
    End: 1e9,
  };
  function pressed(event: KeyboardEvent): void {
    event.stopImmediatePropagation();
    const { key } = event;
    const onButton = root.activeElement?.matches('button');
    const rtl = getComputedStyle(bar).direction === 'rtl' && /Left|Right/.test(key);
    if (key === 'Escape') end(null);
    else if (key === 'Tab') move(event.shiftKey ? -1 : 1);
    else if (Math.abs(steps[key] ?? 0) > 1) {
      at = null;
      move(steps[key]! > 0 ? -1 : 1);
    } else if (steps[key]) move(rtl ? -steps[key]! : steps[key]!);
    else if ((key === 'Enter' || key === ' ') && !onButton) {
      if (at) end(pickedOf(at));
    } else return;
    event.preventDefault();
    if (!signal.aborted && root.activeElement !== keys) keys.focus();
  }

  const finger = (event: PointerEvent) => event.pointerType === 'touch';
  const point = (event: PointerEvent | MouseEvent) => aim(meantAt(event.clientX, event.clientY));
  // a finger shows first and takes with the button; a mouse shows by moving and takes by pressing
  veil.addEventListener('pointermove', (event) => finger(event) || point(event));
  veil.addEventListener('click', (event) => {
    point(event);
    if (at && !finger(event as PointerEvent)) end(pickedOf(at));
  });
  // what scrolls under the pointer inside the page scrolls on, though the veil lies over it
  veil.addEventListener(
    'wheel',
    (event) => {
      for (let el = meantAt(event.clientX, event.clientY); el; el = el.parentElement) {
        const { scrollTop, scrollLeft } = el;
        el.scrollBy({ top: event.deltaY, left: event.deltaX, behavior: 'instant' });
        if (el.scrollTop !== scrollTop || el.scrollLeft !== scrollLeft) return event.preventDefault();
      }
    },
    { passive: false },
  );
  addEventListener('keydown', pressed, { signal, capture: true });
  for (const name of ['keyup', 'keypress'])
    addEventListener(name, (event) => event.stopImmediatePropagation(), { signal, capture: true });
  addEventListener('scroll', frame, { signal, capture: true, passive: true });
  addEventListener('resize', frame, { signal });
  gone.addEventListener('abort', () => end(null), { signal });
  // the page may close the panel meanwhile
  const watching = new MutationObserver(() => panel?.isConnected || end(null));
  watching.observe(root, { childList: true });

  if (panel) panel.hidden = true;
  root.append(veil, bar);
  keys.focus({ preventScroll: true });
  return done;
}
