/** What happens on the page, reduced to what detectors need. Never holds what somebody typed. */

export type PageEvent =
  | { kind: 'move'; y: number }
  | { kind: 'leave'; y: number }
  | { kind: 'frame' }
  | { kind: 'typed' }
  | { kind: 'sent' }
  | { kind: 'click'; x: number; y: number; what: string }
  | { kind: 'error'; what: string }
  | { kind: 'page'; url: string }
  | { kind: 'track'; name: string }
  | { kind: 'tick' }
  | { kind: 'hidden' }
  | { kind: 'shown' };

/** A pure detector: what it remembers and whether this event fires it. `now` is ms of performance.now(). */
export type Detector<S, T> = {
  start(now: number): S;
  step(state: S, event: PageEvent, now: number, trigger: T): [S, boolean];
};
