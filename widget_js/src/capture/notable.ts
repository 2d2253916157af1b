/** The elements of a page that somebody may mean: under a point, and in their order for the keyboard. Reads only. */

const CONTROLS =
  'a[href],button,summary,label,input,select,textarea,[role=button],[role=link],[role=tab],[role=menuitem]';
const NOTABLE = `${CONTROLS},[tabindex],h1,h2,h3,h4,h5,h6,[role=heading],img,svg,video,canvas,table,form,fieldset,iframe,p,li,nav,[role=alert],[role=status],[data-testid]`;
const MOST = 500;
const OURS = 'FEEDBACK-WIDGET';

const seen = (el: Element): boolean => {
  const { width, height } = el.getBoundingClientRect();
  return width > 3 && height > 3 && (el.checkVisibility?.({ visibilityProperty: true }) ?? true);
};

/** In the order of the page, through open shadow roots; none of the widget's own. */
export function notable(root: Document | ShadowRoot = document): Element[] {
  const found: Element[] = [];
  const walk = (inside: ParentNode) => {
    for (const el of inside.children) {
      if (found.length >= MOST) return;
      if (el.tagName === OURS) continue;
      const take = el.matches(NOTABLE) && seen(el);
      if (take) found.push(el);
      // a control is one thing; what it is made of is not
      if (take && (el.matches(CONTROLS) || el.localName === 'svg')) continue;
      if (el.shadowRoot) walk(el.shadowRoot);
      walk(el);
    }
  };
  walk(root);
  return found;
}

/** What somebody means who points here: the deepest element, or the control around it. Null: only the bare page. */
export function meantAt(x: number, y: number): Element | null {
  let at = document.elementsFromPoint(x, y).find((el) => el.tagName !== OURS);
  while (at?.shadowRoot) {
    const { shadowRoot } = at;
    // our own veil lies over all of it
    const deeper = shadowRoot.elementsFromPoint(x, y).find((el) => el.getRootNode() === shadowRoot);
    if (!deeper) break;
    at = deeper;
  }
  if (!at || at.matches('html,body')) return null;
  return at.closest('a,button,summary,[role=button],[role=link],[role=tab],[role=menuitem],svg') ?? at;
}
