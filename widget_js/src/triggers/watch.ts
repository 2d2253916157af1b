/** Listens to the page and tells what happened. Every listener hangs on one signal, so removing is one call. */
import type { PageEvent } from './events';

const FIELDS = 'input,select,textarea,[contenteditable]';
const CONTROLS = 'a,button,summary,label,[role=button]';

export function watch(tell: (event: PageEvent) => void, signal: AbortSignal): void {
  if (signal.aborted) return;
  const on = (target: EventTarget, name: string, heard: (event: never) => void) =>
    target.addEventListener(name, heard as EventListener, { capture: true, passive: true, signal });
  const doc = document;
  const mouse = (kind: 'move' | 'leave', y: number) =>
    doc.activeElement?.tagName !== 'IFRAME' && tell({ kind, y });
  // a finger has no exit intent
  on(doc, 'pointermove', (e: PointerEvent) => e.pointerType !== 'touch' && mouse('move', e.clientY));
  on(doc, 'mouseout', (e: MouseEvent) => e.relatedTarget || mouse('leave', e.clientY));
  on(doc, 'input', ({ target }: { target: HTMLInputElement }) =>
    tell({ kind: 'typed', unsent: !!(target.form && target.value) }),
  );
  const sent = () => tell({ kind: 'sent' });
  on(doc, 'submit', sent);
  on(doc, 'reset', sent);
  on(doc, 'click', ({ target, clientY: y, clientX: x }: MouseEvent) => {
    // presses in the widget itself are no friction of the page
    if (!(target instanceof Element) || target.tagName === 'FEEDBACK-WIDGET') return;
    const control = target.closest(`${CONTROLS},${FIELDS}`) ?? target;
    if (control.matches('button,[type=submit]')) sent();
    tell({ kind: 'click', x, y, what: nameOf(control) });
  });
  const wrong = (what: unknown) => what && tell({ kind: 'error', what: `${what}` });
  on(window, 'error', (e: ErrorEvent) => wrong(e.message));
  on(window, 'unhandledrejection', (e: PromiseRejectionEvent) => wrong(e.reason));
  const seen = () => tell({ kind: doc.hidden ? 'hidden' : 'shown' });
  on(doc, 'visibilitychange', seen);

  let url = '';
  // single-page sites: asked once a second, because patching their history could not be taken back
  const look = () => {
    const was = url;
    url = location.href;
    if (url !== was) tell({ kind: 'page', what: url });
    if (!doc.hidden) tell({ kind: 'tick' });
  };
  const timer = setInterval(look, 1000);
  signal.addEventListener('abort', () => clearInterval(timer));
  // a page may be opened where nobody sees it yet
  seen();
  look();
}

/** A control by the words that the page itself put on it; a field only by its name, never by its value. */
function nameOf(el: Element): string {
  const words = el.matches(FIELDS)
    ? el.getAttribute('name')
    : el.matches(CONTROLS) && (el.ariaLabel || el.textContent);
  return `${words || el.id || el.tagName}`.trim().replace(/\s+/g, ' ');
}
