/** Trigger kinds by the name that the config uses: those that most sites name. The rest is `occasions.ts`. */

import type { Trigger } from '../wire';
import { dwell } from './dwell';
import { named } from './event';
import type { Detector } from './events';
import { exitIntent } from './exit_intent';

const DETECTORS: Record<string, Detector<never>> = { exit_intent: exitIntent, dwell, event: named };

/** Arms one trigger: feed it events, it says when it fires. Undefined for a kind that is not known here. */
export const arm = (trigger: Trigger, now: number): ReturnType<Detector<never>> | undefined =>
  DETECTORS[trigger.kind]?.(trigger as never, now);
