/** Nobody moved, typed, scrolled or pressed for so long, on a page that is in view. Once a page. */
import type { Detector } from './events';

const STIRS = ['active', 'move', 'typed', 'click', 'scroll', 'shown', 'page'];

export const idle: Detector<{ seconds: number }> = ({ seconds }, began) => {
  let since = began;
  let fired = false;
  let hidden = false;
  return ({ kind }, now) => {
    if (kind === 'page') fired = false;
    if (kind === 'hidden' || kind === 'shown') hidden = kind === 'hidden';
    if (STIRS.includes(kind)) since = now;
    const fires = kind === 'tick' && !hidden && !fired && now - since >= seconds * 1000;
    fired ||= fires;
    return fires;
  };
};
