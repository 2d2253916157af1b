/** Where the visitor went: pages counted over the whole visit, and the same two pages again and again. */
import type { Detector } from './events';

/** A page without what is searched for on it: the same page, whichever question mark follows it. */
const place = (url: string) => url.replace(/[?#].*/, '');

/** So many pages of this visit seen, this one counted. `before` is how many earlier page loads have counted. */
export const pageView =
  (before: number): Detector<{ pages?: number }> =>
  ({ pages = 1 }) => {
    let count = before;
    return (event) => event.kind === 'page' && ++count === pages;
  };

/** A, B, A: somebody looks for something that is not there. `earlier` are the last pages of this visit. */
export const backAndForth =
  (earlier: readonly string[]): Detector<{ times?: number }> =>
  ({ times = 1 }) => {
    let last = earlier.map(place);
    let count = 0;
    return (event) => {
      if (event.kind !== 'page') return false;
      const here = place(event.what);
      if (last.at(-1) === here) return false;
      const back = last.at(-2) === here;
      last = [...last, here].slice(-2);
      return back && ++count === times;
    };
  };
