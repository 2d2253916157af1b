/** Long on one page, counted only while it is visible; another address starts again. Once a page. */
import type { Detector } from './events';

export interface DwellState {
  visible: number;
  since: number | null;
  fired: boolean;
}

export const dwell: Detector<DwellState, { seconds: number }> = {
  start: (now) => ({ visible: 0, since: now, fired: false }),
  step(state, event, now, trigger) {
    if (event.kind === 'page') return [dwell.start(now), false];
    const visible = state.visible + (state.since === null ? 0 : now - state.since);
    if (event.kind === 'hidden') return [{ ...state, visible, since: null }, false];
    if (event.kind === 'shown' && state.since === null) return [{ ...state, since: now }, false];
    const fires = !state.fired && visible >= trigger.seconds * 1000;
    return [fires ? { ...state, fired: true } : state, fires];
  },
};

/** The same clock for the signal that travels with an answer. */
export const visibleSeconds = (state: DwellState, now: number): number =>
  Math.round((state.visible + (state.since === null ? 0 : now - state.since)) / 100) / 10;
