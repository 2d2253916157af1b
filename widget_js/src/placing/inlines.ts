/** The elements of the page that hold a survey, drawn when they come near to what is seen. */
import type { Loader, Visit } from '../wire';
import { drawInline, type Inline } from './inline';

const NEAR = '50% 0px';

export function inlines(loader: Loader, visit: Visit) {
  const { config, signal, say, emit } = loader;
  const keyOf = (el: HTMLElement) => el.dataset.feedbackSurvey;
  const drawn = new Map<HTMLElement, { key: string; inline?: Inline }>();
  const near = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) draw(target as HTMLElement);
    },
    { rootMargin: NEAR },
  );
  signal.addEventListener('abort', () => near.disconnect());

  async function draw(el: HTMLElement): Promise<void> {
    near.unobserve(el);
    const here = drawn.get(el);
    const ref = config.surveys.find(({ key }) => key === here?.key);
    if (!here || !ref) return;
    try {
      const inline = await drawInline(loader, el, ref, visit);
      if (drawn.get(el) === here) here.inline = inline;
      else inline.remove();
    } catch (error) {
      say(error);
      emit('error', { reason: 'not_loaded', survey: here.key });
    }
  }

  return {
    /** Whether this survey stands in the page, or somebody is writing in one that does. */
    holds: (key: string) =>
      [...drawn.values()].some(
        ({ key: its, inline }) => inline && (its === key || document.activeElement === inline.el),
      ),
    /** Looks the page over: new elements are waited for, those that left or changed their survey are let go. */
    look(): void {
      for (const [el, { key, inline }] of drawn) {
        if (el.isConnected && keyOf(el) === key) {
          // a framework that empties its element: the same nodes again, with what was written in them
          if (inline && !inline.gone() && !inline.el.isConnected) el.append(inline.el);
          continue;
        }
        near.unobserve(el);
        inline?.remove();
        drawn.delete(el);
      }
      for (const el of document.querySelectorAll<HTMLElement>('[data-feedback-survey]')) {
        const key = keyOf(el);
        if (!key || drawn.has(el)) continue;
        drawn.set(el, { key });
        if (config.surveys.some((ref) => ref.key === key)) near.observe(el);
        else say(`data-feedback-survey: this site asks no survey '${key}' now`);
      }
    },
  };
}
