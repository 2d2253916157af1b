/** Recommendation, 0 to 10: one row of eleven, two rows on a phone. */
import { numbered } from './numbers';

export const nps = numbered('nps', 0, 10);
