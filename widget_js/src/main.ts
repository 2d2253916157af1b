/**
 * The loader, the one script that a host page names. It draws the button, watches for triggers and decides who is
 * asked; the panel is another file and comes when it is first needed. Nothing here may ever throw into the page.
 */
import { makeWidget, type Settings } from './widget';

type Call = [method: string, ...given: unknown[]];
const script =
  (document.currentScript as HTMLScriptElement | null) ??
  document.querySelector<HTMLScriptElement>('script[data-site][src*="widget.js"]');

function boot(tag: HTMLScriptElement): void {
  const global = window as unknown as { FeedbackWidget?: unknown };
  const before = global.FeedbackWidget;
  // loaded twice: the first one works on
  if (before && !Array.isArray(before)) return;
  const settings: Settings = {
    origin: new URL(tag.src).origin,
    site: tag.dataset.site as string,
    lang: tag.dataset.lang,
    release: tag.dataset.release,
  };
  const api = makeWidget(settings, () => delete global.FeedbackWidget) as unknown as Record<string, unknown>;
  global.FeedbackWidget = api;
  // what the page asked for before this script arrived: FeedbackWidget = [['goal', 'purchase']]
  for (const [method, ...given] of (before as Call[]) ?? []) (api[method] as (...a: unknown[]) => void)?.(...given);
}

try {
  if (script?.dataset.site) boot(script);
  else console.info('[feedback] not started: the script tag has no data-site');
} catch (error) {
  console.info('[feedback] not started:', error);
}
