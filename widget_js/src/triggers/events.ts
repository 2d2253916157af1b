/** What happens on the page, reduced to what detectors need. Never holds what somebody typed. */

export type PageEvent =
  | { kind: 'move' | 'leave'; y: number }
  /** Into a form, which then holds something. */
  | { kind: 'typed'; unsent?: boolean }
  | { kind: 'sent' | 'tick' | 'hidden' | 'shown' | 'active' }
  | { kind: 'click'; x: number; y: number; what: string }
  | { kind: 'error' | 'page' | 'event' | 'dead_click' | 'form_error'; what: string }
  /** How much of the page has been in view, per cent. */
  | { kind: 'scroll'; percent: number }
  /** Something that a survey's author named by a selector was pressed, or came into view. */
  | { kind: 'pressed' | 'seen'; selector: string };

/** A detector remembers what it needs and says whether this event fires it. Times are ms of performance.now(). */
export type Detector<T> = (trigger: T, began: number) => (event: PageEvent, now: number) => boolean;
