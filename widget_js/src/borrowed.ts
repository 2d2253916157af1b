/** Stands in the place of `dom` in the built panel: the loader's own copy, so that nothing is loaded twice. */
import type * as dom from './dom';
import type { Loader } from './wire';

export let h: typeof dom.h;
export let svg: typeof dom.svg;

/** Before anything is drawn. */
export function borrow(loader: Loader): void {
  ({ h, svg } = loader);
}
