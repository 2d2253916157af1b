/** Elements without markup strings: a strict host (Trusted Types) forbids them, and text must stay text. */

type Given = string | number | boolean | null | undefined | ((event: never) => void);

/** `class` and attributes by name; a function under a name is a listener for that event. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  given: Record<string, Given> = {},
  ...inside: (Node | string | null | undefined)[]
): HTMLElementTagNameMap[K] {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === 'function') el.addEventListener(name, value as EventListener);
    else if (value != null && value !== false) el.setAttribute(name, value === true ? '' : String(value));
  }
  el.append(...inside.filter((part): part is Node | string => part != null));
  return el;
}

const SVG = 'http://www.w3.org/2000/svg';

export function svg(viewBox: string, ...shapes: [tag: string, given: Record<string, string | number>][]): SVGElement {
  const el = document.createElementNS(SVG, 'svg');
  el.setAttribute('viewBox', viewBox);
  el.setAttribute('aria-hidden', 'true');
  el.setAttribute('focusable', 'false');
  for (const [tag, given] of shapes) {
    const shape = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(given)) shape.setAttribute(name, String(value));
    el.append(shape);
  }
  return el;
}
