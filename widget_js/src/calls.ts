/**
 * What a page calls the widget with, looked at before it counts: a wrong call says in the console what is wrong, and
 * does nothing, because the server would refuse a visitor's answer for what the page said of them. A chunk that comes
 * with the first call; what must happen at once (open, close, goal, track, consent) has been done by the loader already.
 */
import type { Item } from './queue';
import { personalOf, readQueue } from './sender';
import type { Claims, Loader, Visit } from './wire';

export interface CallsModule {
  call(loader: Loader, visit: Visit | undefined, name: string, given: unknown[]): unknown;
}

const EVENTS = 'ready open started answer submit close error'.split(' ');
/** The names that the widget itself has for three of them. */
const OLDER = ['shown', 'sent', 'closed'];
const IDENTITY: Record<string, number> = { reference: 200, email: 254, name: 200, sig: 100 };
const MOST_FACTS = 20;
const LONGEST_FACT = 500;
const NAME = /^[\w.-]{1,60}$/;

const quoted = (value: unknown) => (typeof value === 'string' ? `'${value.slice(0, 60)}'` : typeof value);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown, most: number) => typeof value === 'string' && value.length <= most;
const kept = (it: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(it).filter(([, value]) => value != null));

/** What is wrong with who the visitor is said to be, in a sentence. */
function wrongIdentity(who: unknown): string | undefined {
  if (!isObject(who)) return `takes an object such as {reference: 'C-1042'}, not ${quoted(who)}.`;
  for (const [name, value] of Object.entries(kept(who))) {
    const most = IDENTITY[name];
    // what is signed goes as it was signed, whatever is in it
    if (!most && !who.sig) return `knows ${Object.keys(IDENTITY).join(', ')}, not '${name}'.`;
    if (most && (!value || !text(value, most)))
      return `takes '${name}' as a text of 1 to ${most} characters, not ${quoted(value)}.`;
  }
  return undefined;
}

function wrongFacts(facts: unknown, sig: unknown): string | undefined {
  if (!isObject(facts)) return `takes an object such as {plan: 'team'}, not ${quoted(facts)}.`;
  const names = Object.keys(facts);
  if (names.length > MOST_FACTS) return `takes at most ${MOST_FACTS} facts, not ${names.length}.`;
  for (const [name, value] of Object.entries(kept(facts))) {
    if (!NAME.test(name))
      return `takes names of 1 to 60 letters, digits, '_', '.' or '-', not ${quoted(name)}.`;
    if (typeof value === 'string' && value.length > LONGEST_FACT)
      return `takes texts of at most ${LONGEST_FACT} characters: '${name}' is longer.`;
    if (!['string', 'number', 'boolean'].includes(typeof value))
      return `takes a text, a number, true or false for '${name}', not ${quoted(value)}.`;
  }
  if (sig != null && !text(sig, IDENTITY.sig!))
    return 'takes a signature as a text of at most 100 characters.';
  return undefined;
}

const named = (name: unknown) =>
  text(name, 60) && name ? undefined : `takes a name of 1 to 60 characters, not ${quoted(name)}.`;

const listening = (event: unknown, fn: unknown) => {
  if (!EVENTS.includes(event as string) && !OLDER.includes(event as string))
    return `knows the events ${EVENTS.join(', ')}, not ${quoted(event)}.`;
  return typeof fn === 'function' ? undefined : `takes a function to call, not ${quoted(fn)}.`;
};

/** By call, what is wrong with what it was given. */
const WRONG: Record<string, (loader: Loader, ...given: unknown[]) => string | undefined> = {
  open({ config }, key) {
    const keys = config.surveys.map((ref) => ref.key);
    if (key == null)
      return config.button ? undefined : `needs a survey, as this site has no button: ${keys.join(', ')}.`;
    return keys.includes(key as string)
      ? undefined
      : `finds no survey ${quoted(key)}. This site asks ${keys.join(', ') || 'none now'}.`;
  },
  close: () => undefined,
  on: (_, event, fn) => listening(event, fn),
  off: (_, event, fn) => listening(event, fn),
  identify: (_, who) => wrongIdentity(who),
  set: (_, facts, sig) => wrongFacts(facts, sig),
  facts: (_, facts, sig) => wrongFacts(facts, sig),
  track: (_, name) => named(name),
  goal: (_, name) => named(name),
  consent: (_, given) =>
    typeof given === 'boolean'
      ? undefined
      : `takes true or false, not ${quoted(given)}: anything but true is a no.`,
  explain: () => undefined,
  remove: () => undefined,
};

/** What is left for this chunk to do. */
const DONE: Record<string, (loader: Loader, visit: Visit | undefined, ...given: never[]) => unknown> = {
  identify({ claims }, _, who: Claims) {
    const held = claims() as Record<string, unknown>;
    for (const name of Object.keys(held)) delete held[name];
    Object.assign(held, kept({ ...who }));
  },
  set({ declared }, _, facts: Record<string, never>, sig?: string) {
    Object.assign(declared, { facts: kept(facts), sig });
  },
  explain: (_, visit) => visit?.explain() ?? [],
};

/** What waits to be sent, with its contact details and the tab that holds them; and what the loader has dropped already. */
function stays(name: string, queue: Item[]): boolean {
  if (['queue', 'visitor', 'seen', 'receipts'].includes(name)) return true;
  return name === 'tab' ? queue.length > 0 : queue.some(({ id }) => name === personalOf(id));
}

/** Consent was taken back, or refused: all that this site's widget has written into the browser goes. */
function forget(loader: Loader, visit: Visit | undefined): void {
  const { local, session, siteUrl } = loader;
  const prefix = `fw:${siteUrl.split('/').pop()}:`;
  const queue = readQueue(loader);
  for (const [area, store] of [
    ['localStorage', local],
    ['sessionStorage', session],
  ] as const)
    for (const key of Object.keys(window[area])) {
      const name = key.slice(prefix.length);
      if (key.startsWith(prefix) && !stays(name, queue)) store.set(name);
    }
  visit?.recollect();
}

export function call(loader: Loader, visit: Visit | undefined, name: string, given: unknown[]): unknown {
  if (loader.signal.aborted) return [];
  const wrong = Object.hasOwn(WRONG, name)
    ? WRONG[name]!(loader, ...given)
    : `is no call. There are ${Object.keys(WRONG).join(', ')}.`;
  if (name === 'consent' && given[0] !== true) forget(loader, visit);
  if (!wrong) return DONE[name === 'facts' ? 'set' : name]?.(loader, visit, ...(given as never[]));
  console.warn(`[feedback] ${name}() ${wrong}`);
  return [];
}
