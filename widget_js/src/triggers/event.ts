/** The page says so itself: `FeedbackWidget.track('name')`. */
import type { Detector } from './events';

export const named: Detector<null, { name: string }> = {
  start: () => null,
  step: (state, event, _now, trigger) => [state, event.kind === 'event' && event.what === trigger.name],
};
