/**
 * The demo's gallery of question types: the panel's own code, once for each question, in the flow of the page. There is
 * no network and no storage behind it: what is answered goes nowhere.
 */
import { h, svg } from './dom';
import { makeHost } from './host';
import { drawInline } from './placing/inline';
import { uuid } from './random';
import type { Config, Loader, Survey, SurveyRef, Theme, Visit } from './wire';

interface Shown {
  theme: Theme;
  surveys: Survey[];
}

const { theme, surveys }: Shown = JSON.parse(document.getElementById('shown')!.textContent!);
const nowhere = { get: () => undefined, set() {}, keep() {} };
const taken = async () => new Response('{}', { status: 202 });
const { signal } = new AbortController();
const host = makeHost(theme, signal);
const named = ({ key, version, lang }: Survey): SurveyRef => ({
  key,
  version,
  wave: 1,
  languages: [lang],
  triggers: [],
  targeting: null,
  frequency: { repeat: 'always', cooldown_days: 0 },
  silenced_by: [],
});

// a picture goes past `post`; here it too is taken and dropped
const { fetch } = window;
window.fetch = (to, how) => (how?.method === 'POST' ? taken() : fetch(to, how));

const lent = (survey: Survey): Loader => ({
  build: __BUILD__,
  config: {
    p: 1,
    button: null,
    theme,
    surveys: [],
    site: { key: '', name: '', language: survey.lang, languages: [survey.lang], consent: 'ask' },
  } satisfies Config,
  root: host.root,
  adopt: host.adopt,
  h,
  svg,
  local: nowhere,
  session: nowhere,
  privacy: true,
  signal,
  declared: {},
  claims: () => ({}),
  visitorId: () => undefined,
  siteUrl: '',
  maySave: () => false,
  languageFor: () => survey.lang,
  textOf: async () => survey,
  uuid,
  say: () => {},
  emit: () => {},
  post: taken,
  chunk: (name) => import(`/widget/${__BUILD__}/${name}.js`),
  prompt: () => {},
  busy: () => true,
});
const visit: Partial<Visit> = { context: () => ({}), answered: () => {} };

async function show(survey: Survey): Promise<void> {
  const place = document.querySelector<HTMLElement>(`[data-survey="${survey.key}"]`)!;
  const { el } = await drawInline(lent(survey), place, named(survey), visit as Visit);
  // the same words are asked in several ways here: each is named by its type
  const panel = el.shadowRoot!.querySelector('[data-part=panel]')!;
  panel.removeAttribute('aria-labelledby');
  panel.setAttribute('aria-label', survey.key);
}

async function showAll(): Promise<void> {
  // in the page's scheme, and again whenever the system's changes
  host.attach();
  // one after the other: they share chunks, and the page fills from the top
  for (const survey of surveys) await show(survey);
  document.documentElement.dataset.ready = 'true';
}
showAll().catch((error) => console.error('[feedback]', error));
