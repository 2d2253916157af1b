/**
 * A survey on a page of ours, /s/<site>/<survey>: the same panel, without launcher, triggers and visit, since there is
 * no page around it to watch. What it needs stands in the page as data.
 */
import type { Scalar } from './conditions';
import { h, svg } from './dom';
import { assistant } from './help/assistant';
import { makeHost } from './host';
import { choose } from './language';
import { uuid } from './random';
import { openStore } from './storage';
import css from './styles/hosted.css?inline';
import { device } from './targeting';
import type { Config, Loader, PanelModule, Survey, UnsentModule, Visit } from './wire';

interface Given {
  about: Config;
  survey: Survey;
  /** Nothing is said of whoever answers, nor of the machine. */
  anonymous: boolean;
  /** People take turns at it: nobody is told that it was answered before. */
  again: boolean;
  facts?: Record<string, Scalar>;
  sig?: string;
}

const section = (id: string) => document.getElementById(id) as HTMLElement;
const say = (...words: unknown[]) => console.info('[feedback]', ...words);

async function start(): Promise<void> {
  const given: Given = JSON.parse(section('given').textContent!);
  const { about: config, survey, again } = given;
  const ref = config.surveys[0]!;
  const site = config.site.key;
  const { signal } = new AbortController();
  const gpc = (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl;
  const maySave = () => config.site.consent === 'open';
  const local = openStore('localStorage', `fw:${site}:`, maySave);
  const session = openStore('sessionStorage', `fw:${site}:`, maySave);
  const { el, root, attach, adopt } = makeHost(config.theme, signal);
  el.classList.add('hosted');
  section('survey').append(el);
  adopt(css);
  attach();

  const loader: Loader = {
    build: __BUILD__,
    config,
    root,
    adopt,
    h,
    svg,
    local,
    session,
    privacy: gpc === true || navigator.doNotTrack === '1',
    signal,
    declared: {},
    claims: () => ({}),
    visitorId: () => undefined,
    siteUrl: `/v1/sites/${site}`,
    maySave,
    languageFor: () => survey.lang,
    textOf: async () => survey,
    uuid,
    say,
    emit: () => {},
    post: async (path, body) =>
      fetch(path, {
        method: 'POST',
        body: JSON.stringify(body),
        credentials: 'omit',
        keepalive: true,
        // a server that never answers is one that is away, as on any page
        signal: AbortSignal.timeout(10_000),
      }),
    chunk: (name) => import(`/widget/${__BUILD__}/${name}.js`),
    prompt: () => {},
    busy: () => true,
  };
  const visit: Partial<Visit> = {
    context: () => ({
      // the address alone: a link's parameters are its sender's business
      url: location.origin + location.pathname,
      ...(!given.anonymous && {
        tz: Intl.DateTimeFormat().resolvedOptions().timeZone,
        locale: navigator.language,
        viewport: `${innerWidth}x${innerHeight}`,
        device: device(),
      }),
      ...(given.facts && { facts: given.facts, sig: given.sig }),
      signals: { trigger: 'hosted' },
    }),
    answered: () => local.set(answered, ref.wave),
  };
  const answered = `answered:${ref.key}`;
  loader.visit = visit as Visit;

  // nothing to close here, so Escape means what it means on any page
  addEventListener('keydown', (event) => event.key === 'Escape' && event.stopImmediatePropagation(), true);
  const speaks = choose([survey.lang], __LANGUAGES__.match(/../g)!, 'en');
  const ask = async () => {
    const { open } = await loader.chunk<PanelModule>(`panel-${speaks}`);
    await open(loader, { ref, survey, openedBy: 'hosted', visit: visit as Visit, gone: () => {} });
    if (config.help && !given.anonymous) assistant(loader)(root);
  };
  if (local.get('queue')) loader.chunk<UnsentModule>('unsent').then(({ resume }) => resume(loader), say);
  if (again || (local.get<number>(answered) ?? 0) < ref.wave) return ask();
  const before = section('before');
  before.hidden = false;
  before.querySelector('button')!.addEventListener('click', () => {
    before.hidden = true;
    ask().catch(failed);
  });
}

function failed(error: unknown): void {
  say(error);
  section('trouble').hidden = false;
}
start().catch(failed);
