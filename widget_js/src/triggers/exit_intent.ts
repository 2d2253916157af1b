/**
 * A mouse that moves upwards and leaves through the top edge: towards the tabs, the address or the close button.
 * Once a page. While focus is in an iframe the page hears nothing of the mouse, so nothing is concluded. Nor while
 * somebody is busy with a form: typing within the last 20 s that was not yet sent means that they fetch a code or a
 * card number. Sending (a submit, or a press on any button) ends this, so a failed payment can be asked about at once.
 */
import type { Detector } from './events';

const EDGE = 2;
const LEAVING_EDGE = 40;
const MIN_RISE = 24;
const MOTION = 700;
const TYPING = 20_000;

export const exitIntent: Detector<{ min_dwell_seconds?: number }> = ({ min_dwell_seconds = 0 }, began) => {
  /** The lowest point of the motion under way. */
  let lowest = 0;
  let at = -MOTION;
  let typed = -TYPING;
  let fired = false;
  return (event, now) => {
    const { kind } = event;
    if (kind === 'page') {
      began = now;
      fired = false;
    }
    if (kind === 'typed') typed = now;
    if (kind === 'page' || kind === 'sent') typed = -TYPING;
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
      now - typed >= TYPING;
    fired ||= fires;
    return fires;
  };
};
