/**
 * Puts the widget of your own feedback server on the page, and hands you its calls at once: what is called before it
 * is there waits for it. The widget itself comes from your server, so server and widget are always of one version.
 */

const METHODS = ['open', 'close', 'off', 'identify', 'set', 'track', 'goal', 'consent'];
/** What this page loaded, by site. @type {Map<string, {feedback: object, unwanted: boolean}>} */
const loaded = new Map();

const say = (...words) => globalThis.console?.info('[feedback]', ...words);

/** @param {import('./index').Options} options */
export function loadFeedback({ server, site, ...more }) {
  if (typeof document === 'undefined') return calls(() => undefined);
  const src = address(server);
  if (!src || !site) {
    say('loadFeedback needs `server`, an address such as https://feedback.example.com, and `site`, its key.');
    return calls(() => undefined);
  }
  const known = loaded.get(site);
  if (known) {
    known.unwanted = false;
    return known.feedback;
  }
  window.FeedbackWidget ||= [];
  const tag = put(src, site, more);
  const here = { unwanted: false };
  here.feedback = calls(
    () => window.FeedbackWidget,
    () => {
      // not here yet: it goes as soon as it comes, unless somebody wants it again before
      here.unwanted = Array.isArray(window.FeedbackWidget);
      if (here.unwanted) return;
      window.FeedbackWidget?.remove();
      tag.remove();
      loaded.delete(site);
    },
  );
  tag.onload = () => here.unwanted && here.feedback.remove();
  tag.onerror = () => say(`${src} could not be loaded.`);
  loaded.set(site, here);
  return here.feedback;
}

function put(src, site, { lang, release, nonce }) {
  const tag = document.createElement('script');
  tag.async = true;
  tag.src = src;
  tag.dataset.site = site;
  if (lang) tag.dataset.lang = lang;
  if (release) tag.dataset.release = release;
  if (nonce) tag.nonce = nonce;
  document.head.append(tag);
  return tag;
}

/** Only an address of the web becomes a script's. */
function address(server) {
  try {
    const { protocol, origin } = new URL(server, location.href);
    return /^https?:$/.test(protocol) ? `${origin}/widget.js` : '';
  } catch {
    return '';
  }
}

function calls(widget, remove = () => {}) {
  const call = (name, ...given) => {
    const there = widget();
    if (Array.isArray(there)) there.push([name, ...given]);
    else return there?.[name]?.(...given);
  };
  const feedback = {};
  for (const name of METHODS) feedback[name] = (...given) => void call(name, ...given);
  return Object.assign(feedback, {
    on(event, listener) {
      call('on', event, listener);
      return () => void call('off', event, listener);
    },
    explain: async () => {
      const there = widget();
      return there && !Array.isArray(there) ? there.explain() : [];
    },
    remove,
  });
}
