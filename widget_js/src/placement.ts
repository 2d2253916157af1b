/**
 * Everything but a button in a lower corner and the panel beside it: a chunk that comes where the site's config or the
 * page asks for it. It leans on what loader and panel do anyway, and changes where and how it stands.
 */
import { assistant } from './help/assistant';
import { edgeOf } from './placing/edges';
import { inlines } from './placing/inlines';
import { logo } from './placing/logo';
import { overThePage } from './placing/modal';
import { openers } from './placing/openers';
import placementCss from './styles/placement.css?inline';
import type { Loader, SurveyRef, Visit } from './wire';

/** Nodes come in bursts: the page is looked over once for each. */
const SETTLED = 50;

export function place(loader: Loader, visit: Visit): void {
  const { config, root, signal } = loader;
  loader.adopt(placementCss);
  const assist = config.help ? assistant(loader) : undefined;
  // inline surveys talk past what is wrapped below
  const inline = inlines({ ...loader, assist }, visit);
  const opener = openers(loader);
  const { emit, prompt } = loader;
  const find = (key: unknown) => config.surveys.find((ref) => ref.key === key);
  let free: (() => void) | undefined;

  /** A panel stands on the page. */
  const stands = (ref?: SurveyRef) => {
    logo(loader);
    opener.expanded(true);
    assist?.(root);
    if (ref?.display === 'modal') free = overThePage(root, signal);
  };
  loader.prompt = (ref, openedBy) => {
    // what stands in the page is not asked a second time, nor is anybody who is writing there
    if (openedBy === 'button' || !inline.holds(ref.key)) prompt(ref, openedBy);
  };
  loader.emit = (event, detail) => {
    emit(event, detail);
    if (event === 'shown') stands(find((detail as { survey?: string }).survey));
    if (event === 'closed') {
      free?.();
      free = undefined;
      opener.expanded(false);
    }
  };

  const edge = edgeOf(loader);
  const look = () => {
    edge();
    inline.look();
    opener.look();
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const watch = new MutationObserver(() => {
    timer ??= setTimeout(() => {
      timer = undefined;
      look();
    }, SETTLED);
  });
  const attributeFilter = ['data-feedback-open', 'data-feedback-survey', 'dir'];
  watch.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter });
  signal.addEventListener('abort', () => {
    watch.disconnect();
    clearTimeout(timer);
    free?.();
    opener.undo();
  });
  look();
  // a hand was quicker than this chunk
  const open = loader.busy();
  if (open && root.querySelector('[data-part=panel]')) stands(open === true ? undefined : open);
}
