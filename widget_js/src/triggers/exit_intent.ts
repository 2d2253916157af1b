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

export interface ExitState {
  since: number;
  /** The lowest point of the motion under way. */
  y: number;
  at: number;
  typed: number;
  fired: boolean;
}

export const exitIntent: Detector<ExitState, { min_dwell_seconds?: number }> = {
  start: (now) => ({ since: now, y: 0, at: 0, typed: -TYPING, fired: false }),
  step(state, event, now, { min_dwell_seconds = 0 }) {
    const { kind } = event;
    if (kind === 'page') return [exitIntent.start(now), false];
    if (kind === 'typed') return [{ ...state, typed: now }, false];
    if (kind === 'sent') return [{ ...state, typed: -TYPING }, false];
    if (kind !== 'move' && kind !== 'leave') return [state, false];
    const { y } = event;
    // a pause or a way down begins a new motion
    if (y >= state.y || now - state.at > MOTION) return [{ ...state, y, at: now }, false];
    const fired =
      !state.fired &&
      y <= (kind === 'leave' ? LEAVING_EDGE : EDGE) &&
      state.y - y >= MIN_RISE &&
      now - state.since >= min_dwell_seconds * 1000 &&
      now - state.typed >= TYPING;
    return [fired ? { ...state, fired } : state, fired];
  },
};
