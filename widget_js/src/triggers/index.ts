/** Trigger kinds by the name that the config uses. A kind that this build does not know never fires. */

import type { Trigger } from '../wire';
import { dwell } from './dwell';
import { named } from './event';
import type { Detector, PageEvent } from './events';
import { exitIntent } from './exit_intent';

const DETECTORS: Record<string, Detector<unknown, never>> = {
  exit_intent: exitIntent as Detector<unknown, never>,
  dwell: dwell as Detector<unknown, never>,
  event: named as Detector<unknown, never>,
};

/** Arms one trigger: feed it events, it says when it fires. */
export function arm(trigger: Trigger, now: number): (event: PageEvent, now: number) => boolean {
  const detector = DETECTORS[trigger.kind];
  if (!detector) return () => false;
  let state = detector.start(now);
  return (event, at) => {
    const [next, fires] = detector.step(state, event, at, trigger as never);
    state = next;
    return fires;
  };
}
