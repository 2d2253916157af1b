/**
 * What opens a survey when pressed, besides the button: any element with `data-feedback-open` (`<feedback-button>` among
 * them, which the page styles as it likes), and what a survey or the site names by a selector.
 */
import { choose, wanted } from '../language';
import type { Loader } from '../wire';

const MARKED = '[data-feedback-open]';

export function openers(loader: Loader) {
  const { config, signal, say, prompt } = loader;
  const { button, surveys } = config;
  const named: [selector: string, key: string][] = surveys.flatMap(({ key, opened_by }) =>
    opened_by ? [[opened_by, key]] : [],
  );
  if (button?.opened_by) named.push([button.opened_by, button.survey]);
  const changed: [el: Element, name: string][] = [];
  let from: HTMLElement | undefined;

  const set = (el: Element, name: string, value: string) => {
    if (el.hasAttribute(name)) return;
    el.setAttribute(name, value);
    changed.push([el, name]);
  };
  const keyOf = (el: Element) => el.getAttribute('data-feedback-open') || button?.survey;

  function press(el: HTMLElement, key = ''): boolean {
    const ref = surveys.find((one) => one.key === key);
    if (!ref) say(`this site asks no survey '${key}' now`, el);
    else if (!loader.busy()) {
      from = el;
      prompt(ref, 'button');
    }
    return !!ref;
  }

  /** The element that was meant, and the survey that it opens. */
  function meant(target: Element): [el: HTMLElement, key?: string, ours?: boolean] | [] {
    const marked = target.closest<HTMLElement>(MARKED);
    if (marked) return [marked, keyOf(marked), true];
    for (const [selector, key] of named) {
      const el = found(() => target.closest<HTMLElement>(selector));
      if (el) return [el, key];
    }
    return [];
  }

  document.addEventListener(
    'click',
    (event) => {
      const { target } = event;
      if (event.defaultPrevented || !(target instanceof Element)) return;
      const [el, key, ours] = meant(target);
      // a link or a submitting button that says it opens does only that; what a selector meets goes on doing its own work
      if (el && el.ariaDisabled !== 'true' && press(el, key) && ours) event.preventDefault();
    },
    { signal },
  );
  const asButton = (event: KeyboardEvent, act: (el: HTMLElement) => void) => {
    const { target } = event;
    if (target instanceof HTMLElement && target.localName === 'feedback-button') act(target);
  };
  document.addEventListener(
    'keydown',
    (event) =>
      asButton(event, (el) => {
        // as a native button does: Enter at once, Space when it is let go, and Space does not scroll
        if (event.key === 'Enter' && !event.repeat) el.click();
        if (event.key === 'Enter' || event.key === ' ') event.preventDefault();
      }),
    { signal },
  );
  document.addEventListener('keyup', (event) => asButton(event, (el) => event.key === ' ' && el.click()), {
    signal,
  });

  return {
    look(): void {
      for (const el of document.querySelectorAll<HTMLElement>(MARKED)) {
        set(el, 'aria-haspopup', 'dialog');
        if (el.localName !== 'feedback-button') continue;
        set(el, 'role', 'button');
        set(el, 'tabindex', '0');
        if (el.textContent?.trim() || el.ariaLabel || !button) continue;
        const spoken = choose(wanted(null), Object.keys(button.label), config.site.language);
        el.textContent = button.label[spoken] ?? '';
        el.lang = spoken;
      }
    },
    /** A survey opened or closed: who opened it says so, and has the focus again in the end. */
    expanded(now: boolean): void {
      const el = from;
      if (!el) return;
      if (now) el.setAttribute('aria-expanded', 'true');
      else {
        el.removeAttribute('aria-expanded');
        from = undefined;
        // the panel goes just after it said that it closes
        queueMicrotask(() => el.isConnected && el.focus());
      }
    },
    undo(): void {
      from?.removeAttribute('aria-expanded');
      for (const [el, name] of changed) el.removeAttribute(name);
    },
  };
}

/** A selector that the browser can't read meets nothing. */
function found(look: () => HTMLElement | null): HTMLElement | null {
  try {
    return look();
  } catch {
    return null;
  }
}
