/** Elements without markup strings: a strict host (Trusted Types) forbids them, and text must stay text. */

type Given = string | number | boolean | null | undefined | ((event: never) => void);

/** Attributes by name; a function under a name is a listener for that event. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  given: Record<string, Given> = {},
  ...inside: (Node | string | null | undefined)[]
): HTMLElementTagNameMap[K] {
  return fitted(document.createElement(tag), given, inside);
}

function fitted<E extends Element>(
  el: E,
  given: Record<string, Given>,
  inside: (Node | string | null | undefined)[],
): E {
  for (const [name, value] of Object.entries(given))
    if (typeof value === 'function') el.addEventListener(name, value as EventListener);
    else if (value != null && value !== false) el.setAttribute(name, `${value}`);
  el.append(...inside.filter((part) => part != null));
  return el;
}

/** A square drawing of one path. */
export function svg(size: number, d: string): SVGElement {
  const make = (tag: string, given: Record<string, Given>, ...inside: Node[]) =>
    fitted(document.createElementNS('http://www.w3.org/2000/svg', tag) as SVGElement, given, inside);
  return make('svg', { viewBox: `0 0 ${size} ${size}`, 'aria-hidden': 'true' }, make('path', { d }));
}
