/** The page says so itself: `FeedbackWidget.track('name')`. */
import type { Detector } from './events';

export const named: Detector<{ name: string }> =
  ({ name }) =>
  (event) =>
    event.kind === 'event' && event.what === name;
