/** Long on one page, counted only while it is visible; another address starts again. Once a page. */
import type { Detector, PageEvent } from './events';

/** How long the page at this address has been visible (ms). */
export function visibleTime(began: number): (event: PageEvent, now: number) => number {
  let total = 0;
  let last = began;
  let hidden = false;
  return ({ kind }, now) => {
    if (!hidden) total += now - last;
    if (kind === 'page') total = 0;
    hidden = kind === 'hidden' || (hidden && kind !== 'shown');
    last = now;
    return total;
  };
}

export const dwell: Detector<{ seconds: number }> = ({ seconds }, began) => {
  const visible = visibleTime(began);
  let fired = false;
  return (event, now) => {
    const before = fired;
    fired = visible(event, now) >= seconds * 1000 && (fired || event.kind === 'tick');
    return fired && !before;
  };
};
