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
    const { own, later } = makeWidget(script, () => delete page.FeedbackWidget);
    const call = ([name, ...given]: Call) => {
      try {
        const done = (own as unknown as Api)[name]?.(...given);
        // once it is removed, nothing is fetched any more
        const told = page.FeedbackWidget && later(name, given);
        return name in own ? done : told;
      } catch (error) {
        return say(error);
      }
    };
    const api: Api = { push: call as Api[string] };
    for (const name of [...Object.keys(own), 'identify', 'set', 'facts', 'explain'])
      api[name] = (...given) => call([name, ...given]);
    page.FeedbackWidget = api;
    // what the page pushed before this script arrived; it may go on pushing: ['goal', 'purchase']. An element of the
    // page may bear the name, too
    if (Array.isArray(before)) before.forEach(call);
  }
} catch (error) {
  say(error);
}
