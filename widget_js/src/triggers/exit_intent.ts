/**
 * A mouse that moves upwards and leaves through the top edge: towards the tabs, the address or the close button.
 * Once a page. Leaving into an iframe is no leaving. Nor is it while somebody is busy with a form: typing within
 * the last 20 s that was not yet sent means that they fetch a code or a card number. Sending (a submit, or any
 * button of that form) ends this, so a failed payment can be asked about at once.
 */
import type { Detector } from './events';

const EDGE = 2;
const MIN_RISE = 24;
const MOTION = 700;
const TYPING = 20_000;

export interface ExitState {
  since: number;
  low: { y: number; at: number };
  typed: number;
  fired: boolean;
}

export const exitIntent: Detector<ExitState, { min_dwell_seconds?: number }> = {
  start: (now) => ({ since: now, low: { y: -1, at: 0 }, typed: Number.NEGATIVE_INFINITY, fired: false }),
  step(state, event, now, trigger) {
    if (event.kind === 'page') return [exitIntent.start(now), false];
    if (event.kind === 'typed') return [{ ...state, typed: now }, false];
    if (event.kind === 'sent') return [{ ...state, typed: Number.NEGATIVE_INFINITY }, false];
    if (event.kind === 'frame') return [{ ...state, low: { y: -1, at: 0 } }, false];
    if (event.kind !== 'move' && event.kind !== 'leave') return [state, false];
    // the lowest point of the motion under way: a pause or a way down begins a new one
    const low = event.y >= state.low.y || now - state.low.at > MOTION ? { y: event.y, at: now } : state.low;
    const next = { ...state, low };
    const upwards = state.low.y - event.y >= MIN_RISE && now - state.low.at <= MOTION;
    const out = event.y <= EDGE || (event.kind === 'leave' && event.y < 40);
    const ready = now - state.since >= (trigger.min_dwell_seconds ?? 0) * 1000;
    const busy = now - state.typed < TYPING;
    const fires = upwards && out && ready && !busy && !state.fired;
    return [fires ? { ...next, fired: true } : next, fires];
  },
};
