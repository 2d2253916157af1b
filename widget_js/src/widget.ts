/** One widget on one page: config, button, triggers, and the public `FeedbackWidget`. */
import { holds, type Scalar } from './conditions';
import { goalReached, nothingSeen, type Seen, silence, withAnswered, withShown } from './frequency';
import { type Host, makeHost } from './host';
import { choose, wanted } from './language';
import { type Launcher, makeLauncher } from './launcher';
import * as receipts from './receipts';
import { uuid } from './random';
import { type Click, newVisit, observe, rage, type Visit } from './signals';
import { openStore } from './storage';
import { device, pageFacts } from './targeting';
import { arm } from './triggers';
import { dwell, visibleSeconds } from './triggers/dwell';
import type { PageEvent } from './triggers/events';
import { exitIntent } from './triggers/exit_intent';
import { watch } from './triggers/watch';
import type { Claims, Config, Loader, OpenedBy, Panel, PanelModule, Survey, SurveyRef } from './wire';

export interface Settings {
  origin: string;
  site: string;
  lang?: string;
  release?: string;
}
type Listener = (detail: unknown) => void;

export function makeWidget(settings: Settings, gone: () => void) {
  const stop = new AbortController();
  const prefix = `fw:${settings.site}:`;
  const listeners: [string, Listener][] = [];
  const privacy =
    (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl === true || navigator.doNotTrack === '1';
  let consented = false;
  let config: Config | undefined;
  let host: Host | undefined;
  let launcher: Launcher | undefined;
  let panel: Panel | null = null;
  let busy = false;
  let waiting: [string | undefined, OpenedBy] | null = null;
  let stopResume = () => {};
  let claims: Claims = {};
  let attributes: Record<string, Scalar> = {};
  let attributesSig: string | undefined;

  // before the config is here, nobody knows whether this site asks for consent: nothing is kept yet
  const maySave = () => consented || config?.site.consent === 'open';
  const local = openStore('localStorage', prefix, maySave);
  const session = openStore('sessionStorage', prefix, maySave);
  const seen = () => ({ ...nothingSeen(), ...local.get<Seen>('seen') });
  const say = (...words: unknown[]) => console.info('[feedback]', ...words);
  /** Runs what may fail; the page never hears of it. */
  const safely = (work: () => unknown) => {
    try {
      const result = work();
      if (result instanceof Promise) result.catch((error) => say(error));
    } catch (error) {
      say(error);
    }
  };
  const emit = (event: string, detail?: unknown) => {
    for (const [name, fn] of listeners) if (name === event) safely(() => fn(detail));
  };

  // ---- network: the page may replace fetch later, so ours is taken now
  const ownFetch = window.fetch.bind(window);
  const within = (timeout: number) => {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), timeout);
    return { signal: abort.signal, done: () => clearTimeout(timer) };
  };
  async function request(path: string, options: RequestInit, timeout = 10_000): Promise<Response> {
    const limit = within(timeout);
    try {
      return await ownFetch(settings.origin + path, { credentials: 'omit', signal: limit.signal, ...options });
    } finally {
      limit.done();
    }
  }
  const post = (path: string, body: unknown, timeout?: number) =>
    request(
      path,
      {
        method: 'POST',
        headers: { 'Content-Type': 'text/plain;charset=UTF-8' },
        body: JSON.stringify(body),
        keepalive: true,
      },
      timeout,
    );
  async function get<T>(path: string): Promise<T> {
    const answer = await request(path, {});
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.json();
  }
  const siteUrl = `/v1/sites/${encodeURIComponent(settings.site)}`;

  // ---- what is known about this visit
  let visit: Visit = { ...newVisit(), ...session.get<Visit>('visit') };
  let clicks: Click[] = [];
  let onPage = dwell.start(performance.now());
  let leaving = exitIntent.start(performance.now());
  let armed: { survey: SurveyRef; openedBy: OpenedBy; fires: ReturnType<typeof arm> }[] = [];

  function happened(event: PageEvent): void {
    const now = performance.now();
    let state = observe(visit, event, Date.now());
    if (event.kind === 'click') {
      const [recent, raging] = rage(clicks, { x: event.x, y: event.y, at: now });
      clicks = recent;
      if (raging) state = { ...state, rage: state.rage + 1 };
    }
    [onPage] = dwell.step(onPage, event, now, { seconds: 1e9 });
    const [next, exits] = exitIntent.step(leaving, event, now, {});
    leaving = next;
    if (exits) state = { ...state, exit: true };
    if (state !== visit) session.set('visit', state);
    visit = state;
    if (event.kind === 'tick' || event.kind === 'page') host?.attach();
    for (const one of armed)
      if (one.fires(event, now)) safely(() => show(one.survey, one.openedBy, location.href));
  }

  function context(openedBy: OpenedBy, survey: SurveyRef): Record<string, unknown> {
    const { rage: rage_clicks, errors, back, exit, trail } = visit;
    const open = openedBy === 'exit_intent' && survey.silenced_by.find((g) => !goalReached(seen(), g, Date.now()));
    return {
      url: location.href,
      referrer_host: document.referrer ? new URL(document.referrer).host : '',
      title: document.title.slice(0, 200),
      tz: Intl.DateTimeFormat().resolvedOptions().timeZone,
      locale: navigator.language,
      viewport: `${innerWidth}x${innerHeight}`,
      device: device(),
      release: settings.release,
      facts: Object.keys(attributes).length ? attributes : undefined,
      sig: attributesSig,
      signals: {
        rage_clicks,
        errors,
        back_and_forth: back,
        exit,
        dwell_seconds: visibleSeconds(onPage, performance.now()),
        left_without_goal: open || undefined,
        trigger: openedBy,
      },
      trail: trail.map(({ at, kind, what }) => ({ at: Math.max(Date.now() - at, 0), kind, what })),
    };
  }

  // ---- who is asked
  const languageFor = (survey: SurveyRef) =>
    choose(wanted(settings.lang), survey.languages, config?.site.language ?? 'en');

  /** Why this survey may not come up by itself now; null when it may. */
  function why(survey: SurveyRef): string | null {
    const now = Date.now();
    if (!maySave()) return 'no consent yet';
    if (privacy) return 'the browser asks for privacy (GPC or DNT)';
    if (busy || panel) return 'another survey is open';
    if (receipts.silenced(local, now)) return 'a case of this visitor is open';
    const returning = session.get<boolean>('returning') ?? false;
    const facts = pageFacts(languageFor(survey), returning, attributes, seen(), now);
    if (survey.targeting && !holds(survey.targeting, facts)) return 'not meant for this page or visitor';
    return silence(survey, seen(), now);
  }

  const texts = new Map<string, Promise<Survey>>();
  function textOf(survey: SurveyRef): Promise<Survey> {
    const path = `${siteUrl}/surveys/${survey.key}/${survey.version}/${languageFor(survey)}`;
    const known = texts.get(path);
    if (known) return known;
    const text = get<Survey>(path);
    texts.set(path, text);
    text.catch(() => texts.delete(path));
    return text;
  }
  const chunk = (name: string) => import(`${settings.origin}/widget/${__BUILD__}/${name}.js`);
  const loadPanel = (): Promise<PanelModule> => chunk('panel');
  const loadWords = (lang: string): Promise<{ default: Record<string, string> }> =>
    chunk(`messages-${choose([lang], __LANGUAGES__, 'en')}`);

  const loader = (): Loader => ({
    major: 1,
    build: __BUILD__,
    origin: settings.origin,
    site: config!.site,
    root: host!.root,
    local,
    session,
    maySave,
    context,
    claims: () => claims,
    visitorId: () => (consented && !privacy ? local.get<string>('visitor') : undefined),
    emit,
    post: (path, body, timeout) => post(siteUrl + path, body, timeout),
    answered(survey, receipt) {
      local.set('seen', withAnswered(seen(), survey, Date.now()));
      if (receipt) receipts.hold(local, receipt, Date.now());
    },
  });

  /** Opens a survey. `from` is the address at which a trigger fired: surveys that come by themselves check it again. */
  async function show(ref: SurveyRef, openedBy: OpenedBy, from?: string): Promise<void> {
    if (busy || panel || (from && why(ref))) return;
    busy = true;
    try {
      const survey = await textOf(ref);
      const [module, words] = await Promise.all([loadPanel(), loadWords(survey.lang)]);
      busy = false;
      if (stop.signal.aborted || (from && (from !== location.href || why(ref)))) return;
      if (from) local.set('seen', withShown(seen(), ref, Date.now()));
      host!.attach();
      host!.repaint();
      launcher?.expanded(true);
      panel = module.open(loader(), {
        ref,
        survey,
        openedBy,
        words: words.default,
        gone(back) {
          panel = null;
          launcher?.expanded(false);
          if (back) launcher?.el.focus();
        },
      });
    } catch (error) {
      say('could not open the survey:', error);
      emit('error', { reason: 'not_loaded', survey: ref.key });
    } finally {
      busy = false;
    }
  }

  function open(key?: string, openedBy: OpenedBy = 'button'): void {
    if (!config) {
      waiting = [key, openedBy];
      return;
    }
    const wantedKey = key ?? config.button?.survey;
    const survey = config.surveys.find((s) => s.key === wantedKey);
    if (survey) safely(() => show(survey, openedBy));
    else say(`no survey "${wantedKey}" on this site`);
  }

  async function start(): Promise<void> {
    config = await get<Config>(`${siteUrl}/config`);
    if (stop.signal.aborted) return;
    host = makeHost(config.theme, stop.signal);
    local.keep();
    session.keep();
    if (!session.get('here')) {
      session.set('returning', !!local.get('visited'));
      session.set('here', true);
      local.set('visited', true);
    }
    const button = config.button;
    const survey = button && config.surveys.find((s) => s.key === button.survey);
    if (button && survey) {
      const lang = choose(wanted(settings.lang), Object.keys(button.label), config.site.language);
      launcher = makeLauncher(button, lang, () => open());
      // a hand on its way to the button: fetch what it will want
      launcher.el.addEventListener('pointerenter', () => safely(() => Promise.all([textOf(survey), loadPanel()])), {
        once: true,
        signal: stop.signal,
      });
      host.root.append(launcher.el);
    }
    host.attach();
    armed = config.surveys.flatMap((one) =>
      one.triggers.map((t) => ({ survey: one, openedBy: t.kind as OpenedBy, fires: arm(t, performance.now()) })),
    );
    for (const one of config.surveys) if (one.triggers.length && !why(one)) textOf(one).catch(() => {});
    emit('ready');
    if (waiting) open(...waiting);
    if (local.get<unknown[]>('queue')?.length) stopResume = (await loadPanel()).resume(loader());
    await receipts.refresh(local, Date.now(), async (token) =>
      (await post('/v1/receipts/state', { receipt: token })).json(),
    );
    if (receipts.answeredOne(local, Date.now())) launcher?.dot();
  }

  watch((event) => safely(() => happened(event)), stop.signal);
  safely(() => happened({ kind: 'page', url: location.href }));
  const begin = () =>
    safely(() =>
      start().catch((error) => {
        say('not started:', error);
        emit('error', { reason: 'not_started' });
      }),
    );
  if (document.body) begin();
  else document.addEventListener('DOMContentLoaded', begin, { once: true, signal: stop.signal });

  return {
    open: (key?: string) => safely(() => open(key)),
    close: () => safely(() => panel?.close()),
    /** Events: ready, shown, started, sent, closed, error. Returns what ends the listening. */
    on(event: string, fn: Listener) {
      const entry: [string, Listener] = [event, fn];
      listeners.push(entry);
      return () => void listeners.splice(listeners.indexOf(entry), 1);
    },
    identify(who: Claims) {
      claims = { ...who };
    },
    facts(given: Record<string, Scalar>, sig?: string) {
      attributes = { ...given };
      attributesSig = sig;
    },
    goal: (name: string) =>
      safely(() => local.set('seen', { ...seen(), goals: { ...seen().goals, [name]: Date.now() } })),
    track: (name: string) => safely(() => happened({ kind: 'track', name: String(name) })),
    consent: (given: boolean) =>
      safely(() => {
        consented = given;
        if (!given) for (const name of ['visitor', 'seen', 'visited', 'receipts']) local.drop(name);
        else {
          if (!privacy && !local.get('visitor')) local.set('visitor', uuid());
          local.keep();
          session.keep();
        }
      }),
    /** For the site's developers: each survey, and why it would stay silent now. */
    explain: () =>
      (config?.surveys ?? []).map((s) => ({
        survey: s.key,
        triggers: s.triggers.map((t) => t.kind),
        silent: s.triggers.length ? why(s) : 'opens by the button only',
      })),
    remove: () =>
      safely(() => {
        stop.abort();
        armed = [];
        panel?.remove();
        stopResume();
        host?.remove();
        listeners.length = 0;
        gone();
      }),
  };
}
