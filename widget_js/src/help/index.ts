/**
 * Answers where they can be had: links and short answers of the site's, in the panel while somebody writes or chooses.
 * A chunk that comes when a survey opens on a site with such a list. It listens to the panel from outside, and what is
 * typed goes nowhere.
 */
import css from '../styles/help.css?inline';
import type { Loader } from '../wire';
import { type Block, block } from './block';
import { type Entry, type Finder, finder } from './matching';

export interface HelpModule {
  assist(loader: Loader, root: ShadowRoot): Promise<void>;
}
interface List {
  lang: string;
  entries: Entry[];
}

/** So long nothing was typed before the list is looked through. */
const SETTLED = 400;
const { origin } = new URL(import.meta.url);
const sheet = new CSSStyleSheet();
const lists = new Map<string, Promise<List>>();
const attended = new WeakSet<ShadowRoot>();

function listFor({ siteUrl, signal }: Loader, lang: string): Promise<List> {
  const list =
    lists.get(lang) ??
    fetch(`${origin}${siteUrl}/help/${lang}`, { credentials: 'omit', signal }).then((answer) =>
      answer.ok ? answer.json() : Promise.reject(answer.status),
    );
  lists.set(lang, list);
  list.catch(() => lists.delete(lang));
  return list;
}

/** Attends the panels in this root, this one and those that come. */
export async function assist(loader: Loader, root: ShadowRoot): Promise<void> {
  if (attended.has(root)) return;
  attended.add(root);
  const { signal } = loader;
  const lang = root.querySelector<HTMLElement>('[data-part=panel]')?.lang ?? 'en';
  let list: List;
  try {
    list = await listFor(loader, lang);
  } catch (error) {
    // the next panel asks again
    attended.delete(root);
    throw error;
  }
  if (signal.aborted) return;
  sheet.replaceSync(css);
  const wear = () => {
    if (!root.adoptedStyleSheets.includes(sheet))
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  };
  attend(
    root,
    signal,
    list.lang,
    finder(list.entries),
    list.entries.some(({ words }) => words?.length),
    wear,
  );
}

function attend(
  root: ShadowRoot,
  signal: AbortSignal,
  lang: string,
  { find }: Finder,
  takesWords: boolean,
  wear: () => void,
): void {
  let panel: Element | null = null;
  let step: Element | null = null;
  let shown: Block | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pressed = false;
  /** Words are being asked for. */
  let waits = false;
  const writes = () => !!step?.querySelector('textarea:not([rows="1"])');
  /** Entry → the first question of the step that it came up in: told once, it does not stand in the way again. */
  let told = new Map<Entry, string>();
  /** What was said on every step of this panel, by question. */
  let texts = new Map<string, string>();
  let chosen = new Map<string, string[]>();

  function read(): void {
    for (const el of step?.querySelectorAll<HTMLElement>('[data-question]') ?? []) {
      const key = el.dataset.question!;
      const area = el.querySelector('textarea');
      if (area) texts.set(key, area.value);
      const picked = [...el.querySelectorAll<HTMLInputElement>('input:checked')];
      chosen.set(
        key,
        picked.map(({ value }) => `${key}.${value}`),
      );
    }
  }
  function look(): void {
    clearTimeout(timer);
    timer = undefined;
    if (!step?.isConnected) return;
    // nothing moves between press and release, or the click is lost
    if (pressed) {
      later();
      return;
    }
    read();
    waits = writes();
    const here = step.querySelector<HTMLElement>('[data-question]')?.dataset.question ?? '';
    const found = find([...texts.values()], [...chosen.values()].flat()).filter(
      (entry) => (told.get(entry) ?? here) === here,
    );
    for (const entry of found) told.set(entry, here);
    shown!.show(found, takesWords && waits);
  }
  function later(): void {
    clearTimeout(timer);
    timer = setTimeout(look, SETTLED);
  }
  function moved(): void {
    const now = root.querySelector('[data-part=step]');
    if (now === step) {
      // a field for words came or went
      if (step && waits !== writes()) look();
      return;
    }
    step = now;
    if (!step) return;
    if (panel !== step.parentElement) {
      panel = step.parentElement;
      texts = new Map();
      chosen = new Map();
      told = new Map();
    }
    wear();
    shown = block(lang);
    step.querySelector('[data-part=problem]')!.before(shown.el);
    pressed = false;
    look();
  }

  const watching = new MutationObserver(moved);
  watching.observe(root, { childList: true, subtree: true });
  signal.addEventListener('abort', () => {
    watching.disconnect();
    clearTimeout(timer);
  });
  const heard = () => {
    // at once: a choice may lead on before anything is looked up
    read();
    later();
  };
  for (const name of ['input', 'change']) root.addEventListener(name, heard, { signal });
  root.addEventListener('pointerdown', () => (pressed = true), { signal });
  for (const name of ['pointerup', 'pointercancel'])
    addEventListener(name, () => (pressed = false), { signal, capture: true });
  moved();
}
