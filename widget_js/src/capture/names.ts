/** What an element is called by the page's own words. Never what somebody typed: fields give their label only. */

const FIELDS =
  'input,textarea,select,[contenteditable]:not([contenteditable=false]),[role=textbox],[role=searchbox]';
export const PRIVATE = '[data-private]';
const SPEAKING =
  'a,button,summary,label,legend,caption,th,dt,h1,h2,h3,h4,h5,h6,[role=button],[role=link],[role=tab],[role=menuitem],[role=heading],[role=option]';
const LONGEST = 80;

export type Kind = 'button' | 'link' | 'field' | 'picture' | 'heading' | 'frame' | 'part';
const KINDS: [Kind, string][] = [
  ['frame', 'iframe,object,embed'],
  ['button', 'button,summary,[role=button],[type=submit],[type=button],[type=reset],[type=image]'],
  ['link', 'a,[role=link]'],
  ['field', FIELDS],
  ['picture', 'img,picture,svg,video,canvas,[role=img]'],
  ['heading', 'h1,h2,h3,h4,h5,h6,[role=heading]'],
];
export const kindOf = (el: Element): Kind =>
  KINDS.find(([, selector]) => el.matches(selector))?.[0] ?? 'part';

const tidy = (words: string | null | undefined) => {
  const short = (words ?? '').replace(/\s+/g, ' ').trim();
  return short.length > LONGEST ? `${short.slice(0, LONGEST - 1)}…` : short;
};
const wordsIn = (el: Element | null | undefined) =>
  el && !el.querySelector(`${FIELDS},${PRIVATE}`) && !(el as HTMLElement).isContentEditable
    ? el.textContent
    : '';

/** Its words as an assistive tool would say them, 80 letters at most; '' when it has none, or is private. */
export function nameOf(el: Element): string {
  if (within(el, PRIVATE) || (el as HTMLElement).isContentEditable) return '';
  const root = el.getRootNode() as Document | ShadowRoot;
  const named = (el.getAttribute('aria-labelledby') ?? '')
    .split(/\s+/)
    .map((id) => wordsIn(id ? root.getElementById(id) : null))
    .join(' ');
  const labels = 'labels' in el ? [...((el.labels as NodeListOf<Element> | null) ?? [])] : [];
  const kind = kindOf(el);
  const pressed = kind === 'button' && el.matches('input') && el.getAttribute('value');
  const given = [
    named,
    el.getAttribute('aria-label'),
    labels.map(wordsIn).join(' '),
    pressed,
    el.getAttribute('alt'),
    el.matches(SPEAKING) && wordsIn(el),
    el.getAttribute('title'),
    el.getAttribute('placeholder'),
  ];
  return tidy(given.find((words) => words && tidy(words)) || '');
}

/** Whether it, or anything around it, matches: through shadow roots too. */
export function within(el: Element, selector: string): boolean {
  for (let at: Element | null = el; at; ) {
    if (at.closest(selector)) return true;
    const root = at.getRootNode();
    at = root instanceof ShadowRoot ? root.host : null;
  }
  return false;
}
