/** One widget on one page: config, button, the public `FeedbackWidget`. What watches and what asks are chunks. */
import type { Scalar } from './conditions';
import { h, svg } from './dom';
import { makeHost } from './host';
import { choose, wanted } from './language';
import { makeLauncher } from './launcher';
import { uuid } from './random';
import { openStore } from './storage';
import type {
  Claims,
  Config,
  Declared,
  Loader,
  OpenedBy,
  Panel,
  PanelModule,
  Survey,
  SurveyRef,
  UnsentModule,
  Visit,
  VisitModule,
} from './wire';

type Listener = (detail: unknown) => void;

/** To the console, for the site's developers: never an error of the page's. */
export const say = (...words: unknown[]) => console.info('[feedback]', ...words);

export function makeWidget(tag: HTMLScriptElement, forget: () => void) {
  const { site, lang, release } = tag.dataset;
  const { origin } = new URL(tag.src);
  const siteUrl = `/v1/sites/${site}`;
  const stop = new AbortController();
  const { signal } = stop;
  const wishes = wanted(lang);
  const listeners = new Set<[string, Listener]>();
  const { globalPrivacyControl: gpc } = navigator as { globalPrivacyControl?: boolean };
  const privacy = gpc || navigator.doNotTrack === '1';
  const declared: Declared = { release };
  // the page may replace it later
  const { fetch } = window;

  let consented = false;
  let loader: Loader | undefined;
  let panel: Panel | null = null;
  let opening = false;
  let claims: Claims = {};
  let visit: Visit | undefined;

  // before the config is here, nobody knows whether this site asks for consent: nothing is kept yet
  const maySave = () => consented || loader?.config.site.consent === 'open';
  const local = openStore('localStorage', `fw:${site}:`, maySave);
  const session = openStore('sessionStorage', `fw:${site}:`, maySave);
  const keep = () => {
    local.keep();
    session.keep();
  };
  const emit = (event: string, detail?: unknown) => {
    for (const [name, fn] of listeners)
      try {
        if (name === event) fn(detail);
      } catch (error) {
        say(error);
      }
  };

  const request = (path: string, options?: RequestInit) =>
    fetch(origin + path, { credentials: 'omit', signal: AbortSignal.timeout(10_000), ...options });
  const post = (path: string, body: unknown) =>
    request(path, {
      method: 'POST',
      // a text travels as text/plain: no preflight
      body: JSON.stringify(body),
      keepalive: true,
    });
  async function get<T>(path: string): Promise<T> {
    const answer = await request(siteUrl + path);
    if (!answer.ok) throw Error(`${path}: ${answer.status}`);
    return answer.json();
  }
  // some browsers remember that a module failed to load: another address makes them try again
  let again = '';
  const chunk = <T>(name: string): Promise<T> =>
    import(`${origin}/widget/${__BUILD__}/${name}.js${again}`).catch((error) => {
      again = `?${Date.now()}`;
      throw error;
    });

  // immutable there: the browser's cache keeps it
  const textOf = (ref: SurveyRef) => get<Survey>(`/surveys/${ref.key}/${ref.version}/${languageFor(ref)}`);
  const panelFor = (lang: string) =>
    chunk<PanelModule>(`panel-${choose([lang], __LANGUAGES__.match(/../g)!, 'en')}`);
  const fetched = (ref: SurveyRef) => Promise.all([textOf(ref), panelFor(languageFor(ref))]);
  const languageFor = (ref: SurveyRef) => choose(wishes, ref.languages, loader!.config.site.language);

  async function start(): Promise<void> {
    const config = await get<Config>('/config');
    if (config.p > 1) throw config.p;
    while (!document.body) await new Promise(requestAnimationFrame);
    if (signal.aborted) return;
    const { el, root, attach, adopt } = makeHost(config.theme, signal);
    const find = (key?: string) => config.surveys.find((ref) => ref.key === key);
    const feedback = find(config.button?.survey);
    let launcher: HTMLButtonElement | undefined;

    /** Surveys that come by themselves are checked again at the moment of display. */
    async function show(ref: SurveyRef, openedBy: OpenedBy): Promise<void> {
      const byItself = openedBy !== 'button';
      const { href } = location;
      const silent = async () => byItself && (href !== location.href || (await visit!.why(ref)));
      let mine = false;
      try {
        // several may be looked into at once: the first that may ask goes on, and the button waits for none
        if ((await silent()) || opening || panel) return;
        mine = opening = true;
        const [survey, { open }] = await fetched(ref);
        if (signal.aborted || (await silent())) return;
        if (byItself) visit!.shown(ref);
        attach();
        panel = await open(loader!, {
          ref,
          survey,
          openedBy,
          visit,
          gone(back) {
            panel = null;
            if (launcher) launcher.hidden = false;
            if (back) launcher?.focus();
          },
        });
        // the panel stands in its place
        if (launcher) launcher.hidden = true;
      } catch (error) {
        say(error);
        emit('error', { reason: 'not_loaded', survey: ref.key });
      } finally {
        if (mine) opening = false;
      }
    }

    openKey = (key = config.button?.survey) => {
      const ref = find(key);
      if (ref) show(ref, 'button');
      else say('no', key);
    };
    loader = {
      build: __BUILD__,
      config,
      root,
      adopt,
      h,
      svg,
      local,
      session,
      privacy,
      signal,
      declared,
      claims: () => claims,
      visitorId: () => (consented && !privacy ? local.get('visitor') : undefined),
      maySave,
      languageFor,
      textOf,
      uuid,
      say,
      emit,
      siteUrl,
      post,
      chunk,
      prompt: show,
      busy: () => opening || !!panel,
    };
    keep();
    signal.addEventListener('abort', () => {
      panel?.remove();
      el.remove();
    });
    const { button } = config;
    if (button && feedback) {
      launcher = makeLauncher(
        button,
        choose(wishes, Object.keys(button.label), config.site.language),
        () => show(feedback, 'button'),
        // a hand on its way to the button: fetch what it will want
        () => fetched(feedback).catch(say),
      );
      root.append(launcher);
    }
    attach();
    if (local.get('queue')) chunk<UnsentModule>('unsent').then(({ resume }) => resume(loader!), say);
    visit = (await chunk<VisitModule>('visit')).attend(loader);
    emit('ready');
  }

  let openKey: ((key?: string) => void) | undefined;
  const ready = start().catch((error) => {
    say(error);
    emit('error', { reason: 'not_started' });
  });
  /** What is asked for before config and visit are here waits for them. */
  const whenReady = (work: () => void) => void ready.then(work).catch(say);

  const set = (facts: Record<string, Scalar>, sig?: string) => {
    Object.assign(declared, { facts: { ...facts }, sig });
  };

  return {
    open: (key?: string) => whenReady(() => openKey?.(key)),
    close: () => panel?.close(),
    /** Events: ready, shown, started, answer, sent, closed, error. Returns what ends the listening. */
    on(event: string, fn: Listener) {
      const entry: [string, Listener] = [event, fn];
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
    identify: (who: Claims) => {
      claims = { ...who };
    },
    set,
    /** The older name. */
    facts: set,
    goal: (name: string) => whenReady(() => visit?.goal(name)),
    track: (name: string) => whenReady(() => visit?.track(name)),
    consent: (given: boolean) => {
      consented = given;
      if (!given) for (const name of ['visitor', 'seen', 'receipts']) local.set(name, undefined);
      else {
        if (!privacy && !local.get('visitor')) local.set('visitor', uuid());
        keep();
      }
    },
    /** Each survey, and why it would stay silent now; also printed, for whoever stands at the console. */
    explain: () => ready.then(() => visit?.explain() ?? []),
    remove: () => {
      stop.abort();
      listeners.clear();
      forget();
    },
  };
}
