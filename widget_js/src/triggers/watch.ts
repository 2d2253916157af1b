/** Listens to the page and tells what happened. Every listener hangs on one signal, so removing is one call. */
import type { PageEvent } from './events';

export function watch(tell: (event: PageEvent) => void, signal: AbortSignal): void {
  const on = (target: EventTarget, names: string, heard: (event: never) => void) => {
    for (const name of names.split(' '))
      target.addEventListener(name, heard as EventListener, { signal, capture: true, passive: true });
  };
  const doc = document;
  // a finger has no exit intent; a pen hovers like a mouse
  on(doc, 'pointermove', (e: PointerEvent) => e.pointerType !== 'touch' && tell({ kind: 'move', y: e.clientY }));
  on(doc, 'mouseout', (e: MouseEvent) => {
    if (!e.relatedTarget) tell({ kind: 'leave', y: e.clientY });
    else if ((e.relatedTarget as Element).tagName === 'IFRAME') tell({ kind: 'frame' });
  });
  on(doc, 'input', (e: Event) => inForm(e.target) && tell({ kind: 'typed' }));
  on(doc, 'submit', () => tell({ kind: 'sent' }));
  on(doc, 'click', (e: MouseEvent) => {
    // presses in the widget itself are no friction of the page
    if ((e.target as Element | null)?.tagName === 'FEEDBACK-WIDGET') return;
    const control = (e.target as Element | null)?.closest?.('a,button,summary,label,[role=button],input,select');
    if (control?.matches('button,[type=submit],[type=button]') && inForm(control)) tell({ kind: 'sent' });
    tell({ kind: 'click', x: e.clientX, y: e.clientY, what: nameOf(control ?? (e.target as Element)) });
  });
  on(window, 'error', (e: ErrorEvent) => e.message && tell({ kind: 'error', what: cut(e.message) }));
  on(window, 'unhandledrejection', (e: PromiseRejectionEvent) => tell({ kind: 'error', what: cut(`${e.reason}`) }));
  on(window, 'blur', () => doc.activeElement?.tagName === 'IFRAME' && tell({ kind: 'frame' }));
  on(window, 'pagehide', () => tell({ kind: 'hidden' }));
  on(window, 'pageshow', () => tell({ kind: 'shown' }));
  on(doc, 'visibilitychange', () => tell({ kind: doc.hidden ? 'hidden' : 'shown' }));

  let url = location.href;
  const look = () => {
    if (location.href !== url) {
      url = location.href;
      tell({ kind: 'page', url });
    }
  };
  on(window, 'popstate hashchange', look);
  // single-page sites: asked once a second, because patching their history could not be taken back
  const timer = setInterval(() => {
    look();
    if (!doc.hidden) tell({ kind: 'tick' });
  }, 1000);
  signal.addEventListener('abort', () => clearInterval(timer));
}

const inForm = (target: unknown) => !!(target as Element | null)?.closest?.('form');
const cut = (text: string) => text.replace(/\s+/g, ' ').trim().slice(0, 80);

/** A control by the words that the page itself put on it; a field only by its name, never by its value. */
function nameOf(el: Element): string {
  if (el.matches?.('input,select,textarea,[contenteditable]'))
    return cut(`${el.tagName.toLowerCase()} ${el.getAttribute('name') || el.id || ''}`);
  if (el.matches?.('a,button,summary,label,[role=button]'))
    return cut(el.getAttribute('aria-label') || el.textContent || el.id || el.tagName.toLowerCase());
  return cut(`${el.tagName?.toLowerCase()}${el.id ? `#${el.id}` : ''}`);
}
