/** One widget on one page: config, button, the public `FeedbackWidget`. What watches and what asks are chunks. */
import type { CallsModule } from './calls';
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

/** What pages listen to, by the names that it has in here. */
const INNER: Record<string, string> = { open: 'shown', close: 'closed', submit: 'sent' };

/** To the console, for the site's developers: never an error of the page's. */
export const say = (...words: unknown[]) => console.info('[feedback]', ...words);

export function makeWidget(tag: HTMLScriptElement, forget: () => void) {
  const { site, lang, release } = tag.dataset;
  const { origin } = new URL(tag.src);
  const siteUrl = `/v1/sites/${site}`;
  const stop = new AbortController();
  const { signal } = stop;
  const wishes = wanted(lang);
  const listeners: Record<string, Set<Listener>> = {};
  const { globalPrivacyControl: gpc } = navigator as { globalPrivacyControl?: boolean };
  const privacy = gpc || navigator.doNotTrack === '1';
  const declared: Declared = { release };
  // the page may replace them later
  const { fetch, Promise: Own } = window;

  let consented = false;
  let loader: Loader | undefined;
  let panel: Panel | undefined;
  /** What is open, or about to be. */
  let current: SurveyRef | undefined;
  const claims: Claims = {};
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
    for (const fn of listeners[event] ?? [])
      try {
        fn(detail);
      } catch (error) {
        say(error);
      }
  };

  // a promise even where the page broke what this needs: nothing is thrown at whoever sends. A text travels as
  // text/plain: no preflight
  const post = async (path: string, body?: unknown) =>
    fetch(origin + path, {
      credentials: 'omit',
      signal: AbortSignal.timeout(10_000),
      ...((body as object) && { method: 'POST', body: JSON.stringify(body), keepalive: true }),
    });
  async function get<T>(path: string): Promise<T> {
    const answer = await post(siteUrl + path);
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
  const fetched = async (ref: SurveyRef) => Own.all([textOf(ref), panelFor(languageFor(ref))]);
  const languageFor = (ref: SurveyRef) => choose(wishes, ref.languages, loader!.config.site.language);

  async function start(): Promise<void> {
    // where the page has broken these, nothing that is written could be sent: nobody is asked
    await Own.all([JSON.stringify(site)]);
    const config = await get<Config>('/config');
    if (config.p > 1) throw config.p;
    while (!document.body) await new Promise(requestAnimationFrame);
    if (signal.aborted) return;
    const { el, attach, root, adopt } = makeHost(config.theme, signal, remove);
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
        if ((await silent()) || current) return;
        current = ref;
        mine = true;
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
            panel = current = undefined;
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
        if (mine && !panel) current = undefined;
      }
    }

    openKey = (key = config.button?.survey) => {
      const ref = find(key);
      if (ref) show(ref, 'button');
    };
    loader = {
      build: __BUILD__,
      config,
      h,
      svg,
      local,
      session,
      visitorId: () => (consented && !privacy ? local.get('visitor') : undefined),
      privacy,
      root,
      adopt,
      signal,
      declared,
      claims: () => claims,
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
      busy: () => current,
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
    loader.visit = visit = (await chunk<VisitModule>('visit')).attend(loader);
    emit('ready');
  }

  const remove = () => {
    stop.abort();
    forget();
  };

  let openKey: ((key?: string) => void) | undefined;
  const ready = start().catch((error) => {
    say(error);
    emit('error', { reason: 'not_started' });
  });
  /** What is asked for before config and visit are here waits for them. */
  const whenReady = (work: () => unknown) => ready.then(work).catch(say);
  const heard = (event: string) => (listeners[INNER[event] ?? event] ??= new Set());

  return {
    /** Done at once; a chunk looks at what was given, and does the rest. */
    own: {
      open: (key?: string) => void whenReady(() => openKey?.(key)),
      close: () => panel?.close(),
      on(event: string, fn: Listener) {
        heard(event).add(fn);
        return () => void heard(event).delete(fn);
      },
      off: (event: string, fn: Listener) => void heard(event).delete(fn),
      goal: (name: string) => void whenReady(() => visit?.goal(name)),
      track: (name: string) => void whenReady(() => visit?.track(name)),
      consent: (given: boolean) => {
        consented = given === true;
        if (!consented) for (const name of ['visitor', 'seen', 'receipts']) local.set(name);
        else {
          if (!privacy && !local.get('visitor')) local.set('visitor', uuid());
          keep();
        }
      },
      remove,
    },
    later: (name: string, given: unknown[]) =>
      whenReady(async () => loader && (await chunk<CallsModule>('calls')).call(loader, visit, name, given)),
  };
}
