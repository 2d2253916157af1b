/** How many letters are left, below a text: drawn from 80 % of its limit, told at 90 and 100. Few write so much. */
import { h } from '../dom';
import { fill } from '../fill';
import * as words from '../messages';

export function count(area: HTMLTextAreaElement, limit: number, announce: (text: string) => void): void {
  const counter = h('p', { class: 'hint', id: `${area.id}-count` });
  counter.style.marginTop = '12px';
  area.setAttribute('aria-describedby', `${area.id}-hint ${counter.id}`);
  area.after(counter);
  let told = 0;
  const tell = () => {
    const left = limit - [...area.value].length;
    // in tenths of the limit
    const used = Math.min(10, Math.floor(10 - (left * 10) / limit));
    const over = left < 0 ? fill(words.too_long, { n: -left }) : '';
    // what the text says of itself when somebody goes on
    area.setCustomValidity(over);
    counter.textContent = used < 8 ? '' : over || fill(words.left, { n: left });
    if (used > told && used > 8) announce(counter.textContent);
    told = used;
  };
  area.addEventListener('input', tell);
  tell();
}
