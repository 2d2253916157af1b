/**
 * A panel that came by itself does not stand over what somebody is at: it goes to the other corner when the field or
 * the control in use lies below it. Comes with the chunk that decides whether to ask.
 */
import type { Loader } from '../wire';

const CONTROL = 'a,button,input,select,textarea,label,summary,[contenteditable],[role=button]';
const EDGE = 24;
/** Tried in turn: where it stands anyway, the other lower corner, the upper ones. A sheet has the upper edge only. */
const CORNERS = [
  '',
  `auto auto ${EDGE}px ${EDGE}px`,
  `${EDGE}px ${EDGE}px auto auto`,
  `${EDGE}px auto auto ${EDGE}px`,
];
const SHEET = ['', '0 0 auto'];

const placing = new WeakSet<Loader>();

/** From the next panel on that comes by itself. */
export function standAside(loader: Loader): void {
  if (placing.has(loader)) return;
  placing.add(loader);
  const { emit, root, signal } = loader;
  let stop = new AbortController();
  signal.addEventListener('abort', () => stop.abort());
  loader.emit = (event, detail) => {
    emit(event, detail);
    if (event === 'closed') stop.abort();
    if (event !== 'shown') return;
    stop.abort();
    stop = new AbortController();
    const panel = root.querySelector<HTMLElement>('[data-part=panel]');
    if (!panel) return;
    const move = () => panel.ariaModal !== 'true' && moveAside(panel, inUse(root.host));
    document.addEventListener('focusin', move, { signal: stop.signal });
    queueMicrotask(move);
  };
}

/** What has the focus, else the control under the pointer. */
function inUse(host: Element): Element | null {
  const { activeElement } = document;
  if (activeElement === host) return null;
  if (activeElement && activeElement !== document.body) return activeElement;
  const under = [...document.querySelectorAll(':hover')].at(-1)?.closest(CONTROL) ?? null;
  return under === host ? null : under;
}

function moveAside(panel: HTMLElement, from: Element | null): void {
  if (!from) return;
  const below = from.getBoundingClientRect();
  if (!below.width || !below.height) return;
  const now = panel.style.inset;
  if (!covers(panel.getBoundingClientRect(), below)) return;
  for (const inset of innerWidth <= 480 ? SHEET : CORNERS) {
    panel.style.setProperty('inset', inset, 'important');
    if (!covers(panel.getBoundingClientRect(), below)) return;
  }
  panel.style.setProperty('inset', now, 'important');
}

/** Whether two boxes share a place. Pure. */
export const covers = (
  a: Pick<DOMRect, 'left' | 'right' | 'top' | 'bottom'>,
  b: Pick<DOMRect, 'left' | 'right' | 'top' | 'bottom'>,
): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
