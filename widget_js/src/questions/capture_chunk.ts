/** The question types that show something instead of telling it: a chunk of its own. */
import css from '../styles/capture.css?inline';
import type { Loader } from '../wire';
import { element } from './element';
import type { Factory } from './question';
import { screenshot } from './screenshot';

export const make = (loader: Loader): Record<string, Factory> => ({
  element: element(loader),
  screenshot: screenshot(loader),
});
export { css };
