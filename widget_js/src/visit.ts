/**
 * What is noticed about this visit, and who is asked: triggers, targeting, frequency, signals. Its own chunk, loaded
 * right after the button stands; without it the button works on, and nothing comes up by itself.
 */
import { goalReached, nothingSeen, type Seen, silence, withAnswered, withShown } from './frequency';
import * as receipts from './receipts';
import { type Click, newVisit, observe, rage } from './signals';
import { device, pageFacts } from './targeting';
import { arm } from './triggers';
import { dwell, visibleSeconds } from './triggers/dwell';
import type { PageEvent } from './triggers/events';
import { exitIntent } from './triggers/exit_intent';
import { watch } from './triggers/watch';
import type { Loader, SurveyRef, Visit } from './wire';

export function attend(loader: Loader): Visit {
  const { config, local, session, declared } = loader;
  const returning = session.get('here') ? !!session.get('returning') : !!local.get('seen');
  session.set('returning', returning);
  session.set('here', true);
  const seen = (): Seen => ({ ...nothingSeen(), ...local.get<Seen>('seen') });
  if (!local.get('seen')) local.set('seen', nothingSeen());

  let state = { ...newVisit(), ...session.get<ReturnType<typeof newVisit>>('visit') };
  let clicks: Click[] = [];
  const began = performance.now();
  let onPage = dwell.start(began);
  let leaving = exitIntent.start(began);
  const armed = config.surveys.flatMap((ref) =>
    ref.triggers.map((trigger) => ({ ref, kind: trigger.kind, fires: arm(trigger, began) })),
  );

  function happened(event: PageEvent): void {
    const now = performance.now();
    const before = state;
    state = observe(state, event, Date.now());
    if (event.kind === 'click') {
      const [recent, raging] = rage(clicks, { x: event.x, y: event.y, at: now });
      clicks = recent;
      if (raging) state = { ...state, rage: state.rage + 1 };
    }
    [onPage] = dwell.step(onPage, event, now, { seconds: 1e9 });
    const [next, exits] = exitIntent.step(leaving, event, now, {});
    leaving = next;
    if (exits) state = { ...state, exit: true };
    if (state !== before) session.set('visit', state);
    for (const { ref, kind, fires } of armed) if (fires(event, now)) loader.prompt(ref, kind);
  }

  function why(ref: SurveyRef): string | null {
    const now = Date.now();
    if (!ref.triggers.length) return 'opens by the button only';
    if (!loader.maySave()) return 'no consent yet';
    if (loader.privacy) return 'GPC or DNT';
    if (loader.busy()) return 'a survey is open';
    if (receipts.held(local, now).some((r) => r.open)) return 'a case of this visitor is open';
    const facts = pageFacts(loader.languageFor(ref), returning, declared.facts ?? {}, seen(), now);
    if (ref.targeting && !loader.holds(ref.targeting, facts)) return 'not meant for this page or visitor';
    return silence(ref, seen(), now);
  }

  watch((event) => {
    try {
      happened(event);
    } catch (error) {
      loader.say(error);
    }
  }, loader.signal);
  happened({ kind: 'page', url: location.href });
  for (const ref of config.surveys) if (!why(ref)) loader.textOf(ref).catch(() => {});
  receipts.refresh(local, (receipt) => loader.post('/v1/receipts/state', { receipt })).then((answered) => {
    if (answered) loader.dot();
  }, loader.say);

  return {
    why,
    context(openedBy, ref) {
      const { rage: rage_clicks, errors, back, exit, trail } = state;
      const now = Date.now();
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
          rage_clicks,
          errors,
          back_and_forth: back,
          exit,
          dwell_seconds: visibleSeconds(onPage, performance.now()),
          trigger: openedBy,
          left_without_goal:
            openedBy === 'exit_intent' ? ref.silenced_by.find((goal) => !goalReached(seen(), goal, now)) : undefined,
        },
        trail: trail.map(({ at, ...step }) => ({ at: Math.max(now - at, 0), ...step })),
      };
    },
    shown: (ref) => local.set('seen', withShown(seen(), ref, Date.now())),
    answered(ref, receipt) {
      local.set('seen', withAnswered(seen(), ref, Date.now()));
      if (receipt) receipts.hold(local, receipt);
    },
    goal: (name) => local.set('seen', { ...seen(), goals: { ...seen().goals, [name]: Date.now() } }),
    track: (name) => happened({ kind: 'track', name: `${name}` }),
  };
}
