/** Long on one page, counted only while it is visible; another address starts again. Once a page. */
import type { Detector } from './events';

export interface DwellState {
  visible: number;
  /** When the page last became visible; nothing while it is hidden. */
  since?: number;
  fired?: boolean;
}

export const visibleFor = ({ visible, since }: DwellState, now: number): number =>
  visible + (since === undefined ? 0 : now - since);

export const dwell: Detector<DwellState, { seconds: number }> = {
  start: (since) => ({ visible: 0, since }),
  step(state, { kind }, now, { seconds }) {
    if (kind === 'page') return [dwell.start(now), false];
    const visible = visibleFor(state, now);
    if (kind === 'hidden') return [{ visible, fired: state.fired }, false];
    if (kind === 'shown') return [{ visible, since: now, fired: state.fired }, false];
    const fires = !state.fired && visible >= seconds * 1000;
    return [fires ? { ...state, fired: true } : state, fires];
  },
};
