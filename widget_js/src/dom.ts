/** Elements without markup strings: a strict host (Trusted Types) forbids them, and text must stay text. */

type Given = string | number | boolean | null | undefined | ((event: never) => void);

/** Attributes by name; a function under a name is a listener for that event. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  given: Record<string, Given> = {},
  ...inside: (Node | string | null | undefined)[]
): HTMLElementTagNameMap[K] {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(given))
    if (typeof value === 'function') el.addEventListener(name, value as EventListener);
    else if (value != null && value !== false) el.setAttribute(name, `${value}`);
  el.append(...inside.filter((part) => part != null));
  return el;
}

/** A square drawing of one path. */
export function svg(size: number, d: string): SVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const el = document.createElementNS(space, 'svg');
  el.setAttribute('viewBox', `0 0 ${size} ${size}`);
  el.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(space, 'path');
  path.setAttribute('d', d);
  el.append(path);
  return el;
}
