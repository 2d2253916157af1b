/** Long on one page, counted only while it is visible; another address starts again. Once a page. */
import type { Detector, PageEvent } from './events';

/** How long the page at this address has been visible (ms). */
export function visibleTime(began: number): (event: PageEvent, now: number) => number {
  let before = 0;
  /** When the page last became visible; nothing while it is hidden. */
  let since: number | undefined = began;
  return ({ kind }, now) => {
    let total = before + now - (since ?? now);
    if (kind === 'page') total = 0;
    if (kind === 'page' || kind === 'hidden' || kind === 'shown') {
      before = total;
      since = kind === 'hidden' ? undefined : now;
    }
    return total;
  };
}

export const dwell: Detector<{ seconds: number }> = ({ seconds }, began) => {
  const visible = visibleTime(began);
  let fired = false;
  return (event, now) => {
    const enough = visible(event, now) >= seconds * 1000;
    const fires = enough && !fired && event.kind === 'tick';
    fired = enough && (fired || fires);
    return fires;
  };
};
