/** Customer effort, 1 to 7. */
import { numbered } from './numbers';

export const ces = numbered('ces', 1, 7);
