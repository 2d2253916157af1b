/**
 * A survey in an element of the page: a host element and shadow root of its own, no close button, no keys taken, no
 * focus moved, thanks in the same place. The panel is the same; what differs is where it stands.
 */
import { choose } from '../language';
import inlineCss from '../styles/inline.css?inline';
import type { Loader, OpenedBy, Panel, PanelModule, SurveyRef, Visit } from '../wire';

/** It takes no keys: what an aborted signal is given to is never listened to. */
const DEAF = AbortSignal.abort();
/** Another element of the widget's, in the page; styled by the sheets that the first one has, and one more. */
const own = new CSSStyleSheet();

export interface Inline {
  el: HTMLElement;
  /** Closed by the visitor, or taken away. */
  gone(): boolean;
  remove(): void;
}

/** Draws the survey into `place`, which is an element of the page. Rejects when it can't be loaded. */
export async function drawInline(
  loader: Loader,
  place: HTMLElement,
  ref: SurveyRef,
  visit: Visit,
  openedBy: OpenedBy = 'inline',
): Promise<Inline> {
  const [survey, { open }] = await Promise.all([loader.textOf(ref), panelModule(loader, ref)]);
  const el = document.createElement('feedback-widget');
  const root = el.attachShadow({ mode: 'open' });
  own.replaceSync(inlineCss);
  // what came before in the list gives way: ours stands last, after whatever the panel adopts
  const wear = () => {
    root.adoptedStyleSheets = [...loader.root.adoptedStyleSheets.filter((sheet) => sheet !== own), own];
  };
  let gone = false;
  const over = () => {
    gone = true;
    el.remove();
    loader.signal.removeEventListener('abort', remove);
  };
  const adopt = (css: string) => {
    loader.adopt(css);
    wear();
  };
  wear();
  let panel: Panel | undefined;
  const remove = () => {
    panel?.remove();
    over();
  };
  panel = await open(
    { ...loader, root, adopt },
    {
      ref,
      survey,
      // drawn and focused before it is on the page, where nothing can be: the visitor's focus stays where it is
      openedBy: 'button',
      visit: { ...visit, context: () => visit.context(openedBy, ref) },
      deaf: DEAF,
      gone: over,
    },
  );
  await new Promise((on) => setTimeout(on)); // the panel takes the focus a task after it is drawn
  const drawn = root.querySelector('[data-part=panel]');
  // named by its question as before, but no dialog: it is a part of the page
  drawn?.setAttribute('role', 'group');
  if (loader.signal.aborted) remove();
  else {
    loader.signal.addEventListener('abort', remove);
    place.append(el);
    loader.assist?.(root);
  }
  return { el, remove, gone: () => gone };
}

function panelModule(loader: Loader, ref: SurveyRef): Promise<PanelModule> {
  const spoken: string[] = __LANGUAGES__.match(/../g) ?? [];
  return loader.chunk(`panel-${choose([loader.languageFor(ref)], spoken, 'en')}`);
}
