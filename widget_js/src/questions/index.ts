/** Question types by the name that a survey uses. A type that this build does not know is passed over. */
import { ces } from './ces';
import { choice } from './choice';
import { choices } from './choices';
import { contact } from './contact';
import { csat } from './csat';
import { nps } from './nps';
import type { Factory } from './question';
import { smiley } from './smiley';
import { stars } from './stars';
import { text } from './text';
import { yesNo } from './yes_no';

export const QUESTIONS: Record<string, Factory> = {
  smiley,
  stars,
  csat,
  ces,
  nps,
  choice,
  choices,
  yes_no: yesNo,
  text,
  contact,
};
