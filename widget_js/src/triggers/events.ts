/** What happens on the page, reduced to what detectors need. Never holds what somebody typed. */

export type PageEvent =
  | { kind: 'move' | 'leave'; y: number }
  | { kind: 'typed' | 'sent' | 'tick' | 'hidden' | 'shown' }
  | { kind: 'click'; x: number; y: number; what: string }
  | { kind: 'error' | 'page' | 'event'; what: string };

/** A pure detector: what it remembers and whether this event fires it. `now` is ms of performance.now(). */
export type Detector<S, T> = {
  start(now: number): S;
  step(state: S, event: PageEvent, now: number, trigger: T): [S, boolean];
};
