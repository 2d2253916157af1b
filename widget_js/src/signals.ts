/** Signs of friction and the last steps of a visit: small counts that travel with an answer. Pure. */
import type { PageEvent } from './triggers/events';

export interface Step {
  at: number;
  kind: string;
  what: string;
}
export interface Visit {
  rage: number;
  errors: number;
  back: number;
  exit: boolean;
  pages: string[];
  trail: Step[];
}

const TRAIL = 20;
const RAGE_CLICKS = 3;
const RAGE_TIME = 1000;
const RAGE_REACH = 30;

export const newVisit = (): Visit => ({ rage: 0, errors: 0, back: 0, exit: false, pages: [], trail: [] });

/** The visit after one event; `at` is wall-clock ms, because a visit outlives a page. */
export function observe(visit: Visit, event: PageEvent, at: number): Visit {
  if (event.kind === 'click') return step(visit, { at, kind: 'click', what: event.what });
  if (event.kind === 'error') return step({ ...visit, errors: visit.errors + 1 }, { at, kind: 'error', what: event.what });
  if (event.kind === 'track') return step(visit, { at, kind: 'event', what: event.name.slice(0, 80) });
  if (event.kind !== 'page') return visit;
  const path = pathOf(event.url);
  const pages = visit.pages;
  if (pages[pages.length - 1] === path) return visit;
  // A, B, A: somebody looks for something that is not there
  const back = visit.back + (pages[pages.length - 2] === path ? 1 : 0);
  return step({ ...visit, back, pages: [...pages, path].slice(-3) }, { at, kind: 'page', what: path });
}

const step = (visit: Visit, made: Step): Visit => ({ ...visit, trail: [...visit.trail, made].slice(-TRAIL) });
const pathOf = (url: string) => url.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/[?].*$/, '').slice(0, 200) || '/';

export interface Click {
  x: number;
  y: number;
  at: number;
}

/** Three clicks within a second within 30 px of each other. Returns the clicks to remember, and whether it is rage. */
export function rage(recent: Click[], click: Click): [Click[], boolean] {
  const near = recent.filter(
    (c) => click.at - c.at <= RAGE_TIME && Math.hypot(c.x - click.x, c.y - click.y) <= RAGE_REACH,
  );
  const burst = [...near, click];
  return burst.length >= RAGE_CLICKS ? [[], true] : [burst, false];
}
