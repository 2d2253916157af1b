/**
 * What an answer must be like, beyond being there: kinds and globs, never a pattern that could hang the page. The
 * server holds finished answers to the same (`widget_server/surveys/must.py`); this says it while it can be mended.
 */
import { RARE } from '../conditions_rare';
import { fill } from '../fill';
import { isEmpty } from '../flow';
import * as words from '../messages';
import type { Answer, Must, Question } from '../wire';

/** One @, a dot after it, no spaces: enough to catch a slip. The server looks closer. */
const like_mail = (text: string) => {
  const [name, host, more] = text.split('@');
  return !!name && !!host && more === undefined && !/\s/.test(text) && /[^.]\.[^.]/.test(host);
};
const KINDS: Record<string, [fits: (text: string) => boolean, said: string]> = {
  email: [like_mail, words.email_wrong],
  digits: [(text) => /^[0-9]+$/.test(text), words.digits_only],
};

/** Why this answer will not do, in words; nothing when it will. An empty one is the matter of `required`. */
export function problemOf({ must }: Question, answer: Answer | undefined): string {
  if (!must || isEmpty(answer)) return '';
  if (Array.isArray(answer)) return ofChoices(must, answer.length);
  return typeof answer === 'string' ? ofText(must, answer.trim()) : '';
}

function ofText({ min_length = 0, kind, matches, example }: Must, text: string): string {
  if ([...text].length < min_length) return fill(words.too_short, { n: min_length });
  const [fits, said] = (kind && KINDS[kind]) || [];
  if (fits && !fits(text)) return said!;
  return matches && !RARE.matches!(text, matches)
    ? fill(words.like_this, { example: example ?? matches })
    : '';
}

function ofChoices({ at_least = 0, at_most = 99 }: Must, count: number): string {
  if (count < at_least) return fill(words.choose_more, { n: at_least });
  return count > at_most ? fill(words.choose_fewer, { n: at_most }) : '';
}
