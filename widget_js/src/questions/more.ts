/** The question types that fewer surveys use, with their styles: a chunk of its own. */
import css from '../styles/more.css?inline';
import { ces } from './ces';
import { choices } from './choices';
import { csat } from './csat';
import { nps } from './nps';
import type { Factory } from './question';
import { stars } from './stars';
import { yesNo } from './yes_no';

export interface MoreModule {
  MORE: Record<string, Factory>;
  css: string;
}
export const MORE: Record<string, Factory> = { stars, csat, ces, nps, choices, yes_no: yesNo };
export { css };
