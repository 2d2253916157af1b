/** Thumb up or down. */
import { h, svg } from '../dom';
import * as words from '../messages';
import { type Factory, group } from './question';

const THUMB =
  'M5 17.5H2.8V9H5m0 8.5V9l3.6-6.5c1.3 0 2 .9 2 2.2V8h4.6c1.2 0 2 1 1.8 2.2l-1 5.5c-.2 1-1 1.8-2 1.8z';

export const thumbs: Factory = (asked) => {
  const cells = [
    { value: 'up', inside: [svg(20, THUMB), h('span', { class: 'word' }, words.thumb_up)] },
    { value: 'down', inside: [svg(20, THUMB), h('span', { class: 'word' }, words.thumb_down)] },
  ];
  const before = { true: 'up', false: 'down' }[`${asked.value as boolean}`];
  const made = group(asked, 'smileys thumbs', 'radio', cells, [before]);
  return { ...made, value: () => (made.picked().length ? made.picked()[0] === 'up' : null) };
};
