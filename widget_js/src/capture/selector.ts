/**
 * The address of an element on its page: short, and stable over deploys. What an author wrote (id, data-testid, name,
 * aria-label) comes before places; generated names, class names and texts are never used. Reads only.
 */

/** Between the parts of an address that goes through open shadow roots. */
export const INTO = ' >>> ';
const LONGEST = 400;
const MARKS = ['data-testid', 'data-test', 'data-test-id', 'data-cy', 'data-qa', 'name', 'aria-label'];

/** Made by a machine, or telling of somebody: long numbers, hashes, counters of frameworks, addresses. */
const MADE = /\d{4,}|[0-9a-f]{8,}|@|^\W|:|^(ember|radix|react|mui|headlessui|ext-|yui|gwt|__)|[-_]\d{3,}/i;
export const lasting = (value: string | null): value is string =>
  !!value?.trim() && value.length <= 60 && !MADE.test(value);

const quoted = (value: string) => `"${value.replace(/["\\]/g, '\\$&')}"`;

/** What an author called it, best first. */
function called(el: Element): string[] {
  const tag = CSS.escape(el.localName);
  const marked = MARKS.filter((mark) => lasting(el.getAttribute(mark)));
  return [
    ...(lasting(el.id) ? [`#${CSS.escape(el.id)}`] : []),
    ...marked.map((mark) => {
      const part = `[${mark}=${quoted(el.getAttribute(mark)!)}]`;
      return mark.startsWith('data-') ? part : tag + part;
    }),
  ];
}

/** Its place among its siblings of the same kind. */
function place(el: Element): string {
  const tag = CSS.escape(el.localName);
  const alike = [...(el.parentNode?.children ?? [])].filter((one) => one.localName === el.localName);
  return alike.length > 1 ? `${tag}:nth-of-type(${alike.indexOf(el) + 1})` : tag;
}

/** Within its own document or shadow root. */
function within(el: Element): string {
  const root = el.getRootNode() as ParentNode;
  const only = (selector: string) => root.querySelectorAll(selector).length === 1;
  let rest = '';
  for (let at: Element | null = el; at; at = at.parentElement) {
    const alone = called(at).find((part) => only(part + rest));
    if (alone) return alone + rest;
    rest = ` > ${called(at)[0] ?? place(at)}${rest}`;
    if (at.localName !== 'html' && only(rest.slice(3)) && called(at).length) return rest.slice(3);
  }
  return rest.slice(3);
}

export function selectorOf(el: Element): string {
  const parts: string[] = [];
  for (let at: Element | null = el; at; ) {
    parts.unshift(within(at));
    const root = at.getRootNode();
    at = root instanceof ShadowRoot ? root.host : null;
  }
  // the end says most: what is too long loses its beginning
  const whole = parts.join(INTO);
  return whole.length <= LONGEST ? whole : whole.slice(-LONGEST).replace(/^\S*\s*>?\s*/, '');
}
