/**
 * A mouse that moves upwards and leaves through the top edge: towards the tabs, the address or the close button.
 * Once a page. While focus is in an iframe the page hears nothing of the mouse, so nothing is concluded. Nor while
 * somebody is busy with a form.
 */
import type { Detector } from './events';
import { writing } from './writing';

const EDGE = 2;
const LEAVING_EDGE = 40;
const MIN_RISE = 24;
const MOTION = 700;

export const exitIntent: Detector<{ min_dwell_seconds?: number }> = ({ min_dwell_seconds = 0 }, began) => {
  /** The lowest point of the motion under way. */
  let lowest = 0;
  let at = -MOTION;
  const writes = writing();
  let fired = false;
  return (event, now) => {
    const { kind } = event;
    if (kind === 'page') {
      began = now;
      fired = false;
    }
    const busy = writes(event, now);
    if (kind !== 'move' && kind !== 'leave') return false;
    const { y } = event;
    // a pause or a way down begins a new motion
    if (y >= lowest || now - at > MOTION) {
      lowest = y;
      at = now;
      return false;
    }
    const fires =
      !fired &&
      y <= (kind === 'leave' ? LEAVING_EDGE : EDGE) &&
      lowest - y >= MIN_RISE &&
      now - began >= min_dwell_seconds * 1000 &&
      !busy;
    fired ||= fires;
    return fires;
  };
};
