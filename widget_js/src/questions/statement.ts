/** Something to read, with a link if the survey has one; nothing to answer. */
import { h } from '../dom';
import * as words from '../messages';
import { type Factory, hintOf } from './question';

export const statement: Factory = (asked) => {
  const { question, id } = asked;
  const { link } = question;
  const label = h('h2', { class: 'q', id: `${id}-q`, tabindex: -1 }, question.text);
  const href = link?.url.startsWith('https://') ? link.url : undefined;
  const line =
    href &&
    h('p', {}, h('a', { href, target: '_blank', rel: 'noopener' }, link!.label), ` (${words.new_tab})`);
  return {
    el: h('div', { 'data-question': question.key }, label, hintOf(asked), line),
    label,
    value: () => null,
  };
};
