/** What the page and the browser are, as facts for a survey's targeting. */
import type { Facts, Scalar } from './conditions';
import { goalReached, type Seen } from './frequency';

export const device = (): 'phone' | 'tablet' | 'desktop' =>
  !matchMedia('(pointer: coarse)').matches
    ? 'desktop'
    : Math.min(screen.width, screen.height) < 600
      ? 'phone'
      : 'tablet';

export function pageFacts(
  language: string,
  returning: boolean,
  attributes: Record<string, Scalar> | undefined,
  seen: Seen,
  now: number,
): Facts {
  const facts: Facts = {
    'url.path': location.pathname,
    'url.host': location.host,
    language,
    device: device(),
    'viewport.width': innerWidth,
    'referrer.host': document.referrer && new URL(document.referrer).host,
    returning,
  };
  const add = (under: string, values: Iterable<[string, Scalar]>) => {
    for (const [name, value] of values) facts[`${under}.${name}`] = value;
  };
  add('url.query', new URLSearchParams(location.search));
  add('attribute', Object.entries(attributes ?? {}));
  for (const goal in seen.goals) if (goalReached(seen, goal, now)) facts[`goal.${goal}`] = true;
  return facts;
}
