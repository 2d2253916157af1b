/** Customer satisfaction, 1 to 5. */
import { numbered } from './numbers';

export const csat = numbered('csat', 1, 5);
