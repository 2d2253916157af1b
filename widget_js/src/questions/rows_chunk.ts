/** The types that are answered row by row, with their styles: a chunk of its own. */
import css from '../styles/rows.css?inline';
import { matrix } from './matrix';
import type { TypesModule } from './more';
import { ranking } from './ranking';

export const make: TypesModule['make'] = () => ({ ranking, matrix });
export { css };
