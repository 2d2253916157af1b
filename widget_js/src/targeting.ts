/** What the page and the browser are, as facts for a survey's targeting. */
import type { Facts, Scalar } from './conditions';
import { goalReached, type Seen } from './frequency';

export function device(): 'phone' | 'tablet' | 'desktop' {
  if (!matchMedia('(pointer: coarse)').matches) return 'desktop';
  return Math.min(screen.width, screen.height) < 600 ? 'phone' : 'tablet';
}

export function pageFacts(
  language: string,
  returning: boolean,
  attributes: Record<string, Scalar>,
  seen: Seen,
  now: number,
): Facts {
  const facts: Facts = {
    'url.path': location.pathname,
    'url.host': location.host,
    language,
    device: device(),
    'viewport.width': innerWidth,
    returning,
  };
  new URLSearchParams(location.search).forEach((value, key) => {
    facts[`url.query.${key}`] = value;
  });
  for (const goal of Object.keys(seen.goals)) if (goalReached(seen, goal, now)) facts[`goal.${goal}`] = true;
  for (const [name, value] of Object.entries(attributes)) facts[`attribute.${name}`] = value;
  return facts;
}
