/** Question types by the name that a survey uses: the usual ones are in the panel, the others come when asked for. */
import * as words from '../messages';
import type { Loader, Question } from '../wire';
import { choice } from './choice';
import { contact } from './contact';
import type { MoreModule } from './more';
import type { Factory } from './question';
import { smiley } from './smiley';
import { text } from './text';

const USUAL: Record<string, Factory> = { smiley, text, choice, contact };

export async function factories(loader: Loader, questions: Question[]): Promise<Record<string, Factory>> {
  if (questions.every(({ type, more }) => USUAL[type] && !more)) return USUAL;
  const { bring } = await loader.chunk<MoreModule>(`more-${words.language}`);
  return { ...USUAL, ...(await bring(loader, questions)) };
}
