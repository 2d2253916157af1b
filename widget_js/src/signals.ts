/** Signs of friction and the last steps of a visit: small counts that travel with an answer. Pure. */
import type { PageEvent } from './triggers/events';

export interface Step {
  /** Wall-clock ms: a visit outlives a page. */
  at: number;
  kind: string;
  what: string;
}
export interface Noticed {
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

export const nothingNoticed = (): Noticed => ({
  rage: 0,
  errors: 0,
  back: 0,
  exit: false,
  pages: [],
  trail: [],
});

export function observe(noticed: Noticed, event: PageEvent, at: number): Noticed {
  if (!('what' in event)) return noticed;
  let { errors, back, pages } = noticed;
  const { kind } = event;
  let what = event.what.slice(0, 200);
  if (kind === 'error') errors++;
  if (kind === 'page') {
    // the path alone: what is searched for is nobody's business
    what = what.replace(/^\w+:\/\/[^/]*|\?[^#]*/g, '');
    if (pages.at(-1) === what) return noticed;
    // A, B, A: somebody looks for something that is not there
    if (pages.at(-2) === what) back++;
    pages = [...pages, what].slice(-2);
  }
  return { ...noticed, errors, back, pages, trail: [...noticed.trail, { at, kind, what }].slice(-TRAIL) };
}

export interface Click {
  x: number;
  y: number;
  at: number;
}

/** Three clicks within a second within 30 px of each other are rage, counted once a burst. */
export function rage(): (click: Click) => boolean {
  let recent: Click[] = [];
  return (click) => {
    const near = ({ x, y, at }: Click) =>
      click.at - at <= RAGE_TIME && Math.hypot(click.x - x, click.y - y) <= RAGE_REACH;
    recent = [...recent.filter(near), click];
    const hit = recent.length >= RAGE_CLICKS;
    if (hit) recent = [];
    return hit;
  };
}
