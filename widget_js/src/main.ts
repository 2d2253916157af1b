/**
 * The loader, the one script that a host page names. It draws the button and keeps the public names; what watches,
 * asks and sends again are chunks that come when they are first needed. Nothing here may ever throw into the page.
 */
import { makeWidget, say } from './widget';

type Call = [method: string, ...given: unknown[]];
type Api = Record<string, (...given: unknown[]) => unknown>;

try {
  const script = (document.currentScript ??
    document.querySelector('script[data-site][src*="widget.js"]')) as HTMLScriptElement | null;
  const page = window as unknown as { FeedbackWidget?: Api | Call[] };
  const before = page.FeedbackWidget as (Api & Call[]) | undefined;
  if (!script?.dataset.site) say('no data-site');
  // loaded twice: the first one works on
  else if (!before?.goal) {
    const api = makeWidget(script, () => delete page.FeedbackWidget) as Api;
    for (const [name, method] of Object.entries(api))
      api[name] = (...given) => {
        try {
          return method(...given);
        } catch (error) {
          return say(error);
        }
      };
    page.FeedbackWidget = api;
    // what the page pushed before this script arrived, and what it goes on pushing: ['goal', 'purchase']
    const push = ([method, ...given]: Call) => api[method]?.(...given);
    // an element of the page may bear the name, too
    if (Array.isArray(before)) before.forEach(push);
    api.push = push as Api[string];
  }
} catch (error) {
  say(error);
}
