/** Detectors that count: something happened often enough on this page. Once a page; another address starts again. */
import type { Detector, PageEvent } from './events';

/** Fires at the `times`-th event that `counts`. */
export const after =
  <T>(times: (trigger: T) => number, counts: (event: PageEvent, trigger: T) => boolean): Detector<T> =>
  (trigger) => {
    let count = 0;
    return (event) => {
      if (event.kind === 'page') count = 0;
      return counts(event, trigger) && ++count === times(trigger);
    };
  };

export const scroll: Detector<{ percent: number }> = after(
  () => 1,
  (event, { percent }) => event.kind === 'scroll' && event.percent >= percent,
);
export const click: Detector<{ selector: string }> = after(
  () => 1,
  (event, { selector }) => event.kind === 'pressed' && event.selector === selector,
);
export const visible: Detector<{ selector: string }> = after(
  () => 1,
  (event, { selector }) => event.kind === 'seen' && event.selector === selector,
);
export const error: Detector<object> = after(
  () => 1,
  (event) => event.kind === 'error',
);
export const deadClick: Detector<{ times?: number }> = after(
  ({ times = 1 }) => times,
  (event) => event.kind === 'dead_click',
);
/** The first refusal of a form is how forms speak; the second one is friction. */
export const formError: Detector<{ times?: number }> = after(
  ({ times = 2 }) => times,
  (event) => event.kind === 'form_error',
);
