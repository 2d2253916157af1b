/**
 * Somebody is busy with a form, and leaves it for a moment: to fetch a code or a card number. What stands in it holds
 * until it is sent (a submit, a reset, or a press on any button: a failed payment may be asked about at once) or the page
 * is another. A field that belongs to no form may be a filter that nobody sends: there typing counts for 20 s.
 */
import type { PageEvent } from './events';

const TYPING = 20_000;
const EVER = 1e9;

export const writing = (): ((event: PageEvent, now: number) => boolean) => {
  let until = 0;
  return (event, now) => {
    const { kind } = event;
    if (kind === 'typed') until = now + (event.unsent ? EVER : TYPING);
    if (kind === 'page' || kind === 'sent') until = 0;
    return now < until;
  };
};
