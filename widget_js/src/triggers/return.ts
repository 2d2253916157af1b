/**
 * Exit intent of a finger, which has no way up and out: the page was put away for a while and comes back, or nothing
 * stirs for long. Nothing is held back, slowed down or timed against the visitor: it is only asked when they are here.
 * And not while they are busy with a form: who comes back with a code in mind is not asked why they leave.
 */
import type { Detector } from './events';
import { idle } from './idle';
import { writing } from './writing';

const AWAY = 5000;
const STILL_SECONDS = 45;

export const touchExit: Detector<{ min_dwell_seconds?: number }> = ({ min_dwell_seconds = 0 }, began) => {
  let put_away = Number.POSITIVE_INFINITY;
  let fired = false;
  const writes = writing();
  const still = idle({ seconds: STILL_SECONDS }, began);
  return (event, now) => {
    const { kind } = event;
    if (kind === 'page') {
      began = now;
      fired = false;
    }
    const busy = writes(event, now);
    const rests = still(event, now);
    const returns = kind === 'shown' && now - put_away >= AWAY;
    if (kind === 'hidden') put_away = Math.min(put_away, now);
    if (kind === 'shown') put_away = Number.POSITIVE_INFINITY;
    const fires = (rests || returns) && !busy && !fired && now - began >= min_dwell_seconds * 1000;
    fired ||= fires;
    return fires;
  };
};
