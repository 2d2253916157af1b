/** A survey over the page: nothing else can be reached until it is answered or closed, and focus stays inside. */

const TABBABLE = 'button,input,textarea,select,a[href],[tabindex="0"]';

/** Makes the panel that stands in this root modal; returns what takes that back. */
export function overThePage(root: ShadowRoot, removed: AbortSignal): () => void {
  const panel = root.querySelector<HTMLElement>('[data-part=panel]');
  if (!panel || removed.aborted) return () => {};
  const stop = new AbortController();
  const { signal } = stop;
  const before = document.activeElement;
  const veil = document.createElement('div');
  veil.className = 'veil';
  // pressing beside it keeps the focus, and what was written, where they are
  veil.addEventListener('pointerdown', (event) => event.preventDefault());
  veil.addEventListener('wheel', (event) => event.preventDefault(), { passive: false });
  panel.before(veil);
  panel.classList.add('modal');
  panel.ariaModal = 'true';
  const rest = [...document.body.children].filter(
    (el): el is HTMLElement => el !== root.host && el instanceof HTMLElement && !el.inert,
  );
  for (const el of rest) el.inert = true;

  document.addEventListener(
    'keydown',
    (event) => {
      if (event.key === 'Tab') round(event, panel, root);
      // with the focus inside, the panel hears this itself
      if (event.key === 'Escape' && !root.activeElement)
        panel.querySelector<HTMLElement>('[data-part=close]')?.click();
    },
    { signal, capture: true },
  );
  if (!root.activeElement) panel.querySelector<HTMLElement>('input,textarea,button')?.focus();

  return () => {
    stop.abort();
    veil.remove();
    for (const el of rest) el.inert = false;
    // the panel gives it back to the button; where there is none, to whatever had it
    queueMicrotask(() => {
      if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
    });
  };
}

/** From the last thing on to the first, and back: the page behind can't be reached. */
function round(event: KeyboardEvent, panel: HTMLElement, root: ShadowRoot): void {
  const all = [...panel.querySelectorAll<HTMLElement>(TABBABLE)].filter((el) => el.checkVisibility());
  const edge = event.shiftKey ? all[0] : all.at(-1);
  const now = root.activeElement as HTMLElement | null;
  if (now && panel.contains(now) && !(edge && alike(now, edge))) return;
  event.preventDefault();
  const to = event.shiftKey ? all.at(-1) : all[0];
  const checked = all.find((el) => to && alike(el, to) && (el as HTMLInputElement).checked);
  (checked ?? to)?.focus();
}

/** The same stop of the Tab key: radios of one name are one. */
const alike = (a: HTMLElement, b: HTMLElement): boolean =>
  a === b ||
  (a instanceof HTMLInputElement && b instanceof HTMLInputElement && a.type === 'radio' && a.name === b.name);
