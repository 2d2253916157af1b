/**
 * What is noticed about this visit, and when to ask: triggers, signals, what was seen. Its own chunk, loaded
 * right after the button stands; without it the button works on, and nothing comes up by itself.
 */
import type { AskModule } from './ask';
import type { ExplainModule } from './explain';
import { answered, goalReached, nothingSeen, type Seen } from './frequency';
import type { Occasions, OccasionsModule } from './occasions';
import type { Held, ReceiptsModule } from './receipts';
import { type Noticed, nothingNoticed, observe, rage } from './signals';
import { device } from './targeting';
import { arm } from './triggers';
import { visibleTime } from './triggers/dwell';
import type { PageEvent } from './triggers/events';
import { exitIntent } from './triggers/exit_intent';
import { watch } from './triggers/watch';
import type { Loader, PlacementModule, Visit } from './wire';

/** A visitor rarely follows more matters than these at once. */
const RECEIPTS = 5;
/** What a page holds that wants a place of its own. */
const PLACES = '[data-feedback-open],[data-feedback-survey]';

export function attend(loader: Loader): Visit {
  const { config, local, session, declared } = loader;
  const seen = (): Seen => ({ ...nothingSeen(), ...local.get<Seen>('seen') });
  const held = () => [local.get<Held[]>('receipts') ?? []].flat();
  const remember = (now: Seen) => local.set('seen', now);
  const returning = session.get<boolean>('returning') ?? !!local.get('seen');
  session.set('returning', returning);
  remember(seen());

  let noticed: Noticed;
  const began = performance.now();
  const raging = rage();
  const visible = visibleTime(began);
  const leaving = exitIntent({}, began);
  const armed = config.surveys.flatMap((ref) =>
    ref.triggers.map((trigger) => ({ ref, trigger, fires: arm(trigger, began) })),
  );

  let also: Occasions | undefined;
  let places = config.places ?? PLACES;
  let ask: AskModule | undefined;
  const reasons = async () => {
    ask ??= await loader.chunk<AskModule>('ask');
    return ask;
  };

  function happened(event: PageEvent): void {
    const now = performance.now();
    const before = noticed;
    noticed = observe(noticed, event, Date.now());
    if (event.kind === 'click' && raging({ ...event, at: now }))
      noticed = { ...noticed, rage: noticed.rage + 1 };
    visible(event, now);
    if (leaving(event, now)) noticed = { ...noticed, exit: true };
    if (noticed !== before) session.set('visit', noticed);
    for (const { ref, trigger, fires } of armed) if (fires?.(event, now)) loader.prompt(ref, trigger.kind);
    also?.hear(event, now);
    if (places && document.querySelector(places)) {
      places = '';
      fetched<PlacementModule>('placement', ({ place }) => place(loader, visit));
    }
  }
  const tell = (event: PageEvent) => {
    try {
      happened(event);
    } catch (error) {
      loader.say(error);
    }
  };

  const goal = (name: string) => remember({ ...seen(), goals: { ...seen().goals, [name]: Date.now() } });
  const fetched = <T>(name: string, use: (chunk: T) => unknown) =>
    loader.chunk<T>(name).then(use).catch(loader.say);

  // a moment that few surveys name, a goal that is a path, the exit of a finger
  if (
    armed.some(
      ({ fires, ref, trigger }) =>
        !fires ||
        `${ref.silenced_by}`.includes('/') ||
        (trigger.kind === 'exit_intent' && device() !== 'desktop'),
    )
  )
    fetched<OccasionsModule>('occasions', ({ occasions }) => {
      also = occasions(loader, tell, goal);
    });
  // the site's own people come with a signed link
  if (/fw-explain/.test(location.search))
    fetched<ExplainModule>('explain', (chunk) => chunk.explain(loader, visit.explain));
  if (local.get('receipts')) fetched<ReceiptsModule>('receipts', ({ refresh }) => refresh(loader));

  const visit: Visit = {
    why: async (ref) => (await reasons()).objection(loader, ref, seen(), returning),
    context(openedBy, { silenced_by }) {
      const { rage, errors, back, exit, trail } = noticed;
      const now = Date.now();
      const missed = (goal: string) => openedBy === 'exit_intent' && !goalReached(seen(), goal, now);
      return {
        url: location.href,
        referrer_host: document.referrer && new URL(document.referrer).host,
        title: document.title.slice(0, 200),
        tz: Intl.DateTimeFormat().resolvedOptions().timeZone,
        locale: navigator.language,
        viewport: `${innerWidth}x${innerHeight}`,
        device: device(),
        ...declared,
        signals: {
          rage_clicks: rage,
          errors,
          back_and_forth: back,
          exit,
          dwell_seconds: Math.round(visible({ kind: 'tick' }, performance.now()) / 1000),
          trigger: openedBy,
          ...also?.signals(),
          left_without_goal: silenced_by.find(missed),
        },
        trail: trail.map((step) => ({ ...step, at: Math.max(now - step.at, 0) })),
      };
    },
    // whoever is asked was looked into by `why`
    shown: (ref) => remember(ask!.noted(loader, ref, seen())),
    answered(ref, receipt) {
      remember(answered(seen(), ref, Date.now()));
      if (receipt) local.set('receipts', [...held(), { token: receipt, at: Date.now() }].slice(-RECEIPTS));
    },
    goal,
    recollect() {
      noticed = { ...nothingNoticed(), ...session.get('visit') };
    },
    track: (name) => happened({ kind: 'event', what: `${name}` }),
    explain: async () => (await reasons()).explanations(loader, seen(), returning),
  };
  visit.recollect();
  watch(tell, loader.signal);
  return visit;
}
