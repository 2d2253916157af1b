/**
 * A press on what looks pressable, after which nothing happens: nothing on the page changes, scrolls, opens, takes
 * focus or goes anywhere. The page is watched for a second after such a press, and not otherwise.
 */
export const QUIET = 1000;
/** Things that change by themselves, or that answer in ways a page can't see. */
const ELSEWHERE =
  'a[href]:not([href^="#"]),a[download],input,select,textarea,label,video,audio,iframe,[contenteditable]';
const PRESSABLE = 'a,button,summary,[role=button],[role=link],[role=tab],[onclick]';

export const looksPressable = (el: Element): boolean =>
  !el.closest(ELSEWHERE) && (!!el.closest(PRESSABLE) || getComputedStyle(el).cursor === 'pointer');

/** Calls `dead` when nothing happened within a second. */
export function expectEffect(pressed: Element, dead: () => void, signal: AbortSignal): void {
  if (signal.aborted || !looksPressable(pressed)) return;
  const done = new AbortController();
  const { href } = location;
  const alive = () => done.abort();
  const observer = new MutationObserver((changes) => {
    if (changes.some(({ target }) => target.nodeName !== 'FEEDBACK-WIDGET')) alive();
  });
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  const options = { signal: done.signal, capture: true, passive: true };
  for (const name of ['scroll', 'selectionchange', 'focusin', 'toggle', 'visibilitychange'])
    document.addEventListener(name, alive, options);
  for (const name of ['pagehide', 'beforeprint', 'blur']) window.addEventListener(name, alive, options);
  const timer = setTimeout(() => {
    const nothing = href === location.href && !document.hidden;
    alive();
    if (nothing) dead();
  }, QUIET);
  signal.addEventListener('abort', alive, { signal: done.signal });
  done.signal.addEventListener('abort', () => {
    clearTimeout(timer);
    observer.disconnect();
  });
}
