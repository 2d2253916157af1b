/** What a picture of the page never shows, decided before anything is drawn. Reads only. */
import { PRIVATE } from './names';

/** Whatever somebody may have typed, chosen or been shown in confidence. */
const PRIVATE_PARTS = `input:not([type=button],[type=submit],[type=reset],[type=image]),textarea,select,[contenteditable]:not([contenteditable=false]),[role=textbox],[role=searchbox],[role=combobox],${PRIVATE}`;
/** What no page can draw for another. */
const FOREIGN = 'iframe,frame,object,embed,video';
const OURS = 'feedback-widget';
const BOX =
  'display position top right bottom left float clear margin-top margin-right margin-bottom margin-left box-sizing flex-grow flex-shrink flex-basis align-self justify-self order grid-row-start grid-row-end grid-column-start grid-column-end vertical-align z-index transform border-radius opacity visibility'.split(
    ' ',
  );

export type Fate = 'drawn' | 'covered' | 'foreign' | 'ours';
export function fateOf(el: Element): Fate {
  if (el.localName === OURS) return 'ours';
  if (el.matches(PRIVATE_PARTS)) return 'covered';
  return el.matches(FOREIGN) ? 'foreign' : 'drawn';
}

/** A grey box of the same size in the same place: the layout stays, what was in it is not there. */
export function boxInPlaceOf(el: Element, shade = '#9aa0a6'): HTMLElement {
  const box = document.createElement('div');
  const style = getComputedStyle(el);
  const { width, height } = el.getBoundingClientRect();
  for (const name of BOX) box.style.setProperty(name, style.getPropertyValue(name));
  const { display } = box.style;
  if (display === 'inline' || display === 'contents') box.style.display = 'inline-block';
  // the size is the one seen: what turned or scaled it has been counted in
  box.style.transform = 'none';
  box.style.boxSizing = 'border-box';
  box.style.width = `${width}px`;
  box.style.height = `${height}px`;
  box.style.backgroundColor = shade;
  // what has its words on the line stands on it with them, not with its lower edge
  if (el.matches('input,select') || (display === 'inline' && !el.matches(`${FOREIGN},textarea`))) {
    box.textContent = '\u200b';
    box.style.font = style.font;
    box.style.lineHeight = `${height}px`;
  }
  return box;
}

/** The elements of which something is in view, with all that is around them. */
export function inView(width: number, height: number): Set<Element> {
  const needed = new Set<Element>([document.documentElement, document.body]);
  const walk = (inside: ParentNode) => {
    for (const el of inside.children) {
      const box = el.getBoundingClientRect();
      if (
        box.bottom > 0 &&
        box.right > 0 &&
        box.top < height &&
        box.left < width &&
        (box.width || box.height)
      )
        for (let at: Element | null = el; at && !needed.has(at); at = around(at)) needed.add(at);
      if (el.shadowRoot) walk(el.shadowRoot);
      walk(el);
    }
  };
  walk(document.body);
  return needed;
}

const around = (el: Element): Element | null =>
  el.assignedSlot ?? el.parentElement ?? (el.parentNode instanceof ShadowRoot ? el.parentNode.host : null);
