/**
 * The registry of the question types that fewer surveys use. Those named in MORE are in this chunk, with their styles;
 * the larger or rarer ones come in chunks of their own, which are fetched only when a survey asks for them.
 */
import * as words from '../messages';
import css from '../styles/more.css?inline';
import type { Loader, Question } from '../wire';
import { ces } from './ces';
import { choices } from './choices';
import { contact, namedContact } from './contact';
import { count } from './counter';
import { csat } from './csat';
import { date } from './date';
import { nps } from './nps';
import { inTheirOrder } from './order';
import type { Factory } from './question';
import { fourSmileys, smiley } from './smiley';
import { stars } from './stars';
import { statement } from './statement';
import { shortText, text } from './text';
import { thumbs } from './thumbs';
import { yesNo } from './yes_no';

/** What a chunk of question types gives. */
export interface TypesModule {
  css: string;
  make(loader: Loader): Record<string, Factory>;
}
export interface MoreModule {
  bring(loader: Loader, questions: Question[]): Promise<Record<string, Factory>>;
  /** For a text near its limit. */
  count: typeof count;
  /** For panels of earlier builds, which ask for these two. */
  MORE: Record<string, Factory>;
  css: string;
}

export const MORE: Record<string, Factory> = {
  stars,
  csat,
  ces,
  nps,
  choices,
  yes_no: yesNo,
  thumbs,
  date,
  statement,
  // the panel's own, where they take more than it knows
  smiley: (asked) => (asked.question.labels?.length === 4 ? fourSmileys : smiley)(asked),
  text: (asked) => (asked.question.rows === 1 ? shortText : text)(asked),
  contact: (asked) => (asked.question.ask ? namedContact : contact)(asked),
};
export { count, css };

/** Type → the chunk that brings it, `<name>-<language>.js`: built from `src/questions/<name>_chunk.ts`. */
const CHUNKS: Record<string, string> = {
  ranking: 'rows',
  matrix: 'rows',
  element: 'capture',
  screenshot: 'capture',
};

export async function bring(loader: Loader, questions: Question[]): Promise<Record<string, Factory>> {
  inTheirOrder(loader, questions);
  const names = new Set(questions.flatMap(({ type }) => CHUNKS[type] ?? []));
  const chunks = await Promise.all(
    [...names].map((name) => loader.chunk<TypesModule>(`${name}-${words.language}`)),
  );
  const types = Object.assign({}, MORE, ...chunks.map((chunk) => chunk.make(loader)));
  // a type that this build does not know is passed over; of a choice there is no other form than the panel's
  for (let at = questions.length; at--; ) {
    const { type } = questions[at]!;
    if (!types[type] && type !== 'choice') questions.splice(at, 1);
  }
  for (const sheet of [css, ...chunks.map((chunk) => chunk.css)]) loader.adopt(sheet);
  return types;
}
