/**
 * The rarer moments to ask at: a chunk of its own, which comes only where a survey of the site names one of them (or
 * asks at the exit, on a screen that is touched). Listens to what the visit does not hear, and arms their detectors.
 */

import { RARE } from './conditions_rare';
import { type Noticed, nothingNoticed, rage } from './signals';
import { expectEffect } from './triggers/dead_click';
import type { Detector, PageEvent } from './triggers/events';
import { idle } from './triggers/idle';
import { backAndForth, pageView } from './triggers/journey';
import { click, deadClick, error, formError, scroll, visible } from './triggers/once';
import { touchExit } from './triggers/return';
import type { Loader, Trigger } from './wire';

type Tell = (event: PageEvent) => void;
export interface Occasions {
  hear(event: PageEvent, now: number): void;
  /** Friction that only this chunk notices, over the whole visit. */
  signals(): { dead_clicks: number; form_errors: number };
}
export interface OccasionsModule {
  occasions(loader: Loader, tell: Tell, reached: (goal: string) => void): Occasions;
}

/** Refusals that a form gives at one press are one. */
const ONE_REFUSAL = 500;

/** Three quick clicks on one place; the count is the visit's own. */
const rageClick: Detector<object> = () => {
  const raging = rage();
  return (event, at) => event.kind === 'click' && raging({ ...event, at });
};

export function occasions(loader: Loader, tell: Tell, reached: (goal: string) => void): Occasions {
  const began = performance.now();
  const before = loader.session.get<Noticed>('visit') ?? nothingNoticed();
  const pages = loader.session.get<number>('pages') ?? 0;
  const detectors: Record<string, Detector<never>> = {
    scroll,
    idle,
    click,
    visible,
    error,
    page_view: pageView(pages),
    rage_click: rageClick,
    dead_click: deadClick,
    form_error: formError,
    back_and_forth: backAndForth(before.pages.slice(0, -1)),
  };
  if (matchMedia('(pointer: coarse)').matches) detectors.exit_intent = touchExit;
  const armed = loader.config.surveys.flatMap((ref) =>
    ref.triggers.flatMap((trigger) => {
      const detector = detectors[trigger.kind];
      return detector ? [{ ref, trigger, fires: detector(trigger as never, began) }] : [];
    }),
  );
  listen(
    tell,
    armed.map(({ trigger }) => trigger),
    loader.signal,
  );
  const selectors = (kind: Trigger['kind']) =>
    armed.flatMap(({ trigger }) =>
      trigger.kind === kind ? [(trigger as { selector: string }).selector] : [],
    );
  const look = lookout(selectors('visible'), tell, loader.signal);
  const goals = new Set(
    loader.config.surveys.flatMap((ref) => ref.silenced_by.filter((goal) => goal[0] === '/')),
  );
  let count = pages;
  let friction = loader.session.get<ReturnType<Occasions['signals']>>('friction') ?? {
    dead_clicks: 0,
    form_errors: 0,
  };
  const signals = () => friction;
  function hear(event: PageEvent, now: number): void {
    const { kind } = event;
    if (kind === 'page') {
      loader.session.set('pages', ++count);
      for (const goal of goals) if (arrived(goal)) reached(goal);
    }
    if (kind === 'tick') look();
    if (kind === 'dead_click' || kind === 'form_error') {
      friction = { ...friction, [`${kind}s`]: friction[`${kind}s`] + 1 };
      loader.session.set('friction', friction);
    }
    for (const { ref, trigger, fires } of armed) if (fires(event, now)) loader.prompt(ref, trigger.kind);
  }
  // the page itself was there before this chunk
  hear({ kind: 'page', what: location.href }, performance.now());
  return { hear, signals };
}

/** A goal that is written as a path, such as /thanks*, is reached by arriving there. */
const arrived = (path: string): boolean => RARE.matches!(location.pathname, path);

function listen(tell: Tell, triggers: Trigger[], signal: AbortSignal): void {
  const options = { signal, capture: true, passive: true };
  const on = (name: string, heard: (event: never) => void) =>
    document.addEventListener(name, heard as EventListener, options);
  for (const name of ['pointerdown', 'keydown', 'touchmove', 'wheel'])
    on(name, () => tell({ kind: 'active' }));
  let deepest = 0;
  on('scroll', () => {
    const { scrollHeight } = document.documentElement;
    const percent = Math.floor(((scrollY + innerHeight) / scrollHeight) * 100);
    if (percent !== deepest) tell({ kind: 'scroll', percent });
    deepest = percent;
  });
  let refused = -ONE_REFUSAL;
  on('invalid', ({ target }: Event) => {
    const now = performance.now();
    if (now - refused >= ONE_REFUSAL && target instanceof Element)
      tell({
        kind: 'form_error',
        what: `${target.getAttribute('name') || target.id || target.tagName}`.slice(0, 80),
      });
    refused = now;
  });
  on('click', ({ target }: MouseEvent) => {
    if (!(target instanceof Element) || target.tagName === 'FEEDBACK-WIDGET') return;
    for (const trigger of triggers)
      if (trigger.kind === 'click' && found(() => target.closest(trigger.selector)))
        tell({ kind: 'pressed', selector: trigger.selector });
    const words = `${target.textContent || target.id || target.tagName}`
      .trim()
      .replace(/\s+/g, ' ')
      .slice(0, 80);
    expectEffect(target, () => tell({ kind: 'dead_click', what: words }), signal);
  });
}

/** Tells, once for each element, that half of it has come into view. Elements may come later: it looks again. */
function lookout(selectors: string[], tell: Tell, signal: AbortSignal): () => void {
  const watched = new WeakMap<Element, string>();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries)
        if (isIntersecting) {
          observer.unobserve(target);
          tell({ kind: 'seen', selector: watched.get(target) as string });
        }
    },
    { threshold: 0.5 },
  );
  signal.addEventListener('abort', () => observer.disconnect());
  return () => {
    for (const selector of selectors) {
      const el = found(() => document.querySelector(selector));
      if (!el || watched.get(el) === selector) continue;
      watched.set(el, selector);
      observer.observe(el);
    }
  };
}

/** A selector of the author's that the browser can't read finds nothing. */
function found(look: () => Element | null): Element | null {
  try {
    return look();
  } catch {
    return null;
  }
}
